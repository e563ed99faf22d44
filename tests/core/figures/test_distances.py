import numpy as np
import pytest

from core.figures.distances import SIMPLEX, equal_distances, possible_bars, power

LOOK = {"mode": "light", "title": "Distances"}
BARS = {"x_title": "order", "y_title": "n-grams", "names": ("possible", "<seen>"), "unseen": "{share} unseen"}


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_drawing_has_equal_sides(count):
    corners = np.array(SIMPLEX[count])
    sides = [np.linalg.norm(corners[i] - corners[j]) for i in range(count) for j in range(i)]
    assert sides == pytest.approx([1] * len(sides), abs=1e-3)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_edge_says_its_length_and_every_word_its_id(count):
    figure = equal_distances(list("猫<bd")[:count], np.sqrt(2) * (1 - np.eye(count)), ids=np.arange(count) + 5, **LOOK)
    notes = figure.layout.scene.annotations if count == 4 else figure.layout.annotations
    assert [note.text for note in notes] == ["1.414"] * (count * (count - 1) // 2)
    words = figure.data[-1]
    assert words.customdata.tolist() == list(range(5, 5 + count)) and words.text[0] == "猫"
    assert count < 2 or words.text[1] == "&lt;"


def test_more_than_four_words_have_no_true_picture():
    with pytest.raises(AssertionError):
        equal_distances(list("abcde"), 1 - np.eye(5), **LOOK)


def test_possible_and_seen_stand_on_a_logarithmic_axis():
    figure = possible_bars([1, 2], [4.0, 8.0], [10_000, 50_000], [0.007, np.nan], **BARS, **LOOK)
    possible, seen = figure.data
    assert possible.y.tolist() == [4, 8] and seen.y == pytest.approx([4, np.log10(50_000)])
    assert list(figure.layout.xaxis.ticktext) == ["1<br>0.7 % unseen", "2"] and seen.name == "&lt;seen&gt;"
    assert list(seen.text) == ["10,000", "50,000"]


def test_nothing_seen_and_numbers_beyond_floating_point():
    figure = possible_bars([6], [400.0], [0], [1.0], **BARS, **LOOK)
    assert figure.data[1].y.tolist() == [0] and list(figure.data[0].text) == ["10<sup>400</sup>"]
    assert 4 <= len(figure.layout.yaxis.tickvals) <= 9


@pytest.mark.parametrize("exponent, text", [
    (0, "1"), (5, "100,000"), (np.log10(68_065), "68,065"), (14.5, "3.2 × 10<sup>14</sup>"), (20, "10<sup>20</sup>"),
    (6.9999, "10<sup>7</sup>"),
])  # fmt: skip
def test_powers_are_written_as_people_do(exponent, text):
    assert power(exponent) == text
