"""A limited child process: started from a module, asked and answered in JSON lines, killed with all it began.

The child side is `core.corpus.confined`. Work that a hostile file can make endless, huge or deadly is done in such a
process, so that whoever asked only ever sees an answer, a Problem, or how the child ended.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.problem import Problem

ROOT = Path(__file__).resolve().parents[2]  # where `python -m core.…` finds the project
_PULSE = 0.25  # seconds after which one that waits for a message is asked again, so that it can stop


@dataclass(frozen=True)
class Limits:
    """What one request may take. memory: bytes of data beyond what the child starts with; address: bytes of address
    space beyond that (files that are mapped count here); file: bytes of any file it writes; cpu, wall: seconds."""

    memory: int
    address: int
    file: int
    cpu: int
    wall: int


class Ended(Exception):
    """The child is gone without an answer; `status` is its exit status, negative for a signal."""

    def __init__(self, status: int):
        super().__init__(f"the child ended with status {status}")
        self.status = status


class Child:
    """One process, `python -m module`. temporary: the folder for its temporary files."""

    def __init__(self, module: str, temporary: Path | None = None):
        environ = os.environ | ({"TMPDIR": str(temporary)} if temporary else {})
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ask(self, request: dict[str, Any], limits: Limits) -> None:
        """Send a request. Raises Ended if the child is gone."""
        self._send(json.dumps({"limits": asdict(limits), "request": request}))

    def go_on(self) -> None:
        """Let the child take one step more, see `confined.Steps`."""
        with suppress(Ended):  # what it had to say is still to be heard
            self._send("")

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """The next message, or None if none comes in that time. Raises Ended; Problem if the child tells one."""
        try:
            line = self._answers.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        if not line:
            self._answers.put(b"")
            raise Ended(self._process.wait())
        message = json.loads(line)
        if "problem" in message:
            raise Problem.from_dict(message["problem"])
        if "bug" in message:
            raise RuntimeError(f"a bug in a child process:\n{message['bug']}")
        return message

    def steps(self, request: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any] | None]:
        """Send a request; every message until that of the end, and None each quarter of a second without one.

        The child goes on when its message has been taken. Raises Ended, Problem, and TimeoutError after `limits.wall`
        seconds of waiting; those in which none asked for a message do not count.
        """
        self.ask(request, limits)
        waited = 0.0
        while True:
            asked = time.monotonic()
            message = self.answer(_PULSE)
            waited += time.monotonic() - asked
            if message is not None and "end" in message:
                return
            if message is not None:
                self.go_on()
            elif waited > limits.wall:
                raise TimeoutError
            yield message

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Kill it with all processes it began, and wait for its end."""
        process = self._process
        with suppress(ProcessLookupError, PermissionError):  # gone already
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._listener.join()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]

    def _send(self, line: str) -> None:
        try:
            self._process.stdin.write(line.encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except OSError as error:
            raise Ended(self._process.wait()) from error

    def _listen(self) -> None:
        for line in self._process.stdout:  # type: ignore[union-attr]
            self._answers.put(line)
        self._answers.put(b"")


def took_too_long(status: int) -> bool:
    """Whether a child with this exit status was ended for its time on the processor."""
    return sys.platform != "win32" and status == -signal.SIGXCPU
