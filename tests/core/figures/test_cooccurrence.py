"""The picture of a matrix of counts: its cells, its numbers, hostile words."""

import numpy as np
import pytest

from core.figures.cooccurrence import MOST_NUMBERS, count_heatmap, short

NAMES = {"title": "Counts", "value_name": "counts", "x_title": "near it"}


def test_cells_hold_their_counts_and_empty_ones_can_be_pointed_at():
    values = np.array([[0, 2.5], [1000, 0]])
    ground, cells, numbers = count_heatmap(values, ["a", "b"], mode="light", **NAMES).data
    np.testing.assert_array_equal(np.nan_to_num(cells.z), values)
    np.testing.assert_array_equal(np.isnan(ground.z), values > 0)
    assert list(numbers.text) == ["0", "2.50", "1,000", "0"] and numbers.hoverinfo == "skip"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_cell_that_is_pointed_at_is_framed(mode):
    figure = count_heatmap(np.ones((3, 3)), list("abc"), mode=mode, hot=(0, 2), **NAMES)
    [frame] = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 2.5, -0.5, 0.5)


def test_many_words_have_no_numbers_and_steep_names():
    count = MOST_NUMBERS + 1
    figure = count_heatmap(np.ones((count, count)), [f"w{i}" for i in range(count)], mode="light", **NAMES)
    assert len(figure.data) == 2 and figure.layout.xaxis.tickangle == -90


def test_words_are_no_markup():
    hostile = ["<b>x</b>", "$y$ %{z}"]
    figure = count_heatmap(np.ones((2, 2)), hostile, mode="light", **NAMES)
    for texts in (figure.layout.xaxis.ticktext, figure.data[1].text[0]):
        assert "<b>x</b>" not in str(texts) and "$y$" not in str(texts) and "%{z}" not in str(texts)
    assert count_heatmap(np.zeros((2, 2)), hostile, mode="dark", **NAMES).data[1].zmax > 0


def test_numbers_have_as_many_figures_as_fit():
    assert [short(value) for value in (0, 0.333, 9.999, 12.34, 99.96, 123.4, 12345.6)] == [
        "0", "0.33", "10.00", "12.3", "100.0", "123", "12,346",
    ]  # fmt: skip
    assert short(2.0, whole=True) == "2"
    assert [short(value, tight=True) for value in (0, 0.044, 0.333, 0.999, 4.69, 12.34, 12345.6)] == [
        "0", ".04", ".33", "1.0", "4.7", "12", "12,346",
    ]  # fmt: skip
