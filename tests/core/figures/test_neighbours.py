import numpy as np

from core.figures.neighbours import Column, neighbour_columns, parallelogram, similarity_heatmap
from core.figures.palette import DARK, LIGHT

HOSTILE = "<b>$x$</b>"
ONE = Column("one", ["king", HOSTILE, "sea"], [0, 1, 2], np.array([1, 0.5, 0.1]), ["1.00", "0.50", "0.10"])
TWO = Column(
    "<i>two", ["sea", "river", "king"], [2, 3, 0], np.array([0.9, np.nan, -1]), ["a", "b", "c"], hover=["x"] * 3
)
NONE = Column("three", [], [], np.zeros(0), [], note="<none>")


def columns(*given, mode="light"):
    return neighbour_columns(given, mode=mode, title="Neighbours")


def test_every_row_takes_clicks_with_the_id_of_its_word():
    clicks = [trace for trace in columns(ONE, TWO).data if trace.customdata is not None]
    assert [trace.customdata.tolist() for trace in clicks] == [[0, 1, 2], [2, 3, 0]]
    assert [trace.base for trace in clicks] == [0, 1]
    assert clicks[0].hovertext[1] == "<b>&lt;b&gt;&#36;x&#36;&lt;/b&gt;</b><br>0.50" and "x" in clicks[1].hovertext[0]


def test_shared_words_have_one_colour_and_a_line_between_their_places():
    figure = columns(ONE, TWO)
    bars = [trace for trace in figure.data if trace.type == "bar" and trace.customdata is None]
    king, hostile, sea = bars[0].marker.color
    assert king == bars[1].marker.color[2] and sea == bars[1].marker.color[0] and king != sea
    assert hostile == bars[1].marker.color[1] == LIGHT.panel
    lines = [(line.y0, line.y1, line.line.color) for line in figure.layout.shapes]
    assert lines == [(0, 2, LIGHT.categories[0]), (2, 0, LIGHT.categories[1])]


def test_bars_are_within_their_column_and_names_above_it():
    figure = columns(ONE, TWO)
    second = [trace for trace in figure.data if trace.type == "bar"][2]
    assert second.x.tolist()[1:] == [0, 0] and 0 < second.x[0] < 1
    assert [note.text for note in figure.layout.annotations] == ["<b>one</b>", "<b>&lt;i&gt;two</b>"]


def test_a_run_without_the_word_says_so_and_many_runs_have_no_room_for_numbers():
    assert "&lt;none&gt;" in [note.text for note in columns(ONE, NONE).layout.annotations]
    texts = [sum(trace.type == "scatter" for trace in columns(*[ONE] * n).data) for n in (3, 4)]
    assert texts == [6, 4] and not columns(NONE).data


def test_a_parallelogram_has_its_words_last_and_its_goal_apart():
    points = np.array([[0, 0], [1, 0], [0, 1], [0.9, 1.2], [1, 1], [3, 3]])
    figure = parallelogram(points, ["a", "b", "c", HOSTILE, "e"], [7, 8, 9, 3, 4], mode="dark", title="P", goal="b-a+c",
                           others=1)  # fmt: skip
    named = figure.data[-1]
    assert named.customdata.tolist() == [7, 8, 9, 3, 4] and named.x.tolist() == [0, 1, 0, 0.9, 3]
    assert named.text[3] == "&lt;b&gt;&#36;x&#36;&lt;/b&gt;" and named.marker.color[3] == DARK.hot
    assert figure.data[-2].x.tolist() == [1] and "b-a+c" in figure.data[-2].text[0]
    assert figure.layout.xaxis.range[0] < 0 and figure.layout.xaxis.range[1] > 3


def test_a_parallelogram_of_one_point_still_has_room():
    figure = parallelogram(np.zeros((5, 2)), list("aaaa"), [1] * 4, mode="light", title="P", goal="g")
    assert figure.layout.xaxis.range[0] < 0 < figure.layout.xaxis.range[1]


def test_a_matrix_leaves_its_diagonal_out_and_numbers_few_words():
    matrix = np.array([[1, 0.5, -0.2], [0.5, 1, 0.1], [-0.2, 0.1, 1]])
    figure = similarity_heatmap(matrix, ["a", HOSTILE, "c"], mode="light", title="M", x_title="cosine")
    cells, numbers = figure.data
    assert np.isnan(np.diag(cells.z)).all() and cells.z[0][1] == 0.5 and (cells.zmin, cells.zmax) == (-0.2, 0.5)
    assert list(numbers.text) == [".50", "-.20", ".50", ".10", "-.20", ".10"] and numbers.customdata is None
    assert figure.layout.xaxis.ticktext[1] == "&lt;b&gt;&#36;x&#36;&lt;/b&gt;"
    many = similarity_heatmap(np.eye(30), [str(i) for i in range(30)], mode="dark", title="M")
    assert len(many.data) == 1
    assert similarity_heatmap(np.eye(2), ["a", "b"], mode="light", title="M").data[0].zmax > 0
