"""Principal components (Pearson 1901; Hotelling 1933): the directions in which the vectors differ most.

Exact, by the eigenvectors of the covariance in double precision, so that the same vectors always give the same bits.
"""

import numpy as np

EXACT = 2000  # beyond this width (and height) the components are sought by random projection


def pca(vectors: np.ndarray, dimensions: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Places float32 (n, dimensions) and the share of the variance that each dimension explains, float64 (dimensions,).

    vectors: float (n, d). Each component's largest loading is positive, so that a picture is not mirrored at random.
    `seed` matters only where both n and d are beyond 2,000 (Halko, Martinsson & Tropp 2011).
    """
    centred = np.asarray(vectors, np.float32)
    mean = centred.mean(axis=0, dtype=np.float64)
    centred = centred - mean.astype(np.float32)
    n, d = centred.shape
    total = float(np.einsum("ij,ij->", centred, centred, dtype=np.float64, casting="same_kind"))
    axes = _axes(centred, min(dimensions, n, d), seed)
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    places = np.zeros((n, dimensions), np.float32)
    places[:, : axes.shape[1]] = centred @ axes.astype(np.float32)
    explained = np.square(places, dtype=np.float64).sum(axis=0) / (total or 1.0)
    return places, explained


def _axes(centred: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """float64 (d, dimensions): the leading directions, widest first."""
    n, d = centred.shape
    if min(n, d) > EXACT:
        from sklearn.utils.extmath import randomized_svd

        return randomized_svd(centred, dimensions, random_state=seed)[2].T.astype(np.float64)
    if d <= n:
        return np.linalg.eigh(_products(centred))[1][:, ::-1][:, :dimensions].copy()
    vectors = np.linalg.eigh(_products(centred.T))[1][:, ::-1][:, :dimensions]
    axes = centred.T.astype(np.float64) @ vectors
    return axes / np.maximum(np.linalg.norm(axes, axis=0), 1e-300)


def _products(tall: np.ndarray, block: int = 8192) -> np.ndarray:
    """tall.T @ tall in double precision, block by block."""
    total = np.zeros((tall.shape[1], tall.shape[1]))
    for begin in range(0, len(tall), block):
        part = tall[begin : begin + block].astype(np.float64)
        total += part.T @ part
    return total
