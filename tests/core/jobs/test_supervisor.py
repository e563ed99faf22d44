"""One pass of the supervisor, over a runner that a test controls."""

import os
import signal
import subprocess
import sys

import pytest

from core.jobs import lock, position, supervisor
from core.jobs.runner import alive, identity, signal_process
from core.jobs.supervisor import Supervisor, supervise
from core.problem import Problem
from tests.core.jobs.conftest import begin


class Workers:
    """Workers that live and die as a test says."""

    def __init__(self):
        self.started, self.statuses = [], {}
        self.living = set()

    def start(self, run, attempt):
        worker = f"boot/{len(self.started)}/{run.id}"
        self.started.append((run.id, attempt))
        self.living.add(worker)
        return worker

    def reap(self):
        return self.statuses

    def die(self, store, run, step, status=-9):
        worker = store.run(run).worker
        position.reset(store.folder(run))
        if step >= 0:
            position.Position(store.folder(run)).set(step)
        self.living.discard(worker)
        self.statuses[worker] = status


@pytest.fixture
def workers(monkeypatch):
    workers = Workers()
    monkeypatch.setattr(supervisor, "alive", lambda worker: worker in workers.living)
    monkeypatch.setattr(supervisor, "BACK_OFF", (0.0, 0.0, 0.0))
    return workers


@pytest.fixture
def watching(store, workers):
    return Supervisor(store, workers, slots=1)


def states(store):
    return {row.id: row.state for row in store.runs(kind=None)}


def test_runs_start_in_turn_up_to_the_slots(store, counting, watching, workers):
    first, second = counting.queue(), counting.queue()
    assert watching.step() and watching.step()
    assert workers.started == [(first, 1)] and states(store) == {first: "running", second: "queued"}
    begun = store.run(first)
    assert begun.worker in workers.living and begun.started and position.read(store.folder(first)) == -1
    store.change_run(first, state="done")
    watching.step()
    assert workers.started == [(first, 1), (second, 1)]


def test_a_paused_run_makes_room(store, counting, watching, workers):
    first, second = counting.queue(), counting.queue()
    watching.step()
    store.change_run(first, state="paused")
    watching.step()
    assert states(store) == {first: "paused", second: "running"}


def test_reading_does_not_wait_for_training(store, counting, watching, tmp_path):
    from core.corpus.reading import ReadSettings

    counting.queue()
    watching.step()
    store.queue_read([tmp_path / "x"], ReadSettings(), "Mine")
    watching.step()
    assert set(states(store).values()) == {"running"}


def test_a_dead_worker_is_replaced_by_another_attempt(store, counting, watching, workers):
    run = counting.queue()
    watching.step()
    workers.die(store, run, 7)
    watching.step()
    assert states(store) == {run: "queued"}
    watching.step()
    assert workers.started == [(run, 1), (run, 2)] and store.run(run).attempt == 2


@pytest.mark.parametrize(("status", "says"), [(-9, "most often the memory was full"), (-11, "exit status -11")])
def test_a_run_that_dies_twice_at_the_same_step_fails_with_a_sentence(store, counting, watching, workers, status, says):
    run = counting.queue()
    for _ in range(2):
        watching.step()
        workers.die(store, run, 7, status)
        watching.step()
    row = store.run(run)
    assert row.state == "failed" and row.finished and len(workers.started) == 2
    assert says in str(Problem.from_dict(row.message)) and "step 7" in str(Problem.from_dict(row.message))


def test_a_run_that_gets_further_each_time_is_tried_on(store, counting, watching, workers):
    run = counting.queue()
    for step in range(10):
        watching.step()
        workers.die(store, run, step)
        watching.step()
    assert states(store) == {run: "queued"} and len(workers.started) == 10


def test_the_next_attempt_waits_longer_after_a_death_without_progress(store, counting, watching, workers, monkeypatch):
    monkeypatch.setattr(supervisor, "BACK_OFF", (0.0, 1000.0))
    run = counting.queue()
    watching.step()
    workers.die(store, run, -1)
    watching.step()
    watching.step()
    assert states(store) == {run: "queued"} and len(workers.started) == 1


def test_living_workers_are_adopted(store, counting, workers):
    run = counting.queue()
    Supervisor(store, workers, slots=1).step()
    assert Supervisor(store, workers, slots=1).step()
    assert states(store) == {run: "running"} and workers.started == [(run, 1)]


def test_an_attempt_without_a_process_on_record_is_given_time(store, counting, watching, workers, monkeypatch):
    run = counting.queue()
    begin(store, run)  # a supervisor was killed just after its claim
    watching.step()
    assert states(store) == {run: "running"} and not workers.started
    monkeypatch.setattr(supervisor, "GRACE", -1.0)
    watching.step()
    watching.step()
    assert workers.started == [(run, 2)]


def test_a_paused_run_whose_worker_died_rests_until_it_is_resumed(store, counting, watching, workers):
    run = counting.queue()
    watching.step()
    store.change_run(run, state="paused")
    workers.die(store, run, 7)
    watching.step()
    assert states(store) == {run: "paused"} and store.run(run).worker is None
    store.command(run, "resume")
    watching.step()
    watching.step()
    assert states(store) == {run: "running"} and workers.started[-1] == (run, 2)


def test_a_stop_needs_no_slot(store, counting, watching, workers):
    first, second = counting.queue(), counting.queue()
    begin(store, second).write(state="queued")
    watching.step()
    store.command(second, "stop")
    watching.step()
    assert workers.started == [(first, 1), (second, 2)]


def test_it_leaves_when_there_is_no_work(store, watching, monkeypatch):
    monkeypatch.setattr(supervisor, "TICK", 0.0)
    handle = lock.take(store.home)
    supervise(watching, handle, idle=0.05)
    os.close(handle)


def test_it_leaves_when_its_home_is_gone(store, counting, watching, monkeypatch):
    monkeypatch.setattr(supervisor, "TICK", 0.0)
    counting.queue()
    handle = lock.take(store.home)
    (store.home / "supervisor.lock").unlink()
    supervise(watching, handle, idle=1000.0)
    os.close(handle)


def test_one_lock_a_home(store):
    handle = lock.take(store.home)
    assert handle is not None and lock.take(store.home) is None
    os.close(handle)
    again = lock.take(store.home)
    assert again is not None
    os.close(again)


def test_a_process_is_known_by_more_than_its_number():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        known = identity(process.pid)
        boot, pid, began = known.split("/")
        assert alive(known) and int(pid) == process.pid
        assert not alive(f"{boot}/{pid}/{began}1") and not alive(f"another{boot}/{pid}/{began}") and not alive(None)
        signal_process(known, signal.SIGSTOP)
        assert alive(known)
        signal_process(known, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not alive(known)  # a zombie is dead
    assert not alive(known)
