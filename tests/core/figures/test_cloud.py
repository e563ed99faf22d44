import numpy as np
import pytest

from core.figures.cloud import AIR, HEIGHT, MOST, SMALLEST, advance, lay_out, word_cloud
from core.figures.palette import DARK

LOOK = {"mode": "dark", "title": "Cloud"}
ENGLISH = [f"{'abcdefgh'[i % 8]}{'word' * (1 + i % 3)}{i}" for i in range(150)]
CHINESE = [chr(0x4E00 + 7 * i) * (1 + i % 4) for i in range(150)]
WEIGHTS = 1 / np.arange(1, 151)


def boxes(words, places, sizes):
    """Left, right, bottom, top of the letters themselves."""
    half = np.stack([[advance(word) / 2 for word in words] * sizes, HEIGHT / 2 * sizes], axis=1)
    return np.concatenate([places - half, places + half], axis=1)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_no_two_words_overlap_and_all_lie_inside(words):
    places, sizes = lay_out(words[:MOST], WEIGHTS[:MOST], 760, 440)
    kept = np.isfinite(places[:, 0])
    left, bottom, right, top = boxes([w for w, k in zip(words, kept) if k], places[kept], sizes[kept]).T
    apart = (left[:, None] >= right) | (left >= right[:, None]) | (bottom[:, None] >= top) | (bottom >= top[:, None])
    assert (apart | np.eye(len(left), dtype=bool)).all() and kept.sum() > 110
    assert left.min() >= -380 and right.max() <= 380 and bottom.min() >= -220 and top.max() <= 220


def test_heavier_words_are_larger_and_the_heaviest_is_in_the_middle():
    places, sizes = lay_out(ENGLISH[:40], WEIGHTS[:40], 760, 440)
    assert (np.diff(sizes) <= 0).all() and sizes[-1] >= SMALLEST and np.abs(places[0]).max() < 10


def test_the_same_words_stand_in_the_same_places():
    one, other = (lay_out(CHINESE[:50], WEIGHTS[:50], 700, 400) for _ in range(2))
    assert np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])


def test_widths_are_those_of_letters():
    assert advance("猫猫") == 2 and advance("é") == advance("e\u0301") + 0.85 - 0.65 and advance("i") < advance("m")
    assert AIR > 0


def test_words_are_data_and_keep_their_ids():
    figure = word_cloud(
        ["<b>$x$", "b", "c", "none"], np.array([3.0, 2, 1, 0]), ids=np.array([7, 8, 9, 4]), hot=8, **LOOK
    )
    (text,) = figure.data
    assert list(text.text) == ["&lt;b&gt;&#36;x&#36;", "b", "c"] and text.customdata.tolist() == [7, 8, 9]
    assert text.textfont.color[1] == DARK.hot_text and text.textfont.size[0] > text.textfont.size[2]


@pytest.mark.parametrize("words, weights", [([], []), (["x"], [0.0]), (["x"], [np.nan]), (["w" * 400], [1.0])])
def test_odd_input_is_a_picture(words, weights):
    figure = word_cloud(words, np.array(weights), **LOOK)
    assert len(figure.data[0].x) == (1 if words and weights[0] == 1 else 0)


def test_at_most_so_many_words():
    assert len(word_cloud(ENGLISH, WEIGHTS, width=2000, height=1500, **LOOK).data[0].x) == MOST
