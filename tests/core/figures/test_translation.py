"""The heatmap of a translation: a row a written word, a column a word of the sentence, words as data."""

import numpy as np
import pytest

from core.figures.translation import height, translation_heatmap

SOURCE, WORDS = ["the", "<b>cat</b>", "the"], ["le", "$chat$"]
LOOKS = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_rows_are_written_words_and_columns_the_sentence(mode):
    figure = translation_heatmap(LOOKS, SOURCE, WORDS, mode=mode, title="Looks")
    np.testing.assert_array_equal(figure.data[0].z, LOOKS)
    assert figure.layout.yaxis.range == (1.5, -0.5) and len(figure.layout.xaxis.ticktext) == 3


def test_words_are_turned_where_they_do_not_fit():
    angles = [
        translation_heatmap(LOOKS, SOURCE, WORDS, mode="light", title="", room=room).layout.xaxis.tickangle
        for room in (50, 12, 6)
    ]
    assert angles == [0, -45, -90]


def test_words_are_data():
    figure = translation_heatmap(LOOKS, SOURCE, WORDS, mode="light", title="Looks")
    assert (
        figure.layout.xaxis.ticktext[1] == "&lt;b&gt;cat&lt;/b&gt;" and "&#36;chat" in figure.layout.yaxis.ticktext[1]
    )
    assert figure.data[0].text[1][1].startswith("<b>&#36;chat") and height(WORDS) < height(WORDS * 9)
