"""What a run has made: its figures, its live picture, and the encoder it has learned."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from core.corpus import Vocab
from core.problem import Problem
from core.store.artifacts import Kept, kept, load_newest
from core.store.export import KINDS, export_run
from core.store.files import Damaged, unpack
from core.store.place import no_run
from core.store.rows import Snapshot
from core.store.runs import Runs
from core.store.tables import metrics

if TYPE_CHECKING:
    from core.encoders.base import Encoder


class Results(Runs):
    """What a store knows of the fruits of runs."""

    def metrics(self, run_id: str, points: int = 500) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Each metric's (steps, values), float64, thinned evenly to about `points` of its own; the last is kept."""
        numbered = (
            sa.select(
                metrics.c.name,
                metrics.c.step,
                metrics.c.value,
                (sa.func.row_number().over(partition_by=metrics.c.name, order_by=metrics.c.step.desc()) - 1).label(
                    "behind"
                ),
                sa.func.count().over(partition_by=metrics.c.name).label("all"),
            )
            .where(metrics.c.run_id == run_id)
            .subquery()
        )
        stride = (numbered.c.all + (points - 1)) // points
        query = sa.select(numbered.c.name, numbered.c.step, numbered.c.value).where(numbered.c.behind % stride == 0)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(numbered.c.name, numbered.c.step)).all()
        found: dict[str, list[tuple[float, float]]] = {}
        for name, step, value in rows:
            found.setdefault(name, []).append((step, np.nan if value is None else value))
        series = {name: np.array(points, np.float64) for name, points in found.items()}
        return {name: (array[:, 0], array[:, 1]) for name, array in series.items()}

    def snapshot(self, run_id: str) -> Snapshot | None:
        """The live picture, or None if there is none (yet)."""
        path = self.folder(run_id) / "snapshot.safetensors"
        try:
            arrays = unpack(path.read_bytes(), path.name)
            facts = json.loads(arrays["facts"].tobytes())
        except (FileNotFoundError, Damaged):  # a picture is not synced: a loss of power may leave half of one
            return None
        ids, xy, basis = (arrays[name] for name in ("ids", "xy", "basis"))
        return Snapshot(ids=ids, xy=xy, basis=basis, attention=arrays.get("attention"), **facts)

    def moments(self, run_id: str) -> list[int]:
        """The steps at which the run's weights were kept, in order; the end among them."""
        with self.database.reading() as connection:
            return sorted({one.step for one in kept(connection, run_id) if one.kind != "checkpoint"})

    def encoder(self, run_id: str, moment: int | None = None) -> "Encoder":
        """The encoder as it was at the end of the run (so far), or at a moment. Raises Problem if nothing was kept."""
        from core.encoders import encoder_named

        row, chosen = self.known_run(run_id), self._kept(run_id, moment)
        described = encoder_named(row.encoder)
        if row.kind == "import" and not chosen:
            imported = described(described.Options(**row.options), self.vocab(run_id))
            imported.restore({"vectors": self.vectors(run_id)})
            return imported
        if not chosen:
            raise Problem(
                "{name} has learned nothing yet that could be looked at; wait for its first moment.", name=row.name
            )
        state, _, _ = load_newest(self.folder(run_id), chosen)
        if state is None:
            raise Problem("What {name} has learned is damaged on disk; train it again.", name=row.name)
        encoder = described(described.Options(**row.options), self.vocab(run_id))
        encoder.restore(state)
        return encoder

    def _kept(self, run_id: str, moment: int | None) -> list[Kept]:
        """The files an encoder can be restored from, the best choice last."""
        with self.database.reading() as connection:
            every = kept(connection, run_id)
        if moment is not None:
            every = [one for one in every if one.step == moment and one.kind != "checkpoint"]
        rank = {"moment": 0, "checkpoint": 1, "final": 2}
        return sorted(every, key=lambda one: (one.kind == "final", one.step, rank[one.kind]))

    def vocab(self, run_id: str) -> Vocab:
        """The run's own vocabulary; it stays when the corpus is deleted."""
        try:
            return Vocab.load(self.folder(run_id))
        except FileNotFoundError as error:
            if self.run(run_id) is None:
                raise no_run(run_id) from error
            raise Problem("{run} has no vocabulary yet; wait until it has begun.", run=run_id) from error

    def vectors(self, run_id: str) -> np.ndarray:
        """float32 (V, d), memory-mapped: the word vectors of a run that has ended."""
        try:
            array: np.ndarray = np.load(self.folder(run_id) / "vectors.npy", mmap_mode="r")
        except FileNotFoundError as error:
            raise Problem("{run} has no word vectors; they are there once it has ended.", run=run_id) from error
        return array

    def log(self, run_id: str, lines: int = 50) -> list[str]:
        """The last lines that the run's process wrote."""
        try:
            with open(self.folder(run_id) / "log.txt", encoding="utf-8", errors="replace") as file:
                return file.read()[-200 * lines :].splitlines()[-lines:]
        except FileNotFoundError:
            return []

    def export(self, run_id: str, kind: str) -> Path:
        """The run as a file of a kind of `core.store.export.KINDS`; made once."""
        assert kind in KINDS, kind
        return export_run(self, self.known_run(run_id), kind)
