"""A matrix of words that stand near words, to be looked at: its sums, some of its cells, and what a count becomes.

Of a large matrix the cells among the most frequent words are kept: as many words as have two million cells together.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encoders.kernels.documents import Rows
from core.encoders.kernels.spool import Spool
from core.problem import Problem

KEPT = 2_000_000  # cells
_TICK = 0.1  # seconds
Ticks = Generator[None, None, Any]
Step = tuple[str, float, dict[str, float]]  # the phase, how far it is in epochs or iterations, the metrics


@dataclass(frozen=True)
class Cells:
    """rows: float32 counts of the first K words beside each other; sums float64 (2, V): of every row and every column
    of the whole matrix; cells: how many of it are not 0."""

    rows: Rows
    sums: np.ndarray
    cells: int

    @classmethod
    def none(cls, words: int) -> "Cells":
        return cls(Rows(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)), np.zeros((2, words)), 0)

    def arrays(self) -> dict[str, np.ndarray]:
        """As a state."""
        return {"counted_begins": self.rows.indptr, "counted_columns": self.rows.indices, "counted": self.rows.values,
                "counted_sums": self.sums, "counted_cells": np.array([self.cells])}  # fmt: skip

    @classmethod
    def of(cls, state: dict[str, np.ndarray]) -> "Cells":
        rows = Rows(state["counted_begins"], state["counted_columns"], state["counted"])
        return cls(rows, state["counted_sums"], int(state["counted_cells"][0]))

    @property
    def total(self) -> float:
        return float(self.sums[0].sum())

    def among(self, words: np.ndarray) -> np.ndarray:
        """float32 (n, n): the counts of these words, int (n,) below K, as rows and as columns."""
        found, line = np.zeros((len(words), len(words)), np.float32), np.zeros(len(self.rows), np.float32)
        for i, word in enumerate(words):
            columns, values = self.rows.row(word)
            line[columns] = values
            found[i] = line[words]
            line[columns] = 0
        return found

    def associated(self, counts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float64: ln(x N / (x_i x_j)), how much more often than by chance (PMI); rows and columns: the words of each
        count. -inf where the count is 0."""
        with np.errstate(divide="ignore"):
            return np.log(np.asarray(counts, np.float64) * self.total / (self.sums[0][rows] * self.sums[1][columns]))

    def transformed(self, kind: str, counts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float32: "raw" counts, their "log" ln(1 + x), or "ppmi", the association where it is above 0."""
        if kind == "ppmi":
            return np.maximum(self.associated(counts, rows, columns), 0).astype(np.float32)
        return np.log1p(counts) if kind == "log" else np.asarray(counts)

    def weighed(self, counts: Rows, kind: str, limit: float) -> Ticks:
        """Returns Rows: the whole matrix transformed, of which `limit` bytes in memory. Raises Problem if nothing is
        left of it."""
        if kind == "raw":
            return counts
        lengths, indices, values = [np.zeros(1, np.int64)], Spool(np.int32, limit / 2), Spool(np.float32, limit / 2)
        for first, block in counts.blocks():
            row = np.repeat(np.arange(len(block)), np.diff(block.indptr))
            found = self.transformed(kind, block.values, first + row, block.indices)
            chosen = found > 0
            lengths.append(np.bincount(row[chosen], minlength=len(block)))
            indices.append(block.indices[chosen])
            values.append(found[chosen])
            yield
        if not values.length:
            raise Problem("These weights leave no number above 0 in the matrix: choose other weights, a smaller shift, "
                          "or a longer text.")  # fmt: skip
        return Rows(np.cumsum(np.concatenate(lengths)), indices.array(), values.array())

    def facts(self) -> dict[str, Any]:
        """Of the whole matrix: words V, cells that are not 0, zeros (the share of the others), total; kept: K."""
        words = self.sums.shape[1]
        return {"words": words, "cells": self.cells, "zeros": 1 - self.cells / words**2, "total": self.total,
                "kept": len(self.rows)}  # fmt: skip

    def strongest(self, row: int, k: int, order: str) -> dict[str, np.ndarray]:
        """ids int32 (k,) of the largest counts of a row, or with order "pmi" of the largest associations; counts and
        pmi, float32."""
        columns, counts = self.rows.row(row)
        pmi = self.associated(counts, np.array([row]), columns)
        best = np.argsort(-(pmi if order == "pmi" else counts), kind="stable")[:k]
        return {"ids": columns[best], "counts": counts[best], "pmi": pmi[best].astype(np.float32)}

    def sample(self, k: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and columns int32 and counts float32 of at most k of the cells, drawn evenly, in the order of rows."""
        count = len(self.rows.indices)
        chosen = np.sort(np.random.default_rng(seed).choice(count, min(k, count), replace=False))
        row = np.searchsorted(self.rows.indptr, chosen, "right") - 1
        return row.astype(np.int32), self.rows.indices[chosen], self.rows.values[chosen]


def sums(counts: Rows, symmetric: bool) -> Ticks:
    """Returns float64 (2, V): the sums of every row and every column."""
    found = np.zeros((2, len(counts)))
    for first, block in counts.blocks():
        upto = np.concatenate([[0.0], np.cumsum(block.values, dtype=np.float64)])[block.indptr]
        found[0, first : first + len(block)] = np.diff(upto)
        if not symmetric:
            found[1] += np.bincount(block.indices, block.values, len(counts))
        yield
    if symmetric:
        found[1] = found[0]
    return found


def kept(counts: Rows, symmetric: bool, most: int = KEPT) -> Ticks:
    """Returns the Cells of a matrix (V, V): those among its first K words, at most so many."""
    totals, words = (yield from sums(counts, symmetric)), (yield from _first(counts, most))
    parts = [Rows(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))]
    for first, block in counts.blocks():
        if first >= words:
            break
        chosen = block.indices < words
        begins = np.concatenate([[0], np.cumsum(chosen)])[block.indptr[: words - first + 1]]
        parts.append(Rows(begins, block.indices[chosen][: begins[-1]], block.values[chosen][: begins[-1]]))
        yield
    return Cells(Rows.joined(parts), totals, len(counts.indices))


def _first(counts: Rows, most: int) -> Ticks:
    """Returns how many of the first words have at most so many cells among each other."""
    low, high = min(len(counts), int(most**0.5)), len(counts)
    if len(counts.indices) <= most:
        return high
    step = low
    while low < high - 1:
        words = min(low + step, (low + high) // 2)
        if np.count_nonzero(counts.indices[: counts.indptr[words]] < words) <= most:
            low, step = words, 2 * step
        else:
            high = words
        yield
    return low


def different_pairs(counts: np.ndarray, met: float) -> float:
    """How many different pairs there are among so many, if each word is drawn by its frequency."""
    share = counts / counts.sum()
    kind = np.floor(4 * np.log2(counts)).astype(np.int64)  # words of about the same frequency
    number = np.bincount(kind)
    mean = np.bincount(kind, share) / np.maximum(1, number)
    return float((np.outer(number, number) * -np.expm1(-met * np.outer(mean, mean))).sum())


def ticking(steps: Generator[float | None, None, Any], phase: str, done: float) -> Generator[Step, None, Any]:
    """The steps of a generator that yields the share done or None, ten times a second; returns what it returns."""
    said = -_TICK
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            return end.value
        if time.monotonic() > said + _TICK:
            said = time.monotonic()
            yield phase, done + (share or 0), {}
