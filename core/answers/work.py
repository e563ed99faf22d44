"""A question being worked on: a generator that is stepped for a few milliseconds at a time, in a thread of the pool."""

import time
from collections.abc import Generator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np

from core.answers import cache
from core.answers.cache import Answer

TURN_SECONDS = 0.02


class Work:
    """steps: what is stepped; path: where the answer will be; group: works of one group never run at once (an encoder).

    done, phase and picture say how far it is; finished is set when the answer is written, bytes is then its size.
    """

    def __init__(self, steps: Generator[Any, None, Any], path: Path, group: str):
        self.steps, self.path, self.group = steps, path, group
        self.done, self.phase = 0.0, ""
        self.picture: tuple[int, str] | None = None
        self.finished, self.bytes = False, 0
        self.future: Future[None] | None = None
        self._began = time.monotonic()

    def turn(self) -> None:
        """Work for a few milliseconds, a single longer step excepted."""
        until = time.monotonic() + TURN_SECONDS
        while time.monotonic() < until and not self.finished:
            try:
                self._note(next(self.steps))
            except StopIteration as end:
                answer = as_answer(end.value)
                answer.facts.setdefault("seconds", round(time.monotonic() - self._began, 3))
                self.bytes = cache.write(self.path, answer)
                self.finished = True

    def close(self) -> None:
        """End the work, and take its early picture away."""
        self.steps.close()
        self._picture_path().unlink(missing_ok=True)

    def _note(self, step: float | str | dict[str, np.ndarray]) -> None:
        if isinstance(step, str):
            self.phase = step
        elif isinstance(step, dict):
            cache.write(self._picture_path(), Answer(step))
            self.picture = (self.picture[0] if self.picture else 0) + 1, str(self._picture_path())
        else:
            self.done = float(step)

    def _picture_path(self) -> Path:
        return self.path.with_suffix(".picture")


def as_answer(value: Any) -> Answer:
    """What was returned, as arrays of numbers and facts; a single array or number is called "answer"."""
    if isinstance(value, tuple):
        return Answer(*value)
    if isinstance(value, dict):
        numbers = [name for name, each in value.items() if isinstance(each, np.ndarray) and each.dtype.kind in "biuf"]
        arrays = {name: value[name] for name in numbers}
        return Answer(arrays, {name: each for name, each in value.items() if name not in arrays})
    return Answer({"answer": np.asarray(value)})
