"""A run that trains: the corpus and the encoder are opened, the last good state is taken up, and it learns."""

import logging
import math
import time
from dataclasses import replace
from typing import Any

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Encoder, Progress, Translation
from core.jobs.job import Job
from core.jobs.keeper import Keeper
from core.jobs.memory import too_much
from core.jobs.snapshot import Snapshots, default_probe
from core.problem import Problem, marked
from core.store.artifacts import Kept, load_newest, restorable
from core.store.files import pack, room, write_json
from core.store.record import record
from core.store.runs import begins_anew

_DRAWN_SHARE = 0.015  # of the time may go into pictures

log = logging.getLogger("worker")


class Training(Job):
    """Training as a job. Where `exact` holds, an attempt that goes on ends with the numbers of an unbroken run."""

    corpus: Corpus
    encoder: Encoder
    keeper: Keeper
    snapshots: Snapshots
    damaged: list[Kept]
    restored = False
    _next_drawn = 0.0

    def work(self) -> None:
        self.surely(self._open)
        self.surely(self._begin)
        if self.terminated:
            return self.leave()
        events = self.encoder.train(self.corpus)
        for progress in events:
            self._check(progress)
            if not self.event(progress):
                break
            if self.keeper.moment_due(progress.step):
                self.surely(lambda: self.keeper.moment(self._step()))
        if self.terminated:
            self.surely(self._checkpoint)
            self.leave()
        else:
            self.surely(self._finish)
        events.close()  # type: ignore[attr-defined]  # train is a generator: its threads end here

    def looked(self) -> None:
        if time.monotonic() >= self._next_drawn or self.orders.probe != self.snapshots.probe:
            self._draw()
        if self.keeper.checkpoint_due():
            self._checkpoint()

    def rested(self) -> None:
        self._draw()
        self._checkpoint()

    def resting(self) -> None:
        if self.orders.probe != self.snapshots.probe:
            self._draw()

    def _open(self) -> None:
        """Open what the run stands on, and take up its last state."""
        from core.encoders import encoder_named

        run, described = self.run, encoder_named(self.run.encoder)
        self.corpus = self.store.corpus(run.corpus_id, run.min_count)
        vocab = self._brought() if described.needs_start else self.corpus.vocab
        self.encoder = described(described.Options(**run.options), vocab)
        problem = too_much(described.estimate(self.encoder.options, self.corpus))
        if problem is not None:
            raise problem
        self._restore()
        self.keeper = Keeper(self.attempt, self.encoder)
        before = self.store.snapshot(run.id)
        probe = self.orders.probe or default_probe(self.corpus, isinstance(self.encoder, Translation), vocab)
        self.snapshots = Snapshots(self.encoder, probe, before.basis if before else None)

    def _brought(self) -> Vocab:
        """The vocabulary that came with the weights: this run's own, or that of the run that it goes on from."""
        own = (self.attempt.folder / "vocab.json").exists()
        return self.store.vocab(self.run.id if own else self.run.start_from or "")

    def _begin(self) -> None:
        """Record what the run stands on."""
        self.attempt.write(phase=marked("getting ready"), probe=self.snapshots.probe)
        self.attempt.sweep()
        self.attempt.drop(self.damaged)
        if not (self.attempt.folder / "vocab.json").exists():
            self._save_vocab()
        self._record()

    def _save_vocab(self) -> None:
        beside = self.attempt.folder / "beside"
        beside.mkdir(exist_ok=True)
        with room(beside, 100 * len(self.encoder.vocab)):
            self.encoder.vocab.save(beside)
            (beside / "vocab.json").replace(self.attempt.folder / "vocab.json")
        beside.rmdir()

    def _restore(self) -> None:
        """Take up the newest state of this run that is whole, else what the run begins with."""
        with self.store.database.reading() as connection:
            own = restorable(connection, self.run.id)
        state, one, self.damaged = load_newest(self.attempt.folder, own)
        if state is None and self.run.start_from:
            state, one = self._before(self.run.start_from)
        if self.damaged:
            self.reporter.note = marked("A checkpoint was damaged on disk; the training went on from the one before.")
            log.warning("damaged: %s", ", ".join(each.file for each in self.damaged))
        if state is not None and one is not None:
            self.encoder.restore(state)
            self.restored = True
            log.info("goes on from %s/%s at step %d", one.run_id, one.file, one.step)

    def _before(self, run_id: str) -> tuple[dict[str, np.ndarray] | None, Kept | None]:
        """The end of the run that this one goes on from; of a run of another encoder, only its word vectors are taken,
        and of a pre-trained model, or one that has learned from another text, its weights.

        Raises Problem if it is no longer there.
        """
        before = self.store.run(run_id)
        if before is not None and before.encoder != self.run.encoder:
            self.encoder.start(self.store.vectors(run_id))
            return None, None
        with self.store.database.reading() as connection:
            choices = restorable(connection, run_id)
        state, one, _ = load_newest(self.store.folder(run_id), choices)
        if state is None:
            raise Problem("{run}, which this run goes on from, is no longer there.", run=run_id)
        if before is not None and begins_anew(self.encoder, before, self.run.corpus_id):
            self.encoder.begin(state)
            self.restored = True
            return None, None
        return state, one

    def _check(self, progress: Progress) -> None:
        if math.isnan(progress.metrics.get("loss", 0.0)):
            raise Problem(
                "The loss was no longer a number at step {step}. Choose a smaller learning rate; what was learned "
                "until the last checkpoint is kept.",
                step=progress.step,
            )

    def _step(self) -> int:
        """Of the last event; where a resumed run had nothing left to do, that of the record."""
        return self.reporter.progress.step if self.reporter.progress else self.run.step

    def _checkpoint(self) -> None:
        self.keeper.checkpoint(self._step(), self.reporter.last.get("held_out"))

    def _draw(self) -> None:
        """Write the live picture, once there is something to see; a costly one less often."""
        if not (self.restored or self.reporter.progress):
            return
        began = time.monotonic()
        self.snapshots.probe = self.orders.probe or self.snapshots.probe
        data = pack(self.snapshots.take(self._step()))
        self.attempt.own_file("snapshot.safetensors", data, durable=False)
        cost = time.monotonic() - began
        self._next_drawn = began + max(1.0, cost / _DRAWN_SHARE)

    def _finish(self) -> None:
        """Keep the end, then say so: whoever sees "done" finds everything."""
        self.reporter.rest()
        self._draw()
        self.keeper.final(self._step())
        end: dict[str, Any] = {"state": "stopped" if self.stopped else "done", "finished": time.time(), "message": None}
        self.reporter.report()
        self._record(**end)
        self.attempt.write(**end, command=None, worker=None)
        log.info("%s at step %d after %.1f s", end["state"], self._step(), self.reporter.seconds)

    def _record(self, **changes: Any) -> None:
        row = replace(self.store.known_run(self.run.id), **changes)
        write_json(self.attempt.folder / "run.json", record(row, self.corpus.facts))
