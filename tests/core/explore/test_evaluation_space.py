"""Hubs and directions: by hand, by brute force, and what is known of spaces made for it."""

import numpy as np
import pytest

from core.corpus import Vocab
from core.explore.evaluation_space import geometry, isotropy, mean_cosine, spaces


def measured(vectors, **how):
    steps = geometry(
        vectors.astype(np.float32), Vocab([f"w{i}" for i in range(len(vectors))], [1] * len(vectors)), **how
    )
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as end:
            return end.value


@pytest.fixture(scope="module")
def cloud():
    return np.random.default_rng(0).standard_normal((400, 20)).astype(np.float32)


def test_the_mean_cosine_is_that_of_all_pairs(cloud):
    unit = cloud / np.linalg.norm(cloud, axis=1, keepdims=True)
    cosines = (unit @ unit.T)[np.triu_indices(len(unit), 1)]
    assert mean_cosine(cloud + 1) > 0.3 and mean_cosine(cloud) == pytest.approx(cosines.mean(), abs=1e-6)


def test_isotropy_is_the_ratio_of_partition_functions():
    vectors = np.array([[1, 0], [-1, 0], [0, 2.0]])  # eigenvectors: the axes
    sums = [np.exp(1) + np.exp(-1) + 1, np.exp(2) + 2, np.exp(-2) + 2]
    assert isotropy(vectors) == pytest.approx(min(sums) / max(sums))


def test_a_cloud_is_isotropic_and_a_cone_is_not_until_its_mean_is_gone(cloud):
    even, cone = 0.1 * cloud, 0.1 * cloud + 1
    assert isotropy(even) > 0.9 and isotropy(cone) < 0.1
    assert isotropy(spaces(cone, 1)["centred"]) > 0.9 and abs(mean_cosine(spaces(cone, 1)["centred"])) < 0.01


def test_top_components_are_gone():
    random = np.random.default_rng(1)
    vectors = random.standard_normal((300, 10)).astype(np.float32)
    vectors[:, 3] *= 50
    left = spaces(vectors, 1)["topped"]
    assert np.linalg.svd(left - left.mean(0), compute_uv=False)[0] < 30 and abs(left[:, 3]).max() < 10


def test_how_often_a_word_is_near_others_is_counted(cloud):
    arrays, facts = measured(cloud, k=5)
    unit = cloud / np.linalg.norm(cloud, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -9)
    times = np.bincount(np.argsort(-cosines, axis=1)[:, :5].ravel(), minlength=400)
    assert (arrays["times"] == times).all() and facts["n"] == 400 and facts["k"] == 5
    from scipy.stats import skew

    assert facts["skewness"] == pytest.approx(skew(times)) and facts["orphans"] == pytest.approx((times == 0).mean())
    best = facts["hubs"]
    assert best["times"] == sorted(times.tolist(), reverse=True)[:15] and best["word"][0] == f"w{times.argmax()}"


def test_a_hub_is_seen(cloud):
    planted = np.vstack([np.full((1, 20), 0.05), cloud + 3])  # most directions lie around that of the first
    _, facts = measured(planted)
    assert facts["hubs"]["word"][0] == "w0" and facts["skewness"] > facts["random_skewness"] + 1
    assert (
        facts["cosine"]["raw"] > 0.8
        and facts["orphans"] > facts["random_orphans"]
        and abs(facts["cosine"]["centred"]) < 0.05
    )


def test_few_words_and_vectors_without_direction():
    arrays, facts = measured(np.zeros((3, 4)))
    assert (
        facts["n"] == 3 and facts["cosine"]["raw"] == 0 and facts["isotropy"]["raw"] == 1 and len(arrays["times"]) == 3
    )


def test_wide_vectors_have_no_principal_directions(monkeypatch, cloud):
    monkeypatch.setattr("core.explore.evaluation_space.WIDEST", 10)
    _, facts = measured(cloud)
    assert facts["isotropy"] == {"raw": None, "centred": None}
