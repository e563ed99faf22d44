"""In which order matches are shown: by the words before or after them, by what is known of their documents, at random.

Of a million matches a hundred are shown, so a hundred are sorted: the first word's ranks are partitioned, and only
those between the first and the last place that is asked for, ties included, are looked at further.
"""

from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np

from core.corpus import Corpus
from core.corpus.roles import year_of
from core.explore.matches import Hits
from core.problem import Problem

SORTS = ("text", "left", "right", "document", "random")
_WORDS = 3  # to the left or right that matches are sorted by
_LAST = np.iinfo(np.int64).max  # where nothing is known

_known_ranks: WeakKeyDictionary[Corpus, dict[str, np.ndarray]] = WeakKeyDictionary()


def ordered(corpus: Corpus, hits: Hits, sort: str, descending: bool, seed: int, first: int, last: int) -> np.ndarray:
    """int64 (m,): which matches stand at places first to last of an order.

    sort: "text"; "left" or "right": by the first, second and third word there, alphabetically, case folded, nothing
    before any word; "document": by its title, or its number; a column of the table: as numbers or dates where all
    cells are, else alphabetically, empty ones last; "random": by seed. Equal ones are in the order of the text.
    Raises Problem for another sort.
    """
    first, last = min(first, len(hits)), min(last, len(hits))
    if sort in ("text", "document") and not ("title" in corpus.roles and sort == "document"):
        places = np.arange(first, last)
        return len(hits) - 1 - places if descending else places
    return _select(_levels(corpus, hits, sort, descending, seed), len(hits), first, last)


def check_sort(corpus: Corpus, sort: str) -> None:
    """Raise Problem for what cannot be sorted by."""
    if sort not in SORTS and sort not in corpus.table.columns:
        known = ", ".join([*SORTS, *list(corpus.table.columns)[:30]])
        raise Problem("Nothing can be sorted by {sort}; choose one of {known}.", sort=sort[:80], known=known)


Level = Callable[[np.ndarray], np.ndarray]
"""The keys, int64 (k,), of some matches, int64 (k,)."""


def _levels(corpus: Corpus, hits: Hits, sort: str, descending: bool, seed: int) -> list[Level]:
    """What is compared first, second, …"""
    if sort == "random":
        return [lambda which: _shuffled(which, seed)]
    if sort in ("left", "right"):
        ranks = -corpus.index.ranks if descending else corpus.index.ranks
        return [partial(_neighbour, corpus, hits, sort, ranks, k) for k in range(_WORDS)]
    check_sort(corpus, sort)
    ranks = document_ranks(corpus, corpus.roles["title"] if sort == "document" else sort)
    ranks = np.where(ranks < _LAST, -ranks, _LAST) if descending else ranks
    return [lambda which: ranks.take(hits.documents[which])]


def _neighbour(corpus: Corpus, hits: Hits, side: str, ranks: np.ndarray, k: int, which: np.ndarray) -> np.ndarray:
    """int64: the rank of the k-th word to the left or right; before all others where the document has none."""
    documents = hits.documents[which]
    if side == "left":
        place = hits.first[which] - 1 - k
        inside = place >= corpus.offsets.take(documents)
    else:
        place = hits.first[which] + hits.lengths[which] + k
        inside = place < corpus.offsets.take(documents + 1)
    nothing = (1 if ranks[0] < 0 else -1) if len(ranks) else 0
    place[~inside] = 0
    keys = ranks.take(np.asarray(corpus.tokens).take(place))
    keys[~inside] = nothing
    return keys


def _shuffled(which: np.ndarray, seed: int) -> np.ndarray:
    """int64: a number for each match, as good as random (the finaliser of SplitMix64, Steele et al. 2014)."""
    keys = which.astype(np.uint64) + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 % (1 << 64))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys = (keys ^ (keys >> np.uint64(shift))) * np.uint64(factor)
    keys ^= keys >> np.uint64(31)
    return (keys >> np.uint64(1)).astype(np.int64)


def _select(levels: list[Level], total: int, first: int, last: int) -> np.ndarray:
    """int64 (last - first,): what stands at places first to last in the order of the levels, and then of the text."""
    which = np.arange(total)
    if first >= last:
        return which[:0]
    for depth, level in enumerate(levels):
        keys = level(which)
        parted = np.partition(keys, (first, last - 1))
        low, high = parted[first], parted[last - 1]
        below, keep = int(np.count_nonzero(keys < low)), (keys >= low) & (keys <= high)
        which, first, last = which[keep], first - below, last - below
        if low != high:
            rest = [further(which) for further in levels[depth + 1 :]]
            return which[np.lexsort([which, *reversed(rest), keys[keep]])[first:last]]
    return which[first:last]


def document_ranks(corpus: Corpus, column: str) -> np.ndarray:
    """int64 (documents,): the place of each document's cell among those of a column; _LAST where it is empty."""
    known = _known_ranks.setdefault(corpus, {})
    if column not in known:
        known[column] = _ranks(corpus, column)
    return known[column]


def _ranks(corpus: Corpus, column: str) -> np.ndarray:
    import pandas as pd

    cells = corpus.table[column]
    filled = cells.notna() & (cells.astype(str).str.strip() != "")
    values = pd.to_numeric(cells.where(filled), errors="coerce")
    if not values.notna().equals(filled):
        years = cells.where(filled).map(lambda cell: year_of(cell) if isinstance(cell, str) else None)
        values = pd.to_numeric(years) if years.notna().equals(filled) else cells.where(filled).str.casefold()
    codes, _ = pd.factorize(values, sort=True)
    return np.where(codes < 0, _LAST, codes.astype(np.int64))
