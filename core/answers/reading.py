"""The text of a corpus to read: the paragraph around a place, and a page of a document with its words tinted."""

from collections.abc import Generator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened, plain
from core.corpus import Corpus
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

    from core.store import Store

PAGE = 8000  # characters of a document shown at once


def passage(
    store: "Store",
    corpus_id: str,
    position: int,
    length: int = 1,
    characters: int = 600,
    document: int = -1,
    begin: int = 0,
    end: int = 0,
) -> Steps:
    """The paragraph around a token; see `core.explore.concordance.expand`.

    With a document, begin and end, what was found are these characters of it: a search in the text may find parts of
    words, and what stands where there is no word.
    """
    from core.explore.concordance import Passage, expand

    corpus = opened(store, corpus_id)
    yield marked("Looking up")
    if document < 0:
        return {}, asdict(expand(corpus, position, characters, length))
    token = _token_at(corpus, document, begin)
    if token < 0:
        first = max(0, begin - characters)
        shown = Passage(document, first, corpus.documents.slice(document, first, end + characters), 0, 0)
    else:
        shown = expand(corpus, token, characters, max(1, position + length - token))
    return {}, {**asdict(shown), "begin": max(0, begin - shown.first), "end": max(0, end - shown.first)}


def _token_at(corpus: Corpus, document: int, character: int) -> int:
    """The token that begins at a character of a document, or else the one before it; -1 in one without a word."""
    from core.explore.matches import tokens_before

    low, high = (int(place) for place in corpus.offsets[document : document + 2])
    if low == high:
        return -1
    token = int(tokens_before(corpus, np.array([document]), np.array([character]))[0])
    exact = token < high and int(corpus.starts[token]) == character
    return token if exact else max(low, token - 1)


def page(
    store: "Store", corpus_id: str, document: int, first: int = 0, query: str = "", mode: str = "words", tint: str = ""
) -> Steps:
    """A page of a document as runs [text, type or -1, tint 0..1, 1 for a hit], and where in it the query is found.

    tint: "" none; "rare", how seldom a word is in the corpus; "key", how much this document uses it above the others;
    "near", how strongly it goes with the query.
    """
    from core.explore.query import parse
    from core.explore.reader import find_in, read

    corpus = opened(store, corpus_id)
    yield marked("Opening the document")
    asked = parse(corpus, query, mode) if query else None
    weights = yield from _weights(corpus, document, tint, asked)
    shown = read(corpus, document, first, first + PAGE, weights)
    found = find_in(corpus, document, asked) if asked else None
    places = list(zip(found.table["begin"].tolist(), found.table["end"].tolist())) if found else []
    runs = _tinted(shown.runs, places)
    before, after = _documents_around(corpus, document, asked) if asked else (None, None)
    facts = {"runs": runs, "first": shown.first, "last": shown.last, "length": shown.length,
             "places": [begin for begin, _end in places], "found": found.total if found else 0,
             "before": before, "after": after}  # fmt: skip
    return {}, plain(facts)


def _documents_around(corpus: Corpus, document: int, asked: Any) -> tuple[int | None, int | None]:
    """The nearest documents before and after this one in which something is found."""
    from core.explore.matches import positions

    found = np.unique(corpus.document_of(positions(corpus, asked)[0]))
    before, after = found[found < document], found[found > document]
    return int(before[-1]) if len(before) else None, int(after[0]) if len(after) else None


def _tinted(runs: "pd.DataFrame", places: list[tuple[int, int]]) -> list[list[Any]]:
    """The runs of a page with tints of 0 to 1, the strongest twentieth all 1; and which of them are hits."""
    weights = runs["weight"].to_numpy(np.float64)
    known = weights[np.isfinite(weights) & (weights > 0)]
    most = float(np.quantile(known, 0.95)) if len(known) else 1.0
    tints = np.clip(np.nan_to_num(weights) / most, 0, 1).round(3)
    starts = runs["start"].to_numpy(np.int64)
    ends = starts + runs["text"].str.len().to_numpy(np.int64)
    hit = np.zeros(len(runs), bool)
    for begin, end in places:
        hit |= (starts < end) & (ends > begin) & (runs["type"].to_numpy() >= 0)
    columns = zip(runs["text"].tolist(), runs["type"].tolist(), tints.tolist(), hit.tolist())
    return [[text, kind, tint, int(marked)] for text, kind, tint, marked in columns]


def _weights(corpus: Corpus, document: int, tint: str, asked: Any) -> Generator[Any, None, np.ndarray | None]:
    """float64 (types,): what the words of a document are tinted by."""
    from core.explore.collocations import collocations as near
    from core.explore.keyness import log_likelihood
    from core.explore.matches import positions

    counts = np.asarray(corpus.index.counts, np.float64)
    if tint == "rare":
        return np.log2(counts.sum() / counts)
    if tint == "key":
        low, high = corpus.offsets[document : document + 2]
        here = np.bincount(corpus.tokens[low:high], minlength=len(counts)).astype(np.float64)
        rest, size = counts - here, float(high - low)
        if not size or size == counts.sum():
            raise Problem("There is no other document to compare this one with: choose another tint.")
        more = here / size > rest / (counts.sum() - size)
        return np.sqrt(np.where(more, log_likelihood(here, rest, size, counts.sum() - size), 0))
    if tint == "near" and asked is not None:
        places, lengths = positions(corpus, asked)
        table = yield from near(corpus, places, length=lengths, most=2000)
        weights = np.zeros(len(counts))
        weights[table["id"].to_numpy(np.int64)] = np.maximum(table["log_dice"].to_numpy(np.float64), 0)
        return weights
    return None
