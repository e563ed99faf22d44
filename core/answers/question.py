"""A question from a page: asked without waiting, looked after as long as the page likes, dropped when it is closed.

No thread: the other process is met, told and heard only inside `wait`.
"""

import json
import time
from collections.abc import Mapping
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

import numpy as np

from core.answers import cache, lane
from core.answers.cache import Answer, Asked
from core.problem import Problem, marked

LONGEST = 32  # megabytes of a question
TRIES = 3  # processes that may die before they have taken a question up


def ask(
    method: str, *, run: str | None = None, moment: int | None = None, arguments: Mapping[str, Any] | None = None
) -> "Question":
    """Ask for a method of a run's encoder (at a moment of its training), or without a run for a function.

    The functions stand in `core.answers.functions`; arguments are what JSON can say. Returns at once: `Question.wait`
    has the answer.
    """
    return Question(Asked(method, run, moment, arguments or {}))


class Question:
    """done: the share that is done, 0..1. phase: what is being done, "" at first. first: early arrays, or None."""

    def __init__(self, asked: Asked):
        from core.store.home import default_home

        self.done, self.phase = 0.0, ""
        self.first: dict[str, np.ndarray] | None = None
        self._asked, self._home = asked, default_home()
        self._lane = "models" if asked.run is not None else "maps"
        self._line: Connection | None = None
        self._taken = self._waited_for = False
        self._tries, self._picture, self._since = 0, 0, time.monotonic()
        self._problem: Problem | RuntimeError | None = None
        self._answer: Answer | None = None
        try:
            self._answer = self._kept()
        except Problem as problem:
            self._problem = problem

    def wait(self, seconds: float = 0.0) -> Answer | None:
        """The answer, or None if it is not there after at most `seconds`.

        Raises Problem where the question cannot be answered, Stopped if the process died at it (the next question
        starts it anew), RuntimeError for a bug, whose traceback is in the log that it names.
        """
        deadline = time.monotonic() + seconds
        while self._answer is None:
            if self._problem is not None:
                raise self._problem
            try:
                if not self._connected(deadline):
                    return None
                heard = self._heard(deadline)
            except (EOFError, OSError):
                self._lost()
                continue
            if heard is None:
                return None
            self._take(heard)
            if self._answer is None and self._problem is None and time.monotonic() >= deadline:
                return None
        self.done = 1.0
        return self._answer

    def close(self) -> None:
        """Drop the question; if nobody else asks the same, the work on it ends."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _kept(self) -> Answer | None:
        """The answer, if it was given before. Raises Problem for a question that cannot be asked."""
        megabytes = len(self._asked.text()) // 1_000_000
        if megabytes > LONGEST:
            text = marked("This question is {given} MB long; the limit is {limit} MB. Ask about less at a time.")
            raise Problem(text, given=megabytes, limit=LONGEST)
        return cache.read(cache.place(self._home, self._asked))

    def _connected(self, deadline: float) -> bool:
        """Meet the lane's process, starting it where there is none; False if that takes longer."""
        while self._line is None:
            try:
                self._line = Client(lane.address(self._home, self._lane), lane.family())
                self._line.send_bytes(self._asked.text().encode())
            except (FileNotFoundError, ConnectionRefusedError):
                lane.start(self._home, self._lane, self._since)
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                time.sleep(min(0.02, left))
        return True

    def _heard(self, deadline: float) -> dict[str, Any] | None:
        """The next message; None if none comes in time. At most one request is under way: no buffer ever fills."""
        assert self._line is not None
        left = max(0.0, deadline - time.monotonic())
        if not self._waited_for:
            self._line.send_bytes(json.dumps({"wait": 0.95 * left}).encode())
            self._waited_for = True
        if not self._line.poll(left):
            return None
        return json.loads(self._line.recv_bytes())

    def _take(self, heard: dict[str, Any]) -> None:
        """Take up a message: that the question was taken, how far it is, or how it ended."""
        if "taken" in heard:
            self._taken = True
            return
        self._waited_for = False
        if "answer" in heard:
            self._answer = cache.read(Path(heard["answer"]))
            if self._answer is None:
                self._taken = False
                self._lost()
        elif "problem" in heard:
            self._problem = Problem.from_dict(heard["problem"])
        elif "failed" in heard:
            self._problem = RuntimeError(heard["failed"])
        else:
            self.done, self.phase = heard["done"], heard["phase"]
            self._see(heard["picture"])
            return
        self.close()

    def _see(self, picture: tuple[int, str] | None) -> None:
        """Read a new early picture."""
        if picture is None or picture[0] == self._picture:
            return
        seen = cache.read(Path(picture[1]))
        if seen is not None:
            self._picture, self.first = picture[0], seen.arrays

    def _lost(self) -> None:
        """The line broke. A question that was not taken up is asked again: its process was leaving."""
        self.close()
        self._tries += 1
        if self._taken or self._tries >= TRIES:
            self._problem = lane.gone(self._home, self._lane)
        self._taken = self._waited_for = False
