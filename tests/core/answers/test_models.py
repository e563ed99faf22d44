from types import SimpleNamespace

import numpy as np
import pytest

from core.answers import models
from core.answers.cache import Asked
from core.answers.language import OVER
from core.answers.models import OF_RUNS, Models
from core.encoders.base import CAPABILITIES
from core.problem import Problem
from tests.core.explore.conftest import finish


class Speaker:
    """An encoder of one array that says what it was asked."""

    def __init__(self, run, moment):
        self.at = run, moment

    def state(self, training=True):
        return {"weights": np.zeros(1000, np.uint8)}

    def next_word(self, context):
        return np.full(3, len(context))

    def occurrence_vectors(self, sentences, positions):
        yield 0.5
        yield np.array([7.0])


@pytest.fixture
def held():
    """A store of runs that were loaded, in order, and the models of it."""
    row = SimpleNamespace(name="My run", state="done", capabilities=["NextWord", "ContextVectors"])
    store = SimpleNamespace(loaded=[], row=row, kept=[10, 20])
    store.encoder = lambda run, moment: store.loaded.append((run, moment)) or Speaker(run, moment)
    store.run = lambda run: None if run == "gone" else row
    store.moments = lambda run: store.kept
    return Models(store)


def test_the_last_few_are_held(held):
    for run in ["a", "b", "a", "c", "d", "a", "e", "b", "a"]:
        assert held.get(run, None).at == (run, None)
    assert [run for run, _ in held.store.loaded] == ["a", "b", "c", "d", "e", "b"]


def test_they_are_bounded_by_bytes_but_one_is_always_held(held, monkeypatch):
    monkeypatch.setattr(models, "BYTES", 2500)
    for run in "abcbc":
        held.get(run, 3)
    assert len(held.store.loaded) == 3 and len(held._held) == 2
    monkeypatch.setattr(models, "BYTES", 10)
    held.get("d", 3)
    assert list(held._held) == [("d", 3)]


def test_a_method_of_a_capability(held):
    asked = held.settled(Asked("next_word", "a", None, {"context": ["x", "y"]}))
    events, answer = finish(held.steps(asked))
    assert (answer == 2).all() and events == ["Loading the model"]


def test_a_generator_that_yields_its_answer_last(held):
    asked = held.settled(Asked("occurrence_vectors", "a", 10, {"sentences": [], "positions": []}))
    events, answer = finish(held.steps(asked))
    assert answer.tolist() == [7.0] and events[1:] == [0.5]


@pytest.mark.parametrize("method", ["train", "state", "__class__", "word_vectors", "get"])
def test_only_what_the_run_can_answer_is_allowed(held, method):
    with pytest.raises(Problem, match="My run cannot answer .*next_word, context_vectors, occurrence_vectors"):
        held.settled(Asked(method, "a", None, {}))


def test_a_run_at_work_is_asked_at_its_last_moment(held):
    held.store.row.state = "running"
    assert held.settled(Asked("next_word", "a", None, {})).moment == 20
    assert held.settled(Asked("next_word", "a", 10, {})).moment == 10
    held.store.kept = []
    with pytest.raises(Problem, match="nothing to answer with yet"):
        held.settled(Asked("next_word", "a", None, {}))


def test_an_unknown_run(held):
    with pytest.raises(Problem, match="no run called gone"):
        held.settled(Asked("next_word", "gone", None, {}))


def test_no_function_over_an_encoder_hides_a_method_of_one():
    """Both are asked for by name, and the function is found first."""
    methods = {method for ability in CAPABILITIES.values() for method in ability.__abstractmethods__}
    assert not methods & {*OVER, *OF_RUNS} and not {*OVER} & {*OF_RUNS}
