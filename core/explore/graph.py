"""The exact nearest neighbours of many points, in blocks: what UMAP, t-SNE and the trust in a map start from."""

from collections.abc import Generator
from typing import TypeVar

import numpy as np

from core.problem import Problem

T = TypeVar("T")
Step = float | str | dict[str, np.ndarray]
"""What a long computation yields: the share done (0..1), the name of a phase, or an early picture ("xy")."""

METRICS = ("cosine", "euclidean")
SCORES = 16_000_000  # scores held at a time: 64 MB


def prepared(vectors: np.ndarray, metric: str) -> np.ndarray:
    """float32 (n, d), contiguous: for "cosine" with rows of length 1 (a row of zeros stays), for "euclidean" centred.

    Raises Problem for another metric, and for vectors that are not finite.
    """
    if metric not in METRICS:
        raise Problem(
            "{metric} is no distance of a map; choose one of {known}.", metric=metric, known=", ".join(METRICS)
        )
    ready = np.array(vectors, dtype=np.float32, order="C")
    if not np.isfinite(ready).all():
        raise Problem("These vectors hold numbers that are not finite; train again with a lower learning rate.")
    if metric == "cosine":
        ready /= np.maximum(np.linalg.norm(ready, axis=1, keepdims=True), np.float32(1e-12))
    else:
        ready -= ready.mean(axis=0, dtype=np.float64).astype(np.float32)  # so that products lose no digits
    return ready


def nearest(
    ready: np.ndarray, k: int, metric: str, rows: np.ndarray | None = None
) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
    """The k nearest others of every row (or of `rows`) of `ready` (as `prepared` gives it); yields the share done.

    Returns indices int32 (m, k), nearest first, and distances float32 (m, k): 1 - cosine, or Euclidean. A k of the
    number of points or more is cut to all the others.
    """
    from core.explore.kernels.nearest import largest
    from core.explore.kernels.parallel import rows as over_rows

    n, wanted = len(ready), np.arange(len(ready)) if rows is None else np.asarray(rows)
    k, block = min(k, n - 1), max(1, min(SCORES // n, 1024))
    halves = None if metric == "cosine" else np.einsum("ij,ij->i", ready, ready) / 2
    scores = np.empty((min(block, len(wanted)), n), np.float32)
    indices = np.empty((len(wanted), k), np.int32)
    distances = np.empty((len(wanted), k), np.float32)
    for begin in range(0, len(wanted), block):
        own = wanted[begin : begin + block]
        here, part = scores[: len(own)], slice(begin, begin + len(own))
        np.matmul(ready[own], ready.T, out=here)
        if halves is not None:
            here -= halves  # larger is nearer: x.y - |y|^2 / 2
        over_rows(len(own), largest, here, own.astype(np.int64), indices[part], distances[part])
        distances[part] = _distances(ready, own, indices[part], metric)
        yield (begin + len(own)) / len(wanted)
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _distances(ready: np.ndarray, own: np.ndarray, indices: np.ndarray, metric: str) -> np.ndarray:
    """float32 (m, k), out of differences: without the cancellation that a distance out of products suffers."""
    gaps = ready[indices] - ready[own][:, None, :]
    squared = np.einsum("mkd,mkd->mk", gaps, gaps)
    return squared / 2 if metric == "cosine" else np.sqrt(squared)


def within(steps: Generator[float, None, T], begin: float, end: float) -> Generator[float, None, T]:
    """The steps of a part of the work, as shares of the whole."""
    while True:
        try:
            done = next(steps)
        except StopIteration as stop:
            return stop.value
        yield begin + (end - begin) * done
