"""Heads made by hand: of each measure the exact value, the nickname, and the place among the others."""

import numpy as np
import pytest

from core.explore.attention_heads import (
    BROAD,
    Statistics,
    divergences,
    entropy,
    even,
    nickname,
    nicknames,
    placed,
    targets,
)

PIECES = ["[CLS]", "the", "cat", ",", "the", "[SEP]"]
SPECIAL = np.array([True, False, False, False, False, True])
N = len(PIECES)


def column(place: int, n: int = N) -> np.ndarray:
    """A head that looks at one piece from everywhere."""
    head = np.zeros((n, n))
    head[:, place] = 1
    return head


def measured(*heads: np.ndarray, pieces=PIECES, special=SPECIAL):
    statistics = Statistics()
    statistics.add(np.stack(heads).astype(np.float32), pieces, special)
    return statistics.table()


def test_identity_previous_even_and_all_on_sep():
    previous = np.roll(np.eye(N), -1, axis=1)
    table, alike = measured(np.eye(N), previous, even(N, False), column(N - 1))
    np.testing.assert_allclose(table["entropy"], [0, 0, np.log(N), 0], atol=1e-6)
    np.testing.assert_allclose(table["share"], [0, 0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(table["self"], [1, 0, 1 / N, 1 / N], atol=1e-6)
    np.testing.assert_allclose(table["previous"], [0, (N - 1) / N, (N - 1) / N**2, 0], atol=1e-6)
    np.testing.assert_allclose(table["next"], [0, 0, (N - 1) / N**2, 1 / N], atol=1e-6)
    np.testing.assert_allclose(table["special"], [2 / N, 2 / N, 2 / N, 1], atol=1e-6)
    assert nicknames(table) == ["self", "previous", "broad", "special"]
    assert alike == pytest.approx({name: value[2] for name, value in table.items()})


def test_distance_first_punctuation_and_the_same_word_elsewhere():
    same = np.eye(N)
    same[[1, 4]] = same[[4, 1]]
    table, _ = measured(column(0), column(3), same)
    np.testing.assert_allclose(table["distance"], [2.5, (3 + 2 + 1 + 0 + 1 + 2) / 6, 1], atol=1e-6)
    np.testing.assert_allclose(table["first"], [1, 0, 1 / 6], atol=1e-6)
    np.testing.assert_allclose(table["punctuation"], [0, 1, 1 / 6], atol=1e-6)
    np.testing.assert_allclose(table["same"], [0, 0, 2 / 6], atol=1e-6)


def test_what_a_causal_head_cannot_see_is_no_part_of_its_largest_entropy():
    alike = even(4, True)
    table, told = measured(alike, np.eye(4), pieces=list("abcd"), special=np.zeros(4, bool))
    assert table["entropy"][0] == pytest.approx(np.log([1, 2, 3, 4]).mean()) and told["next"] == 0
    np.testing.assert_allclose(table["share"], [1, 0], atol=1e-6)


def test_means_are_over_pieces_not_texts():
    statistics = Statistics()
    for n in (2, 6):
        statistics.add(np.stack([column(0, n)]), ["a"] * n, np.zeros(n, bool))
    assert statistics.table()[0]["distance"].tolist() == [(0 + 1 + 0 + 1 + 2 + 3 + 4 + 5) / 8] and statistics.rows == 8


def test_markup_and_pieces_of_words_are_no_punctuation():
    marks = targets(["##s", "<s>", "$x$", "…", "。", "猫"], np.zeros(6, bool))["punctuation"][0]
    assert marks.tolist() == [False, False, False, True, True, False]


@pytest.mark.parametrize("passed, name", [
    ({"next": 0.51}, "next"), ({"next": 0.5}, ""), ({"special": 0.61, "first": 0.9}, "special"),
    ({"first": 0.7}, "first"), ({"share": BROAD + 0.01}, "broad"), ({"share": BROAD + 0.01, "self": 0.6}, "self"),
])  # fmt: skip
def test_nicknames_by_their_thresholds(passed, name):
    none = dict.fromkeys(("self", "previous", "next", "first", "special", "punctuation", "same", "share"), 0.0)
    assert nickname(none | passed) == name


def test_divergence_of_the_same_of_a_half_and_of_nothing_in_common():
    [found] = divergences([np.array([[1, 0], [1, 0], [0, 1], [0.5, 0.5]], np.float32)])
    half = entropy(np.array([0.75, 0.25])) - np.log(2) / 2
    assert found[0].tolist() == pytest.approx([0, 0, np.log(2), half])
    np.testing.assert_array_equal(found, found.T)


def test_heads_keep_their_distances_where_two_dimensions_can():
    points = np.array([[0, 0], [3, 0], [0, 4.0], [3, 4]])
    squares = ((points[:, None] - points) ** 2).sum(-1)
    xy, kept = placed(squares)
    np.testing.assert_allclose(((xy[:, None] - xy) ** 2).sum(-1), squares, atol=1e-9)
    assert kept == pytest.approx(1) and placed(np.zeros((1, 1)))[0].shape == (1, 2)
