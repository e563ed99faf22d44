"""A document to read: its text in runs, words and what stands between them, with a weight for each word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.corpus.characters import fold
from core.explore.matches import find, tokens_before
from core.explore.query import Query
from core.explore.surface import Surface
from core.problem import Problem

MOST = 20_000  # characters of a page
MOST_PLACES = 20_000
_LONGEST_TOKEN = 2000  # characters that a page's last word may reach beyond it

Weights = np.ndarray | Mapping[str, float]


@dataclass(frozen=True)
class Page:
    """Characters first to last of a document of `length` characters; the next page begins at last.

    runs: a row each, in order; their texts together are the page. Columns text; start (character of the document);
    position, type: of a word its token and the id of its type, of what stands between words -1; weight: float, NaN
    where there is none.
    """

    document: int
    first: int
    last: int
    length: int
    runs: pd.DataFrame


@dataclass(frozen=True)
class Places:
    """total: how often something is found in a document. table: position, length (tokens), begin, end (characters)."""

    total: int
    table: pd.DataFrame


def read(
    corpus: Corpus, document: int, first: int = 0, last: int | None = None, weights: Weights | None = None
) -> Page:
    """A page of a document from its character `first`: up to `last`, and at most 20,000 characters.

    A page ends with a whole word. weights: float (types,), or of the most frequent ones; or of some words.
    Raises Problem for a document that there is not.
    """
    length = _length(corpus, document)
    first = min(max(0, first), length)
    last = min(first + MOST, length, first + MOST if last is None else max(first, last))
    low, high = (int(token) for token in tokens_before(corpus, np.array([document] * 2), np.array([first, last])))
    text, starts, ends = _measured(corpus, document, (first, last), (low, high))
    kinds = np.asarray(corpus.tokens[low:high])
    tokens = zip(starts.tolist(), ends, range(low, high), kinds.tolist(), _weights(corpus, weights, kinds).tolist())
    return Page(document, first, first + len(text), length, _runs(text, first, tokens))


def find_in(
    corpus: Corpus, document: int, query: str | Query, first: int = 0, last: int | None = None, limit: int = MOST_PLACES
) -> Places:
    """Where a query is found in a document; the table has those that begin at characters first to last."""
    length = _length(corpus, document)
    hits = find(corpus, query, [document])
    begins = corpus.starts[hits.first].astype(np.int64) if hits.characters is None else hits.characters[:, 0]
    chosen = np.flatnonzero((begins >= first) & (begins < (length if last is None else last)))[:limit]
    some = hits.chosen(chosen)
    if some.characters is not None:
        ends = some.characters[:, 1]
    else:
        surface = Surface(corpus)
        ends = np.array([surface.place(document, token) for token in (some.after - 1).tolist()], np.int64)
    columns = {"position": some.first, "length": some.lengths, "begin": begins[chosen], "end": ends}
    return Places(len(hits), pd.DataFrame(columns))


def _length(corpus: Corpus, document: int) -> int:
    if not 0 <= document < len(corpus.documents):
        raise Problem("There is no document {number}; the corpus has {n}.", number=document, n=len(corpus.documents))
    return corpus.documents.length(document)


def _measured(
    corpus: Corpus, document: int, page: tuple[int, int], tokens: tuple[int, int]
) -> tuple[str, np.ndarray, list[int]]:
    """The text of a page up to the end of its last word, and where in it each of its tokens begins and ends."""
    (first, last), (low, high) = page, tokens
    text = corpus.documents.slice(document, first, last + _LONGEST_TOKEN)
    starts = corpus.starts[low:high].astype(np.int64) - first
    follower = int(corpus.starts[high]) - first if high < corpus.offsets[document + 1] else len(text)
    surface, limits = Surface(corpus), [*starts[1:].tolist(), follower]
    ends = [surface.end(text, *where) for where in zip(starts.tolist(), limits, corpus.tokens[low:high].tolist())]
    return text[: max([last - first, *ends[-1:]])], starts, ends


def _weights(corpus: Corpus, weights: Weights | None, kinds: np.ndarray) -> np.ndarray:
    """float64 (n,): the weight of each type, NaN where there is none."""
    found = np.full(len(kinds), np.nan)
    if isinstance(weights, Mapping):
        lowercase = bool(corpus.facts["lowercase"])
        known = {corpus.index.find(fold(word, lowercase)): weight for word, weight in weights.items()}
        return np.array([known.get(kind, np.nan) for kind in kinds.tolist()], np.float64)
    if weights is not None:
        given = np.asarray(weights, np.float64)
        found[kinds < len(given)] = given[kinds[kinds < len(given)]]
    return found


def _runs(text: str, first: int, tokens: Iterable[tuple[int, int, int, int, float]]) -> pd.DataFrame:
    """tokens: begin and end in the text, position, type, weight of each."""
    rows, reached = [], 0
    for begin, end, position, kind, weight in tokens:
        if begin > reached:
            rows.append((text[reached:begin], first + reached, -1, -1, np.nan))
        rows.append((text[begin:end], first + begin, position, kind, weight))
        reached = end
    if reached < len(text):
        rows.append((text[reached:], first + reached, -1, -1, np.nan))
    return pd.DataFrame(rows, columns=["text", "start", "position", "type", "weight"])
