"""Dots with intervals, beside chance and frequency; curves of hubs; names as data."""

import numpy as np
import pandas as pd
import pytest

from core.figures.scores import height, hub_curves, score_dots

NAMES = ("random", "frequency", "published")


def table(**changes):
    row = {"set": "S", "run": "A", "value": 0.5, "low": 0.4, "high": 0.6, "random": 0.0, "random_low": -0.1,
           "random_high": 0.1, "frequency": 0.2}  # fmt: skip
    rows = [
        row,
        row | {"run": "B <b>x</b>", "value": 0.3},
        row | {"set": "$T$", "value": np.nan, "low": np.nan, "high": np.nan},
    ]
    return pd.DataFrame([each | changes for each in rows])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_score_is_a_dot_with_its_interval_and_row(mode):
    figure = score_dots(table(), mode=mode, title="Scores", names=NAMES)
    dots = {trace.name: trace for trace in figure.data}
    assert list(dots) == ["random", "A", "B &lt;b&gt;x&lt;/b&gt;", "frequency"]
    assert dots["A"].customdata.tolist() == [0, 2] and dots["A"].error_x.array[0] == pytest.approx(0.1)
    assert dots["A"].y[0] < dots["B &lt;b&gt;x&lt;/b&gt;"].y[0] < dots["A"].y[1]
    assert figure.layout.yaxis.ticktext == ("S", "&#36;T&#36;") and figure.layout.meta["title"] == "Scores"


def test_chance_is_a_band_where_it_varies_else_a_stroke():
    band = score_dots(table(), mode="light", title="", names=NAMES)
    stroke = score_dots(table(random_low=np.nan, random_high=np.nan), mode="light", title="", names=NAMES)
    kinds = [[shape.type for shape in figure.layout.shapes].count("rect") for figure in (band, stroke)]
    assert kinds == [3, 0] and band.layout.shapes[0].x0 == -0.1


def test_published_figures_are_marked_with_their_source():
    published = pd.DataFrame({"set": ["S"], "run": ["A"], "value": [0.62], "text": ["a paper, <i>6 G</i>"]})
    mark = score_dots(table(), mode="light", title="", names=NAMES, published=published).data[-1]
    assert mark.name == "published" and mark.x.tolist() == [0.62] and mark.text == ("a paper, &lt;i&gt;6 G&lt;/i&gt;",)


def test_a_negative_score_is_in_the_picture():
    figure = score_dots(table(low=-0.4), mode="light", title="", names=NAMES)
    assert figure.layout.xaxis.range[0] < -0.4 and height(3, 2) > height(3, 1) > height(2, 1)


def test_the_curve_of_hubs_leaves_out_nobody_and_dots_chance():
    points = np.array([[0, 1.0], [1, 0.5], [30, 0.01]])
    figure = hub_curves(
        [("a", points, False), ("chance", points, True)], mode="dark", title="t", x_title="x", y_title="y"
    )
    assert figure.data[0].x.tolist() == [1, 30] and figure.data[0].y.tolist() == [50, 1]
    assert [trace.line.dash for trace in figure.data] == ["solid", "dot"] and figure.layout.xaxis.type == "log"
