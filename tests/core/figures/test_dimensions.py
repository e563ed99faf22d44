import numpy as np
import pytest

from core.figures.dimensions import end_bars, explained_bars


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_dimension_has_its_share_and_the_sum_so_far(mode):
    [bars] = explained_bars(np.array([0.5, 0.25]), mode=mode, title="t", x_title="x", y_title="y", hot=1).data
    assert bars.y.tolist() == [50, 25] and bars.text.tolist() == [50, 75] and bars.customdata.tolist() == [0, 1]
    assert bars.marker.color[0] != bars.marker.color[1]


def test_the_two_ends_of_a_dimension_are_told_apart_and_words_are_no_markup():
    [bars] = end_bars(["<b>", "river"], np.array([2.0, -1.0]), np.array([7, 3]), mode="light", title="t").data
    assert bars.text == ("&lt;b&gt;", "river") and bars.customdata.tolist() == [7, 3]
    assert bars.marker.color[0] != bars.marker.color[1]


def test_a_dimension_without_words_is_empty():
    assert len(end_bars([], np.zeros(0), np.zeros(0, int), mode="dark", title="t").data[0].x) == 0
