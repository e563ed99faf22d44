"""The hand of a worker in the store: every write carries the attempt's number, and one that was replaced is told so."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.store.artifacts import Kept, kept
from core.store.files import write_arrays, write_bytes
from core.store.results import Results
from core.store.tables import artifacts, metrics, runs


class Superseded(RuntimeError):
    """Another attempt at this run has begun, or the run is gone: this one must leave at once."""


@dataclass(frozen=True)
class Orders:
    """What people want of a run now."""

    command: str | None
    probe: dict[str, Any] | None


class Attempt:
    """One attempt at a run. Every method raises Superseded when the run is no longer this attempt's."""

    def __init__(self, store: Results, run_id: str, number: int):
        self.store, self.run_id, self.number = store, run_id, number
        self.folder = store.folder(run_id)
        self._mine = (runs.c.id == run_id) & (runs.c.attempt == number)

    def orders(self) -> Orders:
        query = sa.select(runs.c.command, runs.c.probe).where(self._mine)
        with self.store.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise Superseded(f"{self.run_id}: attempt {self.number} was replaced")
        return Orders(row.command, row.probe)

    def write(self, points: Iterable[tuple[str, int, float]] = (), obeyed: str | None = None, **values: Any) -> None:
        """Change columns of the run and add points (metric, step, value), in one transaction.

        obeyed: the command that this write carries out; another one given meanwhile stays.
        """
        with self.store.database.writing() as connection:
            self._change(connection, {"beat": time.time(), **values}, obeyed)
            rows = [{"run_id": self.run_id, "name": name, "step": step, "value": value} for name, step, value in points]
            if rows:
                connection.execute(self.store.database.upsert(metrics, ["run_id", "name", "step"]), rows)

    def keep(self, kind: str, step: int, arrays: dict[str, np.ndarray], held_out: float | None = None) -> int:
        """Save a state: the file, then its row. Bytes written. Raises DiskFull."""
        name = f"final-{self.number}" if kind == "final" else f"{kind}s/{step:012d}-{self.number}"
        path = self.folder / f"{name}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        size, sha256 = write_arrays(path, arrays)
        self._own(Kept(self.run_id, f"{name}.safetensors", kind, step, size, sha256, held_out))
        return size

    def take(self, path: Path, step: int, size: int, sha256: str) -> None:
        """Put a file of weights that lies ready on this disk in the place of the end."""
        name = f"final-{self.number}.safetensors"
        os.replace(path, self.folder / name)
        self._own(Kept(self.run_id, name, "final", step, size, sha256, None))

    def _own(self, one: Kept) -> None:
        """Record a file that lies in its place."""
        with self.store.database.writing() as connection:
            self._change(connection, {"beat": time.time()})
            connection.execute(self.store.database.upsert(artifacts, ["run_id", "file"]), one.values())

    def kept(self, kind: str) -> list[Kept]:
        with self.store.database.reading() as connection:
            return kept(connection, self.run_id, kind)

    def drop(self, several: list[Kept]) -> None:
        """Let kept states go: their rows, then their files."""
        if not several:
            return
        files = artifacts.c.file.in_([one.file for one in several])
        with self.store.database.writing() as connection:
            self._change(connection, {"beat": time.time()})
            connection.execute(artifacts.delete().where(artifacts.c.run_id == self.run_id, files))
        for one in several:
            (self.folder / one.file).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a killed attempt left behind: files half-written, and files without a row."""
        with self.store.database.reading() as connection:
            known = {one.file for one in kept(connection, self.run_id)}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            ours = name.startswith(("checkpoints/", "moments/", "final-"))
            if path.is_file() and (path.suffix == ".tmp" or (ours and name not in known)):
                path.unlink(missing_ok=True)

    def own_file(self, name: str, data: bytes, durable: bool = True) -> None:
        """Write a file of a fixed name in the run's folder, if the run is still this attempt's."""
        self.orders()
        write_bytes(self.folder / name, data, durable)

    def _change(self, connection: sa.Connection, values: dict[str, Any], obeyed: str | None = None) -> None:
        if obeyed is not None:
            values["command"] = sa.case((runs.c.command == obeyed, None), else_=runs.c.command)
        if not connection.execute(runs.update().where(self._mine).values(values)).rowcount:
            raise Superseded(f"{self.run_id}: attempt {self.number} was replaced")
