"""One space laid upon another: as scipy has it; a turned copy has not moved; noise is seen to be noise."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.stats import ortho_group

from core.explore.procrustes import directions, drift, fit, narrowed, rotation, unit, usual_drift, widened

RANDOM = np.random.default_rng(3)


@pytest.fixture(scope="module")
def space():
    return unit(RANDOM.standard_normal((300, 12)))


def test_the_turn_is_that_of_scipy(space):
    other = unit(space + 0.5 * RANDOM.standard_normal(space.shape))
    expected, _ = orthogonal_procrustes(space, other)
    np.testing.assert_allclose(rotation(space, other), expected, atol=1e-9)
    np.testing.assert_allclose(expected @ expected.T, np.eye(12), atol=1e-9)


def test_a_turned_copy_has_not_moved(space):
    turned = space @ ortho_group.rvs(12, random_state=1)
    found = fit(space, turned)
    assert drift(space @ found.rotation, turned).max() < 1e-12
    assert found.cosine == pytest.approx(1) and found.held_out == pytest.approx(1) and found.residual < 1e-9


def test_a_mirrored_copy_has_not_moved_either(space):
    mirrored = space * np.array([-1] + [1] * 11)
    assert drift(space @ fit(space, mirrored).rotation, mirrored).max() < 1e-12


def test_a_word_that_jumped_is_found(space):
    turned = space @ ortho_group.rvs(12, random_state=2)
    turned[17] = -turned[17]
    moved = drift(space @ fit(space, turned).rotation, turned)
    assert moved.argmax() == 17 and moved[17] > 1.5 and np.delete(moved, 17).max() < 0.05


def test_unrelated_spaces_fit_no_better_than_shuffled_ones(space):
    found = fit(space, unit(RANDOM.standard_normal(space.shape)))
    assert abs(found.cosine - found.shuffled) < 0.05 and found.cosine > 0.1
    assert abs(found.held_out) < 0.06


def test_few_anchors_fit_by_themselves_and_what_was_left_out_says_so(space):
    other = unit(RANDOM.standard_normal(space.shape))
    found = fit(space, other, np.arange(8))
    assert found.cosine > 0.6 and found.held_out < 0.4 and found.anchors == 8


def test_only_the_anchors_are_laid_upon_each_other(space):
    turned = space @ ortho_group.rvs(12, random_state=3)
    turned[200:] = unit(RANDOM.standard_normal((100, 12)))
    found = fit(space, turned, np.arange(200))
    assert drift(space[:200] @ found.rotation, turned[:200]).max() < 1e-9


def test_spaces_of_two_widths(space):
    one, other = widened(space, space[:, :7])
    assert one.shape == other.shape == (300, 12) and not other[:, 7:].any()
    wide = np.hstack([space, np.zeros((300, 40))])
    np.testing.assert_allclose(narrowed(wide, 12) @ narrowed(wide, 12).T, space @ space.T, atol=1e-9)


def test_words_without_a_direction_are_zero():
    rows = unit(np.array([[3, 4], [0, 0], [np.nan, 1]]))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0], [0, 1]])
    assert drift(rows[1:2], rows[:1])[0] == 1


def test_what_all_words_share_is_taken_away_and_turns_with_them(space):
    shifted = unit(space + 3 * space[0])
    found, turn = directions(shifted), ortho_group.rvs(12, random_state=5)
    assert np.abs((found @ found.T).mean()) < 0.02 < (shifted @ shifted.T).mean()
    np.testing.assert_allclose(directions(shifted @ turn), found @ turn, atol=1e-9)
    lost = shifted.copy()
    lost[4] = 0
    assert not directions(lost)[4].any() and directions(lost)[5].any()


def test_what_is_usual_at_a_frequency():
    counts = np.arange(1000, 0, -1)
    moved = 1 / counts
    moved[500] = 0.9
    usual = usual_drift(moved, counts)
    assert moved[500] - usual[500] > 0.89 and usual[900] > usual[100]
    np.testing.assert_allclose(usual[300], np.median(moved[250:351]))
    assert len(usual_drift(moved[:2], counts[:2])) == 2 and usual_drift(np.zeros(0), np.zeros(0)).shape == (0,)
