"""Drawing the next word: worked examples, limits, and what a seed fixes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.explore.sampling import draw, generate, sharpened
from core.problem import Problem

FOUR = np.array([0.1, 0.4, 0.3, 0.2])


def test_nothing_changes_a_distribution_unasked():
    np.testing.assert_allclose(sharpened(FOUR), FOUR)
    np.testing.assert_allclose(sharpened(7 * FOUR), FOUR)


def test_temperature_by_hand():
    np.testing.assert_allclose(sharpened(FOUR, temperature=0.5), np.array([1, 16, 9, 4]) / 30)
    np.testing.assert_allclose(sharpened(FOUR, temperature=0), [0, 1, 0, 0])
    np.testing.assert_allclose(sharpened(FOUR, temperature=100), 0.25, atol=0.01)
    np.testing.assert_allclose(sharpened([1e-300, 1e-30], temperature=0.01), [0, 1], atol=1e-12)


def test_top_k_and_top_p_by_hand():
    np.testing.assert_allclose(sharpened(FOUR, top_k=2), [0, 4 / 7, 3 / 7, 0])
    np.testing.assert_allclose(sharpened(FOUR, top_p=0.5), [0, 4 / 7, 3 / 7, 0])
    np.testing.assert_allclose(sharpened(FOUR, top_p=0.01), [0, 1, 0, 0])
    np.testing.assert_allclose(sharpened(FOUR, top_k=99, top_p=1), FOUR)
    np.testing.assert_allclose(sharpened(FOUR, top_k=3, top_p=0.6), [0, 4 / 7, 3 / 7, 0])  # 0.4 / 0.9 falls short


def test_equal_words_go_by_their_place():
    np.testing.assert_allclose(sharpened([0.25] * 4, temperature=0), [1, 0, 0, 0])
    np.testing.assert_allclose(sharpened([0.25] * 4, top_k=2), [0.5, 0.5, 0, 0])


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=50).filter(lambda weights: max(weights) > 0),
    st.floats(0, 100), st.integers(0, 60), st.floats(0.001, 1), st.integers(0, 2**31 - 1),
)  # fmt: skip
def test_any_draw_is_of_a_word_that_may_come(weights, temperature, top_k, top_p, seed):
    ways = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    sharp, found = sharpened(np.array(weights), **ways), draw(np.array(weights), seed, **ways)
    assert sharp.sum() == pytest.approx(1) and (sharp[np.array(weights) == 0] == 0).all()
    assert sharp[found] > 0 and np.count_nonzero(sharp) <= (top_k or len(weights))


def test_words_are_drawn_as_often_as_they_are_probable():
    drawn = np.bincount([draw(FOUR, 5, step) for step in range(4000)], minlength=4) / 4000
    np.testing.assert_allclose(drawn, FOUR, atol=0.03)


def test_a_seed_fixes_the_text_and_a_longer_one_begins_alike():
    words = ["a", "b", "c", "d"]
    shifted = lambda text: np.roll(FOUR, len(text) % 3)  # noqa: E731
    text = list(generate(shifted, words, ["a"], 30, seed=3))
    assert text == list(generate(shifted, words, ["a"], 30, seed=3)) and set(text) == set(words)
    assert text[:10] == list(generate(shifted, words, ["a"], 10, seed=3))
    assert text != list(generate(shifted, words, ["a"], 30, seed=4))


def test_each_word_is_drawn_after_those_before_it():
    follows = {"a": 1, "b": 2, "c": 0}
    one_way = lambda text: np.eye(3)[follows[text[-1]]]  # noqa: E731
    assert list(generate(one_way, ["a", "b", "c"], ["a"], 5)) == ["b", "c", "a", "b", "c"]
    assert list(generate(one_way, ["a", "b", "c"], ["a"], 0)) == []


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"temperature": np.nan}, {"top_k": -1}, {"top_p": 0},
                                   {"top_p": 1.1}, {"top_p": np.nan}])  # fmt: skip
def test_a_value_out_of_bounds_is_a_sentence(wrong):
    with pytest.raises(Problem, match="it was"):
        sharpened(FOUR, **wrong)
    with pytest.raises(Problem, match="it was -2"):
        draw(FOUR, -2)
