import numpy as np
import pandas as pd
import pytest

from core.figures.palette import DARK, LIGHT
from core.figures.trends import barcode_strips, trend_lines


def trends(words, places=3, name="place {}"):
    rows = [
        {"word": word, "place": i, "name": name.format(i), "x": 1800.0 + i, "count": 10 * i, "total": 1000,
         "per_million": 10_000.0 * i, "low": 9_000.0 * i, "high": 12_000.0 * i}
        for word in words for i in range(places)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def draw(table, **more):
    names = {"x_title": "year", "y_title": "per million", "hover": "{count} of {total}"}
    return trend_lines(table, mode="light", title="Trends", **names, **more)


def test_every_word_has_a_line_and_a_band_of_its_colour():
    figure = draw(trends(["红", "<b>"]))
    band, line, _, other = figure.data
    assert line.name == "红" and other.name == "&lt;b&gt;" and line.line.color == LIGHT.categories[0]
    assert line.y.tolist() == [0, 10_000, 20_000] and other.customdata.tolist() == [3, 4, 5]
    assert band.y.tolist() == [0, 12_000, 24_000, 18_000, 9_000, 0] and not band.showlegend
    assert list(line.hovertext) == ["0 of 1,000", "10 of 1,000", "20 of 1,000"]


def test_ten_words_can_be_told_apart():
    lines = draw(trends([f"w{i}" for i in range(10)])).data[1::2]
    assert len({(line.line.color, line.line.dash) for line in lines}) == 10


def test_groups_are_dots_with_bars_beside_each_other():
    first, second = draw(trends(["a", "b"]), joined=False).data
    assert first.mode == "markers" and (first.x < second.x).all()
    assert first.error_y.array.tolist() == [0, 2_000, 4_000] and first.error_y.arrayminus.tolist() == [0, 1_000, 2_000]


def test_names_stand_under_the_axis_only_where_they_have_room():
    assert list(draw(trends(["a"])).layout.xaxis.ticktext) == ["place 0", "place 1", "place 2"]
    assert draw(trends(["a"], name="a very long name of a place {}", places=30)).layout.xaxis.ticktext is None
    assert draw(trends(["a"]), named=False).layout.xaxis.ticktext is None


STRIPS = pd.DataFrame({"document": [4, 4, 9], "share": [0.1, 0.9, 0.5], "count": [1, 2, 1], "per_document": [3, 3, 1]})


def test_a_stroke_stands_in_the_row_of_its_document():
    names = {4: "first <i>", 9: "second"}
    figure = barcode_strips(STRIPS, names, mode="dark", title="Barcode", x_title="place", hot=[2])
    quiet, hot = figure.data
    assert quiet.x[::3].tolist() == [0.1, 0.9] and hot.x[::3].tolist() == [0.5]
    assert quiet.y[:2].tolist() == pytest.approx([-0.34, 0.34]) and hot.y[:2].tolist() == pytest.approx([0.66, 1.34])
    assert np.isnan(quiet.y[2]) and hot.customdata.tolist() == [2, 2, 2]
    assert list(figure.layout.yaxis.ticktext) == ["first &lt;i&gt;", "second"]
    assert [note.text for note in figure.layout.annotations] == ["3", "1"]
    assert figure.layout.shapes[0].fillcolor == DARK.panel


def test_a_word_that_stands_nowhere_has_an_empty_barcode():
    figure = barcode_strips(STRIPS.head(0), {}, mode="light", title="Barcode", x_title="place")
    assert all(len(trace.x) == 0 for trace in figure.data)
