"""The process of a lane: `python -m core.answers.serve HOME LANE`.

The main thread only listens and replies, so a page is always heard; two threads do the work, each question for a few
milliseconds in turn, so a short question never waits for a long one. Whoever asks the same shares the work, and when
nobody waits for it any more it is dropped. Ten minutes without a question, and the process leaves.

The lane "models" holds the encoders of the last few runs; the lane "maps" draws, groups and previews.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import TYPE_CHECKING, cast

from core.answers import cache, functions, lane
from core.answers.cache import Asked
from core.answers.models import Models
from core.answers.work import Work
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.store import Store

WORKERS = 2
IDLE_SECONDS = 600.0
CHECK_SECONDS = 5.0
PRUNE_BYTES = 20_000_000  # written between two looks at the cache's size


class Line:
    """One asker: its question's work, and when it wants to hear of it at the latest (None: it does not wait now)."""

    def __init__(self, connection: Connection):
        self.connection = connection
        self.work: Work | None = None
        self.due: float | None = None
        self.ending: dict | None = None

    def send(self, message: dict) -> bool:
        """Send a small message; False if the asker is gone."""
        try:
            self.connection.send_bytes(json.dumps(message, ensure_ascii=False, default=str).encode())
        except OSError:
            return False
        return True


class Answerer:
    """The questions of a lane, from the moment they are heard to the moment their answers are sent."""

    def __init__(self, store: "Store", listener: Listener, name: str):
        self.store, self.log = store, lane.log(store.home, name)
        self.models = Models(store) if name == "models" else None
        self.lines: dict[Connection, Line] = {}
        self.works: dict[Path, Work] = {}
        self.turns: deque[Work] = deque()
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="work")
        self.clerk = ThreadPoolExecutor(1, thread_name_prefix="clerk")
        self.listener, self.arrived = listener, deque[Connection]()
        self.bell, self._rope = Pipe(duplex=False)
        self._pulling = threading.Lock()
        self.written = 0
        self.last = time.monotonic()

    def run(self, keep_going: Callable[[], bool]) -> None:
        """Answer until nobody has asked for a while, or `keep_going` says no."""
        threading.Thread(target=self._door, daemon=True).start()
        while (self.works or time.monotonic() - self.last < IDLE_SECONDS) and keep_going():
            for ready in wait([self.bell, *self.lines], self._patience()):
                if ready is self.bell:
                    self.bell.recv_bytes()
                elif line := self.lines.get(cast(Connection, ready)):
                    self._hear(line)
            while self.arrived:
                connection = self.arrived.popleft()
                self.lines[connection] = Line(connection)
            self._settle()
            self._reply()
            self._drop()
            self._submit()

    def ring(self, *_: object) -> None:
        """Wake the main thread."""
        with self._pulling:
            self._rope.send_bytes(b".")

    def _door(self) -> None:
        while True:
            try:
                self.arrived.append(self.listener.accept())
            except OSError:
                return
            self.ring()

    def _patience(self) -> float:
        now = time.monotonic()
        dues = [line.due - now for line in self.lines.values() if line.due is not None]
        return max(0.0, min([CHECK_SECONDS, *dues]))

    def _hear(self, line: Line) -> None:
        """A message: a question, or how long its asker waits for word of it. A closed line drops its question."""
        self.last = time.monotonic()
        try:
            message = json.loads(line.connection.recv_bytes())
        except (EOFError, OSError):
            self._forget(line)
            return
        if "wait" in message:
            line.due = time.monotonic() + message["wait"]
        elif line.send({"taken": True}):
            self._take_up(line, Asked(**message))

    def _take_up(self, line: Line, asked: Asked) -> None:
        """Find the question's answer, or the work on it, or begin it; a failure at that is told like any other."""
        begun = self.clerk.submit(self._work, asked)
        error = begun.exception()
        if error is not None:
            line.ending = _told(error, self.log)
            return
        work = begun.result()
        if work.path.exists():
            line.ending = {"answer": str(work.path)}
            return
        line.work = self.works.setdefault(work.path, work)
        if line.work is work:
            self.turns.appendleft(work)

    def _work(self, asked: Asked) -> Work:
        """The work that a question asks for, not begun. Raises Problem where it cannot be asked."""
        if asked.run is None:
            settled = functions.settled(asked)
            path = cache.place(self.store.home, settled)
            return Work(functions.steps(self.store, settled), path, str(path))
        assert self.models is not None, "the lane of maps holds no models"
        settled = self.models.settled(asked)
        path = cache.place(self.store.home, settled)
        return Work(self.models.steps(settled), path, f"{settled.run}@{settled.moment}")

    def _submit(self) -> None:
        """Give each free thread the next work in turn, never two of one group."""
        busy = {work.group for work in self.works.values() if work.future is not None}
        for work in list(self.turns):
            if len(busy) >= WORKERS:
                return
            if work.group not in busy:
                self.turns.remove(work)
                busy.add(work.group)
                work.future = self.pool.submit(work.turn)
                work.future.add_done_callback(self.ring)

    def _settle(self) -> None:
        """See what became of the turns that are over."""
        for path, work in list(self.works.items()):
            if work.future is None or not work.future.done():
                continue
            error, work.future = work.future.exception(), None
            if error is None and not work.finished:
                self.turns.append(work)
                continue
            work.close()
            del self.works[path]
            self._end(work, {"answer": str(path)} if error is None else _told(error, self.log))
            self.written += work.bytes
            if self.written > PRUNE_BYTES:
                self.written = 0
                self.pool.submit(cache.prune, self.store.home)

    def _end(self, work: Work, ending: dict) -> None:
        for line in self.lines.values():
            if line.work is work:
                line.work, line.ending = None, ending

    def _reply(self) -> None:
        """Tell those who wait: how it ended, or, when their time is up, how far it is."""
        now = time.monotonic()
        for line in list(self.lines.values()):
            if line.due is None or (line.ending is None and now < line.due):
                continue
            line.due = None
            work = line.work
            state = {"done": work.done, "phase": work.phase, "picture": work.picture} if work else None
            message = line.ending or state
            if message is not None and not line.send(message):
                self._forget(line)

    def _drop(self) -> None:
        """End the works that nobody waits for any more."""
        wanted = {line.work for line in self.lines.values()}
        for path, work in list(self.works.items()):
            if work not in wanted and work.future is None:
                work.close()
                self.turns.remove(work)
                del self.works[path]

    def _forget(self, line: Line) -> None:
        del self.lines[line.connection]
        line.connection.close()


