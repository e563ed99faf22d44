import numpy as np
import pytest

from core.explore import next_words
from core.explore.next_words import entropy


def test_most_probable_first_with_surprisal_in_nats():
    found = next_words(np.array([0.25, 0.0, 0.5, 0.25], np.float32), list("abcd"), 3)
    assert (
        list(found.word) == ["c", "a", "d"] and list(found["rank"]) == [1, 2, 3] and list(found["index"]) == [2, 0, 3]
    )
    assert found.surprisal.tolist() == pytest.approx([np.log(2), np.log(4), np.log(4)])


def test_what_cannot_come_is_infinitely_surprising():
    assert next_words(np.array([1.0, 0.0]), ["a", "b"], 9).surprisal.tolist() == [0, np.inf]


def test_the_entropy_of_equal_candidates_is_the_logarithm_of_their_number():
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(np.log(8))
    assert entropy(np.array([0.0, 1.0])) == 0.0
