"""The process that starts, watches, adopts and re-queues workers: `python -m core.jobs.supervisor HOME`.

All it knows is in the store, so it may be killed at any time: workers go on without it, and the next one finds them.
It leaves when there has been no work for a while; whoever queues a run starts it again (`core.jobs.ensure_supervisor`).
"""

import argparse
import contextlib
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Protocol

from core.jobs import position, warm
from core.jobs.lock import take
from core.jobs.runner import LocalRunner, alive, start_module
from core.problem import Problem
from core.store import RunRow, Store
from core.store.database import Busy
from core.store.files import DiskFull
from core.store.home import environment
from core.store.queue import DAY, Death, Queue

TICK, IDLE, GRACE, PURGE = 0.3, 600.0, 10.0, 600.0  # seconds
BACK_OFF = (0.0, 1.0, 10.0)  # seconds before the next attempt, by deaths in a row without progress

log = logging.getLogger("supervisor")


class Runner(Protocol):
    """What starts processes: this machine, or another kind later."""

    def start(self, run: RunRow, attempt: int) -> str | None: ...
    def reap(self) -> dict[str, int]: ...


class Supervisor:
    """One pass after another over the runs that wait or are at work."""

    def __init__(self, store: Store, runner: Runner, slots: int | None = None):
        self.store, self.runner, self.queue = store, runner, Queue(store)
        self.slots = {"train": slots or max(1, (os.cpu_count() or 1) - 1), "import": 1, "read": 1, "derive": 1}
        self._not_before: dict[str, float] = {}  # run -> monotonic time of its next attempt
        self._seen: dict[tuple[str, int], float] = {}  # attempts without a process on record -> when first seen
        self._statuses: dict[str, int] = {}  # exit status of our own children, by identity
        self._purged = -PURGE

    def step(self) -> bool:
        """One pass; whether there is work."""
        self._statuses |= self.runner.reap()
        runs = self.queue.active()
        for run in runs:
            if run.state in ("running", "paused"):
                self._watch(run)
        at_work = {kind: sum(run.state == "running" and run.kind == kind for run in runs) for kind in self.slots}
        for run in runs:
            if run.state == "queued" and self._may_start(run, at_work):
                at_work[run.kind] += 1
                self._start(run)
        self._purge()
        return any(run.state in ("queued", "running") for run in runs)

    def _may_start(self, run: RunRow, at_work: dict[str, int]) -> bool:
        """A run that is to stop needs no slot: it only writes down what it has learned."""
        free = run.command == "stop" or at_work[run.kind] < self.slots[run.kind]
        return free and time.monotonic() >= self._not_before.get(run.id, 0.0)

    def _start(self, run: RunRow) -> None:
        attempt = self.queue.claim(run)
        if attempt is None:
            return
        position.reset(self.store.folder(run.id))
        worker = self.runner.start(run, attempt)
        self.queue.at_work(run.id, attempt, worker)
        log.info("%s: attempt %d, %s", run.id, attempt, worker)

    def _watch(self, run: RunRow) -> None:
        if run.worker is None and run.state == "running":
            first = self._seen.setdefault((run.id, run.attempt), time.monotonic())
            if time.monotonic() - first > GRACE:
                self._bury(run)
        elif run.worker is None and run.command in ("resume", "stop"):
            self.queue.requeue(run)
        elif run.worker is not None and not alive(run.worker):
            self.queue.rest(run) if run.state == "paused" else self._bury(run)

    def _bury(self, run: RunRow) -> None:
        """A worker has died: its run begins again from the last checkpoint, unless that is hopeless."""
        death = self.queue.died(run, position.read(self.store.folder(run.id)))
        status = self._statuses.pop(run.worker or "", None)
        log.info("%s: attempt %d died at step %d, exit status %s", run.id, run.attempt, death.step, status)
        if not death.hopeless:
            self._not_before[run.id] = time.monotonic() + BACK_OFF[min(death.futile, len(BACK_OFF) - 1)]
            self.queue.requeue(run, death)
            return
        log.error("%s: given up; its last lines:\n%s", run.id, "\n".join(self.store.log(run.id, 50)))
        self.queue.fail(run, _hopeless(death, status, self.store.folder(run.id) / "log.txt"))

    def _purge(self) -> None:
        """Every ten minutes: throw away what was deleted a day ago."""
        if time.monotonic() - self._purged < PURGE:
            return
        self._purged = time.monotonic()
        self.store.keep_reserve()
        gone = self.queue.purge(time.time() - DAY)
        if gone:
            log.info("purged %s", ", ".join(gone))


def _hopeless(death: Death, status: int | None, path: Path) -> Problem:
    """Why there is no further attempt, and what to try."""
    step = max(death.step, 0)
    if status == -signal.SIGKILL:
        return Problem(
            "The process was killed again and again (last at step {step}); most often the memory was full. Choose a "
            "smaller size or close other programs. The log is {log}.",
            step=step,
            log=str(path),
        )
    return Problem(
        "The process ended without a word again and again (last at step {step}, exit status {status}), so it was not "
        "tried again. The log is {log}.",
        step=step,
        status="unknown" if status is None else status,
        log=str(path),
    )


def supervise(supervisor: Supervisor, lock: int, idle: float = IDLE) -> None:
    """Pass after pass, until there has been no work for `idle` seconds, or the store is gone."""
    path, last = supervisor.store.home / "supervisor.lock", time.monotonic()
    while time.monotonic() - last < idle and _same_file(lock, path):
        try:
            if supervisor.step():
                last = time.monotonic()
        except (Busy, DiskFull) as problem:  # it passes, or a person makes room: the next pass sees
            log.warning("%s", problem)
        time.sleep(TICK)


def _same_file(handle: int, path: Path) -> bool:
    return path.exists() and os.path.samestat(os.fstat(handle), path.stat())


def main() -> None:
    parser = argparse.ArgumentParser(prog="core.jobs.supervisor")
    parser.add_argument("home")
    parser.add_argument("--lock", type=int, help="the lock, already taken by whoever started us")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    store = Store(arguments.home)
    lock = take(store.home) if arguments.lock is None else arguments.lock
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if lock is not None:
        os.set_inheritable(lock, False)
        _warm(store)
    supervisor = Supervisor(store, LocalRunner(store))
    while lock is not None:
        log.info("begins, process %d", os.getpid())
        supervise(supervisor, lock)
        os.close(lock)
        gone = not (store.home / "supervisor.lock").exists()
        waiting = not gone and any(run.state == "queued" for run in supervisor.queue.active())
        lock = take(store.home) if waiting else None  # a run was queued while we were leaving


def _warm(store: Store) -> None:
    """Compile kernels in the background, so that no click waits for it."""
    environ = environment(store.home)
    if warm.needed(Path(environ["NUMBA_CACHE_DIR"])):
        start_module("core.jobs.warm", str(store.home), log=store.home / "cache" / "warm.log", environ=environ)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
