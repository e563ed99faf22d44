"""Mean similarities and hubs, by brute force; CSLS moves a hub back."""

import numpy as np
import pytest

from core.explore import Space
from core.explore.hubs import hubs
from core.problem import Problem
from tests.core.explore.conftest import finish

NAMES = [f"w{i}" for i in range(400)]


def cosines(points):
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return unit @ unit.T


def brute(points, k, among):
    table = cosines(points.astype(np.float64))
    np.fill_diagonal(table, -np.inf)
    order = np.argsort(-table[:, :among], axis=1)[:, :k]
    return np.take_along_axis(table, order, axis=1).mean(axis=1), np.bincount(order.ravel(), minlength=len(points))


@pytest.mark.parametrize("among", [400, 60])
def test_by_brute_force(grouped, among):
    points, _ = grouped
    shares, found = finish(hubs(points, 10, among))
    means, times = brute(points, 10, among)
    np.testing.assert_allclose(found.means, means, atol=1e-5)
    assert found.times.tolist() == times.tolist() and found.among == among and shares[-1] == 1


def test_a_whole_space_is_searched_when_that_is_cheap(grouped):
    assert finish(hubs(grouped[0]))[1].among == 400


def test_csls_by_brute_force_and_as_its_paper_says(grouped):
    points, _ = grouped
    found = finish(hubs(points, 10))[1]
    space = Space(points, NAMES)
    near = space.neighbours("w5", 20, "csls", hubs=found.means)
    means, _times = brute(points, 10, 400)
    scores = 2 * cosines(points.astype(np.float64))[5] - means[5] - means
    scores[5] = -np.inf
    best = np.argsort(-scores)[:20]
    assert near["index"].tolist() == best.tolist()
    np.testing.assert_allclose(near["score"], scores[best], atol=1e-5)


def test_a_vector_has_the_csls_of_its_word(grouped):
    points, _ = grouped
    found = finish(hubs(points, 10))[1]
    space = Space(points, NAMES)
    vector = space.neighbours(points[5] * 3, 5, "csls", hubs=found.means, without=[5])
    word = space.neighbours(5, 5, "csls", hubs=found.means)
    assert vector["index"].tolist() == word["index"].tolist()
    shift = vector["score"] - word["score"]  # the vector counts its own word among its nearest
    np.testing.assert_allclose(shift, shift[0], atol=1e-5)


def test_a_planted_hub_is_first_by_cosine_and_later_by_csls():
    random = np.random.default_rng(1)
    points = random.standard_normal((200, 30)).astype(np.float32)
    points[1:] += 1.0  # all lean one way
    points[0] = 1.0  # and the first points there
    found = finish(hubs(points, 10))[1]
    assert found.times.argmax() == 0 and found.times[0] > 150 and found.skewness > 3
    space = Space(points, NAMES[:200])
    met = [0 in space.neighbours(word, 10, metric, hubs=found.means)["index"].tolist()
           for metric in ("cosine", "csls") for word in range(1, 200)]  # fmt: skip
    assert sum(met[:199]) == found.times[0] and sum(met[199:]) < sum(met[:199]) / 2


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_words(n):
    found = finish(hubs(np.eye(5, dtype=np.float32)[:n], 10))[1]
    assert found.means.tolist() == [0] * n and found.times.tolist() == [max(0, n - 1)] * n and found.skewness == 0


def test_zeros_have_no_surroundings_and_what_is_not_finite_is_said(grouped):
    points = grouped[0].copy()
    points[3] = 0
    assert finish(hubs(points, 10))[1].means[3] == 0
    points[3, 0] = np.nan
    with pytest.raises(Problem, match="not finite"):
        finish(hubs(points, 10))
