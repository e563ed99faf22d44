"""Where a worker is, to the step: eight bytes of shared memory over a file, which outlive a kill and cost nothing."""

import mmap
from pathlib import Path

from core.store.files import room

NOWHERE = -1  # an attempt that has not got to its first event


class Position:
    """Written by the worker at every event; read by the supervisor when the worker has died."""

    def __init__(self, folder: Path):
        with open(folder / "position", "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)
        self._step = memoryview(self._memory).cast("q")

    def set(self, step: int) -> None:
        self._step[0] = step


def reset(folder: Path) -> None:
    """Before an attempt begins: it is nowhere yet."""
    with room(folder.parent, 8):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "position").write_bytes(NOWHERE.to_bytes(8, "little", signed=True))


def read(folder: Path) -> int:
    """The step that the last worker got to; NOWHERE if it did not get anywhere."""
    try:
        return int.from_bytes((folder / "position").read_bytes()[:8], "little", signed=True)
    except FileNotFoundError:
        return NOWHERE
