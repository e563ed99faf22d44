"""The picture of a change: the curve, chance in its band, and axes that hold both."""

import numpy as np

from core.figures.sense_change import change


def test_the_curve_stands_before_the_band_of_chance():
    values, mean, low, high = (np.array(each, float) for each in ([1, 1.4], [1, 1.1], [1, 1.05], [1, 1.2]))
    figure = change(values, (mean, low, high), ("<b>", "dealt"), mode="dark", title="t", x_title="layer",
                    y_title="PRT", hot=1)  # fmt: skip
    band, curve, chance, ring = figure.data
    assert band.y.tolist() == [1, 1.2, 1.05, 1] and curve.y.tolist() == [1, 1.4] and chance.y.tolist() == [1, 1.1]
    assert (ring.x[0], ring.y[0]) == (1, 1.4) and "<" not in curve.name
    bottom, top = figure.layout.yaxis.range
    assert bottom < 1 and top > 1.4
