"""Guesses beside each other: exact places, ids of clicks, names that are no markup."""

import numpy as np

from core.figures.guesses import coin_dots, dumbbells


def test_a_dumbbell_goes_from_before_to_after():
    figure = dumbbells(
        ["<b>a", "b"], np.array([0.2, 0.5]), np.array([0.6, 0.1]), np.array([7, 3], np.int32), mode="light",
        title="Both", names=("before", "after"), hot=3,
    )  # fmt: skip
    way, before, after = figure.data
    assert list(way.x[:2]) == [0.2, 0.6] and np.isnan(way.x[2]) and list(way.y[3:5]) == [1, 1]
    assert list(before.x) == [0.2, 0.5] and list(after.x) == [0.6, 0.1] and list(after.customdata) == [7, 3]
    assert figure.layout.yaxis.ticktext == ("&lt;b>a", "<b>b</b>") or "<b>a" not in figure.layout.yaxis.ticktext[0]
    assert "20.0 % → 60.0 %" in before.text[0]


def test_no_word_is_a_figure_too():
    none = np.zeros(0)
    assert len(dumbbells([], none, none, none.astype(np.int32), mode="dark", title="", names=("a", "b")).data) == 3
    assert len(coin_dots([], none, mode="dark", title="", x_title="", coin="").data[0].x) == 0


def test_pairs_stand_beside_a_coin_with_their_intervals():
    figure = coin_dots(
        ["one", "two"], np.array([0.9, 0.4]), low=np.array([0.8, 0.1]), high=np.array([0.95, 0.7]), mode="light",
        title="Pairs", x_title="p", coin="a coin", hot=1,
    )  # fmt: skip
    dots = figure.data[0]
    assert np.allclose(dots.error_x.array, [0.05, 0.3]) and np.allclose(dots.error_x.arrayminus, [0.1, 0.3])
    assert figure.layout.shapes[0].x0 == 0.5 and figure.layout.annotations[0].text == "a coin"
    assert dots.marker.color[1] != dots.marker.color[0] and list(dots.customdata) == [0, 1]
