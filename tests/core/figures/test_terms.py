import numpy as np
import pandas as pd

from core.figures.palette import LIGHT
from core.figures.terms import query_rankings, ranking_bars, term_heatmap

LOOK = {"mode": "light", "title": "Terms"}
RANKED = pd.DataFrame({"word": ["猫", "<b>"], "id": [9, 4], "tf": [3, 2], "idf": [1.3863, 0.00012346],
                       "weight": [4.1589, 0.0002469]})  # fmt: skip
ONE = pd.DataFrame({"rank": [1, 1, 2], "document": [5, 5, 3], "score": [0.5, 0.5, 0.25],
                    "word": ["cat", "<sea>", "cat"], "part": [0.3, 0.2, 0.25]})  # fmt: skip
OTHER = pd.DataFrame({"rank": [1, 2], "document": [3, 8], "score": [7.0, 6.0], "word": ["cat", "ship"],
                      "part": [7.0, 6.0]})  # fmt: skip
NAMES = {5: "Five", 3: "<i>Three</i>", 8: "Eight"}


def test_pointing_at_a_word_shows_its_arithmetic():
    (bars,) = ranking_bars(RANKED, formula="tf {tf} × {idf}\n= {weight}", hot=4, **LOOK).data
    assert bars.hovertext[0] == "<b>猫</b><br>tf 3 × 1.386<br>= 4.159"
    assert bars.hovertext[1].startswith("<b>&lt;b&gt;</b><br>tf 2 × 0.0001235")
    assert bars.customdata.tolist() == [9, 4] and bars.marker.color[1] == LIGHT.hot and bars.text[0] == "4.159"


def test_a_word_with_braces_is_no_template():
    table = RANKED.assign(word=["{tf}", "%{x}"])
    (bars,) = ranking_bars(table, formula="{word}: {tf}", **LOOK).data
    assert bars.hovertext[0] == "<b>{tf}</b><br>{tf}: 3" and "%{" not in bars.hovertext[1]


def test_no_terms_are_an_empty_picture():
    assert len(ranking_bars(RANKED.head(0), **LOOK).data[0].x) == 0


def test_negative_weights_have_room():
    figure = ranking_bars(RANKED.assign(weight=[1.0, -2.0]), **LOOK)
    assert figure.layout.xaxis.range == (-2, 1)


def test_the_heatmap_shows_what_is_there_and_frames_groups():
    values = np.array([[1.0, 0, 0.5], [0, 2, 0]])
    figure = term_heatmap(values, ["d<1>", "d2"], ["a", "猫", "$"], weight_name="w", bounds=([1], [1]), **LOOK)
    (cells,) = figure.data
    assert np.isnan(cells.z[0, 1]) and cells.z[1, 1] == 2 and cells.text[0][1] == "<b>猫</b><br>d&lt;1&gt;"
    frames = [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes]
    assert frames == [(-0.5, 0.5, -0.5, 0.5), (0.5, 2.5, 0.5, 1.5)]
    assert list(figure.layout.yaxis.range) == [1.5, -0.5] and figure.layout.xaxis.ticktext[2] == "&#36;"


def test_a_heatmap_without_groups_or_weights():
    figure = term_heatmap(np.zeros((2, 2)), ["a", "b"], ["x", "y"], weight_name="w", **LOOK)
    assert not figure.layout.shapes and figure.data[0].zmax > 0 and np.isnan(figure.data[0].z).all()


def test_two_rankings_show_what_each_term_gives():
    figure = query_rankings((ONE, OTHER), NAMES, names=("cosine", "BM25"), hot=3, **LOOK)
    shown = {(bar.name, bar.xaxis): bar for bar in figure.data if len(bar.x)}
    assert shown["cat", "x"].x.tolist() == [0.3, 0.25] and shown["&lt;sea&gt;", "x"].y.tolist() == [1]
    assert shown["cat", "x"].marker.color == shown["cat", "x2"].marker.color
    assert sorted(bar.name for bar in figure.data if bar.showlegend) == ["&lt;sea&gt;", "cat", "ship"]
    texts = [note.text for note in figure.layout.annotations]
    assert "1  Five" in texts and "2  &lt;i&gt;Three&lt;/i&gt;" in texts and "<b>BM25</b>" in texts and "0.5" in texts


def test_lines_join_the_documents_in_both_rankings():
    shapes = query_rankings((ONE, OTHER), NAMES, names=("a", "b"), hot=3, **LOOK).layout.shapes
    assert len(shapes) == 1 and shapes[0].y0 < shapes[0].y1 and shapes[0].line.color == LIGHT.hot


def test_a_ranking_that_found_nothing_stands_empty():
    figure = query_rankings((ONE, OTHER.head(0)), NAMES, names=("a", "b"), **LOOK)
    assert sum(len(bar.x) for bar in figure.data) == 3 and not figure.layout.shapes
    assert not any(len(bar.x) for bar in query_rankings((ONE.head(0),) * 2, {}, names=("a", "b"), **LOOK).data)
