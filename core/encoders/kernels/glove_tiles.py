"""The cells of a matrix for GloVe to learn from: shuffled within tiles, in memory or, beyond a bound, on disk.

The cells are grouped by tiles of some hundred words by as many, shuffled within each, and a tile is cut into pieces of
a few thousand cells, which come in any order: while a piece lasts, the vectors of its words stay in a core's cache. To
visit whole tiles instead slows learning, as then all visits to a frequent word come together.
"""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import float32, from_dtype, int32, int64, njit, types, uint64, void

from core.encoders.kernels.cooccurrence import in_order
from core.encoders.kernels.documents import Rows
from core.encoders.kernels.spool import Spool

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_FAST: Any = {**_COMPILED, "fastmath": True}
PIECE = 4096  # cells
_TILES = 400  # across a matrix at most, in tiles of 512 words or more
_GROUP = 2_000_000  # cells shuffled at a time by a thread
_HELD, _ENOUGH = 1 / 200, 20  # the share of cells held out, if there are so many a word: else too little is left

# row and column count from the first words of the tile; log of the count; weight f(count), 0..1
CELL = np.dtype([("row", np.uint16), ("column", np.uint16), ("log", np.float32), ("weight", np.float32)])
HELD = np.dtype([("row", np.int32), ("column", np.int32), ("log", np.float32), ("weight", np.float32)])


