"""A few words under every encoder: kinds, purity by hand, ties at chance, maps turned alike."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from core.explore.history import Panel, groups_of, panel, purity, ring, turned_alike
from core.problem import Problem

KINDS = np.repeat(np.arange(4), 3)
ROWS = np.arange(12)
RANDOM = np.random.default_rng(2)


def test_kinds_are_parted_by_semicolons_of_both_scripts():
    assert groups_of("king queen, prince; river;; sea | red") == [
        ["king", "queen", "prince"],
        ["river"],
        ["sea"],
        ["red"],
    ]
    assert groups_of("国王、皇帝；河，海\n红 红") == [["国王", "皇帝"], ["河", "海"], ["红"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "0 words in 0"), ("king", "1 words in 1"), (" ".join(map(str, range(41))), "41 words in 1"),
     (";".join("abcdefghi"), "9 words in 9"), ("king queen; king sea", "king stands in two groups")],
)  # fmt: skip
def test_too_few_too_many_or_twice(text, said):
    with pytest.raises(Problem, match=said):
        groups_of(text)


def test_purity_by_hand():
    angles = np.radians([0, 10, 100, 120, 40])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    kinds = np.array([0, 0, 1, 1, 1])
    # nearest: 0 -> 1 (same); 1 -> 0 (same); 2 -> 3, 4 (both); 3 -> 2 (same), 4 (same); 4 -> 1, 0 (neither)
    assert purity(directions, kinds) == (
        pytest.approx((1 + 1 + 1 + 1 + 0) / 5),
        pytest.approx((1 + 1 + 2 + 2 + 2) / 20),
    )


def test_words_equally_far_apart_are_at_chance_exactly():
    found, chance = purity(np.eye(12), KINDS)
    assert found == pytest.approx(2 / 11) and chance == pytest.approx(2 / 11)
    same = np.ones((12, 3)) / np.sqrt(3) * (1 + 1e-8 * RANDOM.standard_normal((12, 1)))
    assert purity(same, KINDS)[0] == pytest.approx(2 / 11)


def test_a_word_alone_of_its_kind_is_not_asked():
    assert purity(np.eye(3), np.array([0, 1, 2])) == (None, None)
    assert purity(np.eye(3), np.array([0, 0, 1]))[1] == pytest.approx(0.5)


def test_a_panel_keeps_kinds_together():
    centres = np.eye(8)[:4][KINDS] + 0.1 * RANDOM.standard_normal((12, 8))
    found = panel(centres, ROWS, KINDS)
    assert found.purity == 1 and found.chance == pytest.approx(2 / 11) and 0.4 < found.explained < 1
    assert np.square(found.xy).sum(axis=1).mean() == pytest.approx(1)


@pytest.mark.parametrize("words", [0, 1])
def test_a_panel_of_hardly_a_word_is_empty(words):
    found = panel(np.ones((words, 8)), ROWS[:words], KINDS[:words])
    assert found.xy.shape == (words, 2) and found.purity is None and ring(ROWS[:words], KINDS[:words]).purity is None


def test_maps_are_turned_like_the_last_one_and_rings_stay():
    base = panel(RANDOM.standard_normal((12, 5)), ROWS, KINDS)
    mirrored = base._replace(xy=(base.xy @ ortho_group.rvs(2, random_state=1)).astype(np.float32))
    apart = ring(ROWS, KINDS)
    first, circle, last = turned_alike([mirrored, apart, base])
    np.testing.assert_allclose(first.xy, base.xy, atol=1e-5)
    assert circle is apart and last is base


def test_maps_with_other_words_are_turned_by_those_in_common():
    base = panel(RANDOM.standard_normal((12, 5)), ROWS, KINDS)
    part = Panel(ROWS[4:], base.xy[4:] @ ortho_group.rvs(2, random_state=3), 1.0, 0.2, 0.5)
    turned, _ = turned_alike([part, base])
    centred = base.xy[4:] - base.xy[4:].mean(axis=0)
    np.testing.assert_allclose(turned.xy / np.linalg.norm(turned.xy), centred / np.linalg.norm(centred), atol=1e-4)
    few = part._replace(rows=np.array([40, 41]), xy=part.xy[:2])
    assert turned_alike([few, base])[0] is few
