"""Figures of how well senses are told apart: dots by their intervals, curves with theirs, words that are no markup."""

import numpy as np
import pandas as pd
import pytest

from core.figures.palette import palette
from core.figures.senses_measures import Layers, dots, height, over_layers, weights

ROWS = [
    ("A <b>run</b>", "run", 1, 0.9, 0.8, 0.95),
    ("Its mix", "mix", 1, 0.85, 0.7, 0.9),
    ("bag", "baseline", -1, 0.8, 0.7, 0.9),
    ("mixed", "control", -1, 0.5, 0.4, 0.6),
]
TABLE = pd.DataFrame(ROWS, columns=["name", "kind", "series", "value", "low", "high"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_dots_stand_in_order_with_their_intervals(mode):
    figure = dots(TABLE, chance=0.5, mode=mode, title="Senses", x_title="recall")
    assert [trace.x[0] for trace in figure.data] == [0.9, 0.85, 0.8, 0.5] and height(3) > 100
    assert figure.data[0].error_x.array[0] == pytest.approx(0.05)
    assert figure.data[0].error_x.arrayminus[0] == pytest.approx(0.1)
    assert len({trace.marker.symbol for trace in figure.data}) == 4 and figure.layout.shapes[0].x0 == 0.5
    colours = [trace.marker.color for trace in figure.data]
    assert colours[0] == colours[1] == palette(mode).categories[1] and colours[2] == colours[3] == palette(mode).quiet
    assert "<b>" not in figure.layout.yaxis.ticktext[0]


def test_a_curve_has_its_interval_and_baselines_lie_across():
    curve = Layers("A run", np.array([0.5, 0.9]), np.array([0.4, 0.8]), np.array([0.6, 1.0]))
    figure = over_layers([curve], [("guessing", 0.5)], mode="light", title="Layers", x_title="layer", y_title="recall")
    area, line, level = figure.data
    assert list(area.y) == [0.6, 1.0, 0.8, 0.4] and list(line.y) == [0.5, 0.9] and list(level.y) == [0.5, 0.5]


def test_weights_of_layers_are_bars_with_their_folds_and_a_line_at_the_centre_of_gravity():
    one = Layers("A run", np.array([0.25, 0.75]), np.array([0.2, 0.7]), np.array([0.3, 0.8]))
    other = Layers("B", np.array([0, 0, 1.0]), np.array([0, 0, 1.0]), np.array([0, 0, 1.0]), series=2)
    figure = weights([one, other], mode="light", title="Weights", x_title="layer", y_title="weight")
    assert [list(trace.y) for trace in figure.data] == [[0.25, 0.75], [0, 0, 1]]
    assert figure.data[0].error_y.array == pytest.approx([0.05, 0.05])
    assert [shape.x0 for shape in figure.layout.shapes] == [0.75, 2]
    assert figure.layout.shapes[1].line.color == palette("light").categories[2]
