"""Sparse matrices by rows times narrow dense ones, compiled, and the singular vectors that come of it.

Halko, Martinsson and Tropp (2011), Finding structure with randomness: subspace iteration with a random start
(algorithm 4.4), here with the Rayleigh-Ritz step after every iteration, which is of small matrices alone: so that each
iteration ends with singular vectors that can be looked at.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import float32, float64, int32, int64, njit, types, void

from core.encoders.kernels.documents import Rows

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_BLOCK = 1 << 13  # rows of a dense matrix at a time
_EACH = 20_000_000  # multiplications and additions of one piece of a product, some milliseconds


def _read(kind: Any, dimensions: int = 1) -> Any:
    return types.Array(kind, dimensions, "C", readonly=True)


_I4, _I8, _F4 = _read(int32), _read(int64), _read(float32)


@njit(void(_I8, _I4, _F4, int64, int64[::1], int32[::1], float32[::1]), **_COMPILED)
def _turn(indptr, indices, values, first, places, rows, turned):
    """Write every entry of a block, whose first row is `first`, where its column begins, places (columns,), which then
    moves on."""
    for row in range(len(indptr) - 1):
        for i in range(indptr[row], indptr[row + 1]):
            place = places[indices[i]]
            rows[place], turned[place] = first + row, values[i]
            places[indices[i]] = place + 1


def transposed(matrix: Rows, columns: int) -> Generator[None, None, Rows]:
    """Returns the matrix by columns: row j of it is column j, in the order of rows. Yields now and then."""
    lengths = np.zeros(columns, np.int64)
    for _, block in matrix.blocks():
        lengths += np.bincount(block.indices, minlength=columns)
        yield
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    places, rows, values = indptr[:-1].copy(), np.empty_like(matrix.indices), np.empty_like(matrix.values)
    for first, block in matrix.blocks():
        _turn(block.indptr, block.indices, block.values, first, places, rows, values)
        yield
    return Rows(indptr, rows, values)


@njit(void(_I8, _I4, _F4, _read(float32, 2), int64, int64, float32[:, ::1]), fastmath={"contract"}, **_COMPILED)
def multiply(indptr, indices, values, dense, first, last, product):
    """Rows first to last of the matrix times dense, (columns, l), into product (rows, l)."""
    for row in range(first, last):
        sums = product[row]
        sums[:] = 0
        i, end = indptr[row], indptr[row + 1]
        while i + 4 <= end:  # four at once: the sums are read and written a quarter as often
            a, b, c, d = dense[indices[i]], dense[indices[i + 1]], dense[indices[i + 2]], dense[indices[i + 3]]
            x, y, z, w = values[i], values[i + 1], values[i + 2], values[i + 3]
            for j in range(len(sums)):
                sums[j] += (x * a[j] + y * b[j]) + (z * c[j] + w * d[j])
            i += 4
        while i < end:
            x, a = values[i], dense[indices[i]]
            for j in range(len(sums)):
                sums[j] += x * a[j]
            i += 1


@njit(float64[:, ::1](_read(float32, 2)), fastmath={"contract"}, **_COMPILED)
def inner(vectors):
    """float64 (l, l): the inner products of columns i <= j, in row i; void below. No library's threads, which would
    wait for each other's. Four rows and four columns at once: every number that is read serves four times."""
    n, width = vectors.shape
    wide = -(-width // 4) * 4
    total, rows = np.zeros((wide, wide)), np.zeros((4, wide))
    for begin in range(0, n, 4):
        count = min(4, n - begin)
        rows[count:] = 0
        rows[:count, :width] = vectors[begin : begin + count]
        a, b, c, d = rows[0], rows[1], rows[2], rows[3]
        for i in range(0, wide, 4):
            a0, b0, c0, d0, sums0 = a[i], b[i], c[i], d[i], total[i]
            a1, b1, c1, d1, sums1 = a[i + 1], b[i + 1], c[i + 1], d[i + 1], total[i + 1]
            a2, b2, c2, d2, sums2 = a[i + 2], b[i + 2], c[i + 2], d[i + 2], total[i + 2]
            a3, b3, c3, d3, sums3 = a[i + 3], b[i + 3], c[i + 3], d[i + 3], total[i + 3]
            for j in range(i, wide):
                x, y, z, w = a[j], b[j], c[j], d[j]
                sums0[j] += a0 * x + b0 * y + c0 * z + d0 * w
                sums1[j] += a1 * x + b1 * y + c1 * z + d1 * w
                sums2[j] += a2 * x + b2 * y + c2 * z + d2 * w
                sums3[j] += a3 * x + b3 * y + c3 * z + d3 * w
    return total[:width, :width].copy()


@njit(void(_read(float32, 2), _read(float32, 2), float32[:, ::1]), fastmath={"contract"}, **_COMPILED)
def turned(vectors, turn, found):
    """vectors (n, l) times turn (l, k) into found (n, k)."""
    n, width = vectors.shape
    for row in range(n):
        sums, vector, i = found[row], vectors[row], 0
        sums[:] = 0
        while i + 4 <= width:
            a, b, c, d = turn[i], turn[i + 1], turn[i + 2], turn[i + 3]
            x, y, z, w = vector[i], vector[i + 1], vector[i + 2], vector[i + 3]
            for j in range(len(sums)):
                sums[j] += (x * a[j] + y * b[j]) + (z * c[j] + w * d[j])
            i += 4
        while i < width:
            x, a = vector[i], turn[i]
            for j in range(len(sums)):
                sums[j] += x * a[j]
            i += 1


def product(matrix: Rows, dense: np.ndarray, pool: ThreadPoolExecutor, threads: int) -> Generator[float, None, Any]:
    """Yields the share done, returns float32 (rows, l): the matrix times dense, float32 (columns, l)."""
    found, parts = np.empty((len(matrix), dense.shape[1]), np.float32), (matrix.indptr, matrix.indices, matrix.values)
    marks = np.arange(0, len(matrix.indices), max(1, _EACH // dense.shape[1]))
    edges = np.unique(np.concatenate([np.searchsorted(matrix.indptr, marks), [0, len(matrix)]])).tolist()
    work: Callable[[int, int], None] = lambda first, last: multiply(*parts, dense, first, last, found)  # noqa: E731
    for i in range(0, len(edges) - 1, 2 * threads):
        some = edges[i : i + 2 * threads + 1]
        list(pool.map(work, some, some[1:]))
        yield some[-1] / len(matrix)
    return found


class Subspace(NamedTuple):
    """Approximate singular vectors, the largest value first, made into arrays when they are asked for.

    left float32 (rows, l) and singular float64 (l,); right float32 (columns, l) is `basis @ turn`. Where the matrix has
    fewer than l dimensions, the values and vectors beyond are 0.
    """

    left: np.ndarray
    singular: np.ndarray
    basis: np.ndarray
    turn: np.ndarray

    def right(self, k: int, pool: ThreadPoolExecutor) -> np.ndarray:
        """float32 (columns, k): the first k."""
        return _turned(self.basis, self.turn[:, :k], pool)


def iteration(
    rows: Rows, columns: Rows, left: np.ndarray, pool: ThreadPoolExecutor, threads: int
) -> Generator[float, None, Subspace]:
    """One subspace iteration: yields the share done, returns a Subspace.

    rows and columns: the matrix and its transpose; left: any start, or the left of the iteration before. The entry of
    largest absolute value in each column of left is positive. Columns are made orthogonal by their inner products,
    taken in float64 after each was scaled to length 1: after the first iteration they nearly are.
    """
    basis = yield from _half(product(columns, left, pool, threads), 0.0)
    yield 0.5
    basis /= np.maximum(np.sqrt(np.einsum("ij,ij->j", basis, basis)), np.float32(1e-30))
    spread, _ = _orthogonal(_inner(basis, pool))
    image = yield from _half(product(rows, basis, pool, threads), 0.5)
    yield 1.0
    square = spread.T @ _inner(image, pool) @ spread
    lengths = np.sqrt(np.maximum(square.diagonal(), 1e-60))
    upper, lower = _orthogonal(square / np.outer(lengths, lengths))
    turned, singular, back = np.linalg.svd(lower * lengths)
    whole = spread @ ((upper / lengths[:, None]) @ turned)
    real = singular > 1e-6 * singular[0]
    yield 1.0
    left = _turned(image, (whole * real).astype(np.float32), pool)
    signs = np.where(-left.min(0) > left.max(0), -1, 1).astype(np.float32)
    turn = (spread @ back.T * real * signs).astype(np.float32)
    return Subspace(left * signs, singular * real, basis, turn)


def _inner(vectors: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    """float64 (l, l): the inner products of the columns."""
    total = np.zeros((vectors.shape[1],) * 2)
    for several in pool.map(lambda begin: inner(vectors[begin : begin + _BLOCK]), range(0, len(vectors), _BLOCK)):
        total += several
    return np.triu(total) + np.triu(total, 1).T


def _turned(vectors: np.ndarray, turn: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    """float32 (n, k): vectors (n, l) @ turn (l, k)."""
    found, turn = np.empty((len(vectors), turn.shape[1]), np.float32), np.ascontiguousarray(turn)
    begins = range(0, len(vectors), _BLOCK)
    list(pool.map(lambda a: turned(vectors[a : a + _BLOCK], turn, found[a : a + _BLOCK]), begins))
    return found


def _orthogonal(inner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(upper, lower), float64 (l, l): columns of these inner products times `upper` are orthonormal, or 0 beyond the
    dimensions there are; those times `lower` are the columns again."""
    values, vectors = np.linalg.eigh(inner)
    roots = np.sqrt(np.where(values > 1e-12 * values[-1], values, 0))
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=roots > 0)
    return vectors * inverse, roots[:, None] * vectors.T


def _half(steps: Generator[float, None, Any], begin: float) -> Generator[float, None, Any]:
    """The first or second half of the work."""
    while True:
        try:
            yield begin + next(steps) / 2
        except StopIteration as end:
            return end.value
