"""Attention as it is shown: units, parts and bytes, by hand."""

import numpy as np
import pytest

from core.explore import attention as ways

PIECES = ["[CLS]", "un", "##able", "king", "[SEP]", "queen", "[SEP]"]
WORD = np.array([-1, 0, 0, 1, -1, 2, -1])
SEGMENT = np.array([0, 0, 0, 0, 0, 1, 1])


def looks(*shape: int) -> np.ndarray:
    weights = np.random.default_rng(0).random(shape)
    return weights / weights.sum(-1, keepdims=True)


def test_words_are_made_of_their_pieces_and_special_symbols_stay_alone():
    found = ways.units(PIECES, WORD, SEGMENT, whole=True)
    assert found.names == ["[CLS]", "unable", "king", "[SEP]", "queen", "[SEP]"]
    assert found.special.tolist() == [True, False, False, True, False, True]
    assert found.segment.tolist() == [0, 0, 0, 0, 1, 1] and found.of.tolist() == [0, 1, 1, 2, 3, 4, 5]


def test_pieces_stay_what_they_are():
    assert ways.units(PIECES, WORD, SEGMENT, whole=False).names == PIECES


def test_a_word_looks_as_the_mean_of_its_pieces_and_is_looked_at_as_their_sum():
    attention = np.array([[0.5, 0.3, 0.2], [0.1, 0.4, 0.5], [0.6, 0.0, 0.4]])
    assert np.allclose(ways.between_units(attention, np.array([0, 0, 1])), [[0.65, 0.35], [0.6, 0.4]])


def test_rows_of_words_still_sum_to_one():
    found = ways.between_units(looks(2, 3, 7, 7), ways.units(PIECES, WORD, SEGMENT, whole=True).of)
    assert found.shape == (2, 3, 6, 6) and np.allclose(found.sum(-1), 1)


@pytest.mark.parametrize(
    ("pair", "specials", "rows", "columns"),
    [
        ("all", True, [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]),
        ("all", False, [1, 2, 3, 5], [1, 2, 3, 5]),
        ("AA", True, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ("AB", False, [1, 2, 3], [5]),
        ("BA", False, [5], [1, 2, 3]),
        ("BB", True, [5, 6], [5, 6]),
    ],
)
def test_who_looks_and_who_is_looked_at_in_a_pair(pair, specials, rows, columns):
    looking, seen = ways.shown(ways.units(PIECES, WORD, SEGMENT, whole=False), specials, pair)
    assert looking.tolist() == rows and seen.tolist() == columns


def test_what_is_left_keeps_its_weights_or_sums_to_one_again():
    attention, kept = np.array([[0.5, 0.1, 0.4], [1.0, 0.0, 0.0], [0.2, 0.2, 0.6]]), np.array([1, 2])
    assert ways.part(attention, kept, kept).tolist() == [[0.0, 0.0], [0.2, 0.6]]
    assert np.allclose(ways.part(attention, kept, kept, renormalise=True), [[0, 0], [0.25, 0.75]])


def test_the_strongest_are_the_fewest_that_make_the_share():
    row = np.array([[0.1, 0.5, 0.15, 0.25]])
    assert ways.strongest(row, 0.5).tolist() == [[0, 0.5, 0, 0]]
    assert ways.strongest(row, 0.51).tolist() == [[0, 0.5, 0, 0.25]]
    assert ways.strongest(row, 1.0).tolist() == row.tolist() and not ways.strongest(row, 0.0).any()


def test_means_follow_the_heads_in_their_order():
    attention = looks(2, 3, 4, 4)
    maps = ways.with_means(attention)
    assert len(maps) == 9 and np.array_equal(maps[ways.number(1, 2, 2, 3)], attention[1, 2])
    assert np.allclose(maps[ways.number(1, -1, 2, 3)], attention[1].mean(0))
    assert np.allclose(maps[ways.number(-1, -1, 2, 3)], attention.mean((0, 1)))


def test_a_rounded_weight_is_off_by_half_a_step_of_its_row_at_most():
    maps = looks(5, 6, 7)
    numbers, step = ways.rounded(maps)
    assert numbers.dtype == np.uint8 and numbers.max(-1).tolist() == [[255] * 6] * 5
    assert (np.abs(numbers * step[..., None] - maps) <= step[..., None] / 2 + 1e-7).all()


def test_a_row_of_nothing_is_rounded_to_nothing():
    numbers, step = ways.rounded(np.zeros((1, 2, 3)))
    assert not numbers.any() and not step.any()


def test_a_small_map_has_the_largest_weight_of_every_block():
    assert ways.small(np.arange(16.0).reshape(1, 4, 4), 2).tolist() == [[[5, 7], [13, 15]]]
    assert ways.small(looks(1, 100, 3), 48).shape == (1, 48, 3)


def test_a_triangle_is_seen_as_one():
    assert ways.causal(np.tril(looks(2, 2, 4, 4))) and not ways.causal(looks(2, 2, 4, 4))
    assert not ways.causal(np.ones((1, 1, 1, 1)))
