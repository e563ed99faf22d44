"""Counts as weights: of terms in documents (tf-idf, log-entropy), and of words that meet (PMI and its kin).

A large matrix is gone through in blocks: a generator here yields between them, and returns what it was called for.
"""

import math
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from core.encoders.kernels.documents import Rows

Ticks = Generator[None, None, Any]


def column_sums(rows: Rows, values: Callable[[Rows], np.ndarray], words: int) -> Ticks:
    """Returns float64 (words,): the sums over rows of these values of the entries."""
    found = np.zeros(words)
    for _, block in rows.blocks():
        found += np.bincount(block.indices, values(block), words)
        yield
    return found


def global_weights(weights: str, counts: Rows, words: int) -> Ticks:
    """Returns float64 (V,): what every document's weight of a word is multiplied by."""
    n = len(counts)
    if weights == "tf-idf":
        df = yield from column_sums(counts, lambda block: np.ones(len(block.values)), words)
        return np.log((1 + n) / (1 + df)) + 1
    if weights == "raw" or n < 2:
        return np.ones(words)
    totals = yield from column_sums(counts, lambda block: block.values, words)

    def spread(block: Rows) -> np.ndarray:
        share = block.values / totals[block.indices]
        return share * np.log2(share)

    found = yield from column_sums(counts, spread, words)
    found = 1 + found / math.log2(n)
    return np.where(found > 1e-9, found, 0)  # a word that all documents share evenly, but for rounding


def associations(counts: Rows, first: int, met: np.ndarray, kind: str, smoothing: float, shift: float) -> Rows:
    """float32 weights of how often words meet: with N(w, c) of them, log of P(w, c) / (P(w) P(c)), P(c) in proportion
    to N(c)^smoothing. Pairs that never meet stay 0.

    counts: a block whose rows are contexts, from the `first` on; met float64 (V,): N(c) of every word.
    """
    values, indptr, indices = counts.values.astype(np.float64), counts.indptr, counts.indices
    if kind == "log":
        values = np.log1p(values)
    elif kind != "raw":
        chance = met**smoothing / max(1.0, (met**smoothing).sum())
        row = first + np.repeat(np.arange(len(counts)), np.diff(indptr))
        values = np.log(values / (met[indices] * chance[row]))
        if kind == "shifted ppmi":
            values -= math.log(shift)
        if kind != "pmi":
            keep = values > 0
            indptr = np.concatenate([[0], np.cumsum(keep)])[indptr].astype(np.int64)
            indices, values = indices[keep], values[keep]
    return Rows(indptr, indices, values.astype(np.float32))


def variance(samples: Rows) -> Ticks:
    """Returns the sum over columns of their variance over rows."""
    words = int(samples.indices.max(initial=0)) + 1
    total = yield from column_sums(samples, lambda block: block.values, words)
    squares = yield from column_sums(samples, lambda block: block.values.astype(np.float64) ** 2, words)
    return float(squares.sum() / len(samples) - ((total / len(samples)) ** 2).sum())
