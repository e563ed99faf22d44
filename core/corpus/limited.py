"""Reading and looking at files in a child process with limits, so that no file can harm who asked.

The bounds are for what no honest file needs. Memory: the reader takes about 280 MB and 350 bytes for each different
word, of which there may be four million; it may take MEMORY. Time grows with the size of the files.
"""

import atexit
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.corpus.child import Child, Ended, Limits, took_too_long
from core.corpus.settings import ReadSettings
from core.corpus.sources import Paths, named
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.corpus.reading import Reading

MODULE = "core.corpus.limited_worker"
MEMORY = 4 << 30  # bytes of data; Arrow's pools and the compiler set more than a gigabyte aside that they never use
_ADDRESS, _ADDRESS_RATIO = 32 << 30, 64  # bytes of address space, and more for each byte: what is written is mapped
_FILE, _FILE_RATIO = 16 << 30, 8
BUILD_CPU, BUILD_CPU_PER_MEGABYTE = 300, 60  # seconds
BUILD_WALL, BUILD_WALL_PER_MEGABYTE = 600, 120
PREVIEW_CPU, PREVIEW_CPU_PER_MEGABYTE = 60, 1
PREVIEW_WALL, PREVIEW_WALL_PER_MEGABYTE = 120, 2


def limited_build(paths: Paths, folder: str | Path, settings: ReadSettings) -> Iterator["Reading"]:
    """The same as `core.corpus.reading.build`, in a child: the last event comes again while nothing new does.

    Closing the generator ends the child and leaves nothing behind; while no event is asked for, the child waits after
    a few steps. Raises Problem for what cannot be read, also within the limits; RuntimeError for a bug.
    """
    from core.corpus.reading import Reading

    folder = Path(folder).absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        raise Problem("{folder} exists already: choose another folder.", folder=str(folder))
    size = _size(paths)
    limits = _limits(size, (BUILD_CPU, BUILD_CPU_PER_MEGABYTE), (BUILD_WALL, BUILD_WALL_PER_MEGABYTE))
    last = Reading(marked("Checking"), 0, max(1, size))
    with ExitStack() as stack:
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        child = Child(MODULE)
        stack.callback(child.close)
        try:
            for message in child.steps(_request("build", paths, settings, work), limits):
                last = Reading(*message["reading"]) if message else last
                yield last
        except Ended as end:
            raise _ended(end, paths, limits) from end
        except TimeoutError as error:
            raise _too_slow(paths, limits.wall) from error
        os.rename(work / "corpus", folder)


def limited_preview(paths: Paths, settings: ReadSettings) -> dict[str, Any]:
    """The same as `core.corpus.preview.preview`, in a child that is kept for the next one."""
    limits = _limits(_size(paths), (PREVIEW_CPU, PREVIEW_CPU_PER_MEGABYTE), (PREVIEW_WALL, PREVIEW_WALL_PER_MEGABYTE))
    try:
        with tempfile.TemporaryDirectory(prefix="semascope-") as folder:
            return _looker.ask(_request("preview", paths, settings, Path(folder)), limits)
    except Ended as end:
        raise _ended(end, paths, limits) from end
    except TimeoutError as error:
        raise _too_slow(paths, limits.wall) from error


class _Looker:
    """The child that looks at files, one after another; it leaves by itself when nothing has been asked for long."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._lock = threading.Lock()

    def ask(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        with self._lock:
            try:
                return self._asked(request, limits)
            except Problem:  # the child has said so itself, and is well
                raise
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
        self._child = None

    def _asked(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        if self._child is not None and not self._child.is_alive():
            self.close()
        self._child = self._child or Child(MODULE)
        self._child.ask(request, limits)
        until = time.monotonic() + limits.wall
        answer = self._child.answer(until - time.monotonic())
        end = self._child.answer(until - time.monotonic()) if answer is not None else None
        if answer is None or end is None:
            raise TimeoutError
        found: dict[str, Any] = answer["preview"]
        return found


_looker = _Looker()
atexit.register(_looker.close)


def _request(what: str, paths: Paths, settings: ReadSettings, folder: Path) -> dict[str, Any]:
    """What is asked of the child, as JSON; it works in another folder than we. folder: where it may write."""
    files = [(str(path.absolute()), name) for path, name in map(named, paths)]
    return {"what": what, "paths": files, "settings": settings.model_dump(mode="json"), "folder": str(folder)}


def _size(paths: Paths) -> int:
    return sum(path.stat().st_size for path, _ in map(named, paths) if path.is_file())


def _limits(size: int, cpu: tuple[int, int], wall: tuple[int, int]) -> Limits:
    """Of (seconds, and more for each megabyte)."""
    megabytes = size >> 20
    return Limits(
        MEMORY,
        _ADDRESS + _ADDRESS_RATIO * size,
        _FILE + _FILE_RATIO * size,
        cpu[0] + cpu[1] * megabytes,
        wall[0] + wall[1] * megabytes,
    )


def _names(paths: Paths) -> str:
    return ", ".join(name for _, name in map(named, paths))[:200]


def _too_slow(paths: Paths, seconds: int) -> Problem:
    return Problem("{name} took longer than {seconds} s to read, the limit: bring a part of it.", name=_names(paths),
                   seconds=seconds)  # fmt: skip


def _ended(end: Ended, paths: Paths, limits: Limits) -> Problem:
    """How a child that is gone is told."""
    if took_too_long(end.status):
        return _too_slow(paths, limits.cpu)
    return Problem(
        "{name} needs more memory than there is, or than {megabytes} MB, the limit: bring a part of it, or close other "
        "programs.",
        name=_names(paths),
        megabytes=limits.memory >> 20,
    )
