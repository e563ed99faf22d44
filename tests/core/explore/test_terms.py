"""Weights shown: arithmetic that comes out, tints, texts cut at their words, scores taken apart."""

import re

import numpy as np
import pytest

from core.explore.terms import arithmetic, figures, group_arithmetic, parts, spelt, tinted

EXPLAINED = {
    "formulas": {"tf": "f_{t,d}", "idf": r"\ln \frac{N}{n_t}", "norm": "1"},
    "worked": {"tf": "3", "idf": r"\ln \frac{8}{2}", "norm": "1"},
    "tf": 3.0, "idf": float(np.log(4)), "norm": 1.0, "weight": 3 * float(np.log(4)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "shown"),
    [(3.0, "3"), (0, "0"), (1.38629436, "1.386"), (10843.625, "10843.6"), (-2.5e-7, r"-2.5 \cdot 10^{-7}"),
     (1e12, r"1 \cdot 10^{12}"), (1040, "1040")],
)  # fmt: skip
def test_numbers_are_written_so_that_they_can_be_redone(number, shown):
    assert figures(number) == shown


def test_the_arithmetic_says_symbols_numbers_and_what_they_come_to():
    text = arithmetic(EXPLAINED)
    assert r"\mathrm{tf} &= f_{t,d} = 3 \\" in text and r"\mathrm{norm} &= 1 \\" in text
    assert r"\ln \frac{N}{n_t} = \ln \frac{8}{2} = 1.386" in text
    assert text.endswith(r"w &= \frac{3 \cdot 1.386}{1} = \mathbf{4.159}\end{aligned}")
    assert r"\ln \frac{N}{n_t} \\ &= \ln \frac{8}{2} = 1.386" in arithmetic(EXPLAINED, narrow=True)


def test_a_groups_arithmetic_comes_out():
    row = {"count": 4, "length": 80, "total": 5, "mean": 100.0, "share": 0.05, "inverse": float(np.log(21)),
           "weight": 0.05 * float(np.log(21))}  # fmt: skip
    text = group_arithmetic(row)
    assert r"\frac{4}{80} = 0.05" in text and r"\ln\left(1 + \frac{100}{5}\right) = 3.045" in text
    shown = re.search(r"mathbf\{(.*?)\}", text)
    assert shown is not None and float(shown[1]) == pytest.approx(4 / 80 * np.log(1 + 100 / 5), rel=1e-3)


def test_tints_follow_weights_and_hits_are_marked():
    runs = [["The", 0, 0, 0], [" ", -1, 0, 0], ["cat", 1, 0, 0], ["!", -1, 0, 0], ["cat", 1, 0, 0], ["dog", 7, 0, 0]]
    found = tinted(runs, {0: 0.1, 1: 0.4}, [9, 1])
    assert [run[0] for run in found] == [run[0] for run in runs]
    assert [run[3] for run in found] == [0, 0, 2, 0, 1, 0] and [run[2] for run in found[1:]] == [0] * 5
    assert tinted(runs, {0: 0.1, 1: 0.4})[2][2] == 1 > tinted(runs, {0: 0.1, 1: 0.4})[0][2] > 0


@pytest.mark.parametrize("marked", [[], [-1], [99]])
def test_nothing_is_marked_that_is_not_there(marked):
    assert [run[2:] for run in tinted([["a", -1], ["b", 5]], {}, marked)] == [[0, 0], [0, 0]]
    assert tinted([], {1: 1.0}, marked) == []


@pytest.mark.parametrize("text", ["The cat.", "  cat", "", "no <b>cat</b> $x$", "猫cat"])
def test_a_text_cut_at_its_words_is_the_text(text):
    words = [(match.group(), match.start()) for match in re.finditer("[a-z]+", text)]
    runs = spelt(text, words, {"cat": 3})
    assert "".join(run[0] for run in runs) == text
    assert [run[0] for run in runs if run[1] == 3] == re.findall(r"\bcat\b|(?<=猫)cat", text)


def test_a_score_is_the_sum_of_what_its_words_give():
    table = parts(np.array([5, 2]), np.array([0.7, 0.2]), np.array([[0.3, 0.4], [0.0, 0.2]]), ["a", "b"])
    assert table.values.tolist() == [[1, 5, 0.7, "a", 0.3], [1, 5, 0.7, "b", 0.4], [2, 2, 0.2, "b", 0.2]]
    assert table.groupby("document")["part"].sum().to_dict() == pytest.approx({5: 0.7, 2: 0.2})
    assert parts(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 2)), ["a", "b"]).empty
