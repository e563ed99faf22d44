"""GloVe's weighted least squares with AdaGrad, compiled: one call learns from some pieces of cells without the GIL.

Threads step on the same vectors without waiting for each other (Hogwild, Recht et al. 2011), as the authors' do.
V words, D row width (dim, filled up to a multiple of 16 with zeros).
"""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from core.encoders.kernels.glove_tiles import CELL, HELD, Tiles
from core.encoders.kernels.prefetch import prefetch
from core.encoders.kernels.tiles import LANES, aligned

JIT: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False, "fastmath": True}
_CHUNK = 16  # pieces of one call, some milliseconds
_ROUNDS = 3  # of the biases without vectors, which are then as good as they get
_SAMPLED = 4_000_000  # cells that are enough to fit them to


class Weights(NamedTuple):
    """What is learned, float32. main, context (V, D): the vectors of a word as a row and as a column of the matrix;
    biases (V, 2) likewise; and of each what AdaGrad divides by the root of, which grows from 1."""

    main: np.ndarray
    context: np.ndarray
    biases: np.ndarray
    main_squares: np.ndarray
    context_squares: np.ndarray
    bias_squares: np.ndarray


@njit(inline="always")
def _ask(weights, i, j):
    """Bring near what the next cell needs."""
    width = weights.main.shape[1]
    for k in range(0, width, 2 * LANES):  # its neighbour in memory comes with each line
        prefetch(weights.main, i * width + k)
        prefetch(weights.context, j * width + k)
        prefetch(weights.main_squares, i * width + k)
        prefetch(weights.context_squares, j * width + k)


@njit(**JIT)
def learn(cells, pieces, order, first, last, weights, rate):
    """Descend on the pieces order[first:last] of the cells; returns the sum of their weighted squared errors.

    Pennington, Socher and Manning (2014), eq. 8, and AdaGrad as the authors' program has it: a step is
    rate * gradient / sqrt(1 + sum of all (rate * gradient)^2 before), for the biases with a rate of 1; the gradient is
    that of half the weighted squared error.
    """
    main, context, biases, main_squares, context_squares, bias_squares = weights
    loss, width = 0.0, main.shape[1]
    for p in range(first, last):
        piece = pieces[order[p]]
        for z in range(piece[0], piece[1]):
            cell, coming = cells[z], cells[min(z + 1, piece[1] - 1)]
            i, j = piece[2] + cell.row, piece[3] + cell.column
            _ask(weights, piece[2] + coming.row, piece[3] + coming.column)
            w, c, w_squares, c_squares = main[i], context[j], main_squares[i], context_squares[j]
            error = np.float32(0)
            for k in range(width):
                error += w[k] * c[k]
            error += biases[i, 0] + biases[j, 1] - cell.log
            slope = cell.weight * error
            loss += slope * error
            for k in range(width):
                w_step, c_step = rate * slope * c[k], rate * slope * w[k]
                w[k] -= w_step / np.sqrt(w_squares[k])
                c[k] -= c_step / np.sqrt(c_squares[k])
                w_squares[k] += w_step * w_step
                c_squares[k] += c_step * c_step
            biases[i, 0] -= slope / np.sqrt(bias_squares[i, 0])
            biases[j, 1] -= slope / np.sqrt(bias_squares[j, 1])
            bias_squares[i, 0] += slope * slope
            bias_squares[j, 1] += slope * slope
    return loss


@njit(**JIT)
def measure(held, weights):
    """The sum of the weighted squared errors of the cells that were held out."""
    loss = 0.0
    for z in range(len(held)):
        cell = held[z]
        error = np.float32(0)
        for k in range(weights.main.shape[1]):
            error += weights.main[cell.row, k] * weights.context[cell.column, k]
        error += weights.biases[cell.row, 0] + weights.biases[cell.column, 1] - cell.log
        loss += cell.weight * error * error
    return loss


@njit(**JIT)
def _alternate(cells, pieces, first, last, biases, side, above, below):
    """Of biases without vectors, float64 (V, 2): add to above and below (V,) what the best of one side is made of, and
    return the sum of the weighted squared errors as they are."""
    loss = 0.0
    for p in range(first, last):
        piece = pieces[p]
        for z in range(piece[0], piece[1]):
            cell = cells[z]
            i, j = piece[2] + cell.row, piece[3] + cell.column
            error = cell.log - biases[i, 0] - biases[j, 1]
            loss += cell.weight * error * error
            own = j if side else i
            above[own] += cell.weight * (error + biases[own, side])
            below[own] += cell.weight
    return loss


