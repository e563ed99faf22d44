"""Kept states: a file first, whole and synced, then its row with its hash; so a row always has its file."""

import builtins
import hashlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.store.files import Damaged, read_checked
from core.store.tables import artifacts


@dataclass(frozen=True)
class Kept:
    """A file of a run: "checkpoint" (goes on from there), "moment" (weights only) or "final"."""

    run_id: str
    file: str
    kind: str
    step: int
    bytes: int
    sha256: str
    held_out: float | None

    @classmethod
    def of(
        cls, run_id: str, kind: str, step: int, file: str, data: builtins.bytes, held_out: float | None = None
    ) -> "Kept":
        return cls(run_id, file, kind, step, len(data), hashlib.sha256(data).hexdigest(), held_out)

    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def kept(connection: sa.Connection, run_id: str, kind: str | None = None) -> list[Kept]:
    """The kept states of a run, the newest last."""
    query = sa.select(artifacts).where(artifacts.c.run_id == run_id).order_by(artifacts.c.step, artifacts.c.file)
    if kind is not None:
        query = query.where(artifacts.c.kind == kind)
    return [Kept(*row) for row in connection.execute(query)]


def restorable(connection: sa.Connection, run_id: str) -> list[Kept]:
    """The kept states that training can go on from, the newest last."""
    both = [*kept(connection, run_id, "checkpoint"), *kept(connection, run_id, "final")]
    return sorted(both, key=lambda one: (one.step, one.kind == "final"))


def load_newest(folder: Path, choices: list[Kept]) -> tuple[dict[str, np.ndarray] | None, Kept | None, list[Kept]]:
    """The last choice whose bytes are those that were saved: its arrays, itself, and the damaged ones passed over."""
    damaged: list[Kept] = []
    for one in reversed(choices):
        try:
            return read_checked(folder / one.file, one.sha256), one, damaged
        except Damaged:
            damaged.append(one)
    return None, None, damaged


def outdated(checkpoints: list[Kept]) -> list[Kept]:
    """Those to let go: all but the last two and the one with the smallest held-out loss."""
    ordered = sorted(checkpoints, key=lambda one: one.step)
    measured = [one for one in ordered if one.held_out is not None]
    best = min(measured, key=lambda one: one.held_out or 0.0, default=None)
    return [one for one in ordered[:-2] if one is not best]


def surplus(moments: list[Kept], most: int) -> list[Kept]:
    """Those to let go so that at most `most` remain, spread evenly over the logarithm of the steps; never an end."""
    ordered, gone = sorted(moments, key=lambda one: one.step), []
    while len(ordered) > max(most, 2):
        steps = np.log(np.maximum([one.step for one in ordered], 1))
        gone.append(ordered.pop(int(np.argmin(steps[2:] - steps[:-2])) + 1))
    return gone
