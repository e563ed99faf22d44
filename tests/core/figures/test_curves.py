import numpy as np

from core.figures.curves import Baseline, Curve, loss_curves
from core.figures.palette import LIGHT


def draw(curves, **more):
    return loss_curves(
        curves, mode="light", title="Loss", x_title="million words", y_title="loss (nats a word)", **more
    )


def falling(name, **more):
    return Curve(name, np.arange(5), 6 - np.arange(5.0), **more)


def test_one_run_has_training_in_the_accent_and_held_out_dashed():
    training, held = draw([falling("training"), falling("held-out", held_out=True)]).data
    assert training.line.color == LIGHT.accent and training.line.dash is None
    assert held.line.color != LIGHT.accent and held.line.dash


def test_several_runs_have_a_colour_each():
    curves = [falling("a", run="1"), falling("a held-out", run="1", held_out=True), falling("b", run="2")]
    colours = [trace.line.color for trace in draw(curves).data]
    assert colours[0] == colours[1] != colours[2] and colours[2] in LIGHT.categories


def test_the_baseline_is_named_and_inside_the_picture():
    figure = draw([falling("training")], baseline=Baseline("guessing by <frequency>", 9.25))
    assert figure.layout.annotations[0].text == "guessing by &lt;frequency&gt; 9.25"
    low, high = figure.layout.yaxis.range
    assert low < 2 and high > 9.25


def test_of_two_levels_the_lower_is_named_under_its_line():
    for before, first in ((11.0, "as brought 11.00"), (7.0, "guessing 9.00")):
        figure = draw([falling("training")], baseline=Baseline("guessing", 9.0), before=Baseline("as brought", before))
        told = [(each.text, each.yanchor) for each in figure.layout.annotations]
        assert told[0] == (first, "bottom") and told[1][1] == "top"
        low, high = figure.layout.yaxis.range
        assert low < 2 and high > max(before, 9)


def test_axes_say_their_units_and_steps_may_be_logarithmic():
    layout = draw([falling("a")], log_x=True).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("million words", "loss (nats a word)")
    assert layout.xaxis.type == "log"


def test_large_steps_keep_their_precision():
    (line,) = draw([Curve("a", np.array([2**24, 2**24 + 1]), np.array([2.0, 1.0]))]).data
    assert line.x.dtype == np.float64 and line.x[1] - line.x[0] == 1


def test_a_first_measurement_is_a_visible_point_and_no_measurement_no_error():
    one, none = draw([Curve("a", [1], [2.0]), Curve("b", [], [])], baseline=Baseline("c", 3.0)).data
    assert one.mode == "markers" and len(none.x) == 0


def test_one_level_is_named_where_no_curve_runs():
    for y, anchor in (
        ([5.0, 3.1, 3.1, 3.1], "top"),
        ([5.0, 2.9, 2.9, 2.9], "bottom"),
        ([9.0, 8.0, 7.0, 6.0], "bottom"),
    ):
        figure = draw([Curve("a", [1, 2, 3, 4], y)], baseline=Baseline("guessing", 3.0))
        assert figure.layout.annotations[0].yanchor == anchor
        low, high = figure.layout.yaxis.range
        assert anchor == "bottom" or (3.0 - low) > 0.1 * (high - low)  # room for the name
