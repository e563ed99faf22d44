"""How often a string occurs: as a word of its own, inside longer words, and across the words of the tokenisation."""

from dataclasses import dataclass

import numpy as np

from core.corpus import Corpus
from core.corpus.characters import fold
from core.explore import raw_text
from core.explore.query import LONGEST, escaped, literal, matching
from core.problem import Problem

MOST_LONGER = 50


@dataclass(frozen=True)
class Counts:
    """Of one string.

    text: as it was searched for, folded as the corpus folds. as_word: tokens that are this string and no more.
    inside: the longer words that it occurs in most often, each with how often it does there (twice for 公 in 公公).
    in_longer: its occurrences in all longer words; longer_words: how many different ones. across: the others in the
    text, over the border of two words or where there is no word. total: in the text, as many as do not overlap.
    Spellings that the corpus folds into one word and a search in the text tells apart (composed and decomposed
    letters, apostrophes) are counted as words alone.
    """

    text: str
    as_word: int
    inside: list[tuple[str, int]]
    in_longer: int
    longer_words: int
    across: int
    total: int


def occurrences(corpus: Corpus, text: str) -> Counts:
    """Count a string in a corpus. Raises Problem if it is empty or longer than 200 characters."""
    import pyarrow.compute as pc

    if len(text) > LONGEST:
        raise Problem("This search is {n} characters long; the limit is {limit}.", n=len(text), limit=LONGEST)
    if not text.strip():
        raise Problem("Type a word, a phrase or a pattern to search for.")
    index, folded = corpus.index, fold(text.strip(), bool(corpus.facts["lowercase"]))
    own = index.find(folded)
    times = matching(index.words, escaped(folded), pc.count_substring_regex, False).to_numpy(zero_copy_only=False)
    counts = times.astype(np.int64) * index.counts
    as_word = 0 if own is None else int(index.counts[own])
    if own is not None:
        counts[own] = 0
    longer = np.flatnonzero(counts)
    most = longer[np.argsort(-counts[longer], kind="stable")[:MOST_LONGER]]
    inside = [(index.word(int(word)), int(counts[word])) for word in most]
    total, in_longer = raw_text.count(corpus, literal(text)), int(counts.sum())
    across = max(0, total - as_word - in_longer)
    return Counts(folded, as_word, inside, in_longer, len(longer), across, total)
