"""Reading vectors, and looking at them, in a child process with limits, so that no file can harm who asked.

Memory: a reader holds the words, some 200 bytes each, and a few blocks; MOST_WORDS of them take a gigabyte.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from core.corpus.child import Child, Ended, Limits, took_too_long
from core.problem import Problem, marked
from core.store.importing.settings import ImportSettings
from core.store.importing.stream import MOST_UNPACKED

MODULE = "core.store.importing.worker"
MEMORY = 4 << 30  # bytes of data
_ADDRESS = 64 << 30  # bytes of address space: a .npy is mapped
_FILE, _FILE_RATIO = 1 << 30, 8  # bytes of a file that is written, and more for each byte read
CPU, CPU_PER_MEGABYTE = 120, 4  # seconds
WALL, WALL_PER_MEGABYTE = 300, 12
_LOOK_CPU, _LOOK_WALL = 30, 60

Named = Sequence[tuple[Path, str]]


def limited_import(files: Named, folder: Path, settings: ImportSettings) -> Generator[tuple[str, int, int], None, None]:
    """As `core.store.importing.reading.read`, in a child: (phase, done, total); the last comes again while nothing new
    does. Closing the generator ends the child. Raises Problem for what cannot be read, also within the limits."""
    size = _size(files)
    limits = Limits(MEMORY, _ADDRESS, _FILE + min(_FILE_RATIO * size, MOST_UNPACKED), *_seconds(size))
    last = marked("Reading vectors"), 0, max(1, size)
    with closing(Child(MODULE)) as child:
        try:
            for message in child.steps(_request("read", files, folder, settings.format), limits):
                if message:
                    phase, done, total = message["step"]
                    last = phase, done, total
                yield last
        except Ended as end:
            raise _ended(end, files, limits) from end
        except TimeoutError as error:
            raise _too_slow(files, limits.wall) from error


def limited_look(files: Named, kind: str = "") -> dict[str, Any]:
    """As `core.store.importing.looking.look`, in a child. kind: the format, "" to guess it."""
    limits = Limits(MEMORY, _ADDRESS, 0, _LOOK_CPU, _LOOK_WALL)
    with closing(Child(MODULE)) as child:
        try:
            child.ask(_request("look", files, Path(), kind), limits)
            answer = child.answer(limits.wall)
        except Ended as end:
            raise _ended(end, files, limits) from end
    if answer is None:
        raise _too_slow(files, limits.wall)
    found: dict[str, Any] = answer["look"]
    return found


def _request(what: str, files: Named, folder: Path, kind: str) -> dict[str, Any]:
    paths = [(str(path.absolute()), name) for path, name in files]
    return {"what": what, "files": paths, "folder": str(folder.absolute()), "format": kind}


def _seconds(size: int) -> tuple[int, int]:
    megabytes = size >> 20
    return CPU + CPU_PER_MEGABYTE * megabytes, WALL + WALL_PER_MEGABYTE * megabytes


def _size(files: Named) -> int:
    return sum(path.stat().st_size for path, _ in files if path.is_file())


def _names(files: Named) -> str:
    return ", ".join(name for _, name in files)[:200]


def _too_slow(files: Named, seconds: int) -> Problem:
    return Problem("{name} took longer than {seconds} s to read, the limit: bring a part of it.",
                   name=_names(files), seconds=seconds)  # fmt: skip


def _ended(end: Ended, files: Named, limits: Limits) -> Problem:
    if took_too_long(end.status):
        return _too_slow(files, limits.cpu)
    return Problem(
        "{name} needs more memory than there is, or than {megabytes} MB, the limit: bring a part of it, or close other "
        "programs.",
        name=_names(files),
        megabytes=limits.memory >> 20,
    )
