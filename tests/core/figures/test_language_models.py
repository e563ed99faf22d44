"""Language models beside each other: bars with marks, and curves on which exactly 0 has a place of its own."""

import numpy as np

from core.figures.language_models import Look, Mark, model_bars, reach_curves


def test_bars_have_their_marks_and_infinity_none():
    marks = [Mark("by frequency", np.array([2.0, 2.5]), "diamond")]
    figure = model_bars(
        [("GPT", "mine"), ("N-gram", "<i>")], np.array([1.5, np.inf]), marks, mode="light", title="Bits",
        x_title="bits", none="impossible", kinds=[0, 1],
    )  # fmt: skip
    bars, mark = figure.data
    assert list(bars.x) == [1.5, 0] and list(bars.text) == ["1.5", "impossible"] and list(mark.x) == [2, 2.5]
    assert figure.layout.annotations[0].text == "impossible" and figure.layout.annotations[0].y == 1
    assert "<i>" not in figure.layout.yaxis.ticktext[1] and figure.layout.xaxis.range[1] == 1.04 * 2.5


def test_a_curve_shows_exact_zeros_apart_from_small_numbers():
    look = Look("LSTM", np.array([0.1, 1e-9, 0.0, np.nan]), np.full(4, 0.01))
    figure = reach_curves([look], mode="dark", title="", x_title="", y_title="", zero="exactly 0")
    curve, ticks = figure.data[0], figure.layout.yaxis
    assert np.allclose(curve.y[:3], [-1, -6, -7]) and np.isnan(curve.y[3])
    assert list(curve.marker.symbol[:3]) == ["circle", "circle", "circle-open"]
    assert ticks.tickvals[0] == -7 and ticks.ticktext[0] == "exactly 0" and ticks.ticktext[1].startswith("≤")


def test_curves_that_are_all_zero_and_none_at_all():
    flat = Look("n-gram", np.zeros(3), np.zeros(3))
    figure = reach_curves([flat], mode="light", title="", x_title="", y_title="", zero="0")
    assert list(figure.data[0].y) == [-3, -3, -3]
    assert len(reach_curves([], mode="light", title="", x_title="", y_title="", zero="0").data) == 0
