"""The words that decided: on the side that they spoke for, in falling order, and never as markup."""

import numpy as np
import pandas as pd
import pytest

from core.figures.decision import decision_bars

TERMS = pd.DataFrame(
    {"word": ["goal", "<b>x</b>", "vote", "the"], "id": [4, 9, 2, 0], "weight": [3.0, -2.0, 1.0, -0.5]}
)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_fall_from_one_class_to_the_other(mode):
    figure = decision_bars(TERMS, mode=mode, title="Why", x_title="weight", names=("sport", "<i>news</i>"), top=3)
    bars = figure.data[0]
    assert list(bars.x) == [3.0, 1.0, -2.0] and list(bars.customdata) == [4, 2, 9]
    assert bars.text[2] == "&lt;b&gt;x&lt;/b&gt;" and len(set(bars.marker.color)) == 2
    assert "<i>" not in "".join(str(note.text) for note in figure.layout.annotations)


def test_no_word_is_an_empty_picture():
    figure = decision_bars(TERMS.head(0), mode="light", title="", x_title="", names=("a", "b"))
    assert not len(figure.data[0].x) and np.isfinite(figure.layout.xaxis.range).all()
