"""Two spaces on one map: which words they have in common, what moved, and what the picture says of a turned copy."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from core.explore.compare_spaces import CompareOptions, Side, common, compare
from core.problem import Problem
from tests.core.explore.conftest import finish

RANDOM = np.random.default_rng(5)
WORDS = [f"w{i}" for i in range(80)]


def side(vectors, words=WORDS):
    return Side(vectors.astype(np.float32), list(words), np.arange(len(words), 0, -1))


@pytest.fixture(scope="module")
def vectors():
    return RANDOM.standard_normal((80, 6))


def test_words_in_common_are_paired_by_name_and_ordered_by_frequency():
    rows = common(side(np.zeros((3, 2)), ["a", "b", "c"]), side(np.zeros((4, 2)), ["x", "c", "a", "y"]))
    assert rows.tolist() == [[0, 2], [2, 1]]
    assert len(common(side(np.zeros((80, 2))), side(np.zeros((80, 2))), most=7)) == 7


def test_a_turned_copy_stands_still(vectors):
    turned = side(vectors @ ortho_group.rvs(6, random_state=4))
    _, (arrays, facts) = finish(compare(side(vectors), turned, CompareOptions(words=40)))
    assert arrays["drift"].max() < 1e-6 and facts["cosine"] == pytest.approx(1)
    np.testing.assert_allclose(arrays["before"], arrays["after"], atol=1e-4)
    assert arrays["before"].shape == (40, 2) and facts["common"] == 80 and facts["n"] == 40


def test_the_word_that_moved_is_told_and_drawn_apart(vectors):
    other = vectors @ ortho_group.rvs(6, random_state=5)
    other[9] = -other[9]
    _, (arrays, facts) = finish(compare(side(vectors), side(other), CompareOptions()))
    assert arrays["drift"].argmax() == 9 and arrays["rows"][9].tolist() == [9, 9]
    distance = np.linalg.norm(arrays["before"] - arrays["after"], axis=1)
    assert distance[9] > 3 * np.delete(distance, 9).max()
    assert facts["shuffled"] < facts["held_out"] < 1


def test_another_order_another_width_and_words_that_only_one_has(vectors):
    order = RANDOM.permutation(80)[:60]
    words = [WORDS[i] for i in order] + ["new"]
    other = side(np.vstack([vectors[order] * 3, np.ones(6)]) @ np.eye(6, 9), words)
    _, (arrays, facts) = finish(compare(side(vectors), other, CompareOptions(words=50)))
    assert facts["common"] == 60 and facts["dimensions"] == [6, 9] and arrays["drift"].max() < 1e-6
    first, second = arrays["rows"].T
    assert [WORDS[i] for i in first] == [words[i] for i in second]


def test_umap_of_both_gives_early_pictures_of_both(vectors):
    events, (arrays, _) = finish(compare(side(vectors), side(vectors), CompareOptions(method="umap", words=80)))
    pictures = [event for event in events if isinstance(event, dict)]
    assert pictures and pictures[0]["before"].shape == pictures[0]["after"].shape == (80, 2)
    assert np.isfinite(arrays["after"]).all()


def test_two_that_have_nothing_in_common_are_told_so(vectors):
    other = side(vectors, [f"x{i}" for i in range(80)])
    with pytest.raises(Problem, match="0 words in common; 10 are needed"):
        finish(compare(side(vectors), other, CompareOptions()))


def test_a_word_without_a_vector_does_not_spoil_the_others(vectors):
    broken = vectors.copy()
    broken[3] = 0
    broken[4] = np.nan
    _, (arrays, facts) = finish(compare(side(vectors), side(broken), CompareOptions()))
    assert np.isfinite(arrays["before"]).all() and np.isfinite(facts["cosine"])
    assert arrays["drift"][3] == arrays["drift"][4] == 1
