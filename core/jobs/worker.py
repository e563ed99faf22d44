"""The process of one attempt at a run: `python -m core.jobs.worker HOME RUN ATTEMPT`."""

import logging
import os
import signal
import sys
import threading
import time
from typing import Any

from core.jobs.deriving import Deriving
from core.jobs.importing import Importing
from core.jobs.job import Job
from core.jobs.reading import ReadingJob
from core.jobs.runner import identity, lower_priority
from core.jobs.training import Training
from core.problem import Problem
from core.store import Store
from core.store.artifacts import restorable
from core.store.attempt import Attempt, Superseded
from core.store.tables import corpora

KINDS: dict[str, type[Job]] = {"train": Training, "import": Importing, "read": ReadingJob, "derive": Deriving}
SUPERSEDED = 3  # exit status of an attempt that was replaced

log = logging.getLogger("worker")


def work(store: Store, run_id: str, number: int, terminated: threading.Event | None = None) -> None:
    """Work on an attempt to its end, or until `terminated` is set.

    A problem of the user's, or a bug, is the run's end; a bug keeps its traceback.
    """
    run, attempt = store.known_run(run_id), Attempt(store, run_id, number)
    attempt.write(worker=identity(os.getpid()))
    log.info("%s: attempt %d, process %d", run_id, number, os.getpid())
    job = KINDS[run.kind](store, attempt, run, terminated or threading.Event())
    try:
        job.work()
    except Superseded:
        raise
    except Problem as problem:
        log.info("failed: %s", problem)
        _fail(attempt, job, problem)
    except MemoryError:
        _fail(attempt, job, Problem("The memory is full: choose a smaller size, or close other programs."))
        raise
    except Exception as error:
        _fail(attempt, job, _bug(error, attempt))
        raise


def _bug(error: Exception, attempt: Attempt) -> Problem:
    return Problem(
        "Something went wrong that should not ({kind}: {text}). The log says where: {log}.",
        kind=type(error).__name__,
        text=str(error)[:200],
        log=str(attempt.folder / "log.txt"),
    )


def _fail(attempt: Attempt, job: Job, problem: Problem) -> None:
    """The run has failed; what it can answer is kept only if something was."""
    with attempt.store.database.reading() as connection:
        kept = restorable(connection, attempt.run_id)
    values: dict[str, Any] = {} if kept else {"capabilities": []}
    values |= {"message": problem.to_dict(), "finished": time.time(), "command": None, "worker": None}
    job.insist(lambda: job.reporter.report(None, state="failed", **values))
    if job.run.kind in ("read", "derive"):
        with attempt.store.database.writing() as connection:
            connection.execute(corpora.update().where(corpora.c.id == attempt.run_id).values(state="failed"))


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    home, run_id, number = sys.argv[1:]
    lower_priority()
    terminated = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    try:
        work(Store(home), run_id, int(number), terminated)
    except Superseded as error:
        log.info("%s: this one leaves", error)
        sys.exit(SUPERSEDED)


if __name__ == "__main__":
    main()
