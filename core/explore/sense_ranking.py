"""Which words of a corpus are many-sided: their occurrences are less alike than those of words as frequent.

Self-similarity is the mean cosine of two occurrences of a word, less the mean cosine of occurrences of different words
(anisotropy; Ethayarajh 2019, How contextual are contextualized word representations?). Frequent words are less alike
for other reasons, so each is compared with the words next to it in frequency.
"""

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.sense_groups import cluster, separation
from core.explore.senses import find
from core.explore.senses_measures import adjusted, anisotropy
from core.problem import Problem

LEAST = 12  # occurrences of a word
AS_FREQUENT = 8  # words to each side in frequency that one is compared with


def candidates(corpus: Corpus, count: int, grammar: set[str], seed: int = 0) -> list[str]:
    """Up to `count` words that occur at least 12 times, drawn at random where there are more, frequent ones first.

    grammar: words left out; so are numbers, and single letters. Raises Problem where fewer than 3 are left.
    """
    vocab = corpus.vocab
    known = [i for i, word in enumerate(vocab.words[: int((vocab.counts >= LEAST).sum())])
             if word not in grammar and word.isalpha() and (len(word) > 2 or not word.isascii())]  # fmt: skip
    if len(known) < 3:
        raise Problem("Fewer than 3 words occur {n} times or more here: choose a larger corpus.", n=LEAST)
    drawn = np.random.default_rng(seed).permutation(len(known))[:count]
    return [vocab.words[known[i]] for i in np.sort(drawn)]


def occurrences(corpus: Corpus, words: list[str], each: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """A frame of up to `each` occurrences of each word (see `core.explore.senses`), and int64 (n,), whose each is."""
    frames = [find(corpus, word, each, seed).frame for word in words]
    return pd.concat(frames, ignore_index=True), np.repeat(np.arange(len(words)), [len(frame) for frame in frames])


def common(vectors: np.ndarray, whose: np.ndarray) -> np.ndarray:
    """float64 (S,): the anisotropy of each layer of vectors float (n, S, d); whose: int (n,), the word of each."""
    return np.array([anisotropy(vectors[:, layer], whose) for layer in range(vectors.shape[1])])


def ranking(vectors: np.ndarray, whose: np.ndarray, words: list[str], counts: np.ndarray) -> pd.DataFrame:
    """The most many-sided words first. vectors: float (n, d), of one layer; whose: int (n,); counts: (words,).

    Columns word, count, similarity (adjusted self-similarity), expected (the mean of words as frequent), wider
    (expected less similarity), silhouette (of two to eight clusters).
    """
    shared = anisotropy(vectors, whose)
    mine = [vectors[whose == i] for i in range(len(words))]
    alike = np.array([adjusted(rows, shared) for rows in mine])
    apart = [float(separation(rows[:, None], cluster(rows))[0]) if len(rows) > 3 else np.nan for rows in mine]
    expected = _of_neighbours(alike, counts)
    table = pd.DataFrame({"word": words, "count": counts, "similarity": alike, "expected": expected,
                          "wider": expected - alike, "silhouette": apart})  # fmt: skip
    return table.sort_values("wider", ascending=False, kind="stable", ignore_index=True)


def _of_neighbours(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float64 (k,): of each, the mean value of those next to it in frequency, itself left out."""
    order = np.argsort(-counts, kind="stable")
    found = np.empty(len(values))
    for rank, i in enumerate(order.tolist()):
        near = [j for j in order[max(0, rank - AS_FREQUENT) : rank + AS_FREQUENT + 1].tolist() if j != i]
        found[i] = np.nanmean(values[near])
    return found