def _read(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


_I4, _I8, _F4 = _read(int32), _read(int64), _read(float32)


class Tiles(NamedTuple):
    """The shuffled cells. cells: CELL (n,), read-only; pieces int64 (p, 4): where each begins and ends, and the words
    that row 0 and column 0 of its tile are; held: HELD (h,), the cells that are not learned from."""

    cells: np.ndarray
    pieces: np.ndarray
    held: np.ndarray


@njit(uint64(uint64), **_COMPILED)
def mixed(z):
    """A well mixed 64-bit number (splitmix64, Steele et al. 2014)."""
    z += np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(inline="always")
def _is_held(i, j, key, limit):
    """Whether a cell, and the one across the diagonal with it, is held out."""
    low, high = np.uint64(min(i, j)), np.uint64(max(i, j))
    z = (key ^ (low << np.uint64(32) | high)) * np.uint64(0xBF58476D1CE4E5B9)
    return (z ^ (z >> np.uint64(32))) * np.uint64(0x94D049BB133111EB) < limit


@njit(void(_I8, _I4, int64, int64, int64, uint64, uint64, int64[::1]), **_COMPILED)
def _tally(indptr, indices, first, last, shift, key, limit, lengths):
    """Add up the cells of rows first to last that are learned from, by tiles of 2^shift columns."""
    for row in range(first, last):
        for z in range(indptr[row], indptr[row + 1]):
            if not _is_held(row, indices[z], key, limit):
                lengths[indices[z] >> shift] += 1


_SCATTER = int64(
    _I8, _I4, _F4, int64, int64, int64, int64, int64, float32, float32, uint64, uint64, int64[::1],
    types.Array(from_dtype(CELL), 1, "C"), types.Array(from_dtype(HELD), 1, "C"),
)  # fmt: skip


@njit(_SCATTER, **_FAST)
def _scatter(indptr, indices, values, first, last, low, high, shift, x_max, alpha, key, limit, nexts, cells, held):
    """Write the cells of rows first to last and of column tiles low to high, those of tile k from nexts[k - low] on,
    which moves on; those held out into held. Returns how many these are."""
    count, mask, top = 0, (1 << shift) - 1, np.log(x_max)
    for row in range(first, last):
        for z in range(indptr[row], indptr[row + 1]):
            column = indices[z]
            tile = (column >> shift) - low
            if tile < 0 or tile >= high - low:
                continue
            log = np.log(values[z])
            weight = np.exp(min(np.float32(0), alpha * (log - top)))  # f(x) = (x / x_max)^alpha, 1 above x_max (eq. 9)
            if _is_held(row, column, key, limit):
                cell = held[count]
                cell.row, cell.column, cell.log, cell.weight = row, column, log, weight
                count += 1
            else:
                cell_ = cells[nexts[tile]]
                cell_.row, cell_.column, cell_.log, cell_.weight = row - first, column & mask, log, weight
                nexts[tile] += 1
    return count


@njit(void(types.Array(from_dtype(CELL), 1, "C"), int64, int64, uint64), **_COMPILED)
def _mix(cells, first, last, state):
    """Shuffle the cells first to last (Fisher and Yates)."""
    for z in range(last - 1, first, -1):
        drawn = mixed(state + np.uint64(z))
        y = first + np.int64(((drawn >> np.uint64(32)) * np.uint64(z + 1 - first)) >> np.uint64(32))
        a, b = cells[z], cells[y]
        row, column, log, weight = a.row, a.column, a.log, a.weight
        a.row, a.column, a.log, a.weight = b.row, b.column, b.log, b.weight
        b.row, b.column, b.log, b.weight = row, column, log, weight


def shuffled(
    counts: Rows, x_max: float, alpha: float, seed: int, threads: int, memory: float = np.inf
) -> Generator[float, None, Tiles]:
    """Yields half the share done, ten times a second, and returns the Tiles of a matrix (V, V). memory: bytes."""
    maker = _Shuffling(counts, x_max, alpha, seed)
    spool, held = Spool(CELL, memory), [np.zeros(0, HELD)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in in_order(pool, maker.tally, enumerate(maker.blocks), 2 * threads):
            yield 0.0
        groups = maker.groups()
        done, total = 0, max(1, len(counts.indices))
        for found in in_order(pool, maker.group, groups, 2 * threads):
            if found is not None:
                spool.append(found[0])
                held.append(found[1])
                done += len(found[0]) + len(found[1])
            yield 0.5 * done / total
    cells = spool.array()
    cells.flags.writeable = False
    return Tiles(cells, maker.pieces(groups), np.concatenate(held))


class _Shuffling:
    """The matrix in blocks of rows, which are a tile high; a group is some tiles of one block, side by side."""

    def __init__(self, counts: Rows, x_max: float, alpha: float, seed: int):
        words = len(counts)
        self.counts, self.weight, self.key = counts, (np.float32(x_max), np.float32(alpha)), np.uint64(seed)
        self.shift = max(9, int(np.ceil(np.log2(max(1, words / _TILES)))))
        size = 1 << self.shift
        self.blocks = [(first, min(first + size, words)) for first in range(0, words, size)]
        self.lengths = np.zeros((len(self.blocks), len(self.blocks)), np.int64)
        share = _HELD if len(counts.indices) >= _ENOUGH * words else 0
        self.limit = np.uint64(int(share * 2**64))

    def tally(self, block: int, rows: tuple[int, int]) -> None:
        """Fill in the lengths of one block's tiles."""
        _tally(self.counts.indptr, self.counts.indices, *rows, self.shift, self.key, self.limit, self.lengths[block])

    def groups(self) -> list[tuple[int, int, int]]:
        """(block, first tile, last tile) of each group, in order."""
        found = []
        for block, lengths in enumerate(self.lengths):
            sums, low = np.concatenate([[0], np.cumsum(lengths)]), 0
            while low < len(lengths):
                high = max(low + 1, int(np.searchsorted(sums, sums[low] + _GROUP, "right")) - 1)
                found.append((block, low, high))
                low = high
        return found

    def group(self, block: int, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
        """The shuffled cells of a group, tile by tile, and those held out."""
        counts, (first, last) = self.counts, self.blocks[block]
        ends = np.cumsum(self.lengths[block, low:high])
        nexts = ends - self.lengths[block, low:high]
        begins, cells = nexts.copy(), np.empty(int(ends[-1]), CELL)
        held = np.empty(int(counts.indptr[last] - counts.indptr[first]) - int(self.lengths[block].sum()), HELD)
        n = _scatter(counts.indptr, counts.indices, counts.values, first, last, low, high, self.shift, *self.weight,
                     self.key, self.limit, nexts, cells, held)  # fmt: skip
        for tile in range(low, high):
            _mix(cells, begins[tile - low], ends[tile - low], mixed(self.key ^ mixed(np.uint64(block << 32 | tile))))
        return cells, held[:n].copy()

    def pieces(self, groups: list[tuple[int, int, int]]) -> np.ndarray:
        """int64 (p, 4): each tile cut into the fewest pieces of at most PIECE cells."""
        lengths = np.concatenate([self.lengths[block, low:high] for block, low, high in groups])
        rows = np.concatenate([np.full(high - low, block) for block, low, high in groups]) << self.shift
        columns = np.concatenate([np.arange(low, high) for _, low, high in groups]) << self.shift
        parts = -(-lengths // PIECE)
        place = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
        begin, length, row, column, parts = (
            np.repeat(array, parts) for array in (np.cumsum(lengths) - lengths, lengths, rows, columns, parts)
        )
        return np.stack([begin + length * place // parts, begin + length * (place + 1) // parts, row, column], 1)
