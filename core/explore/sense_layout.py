"""Occurrences laid out layer by layer on frames that are turned alike, so that only what a layer changes moves.

In each layer the two principal components of the vectors (of length 1 each); each layer is then turned, or mirrored,
onto the one above it (orthogonal Procrustes, Schönemann 1966), from the last layer down, and drawn at the same size:
the root of the mean squared distance to the middle is 1. A layer in which all vectors are alike is one dot.

n occurrences, S layers (the input embedding is the first), d width.
"""

from dataclasses import dataclass

import numpy as np

from core.explore.senses_measures import unit

ALIKE = 1e-5  # a mean distance below which all are one dot


@dataclass(frozen=True)
class Frames:
    """middle: float64 (S, d); axes: float64 (S, d, 2), with the size of each layer in them; explained: (S,), the share
    of the variance that the picture of each layer shows."""

    middle: np.ndarray
    axes: np.ndarray
    explained: np.ndarray

    def places(self, vectors: np.ndarray) -> np.ndarray:
        """float32 (m, S, 2) of any vectors, float (m, S, d)."""
        rows = unit(vectors) - self.middle
        return np.einsum("msd,sdk->msk", rows, self.axes).astype(np.float32)


def frames(vectors: np.ndarray) -> Frames:
    """vectors: float (n, S, d)."""
    rows = unit(vectors)
    middle = rows.mean(axis=0)
    layers, width = middle.shape
    axes, explained = np.zeros((layers, width, 2)), np.ones(layers)
    above: np.ndarray | None = None
    for layer in reversed(range(layers)):
        centred = rows[:, layer] - middle[layer]
        total = float(np.square(centred).sum())
        if np.sqrt(total / len(rows)) < ALIKE:
            continue
        leading = _leading(centred)
        places = centred @ leading
        shown = float(np.square(places).sum())
        explained[layer] = shown / total
        turn = np.eye(2) if above is None else _turn(places, above)
        axes[layer] = leading @ turn * np.sqrt(len(rows) / shown)
        above = places @ turn
    return Frames(middle, axes, explained)


def turned(xy: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """float32 (n, 2): places turned, or mirrored, as near to others of the same occurrences as that brings them."""
    known = np.isfinite(xy).all(axis=1) & np.isfinite(onto).all(axis=1)
    if not known.any():
        return xy
    found: np.ndarray = (xy @ _turn(xy[known].astype(np.float64), onto[known])).astype(np.float32)
    return found


def _leading(centred: np.ndarray) -> np.ndarray:
    """float64 (d, 2): the two directions in which the rows differ most, each with its largest loading positive."""
    found = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
    axes = np.zeros((centred.shape[1], 2))
    axes[:, : found.shape[1]] = found
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(2)])
    return axes * np.where(signs == 0, 1, signs)


def _turn(places: np.ndarray, onto: np.ndarray) -> np.ndarray:
    left, _, right = np.linalg.svd(places.T @ onto)
    turn: np.ndarray = left @ right
    return turn
