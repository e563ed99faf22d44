import numpy as np
import pytest

from core.figures.map import Groups, Shade, fit, label_order, word_map
from core.figures.palette import DARK

WORDS = ["the", "<s>", "river", "bank", "x"]
POINTS = np.arange(10, dtype=np.float32).reshape(5, 2)


def draw(points=POINTS, words=WORDS, **more):
    return word_map(points, words, mode="dark", title="A map", **more)


def test_every_point_carries_its_id_and_its_escaped_word():
    ground = draw(ids=np.array([7, 5, 3, 1, 0])).data[0]
    assert ground.customdata.tolist() == [7, 5, 3, 1, 0] and ground.customdata.dtype == np.int32
    assert ground.type == "scattergl" and ground.text[1] == "&lt;s&gt;" and ground.x.dtype == np.float32


def test_three_columns_make_a_map_in_space():
    figure = draw(np.zeros((5, 3)), chosen=0, neighbours=[1])
    assert {trace.type for trace in figure.data} == {"scatter3d"} and figure.layout.dragmode == "turntable"


def test_the_chosen_word_its_neighbours_and_the_hits_are_drawn_again_on_top():
    ids = np.array([10, 11, 12, 13, 14])
    figure = draw(ids=ids, chosen=12, neighbours=[13, 10, 99], hits=[11])
    assert [trace.customdata.tolist() for trace in figure.data if trace.customdata is not None][1:] == [
        [11],
        [13, 10],
        [12],
    ]
    (lines,) = [trace for trace in figure.data if trace.mode == "lines"]
    assert lines.x.tolist()[:2] == [4, 6] and np.isnan(lines.x[2]) and len(lines.x) == 6


def test_a_chosen_word_that_is_not_on_the_map_draws_no_lines():
    assert len(draw(chosen=99, neighbours=[1]).data) == 2


def test_counts_are_shaded_on_a_logarithmic_scale():
    marker = draw(colour=Shade(np.array([1000, 100, 10, 1, 0]), "count")).data[0].marker
    assert marker.color.tolist() == pytest.approx([3, 2, 1, 0, 0]) and marker.colorbar.ticktext[-1] == "1,000"
    assert marker.colorscale[-1][1] == DARK.accent


def test_likeness_is_shaded_from_ground_to_hot():
    marker = draw(colour=Shade(np.array([1, 0.5, np.nan, 0.1, 0]), "cosine", "likeness")).data[0].marker
    assert marker.cmax == 1 and 0 <= marker.cmin < 0.1 and marker.colorscale[-1][1] == DARK.hot


def test_groups_have_a_legend_but_one_trace_holds_the_points():
    figure = draw(colour=Groups(np.array([0, 1, 1, 0, 2]), ["a", "b", "<c>"]))
    assert [trace.name for trace in figure.data if trace.showlegend] == ["a", "b", "&lt;c&gt;"]
    assert figure.data[0].marker.color.tolist() == [0.5, 1.5, 1.5, 0.5, 2.5] and len(figure.data[0].x) == 5


def test_numbers_stand_under_the_word():
    trace = draw(numbers={"count": np.array([1204, 5, 4, 3, 2]), "cosine": np.array([0.714, 0, 0, 0, 0.0123])}).data[0]
    assert trace.hovertext[0] == "count 1,204 · cosine 0.71" and trace.hovertext[4] == "count 2 · cosine 0.0123"


def test_the_opening_view_leaves_strangers_outside_and_units_equal():
    points = np.random.default_rng(0).normal(size=(2000, 2)).astype(np.float32)
    points[0] = [1000, -1000]
    x, y = fit(points)
    assert -4 < x[0] < x[1] < 4 and -4 < y[0] < y[1] < 4
    assert draw(points, ["w"] * 2000).layout.yaxis.scaleanchor == "x"


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.full((3, 2), np.nan), np.ones((4, 2))])
def test_a_view_of_nothing_or_of_one_place_has_a_size(points):
    (x0, x1), (y0, y1) = fit(points)
    assert x1 > x0 and y1 > y0 and np.isfinite([x0, x1, y0, y1]).all()


def test_labels_prefer_content_words():
    words = [f"frequent{i}" for i in range(10)] + ["a", "7", "是"] + [f"content{i}" for i in range(87)]
    order = label_order(words, first=5).tolist()
    assert order[:6] == [5, 6, 7, 8, 9, 12] and order[-7:] == [0, 1, 2, 3, 4, 10, 11] and len(order) == 100
