"""What a worker has to say, gathered and said about once a second in one transaction."""

import logging
import math
import time

from core.encoders.base import Progress
from core.store.attempt import Attempt
from core.store.database import Busy

INTERVAL = 1.0  # seconds between two reports
_MOST = 10_000  # points held back while the database is busy

log = logging.getLogger("worker")


class Reporter:
    """Metrics, progress and active time of one attempt.

    Of each metric a point is kept at most every 20 ms, or every 2000th part of the time so far, whichever is longer:
    so a run of ten hours has some ten thousand points and not millions.
    """

    def __init__(self, attempt: Attempt, seconds: float, metrics: dict[str, float]):
        self.attempt, self.note, self.last = attempt, "", dict(metrics)
        self.progress: Progress | None = None
        self._points: list[tuple[str, int, float]] = []
        self._next: dict[str, float] = {}
        self._seconds = seconds
        self._since: float | None = None  # while the run rests; the first event wakes it, so compiling does not count
        self._reported = -math.inf

    @property
    def seconds(self) -> float:
        """Active time so far, that of earlier attempts included."""
        return self._seconds if self._since is None else self._seconds + time.monotonic() - self._since

    def rest(self) -> None:
        """The run pauses."""
        self._seconds, self._since = self.seconds, None

    def wake(self) -> None:
        self._since = time.monotonic()

    def add(self, progress: Progress) -> None:
        """Take up an event."""
        if self.progress is None:
            self.wake()
        self.progress, now = progress, time.monotonic()
        self.last.update(progress.metrics)
        for name, value in progress.metrics.items():
            if now >= self._next.get(name, 0.0):
                self._next[name] = now + max(0.02, self.seconds / 2000)
                self._points.append((name, progress.step, float(value)))

    def due(self) -> bool:
        return time.monotonic() - self._reported >= INTERVAL

    def report(self, obeyed: str | None = None, **values: object) -> None:
        """Write what was gathered, and these columns. What cannot be written now is kept. Raises DiskFull, Busy."""
        self._complete()
        progress = self.progress
        columns = {"metrics": {name: _number(value) for name, value in self.last.items()}, "seconds": self.seconds}
        if progress is not None:
            columns |= {"phase": progress.phase, "step": progress.step, "total": progress.total}
            columns["note"] = progress.note or self.note
        self.attempt.write(self._points, obeyed, **{**columns, **values})
        self._points, self._reported = [], time.monotonic()

    def report_if_possible(self) -> None:
        """Report, or wait for the next time where the database is busy."""
        try:
            self.report()
        except Busy as problem:
            log.warning("%s", problem)
            self._reported = time.monotonic()
            if len(self._points) > _MOST:
                del self._points[::2]

    def _complete(self) -> None:
        """The newest value of each metric is among the points of a report."""
        progress = self.progress
        if progress is not None:
            newest = {(name, progress.step): float(value) for name, value in progress.metrics.items()}
            known = {(name, step) for name, step, _ in self._points[-len(newest) :]} if newest else set()
            self._points += [(name, step, value) for (name, step), value in newest.items() if (name, step) not in known]


def _number(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return float(value) if math.isfinite(value) else None
