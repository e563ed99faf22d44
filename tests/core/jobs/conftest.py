"""A store with a corpus, a small encoder whose steps a test can hook into, real processes that never outlive a test."""

import signal
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.encoders.base import Encoder, Estimate, NextWord, Progress, WordVectors
from core.jobs import job, keeper, position, worker
from core.options import Options, option
from core.store import Store
from core.store.attempt import Attempt
from core.store.queue import Queue

TEXT = "the king and the queen saw a man and a woman near the old stone bridge"


class CountingOptions(Options):
    steps: int = option(20, "Steps", "Steps.", low=1, high=1000)
    seed: int = option(0, "Seed", "Seed.", low=0, high=9)


class Counting(Encoder, WordVectors, NextWord):
    """Adds random numbers to random vectors; `hooks` are called with the encoder before a step."""

    name, title, year, paper = "counting", "Counting", 2000, ""
    Options = CountingOptions
    hooks: dict = {}

    def train(self, corpus) -> Iterator[Progress]:
        if not hasattr(self, "vectors_"):
            self.vectors_, self.step_ = np.ones((len(self.vocab), 3), np.float32), 0
        while self.step_ < self.options.steps:
            self.hooks.get(self.step_, lambda encoder: None)(self)
            random = np.random.default_rng((self.options.seed, self.step_))
            self.vectors_ = self.vectors_ * np.float32(0.9) + random.standard_normal(self.vectors_.shape, np.float32)
            self.step_ += 1
            loss = getattr(self, "loss", float(np.abs(self.vectors_).mean()))
            yield Progress("counting", self.step_, self.options.steps, {"loss": loss, "held_out": 10 / self.step_})

    def state(self, training=True):
        return {"vectors": self.vectors_.copy(), "step": np.array([self.step_])}

    def restore(self, state):
        self.vectors_, self.step_ = state["vectors"], int(state["step"][0])

    @classmethod
    def estimate(cls, options, corpus):
        return Estimate(1.0, 1000)

    def word_vectors(self):
        return self.vectors_

    def next_word(self, context):
        return np.full(len(self.vocab), 1 / len(self.vocab), np.float32)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture
def corpus(store):
    corpus = Corpus.from_texts([TEXT] * 20, folder=store.home / "inbox" / "text")
    store.add_corpus(corpus, "Kings")
    return store.corpus(corpus.id)


@pytest.fixture
def counting(store, corpus, monkeypatch):
    """counting.queue(**options), counting.work(run), counting.hooks, counting.expected(steps); looks at every step."""
    monkeypatch.setitem(ENCODERS, "counting", Counting)
    monkeypatch.setattr(Counting, "hooks", {})
    monkeypatch.setattr(job, "LOOK", 0.0)
    monkeypatch.setattr(keeper, "_FIRST", 1000.0)

    def queue(**options):
        return store.queue_train("counting", options, corpus.id, min_count=1)

    def expected(steps):
        encoder = Counting(CountingOptions(steps=steps), corpus.vocab)
        return list(encoder.train(corpus)) and encoder.vectors_

    def start(run):
        started.append(Working(store, run))
        return started[-1]

    started = []
    hooks = Counting.hooks
    yield SimpleNamespace(queue=queue, work=lambda run: work(store, run), start=start, hooks=hooks, expected=expected)
    for working in started:
        working.terminated.set()
        working.join(60)


def begin(store, run):
    """Claim a queued run, as the supervisor does."""
    attempt = Attempt(store, run, Queue(store).claim(store.run(run)))
    position.reset(attempt.folder)
    return attempt


def work(store, run, terminated=None):
    """Work on a queued run in this process; its row."""
    worker.work(store, run, begin(store, run).number, terminated)
    return store.run(run)


class Killed(BaseException):
    """The process is gone: nothing more is written."""


def wait_for(holds, seconds=30.0):
    """Wait until this is true of the world, and return it; fails when the time is up."""
    until = time.monotonic() + seconds
    while not (result := holds()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
    return result


class Working(threading.Thread):
    """A worker in a thread of the test; `row()` waits for its end."""

    def __init__(self, store, run):
        super().__init__(daemon=True)
        self.store, self.run_id, self.terminated = store, run, threading.Event()
        self.start()

    def run(self):
        work(self.store, self.run_id, self.terminated)

    def row(self):
        self.join(60)
        assert not self.is_alive()
        return self.store.run(self.run_id)


def processes(home):
    """All processes of this home."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if str(home) in line and any(part.startswith("core.jobs") for part in line):
            found.append(process)
    return found


def end_processes(home):
    """Kill every process of this home, supervisors first, until there is none."""
    while left := processes(home):
        for process in sorted(left, key=lambda one: "core.jobs.supervisor" not in one.info["cmdline"]):
            try:
                process.send_signal(signal.SIGKILL)
                process.wait(10)
            except psutil.NoSuchProcess:
                continue
