"""A concordance: each place where something occurs, on a line with the words around it (keyword in context, KWIC).

Lines are cut from the text itself, with its punctuation; white space is one blank. Nothing crosses a document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.matches import Hits, find, positions
from core.explore.ordering import SORTS, check_sort, ordered
from core.explore.query import Query
from core.explore.surface import Surface
from core.problem import Problem

__all__ = [
    "SORTS", "Concordance", "Passage", "all_lines", "concordance", "expand", "lines_at", "lines_of", "positions",
    "snippet",
]  # fmt: skip

WIDEST = 50  # words to each side
LONGEST_PART = 2000  # characters to each side, and of what was found
MOST_LINES = 100_000  # of a download
_CHUNK = 2000  # lines
_LONGEST_PASSAGE = 20_000  # characters
_ROLES = ("title", "label", "date", "group")
_BLANKS = re.compile(r"\s+")
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]+")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*|\r\n[^\S\n]*\r\n\s*")


@dataclass(frozen=True)
class Concordance:
    """hits, documents: how many there are in all. lines: of one page, a row each.

    Columns of lines: position (the token), length (tokens), document, sentence, begin, end (characters of the
    document), left, node, right (text), and title, label, date, group where the corpus has such columns.
    """

    hits: int
    documents: int
    lines: pd.DataFrame


@dataclass(frozen=True)
class Passage:
    """A part of a document: text, which begins at its character `first`; text[begin:end] is what was found."""

    document: int
    first: int
    text: str
    begin: int
    end: int


def concordance(
    corpus: Corpus,
    query: str | Query,
    *,
    window: int = 8,
    sort: str = "text",
    descending: bool = False,
    seed: int = 0,
    page: int = 0,
    size: int = 100,
    within: Sequence[int] | np.ndarray | None = None,
) -> Concordance:
    """One page of the lines of a query.

    query: as a person types it, or from `core.explore.query.parse`. window: words to each side, 1 to 50. sort: see
    `core.explore.ordering.ordered`. page: from 0, of `size` lines. within: documents to look in.
    Raises Problem for what cannot be searched or sorted by; a page beyond the last has no lines.
    """
    hits = _hits(corpus, query, window, sort, within)
    which = ordered(corpus, hits, sort, descending, seed, max(0, page) * size, (max(0, page) + 1) * size)
    return Concordance(len(hits), hits.documents_total(), _lines(corpus, hits.chosen(which), window))


def all_lines(
    corpus: Corpus,
    query: str | Query,
    *,
    window: int = 8,
    sort: str = "text",
    descending: bool = False,
    seed: int = 0,
    within: Sequence[int] | np.ndarray | None = None,
    limit: int = MOST_LINES,
) -> Iterator[pd.DataFrame]:
    """The first `limit` lines of a query in parts of 2,000, as `Concordance.lines`: for a download."""
    hits = _hits(corpus, query, window, sort, within)
    which = ordered(corpus, hits, sort, descending, seed, 0, limit)
    for begin in range(0, max(1, len(which)), _CHUNK):
        yield _lines(corpus, hits.chosen(which[begin : begin + _CHUNK]), window)


def lines_at(corpus: Corpus, first: np.ndarray, lengths: np.ndarray, window: int = 8) -> pd.DataFrame:
    """The lines of matches found in another way, as `Concordance.lines`: first and lengths int (n,), in tokens."""
    return _lines(corpus, Hits(corpus, np.asarray(first, np.int64), np.asarray(lengths, np.int64)), window)


def lines_of(hits: Hits, window: int = 8) -> pd.DataFrame:
    """The lines of all these matches, as `Concordance.lines`."""
    return _lines(hits.corpus, hits, window)


def _hits(
    corpus: Corpus, query: str | Query, window: int, sort: str, within: Sequence[int] | np.ndarray | None
) -> Hits:
    if not 1 <= window <= WIDEST:
        raise Problem("A line shows 1 to {most} words to each side, not {window}.", most=WIDEST, window=window)
    check_sort(corpus, sort)
    return find(corpus, query, within)


def _lines(corpus: Corpus, hits: Hits, window: int) -> pd.DataFrame:
    documents, first = hits.documents, hits.first
    cutter = _Cutter(corpus)
    cuts = [cutter.line(hits, i, window) for i in range(len(hits))]
    columns: dict[str, object] = {
        "position": first,
        "length": hits.lengths,
        "document": documents,
        "sentence": corpus.sentence_of(first),
    }
    for place, name in enumerate(("begin", "end")):
        columns[name] = np.array([cut[place] for cut in cuts], np.int64)
    for place, name in enumerate(("left", "node", "right"), 2):
        columns[name] = [cut[place] for cut in cuts]
    for role in _ROLES:
        if role in corpus.roles:
            columns[role] = corpus.table[corpus.roles[role]].iloc[documents].tolist()
    return pd.DataFrame(columns)


class _Cutter:
    """Cuts lines out of the text."""

    def __init__(self, corpus: Corpus):
        self.surface = Surface(corpus)
        self.documents, self.offsets = corpus.documents, np.asarray(corpus.offsets)
        self.starts, self.tokens = np.asarray(corpus.starts), np.asarray(corpus.tokens)

    def line(self, hits: Hits, i: int, window: int) -> tuple[int, int, str, str, str]:
        """(begin, end, left, node, right) of a match; begin and end in characters of the document."""
        document, first = int(hits.documents[i]), int(hits.first[i])
        after = first + int(hits.lengths[i])
        low, high = (int(place) for place in self.offsets[document : document + 2])
        begin, end = (int(self.starts[first]), 0) if hits.characters is None else map(int, hits.characters[i])
        earliest, latest = max(low, first - window), min(high, after + window) - 1
        left = max(begin - LONGEST_PART, min(begin, int(self.starts[earliest]))) if earliest < first else begin
        far = self._reach(latest, high) if latest >= low else 0
        near = self._reach(after - 1, high) if hits.characters is None else end
        text = self.documents.slice(document, left, max(near, min(far, near + LONGEST_PART)))
        if hits.characters is None:
            end = left + self._end(text, left, after - 1, high)
        right = left + self._end(text, left, latest, high) if latest >= after else end
        right = min(end + LONGEST_PART, max(end, right))
        parts = text[: begin - left], text[begin - left : end - left][:LONGEST_PART], text[end - left : right - left]
        before, node, behind = (_BLANKS.sub(" ", part) for part in parts)
        return begin, end, before.lstrip(), node, behind.rstrip()

    def _reach(self, position: int, high: int) -> int:
        """A character of its document that a token does not reach beyond. high: the document's last token and one."""
        reach = int(self.starts[position]) + self.surface.reach(int(self.tokens[position]))
        return min(reach, int(self.starts[position + 1])) if position + 1 < high else reach

    def _end(self, text: str, left: int, position: int, high: int) -> int:
        """Where a token ends in a text that begins at character `left` of its document."""
        begin = int(self.starts[position]) - left
        if begin >= len(text):
            return len(text)
        limit = int(self.starts[position + 1]) - left if position + 1 < high else len(text)
        return self.surface.end(text, begin, limit, int(self.tokens[position]))