def biases_only(tiles: Tiles, words: int, threads: int) -> Generator[None, None, float]:
    """Returns the least mean weighted squared error without vectors, b_i + b_j alone: each side's best in turn, on some
    million cells."""
    pieces = np.ascontiguousarray(tiles.pieces[:: max(1, len(tiles.cells) // _SAMPLED)])
    biases, parts = np.zeros((words, 2)), np.linspace(0, len(pieces), 8 * threads + 1).astype(np.int64).tolist()
    loss = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for side in [0, 1] * _ROUNDS + [0]:
            sums, loss = np.zeros((2, words)), 0.0

            def work(first: int, last: int, side: int = side) -> tuple[np.ndarray, float]:
                own = np.zeros((2, words))
                return own, _alternate(tiles.cells, pieces, first, last, biases, side, *own)

            for own, part in pool.map(work, parts, parts[1:]):
                sums, loss = sums + own, loss + part
                yield
            biases[:, side] = sums[0] / np.maximum(sums[1], 1e-30)
    return loss / max(1, int((pieces[:, 1] - pieces[:, 0]).sum()))


class Course:
    """What is fixed for one descent: the cells and their order. A chunk is some pieces; an epoch is all of them in an
    order of its own, which depends on the seed and the epoch alone."""

    def __init__(self, tiles: Tiles, seed: int, rate: float):
        self.tiles, self.seed, self.rate = tiles, seed, np.float32(rate)
        self.chunks = -(-len(tiles.pieces) // _CHUNK)
        self._epoch, self._order = -1, np.zeros(0, np.int64)

    def begin(self, epoch: int) -> None:
        """Take up an epoch's order, before its chunks are learned."""
        if epoch != self._epoch:
            draw = np.random.default_rng([self.seed, epoch])
            self._epoch, self._order = epoch, draw.permutation(len(self.tiles.pieces))

    def round(
        self, position: int, count: int, weights: Weights, pool: ThreadPoolExecutor, threads: int
    ) -> tuple[int, float]:
        """Learn from the next `count` chunks, or those left of the epoch: the new position and the mean weighted
        squared error, each cell's before its step. position: chunks done, over all epochs."""
        epoch, first = divmod(position, self.chunks)
        last = min(first + count, self.chunks)
        self.begin(epoch)
        chunks = iter(range(first, last))  # next() on it is atomic: each thread takes its own
        workers = [pool.submit(lambda: sum(self.learn(chunk, weights) for chunk in chunks)) for _ in range(threads)]
        loss = sum(worker.result() for worker in workers)
        pieces = self.tiles.pieces[self._order[first * _CHUNK : last * _CHUNK]]
        return position + last - first, float(loss / max(1, int((pieces[:, 1] - pieces[:, 0]).sum())))

    def learn(self, chunk: int, weights: Weights) -> float:
        """Learn from one chunk of the epoch; the sum of its weighted squared errors."""
        tiles, first = self.tiles, chunk * _CHUNK
        last = min(first + _CHUNK, len(self._order))
        return float(learn(tiles.cells, tiles.pieces, self._order, first, last, weights, self.rate))

    def held_out(self, weights: Weights, most: int) -> dict[str, float]:
        """The mean weighted squared error of at most so many cells that are not learned from, if there are any."""
        held = self.tiles.held[:: max(1, len(self.tiles.held) // most)]
        return {"held_out": measure(np.ascontiguousarray(held), weights) / len(held)} if len(held) else {}


def begin(words: int, dim: int, seed: int) -> Weights:
    """As in the authors' program: all uniform in +-0.5 / dim. Not yet laid."""
    draw, shape = np.random.default_rng(seed), (words, dim)
    main, context = ((draw.random(shape, np.float32) - np.float32(0.5)) / dim for _ in range(2))
    biases = (draw.random((words, 2), np.float32) - np.float32(0.5)) / dim
    ones = np.ones(shape, np.float32)
    return Weights(main, context, biases, ones, ones, np.ones((words, 2), np.float32))


def laid(main: Any, context: Any, biases: Any, main_squares: Any, context_squares: Any, bias_squares: Any) -> Weights:
    """Copies of these, (V, dim) and (V, 2), as Weights: rows filled up, from multiples of 64 bytes."""

    def wide(rows: np.ndarray, filler: float) -> np.ndarray:
        padded = aligned(*rows.shape)
        padded[:] = filler
        padded[:, : rows.shape[1]] = rows
        return padded

    return Weights(wide(main, 0), wide(context, 0), biases.copy(), wide(main_squares, 1), wide(context_squares, 1),
                   bias_squares.copy())  # fmt: skip


def warm() -> None:
    """Compile what learns."""
    cells = np.zeros(1, CELL)
    cells.flags.writeable = False
    tiles = Tiles(cells, np.zeros((1, 4), np.int64), np.zeros(1, HELD))
    course, weights = Course(tiles, 0, 0.0), laid(*begin(1, 2, 0))
    course.begin(0)
    course.learn(0, weights)
    course.held_out(weights, 1)
    for _ in biases_only(tiles, 1, 1):
        pass
