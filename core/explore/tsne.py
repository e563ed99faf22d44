"""t-SNE (van der Maaten & Hinton 2008): a map that keeps each point's near neighbours near.

The gradient is exact (no Barnes-Hut tree): compiled over vector registers a pair costs about 0.2 ns a core, so up to
some 10,000 points it is faster than the tree, it is repeatable to the bit, and it yields every iteration. The schedule
(early exaggeration, momentum, gains, learning rate) is the one of scikit-learn and openTSNE.
"""

from collections.abc import Generator

import numpy as np

from core.explore.graph import Step, nearest, prepared, within
from core.explore.pca import pca
from core.problem import Problem, marked

LIMIT = 20_000
EXAGGERATED, EXAGGERATION = 250, 12.0
START = np.float32(1e-4)  # the spread the layout begins with


def tsne(
    vectors: np.ndarray,
    dimensions: int = 2,
    perplexity: float = 30.0,
    metric: str = "cosine",
    seed: int = 0,
    iterations: int = 750,
) -> Generator[Step, None, np.ndarray]:
    """Places float32 (n, dimensions) of vectors (n, d), n <= 20,000. perplexity: how many neighbours count."""
    n = len(vectors)
    if n > LIMIT:
        raise Problem("t-SNE maps at most {limit} words here, not {n}; take fewer words, or UMAP.", limit=LIMIT, n=n)
    if n < 3 * perplexity + 1:
        raise Problem(
            "Perplexity {given} needs more than {least} words; there are {n}. Take a perplexity of at most {most}.",
            given=perplexity, least=int(3 * perplexity), n=n, most=max(1, (n - 1) // 3),
        )  # fmt: skip
    yield marked("Principal components")
    first = pca(vectors, dimensions, seed)[0]
    yield {"xy": first}
    yield marked("Neighbours of each word")
    search = nearest(prepared(vectors, metric), int(3 * perplexity), metric)
    indices, distances = yield from within(search, 0.0, 0.05)
    graph = likenesses(indices, distances, perplexity, metric)
    yield marked("Laying out the map")
    place = np.zeros((n, 3), np.float32)
    place[:, :dimensions] = first / max(float(first[:, 0].std()), 1e-12) * START
    state = np.zeros_like(place), np.ones_like(place)
    for iteration in range(iterations):
        place = _descended(place, state, graph, iteration)
        if iteration < EXAGGERATED:
            _keep_from_collapsing(place, state[0])
        yield 0.05 + 0.95 * (iteration + 1) / iterations
        if iteration >= EXAGGERATED and (iteration + 1) % max(iterations // 10, 1) == 0:
            yield {"xy": place[:, :dimensions].copy()}
    return place[:, :dimensions].copy()


def _descended(place: np.ndarray, state: tuple[np.ndarray, np.ndarray], graph: tuple, iteration: int) -> np.ndarray:
    """One step down the gradient, with momentum and a gain for each coordinate (Jacobs 1988)."""
    update, gains = state
    early = iteration < EXAGGERATED
    slope = gradient(place, graph, EXAGGERATION if early else 1.0)
    agree = update * slope < 0
    gains[:] = np.maximum(np.where(agree, gains + 0.2, gains * 0.8), 0.01)
    update *= 0.5 if early else 0.8
    update -= max(len(place) / EXAGGERATION / 4, 50.0) * gains * slope
    moved = place + update
    return (moved - moved.mean(axis=0)).astype(np.float32)


def _keep_from_collapsing(place: np.ndarray, update: np.ndarray) -> None:
    """Scale a layout back to the spread it began with, in place, if it has shrunk below that.

    Where no group stands out, exaggerated attraction pulls every point into one; so near to zero the descent is linear,
    and the shape is all that its next step depends on.
    """
    spread = np.float32(place.std())
    if 0 < spread < START:
        place *= START / spread
        update *= START / spread


def gradient(place: np.ndarray, graph: tuple, exaggeration: float = 1.0) -> np.ndarray:
    """The slope of the divergence KL(P|Q) at place, both float32 (n, 3). graph: what `likenesses` returns."""
    from core.explore.kernels.layout import tsne_attraction, tsne_repulsion
    from core.explore.kernels.parallel import rows

    starts, others, likeness = graph
    n = len(place)
    sums, push, pull = np.empty(n, np.float32), np.empty((n, 3), np.float32), np.empty((n, 3), np.float32)
    x, y, z = (np.ascontiguousarray(axis) for axis in place.T)
    rows(n, tsne_repulsion, x, y, z, sums, push)
    rows(n, tsne_attraction, place, starts, others, likeness, pull)
    total = max(float(sums.sum(dtype=np.float64)), 1e-12)
    return 4 * (np.float32(exaggeration) * pull - push / np.float32(total))


def likenesses(indices: np.ndarray, distances: np.ndarray, perplexity: float, metric: str) -> tuple:
    """p_ij over the nearest neighbours (equations 1 and 2), summing to 1, as rows.

    Returns starts int64 (n+1,), others int32 (edges,), likeness float32 (edges,).
    For "cosine" the squared distance is that of the vectors scaled to length 1: 2 (1 - cosine).
    """
    from scipy.sparse import csr_matrix

    n, k = indices.shape
    squared = 2.0 * distances if metric == "cosine" else np.square(distances, dtype=np.float64)
    shares = _conditional(squared.astype(np.float64), perplexity)
    directed = csr_matrix((shares.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    joint = (directed + directed.T).tocsr()
    joint.sort_indices()
    joint.data /= joint.data.sum()
    return joint.indptr.astype(np.int64), joint.indices.astype(np.int32), joint.data.astype(np.float32)


def _conditional(squared: np.ndarray, perplexity: float) -> np.ndarray:
    """p_j|i, float64 (n, k): for each row the precision at which the entropy is log(perplexity), by bisection."""
    squared = squared - squared[:, :1]
    precision = 1.0 / np.maximum(squared.mean(axis=1), 1e-12)
    low, high = np.zeros(len(squared)), np.full(len(squared), np.inf)
    for _ in range(64):
        weights = np.exp(-squared * precision[:, None])
        sums = weights.sum(axis=1)
        entropy = np.log(sums) + precision * (squared * weights).sum(axis=1) / sums
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, precision, low), np.where(wide, high, precision)
        precision = np.where(np.isinf(high), precision * 2, (low + high) / 2)
    weights = np.exp(-squared * precision[:, None])
    return weights / weights.sum(axis=1, keepdims=True)
