"""How often words occur along a corpus: in equal segments, document by document, year by year, group by group; and how
evenly they are spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.corpus.roles import year_of
from core.explore.overview import distinct
from core.problem import Problem

By = Literal["segments", "documents", "dates", "groups"]
MOST_WORDS = 10
MOST_SEGMENTS = 500
MOST_DOCUMENTS = 2000
Z = 1.959964  # the 97.5th percentile of the normal distribution
_MONTHS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])  # days gone by before each month
_WIDTHS = (1 / 12, 0.25, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0)  # years


@dataclass(frozen=True)
class Places:
    """Where a trend is read off: each document (or stretch of tokens) belongs to one of p places, in order.

    edges: int64 (d + 1,), stretches of tokens; member: int64 (d,), the place of each stretch, -1: in none.
    names: p; x: float64 (p,), where each place stands on an axis: its number, or for dates the middle in years.
    """

    edges: np.ndarray
    member: np.ndarray
    names: list[str]
    x: np.ndarray

    def summed(self, values: np.ndarray) -> np.ndarray:
        """int64 (p,): the sum over the stretches of each place; values int64 (d,)."""
        inside = self.member >= 0
        sums = np.bincount(self.member[inside], values[inside], minlength=len(self.names))
        return sums.round().astype(np.int64)


def trends(
    corpus: Corpus, words: Mapping[str, np.ndarray], by: By = "segments", *, segments: int = 20, column: str = ""
) -> pd.DataFrame:
    """The relative frequency of up to ten words at each place, a row a word and place, words in the order given.

    words: name -> int64 (n,), the tokens where it occurs, ascending. by: "segments", equal parts of all tokens;
    "documents", in order; "dates", years (or months, decades, …, so that there are at most `segments`) of a column of
    the table, default the date column; "groups", the values of a column, default the group or label column, the
    largest first. Documents without a date or group are left out.
    Returns columns word, place (from 0), name, x, count, total (tokens there), per_million, low, high: the 95 % Wilson
    interval (Wilson 1927), per million too. It takes tokens for independent, which words of one topic are not, so it is
    the least that there is to doubt. Places without a token are left out. Raises Problem for what the corpus lacks.
    """
    if not 1 <= len(words) <= MOST_WORDS:
        raise Problem("Trends show 1 to {most} words, not {count}.", most=MOST_WORDS, count=len(words))
    places = places_of(corpus, by, segments, column)
    totals = places.summed(np.diff(places.edges))
    here = np.flatnonzero(totals)
    names = [places.names[i] for i in here]
    tables = []
    for word, positions in words.items():
        counts = places.summed(np.diff(np.searchsorted(positions, places.edges)))[here]
        low, high = wilson(counts, totals[here])
        tables.append(
            pd.DataFrame({
                "word": word, "place": here, "name": names, "x": places.x[here], "count": counts, "total": totals[here],
                "per_million": 1e6 * counts / totals[here], "low": 1e6 * low, "high": 1e6 * high,
            })
        )  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def wilson(counts: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % score interval of each share counts / totals (Wilson 1927): float64 low, high, in 0..1."""
    n = np.asarray(totals, np.float64)
    share = np.asarray(counts, np.float64) / n
    middle = share + Z**2 / (2 * n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    low, high = (middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)
    return np.where(share == 0, 0, low).clip(0, 1), np.where(share == 1, 1, high).clip(0, 1)


def places_of(corpus: Corpus, by: By, segments: int = 20, column: str = "") -> Places:
    """The places of a trend. Raises Problem where there are none, or too many."""
    offsets = np.asarray(corpus.offsets)
    if by == "segments":
        return _segments(len(corpus.tokens), segments)
    if by == "documents":
        return _documents(corpus, offsets)
    return _dates(corpus, offsets, segments, column) if by == "dates" else _groups(corpus, offsets, column)


def _segments(n: int, segments: int) -> Places:
    if not 2 <= segments <= MOST_SEGMENTS:
        raise Problem("A corpus is cut into 2 to {most} segments, not {count}.", most=MOST_SEGMENTS, count=segments)
    edges = np.unique(np.linspace(0, n, segments + 1).round().astype(np.int64))
    places = np.arange(len(edges) - 1)
    return Places(edges, places, [str(i + 1) for i in places], places + 1.0)


def _documents(corpus: Corpus, offsets: np.ndarray) -> Places:
    count = len(offsets) - 1
    if count > MOST_DOCUMENTS:
        raise Problem(
            "A trend runs over at most {most} documents; this corpus has {count}. Choose segments, dates or groups.",
            most=MOST_DOCUMENTS,
            count=count,
        )
    return Places(offsets, np.arange(count), document_names(corpus), np.arange(count) + 1.0)


def document_names(corpus: Corpus) -> list[str]:
    """What to call each document: its title, else its file where each has one of its own, else its number."""
    title, table = corpus.roles.get("title"), corpus.table
    column = title or ("file" if "file" in table.columns and table["file"].is_unique else "")
    cells = table[column].tolist() if column else [""] * (len(corpus.offsets) - 1)
    return [cell if isinstance(cell, str) and cell else str(i) for i, cell in enumerate(cells, 1)]


def _column(corpus: Corpus, column: str, *roles: str) -> list[str]:
    """The cells of a column, or of the first column with one of these roles; "" for an empty one."""
    name = column or next((corpus.roles[role] for role in roles if role in corpus.roles), "")
    if name not in corpus.table.columns:
        known = ", ".join(map(str, corpus.table.columns))
        if name:
            raise Problem("There is no column {name}; there are: {known}.", name=name[:80], known=known)
        raise Problem("This corpus has no column of that kind; choose one of its columns: {known}.", known=known)
    return [cell if isinstance(cell, str) else "" for cell in corpus.table[name].tolist()]


def _dates(corpus: Corpus, offsets: np.ndarray, most: int, column: str) -> Places:
    """Bins of the smallest of the usual widths that gives at most `most` of them."""
    cells = _column(corpus, column, "date")
    found = {cell: year_of(cell) for cell in set(cells)}
    years = np.array([np.nan if (year := found[cell]) is None else year for cell in cells], np.float64)
    known = np.isfinite(years)
    if not known.any():
        raise Problem("No document has a date in this column; choose another column, or segments.")
    first, last = years[known].min(), years[known].max()
    fine = bool((years[known] % 1).any())  # otherwise only years are known
    widths = [width for width in _WIDTHS if fine or width >= 1]
    width = next((width for width in widths if _bin(last, width) - _bin(first, width) < max(most, 1)), widths[-1])
    member = np.full(len(years), -1, np.int64)
    member[known] = _bin(years[known], width) - _bin(first, width)
    numbers = np.arange(member.max() + 1) + _bin(first, width)
    return Places(offsets, member, [_span(number, width) for number in numbers.tolist()], (numbers + 0.5) * width)


def _bin(years: np.ndarray | float, width: float) -> np.ndarray:
    """int64: the number of the bin that each year is in, counted from the year 0; below a year, bins are months or
    quarters of the calendar."""
    years = np.asarray(years, np.float64)
    if width >= 1:
        return np.floor(years / width).astype(np.int64)
    whole = np.floor(years).astype(np.int64)
    leap = (whole % 4 == 0) & ((whole % 100 != 0) | (whole % 400 == 0))
    day = np.rint((years - whole) * (365 + leap)).astype(np.int64)
    month = np.searchsorted(_MONTHS, day - (leap & (day >= 59)), "right") - 1  # 29 February is taken for the 28th
    return (whole * 12 + month) // round(12 * width)


def _span(number: int, width: float) -> str:
    """ "1847-07", "1847 III", "1847", "1840–1849"."""
    if width < 1:
        parts = round(1 / width)
        year, part = divmod(number, parts)
        return f"{year}-{part + 1:02d}" if parts == 12 else f"{year} {('I', 'II', 'III', 'IV')[part]}"
    begin = round(number * width)
    return str(begin) if width == 1 else f"{begin}–{round(begin + width) - 1}"


def _groups(corpus: Corpus, offsets: np.ndarray, column: str, most: int = 50) -> Places:
    member, values = pd.factorize(np.array(_column(corpus, column, "group", "label"), object))
    sizes = np.bincount(member, np.diff(offsets), minlength=len(values))
    order = np.argsort(-np.where(values == "", -1, sizes), kind="stable")[:most]
    order = order[values[order] != ""]
    if not len(order):
        raise Problem("No document has a value in this column; choose another column.")
    place = np.full(len(values), -1, np.int64)
    place[order] = np.arange(len(order))
    return Places(offsets, place[member], [str(values[i]) for i in order], np.arange(len(order)) + 1.0)


@dataclass(frozen=True)
class Dispersion:
    """How evenly a word is spread over n parts (documents, or segments of a corpus of few documents).

    dp: Gries' deviation of proportions, half the sum of |share of the word's occurrences - share of all tokens| over
    the parts: 0 is even, near 1 is all in one small part (Gries 2008). dp_norm: dp / (1 - the smallest part's share),
    so that 1 is the most (Lijffijt & Gries 2012). juilland: D = 1 - V / sqrt(n - 1), V the coefficient of variation of
    the word's relative frequencies (Juilland & Chang-Rodríguez 1964): 1 is even, 0 all in one part. within: the parts
    that hold the word. All nan for a word that does not occur. A word rarer than there are parts cannot be even.
    """

    n: int
    within: int
    dp: float
    dp_norm: float
    juilland: float


def dispersion(corpus: Corpus, positions: np.ndarray, segments: int = 20) -> Dispersion:
    """The dispersion of a word that occurs at these tokens, ascending, over the documents; in a corpus of fewer than
    `segments` documents, over as many equal segments."""
    filled = distinct(corpus.offsets)
    edges = filled if len(filled) > segments else _segments(len(corpus.tokens), segments).edges
    return spread(np.diff(np.searchsorted(positions, edges)), np.diff(edges))


def spread(counts: np.ndarray, sizes: np.ndarray) -> Dispersion:
    """The dispersion of a word that occurs counts (n,) times in parts of sizes (n,) tokens, each at least 1."""
    n, within = len(counts), int((np.asarray(counts) > 0).sum())
    if not within or n < 2:
        return Dispersion(n, within, np.nan, np.nan, np.nan)
    expected = sizes / sizes.sum()
    dp = float(np.abs(counts / counts.sum() - expected).sum() / 2)
    rates = counts / sizes
    juilland = 1 - float(rates.std() / rates.mean()) / np.sqrt(n - 1)
    return Dispersion(n, within, dp, dp / (1 - float(expected.min())), float(juilland))


def barcode(corpus: Corpus, positions: np.ndarray, strips: int = 1000, most: int = 30) -> pd.DataFrame:
    """Where a word stands, for a picture: a row for each of `strips` equal strips of a document that holds it.

    Returns columns document, share (0..1, the middle of the strip), count, per_document (all in that document): of the
    `most` documents that hold it most often, in the order of the corpus. A single-document corpus gives one barcode.
    """
    offsets = np.asarray(corpus.offsets)
    document = np.searchsorted(offsets, positions, "right") - 1
    found, sizes = np.unique(document, return_counts=True)
    chosen = np.sort(found[np.argsort(-sizes, kind="stable")[:most]])
    inside = np.isin(document, chosen)
    document, places = document[inside], np.asarray(positions)[inside]
    long = offsets[document + 1] - offsets[document]
    strip = (places - offsets[document]) * strips // long
    keys, counts = np.unique(document * strips + strip, return_counts=True)
    documents = keys // strips
    totals = sizes[np.searchsorted(found, documents)]
    columns = {"document": documents, "share": (keys % strips + 0.5) / strips, "count": counts, "per_document": totals}
    return pd.DataFrame(columns)
