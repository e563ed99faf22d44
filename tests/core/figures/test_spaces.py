"""The pictures of spaces: axes, two maps on one basis, counting, the history; words are never markup."""

import json

import numpy as np
import pytest

from core.figures.axes import axis_plane, axis_wheel
from core.figures.counting import counting_scatter
from core.figures.history import COLUMNS, HIGH, WIDE, Small, history, pixels, shape
from core.figures.spaces import space_map

HOSTILE = "<b>$x$</b> %{y}"
WORDS = ["king", HOSTILE, "国王"]
LOOK = {"mode": "dark", "title": "Spaces"}
POINTS = np.array([[0.1, 0.5], [-0.4, 0.0], [0.2, -0.3]])


def literal(figure) -> bool:
    """Whether the hostile word is in the figure only as letters."""
    said = json.dumps(figure.to_plotly_json(), default=str)
    return "<b>$x$" not in said and "$x$" not in said and "&lt;b&gt;&#36;x&#36;" in said


def plane(**more):
    return axis_plane(POINTS, WORDS, [("man", HOSTILE), ("", "queen")], [(0.0, 0.1), (0.05, 0.2)],
                      numbers=["1", HOSTILE, "3"], **more, **LOOK)  # fmt: skip


def test_the_poles_stand_at_the_ends_and_what_is_usual_is_a_band():
    figure = plane(makers=1, hot=2)
    assert [note.text.split(" ")[-1 if "→" in note.text else 0] for note in figure.layout.annotations] == [
        "←",
        "→",
        "→",
    ]
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(band.x0, band.x1) for band in bands] == [(-0.1, 0.1), (0, 1)] and bands[1].y0 == pytest.approx(-0.15)
    lines = [(shape.x0, shape.y0) for shape in figure.layout.shapes if shape.type == "line"]
    assert lines == [(0, 0), (0, 0)] and list(figure.data[0].marker.size) == [10, 7, 12]
    assert literal(figure) and figure.data[0].customdata.tolist() == [0, 1, 2]


def test_the_range_holds_every_word_zero_and_the_band():
    x, y = plane().layout.xaxis.range, plane().layout.yaxis.range
    assert x[0] < -0.4 and x[1] > 0.2 and y[0] < -0.3 and y[1] > 0.5
    far = axis_plane(POINTS[:1], WORDS[:1], [("a", "b")] * 2, [(0.0, 0.1)] * 2, numbers=[""], **LOOK)
    assert far.layout.yaxis.range[0] < -0.1 and far.layout.xaxis.range[0] < -0.1


def test_a_wheel_closes_each_line_and_ends_at_three_deviations():
    values = np.array([[1.0, 9.0, -2.0], [0.0, -9.0, 0.5]])
    poles = [("low", "high"), ("", HOSTILE), ("c", "d")]
    figure = axis_wheel(values, ["king", HOSTILE], poles, cosines=values / 10, **LOOK)
    first, second, ring = figure.data
    assert first.r.tolist() == [1, 3, -2, 1] and second.r.min() == -3 and not ring.r.any()
    assert len(figure.layout.polar.angularaxis.ticktext) == 3 and literal(figure) and figure.layout.meta["tools"]


def test_both_maps_open_on_the_same_part_of_the_plane():
    said = {"drift": np.array([0.1, 0.9, 0.2]), "drift_title": "moved", "numbers": {"moved": np.ones(3)}, **LOOK}
    one = space_map(POINTS, POINTS + 1, WORDS, **said)
    other = space_map(POINTS + 1, POINTS, WORDS, chosen=1, trails=[0, 1], **said)
    assert one.layout.xaxis.range == other.layout.xaxis.range and one.layout.yaxis.range == other.layout.yaxis.range
    ways = [trace for trace in other.data if trace.mode == "lines+markers"]
    assert [len(way.x) for way in ways] == [6, 3] and np.isnan(ways[0].x[2])
    assert ways[1].x[:2].tolist() == pytest.approx([0.6, -0.4]) and literal(other)


def test_pairs_stand_around_the_line_where_both_agree():
    expected, scores = np.array([-1.0, 2.0]), np.array([-1.5, 2.5])
    titles = {"x_title": "PMI", "y_title": "w · c", "line_name": HOSTILE, "times_name": "times"}
    pairs = [("king", HOSTILE), ("a", "b")]
    figure = counting_scatter(expected, scores, pairs, np.array([3, 4000]), hot=1, **titles, **LOOK)
    [line] = figure.layout.shapes
    assert line.x0 == line.y0 < -1.5 and line.x1 == line.y1 > 2.5 and literal(figure)
    assert "times 4,000" in figure.data[0].hovertext[1] and figure.data[1].x == (2.0,)
    empty = counting_scatter(expected[:0], scores[:0], [], np.zeros(0, int), **titles, **LOOK)
    assert np.isfinite(empty.layout.xaxis.range).all()


def panels():
    xy = np.array([[0.0, 2.0], [1.0, -1.0], [-1.0, -1.0]])
    return [Small("A (1954)", "line", np.arange(3), xy, ring=True, number="0.18"), Small(HOSTILE, "not yet"),
            Small("C (2013)", "line", np.array([2, 0]), xy[:2])]  # fmt: skip


def test_every_panel_holds_its_words_in_the_colours_of_their_kinds():
    figure, texts, colours = history(panels(), WORDS, np.array([0, 1, 0]), hot=2, **LOOK)
    assert texts == ["king", HOSTILE, "国王", "国王", "king"] and figure.data[0].customdata.tolist() == [0, 1, 2, 2, 0]
    assert colours[0] == colours[2] == colours[3] != colours[1] and literal(figure)
    x, y = np.array(figure.data[0].x), np.array(figure.data[0].y)
    assert (
        (x[:3] > 0).all() and (x[:3] < WIDE).all() and (x[3:] > 2 * WIDE).all() and (y < 0).all() and (y > -HIGH).all()
    )
    assert sorted(figure.data[0].marker.size) == [7.5, 7.5, 7.5, 13, 13]


def test_a_ring_joins_every_two_words_and_an_empty_frame_is_dashed():
    figure, _, _ = history(panels(), WORDS, np.zeros(3, int), **LOOK)
    [path] = [shape.path for shape in figure.layout.shapes if shape.type == "path"]
    assert path.count("M") == 3
    frames = [shape.line.dash for shape in figure.layout.shapes if shape.type == "rect"]
    assert frames == ["solid", "4px,4px", "solid"]
    assert "0.18" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (3, 3), (4, 4), (5, 3), (7, 4), (9, 3), (11, 4)])
def test_panels_fill_rows(count, columns):
    assert shape(count) == (columns, -(-count // columns)) and columns <= COLUMNS and 200 < pixels(count) < 1300
