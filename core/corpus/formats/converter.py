"""Documents converted in a child process with limits of time, memory and output, one after another.

A document that ends the child ends in a Problem that names it; the next one gets a new child.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.corpus.child import Child, Ended, Limits, took_too_long
from core.problem import Problem

MODULE = "core.corpus.formats.worker"
MEMORY = 1 << 30  # bytes beyond what the child starts with
CPU_SECONDS, CPU_PER_MEGABYTE = 20, 10
WALL_SECONDS, WALL_PER_MEGABYTE = 60, 30
MOST_RATIO, RATIO_FROM = (
    200,
    64 << 20,
)  # a document of more than RATIO_FROM text may not be so much larger than its file
MOST_TEXT = 2 << 30  # bytes, of all documents of one reading too


@dataclass(frozen=True)
class Converted:
    """What a document became: a file of UTF-8 text or of JSON lines, and what the document says of itself.

    whole: whether this is all of it. size: about how many bytes there are in all.
    """

    path: Path
    kind: str
    columns: dict[str, str]
    whole: bool
    size: int


def limits_for(stored: int, left: int = MOST_TEXT) -> Limits:
    """What the conversion of a file of so many bytes may take."""
    megabytes = stored >> 20
    text = min(left, max(RATIO_FROM, MOST_RATIO * stored))
    wall = WALL_SECONDS + WALL_PER_MEGABYTE * megabytes
    return Limits(MEMORY, MEMORY, text, CPU_SECONDS + CPU_PER_MEGABYTE * megabytes, wall)


class Converter:
    """Converts documents into files in a folder; `close` ends its child."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._child: Child | None = None
        self._done, self._bytes = 0, 0

    def convert(self, kind: str, path: Path, name: str, encoding: str = "", most: int | None = None) -> Converted:
        """Convert one document of a format. most: about how many bytes of text are wanted.

        Raises Problem if it cannot be read, or only beyond the limits.
        """
        self._done += 1
        out = self.folder / f"{self._done}.text"
        stored = path.stat().st_size
        limits = limits_for(stored, MOST_TEXT - self._bytes)
        request = {"format": kind, "path": str(path.absolute()), "out": str(out.absolute()), "name": name,
                   "encoding": encoding, "most": most, "megabytes": limits.file >> 20}  # fmt: skip
        try:
            answer = self._asked(request, limits, name)
        except BaseException:
            out.unlink(missing_ok=True)
            raise
        size = out.stat().st_size
        self._bytes += size
        whole = answer["whole"]
        return Converted(out, answer["kind"], answer["columns"], whole, size if whole else max(2 * size, stored))

    def close(self) -> None:
        if self._child:
            self._child.close()
        self._child = None

    def _asked(self, request: dict[str, Any], limits: Limits, name: str) -> dict[str, Any]:
        """The child's answer. A child that does not answer, or is gone, is not asked again."""
        until = time.monotonic() + limits.wall
        self._child = self._child or Child(MODULE, self.folder)
        try:
            self._child.ask(request, limits)
            answer, end = (self._child.answer(until - time.monotonic()) for _ in range(2))
        except Ended as end:
            self.close()
            raise (too_slow(name, limits.cpu) if took_too_long(end.status) else too_large(name, limits)) from end
        if answer is None or end is None:
            self.close()
            raise too_slow(name, limits.wall)
        return answer


def too_slow(name: str, seconds: int) -> Problem:
    return Problem(
        "{name} took longer than {seconds} s to read, the limit: save it as plain text (.txt), or bring a part of it.",
        name=name,
        seconds=seconds,
    )


def too_large(name: str, limits: Limits) -> Problem:
    return Problem(
        "{name} needs more memory than {megabytes} MB to read, the limit, or is damaged: save it as plain text (.txt), "
        "or bring a part of it.",
        name=name,
        megabytes=limits.memory >> 20,
    )
