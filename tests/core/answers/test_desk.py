"""The questions of a lane, in one process: turns, sharing, dropping, failing."""

import threading
import time

import numpy as np
import pytest

from core.answers import ask, serve
from core.answers.work import Work
from core.problem import Problem
from tests.core.answers.conftest import eventually


def count_to(store, n, seconds=0.001):
    """A question of n steps."""
    for i in range(n):
        time.sleep(seconds)
        yield i / n
    return {"n": np.array([n])}, {"said": "n"}


def test_progress_then_the_answer(desk):
    def slow(store):
        yield "Measuring"
        yield {"xy": np.eye(2, dtype=np.float32)}
        yield 0.5
        assert gate.wait(10)
        yield 1.0
        return {"xy": np.ones(3)}, {"fact": "é"}

    gate, desk.functions["slow"] = threading.Event(), slow
    question = ask("slow")
    assert eventually(lambda: question.wait(0.05) is None and question.done == 0.5)
    assert question.phase == "Measuring" and (question.first["xy"] == np.eye(2)).all()
    gate.set()
    answer = question.wait(10)
    assert (answer.arrays["xy"] == 1).all() and answer.facts["fact"] == "é" and question.done == 1
    assert question.wait() is answer


def test_a_short_question_does_not_wait_for_long_ones(desk):
    desk.functions["count"] = count_to
    long = [ask("count", arguments={"n": 100_000 + i}) for i in range(4)]
    assert all(question.wait(0) is None for question in long)
    assert ask("count", arguments={"n": 2}).wait(10).arrays["n"] == 2
    assert all(question.wait(0) is None for question in long)
    for question in long:
        question.close()


def test_the_page_waits_no_longer_than_it_said(desk):
    desk.functions["count"] = count_to
    question = ask("count", arguments={"n": 1, "seconds": 1.0})
    assert question.wait(0.1) is None
    assert question.wait(10).facts["said"] == "n"


def test_who_asks_the_same_shares_the_work(desk):
    begun = []

    def shared(store):
        begun.append(1)
        while not gate.is_set():
            time.sleep(0.001)
            yield 0.5
        return {}, {}

    gate, desk.functions["shared"] = threading.Event(), shared
    first, second = ask("shared"), ask("shared")
    assert first.wait(0.1) is None and second.wait(0.1) is None
    first.close()
    gate.set()
    assert second.wait(10).facts["seconds"] >= 0 and begun == [1]


@pytest.mark.parametrize("lose", ["close", "forget"])
def test_a_question_nobody_waits_for_is_dropped(desk, lose):
    ended = threading.Event()

    def endless(store):
        try:
            while True:
                time.sleep(0.001)
                yield {"xy": np.zeros(2)}
        finally:
            ended.set()

    desk.functions["endless"] = endless
    questions = [ask("endless")]
    assert eventually(lambda: questions[0].wait(0.05) is None and questions[0].first is not None)
    if lose == "close":
        questions[0].close()
    else:
        questions.clear()
    assert ended.wait(10) and eventually(lambda: not desk.answerer.works)
    assert not list((desk.answerer.store.home / "cache" / "answers").iterdir())


def test_a_problem_arrives_as_itself(desk):
    def wrong(store, given):
        raise Problem("{given} is too many; choose at most {limit}.", given=given, limit=3)
        yield

    desk.functions["wrong"] = wrong
    question = ask("wrong", arguments={"given": 7})
    for _ in range(2):
        with pytest.raises(Problem) as caught:
            question.wait(10)
        assert caught.value.template.startswith("{given} is too") and caught.value.values == {"given": 7, "limit": 3}


def test_a_bug_is_told_and_others_go_on(desk, capfd):
    def broken(store):
        yield 0.1
        raise KeyError("lost")

    desk.functions |= {"broken": broken, "count": count_to}
    with pytest.raises(RuntimeError, match="KeyError.*maps.log"):
        ask("broken").wait(10)
    assert "KeyError: 'lost'" in capfd.readouterr().err
    assert ask("count", arguments={"n": 3}).wait(10).arrays["n"] == 3


def test_an_unknown_function_names_the_known(desk):
    desk.functions["count"] = count_to
    with pytest.raises(Problem, match="no function called nothing; there are: count"):
        ask("nothing").wait(10)


def test_arguments_that_make_no_sense_end_nothing(desk, capfd):
    desk.functions |= {"preview": count_to, "count": count_to}
    with pytest.raises(RuntimeError, match="ValueError"):
        ask("preview", arguments={"paths": ["abc"]}).wait(10)
    assert "ValueError" in capfd.readouterr().err and ask("count", arguments={"n": 1}).wait(10) is not None


def test_no_memory_is_a_sentence(desk):
    def huge(store):
        yield 0.0
        raise MemoryError

    desk.functions["huge"] = huge
    with pytest.raises(Problem, match="not enough memory"):
        ask("huge").wait(10)


def test_two_works_of_one_group_never_run_at_once(desk, monkeypatch):
    at_once, most = [0], [0]

    def counted(store, who):
        for _ in range(30):
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            time.sleep(0.001)
            at_once[0] -= 1
            yield 0.5
        return {}, {}

    desk.functions["counted"] = counted
    monkeypatch.setattr(serve, "Work", lambda steps, path, group: Work(steps, path, "one encoder"))
    questions = [ask("counted", arguments={"who": i}) for i in range(3)]
    assert all(question.wait(10) is not None for question in questions) and most == [1]


def test_it_leaves_when_nobody_asks(desk, monkeypatch):
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(serve, "IDLE_SECONDS", 0.2)
    desk.answerer.ring()
    desk.thread.join(10)
    assert not desk.thread.is_alive()