def _told(error: BaseException, log: Path) -> dict:
    """How a failure is told: a user's problem as itself, anything else as a bug, its traceback in the log."""
    if isinstance(error, Problem):
        return {"problem": error.to_dict()}
    if isinstance(error, MemoryError):
        text = marked("There is not enough memory to compute this; choose fewer words, or close another program.")
        return {"problem": Problem(text).to_dict()}
    traceback.print_exception(error)
    return {"failed": f"{type(error).__name__} in the process that answers; its traceback is in {log}"}


def main(home: Path, name: str) -> None:
    """Serve a lane, unless another process does. SEMASCOPE_COLD in the environment: maps are not made ready first."""
    held = lane.lock(lane.folder(home) / f"{name}.lock")
    if held is None:
        return
    from core.store import Store

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    lane.socket_folder(home, name)
    where = lane.address(home, name)
    if sys.platform != "win32":
        Path(where).unlink(missing_ok=True)
    store = Store(home)
    listener = Listener(where, lane.family(), backlog=64)
    if name == "maps" and not os.environ.get("SEMASCOPE_COLD"):
        threading.Thread(target=functions.warm, daemon=True).start()
    try:
        Answerer(store, listener, name).run(lambda: sys.platform == "win32" or os.path.exists(where))
    finally:
        with suppress(FileNotFoundError):  # the socket may have been removed with its home
            listener.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
