"""The supervisor's hand in the store: what waits, what is at work, who died, what is to be thrown away."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa

from core.problem import Problem
from core.store.drafts import purge_drafts
from core.store.judgements import purge_judgements
from core.store.occurrences import purge_labels
from core.store.originals import purge_originals
from core.store.results import Results
from core.store.rows import ACTIVE, RunRow
from core.store.tables import artifacts, corpora, metrics, runs

DAY = 86_400.0


@dataclass(frozen=True)
class Death:
    """How a worker's death counts: where it died (-1: before it got anywhere), and deaths in a row without progress."""

    step: int
    futile: int
    hopeless: bool


class Queue:
    def __init__(self, store: Results):
        self.store, self.database = store, store.database

    def active(self) -> list[RunRow]:
        """All that wait or are at work, the oldest first; the deleted ones too, until they have stopped."""
        query = sa.select(runs).where(runs.c.state.in_(ACTIVE)).order_by(runs.c.created, runs.c.id)
        with self.database.reading() as connection:
            return [RunRow.of(row) for row in connection.execute(query)]

    def claim(self, run: RunRow) -> int | None:
        """Begin the next attempt at a queued run; its number, or None if it is queued no longer."""
        values = {"state": "running", "attempt": run.attempt + 1, "worker": None, "beat": time.time(),
                  "started": run.started or time.time()}  # fmt: skip
        mine = (runs.c.id == run.id) & (runs.c.state == "queued") & (runs.c.attempt == run.attempt)
        with self.database.writing() as connection:
            changed = connection.execute(runs.update().where(mine).values(values)).rowcount
        return run.attempt + 1 if changed else None

    def at_work(self, run_id: str, attempt: int, worker: str | None) -> None:
        """Record the process that works on an attempt."""
        mine = (runs.c.id == run_id) & (runs.c.attempt == attempt)
        with self.database.writing() as connection:
            connection.execute(runs.update().where(mine).values(worker=worker))

    def requeue(self, run: RunRow, death: Death | None = None) -> None:
        """Let a run begin again from its last checkpoint."""
        values = {"state": "queued", "worker": None}
        self._after(run, values | ({"died_at": death.step, "futile": death.futile} if death else {}))

    def rest(self, run: RunRow) -> None:
        """A paused run without a process; it begins again when it is resumed."""
        self._after(run, {"worker": None})

    def fail(self, run: RunRow, problem: Problem) -> None:
        values = {"state": "failed", "worker": None, "finished": time.time(), "message": problem.to_dict()}
        self._after(run, {**values, "command": None})
        with self.database.writing() as connection:
            connection.execute(corpora.update().where(corpora.c.id == run.id).values(state="failed"))

    def died(self, run: RunRow, step: int) -> Death:
        """What a death at this step means: hopeless is the third without progress, or the second at the same step."""
        with self.database.reading() as connection:
            query = sa.select(runs.c.died_at, runs.c.futile).where(runs.c.id == run.id)
            before, futile = connection.execute(query).one()
        further = step > (-1 if before is None else before)
        futile = 0 if further else futile + 1
        furthest = step if before is None else max(step, before)
        return Death(furthest, futile, futile >= 3 or (step >= 0 and step == before))

    def purge(self, before: float) -> list[str]:
        """Throw away what was deleted before this time, folders first; the ids."""
        with self.database.reading() as connection:
            used = {row.corpus_id for row in connection.execute(sa.select(runs.c.corpus_id).where(_ACTIVE))}
            gone_runs = connection.scalars(sa.select(runs.c.id).where(runs.c.deleted < before, ~_ACTIVE)).all()
            gone_corpora = connection.scalars(sa.select(corpora.c.id).where(corpora.c.deleted < before)).all()
        for run_id in gone_runs:
            shutil.rmtree(self.store.folder(run_id), ignore_errors=True)
        unused = [corpus_id for corpus_id in gone_corpora if corpus_id not in used]
        for corpus_id in unused:
            shutil.rmtree(self.store.corpus_folder(corpus_id), ignore_errors=True)
        self._sweep(before)
        if gone_runs or unused:
            with self.database.writing() as connection:
                for table in (metrics, artifacts):
                    connection.execute(table.delete().where(table.c.run_id.in_(gone_runs)))
                connection.execute(runs.delete().where(runs.c.id.in_(gone_runs)))
                connection.execute(corpora.delete().where(corpora.c.id.in_(unused)))
        purge_labels(self.store, before)
        purge_judgements(self.store)
        purge_drafts(self.store)
        purge_originals(self.store, before)
        return [*gone_runs, *unused]

    def _sweep(self, before: float) -> None:
        """Remove uploads that no waiting run will read, and what died processes had built: of a corpus in `.building`,
        beside one or inside one under a hidden name (its copy, its index, its text in other pieces)."""
        active = self.active()
        wanted = [path for run in active for path, _ in run.paths or []] + [run.id for run in active]
        building = self.store.corpus_folder(".building")
        for path in [*(self.store.home / "inbox").iterdir(), *(building.iterdir() if building.exists() else ())]:
            inside = path.name in wanted or any(one.startswith(str(path)) for one in wanted)
            if not inside and path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        for pattern in (".copy-*", "*/.*-*"):
            for path in building.parent.glob(pattern):
                with suppress(FileNotFoundError):  # it has just become what it was to be
                    if path.parent != building and path.stat().st_mtime < before:
                        shutil.rmtree(path, ignore_errors=True)

    def _after(self, run: RunRow, values: dict) -> None:
        """Change a run whose worker is dead, unless another attempt has begun or it has ended."""
        mine = (runs.c.id == run.id) & (runs.c.attempt == run.attempt) & _ACTIVE
        with self.database.writing() as connection:
            connection.execute(runs.update().where(mine).values(values))


_ACTIVE = runs.c.state.in_(ACTIVE)
