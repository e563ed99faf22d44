import numpy as np
import pandas as pd
import pytest

from core.figures.confusion import MOST_NUMBERS, classes_shown, classifier_dots, confusion_matrix
from core.figures.palette import LIGHT

LOOK = {"mode": "light", "title": "Classes"}
AXES = {"x_title": "predicted", "y_title": "true", "hover": "{true} as {predicted}: {count}/{total} {share}"}
SCORES = pd.DataFrame({
    "features": ["one-hot", "one-hot", "<TF>"], "method": ["logistic", "centroid", "logistic"],
    "accuracy": [0.8, 0.7, 0.9], "accuracy_low": [0.75, 0.6, 0.85], "accuracy_high": [0.85, 0.8, 0.95],
})  # fmt: skip
DOTS = {"x_title": "accuracy", "baseline": 0.5, "baseline_name": "majority",
        "methods": {"logistic": "LR", "centroid": "nearest"}}  # fmt: skip


def test_right_and_wrong_answers_have_colours_of_their_own():
    figure = confusion_matrix(np.array([[8, 2], [0, 5]]), ["a<", "猫"], **AXES, **LOOK)
    right, wrong, numbers = figure.data
    assert right.z[0, 0] == 0.8 and np.isnan(right.z[0, 1]) and wrong.z[0, 1] == 0.2 and np.isnan(wrong.z[1, 0])
    assert right.colorscale[-1][1] == LIGHT.accent and wrong.colorscale[-1][1] == LIGHT.hot and wrong.zmax == 0.2
    assert right.text[0][1] == "a&lt; as 猫: 2/10 20%" and list(numbers.text) == ["8", "2", "5"]


def test_many_classes_have_no_numbers_and_empty_ones_no_cells():
    many = np.eye(MOST_NUMBERS + 1, dtype=int)
    figure = confusion_matrix(many, [str(i) for i in range(len(many))], **AXES, **LOOK)
    assert len(figure.data) == 2
    empty = confusion_matrix(np.zeros((2, 2), int), ["a", "b"], **AXES, **LOOK)
    assert np.isnan(empty.data[0].z).all() and len(empty.data[2].x) == 0


def test_numbers_can_be_read_on_their_cells():
    figure = confusion_matrix(np.array([[9, 1], [1, 9]]), ["a", "b"], **AXES, **LOOK)
    assert list(figure.data[2].textfont.color) == [LIGHT.background, LIGHT.ink, LIGHT.ink, LIGHT.background]


def test_dots_have_intervals_and_ids_of_their_rows():
    figure = classifier_dots(SCORES, "accuracy", **DOTS, **LOOK)
    one, _, other, _ = figure.data
    assert one.x.tolist() == [0.8, 0.9] and one.customdata.tolist() == [0, 2] and other.customdata.tolist() == [1]
    assert one.error_x.array == pytest.approx(0.05) and other.error_x.arrayminus == pytest.approx(0.1)
    assert list(figure.layout.yaxis.ticktext) == ["one-hot", "&lt;TF&gt;"] and one.y[0] < other.y[0]


def test_the_baseline_is_drawn_and_named():
    figure = classifier_dots(SCORES, "accuracy", **DOTS, **LOOK)
    (line,), (note,) = figure.layout.shapes, figure.layout.annotations
    assert line.x0 == line.x1 == 0.5 and note.text == "majority 0.500" and figure.layout.xaxis.range[0] < 0.5


def test_no_results_are_an_empty_picture():
    assert all(len(dots.x) == 0 for dots in classifier_dots(SCORES.head(0), "accuracy", **DOTS, **LOOK).data)


def test_of_many_classes_those_with_the_most_errors_are_shown():
    confusion = np.diag([9, 5, 7, 3, 8])
    confusion[1, 3] = 2  # one error more for each of them than for any other
    confusion[4, 1] = 1
    assert classes_shown(confusion, 3).tolist() == [1, 3, 4]
    assert classes_shown(confusion, 4).tolist() == [0, 1, 3, 4]
    assert classes_shown(confusion).tolist() == [0, 1, 2, 3, 4]


def test_documents_given_a_class_that_is_not_shown_are_in_the_total():
    figure = confusion_matrix([[3, 1], [0, 2]], ["a", "b"], **LOOK, **AXES, sizes=np.array([8, 2]))
    assert figure.data[0].text[0][0] == "a as a: 3/8 38%" and figure.data[0].text[1][1] == "b as b: 2/2 100%"
