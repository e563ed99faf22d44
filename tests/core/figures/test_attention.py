"""Tiles of attention: every weight in its place, words as data."""

import numpy as np
import pytest

from core.figures.attention import attention_grid, tiled


def weights(layers=2, heads=3, count=4):
    random = np.random.default_rng(0).random((layers, heads, count, count))
    return random / random.sum(-1, keepdims=True)


def test_each_head_is_a_tile_with_a_gap():
    attention = weights()
    picture = tiled(attention)
    assert picture.shape == (9, 14)
    assert np.array_equal(picture[5:9, 10:14], attention[1, 2]) and np.isnan(picture[4]).all()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_words_are_shown_letter_by_letter(mode):
    how = {"mode": mode, "title": "Attention", "layer": "layer", "head": "head"}
    figure = attention_grid(weights(), ["the", "<b>cat</b>", "$x$", " "], **how)
    assert figure.data[0].text[5, 1] == "layer 2, head 1<br>the → &lt;b&gt;cat&lt;/b&gt;"
    assert list(figure.layout.xaxis.ticktext) == ["1", "2", "3"] and list(figure.layout.yaxis.ticktext) == ["1", "2"]
