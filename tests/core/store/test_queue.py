"""The supervisor's hand: claims, deaths and what is thrown away."""

import os
import time
from dataclasses import replace

import pytest

from core.store.queue import DAY, Queue
from tests.core.store.conftest import begin


@pytest.fixture
def queue(store):
    return Queue(store)


def test_a_run_is_claimed_once(store, queue, run):
    row = store.run(run)
    assert [queue.claim(row), queue.claim(row)] == [1, None]
    assert store.run(run).state == "running" and store.run(run).started


def test_the_oldest_waits_first(store, queue, corpus, run):
    second = store.queue_train("word2vec", {}, corpus.id, min_count=1)
    assert [row.id for row in queue.active()] == [run, second]
    store.command(run, "stop")
    assert [row.id for row in queue.active()] == [second]


def deaths(queue, store, run, steps):
    """What each of these deaths in turn is taken for."""
    judged = []
    for step in steps:
        queue.claim(store.run(run))
        judged.append(queue.died(store.run(run), step))
        queue.requeue(store.run(run), judged[-1])
    return [death.hopeless for death in judged]


@pytest.mark.parametrize(
    ("steps", "hopeless"),
    [
        ([5, 9, 13, 20, 21], [False] * 5),  # it gets further each time
        ([5, 9, 9], [False, False, True]),  # twice at the same step
        ([-1, -1, -1], [False, False, True]),  # three times before it got anywhere
        ([9, 5, -1, 3], [False, False, False, True]),  # three times without getting further
        ([9, -1, -1, 12, -1, -1], [False] * 6),
    ],
)
def test_deaths_without_progress_become_hopeless(store, queue, run, steps, hopeless):
    assert deaths(queue, store, run, steps) == hopeless


def test_a_run_that_has_ended_meanwhile_is_left_alone(store, queue, attempt, run):
    row = store.run(run)
    attempt.write(state="done")
    queue.requeue(row)
    assert store.run(run).state == "done"


def test_a_newer_attempt_is_left_alone(store, queue, attempt, run):
    row = store.run(run)
    attempt.write(state="queued")
    begin(store, run)
    queue.requeue(row)
    assert store.run(run).state == "running" and store.run(run).attempt == 2


def test_what_was_deleted_a_day_ago_is_purged(store, queue, corpus, attempt, run):
    attempt.write([("loss", 1, 1.0)], state="done")
    store.delete(run)
    store.delete_corpus(corpus.id)
    assert queue.purge(time.time() - DAY) == [] and attempt.folder.exists()
    assert queue.purge(time.time() + 1) == [run, corpus.id]
    assert not attempt.folder.exists() and not corpus.folder.exists()
    assert store.run(run) is None and store.metrics(run) == {} and store.corpus_row(corpus.id) is None


def test_a_corpus_in_use_is_not_purged(store, queue, corpus, attempt, run):
    store.delete_corpus(corpus.id)
    assert queue.purge(time.time() + 1) == [] and corpus.folder.exists()
    attempt.write(state="done")
    assert queue.purge(time.time() + 1) == [corpus.id]


def test_forgotten_uploads_are_swept(store, queue, tmp_path):
    from core.corpus.reading import ReadSettings

    forgotten, wanted = store.inbox(), store.inbox()
    run = store.queue_read([wanted / "x.txt"], ReadSettings(), "Mine")
    dead, alive = (store.corpus_folder(".building") / name for name in ("read-009", run))
    for folder in (dead, alive, forgotten, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder, (1, 1))
    queue.purge(1000.0)
    assert [folder.exists() for folder in (forgotten, wanted, dead, alive)] == [False, True, False, True]


def test_what_a_killed_process_had_begun_beside_a_corpus_is_swept(store, queue, corpus):
    dead, fresh = (corpus.folder / f".pieces-0123456789abcdef-{name}" for name in ("dead", "alive"))
    copy, whole = store.corpus_folder(".copy-1"), corpus.folder / "pieces-0123456789abcdef"
    for folder in (dead, fresh, copy, whole):
        folder.mkdir()
        (folder / "tokens.npy").write_bytes(b"0")
    for folder in (dead, copy, whole):
        os.utime(folder, (1, 1))
    queue.purge(1000.0)
    assert [folder.exists() for folder in (dead, copy, fresh, whole)] == [False, False, True, True]
    assert store.corpus(corpus.id).documents


def test_a_failure_is_recorded_with_its_sentence(store, queue, attempt, run):
    from core.problem import Problem

    queue.fail(replace(store.run(run)), Problem("It broke at {step}.", step=4))
    row = store.run(run)
    assert row.state == "failed" and str(Problem.from_dict(row.message)) == "It broke at 4." and row.finished
