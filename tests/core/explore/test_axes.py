"""Words on semantic axes, by hand: four words in a plane, and what is usual there."""

import numpy as np
import pytest

from core.corpus import Vocab
from core.explore.axes import axis, ends, places, usual
from core.explore.neighbours import Space
from core.problem import Problem

#          king    queen    man      woman    the      lost
VECTORS = [[2, 2], [2, -2], [0, 3], [0, -1], [1, 0], [0, 0]]
WORDS = ["king", "queen", "man", "woman", "the", "lost"]
SPACE = Space(np.array(VECTORS, np.float32), Vocab(WORDS, [6, 5, 4, 3, 2, 1]))


def test_an_axis_runs_from_one_pole_to_the_other():
    gender = axis(SPACE, "woman - man")
    np.testing.assert_allclose(gender.direction, [0, -1], atol=1e-6)
    assert (gender.low, gender.high) == ("man", "woman")


def test_places_by_hand():
    both = [axis(SPACE, "woman - man"), axis(SPACE, "king + queen")]
    half = np.sqrt(0.5)
    expected = [[-half, half], [half, half], [-1, 0], [1, 0], [0, 1], [0, 0]]
    np.testing.assert_allclose(places(SPACE, range(6), both), expected, atol=1e-6)


def test_every_word_of_a_pole_counts_alike_whatever_its_length():
    np.testing.assert_allclose(axis(SPACE, "the - man").direction, np.array([1, -1]) / np.sqrt(2), atol=1e-6)


def test_weights_are_kept_and_named():
    half = axis(SPACE, "king + 0.5 the - 2 man")
    assert (half.low, half.high) == ("2 man", "king + 0.5 the")
    total = np.array([np.sqrt(0.5) + 0.5, np.sqrt(0.5) - 2])
    np.testing.assert_allclose(half.direction, total / np.linalg.norm(total), rtol=1e-6)


def test_what_is_usual_over_all_words():
    found = usual(SPACE, [axis(SPACE, "woman - man"), axis(SPACE, "woman + man + the")])
    each = np.array([-np.sqrt(0.5), np.sqrt(0.5), -1, 1, 0, 0])
    assert found.mean[0] == pytest.approx(each.mean()) and found.deviation[0] == pytest.approx(each.std())
    np.testing.assert_allclose(found.cosines, np.eye(2), atol=1e-6)
    assert usual(SPACE, [axis(SPACE, "woman - man")], words=2).mean[0] == pytest.approx(0, abs=1e-6)


def test_the_words_at_the_ends_are_not_those_that_make_the_axis():
    rows = ends(SPACE, [axis(SPACE, "woman - man")], 1)
    assert [WORDS[row] for row in rows] == ["queen", "king"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("king - king", "Nothing is left of king - king"), ("lost", "The vector of lost is all zeros"),
     ("kind - man", "kind, at place 1, is not in the vocabulary; did you mean king")],
)  # fmt: skip
def test_an_axis_that_comes_to_nothing_is_a_sentence(text, said):
    with pytest.raises(Problem, match=said):
        axis(SPACE, text)


def test_words_at_one_place_make_no_axis():
    space = Space(np.ones((2, 3), np.float32), Vocab(["one", "same"], [2, 1]))
    with pytest.raises(Problem, match="comes to nothing"):
        axis(space, "one - same")
