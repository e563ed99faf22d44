"""A few words: their matrix, its order, and which of them does not belong."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from core.explore import Space
from core.explore.likeness import MOST, odd_one_out, seriated, similarities, way
from core.problem import Problem

NAMES = [f"w{i}" for i in range(400)]


def test_the_matrix_is_of_cosines(grouped):
    points, _ = grouped
    words = [3, 99, 250, 3]
    unit = points[words] / np.linalg.norm(points[words], axis=1, keepdims=True)
    np.testing.assert_allclose(similarities(Space(points, NAMES), words), unit @ unit.T, atol=1e-6)
    assert similarities(Space(points, NAMES), []).shape == (0, 0)


def test_an_order_that_there_is_comes_back():
    places = np.random.default_rng(0).permutation(25)
    matrix = 1 - np.abs(places[:, None] - places) / 25  # one dimension: the more distant, the less alike
    order = places[seriated(matrix)]
    assert order.tolist() in (list(range(25)), list(range(24, -1, -1)))


def test_groups_stand_together(grouped):
    points, groups = grouped
    words = np.random.default_rng(1).choice(400, 40, replace=False)
    order = seriated(similarities(Space(points, NAMES), words.tolist()))
    assert sorted(order) == list(range(40))
    assert np.count_nonzero(np.diff(groups[words[order]])) == len(np.unique(groups[words])) - 1


@pytest.mark.parametrize("seed", range(5))
def test_the_way_is_no_longer_than_scipys_trees(seed):
    points = np.random.default_rng(seed).standard_normal((20, 6))
    matrix = np.corrcoef(points)
    flat = squareform(1 - matrix, checks=False)
    tree = leaves_list(optimal_leaf_ordering(linkage(flat, "average"), flat))
    assert way(seriated(matrix), 1 - matrix) <= way(tree, 1 - matrix) + 1e-9


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_words_have_an_order_too(n):
    assert sorted(seriated(np.ones((n, n)))) == list(range(n))


def test_the_odd_one_is_gensims(grouped):
    points, groups = grouped
    keyed = KeyedVectors(20)
    keyed.add_vectors(NAMES, points)
    for group in range(8):
        words = [*np.flatnonzero(groups == group)[:5].tolist(), int(np.flatnonzero(groups != group)[group])]
        found = odd_one_out(Space(points, NAMES), words)
        assert found["word"][0] == keyed.doesnt_match([NAMES[i] for i in words]) == NAMES[words[-1]]


def test_the_odd_one_by_hand():
    points = np.float32([[1, 0], [2, 0], [0, 1]])
    found = odd_one_out(Space(points, ["a", "b", "odd"]), [0, 1, 2])
    assert found["word"].tolist() == ["odd", "a", "b"]
    assert found["score"].tolist() == pytest.approx([0, 2**-0.5, 2**-0.5])


def test_opposites_leave_no_mean():
    found = odd_one_out(Space(np.float32([[1, 0], [-1, 0], [0, 1]]), list("abc")), [0, 1, 2])
    assert found["word"][0] in ("a", "b") and found["score"][2] == 0


def test_too_few_and_too_many_words_are_said(grouped):
    space = Space(grouped[0], NAMES)
    with pytest.raises(Problem, match="at least 3"):
        odd_one_out(space, [0, 1])
    with pytest.raises(Problem, match=f"limit is {MOST}"):
        similarities(space, list(range(MOST + 1)))
    empty = Space(np.zeros((3, 2), np.float32), list("abc"))
    for ask in (similarities, odd_one_out):
        with pytest.raises(Problem, match="all zeros"):
            ask(empty, [0, 1, 2])
