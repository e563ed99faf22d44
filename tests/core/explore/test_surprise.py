"""The surprise of each word of a text, and perplexity."""

import math

import numpy as np
import pytest

from core.explore.surprise import perplexity, surprise

WORDS = ["a", "b", "c"]


def after(words) -> np.ndarray:
    """A guesser by hand: after an a comes b, half the time; else all are as likely, but c never comes first."""
    if not words:
        return np.array([0.75, 0.25, 0])
    return np.array([0.25, 0.5, 0.25]) if words[-1] == "a" else np.full(3, 1 / 3)


def table(text: str):
    words = text.split()
    return surprise(after, words, [WORDS.index(word) if word in WORDS else 3 for word in words])


def test_surprise_by_hand():
    found = table("a b a a")
    assert found["probability"].tolist() == pytest.approx([0.75, 0.5, 1 / 3, 0.25])
    assert found["surprisal"].tolist() == pytest.approx([-math.log(p) for p in found["probability"]])
    assert found["rank"].tolist() == [1, 1, 1, 2] and found["index"].tolist() == [0, 1, 0, 0]
    assert perplexity(found["surprisal"]) == pytest.approx((0.75 * 0.5 / 3 * 0.25) ** (-1 / 4))


def test_a_word_that_is_not_known_is_passed_over_but_stands_before_the_next():
    found = table("a zebra b")
    assert found["index"].tolist() == [0, -1, 1] and found["rank"].tolist() == [1, 0, 1]
    assert np.isnan(found["surprisal"][1]) and found["probability"][2] == pytest.approx(1 / 3)
    assert perplexity(found["surprisal"]) == pytest.approx((0.75 / 3) ** (-1 / 2))


def test_the_impossible_has_no_end_and_nothing_no_perplexity():
    found = table("c a")
    assert found["surprisal"][0] == math.inf and found["rank"][0] == 3
    assert perplexity(found["surprisal"]) == math.inf
    assert math.isnan(perplexity([])) and math.isnan(perplexity(table("zebra")["surprisal"]))
    assert table("").empty and table("").columns.tolist() == table("a").columns.tolist()


def test_guessing_among_equals_has_their_number_as_perplexity():
    found = surprise(lambda words: np.full(50, 0.02, np.float32), ["x"] * 8, np.arange(8))
    assert perplexity(found["surprisal"]) == pytest.approx(50)
