"""A home with a short path; a lane that a thread of the test serves, with functions of the test; no process left."""

import os
import signal
import tempfile
import threading
import time
from multiprocessing.connection import Listener
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.answers import functions, lane, serve


def eventually(holds, seconds=20.0):
    """Whether this holds before the time is up."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def process_of(home, name):
    """The id of the process that serves a lane."""
    return int((home / "answers" / f"{name}.lock").read_text())


def end_processes(home):
    """Kill what this test started, and wait until it is gone."""
    for name in lane.LANES:
        process, _ = lane._started.pop(lane.address(home, name), (None, 0))
        if process is not None:
            process.kill()
            process.wait()


@pytest.fixture
def home(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("SEMASCOPE_HOME", folder)
        yield Path(folder)
        end_processes(Path(folder))


@pytest.fixture
def desk(home, monkeypatch):
    """The lane "maps", served by a thread: desk.functions holds what can be asked, desk.answerer who answers."""
    known = {}
    monkeypatch.setattr(functions, "FUNCTIONS", known)
    lane.socket_folder(home, "maps")
    going = threading.Event()
    with Listener(lane.address(home, "maps"), lane.family(), backlog=64) as listener:
        answerer = serve.Answerer(SimpleNamespace(home=home), listener, "maps")
        thread = threading.Thread(target=answerer.run, args=[lambda: not going.is_set()])
        thread.start()
        yield SimpleNamespace(functions=known, answerer=answerer, thread=thread)
        going.set()
        answerer.ring()
        thread.join()
        answerer.pool.shutdown()
        answerer.clerk.shutdown()


def kill(process):
    os.kill(process, signal.SIGKILL)
