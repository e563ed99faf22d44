"""Words' weights in more and more company: a line each, its word at the end, data and never markup."""

import numpy as np
import pytest

from core.figures.company import company_lines

WEIGHTS = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0], [1.0, 0.5, 0.99]])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_word_has_its_line_and_its_name_at_the_end(mode):
    figure = company_lines(
        WEIGHTS, ["cat", "<b>", "$x$"], mode=mode, title="t", x_title="x", y_title="y", here=1
    )  # fmt: skip
    lines = {trace.name: trace.y.tolist() for trace in figure.data if trace.mode == "lines"}
    assert lines == {"cat": [0, 1, 2], "&lt;b&gt;": [1, 1, 1], "&#36;x&#36;": [1, 0.5, 0.99]}
    places = [note.y for note in figure.layout.annotations]
    assert len(places) == 3 and np.diff(sorted(places)).min() > 0.05
    assert figure.data[-1].x.tolist() == [1, 1, 1] and figure.data[-1].y.tolist() == [1, 1, 0.5]


def test_the_word_pointed_at_is_drawn_last_and_hot():
    figure = company_lines(WEIGHTS, ["a", "b", "c"], mode="light", title="", x_title="", y_title="", here=0, hot=1)
    names = [trace.name for trace in figure.data if trace.mode == "lines"]
    assert names == ["a", "c", "b"] and figure.data[2].line.width > figure.data[0].line.width
    assert figure.data[2].line.color == "#d9822b" != figure.data[0].line.color


def test_nothing_but_zeros_is_drawn():
    figure = company_lines(np.zeros((1, 1)), ["a"], mode="light", title="", x_title="", y_title="", here=0)
    low, high = figure.layout.yaxis.range
    assert low < 0 < high
