"""Which words stand near which, counted row by row: no hash table, no sort, in memory or, beyond a bound, on disk.

The places of every word are known (one counting sort), so a row of the matrix is a walk along them: each neighbour adds
to one dense array of sums, and those that were touched are written out. A neighbour at distance d weighs 1, or 1/d
(Pennington, Socher and Manning 2014, section 4.2) as a multiple of 2^-24: so sums are of whole numbers, the same in any
order, with any number of threads, in memory or on disk, and the cells (i, j) and (j, i) of a symmetric matrix agree to
the bit.

Memory: 8 bytes a token of the text and 8 for each cell, as far as `memory` allows; the rest lies in files.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from numba import boolean, float32, int32, int64, njit, types, void

from core.encoders.kernels.documents import Rows
from core.encoders.kernels.prefetch import prefetch
from core.encoders.kernels.spool import Spool, room

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_ONE = 1 << 24  # what a neighbour at distance 1 adds to a sum
_PART = 4_000_000  # tokens laid out at a time
_MET = 8_000_000  # neighbours met in one piece of the work, some 50 milliseconds; a single word may be more
_CELLS = 2_000_000  # and cells written by it
_TICK = 0.1  # seconds
_AHEAD, _LINE = 8, 16  # places whose text is asked for before it is read; words of a cache line


def _read(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


_I4, _I8 = _read(int32), _read(int64)


@njit(int64(_I4, int64, int64, _I8, int64, int32[::1], int64, int64[::1]), **_COMPILED)
def _lay(tokens, first, last, offsets, words, text, n, counts):
    """Write the tokens first to last that are words (< words) into text from place n on, with -1 before each document;
    counts (words,) how often each comes. Returns the next place."""
    document = np.searchsorted(offsets, first, "right") - 1
    if offsets[document] < first:
        document += 1  # its beginning was written before
    for i in range(first, last):
        while document < len(offsets) - 1 and offsets[document] == i:
            text[n] = -1
            n += 1
            document += 1
        token = tokens[i]
        if token < words:
            text[n] = token
            n += 1
            counts[token] += 1
    return n


@njit(void(_I4, int64, int64, int64[::1], int32[::1]), **_COMPILED)
def _file(text, first, last, nexts, places):
    """Write the places first to last of a text into the list of each word, from nexts[word] on, which moves on."""
    for place in range(first, last):
        word = text[place]
        if word >= 0:
            places[nexts[word]] = place
            nexts[word] += 1


_ROWS = int64(
    _I4, _I8, _I4, int64, int64, _I8, boolean, int64[::1], int32[::1], int32[::1], float32[::1], int64[::1]
)  # fmt: skip


@njit(_ROWS, **_COMPILED)
def rows(text, begins, places, first, last, weights, both, sums, touched, indices, values, ends):
    """Count the rows first to last: the words left of each, and with `both` right of it. Returns how many cells.

    text: words, -1 before and after each document; begins int64 (V + 1,), where each word's places begin; weights:
    int64 (window + 1,), what a neighbour at each distance adds. sums int64 (V,) are 0, and are so again afterwards;
    touched (V + 1,) is to work in. indices, values: the cells, in the order met; ends (last - first,): of each row.
    """
    n, window = 0, len(weights) - 1
    for row in range(first, last):
        count = 0
        for z in range(begins[row], begins[row + 1]):
            place, ahead = places[z], places[min(z + _AHEAD, len(places) - 1)]
            for q in range(ahead - window, ahead + window + 1, _LINE):
                prefetch(text, q)
            for d in range(1, window + 1):
                word = text[place - d]
                if word < 0:
                    break
                total = sums[word]
                touched[count] = word
                count += total == 0  # without a branch that no processor could foresee
                sums[word] = total + weights[d]
            if both:
                for d in range(1, window + 1):
                    word = text[place + d]
                    if word < 0:
                        break
                    total = sums[word]
                    touched[count] = word
                    count += total == 0
                    sums[word] = total + weights[d]
        for z in range(count):
            word = touched[z]
            indices[n], values[n] = word, np.float32(sums[word] * (1.0 / _ONE))
            sums[word] = 0
            n += 1
        ends[row - first] = n
    return n


def count(
    tokens: np.ndarray,
    offsets: np.ndarray,
    words: int,
    window: int,
    threads: int,
    *,
    both: bool = True,
    nearer: bool = False,
    memory: float = np.inf,
) -> Iterator[int | Rows]:
    """Yields the tokens done, ten times a second, and at the end Rows (words, words) of float32 counts.

    A token >= words is none and left out before windows are laid; a window ends with its document, offsets (D + 1,).
    Row i holds how often each word stands within `window` words left of word i, with `both` (then symmetric) also right
    of it; with `nearer` a neighbour at distance d counts 1/d. memory: bytes. The cells of a row are in no order.
    """
    text, begins, places = yield from _laid(tokens, np.ascontiguousarray(offsets), words, memory / 5)
    weights = np.full(window + 1, _ONE, np.int64)
    if nearer:
        weights[1:] = np.round(_ONE / np.arange(1, window + 1))
    indices, values = Spool(np.int32, memory / 5), Spool(np.float32, memory / 5)
    lengths, spare = [np.zeros(1, np.int64)], _Spare(words)

    def work(first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return spare.lent(lambda own: _counted(text, begins, places, first, last, weights, both, own))

    jobs, done, scale = _jobs(np.diff(begins), window * (1 + both)), 0, len(tokens) / max(1, int(begins[-1]))
    with ThreadPoolExecutor(threads) as pool:
        for found in in_order(pool, work, jobs, 2 * threads):
            if found is not None:
                lengths.append(found[0])
                indices.append(found[1])
                values.append(found[2])
                done += len(found[0])
            yield int(begins[done] * scale)
    yield Rows(np.cumsum(np.concatenate(lengths)), indices.array(), values.array())


def _laid(tokens: np.ndarray, offsets: np.ndarray, words: int, limit: float) -> Any:
    """Yields 0 now and then; returns the text with -1 around its documents, and the places of each word in it."""
    text = room(len(tokens) + len(offsets), np.int32, limit / 2)
    counts, n = np.zeros(words, np.int64), 0
    for first in range(0, len(tokens), _PART):
        if first:
            yield 0
        n = _lay(tokens, first, min(first + _PART, len(tokens)), offsets, words, text, n, counts)
    text[n], text = -1, text[: n + 1]
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    nexts, places = begins[:-1].copy(), room(int(begins[-1]), np.int32, limit / 2)
    for first in range(0, len(text), _PART):
        if first:
            yield 0
        _file(text, first, min(first + _PART, len(text)), nexts, places)
    return text, begins, places


def _jobs(counts: np.ndarray, reach: int) -> Iterator[tuple[int, int]]:
    """The rows in pieces (first, last) that meet some million neighbours and fill some million cells at most."""
    met = np.concatenate([[0], np.cumsum(counts * reach)])
    cells = np.concatenate([[0], np.cumsum(np.minimum(counts * reach, len(counts)))])
    first = 0
    while first < len(counts):
        ends = [int(np.searchsorted(sums, sums[first] + most, "right")) - 1 for sums, most in
                ((met, _MET), (cells, _CELLS))]  # fmt: skip
        last = max(first + 1, min(ends))
        yield first, last
        first = last


class _Spare:
    """Arrays to work in, as many as are at work at once."""

    def __init__(self, words: int):
        self.words, self._free = words, []  # type: int, list[Any]

    def lent(self, work: Callable[[Any], Any]) -> Any:
        own = self._free.pop() if self._free else (np.zeros(self.words, np.int64), np.empty(self.words + 1, np.int32))
        try:
            return work(own)
        finally:
            self._free.append(own)


def _counted(text, begins, places, first, last, weights, both, own) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    met = np.diff(begins[first : last + 1]) * (len(weights) - 1) * (1 + both)
    most = int(np.minimum(met, len(begins) - 1).sum())
    indices, values, ends = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(last - first, np.int64)
    sums, touched = own
    n = rows(text, begins, places, first, last, weights, both, sums, touched, indices, values, ends)
    return np.diff(ends, prepend=0), indices[:n].copy(), values[:n].copy()


def in_order(pool: ThreadPoolExecutor, work: Callable[..., Any], jobs: Iterable[Any], ahead: int) -> Iterator[Any]:
    """The results of work(*job) in the order of the jobs, `ahead` of them begun at once; None each 0.1 s of waiting."""
    begun: deque[Future] = deque()
    for job in jobs:
        begun.append(pool.submit(work, *job))
        if len(begun) >= ahead:
            yield from _awaited(begun.popleft())
    while begun:
        yield from _awaited(begun.popleft())


def _awaited(future: Future) -> Iterator[Any]:
    while not wait([future], _TICK).done:
        yield None
    yield future.result()
