"""What a training keeps on disk: checkpoints to go on from, moments to look back at, and the end."""

import io
import logging
import time

import numpy as np

from core.encoders.base import Encoder, WordVectors
from core.store.artifacts import outdated, surplus
from core.store.attempt import Attempt

_SHARE = 0.0075  # of the time may go into checkpoints, and as much into moments
_FIRST, _SHORTEST = 1.0, 2.0  # seconds to the first checkpoint, and between two at least
_MOMENTS, _GRACE = 12, 0.1  # how many at most; seconds that they may cost in any case
_ROOM = 200_000_000  # bytes that they may take: of a large model fewer are kept, two in any case

log = logging.getLogger("worker")


class Keeper:
    """Keeps the states of one attempt, as often as `_SHARE` of its time allows."""

    def __init__(self, attempt: Attempt, encoder: Encoder):
        self.attempt, self.encoder = attempt, encoder
        self._began = time.monotonic()
        self._next_checkpoint = self._began + _FIRST
        self._moments = attempt.kept("moment")
        self._spent = 0.0  # seconds on moments

    def checkpoint_due(self) -> bool:
        return time.monotonic() >= self._next_checkpoint

    def checkpoint(self, step: int, held_out: float | None) -> None:
        """Save everything that going on needs, and let go of older ones. Raises DiskFull."""
        began = time.monotonic()
        self._next_checkpoint = began + _SHORTEST
        size = self.attempt.keep("checkpoint", step, self.encoder.state(), held_out)
        self.attempt.drop(outdated(self.attempt.kept("checkpoint")))
        cost = time.monotonic() - began
        self._next_checkpoint = time.monotonic() + max(_SHORTEST, cost / _SHARE)
        log.info("checkpoint at step %d: %.1f MB in %.3f s", step, size / 1e6, cost)

    def moment_due(self, step: int) -> bool:
        """At the first event, and then whenever the step has doubled since the last moment and there is time for it."""
        if self._moments and step < 2 * self._moments[-1].step:
            return False
        return self._spent <= _GRACE + _SHARE * (time.monotonic() - self._began)

    def moment(self, step: int) -> None:
        """Save the weights alone. Raises DiskFull."""
        if self._moments and self._moments[-1].step == step:
            return
        began = time.monotonic()
        size = self.attempt.keep("moment", step, self.encoder.state(training=False))
        self.attempt.drop(surplus(self.attempt.kept("moment"), min(_MOMENTS, _ROOM // size)))
        self._moments = self.attempt.kept("moment")
        self._spent += time.monotonic() - began

    def final(self, step: int) -> None:
        """Save the end: the last moment, the word vectors and the whole state; the checkpoints have then served.

        Of a large model the whole state alone, which is a moment as well.
        """
        before = self.attempt.kept("moment")
        large = bool(before) and before[-1].bytes > _ROOM // _MOMENTS
        if not large:
            self.moment(step)
        if isinstance(self.encoder, WordVectors):
            file = io.BytesIO()
            np.save(file, self.encoder.word_vectors(), allow_pickle=False)
            self.attempt.own_file("vectors.npy", file.getvalue())
        self.attempt.keep("final", step, self.encoder.state())
        twice = [one for one in before if large and one.step == step]
        self.attempt.drop([*self.attempt.kept("checkpoint"), *twice])