def snippet(corpus: Corpus, position: int, window: int = 8) -> str:
    """The words around a token, as one line of text."""
    _, _, left, node, right = _Cutter(corpus).line(_one(corpus, position, 1), 0, window)
    return left + node + right


def _one(corpus: Corpus, position: int, length: int) -> Hits:
    if not 0 <= position < len(corpus.tokens):
        raise Problem("There is no word {position}; the corpus has {n}.", position=position, n=len(corpus.tokens))
    return Hits(corpus, np.array([position]), np.array([length]))


def expand(corpus: Corpus, position: int, characters: int = 600, length: int = 1) -> Passage:
    """The paragraph around a token, or around `length` of them: at most `characters` to each side of it.

    A paragraph ends at a line end; where lines are wrapped at a width, at an empty line. A longer one is cut between
    words.
    """
    hits = _one(corpus, position, max(1, length))
    document = int(hits.documents[0])
    begin, end, *_ = _Cutter(corpus).line(hits, 0, 1)
    end, around = min(end, begin + _LONGEST_PASSAGE), min(max(1, characters), _LONGEST_PASSAGE)
    first = max(0, begin - around)
    text = corpus.documents.slice(document, first, end + around)
    edge = _EMPTY_LINE if corpus.facts.get("wrapped") else _LINE_END
    starts = [found.end() for found in edge.finditer(text, 0, begin - first)]
    cut = starts[-1] if starts else _between(text, 0, begin - first) if first else 0
    stop = edge.search(text, end - first)
    whole = end - first + around > len(text)
    close = stop.start() if stop else len(text) if whole else _between(text, len(text), end - first)
    return Passage(document, first + cut, text[cut:close], begin - first - cut, end - first - cut)


def _between(text: str, edge: int, node: int) -> int:
    """The place between two words that is nearest to an edge of a text, on the side of the node."""
    blanks = [found.end() if edge < node else found.start() for found in _BLANKS.finditer(text, *sorted((edge, node)))]
    near = [place for place in blanks if abs(place - edge) <= 40]
    return min(near, key=lambda place: abs(place - edge)) if near else edge
