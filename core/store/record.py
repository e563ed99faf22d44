"""The record of a run as it lies in its folder, so that the folder can be understood alone."""

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from core.store.rows import RunRow
from core.store.tables import VERSION

_LIBRARIES = ("numpy", "numba", "scikit-learn", "safetensors", "torch")
_KEPT = ("id", "kind", "name", "encoder", "options", "corpus_id", "min_count", "start_from", "state", "phase", "step",
         "total", "note", "message", "created", "started", "finished", "seconds", "capabilities", "probe")  # fmt: skip


def record(run: RunRow, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """run.json: the run's row, facts about its corpus, and the versions of what it was made with."""
    last = {name: value if value == value else None for name, value in run.metrics.items()}
    values = {name: getattr(run, name) for name in _KEPT}
    return {"schema": VERSION, **values, "metrics": last, "corpus": facts or {}, "versions": versions()}


def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that numbers depend on; found without loading them."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "system": platform.platform()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = ""
    return found
