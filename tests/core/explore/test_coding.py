"""Bits of a text, counted by hand."""

import math

import numpy as np
import pytest

from core.corpus import Vocab
from core.explore.coding import code, perplexity, same_words
from tests.core.explore.conftest import finish


def coded(next_word, vocab, text, begins=True):
    return finish(code(next_word, vocab, text, begins))[1]


def test_known_words_cost_their_probability():
    vocab = Vocab(["a", "b"], [3, 1])
    found = coded(lambda before: np.array([0.25, 0.75]), vocab, "a b b")
    known = -math.log2(1 - 1 / 6)  # none of four was unknown; one of either more
    assert found.model == pytest.approx([2 + known, 0.415037 + known, 0.415037 + known], abs=1e-6)
    assert found.frequency == pytest.approx([0.415037 + known, 2 + known, 2 + known], abs=1e-6)
    assert found.uniform == pytest.approx([1 + known] * 3) and not found.unknown.any()


def test_an_unknown_word_costs_that_it_is_one_and_its_letters():
    vocab = Vocab(["a"], [6], tokens=14)  # 8 of 14 were unknown: u = 9 / 16
    found = coded(lambda before: np.ones(1), vocab, "a bb")
    letters = math.log2(4)  # a, b, the blank, and the end
    assert found.model == pytest.approx([-math.log2(7 / 16), -math.log2(9 / 16) + 3 * letters])
    assert found.unknown.tolist() == [False, True] and np.isnan(found.chances[1])


def test_all_that_can_be_written_has_probability_one_together():
    vocab = Vocab(["a", "b"], [3, 1], tokens=6)
    known = 2 ** -coded(lambda before: np.array([0.3, 0.7]), vocab, "a b").model
    aside = 1 - (known[0] / 0.3)
    assert known.sum() + aside == pytest.approx(1) and aside == pytest.approx(3 / 8)


def test_a_first_word_that_is_not_guessed_costs_what_its_frequency_says():
    def next_word(before):
        assert before
        return np.array([0.5, 0.5])

    found = coded(next_word, Vocab(["a", "b"], [7, 1]), "b a", begins=False)
    assert found.model[0] == found.frequency[0] == pytest.approx(3 - math.log2(9 / 10))
    assert np.isnan(found.chances[0]) and found.chances[1] == 0.5


def test_what_was_held_impossible_takes_infinitely_many_bits():
    found = coded(lambda before: np.array([1.0, 0.0]), Vocab(["a", "b"], [1, 1]), "a b")
    assert found.model[1] == math.inf and perplexity(found.chances) == math.inf


def test_perplexity_leaves_out_the_first_token_and_unknown_words():
    assert perplexity(np.array([0.001, 0.5, np.nan, 0.125])) == pytest.approx(4)
    assert math.isnan(perplexity(np.array([0.5, np.nan])))


def test_vocabularies_agree_when_they_hold_the_same_words():
    one, other = Vocab(["a", "b"], [2, 1]), Vocab(["a", "b"], [9, 8])
    assert same_words(one) == same_words(other) != same_words(Vocab(["b", "a"], [2, 1]))
    assert same_words(one) != same_words(Vocab(["a", "b"], [2, 1], tokenizer="characters"))
