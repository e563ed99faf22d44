import numpy as np
import pytest
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities, _kl_divergence

from core.explore.graph import nearest, prepared
from core.explore.tsne import gradient, likenesses, tsne
from core.problem import Problem
from tests.core.explore.conftest import finish


def dense(graph, n):
    starts, others, likeness = graph
    full = np.zeros((n, n))
    full[np.repeat(np.arange(n), np.diff(starts)), others] = likeness
    return full


@pytest.fixture(scope="module")
def graph(grouped):
    points = grouped[0][:120]
    _, (indices, distances) = finish(nearest(prepared(points, "euclidean"), 119, "euclidean"))
    return points, likenesses(indices, distances, 20, "euclidean")


def test_likenesses_equal_scikit_learns(graph):
    from scipy.spatial.distance import cdist, squareform

    points, ours = graph
    squared = cdist(points, points, "sqeuclidean").astype(np.float32)
    np.testing.assert_allclose(dense(ours, 120), squareform(_joint_probabilities(squared, 20, 0)), atol=2e-6)


def test_the_gradient_equals_scikit_learns(graph):
    from scipy.spatial.distance import squareform

    _, ours = graph
    place = np.random.default_rng(0).standard_normal((120, 3)).astype(np.float32)
    full = squareform(dense(ours, 120), checks=False)
    _, slope = _kl_divergence(place.ravel().astype(float), full, 1, 120, 3)
    np.testing.assert_allclose(gradient(place, ours), slope.reshape(120, 3), rtol=2e-3, atol=1e-7)


def test_as_trustworthy_as_scikit_learns(grouped):
    points, _ = grouped
    _, ours = finish(tsne(points, 2, 20, "euclidean", iterations=500))
    theirs = TSNE(perplexity=20, init="pca", max_iter=500, random_state=0).fit_transform(points)
    ours, theirs = (trustworthiness(points, xy, n_neighbors=10) for xy in (ours, theirs))
    assert ours > theirs - 0.01


def test_points_without_groups_do_not_collapse_into_one():
    points = np.random.default_rng(0).standard_normal((300, 60)).astype(np.float32)
    xy = finish(tsne(points, 2, 30, "cosine", iterations=500))[1]
    assert xy.std(axis=0).min() > 1


@pytest.mark.parametrize("dimensions", [2, 3])
def test_bits_repeat(grouped, dimensions):
    first, again = (finish(tsne(grouped[0], dimensions, iterations=40))[1] for _ in range(2))
    assert first.shape == (400, dimensions) and first.tobytes() == again.tobytes()


def test_limits_are_sentences(grouped):
    with pytest.raises(Problem, match="at most 20000"):
        next(tsne(np.zeros((20_001, 2), np.float32)))
    with pytest.raises(Problem, match="at most 9"):
        next(tsne(grouped[0][:30], perplexity=30))
