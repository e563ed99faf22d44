"""Where attention comes from in the end, through all layers: rollout and flow, and how well they rank the words.

Abnar and Zuidema (2020), Quantifying attention flow in transformers: each layer's A = 0.5 W + 0.5 I, W the mean over
its heads and I what passes by them; rollout multiplies the layers, flow is the maximum flow through them as through
pipes. Jain and Wallace (2019), Attention is not explanation, hold attention against what a word truly does.

Shapes: L layers, H heads, n pieces.
"""

import numpy as np

REACH = 12  # pieces before and behind
_UNIT = 1_000_000  # flow is counted in whole millionths


def joined(attention: np.ndarray) -> np.ndarray:
    """float (L, H, n, n) -> float64 (L, n, n): A = 0.5 W + 0.5 I; rows sum to 1."""
    mixed = 0.5 * attention.astype(np.float64).mean(1) + 0.5 * np.eye(attention.shape[-1])
    found: np.ndarray = mixed / mixed.sum(-1, keepdims=True)
    return found


def rollout(layers: np.ndarray) -> np.ndarray:
    """A of each layer, (L, n, n) -> (L, n, n): the product of all layers up to each one; rows sum to 1."""
    found = [layers[0]]
    for layer in layers[1:]:
        found.append(layer @ found[-1])
    return np.stack(found)


def flow(layers: np.ndarray, place: int, layer: int) -> np.ndarray:
    """float64 (n,): how much can flow from a piece of a layer (counted from 0) down to each piece that was read.

    layers: A of each, (L, n, n): the capacities of its pipes. In the first layer flow is the weights themselves.
    """
    from scipy.sparse import coo_array, csr_array
    from scipy.sparse.csgraph import maximum_flow

    n, capacities = layers.shape[1], np.round(layers[: layer + 1] * _UNIT).astype(np.int32)
    above, row, column = np.nonzero(capacities)
    begins, ends = (above + 1) * n + row, above * n + column
    size = (layer + 2) * n
    pipes = csr_array(coo_array((capacities[above, row, column], (begins, ends)), shape=(size, size)))
    source = (layer + 1) * n + place
    return np.array([maximum_flow(pipes, source, target).flow_value for target in range(n)]) / _UNIT


def ranks(values: np.ndarray) -> np.ndarray:
    """float64 (n,): the place of each value in rising order, from 1; equal values share the mean of their places."""
    _, member, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    found: np.ndarray = (ends - (counts - 1) / 2)[member]
    return found


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rank correlation of two (n,); nan where one does not vary, or of fewer than three."""
    if len(one) < 3:
        return float("nan")
    first, second = (ranks(values) - (len(one) + 1) / 2 for values in (one, other))
    length = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / length) if length > 0 else float("nan")


def interval(values: np.ndarray) -> tuple[float, float, float, int]:
    """The mean of what is not nan, the ends of its 95 % interval (1.96 standard errors), and how many there are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan"), float("nan"), 0
    mean, wide = float(known.mean()), 1.96 * float(known.std(ddof=1)) / len(known) ** 0.5 if len(known) > 1 else np.nan
    return mean, mean - wide, mean + wide, len(known)


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Nats more a guess in one than in the other, and half of its 95 % interval over texts (nan of a single text).

    one, other: float64 (n, 2), the nats and the guesses of each text, the same guesses in both. The error of a ratio of
    sums (Cochran 1977, section 6.4): texts with more guesses weigh more.
    """
    guesses, more = other[:, 1], one[:, 0] - other[:, 0]
    change = float(more.sum() / max(1.0, guesses.sum()))
    if len(more) < 2:
        return change, float("nan")
    residual = more - change * guesses
    error = np.sqrt(len(more) / (len(more) - 1) * (residual @ residual)) / max(1.0, guesses.sum())
    return change, 1.96 * float(error)


class Profile:
    """The mean attention on pieces so far away, text by text."""

    def __init__(self, reach: int):
        self.reach, self._sums, self._counts = reach, np.zeros((1, 2 * reach + 1)), np.zeros(2 * reach + 1)

    def add(self, attention: np.ndarray) -> None:
        """One text: float (L, n, n)."""
        sums = []
        for far in range(-self.reach, self.reach + 1):
            there = attention.diagonal(far, 1, 2)
            sums.append(there.sum(1))
            self._counts[far + self.reach] += there.shape[1]
        self._sums = self._sums + np.stack(sums, 1)

    def mean(self) -> np.ndarray:
        """float64 (L, 2 reach + 1): over the pieces that have one there; 0 where none has."""
        return np.asarray(self._sums / np.maximum(self._counts, 1))
