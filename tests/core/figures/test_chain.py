import numpy as np
import pytest

from core.figures.chain import chain_bars, probability, surprised_runs
from core.figures.palette import LIGHT

LOOK = {"mode": "light", "title": "Chain", "y_title": "p", "order_names": {3: "three <words>", 1: "one"}}
WORDS, CHANCES, ORDERS = ["the", "猫", "<zork>", "sat"], np.array([0.1, 0.01, 0.0, 0.1]), [1, 3, 0, 3]


def test_each_word_has_a_bar_in_the_colour_of_its_order():
    bars = {bar.name: bar for bar in chain_bars(WORDS, CHANCES, ORDERS, **LOOK).data}
    assert bars["three &lt;words&gt;"].x.tolist() == [1, 3] and bars["one"].customdata.tolist() == [0]
    assert bars["three &lt;words&gt;"].marker.color == LIGHT.categories[2] and bars["0"].marker.color == LIGHT.faint
    assert bars["one"].y[0] - bars["three &lt;words&gt;"].y[0] == pytest.approx(1)


def test_a_word_that_cannot_be_has_no_bar_and_says_so():
    bars = {bar.name: bar for bar in chain_bars(WORDS, CHANCES, ORDERS, hover=["1 / 10"] * 4, **LOOK).data}
    assert bars["0"].y.tolist() == [0] and list(bars["0"].text) == ["0"]
    assert bars["0"].hovertext[0] == "<b>&lt;zork&gt;</b><br>0 · ∞ nats<br>1 / 10"
    assert bars["one"].hovertext[0] == "<b>the</b><br>0.1 · 2.30 nats<br>1 / 10"


def test_the_axis_begins_below_the_smallest_and_ends_at_one():
    axis = chain_bars(WORDS, CHANCES, ORDERS, **LOOK).layout.yaxis
    assert list(axis.ticktext)[0] == "1" and axis.tickvals[0] == 3 and axis.tickvals[-1] == 0


@pytest.mark.parametrize("chances", [[], [0.0], [1.0], [1e-300]])
def test_odd_chains_are_pictures(chances):
    words = ["x"] * len(chances)
    figure = chain_bars(words, np.array(chances), [1] * len(chances), **LOOK)
    assert all(np.isfinite(bar.y).all() for bar in figure.data) and figure.layout.yaxis.range[1] > 0


@pytest.mark.parametrize("chance, text", [
    (0.31, "0.31"), (1, "1"), (0.001, "0.001"), (2e-6, "2·10<sup>-6</sup>"), (1e-5, "10<sup>-5</sup>"), (0, "0"),
    (9.7e-7, "10<sup>-6</sup>"),
])  # fmt: skip
def test_probabilities_are_written_shortly(chance, text):
    assert probability(chance) == text


def test_surprise_tints_words_and_leaves_the_rest():
    pieces = [("The", 4), (" ", -1), ("zork", 9), ("x", 2), ("y", 3)]
    runs = surprised_runs(pieces, [2.5, 0.0, np.inf, 99.0, np.nan])
    assert runs == [["The", 4, 0.25, 0], [" ", -1, 0.0, 0], ["zork", 9, 1.0, 1], ["x", 2, 1.0, 0], ["y", 3, 0.0, 0]]
    with pytest.raises(ValueError):
        surprised_runs(pieces, [1.0])
