"""Pictures of senses: sentences are data, ids are rows, what is unknown is left out, shares are said."""

import numpy as np

from core.figures.senses import Curve, Kinds, cloud, effects, hover, separation, share_bar, small_multiples, star

XY = np.array([[0.0, 0], [1, 1], [2, 0], [np.nan, np.nan]], np.float32)
KINDS = Kinds(np.array([0, 1, -1, 0]), ["<b>", "y"])


def test_a_sentence_is_data_and_its_word_is_bold() -> None:
    found = hover("a <i>bank</i> $x$", 5, 9, "<s>")
    assert found == "a &lt;i&gt;<b>bank</b>&lt;/i&gt; &#36;x&#36;<br><i>&lt;s&gt;</i>"


def test_of_a_long_sentence_the_part_around_the_word_is_shown() -> None:
    found = hover("x " * 500 + "bank" + " y" * 500, 1000, 1004)
    assert "<b>bank</b>" in found and found.startswith("…") and len(found) < 500


def test_every_occurrence_is_a_point_with_its_row_for_an_id() -> None:
    figure = cloud(XY, ["a", "b", "c", "d"], KINDS, room=XY, mode="light", title="t", chosen=1, near=[2],
                   walk=XY[:2])  # fmt: skip
    points, near, chosen, _line, walker = figure.data[:5]
    assert points.customdata.tolist() == [0, 1, 2, 3] and points.marker.color.tolist() == [1.5, 2.5, 0.5, 1.5]
    assert (near.customdata.tolist(), chosen.customdata.tolist(), walker.customdata.tolist()) == ([2], [1], [4])
    assert np.isfinite(figure.layout.xaxis.range).all()
    assert [trace.name for trace in figure.data[5:]] == ["&lt;b&gt;  2", "y  1"]


def test_all_layers_share_their_axes_and_the_one_looked_at_is_framed() -> None:
    figure = small_multiples(np.stack([XY, 2 * XY], 1), KINDS, ["in", "out"], mode="dark", title="t", hot=1)
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert figure.layout.xaxis2.linewidth == 2 and figure.data[1].customdata.tolist() == [1, 1, 1, 1]


def test_a_curve_that_is_flat_does_not_fill_the_picture() -> None:
    figure = separation([Curve("r", np.array([0.0, 0.01, np.nan]))], mode="light", title="t", x_title="x", y_title="y",
                        hot=1)  # fmt: skip
    assert figure.layout.yaxis.range[1] > 0.1 and list(figure.data[1].x) == [1]


def test_shares_and_effects_are_said_in_order() -> None:
    bar = share_bar(np.array([0.81, 0.19]), ["river", "money"], mode="light", title="t")
    assert bar.data[0].text == ("river 0.81",) and bar.data[1].text == ("money 0.19",)
    found = effects(["a", "bank", "c"], np.array([0.1, np.nan, -0.4]), mode="light", title="t", x_title="x")
    assert list(found.data[0].x) == [0.1, -0.4] and list(found.layout.yaxis.ticktext) == ["a", "c"]


def test_one_vector_is_one_star_of_all_occurrences() -> None:
    figure = star(mode="light", title="t", text="<b>", number=5)
    assert len(figure.data[0].x) == 5 and figure.layout.annotations[0].text == "&lt;b&gt;"
