"""A user's problem is a sentence that keeps its template and values."""

import json

import pytest

from core.problem import Problem, marked


def test_a_problem_is_a_value_error_and_a_sentence():
    problem = Problem("{name} is empty: choose a file with text in it.", name="a.txt")
    assert isinstance(problem, ValueError)
    assert str(problem) == "a.txt is empty: choose a file with text in it."


def test_a_problem_travels_as_json():
    problem = Problem("{share:.0%} of {name}", share=0.5, name="文.txt")
    other = Problem.from_dict(json.loads(json.dumps(problem.to_dict())))
    assert (str(other), other.template, other.values) == (str(problem), problem.template, problem.values)


def test_a_value_is_never_read_as_a_template():
    assert str(Problem("{word} is unknown", word="{name} %s")) == "{name} %s is unknown"


def test_a_template_without_its_value_is_a_bug():
    with pytest.raises(KeyError):
        Problem("{name} is empty")


def test_a_marked_text_is_itself():
    assert marked("learning") == "learning"
