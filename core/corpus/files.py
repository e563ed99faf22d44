"""Writing a corpus folder: arrays that grow on disk, and a folder that appears whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from core.problem import Problem


class ArrayFile:
    """A one-dimensional .npy file that is appended to; its header is written again when it is closed."""

    def __init__(self, path: Path, dtype: Any):
        self.path, self.dtype, self.length = path, np.dtype(dtype), 0
        self._file = open(path, "wb")  # noqa: SIM115
        self._write_header()
        self.flush()

    def append(self, values: np.ndarray) -> None:
        self._file.write(np.ascontiguousarray(values, self.dtype).data)
        self.length += len(values)

    def flush(self) -> None:
        """Let others read what has been appended."""
        self._file.flush()

    def close(self) -> None:
        with self._file:
            self._file.seek(0)
            self._write_header()

    def _write_header(self) -> None:
        """numpy leaves room in a header for the length to grow, so the data keeps its place."""
        header = {"descr": self.dtype.str, "fortran_order": False, "shape": (self.length,)}
        np.lib.format.write_array_header_1_0(self._file, header)


@contextmanager
def building(folder: Path, needed: int = 0) -> Iterator[Path]:
    """A folder beside `folder`, renamed to it at the end; on any error, or if closed early, nothing is left.

    needed: bytes the work is expected to write. Raises Problem when the disk is, or would be, full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        raise Problem("{folder} exists already: choose another folder.", folder=str(folder))
    if needed > shutil.disk_usage(folder.parent).free:
        raise _full(folder.parent, needed)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield work
        _sync(work)
        os.rename(work, folder)
        _sync_folder(folder.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(folder.parent, needed) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _full(folder: Path, needed: int) -> Problem:
    free = shutil.disk_usage(folder).free
    return Problem(
        "The disk is full: {free} MB are free and about {needed} MB are needed; make room and try again.",
        free=round(free / 1e6),
        needed=max(1, round(needed / 1e6)),
    )


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            _sync(path)
            continue
        with open(path, "rb") as file:
            os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
