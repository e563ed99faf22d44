"""A training from its first event to its record, with everything that can come between."""

import json
import math
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from core.jobs import keeper, memory, reporter
from core.problem import Problem
from core.store import files
from core.store.attempt import Attempt, Superseded
from core.store.database import Busy
from core.store.files import DiskFull
from tests.core.jobs.conftest import Killed, begin, wait_for, work


def vectors_of(store, run):
    return np.asarray(store.vectors(run))


def test_a_run_ends_with_everything_a_page_needs(store, counting):
    run = counting.queue()
    row = counting.work(run)
    assert (row.state, row.step, row.total, row.phase, row.message) == ("done", 20, 20, "counting", None)
    assert (vectors_of(store, run) == counting.expected(20)).all() and (store.encoder(run).step_, row.worker) == (
        20,
        None,
    )
    assert store.metrics(run)["loss"][0][-1] == 20 and row.metrics["held_out"] == 0.5
    assert store.snapshot(run).step == 20 and store.moments(run)[0] == 1 and store.moments(run)[-1] == 20
    assert row.finished >= row.started and row.seconds > 0 and row.probe["words"]


def test_of_a_large_model_few_moments_are_kept_and_the_end_once(store, counting, monkeypatch):
    monkeypatch.setattr(keeper, "_SHARE", 1e9)
    monkeypatch.setattr(keeper, "_ROOM", 1)
    run = counting.queue()
    counting.work(run)
    files = sorted(path.name for path in (store.folder(run) / "moments").iterdir())
    assert store.moments(run) == [1, 16, 20] and [int(name[:12]) for name in files] == [1, 16]
    assert store.encoder(run, 20).step_ == store.encoder(run).step_ == 20 and store.encoder(run, 16).step_ == 16


def test_the_folder_can_be_understood_alone(store, corpus, counting):
    run = counting.queue()
    counting.work(run)
    record = json.loads((store.folder(run) / "run.json").read_text())
    assert record["state"] == "done" and record["encoder"] == "counting" and record["options"]["steps"] == 20
    assert record["versions"]["numpy"] == np.__version__ and record["corpus"]["tokens"] == len(corpus.tokens)
    assert store.vocab(run).words == corpus.vocab.words


def test_an_interrupted_run_ends_with_the_same_numbers(store, counting, monkeypatch):
    def die(_):
        raise Killed

    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    monkeypatch.setattr(keeper, "_SHORTEST", 0.0)
    monkeypatch.setattr(keeper, "_SHARE", 1e9)
    run, counting.hooks[13] = counting.queue(), die
    with pytest.raises(Killed):
        counting.work(run)
    shown = store.metrics(run)["loss"]
    store.change_run(run, state="queued")
    counting.hooks[13] = lambda encoder: resumed.append(encoder.step_)
    resumed: list[int] = []
    assert counting.work(run).state == "done" and resumed == [13]
    assert (vectors_of(store, run) == counting.expected(20)).all()
    after = dict(zip(*store.metrics(run)["loss"]))
    assert all(after[step] == value for step, value in zip(*shown))


