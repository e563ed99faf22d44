"""Numbers that may be more than memory should hold: in memory up to a bound, beyond it in files without a name.

A file without a name (POSIX: opened and unlinked) lies in the folder for temporary files, and is gone when nothing
reads it any more, even where the process was killed.
"""

import errno
import os
import tempfile
import weakref
from typing import Any

import numpy as np

from core.problem import Problem


class Spool:
    """An array that grows at its end: float32, int32 or records, the first `limit` bytes of it in memory."""

    def __init__(self, dtype: Any, limit: float):
        self.dtype, self.limit, self.length = np.dtype(dtype), limit, 0
        self._parts: list[np.ndarray] = []
        self._file: Any = None

    @property
    def on_disk(self) -> bool:
        return self._file is not None

    def append(self, part: np.ndarray) -> None:
        """Add these to the end. Raises Problem if the disk is full."""
        self.length += len(part)
        if self._file is None and self.length * self.dtype.itemsize > self.limit:
            self._file = tempfile.TemporaryFile()
            weakref.finalize(self, self._file.close)
            for earlier in self._parts:
                self._write(earlier)
            self._parts = []
        if self._file is None:
            self._parts.append(part)
        else:
            self._write(part)

    def _write(self, part: np.ndarray) -> None:
        try:
            self._file.write(np.ascontiguousarray(part).view(np.uint8).data)
            self._file.flush()
        except OSError as error:
            raise _full(error, self.length * self.dtype.itemsize) from error

    def array(self) -> np.ndarray:
        """All of it, which ends the spool: in memory, or read-only over its file."""
        if self._file is not None:
            with self._file as file:  # the map keeps what it needs of it
                return np.asarray(np.memmap(file, self.dtype, "r", shape=(self.length,)))
        whole, place = np.empty(self.length, self.dtype), 0
        while self._parts:  # each is let go of as it is copied
            part = self._parts.pop(0)
            whole[place : place + len(part)] = part
            place += len(part)
        return whole


def room(length: int, dtype: Any, limit: float) -> np.ndarray:
    """An array to be filled: in memory if it is within `limit` bytes, else over a file whose place is taken at once.
    Raises Problem if the disk has none."""
    size = length * np.dtype(dtype).itemsize
    if size <= limit:
        return np.empty(length, dtype)
    with tempfile.TemporaryFile() as file:
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            raise _full(error, size) from error
        return np.asarray(np.memmap(file, dtype, "r+", shape=(length,)))


def _full(error: OSError, size: int) -> OSError | Problem:
    """What to raise: a sentence if there is no room, else the error."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return error
    return Problem(
        "There is no room for {size} MB of counts in {folder}: make room there, allow more memory, choose a smaller "
        "window or a higher min count.", size=-(-size // 1_000_000), folder=tempfile.gettempdir(),
    )  # fmt: skip
