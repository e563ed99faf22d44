"""Answers on disk: a safetensors file each, named by the question's hash, its facts in the file's metadata.

An answer about a run lies in the run's folder and goes with it. Whoever asks looks here first, so that what was
answered once needs no process at all. All together they are bounded: what was not read for longest goes first.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.problem import Problem

VERSION = 5  # of what functions answer: another version asks again
LIMIT = 200_000_000  # bytes
FRESH_SECONDS = 60  # an answer this young may still be on its way to who asked
LEFT_SECONDS = 3600  # early pictures and unfinished files this old are nobody's


@dataclass(frozen=True)
class Answer:
    """arrays: what was computed, by name (a method's single array is "answer"); facts: what JSON can say."""

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One question: a method with its arguments, of a run at a moment, or of no run."""

    method: str
    run: str | None
    moment: int | None
    arguments: Mapping[str, Any]

    @property
    def about(self) -> str | None:
        """The run that the answer goes with."""
        return self.run if self.run is not None else self.arguments.get("run_id")

    def text(self) -> str:
        """As JSON, the same for the same question."""
        record = {"method": self.method, "run": self.run, "moment": self.moment, "arguments": dict(self.arguments)}
        return json.dumps(record, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    """numpy's numbers and arrays as JSON has them."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"a question cannot carry a {type(value).__name__}")


def place(home: Path, asked: Asked) -> Path:
    """The file of this question's answer, whether it exists or not. Raises Problem for a run whose name is none."""
    name = hashlib.sha256(f"{VERSION} {asked.text()}".encode()).hexdigest()[:32]
    about = asked.about
    if about is not None and not re.fullmatch(r"[\w-][\w.-]{0,99}", str(about)):
        raise Problem("There is no run called {run}; choose another on the Runs page.", run=str(about)[:60])
    folder = home / "runs" / about if about else home / "cache"
    return (folder if folder.is_dir() else home / "cache") / "answers" / f"{name}.safetensors"


def read(path: Path) -> Answer | None:
    """The answer in this file; None if it is not there, or is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = path.read_bytes()
        answer = Answer(load(data), _facts(data))
        os.utime(path)
    except (FileNotFoundError, SafetensorError):
        return None
    return answer


def _facts(data: bytes) -> dict[str, Any]:
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header.get("__metadata__", {}).get("facts", "{}"))


def write(path: Path, answer: Answer) -> int:
    """Write an answer, whole or not at all; its size in bytes. Raises Problem if the disk is full."""
    from core.store.files import pack, write_bytes

    facts = {"facts": json.dumps(answer.facts, ensure_ascii=False, default=_plain)}
    data = pack({name: np.asarray(array, order="C") for name, array in answer.arrays.items()}, facts)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, data, durable=False)
    return len(data)


def prune(home: Path, limit: int = LIMIT) -> None:
    """Remove the answers that were not read for longest until all together hold `limit` bytes; left-overs too."""
    folders = [home / "cache" / "answers", *(home / "runs").glob("*/answers")]
    found = [(status.st_mtime, status.st_size, path) for folder in folders for path, status in _files(folder)]
    total, now = sum(size for _, size, _ in found), time.time()
    for touched, size, path in sorted(found):
        whole = path.suffix == ".safetensors"
        if now - touched > LEFT_SECONDS and not whole or now - touched > FRESH_SECONDS and total > limit:
            path.unlink(missing_ok=True)
            total -= size


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [(Path(entry.path), entry.stat()) for entry in entries if entry.is_file()]