@pytest.mark.parametrize("call", ["fsync", "replace", "sync_folder", "row"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_at_every_point_of_a_checkpoint(store, counting, monkeypatch, call, nth):
    """Whatever was written is whole, and the end is the same."""
    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    monkeypatch.setattr(keeper, "_SHORTEST", 0.0)
    monkeypatch.setattr(keeper, "_SHARE", 1e9)
    target, name = (files, call) if call == "sync_folder" else (files.os, call)
    if call == "row":
        target, name = Attempt, "_change"
    original, left = getattr(target, name), [nth]
    saving = [False]

    def dying(*arguments, **named):
        if saving[0]:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
        return original(*arguments, **named)

    def keep(self, *arguments):
        saving[0] = True
        try:
            return kept(self, *arguments)
        finally:
            saving[0] = False

    kept = Attempt.keep
    run = counting.queue(steps=6)
    with monkeypatch.context() as patch:
        patch.setattr(Attempt, "keep", keep)
        patch.setattr(target, name, dying)
        with pytest.raises(Killed):
            counting.work(run)
    store.change_run(run, state="queued")
    assert counting.work(run).state == "done" and (vectors_of(store, run) == counting.expected(6)).all()
    assert not [path for path in store.folder(run).rglob("*.tmp")]


def test_a_damaged_checkpoint_is_passed_over_and_said(store, counting):
    run = counting.queue()
    first = begin(store, run)
    vectors = counting.expected(5)
    first.keep("checkpoint", 5, {"vectors": vectors, "step": np.array([5])})
    first.keep("checkpoint", 9, {"vectors": vectors, "step": np.array([9])})
    (first.folder / "checkpoints" / "000000000009-1.safetensors").write_bytes(b"nonsense")
    first.write(state="queued")
    row = counting.work(run)
    assert (
        row.state == "done"
        and row.note == "A checkpoint was damaged on disk; the training went on from the one before."
    )
    assert (vectors_of(store, run) == counting.expected(20)).all()


def test_pause_keeps_a_checkpoint_and_resume_goes_on(store, counting):
    run = counting.queue()
    counting.hooks[7] = lambda encoder: store.command(run, "pause")
    working = counting.start(run)
    wait_for(lambda: store.run(run).state == "paused" and list(store.folder(run).glob("checkpoints/*.safetensors")))
    assert (store.run(run).step, store.run(run).command) == (8, None)
    store.command(run, "resume")
    assert (working.row().state, working.row().step) == ("done", 20)
    assert (vectors_of(store, run) == counting.expected(20)).all()


def test_a_paused_run_answers_another_probe(store, counting):
    run = counting.queue()
    counting.hooks[7] = lambda encoder: store.command(run, "pause")
    counting.start(run)
    wait_for(lambda: store.run(run).state == "paused")
    store.probe(run, ["queen"], "")
    assert wait_for(lambda: store.snapshot(run).probes[0]["word"] == "queen")


@pytest.mark.parametrize("paused_before", [False, True])
def test_stop_keeps_what_was_learned(store, counting, paused_before):
    run = counting.queue()
    counting.hooks[7] = lambda encoder: store.command(run, "pause" if paused_before else "stop")
    working = counting.start(run)
    if paused_before:
        wait_for(lambda: store.run(run).state == "paused")
        store.command(run, "stop")
    row = working.row()
    assert (row.state, row.step, row.command) == ("stopped", 8, None)
    assert (vectors_of(store, run) == counting.expected(8)).all() and store.moments(run)[-1] == 8


def test_a_stopped_run_is_continued(store, counting):
    run = counting.queue(steps=8)
    counting.work(run)
    after = store.continue_run(run, {"steps": 15})
    row = counting.work(after)
    assert (row.state, row.step) == ("done", 15) and row.seconds > store.run(run).seconds
    assert (vectors_of(store, after) == counting.expected(15)).all()


def test_nothing_left_to_do_is_done(store, counting):
    run = counting.queue(steps=8)
    counting.work(run)
    again = store.continue_run(run, {})
    assert counting.work(again).state == "done" and (vectors_of(store, again) == vectors_of(store, run)).all()


def test_a_loss_that_is_no_number_fails_with_a_sentence_and_keeps_the_checkpoint(store, counting, monkeypatch):
    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    run = counting.queue()
    counting.hooks[9] = lambda encoder: setattr(encoder, "loss", math.nan)
    row = counting.work(run)
    assert row.state == "failed" and "no longer a number at step 10" in str(Problem.from_dict(row.message))
    assert store.encoder(run).step_ < 10 and row.capabilities


def test_a_problem_of_the_encoder_is_the_message(store, counting):
    def refuse(_):
        raise Problem("The text has {n} words.", n=3)

    run, counting.hooks[0] = counting.queue(), refuse
    row = counting.work(run)
    assert (row.state, row.message["values"], row.capabilities) == ("failed", {"n": 3}, [])


def test_a_bug_names_itself_and_the_log_and_is_raised(store, counting):
    run, counting.hooks[2] = counting.queue(), lambda encoder: 1 / 0
    with pytest.raises(ZeroDivisionError):
        counting.work(run)
    said = str(Problem.from_dict(store.run(run).message))
    assert store.run(run).state == "failed" and "ZeroDivisionError" in said and "log.txt" in said


def test_a_replaced_attempt_leaves_without_a_word(store, counting):
    def replace(_):
        store.change_run(run, state="queued")
        begin(store, run).write(step=77)

    run, counting.hooks[5] = counting.queue(), replace
    with pytest.raises(Superseded):
        counting.work(run)
    row = store.run(run)
    assert (row.attempt, row.step, row.state) == (2, 77, "running") and not (store.folder(run) / "vectors.npy").exists()


def test_the_machine_ends_it_and_another_attempt_goes_on(store, counting):
    run, counting.hooks[7] = counting.queue(), lambda encoder: threading.current_thread().terminated.set()
    row = counting.start(run).row()
    assert (row.state, row.step, row.worker) == ("queued", 8, None)
    resumed: list[int] = []
    counting.hooks[8] = lambda encoder: resumed.append(8)
    counting.hooks[7] = lambda encoder: resumed.append(7)
    assert counting.work(run).state == "done" and resumed == [8]


@pytest.fixture
def disk(monkeypatch):
    """A disk: `disk.full` is whether a file can no longer be put in its place; it fills at the `disk.kth` file."""
    disk = SimpleNamespace(full=threading.Event(), kth=0, count=0)
    replace = files.os.replace

    def put(*arguments):
        disk.count += 1
        if disk.full.is_set() and disk.count >= disk.kth:
            raise OSError(28, "No space left on device")
        return replace(*arguments)

    monkeypatch.setattr(files.os, "replace", put)
    return disk


def said(store, run):
    """What a paused run says."""
    row = wait_for(lambda: (row := store.run(run)).state == "paused" and row.message and row)
    return str(Problem.from_dict(row.message))


@pytest.mark.parametrize("kth", range(1, 10))
def test_a_disk_that_is_full_at_the_kth_file_pauses_and_resumes(store, counting, disk, monkeypatch, kth):
    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    disk.kth, run = kth, counting.queue()
    disk.full.set()
    working = counting.start(run)
    assert "The disk is full:" in said(store, run) and "MB are needed" in said(store, run)
    disk.full.clear()
    store.command(run, "resume")
    row = working.row()
    assert (row.state, row.message) == ("done", None) and (vectors_of(store, run) == counting.expected(20)).all()


def test_a_full_disk_at_the_stop_waits_for_room(store, counting, disk):
    def stop(_):
        disk.full.set()
        store.command(run, "stop")

    run, counting.hooks[7] = counting.queue(), stop
    working = counting.start(run)
    assert "The disk is full:" in said(store, run)
    disk.full.clear()
    store.command(run, "resume")
    row = working.row()
    assert (row.state, row.step, row.message) == ("stopped", 8, None)


def test_a_database_on_a_full_disk_pauses_with_the_reserve(store, counting, monkeypatch):
    def stop_writing(_):
        monkeypatch.setattr(Attempt, "_change", full)

    def full(self, *arguments):
        if (store.home / "reserve").exists():
            raise DiskFull.at(store.home, 1)
        return change(self, *arguments)

    change = Attempt._change
    store.keep_reserve()
    monkeypatch.setattr(reporter, "INTERVAL", 0.0)
    run, counting.hooks[7] = counting.queue(), stop_writing
    working = counting.start(run)
    assert "The disk is full:" in said(store, run) and not (store.home / "reserve").exists()
    store.command(run, "resume")
    assert working.row().state == "done" and len(store.metrics(run)["loss"][0]) == 20


@pytest.mark.parametrize("method", ["orders", "write", "keep", "own_file"])
def test_a_busy_database_is_waited_for(store, counting, monkeypatch, method):
    original, count = getattr(Attempt, method), [0]

    def busy(self, *arguments, **values):
        count[0] += 1
        if count[0] in (4, 5):
            raise Busy("busy")
        return original(self, *arguments, **values)

    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    monkeypatch.setattr(Attempt, method, busy)
    run = counting.queue()
    counting.hooks[7] = lambda encoder: store.command(run, "pause")
    working = counting.start(run)
    wait_for(lambda: store.run(run).state == "paused")
    store.command(run, "resume")
    assert working.row().state == "done" and (vectors_of(store, run) == counting.expected(20)).all()


def test_a_run_begins_with_the_vectors_of_another(store, counting):
    """The token embedding has their shape, in its own scale; whoever asks sees which run they are of."""
    first = counting.queue()
    counting.work(first)
    options = {"steps": 1, "width": 8, "heads": 2, "layers": 1, "context": 8, "lr": 1e-5, "threads": 1}
    run = store.queue_train("gpt", options, store.run(first).corpus_id, min_count=1, start_from=first)
    assert work(store, run).state == "done" and store.run(run).start_from == first
    given = vectors_of(store, first) - vectors_of(store, first).mean(0)
    far = [np.linalg.norm(each[:, None] - each, axis=-1) for each in (given, vectors_of(store, run))]
    np.testing.assert_allclose(far[0] / far[0].max(), far[1] / far[1].max(), atol=1e-3)


def test_what_cannot_be_begun_with_is_said(store, counting, corpus):
    run = counting.queue()
    with pytest.raises(Problem, match="has no word vectors to begin with"):
        store.queue_train("gpt", {}, corpus.id, min_count=1, start_from=run)
    counting.work(run)
    with pytest.raises(Problem, match="has other words than this corpus with this min count"):
        store.queue_train("gpt", {}, corpus.id, min_count=40, start_from=run)
    with pytest.raises(Problem, match="LSA does not begin with word vectors"):
        store.queue_train("lsa", {}, corpus.id, min_count=1, start_from=run)


def test_memory_that_would_run_out_is_said_before_the_start(store, counting, monkeypatch):
    monkeypatch.setattr("core.jobs.memory.available", lambda: 999)
    row = counting.work(counting.queue())
    assert row.state == "failed" and row.step == 0 and "GB are free" in str(Problem.from_dict(row.message))


def test_the_memory_of_a_group_of_processes_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    whole = memory.available()
    (tmp_path / "memory.max").write_text("5000000\n")
    (tmp_path / "memory.current").write_text("2000000\n")
    assert memory.available() == 3_000_000 < whole
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available() > 3_000_000
