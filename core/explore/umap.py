"""UMAP (McInnes, Healy & Melville 2018): a map whose neighbourhoods are those of the original space.

A fuzzy graph of nearest neighbours (section 3.1) is laid out by sampling its edges and pushing random pairs apart
(section 4.2). The graph equals umap-learn's. In the layout a point sees the others where the last epoch left them,
which makes it repeatable on any number of threads; it starts from the principal components, so that the map keeps their
orientation. It compiles in a second or two, once a machine, and yields each epoch.
"""

from collections.abc import Generator

import numpy as np

from core.explore.graph import Step, nearest, prepared, within
from core.explore.pca import pca
from core.problem import marked


def umap(
    vectors: np.ndarray,
    dimensions: int = 2,
    neighbours: int = 15,
    min_dist: float = 0.1,
    metric: str = "cosine",
    seed: int = 0,
    epochs: int | None = None,
) -> Generator[Step, None, np.ndarray]:
    """Places float32 (n, dimensions) of vectors (n, d).

    neighbours counts the point itself, as the paper and umap-learn do. min_dist: how close two points may lie.
    epochs: 500 up to 10,000 points, 200 beyond.
    """
    from core.explore.kernels.layout import umap_epoch
    from core.explore.kernels.parallel import rows

    yield marked("Principal components")
    start = _start(pca(vectors, dimensions, seed)[0], seed)
    yield {"xy": start[:, :dimensions].copy()}
    epochs = epochs or (500 if len(vectors) <= 10_000 else 200)
    ready, share = prepared(vectors, metric), _search_share(len(vectors), vectors.shape[1], epochs)
    yield marked("Neighbours of each word")
    search = nearest(ready, neighbours - 1, metric)
    indices, distances = yield from within(search, 0.0, share)
    yield marked("Laying out the map")
    starts, others, weights = fuzzy_graph(indices, distances, epochs)
    a, b = (np.float32(value) for value in curve(min_dist))
    period = weights.max() / weights
    due, place = period.copy(), start
    moved = np.empty_like(place)
    for epoch in range(epochs):
        rate = np.float32(1 - max(epoch - 1, 0) / epochs)
        rows(len(place), umap_epoch, place, moved, starts, others, period, due, a, b, rate, epoch, seed)
        place, moved = moved, place
        yield share + (1 - share) * (epoch + 1) / epochs
        if (epoch + 1) % max(epochs // 10, 1) == 0:
            yield {"xy": place[:, :dimensions].copy()}
    return place[:, :dimensions].copy()


def fuzzy_graph(indices: np.ndarray, distances: np.ndarray, epochs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The fuzzy union of the points' neighbourhoods, as rows: starts int64 (n+1,), others int32, weights float32.

    indices, distances: (n, k) nearest others first. Edges too weak to be drawn once in `epochs` are left out.
    """
    from scipy.sparse import csr_matrix

    n, k = indices.shape
    rho, sigma = _bandwidths(distances, np.log2(k + 1))
    gaps = np.maximum(distances - rho[:, None], 0)
    strengths = np.exp(-gaps / np.maximum(sigma, 1e-30)[:, None]).astype(np.float32)
    directed = csr_matrix((strengths.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    mirrored = directed.T.tocsr()
    union = directed + mirrored - directed.multiply(mirrored)
    union.data[union.data < union.data.max() / epochs] = 0
    union.eliminate_zeros()
    union.sort_indices()
    return union.indptr.astype(np.int64), union.indices.astype(np.int32), union.data.astype(np.float32)


def _bandwidths(distances: np.ndarray, wanted: float) -> tuple[np.ndarray, np.ndarray]:
    """Each point's distance to its nearest other, rho, and the sigma where exp(-(d - rho) / sigma) sums to `wanted`."""
    positive = np.where(distances > 0, distances, np.inf).min(axis=1)
    rho = np.where(np.isfinite(positive), positive, 0).astype(np.float32)
    gaps = np.maximum(distances - rho[:, None], 0).astype(np.float64)
    low, high, sigma = np.zeros(len(rho)), np.full(len(rho), np.inf), np.ones(len(rho))
    for _ in range(64):
        total = np.exp(-gaps / sigma[:, None]).sum(axis=1)
        done = np.abs(total - wanted) < 1e-5
        above = (total > wanted) & ~done
        below = ~above & ~done
        high, low = np.where(above, sigma, high), np.where(below, sigma, low)
        middle = np.where(np.isinf(high), sigma * 2, (low + high) / 2)
        sigma = np.where(done, sigma, middle)
        if done.all():
            break
    around = np.where(rho > 0, distances.mean(axis=1), distances.mean())
    return rho, np.maximum(sigma, 1e-3 * around * distances.shape[1] / (distances.shape[1] + 1))


def curve(min_dist: float, spread: float = 1.0) -> tuple[float, float]:
    """The a and b for which 1 / (1 + a d^2b) is nearest to: 1 up to min_dist, then exp(-(d - min_dist) / spread)."""
    from scipy.optimize import curve_fit

    distance = np.linspace(0, spread * 3, 300)
    wanted = np.where(distance < min_dist, 1.0, np.exp(-(distance - min_dist) / spread))
    (a, b), _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), distance, wanted)
    return float(a), float(b)


def _start(places: np.ndarray, seed: int) -> np.ndarray:
    """The principal components as float32 (n, 3) over 0..10, with a little noise so that no two points coincide."""
    noise = np.random.default_rng(seed).normal(scale=1e-4, size=places.shape)
    spread = 10 * places / max(float(np.abs(places).max()), 1e-12) + noise
    low, high = spread.min(axis=0), spread.max(axis=0)
    start = np.zeros((len(places), 3), np.float32)
    start[:, : places.shape[1]] = 10 * (spread - low) / np.maximum(high - low, 1e-12)
    return start


def _search_share(n: int, d: int, epochs: int) -> float:
    """The share of the time that the search for neighbours takes, by the measured cost of each."""
    search, layout = n * n * (0.5e-9 + d * 1.5e-11), n * epochs * 3e-7
    return search / (search + layout)
