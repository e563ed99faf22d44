"""Figures of what is measured: each number in its place, words as data."""

import numpy as np
import pytest

from core.figures.attention_heads import head_grid, head_map, label
from core.figures.attention_numbers import layer_lines, lens_grid, piece_rows, reach_lines

WORDS = ["the", "<b>cat</b>", "$x$"]
modes = pytest.mark.parametrize("mode", ["light", "dark"])


@modes
def test_a_head_is_a_point_of_its_nickname_and_its_number(mode):
    xy = np.arange(8.0).reshape(4, 2)
    figure = head_map(xy, [["next", ""], ["", "next"]], mode=mode, title="Heads", chosen=3)
    assert [trace.name for trace in figure.data] == ["next", "–"]
    assert figure.data[0].customdata.tolist() == [0, 3] and figure.data[0].text.tolist() == ["1.1", "2.2"]
    assert figure.data[0].x.tolist() == [0, 6] and figure.data[0].marker.line.width == (0, 2.5)
    assert label(0, 2) == "1.3"


@modes
def test_a_cell_a_head_with_its_number_and_zero_in_the_middle(mode):
    values = np.array([[0.1, -0.4], [0.0, 0.2]])
    figure = head_grid(values, mode=mode, title="t", layer="layer", head="head", hover=[["a", "b"], ["c", "<d>"]])
    heat = figure.data[0]
    assert (heat.zmin, heat.zmax) == (-0.4, 0.4) and heat.text[1][1] == "&lt;d&gt;"
    assert [note.text for note in figure.layout.annotations] == ["+0.100", "-0.400", "+0.000", "+0.200"]


@modes
def test_the_lens_shows_words_letter_by_letter_and_what_is_right_bold(mode):
    right = np.array([[False, True, False], [False, False, False]])
    figure = lens_grid([WORDS, WORDS], np.full((2, 3), 0.5), WORDS, mode=mode, title="t", layers=["a", "b"],
                       hover=[["x\n<i>"] * 3] * 2, right=right)  # fmt: skip
    texts = [note.text for note in figure.layout.annotations]
    assert (
        texts[:3] == ["the", "<b>&lt;b&gt;cat&lt;/b&gt;</b>", "&#36;x&#36;"]
        and figure.data[0].text[0][0] == "x<br>&lt;i&gt;"
    )


@modes
def test_each_measure_is_scaled_to_its_largest_and_leaves_out_what_is_not_compared(mode):
    rows = {"one": np.array([1.0, 2.0, 9.0]), "none": np.zeros(3)}
    figure = piece_rows(rows, WORDS, np.array([True, True, False]), mode=mode, title="t")
    np.testing.assert_array_equal(figure.data[0].z, [[0.5, 1, np.nan], [0, 0, np.nan]])
    assert list(figure.layout.xaxis.ticktext)[2] == "&#36;x&#36;"


@modes
def test_lines_over_layers_with_bands_and_over_distances(mode):
    values = np.array([[0.1, 0.0, 0.2], [0.3, np.nan, np.nan]])
    figure = layer_lines({"a": values, "b": values[:1]}, mode=mode, title="t", x_title="x", y_title="y")
    assert [trace.name for trace in figure.data if trace.name] == ["a", "b"] and len(figure.data) == 4
    assert figure.data[1].x.tolist() == [1, 2]
    reach = reach_lines({"on": np.array([0.1, 0.2, 0.3])}, mode=mode, title="t", x_title="x", y_title="y")
    assert reach.data[0].x.tolist() == [-1, 0, 1]
