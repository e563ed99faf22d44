import numpy as np
import pytest

from core.explore.projection import ProjectionOptions, align, preservation, project
from core.problem import Problem
from tests.core.explore.conftest import finish


@pytest.mark.parametrize("method", ["pca", "tsne", "umap"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_map_and_how_far_to_believe_it(grouped, method, dimensions):
    events, (arrays, facts) = finish(
        project(grouped[0], ProjectionOptions(method=method, dimensions=dimensions, words=200))
    )
    assert arrays["xy"].shape == (200, dimensions) and arrays["kept"].shape == arrays["sample"].shape == (200,)
    assert facts["chance"] < facts["kept"] < 1 and facts["n"] == 200 and facts["chance"] == pytest.approx(15 / 199)
    assert (facts["explained"] is None) == (method != "pca") == ("explained" not in arrays)
    assert [event for event in events if isinstance(event, float)][-1] == 1
    assert next(event for event in events if isinstance(event, dict))["xy"].shape == (200, dimensions)


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_a_tiny_vocabulary_gets_a_small_neighbourhood(grouped, method):
    _, (arrays, facts) = finish(project(grouped[0][:12], ProjectionOptions(method=method)))
    assert np.isfinite(arrays["xy"]).all()
    assert facts["options"]["neighbours"] == 12 and facts["options"]["perplexity"] == 3 and facts["k"] == 11


def test_preservation_by_brute_force(grouped):
    points = grouped[0][:60]
    xy = points[:, :2]
    _, (sample, kept) = finish(preservation(points, xy, k=5, metric="euclidean"))
    before, after = (np.linalg.norm(x[:, None] - x[None], axis=2).argsort(axis=1)[:, 1:6] for x in (points, xy))
    expected = [len(set(a) & set(b)) / 5 for a, b in zip(before, after)]
    np.testing.assert_allclose(kept, expected, atol=1e-6)
    assert sample.tolist() == list(range(60))


def test_preservation_of_itself_and_of_chance(grouped):
    _, (_, whole) = finish(preservation(grouped[0][:, :2], grouped[0][:, :2], metric="euclidean"))
    _, (sample, chance) = finish(preservation(grouped[0], np.random.default_rng(0).random((400, 2)), sample=150))
    assert whole.mean() == 1 and len(sample) == 150
    assert chance.mean() == pytest.approx(15 / 399, abs=0.02)


def test_alignment_undoes_a_turn_a_mirror_and_a_move():
    from scipy.spatial.transform import Rotation

    reference = np.random.default_rng(1).standard_normal((50, 3))
    turned = (reference * [1, 1, -1]) @ Rotation.from_euler("xyz", [0.3, 1, 2]).as_matrix() + [5, -3, 1]
    np.testing.assert_allclose(align(turned, reference), reference, atol=1e-5)


def test_limits_are_sentences(grouped):
    with pytest.raises(Problem, match="at least 10"):
        next(project(grouped[0][:9], ProjectionOptions()))
    with pytest.raises(Problem, match="20000 words"):
        next(project(np.zeros((20_001, 2), np.float32), ProjectionOptions(method="tsne", words=30_000)))
    with pytest.raises(Problem, match="from 10 to 50000"):
        ProjectionOptions(words=60_000)
