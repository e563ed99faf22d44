"""A few words compared with each other: the matrix of their similarities, in an order that shows groups, and the one
that does not belong.

The order is that of the Fiedler vector, the second smallest eigenvector of the similarities' Laplacian, which recovers
the order exactly where there is one (Atkins, Boman & Hendrickson 1998); turning stretches around then shortens the way
from word to word as long as that helps (2-opt, Croes 1958).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.explore.neighbours import Space
from core.problem import Problem

MOST = 60  # words


def similarities(space: Space, words: Sequence[int]) -> np.ndarray:
    """float64 (n, n): the cosine of every two of these words, by their indices.

    Raises Problem for more than 60 words, and for one without a direction.
    """
    if len(words) > MOST:
        raise Problem("{n} words are too many for one picture; the limit is {limit}.", n=len(words), limit=MOST)
    units = np.stack([space.unit(word) for word in words]) if words else np.zeros((0, 0))
    return np.clip(units @ units.T, -1, 1)


def seriated(matrix: np.ndarray) -> np.ndarray:
    """int64 (n,): an order in which similar ones stand side by side. matrix: float (n, n), symmetric, larger is nearer.

    Of the two directions it is the one in which the first of all words stands in the first half.
    """
    n = len(matrix)
    if n < 3:
        return np.arange(n)
    weights = matrix - matrix.min()
    _values, vectors = np.linalg.eigh(np.diag(weights.sum(axis=1)) - weights)
    order = _shortened(np.argsort(vectors[:, 1], kind="stable"), 1 - matrix)
    return order if 2 * int(np.flatnonzero(order == 0)[0]) <= n - 1 else order[::-1].copy()


def _shortened(order: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """The order with stretches turned around while the sum of distances from each to the next becomes smaller."""
    padded = np.pad(distances, ((0, 1), (0, 1)))  # a point that is at no distance from any: before and after all
    tour, n = np.concatenate([[-1], order, [-1]]), len(order)
    gained = True
    while gained:
        gained = False
        for first in range(1, n):
            before, begin, ends, after = tour[first - 1], tour[first], tour[first + 1 : -1], tour[first + 2 :]
            change = padded[before, ends] + padded[begin, after] - padded[before, begin] - padded[ends, after]
            if change.min() < -1e-9:
                last = first + 1 + int(change.argmin())
                tour[first : last + 1] = tour[first : last + 1][::-1].copy()
                gained = True
    return tour[1:-1]


def way(order: np.ndarray, distances: np.ndarray) -> float:
    """The sum of the distances from each to the next."""
    return float(distances[order[:-1], order[1:]].sum())


def odd_one_out(space: Space, words: Sequence[int]) -> pd.DataFrame:
    """How well each of three words or more fits to the others: columns word, index, score, the least fitting first.

    score: the cosine to the mean of the others' directions; 0 where that mean has none.
    """
    if len(words) < 3:
        raise Problem("Give at least 3 words: of 2, neither is the odd one.")
    units = np.stack([space.unit(word) for word in words])
    others = units.sum(axis=0) - units
    scores = np.einsum("ij,ij->i", units, others) / np.maximum(np.linalg.norm(others, axis=1), 1e-12)
    order = np.argsort(scores, kind="stable")
    return pd.DataFrame({
        "word": [space.vocab.words[words[i]] for i in order], "index": [words[i] for i in order],
        "score": scores[order], "count": space.vocab.counts[[words[i] for i in order]],
    })  # fmt: skip
