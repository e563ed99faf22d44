"""Runs from the queue to the bin: ids, commands, names, undo, going on."""

import numpy as np
import pytest

from core.problem import Problem
from core.store.attempt import Superseded
from tests.core.store.conftest import OPTIONS, begin


def state(attempt):
    return attempt.store.run(attempt.run_id).state


def test_a_queued_run_says_what_it_is(store, corpus, run):
    row = store.run(run)
    assert (row.id, row.name, row.state, row.kind) == ("word2vec-001", "word2vec 1", "queued", "train")
    assert row.options["dim"] == 4 and row.options["window"] == 5 and row.corpus_id == corpus.id
    assert row.capabilities == ["WordVectors", "PairScores"] and row.metrics == {} and row.attempt == 0


def test_ids_never_come_back(store, corpus, run):
    assert store.queue_train("gpt", {}, corpus.id, min_count=1) == "gpt-001"
    assert store.queue_train("word2vec", {}, corpus.id, min_count=1, name="Mine") == "word2vec-002"
    assert [row.id for row in store.runs()] == ["word2vec-002", "gpt-001", "word2vec-001"]
    assert store.run("word2vec-002").name == "Mine"


@pytest.mark.parametrize(
    ("encoder", "options", "min_count", "says"),
    [
        ("word3vec", {}, 1, "no encoder called word3vec; there are: .*word2vec"),
        ("word2vec", {"dim": -1}, 1, "Dimensions must be a whole number from 2"),
        ("word2vec", {}, 1000, "No word occurs 1000 times or more"),
    ],
)
def test_what_cannot_run_is_refused_at_once(store, corpus, encoder, options, min_count, says):
    with pytest.raises(Problem, match=says):
        store.queue_train(encoder, options, corpus.id, min_count=min_count)
    assert store.runs() == []


@pytest.mark.parametrize("name", ["nobody-001", "'; drop table run", "../..", "", "a/b"])
def test_an_unknown_run_is_a_problem(store, name):
    assert store.run(name) is None and store.moments(name) == [] and store.metrics(name) == {}
    for ask in (
        store.vocab,
        store.known_run,
        lambda run: store.rename(run, "x"),
        lambda run: store.command(run, "stop"),
    ):
        with pytest.raises(Problem, match="There is no run called"):
            ask(name)


def test_a_run_that_never_began_obeys_at_once(store, run):
    store.command(run, "pause")
    assert store.run(run).state == "paused"
    store.command(run, "resume")
    assert store.run(run).state == "queued"
    store.command(run, "stop")
    row = store.run(run)
    assert (row.state, row.capabilities) == ("stopped", []) and row.finished


def test_a_running_one_is_asked(store, attempt, run):
    store.command(run, "pause")
    assert attempt.orders().command == "pause" and state(attempt) == "running"
    attempt.write(obeyed="pause", state="paused")
    assert attempt.orders().command is None and state(attempt) == "paused"


def test_a_command_given_meanwhile_stays(store, attempt, run):
    store.command(run, "resume")
    attempt.write(obeyed="pause", state="paused")
    assert attempt.orders().command == "resume"


def test_a_stop_is_never_taken_back(store, attempt, run):
    store.command(run, "stop")
    store.command(run, "resume")
    store.command(run, "pause")
    assert attempt.orders().command == "stop"


def test_a_run_that_has_ended_takes_no_notice(store, attempt, run):
    attempt.write(state="done")
    store.command(run, "stop")
    assert store.run(run).command is None and store.run(run).state == "done"


def test_rename_delete_and_undo(store, run):
    store.rename(run, "A better name")
    store.delete(run)
    assert store.runs() == [] and [row.name for row in store.runs(deleted=True)] == ["A better name"]
    store.restore(run)
    assert [row.state for row in store.runs()] == ["stopped"]


def test_the_probe_reaches_the_worker(store, attempt, run):
    assert attempt.orders().probe is None
    store.probe(run, ["king"] * 20, "the old")
    assert attempt.orders().probe == {"words": ["king"] * 12, "sentence": "the old"}


def test_an_older_attempt_is_told_to_leave(store, attempt, run):
    attempt.write(state="queued")
    later = begin(store, run)
    later.write(step=7)
    for write in (lambda: attempt.write(step=3), attempt.orders, lambda: attempt.keep("moment", 3, {"a": np.zeros(1)})):
        with pytest.raises(Superseded, match="attempt 1 was replaced"):
            write()
    assert store.run(run).step == 7 and store.moments(run) == []


def test_going_on_takes_over_options_and_time(store, attempt, run):
    attempt.keep("final", 10, {"a": np.zeros(2)})
    attempt.write(state="done", seconds=12.5)
    after = store.run(store.continue_run(run, {"epochs": 9}))
    assert after.options == {**store.run(run).options, "epochs": 9} and after.start_from == run
    assert after.seconds == 12.5 and after.state == "queued" and after.id == "word2vec-002"


def test_what_cannot_be_gone_on_with_is_refused(store, attempt, run):
    with pytest.raises(Problem, match="word2vec 1 is still at work; stop it first"):
        store.continue_run(run, {})
    attempt.write(state="failed")
    with pytest.raises(Problem, match="has learned nothing that could be gone on with"):
        store.continue_run(run, {})
    attempt.keep("checkpoint", 5, {"a": np.zeros(1)})
    with pytest.raises(Problem, match="no option called colour"):
        store.continue_run(run, {"colour": 1})


def test_options_may_be_given_as_options(store, corpus):
    from core.encoders import ENCODERS

    options = ENCODERS["word2vec"].Options(**OPTIONS)
    run = store.queue_train("word2vec", options, corpus.id, min_count=1)
    assert store.run(run).options == options.model_dump()
