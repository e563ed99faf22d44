import numpy as np
import pytest

from core.figures.paths import length_scatter, path_tree

CODES = np.array([0, 1, 1])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_path_turns_left_at_0_and_right_at_1_and_what_hangs_beside_it_is_on_the_other_side(mode):
    figure = path_tree(CODES, ["60%", "50%", "90%"], ["the", "of", "a"], word="bank", mode=mode, title="t")
    branches, path, turns, other, leaf = figure.data
    assert list(path.x) == [0, -1, 0, 1] and list(path.y) == [0, -1, -2, -3] and turns.customdata.tolist() == [0, 1, 2]
    assert list(other.x) == [1, -2, -1] and list(other.y) == [-1, -2, -3] and list(leaf.x) == [1]
    assert list(branches.x[:2]) == [0, 1]


def test_words_of_a_path_are_no_markup_and_the_word_is_written_at_its_leaf():
    figure = path_tree(CODES, ["1", "2", "3"], ["<b>x", "y", "z"], word="<i>", mode="light", title="t")
    texts = [note.text for note in figure.layout.annotations]
    assert "&lt;b&gt;x" in texts and texts[-1] == "<b>&lt;i&gt;</b>"


def test_the_first_and_last_word_are_among_those_drawn_of_many():
    lengths = np.arange(50_000) // 3000
    figure = length_scatter(lengths, ["w"] * 50_000, [(9.5, "mean")], mode="light", title="t", x_title="x", y_title="y",
                            hot=7)  # fmt: skip
    points, hot = figure.data
    assert points.x[0] == 1 and points.x[-1] == 50_000 and len(points.x) <= 4000
    assert points.y[-1] == lengths[-1] and list(hot.x) == [8]


def test_of_few_words_all_are_drawn():
    figure = length_scatter(np.array([1, 2, 2]), list("abc"), [(1.58, "log")], mode="dark", title="t", x_title="",
                            y_title="")  # fmt: skip
    assert figure.data[0].x.tolist() == [1, 2, 3]
