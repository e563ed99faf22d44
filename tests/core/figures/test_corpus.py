import numpy as np
import pytest

from core.figures.corpus import growth_curve, lengths_histogram
from core.figures.palette import DARK

NAMES = {"mode": "dark", "title": "A corpus", "x_title": "tokens", "y_title": "<types>"}


def test_growth_stands_beside_its_law_from_where_that_was_fitted():
    tokens = np.array([1, 10, 100, 1000])
    figure = growth_curve(tokens, np.array([1, 9, 60, 400]), tokens**0.8, law_name="n^0.8 <b>", first=100, **NAMES)
    measured, law = figure.data
    assert measured.y.tolist() == [1, 9, 60, 400] and measured.line.color == DARK.accent
    assert law.x.tolist() == [100, 1000] and law.name == "n^0.8 &lt;b&gt;"
    assert figure.layout.xaxis.type == "log" and figure.layout.yaxis.title.text == "&lt;types&gt;"


def test_growth_without_a_law_has_no_legend_of_one():
    figure = growth_curve([1], [1], [np.nan], law_name="", logarithmic=False, **NAMES)
    assert len(figure.data[1].x) == 0 and not figure.data[1].showlegend and figure.layout.xaxis.type is None


@pytest.mark.parametrize("logarithmic, range_, place", [(False, (10, 40), 16), (True, (1, np.log10(40)), np.log10(16))])
def test_bars_cover_their_bins_and_the_median_stands_where_it_is(logarithmic, range_, place):
    edges, counts = np.array([10.0, 20, 40]), np.array([3, 5])
    figure = lengths_histogram(edges, counts, logarithmic=logarithmic, median=16, median_name="median 16", **NAMES)
    (bars,) = figure.data
    assert (bars.x - bars.width / 2).tolist() == [10, 20] and (bars.x + bars.width / 2).tolist() == [20, 40]
    assert list(bars.hovertext) == ["10–19", "20–39"] and figure.layout.xaxis.range == pytest.approx(range_)
    assert figure.layout.shapes[0].x0 == 16 and figure.layout.annotations[0].x == pytest.approx(place)


def test_a_corpus_of_nothing_is_an_empty_picture():
    figure = lengths_histogram(np.array([0.0, 1.0]), np.zeros(1), median=np.nan, **NAMES)
    assert figure.data[0].y.tolist() == [0] and not figure.layout.shapes
