import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.explore import pca as module
from core.explore.pca import pca


@pytest.mark.parametrize("rows", [400, 15])
def test_as_scikit_learn(grouped, rows):
    points = grouped[0][:rows]
    oracle = PCA(3, svd_solver="full").fit(points)
    places, explained = pca(points, 3)
    np.testing.assert_allclose(explained, oracle.explained_variance_ratio_, rtol=1e-4)
    np.testing.assert_allclose(np.abs(places), np.abs(oracle.transform(points)), atol=1e-3)


def test_bits_repeat(grouped):
    assert pca(grouped[0], 2)[0].tobytes() == pca(grouped[0].copy(), 2)[0].tobytes()


def test_very_wide_vectors_by_random_projection(grouped, monkeypatch):
    exact, _ = pca(grouped[0], 2)
    monkeypatch.setattr(module, "EXACT", 10)
    np.testing.assert_allclose(pca(grouped[0], 2, seed=1)[0], exact, atol=1e-2)


def test_fewer_directions_than_dimensions():
    places, explained = pca(np.array([[0.0], [1.0], [2.0]]), 3)
    assert places.shape == (3, 3) and explained.tolist() == [1, 0, 0]
    assert not pca(np.ones((4, 5)), 2)[0].any()
