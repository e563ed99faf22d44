import numpy as np
import pytest

from core.figures.bars import MOST_RANKS, word_bars, zipf_curve
from core.figures.palette import DARK


def test_bars_stand_in_order_from_the_top_with_their_share():
    (bars,) = word_bars(["river", "<s>"], np.array([0.5, 0.00004]), mode="dark", title="Next").data
    assert bars.x.tolist() == [0.5, 0.00004] and list(bars.text) == ["50.0 %", "&lt;0.01 %"]
    assert bars.customdata.tolist() == [0, 1]


def test_words_are_escaped_on_the_axis_and_two_equal_looking_ones_keep_two_bars():
    figure = word_bars(["<s>", "a" * 40, "a" * 41], np.array([0.5, 0.3, 0.1]), mode="dark", title="Next")
    assert figure.layout.yaxis.ticktext[0] == "&lt;s&gt;" and figure.layout.yaxis.range == (2.5, -0.5)
    assert figure.layout.yaxis.ticktext[1] == figure.layout.yaxis.ticktext[2]


def test_the_hot_word_has_the_hot_colour():
    (bars,) = word_bars(["a", "b"], np.array([0.5, 0.3]), mode="dark", title="Next", ids=np.array([9, 4]), hot=4).data
    assert list(bars.marker.color) == [DARK.accent, DARK.hot]


def zipf(counts):
    words = [f"w{i}" for i in range(len(counts))]
    names = {"x_title": "rank", "y_title": "count", "law": "1/rank"}
    return zipf_curve(counts, words, mode="light", title="Zipf", **names)


def test_zipf_is_thinned_but_keeps_the_first_and_the_last_rank():
    law, measured = zipf(np.arange(50_000, 0, -1)).data
    assert len(measured.x) <= MOST_RANKS and measured.x[0] == 1 and measured.x[-1] == 50_000
    assert measured.customdata[-1] == 49_999 and measured.text[-1] == "w49999"
    assert law.y.tolist() == pytest.approx((50_000 / measured.x).tolist())


@pytest.mark.parametrize("counts", [[], [3]])
def test_zipf_of_almost_nothing(counts):
    assert len(zipf(np.array(counts, int)).data[1].x) == len(counts)
