import numpy as np
import pandas as pd
import pytest

from core.figures.compare import MOST_POINTS, collocation_bars, keyness_bars, keyness_scatter
from core.figures.palette import LIGHT

KEYS = pd.DataFrame({
    "word": ["红楼", "<s>", "same", "land", "ship"], "count": [9, 6, 5, 0, 1], "count_other": [0, 1, 5, 7, 12],
    "log_likelihood": [40.0, 20.0, 0.5, -10.0, -30.0], "log_ratio": [5.0, 3.0, 0.1, -4.0, -3.0],
    "key": [True, True, False, True, True],
})  # fmt: skip
SIDES = {"mode": "light", "title": "Keyness", "x_title": "G2", "names": ("one", "<other>")}
NEAR = pd.DataFrame({"word": ["大", "<b>"], "id": [7, 3], "left": [4, 0], "right": [6, 2], "log_dice": [10.41, 9.0]})
COLUMNS = {"mode": "light", "title": "Near", "x_title": "times", "names": ("left", "right", "logDice")}


def test_the_strongest_words_of_both_sides_stand_on_top():
    one, other = keyness_bars(KEYS, top=2, **SIDES).data
    assert list(one.text) == ["红楼", "&lt;s&gt;"] and list(other.text) == ["ship", "land"]
    assert one.x.tolist() == [40, 20] and other.x.tolist() == [-30, -10]
    assert other.customdata.tolist() == [4, 3] and other.y.tolist() == [0, 1]


def test_both_sides_have_one_scale_without_signs_and_their_names():
    figure = keyness_bars(KEYS, **SIDES)
    axis = figure.layout.xaxis
    assert axis.range[0] < -30 and axis.range[1] > 40 and not any("-" in tick for tick in axis.ticktext)
    assert [note.text for note in figure.layout.annotations] == ["<b>one</b>", "<b>&lt;other&gt;</b>"]


def test_a_side_without_key_words_is_empty():
    one, other = keyness_bars(KEYS.head(2), **SIDES).data
    assert len(one.x) == 2 and len(other.x) == 0
    assert all(len(bar.x) == 0 for bar in keyness_bars(KEYS.head(0), **SIDES).data)


def test_the_scatter_colours_sides_and_leaves_what_is_not_key_faint():
    figure = keyness_scatter(KEYS, y_title="G2", level_name="key", hot=[1], **SIDES)
    (points,) = figure.data
    assert points.customdata.tolist() == [0, 4, 1, 3, 2] and (points.y > 0).all()
    one, other = LIGHT.categories[:2]
    assert list(points.marker.color) == [one, other, LIGHT.hot, other, LIGHT.faint]
    assert figure.layout.shapes[-1].y0 == 10 and figure.layout.annotations[0].y == pytest.approx(1)


def test_only_the_surest_words_are_drawn():
    many = pd.concat([KEYS] * 5000, ignore_index=True)
    assert len(keyness_scatter(many, y_title="G2", **SIDES).data[0].x) == MOST_POINTS
    assert len(keyness_scatter(KEYS.head(0), y_title="G2", **SIDES).data[0].x) == 0


def test_collocations_show_their_two_sides_and_their_score():
    figure = collocation_bars(NEAR, "log_dice", hot=3, **COLUMNS)
    left, right = figure.data
    assert left.x.tolist() == [-4, 0] and right.x.tolist() == [6, 2] and right.customdata.tolist() == [7, 3]
    assert list(figure.layout.yaxis.ticktext) == ["大", "&lt;b&gt;"] and right.marker.color[1] == LIGHT.hot
    assert [note.text for note in figure.layout.annotations] == ["logDice", "left", "right", "10.4", "9.0"]


def test_no_collocations_are_an_empty_picture():
    assert all(len(bars.x) == 0 for bars in collocation_bars(NEAR.head(0), "log_dice", **COLUMNS).data)


@pytest.mark.parametrize("largest", [0.004, 3.0, 17.0, 987_654.0])
def test_ticks_are_round_and_few(largest):
    table = KEYS.assign(log_likelihood=np.array([1.0, 0.5, 0.1, -0.2, -1.0]) * largest)
    marks = np.array(keyness_bars(table, **SIDES).layout.xaxis.tickvals)
    assert 3 <= len(marks) <= 12 and 0 in marks and np.abs(marks).max() <= largest
