"""The work of a worker, whatever its kind: events in; reports, pauses and stops out."""

import logging
import threading
import time
from collections.abc import Callable

from core.encoders.base import Progress
from core.jobs.position import Position
from core.jobs.reporter import Reporter
from core.problem import Problem
from core.store import RunRow, Store
from core.store.attempt import Attempt
from core.store.database import Busy
from core.store.files import DiskFull

LOOK = 0.2  # seconds between two looks at what people want
_BEAT = 2.0  # seconds between two signs of life while paused

log = logging.getLogger("worker")


class Job:
    """One attempt at a run: `work` goes through its events; `looked`, `rested`, `resting`: what to do beside them."""

    def __init__(self, store: Store, attempt: Attempt, run: RunRow, terminated: threading.Event):
        self.store, self.attempt, self.run = store, attempt, run
        self.reporter = Reporter(attempt, run.seconds, run.metrics)
        self.position = Position(attempt.folder)
        self.orders = attempt.orders()
        self.stopped = False  # a person asked it to end here
        self._terminated = terminated
        self._resting = False
        self._next_look = 0.0

    @property
    def terminated(self) -> bool:
        """Whether the machine asked it to end: a later attempt goes on."""
        return self._terminated.is_set()

    def work(self) -> None:
        """Do the whole job, to the last write. Raises Problem, DiskFull not among them."""
        raise NotImplementedError

    def looked(self) -> None:
        """At each look, about five times a second, while it works."""

    def rested(self) -> None:
        """Once, when a person has paused it."""

    def resting(self) -> None:
        """At each look while it is paused."""

    def event(self, progress: Progress) -> bool:
        """Take up one event of the work; False when it shall end here."""
        self.position.set(progress.step)
        self.reporter.add(progress)
        if time.monotonic() >= self._next_look or self.terminated:
            self.surely(self._look)
            self._next_look = time.monotonic() + LOOK
        return not (self.stopped or self.terminated)

    def surely(self, action: Callable[[], None]) -> None:
        """Do it; where the disk is full, pause with that sentence, and try again when a person says so."""
        while True:
            try:
                return self._patiently(action)
            except DiskFull as problem:
                if self.stopped:
                    self.insist(lambda: self.attempt.write(obeyed="stop"))
                self._pause(problem)
                if self.terminated:
                    return

    def leave(self) -> None:
        """The machine asks us to end: whoever comes next goes on."""
        state = "paused" if self._resting else "queued"
        self.insist(lambda: self.reporter.report(state=state, worker=None))
        log.info("terminated")

    def _look(self) -> None:
        self._ask()
        if self.orders.command == "stop":
            self.stopped = True
            return
        if self.reporter.due():
            self.reporter.report_if_possible()
        self.looked()
        if self.orders.command == "pause":
            self._pause()
            self.stopped = self.orders.command == "stop"
        elif self.orders.command == "resume":  # it is at work already
            self.attempt.write(obeyed="resume")

    def _ask(self) -> str | None:
        try:
            self.orders = self.attempt.orders()
        except Busy as problem:
            log.warning("%s", problem)
        return self.orders.command

    def _pause(self, problem: Problem | None = None) -> None:
        """Rest until a person wants it to go on or to stop; the work waits because nobody asks for its next event."""
        self._resting = True
        self.reporter.rest()
        message = problem.to_dict() if problem else None
        self.insist(lambda: self.reporter.report(obeyed="pause", state="paused", message=message))
        log.info("paused%s", f": {problem}" if problem else "")
        if problem is None:
            self._patiently(self.rested)
        beat = time.monotonic()
        while self._ask() not in ("resume", "stop"):
            if self.terminated:
                return
            self._patiently(self.resting)
            time.sleep(LOOK / 2)
            if time.monotonic() - beat > _BEAT:
                beat = time.monotonic()
                self.insist(self.attempt.write)
        self.insist(lambda: self.attempt.write(obeyed="resume", state="running", message=None))
        self._resting = False
        self.reporter.wake()
        log.info("goes on")

    def _patiently(self, action: Callable[[], None]) -> None:
        """Do it, again and again while the database is busy: it passes. Raises DiskFull."""
        while True:
            try:
                return action()
            except Busy as problem:
                log.warning("%s", problem)
                time.sleep(LOOK)

    def insist(self, action: Callable[[], None]) -> None:
        """Write although the database is busy, or the disk is full: a reserve of room is kept for just this."""
        while True:
            try:
                return action()
            except (Busy, DiskFull) as problem:
                log.warning("%s", problem)
                self.store.free_reserve()
                time.sleep(LOOK)
