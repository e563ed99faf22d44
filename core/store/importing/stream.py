"""The bytes of a file on its way in, unpacked if it is a .gz, with bounds; and its lines, numbered from 1."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from core.corpus.archives import DAMAGED
from core.problem import Problem
from core.store.importing.settings import LONGEST_LINE

CHUNK = 4 << 20
MOST_UNPACKED = 24 << 30  # bytes
_RATIO, _RATIO_FROM = 200, 64 << 20
_DENSEST = 1032  # times that a .gz can be larger unpacked
_GZIP = b"\x1f\x8b"


class Stream:
    """A file. name: what a person calls it; size: the bytes it can hold at most, unpacked; done: those read of it."""

    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        try:
            with open(path, "rb") as file:
                self.packed = file.read(2) == _GZIP
            self.stored = path.stat().st_size
        except OSError as error:
            reason = error.strerror or str(error)
            raise Problem("{name} cannot be opened ({reason}): choose it again.", name=name, reason=reason) from error
        if not self.stored:
            raise Problem("{name} is empty: choose a file with vectors in it.", name=name)
        self.size = min(self.stored * _DENSEST, MOST_UNPACKED) if self.packed else self.stored
        self.done = 0  # stored bytes

    def chunks(self) -> Iterator[bytes]:
        """The bytes, CHUNK at a time. Raises Problem where they are damaged, or more than may be unpacked."""
        total = 0
        with open(self.path, "rb") as raw:
            file: IO[bytes] = gzip.GzipFile(fileobj=raw) if self.packed else raw  # type: ignore[assignment]
            try:
                while chunk := file.read(CHUNK):
                    total += len(chunk)
                    self.done = raw.tell()
                    self._check(total)
                    yield chunk
            except DAMAGED as error:
                if isinstance(error, Problem):
                    raise
                raise Problem("{name} is damaged or cut off after {bytes} bytes: fetch it again.",
                              name=self.name, bytes=total) from error  # fmt: skip
        if not total:
            raise Problem("{name} is empty: choose a file with vectors in it.", name=self.name)

    def _check(self, total: int) -> None:
        if self.packed and total > _RATIO_FROM and total > _RATIO * self.stored:
            raise Problem(
                "{name} unpacks to more than {ratio} times its size ({most} MB and more): unpack it yourself if you "
                "trust it.", name=self.name, ratio=_RATIO, most=_RATIO_FROM >> 20,
            )  # fmt: skip
        if total > MOST_UNPACKED:
            raise Problem("{name} unpacks to more than {most} MB, the limit: unpack it and bring a part of it.",
                          name=self.name, most=MOST_UNPACKED >> 20)  # fmt: skip

    def head(self, most: int) -> bytes:
        """The first bytes, unpacked; at most so many."""
        parts, held = [], 0
        for chunk in self.chunks():
            parts.append(chunk)
            held += len(chunk)
            if held >= most:
                break
        return b"".join(parts)[:most]


def lines(stream: Stream) -> Iterator[tuple[int, list[bytes]]]:
    """Some lines at a time, without their ends, and the number of the first. A mark of UTF-8 at the start is left out;
    so is what follows the last line end, if it is empty. Raises Problem for a line that is longer than any can be."""
    rest, first = b"", 1
    for chunk in stream.chunks():
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        if parts:
            yield first, _whole(stream, parts, first)
            first += len(parts)
        if len(rest) > LONGEST_LINE:
            raise _too_long(stream, first)
    if rest:
        yield first, _whole(stream, [rest], first)


def _whole(stream: Stream, parts: list[bytes], first: int) -> list[bytes]:
    if first == 1:
        parts[0] = parts[0].removeprefix(b"\xef\xbb\xbf")
    longest = max(range(len(parts)), key=lambda i: len(parts[i]))
    if len(parts[longest]) > LONGEST_LINE:
        raise _too_long(stream, first + longest)
    return parts


def _too_long(stream: Stream, line: int) -> Problem:
    return Problem("Line {line} of {name} is longer than {most} bytes: this is no file of vectors, or another format.",
                   line=line, name=stream.name, most=LONGEST_LINE)  # fmt: skip
