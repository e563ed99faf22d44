"""Figures of how well senses are told apart: dots by their intervals, curves with theirs, words that are no markup."""

import numpy as np
import pandas as pd
import pytest

from core.figures.senses_measures import Layers, dots, height, over_layers

ROWS = [
    ("A <b>run</b>", "run", 0.9, 0.8, 0.95),
    ("bag", "baseline", 0.8, 0.7, 0.9),
    ("mixed", "control", 0.5, 0.4, 0.6),
]
TABLE = pd.DataFrame(ROWS, columns=["name", "kind", "value", "low", "high"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_dots_stand_in_order_with_their_intervals(mode):
    figure = dots(TABLE, chance=0.5, mode=mode, title="Senses", x_title="recall")
    assert [trace.x[0] for trace in figure.data] == [0.9, 0.8, 0.5] and height(3) > 100
    assert figure.data[0].error_x.array[0] == pytest.approx(0.05)
    assert figure.data[0].error_x.arrayminus[0] == pytest.approx(0.1)
    assert len({trace.marker.symbol for trace in figure.data}) == 3 and figure.layout.shapes[0].x0 == 0.5
    assert "<b>" not in figure.layout.yaxis.ticktext[0]


def test_a_curve_has_its_interval_and_baselines_lie_across():
    curve = Layers("A run", np.array([0.5, 0.9]), np.array([0.4, 0.8]), np.array([0.6, 1.0]))
    figure = over_layers([curve], [("guessing", 0.5)], mode="light", title="Layers", x_title="layer", y_title="recall")
    area, line, level = figure.data
    assert list(area.y) == [0.6, 1.0, 0.8, 0.4] and list(line.y) == [0.5, 0.9] and list(level.y) == [0.5, 0.5]
