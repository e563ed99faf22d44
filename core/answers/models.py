"""The encoders of the runs that were asked last, ready to answer."""

import threading
from collections import OrderedDict
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.cache import Asked
from core.answers.language import OVER, asked_over
from core.answers.senses import Source
from core.answers.senses_looking import OF_RUNS
from core.encoders.base import CAPABILITIES, Encoder
from core.problem import Problem, marked
from core.store.rows import ENDED

if TYPE_CHECKING:
    from core.store import Store

COUNT = 4
BYTES = 2_000_000_000


class Models:
    """At most COUNT encoders and BYTES of their arrays; the one that was not asked for longest goes first."""

    def __init__(self, store: "Store"):
        self.store = store
        self._held: OrderedDict[tuple[str, int | None], tuple[Encoder, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, run: str, moment: int | None) -> Encoder:
        """The encoder of a run at a moment, or at its end. Two threads never ask for the same one at once."""
        with self._lock:
            if (run, moment) in self._held:
                self._held.move_to_end((run, moment))
                return self._held[run, moment][0]
        encoder = self.store.encoder(run, moment)
        size = sum(array.nbytes for array in encoder.state(training=False).values())
        with self._lock:
            self._held[run, moment] = encoder, size
            while len(self._held) > 1 and (len(self._held) > COUNT or self._bytes() > BYTES):
                self._held.popitem(last=False)
        return encoder

    def _bytes(self) -> int:
        return sum(size for _, size in self._held.values())

    def settled(self, asked: Asked) -> Asked:
        """The question with the moment that it is about: a run at work is asked at the last moment that it kept."""
        assert asked.run is not None
        row = self.store.run(asked.run)
        if row is None:
            raise Problem("There is no run called {run}; choose another on the Runs page.", run=asked.run[:60])
        _check(asked.method, row.capabilities, row.name)
        if asked.moment is not None or row.state in ENDED:
            return asked
        moments = self.store.moments(asked.run)
        if not moments:
            raise Problem(
                "{name} has nothing to answer with yet; ask again when it has trained for a while.", name=row.name
            )
        return Asked(asked.method, asked.run, moments[-1], asked.arguments)

    def steps(self, asked: Asked) -> Generator[Any, None, Any]:
        """Answer a settled question: yields what the method yields, returns what it returns."""
        assert asked.run is not None
        yield marked("Loading the model")
        encoder = self.get(asked.run, asked.moment)
        if asked.method in OF_RUNS:
            source = Source(self.store, asked.run, asked.moment, encoder)
            return (yield from OF_RUNS[asked.method][1](source, **asked.arguments))
        answer = asked_over(encoder, asked.method)(**asked.arguments)
        if not isinstance(answer, Iterator):
            return answer
        return (yield from _to_the_end(answer))


def _check(method: str, capabilities: list[str], name: str) -> None:
    """Raises Problem unless the method is one of what the run says that it can answer."""
    known = [CAPABILITIES[capability] for capability in capabilities if capability in CAPABILITIES]
    methods = [each for ability in known for each in sorted(ability.__abstractmethods__)]  # type: ignore[attr-defined]
    methods += [name for name, (capability, _function) in OVER.items() if capability in capabilities]
    methods += [name for name, (needed, _function) in OF_RUNS.items() if {*needed} & {*capabilities}]
    if method not in methods:
        raise Problem(
            "{name} cannot answer {method}; it can answer: {known}.",
            name=name, method=method[:80], known=", ".join(methods) or "-",
        )  # fmt: skip


def _to_the_end(steps: Iterator[Any]) -> Generator[Any, None, Any]:
    """Pass the shares done on; the answer is what the method returns, or the array that it yields last."""
    last = None
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return last if end.value is None else end.value
        if isinstance(step, np.ndarray):
            last = step
        else:
            yield step
