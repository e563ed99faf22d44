"""A text small enough to do by hand what a kernel of word2vec does with it."""

from functools import cached_property

import numpy as np

from core.encoders.kernels import word2vec as kernels
from core.encoders.kernels.tiles import aligned


def normal(draw: np.random.Generator, rows: int, dim: int) -> np.ndarray:
    """Random vectors, filled up with zeros."""
    made = aligned(rows, dim)
    made[:, :dim] = draw.normal(size=(rows, dim)) / 3
    return made


def read_only(ids: np.ndarray) -> np.ndarray:
    """Tokens as a corpus has them."""
    tokens = ids.astype(np.int32)
    tokens.flags.writeable = False
    return tokens


class Toy:
    """Two pieces of text, 13 and 16 words, which one block holds; and the negatives that a kernel will draw for it."""

    words, negative, shared, step, rate, seed = 20, 5, 8, kernels.T, 0.05, np.uint64(77)

    def __init__(self, dim: int, window: int = 3):
        self.dim, self.window, draw = dim, window, np.random.default_rng(3)
        self.tokens = read_only(draw.integers(0, self.words, 29))
        self.pieces = np.array([[0, 13], [13, 29]])
        self.inputs, self.outputs = (normal(draw, self.words, dim) for _ in range(2))
        self.before = [torch(self.inputs), torch(self.outputs)]
        self.keep, self.totals = np.full(self.words, 0xFFFFFFFF, np.uint32), np.zeros(2)
        self.table = kernels.alias_table(np.arange(1.0, self.words + 1))

    def run(self, kernel, rate=None):
        rate, block = np.float32(self.rate if rate is None else rate), kernels.prepare(29, self.dim, self.window, 8)
        kernel(self.tokens, self.pieces, (self.keep, *self.table), self.inputs, self.outputs, block, self.window,
               (rate, rate), self.seed, 1, self.totals, self.negative, self.step)  # fmt: skip

    @cached_property
    def noise(self) -> np.ndarray:
        """Each word's share of the negatives, for which the kernel draws after one number for each token."""
        state, ids = self.seed, np.zeros(self.shared, np.int32)
        for _ in self.tokens:
            state = np.uint64(kernels.next_random(state))
        kernels.draw(*self.table, state, ids)
        return np.bincount(ids, minlength=self.words) / self.shared

    def neighbours(self, i: int) -> list[int]:
        first, last = next((a, b) for a, b in self.pieces if a <= i < b)
        return [c for c in range(max(first, i - self.window), min(last, i + self.window + 1)) if c != i]


def torch(array: np.ndarray):
    import torch

    return torch.tensor(array, dtype=torch.float64, requires_grad=True)
