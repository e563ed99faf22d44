"""The files a person brings, archives opened: each source is a name to show, a kind, and a way to read its bytes.

Nothing is ever written under a name out of an archive: names are only shown. What an archive may unpack to is
limited in members, in ratio and in all.
"""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core.problem import Problem

CHUNK = 1 << 20
MOST_MEMBERS = 10_000
MOST_RATIO, RATIO_FROM = 200, 64 << 20  # a file that unpacks to more than RATIO_FROM may not be this many times larger
MOST_UNPACKED = 2 << 30  # bytes
_XZ_MEMORY = 128 << 20
KINDS = {"csv": "table", "tsv": "table", "tab": "table", "jsonl": "lines", "ndjson": "lines", "json": "lines"}
_TEXT = ("txt", "md", "text", "markdown")
_PACKED = {b"\x1f\x8b": "gz", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)

Paths = Sequence["str | Path | tuple[str | Path, str]"]


@dataclass(frozen=True)
class Source:
    """One file of text, on its own or out of an archive.

    kind: text, table (csv, tsv) or lines (jsonl). stored: its bytes on disk. size: its bytes when unpacked; for gz
    and xz, which do not say it, three times the stored ones.
    """

    name: str
    folder: str
    kind: str
    stored: int
    size: int
    is_packed: bool
    opener: Callable[[], Any]

    @property
    def ending(self) -> str:
        """csv for a.csv, and for a.csv.gz too."""
        name = self.name.lower()
        return _ending(name[:-3] if name.endswith((".gz", ".xz")) else name)

    def chunks(self, most: int | None = None) -> Iterator[bytes]:
        """The unpacked bytes, CHUNK at a time, at most about `most`. Raises Problem if damaged or over a limit."""
        done = 0
        try:
            with self.opener() as file:
                while (most is None or done < most) and (chunk := file.read(min(CHUNK, most or CHUNK))):
                    done += len(chunk)
                    if self.is_packed:
                        self._check(done)
                    yield chunk
        except _DAMAGED as error:
            raise Problem(
                "{name} is damaged or cut off after {bytes} bytes: fetch it again.", name=self.name, bytes=done
            ) from error
        except (NotImplementedError, RuntimeError) as error:
            raise Problem(
                "{name} is packed in a way that is not read: pack it again as zip.", name=self.name
            ) from error

    def _check(self, done: int) -> None:
        if done > RATIO_FROM and done > MOST_RATIO * self.stored:
            raise Problem(
                "{name} unpacks to more than {ratio} times its size ({most} MB and more): unpack it yourself if you "
                "trust it.",
                name=self.name,
                ratio=MOST_RATIO,
                most=RATIO_FROM >> 20,
            )
        if done > MOST_UNPACKED:
            raise Problem(
                "{name} unpacks to more than {most} MB, the limit: unpack it and bring a part of it.",
                name=self.name,
                most=MOST_UNPACKED >> 20,
            )


@dataclass(frozen=True)
class Skipped:
    """Something that was not read, and why."""

    name: str
    why: Problem


def find_sources(paths: Paths, stack: ExitStack) -> tuple[list[Source], list[Skipped]]:
    """The sources in these files, in order. Archives stay open until `stack` closes."""
    if not paths:
        raise Problem("There is no file: choose at least one.")
    found: list[Source] = []
    skipped: list[Skipped] = []
    for given in paths:
        path, name = named(given)
        packing = _packing(path, name)
        if packing == "zip":
            found += _members(path, name, stack, skipped)
        else:
            found.append(_single(path, name, packing))
    return found, skipped


def named(given: Any) -> tuple[Path, str]:
    """Where a file lies and what to call it; a pair says both."""
    return (Path(given), Path(given).name) if isinstance(given, str | Path) else (Path(given[0]), str(given[1]))


def _packing(path: Path, name: str) -> str:
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Problem(
            "{name} cannot be opened ({reason}): choose it again.", name=name, reason=error.strerror
        ) from error
    if not head:
        raise Problem("{name} is empty: choose a file with text in it.", name=name)
    return next((packing for magic, packing in _PACKED.items() if head.startswith(magic)), "")


def _single(path: Path, name: str, packing: str) -> Source:
    inner = name[: -len(packing) - 1] if packing and name.lower().endswith("." + packing) else name
    kind, stored = KINDS.get(_ending(inner), "text"), path.stat().st_size
    opener: dict[str, Callable[[], Any]] = {
        "": lambda: open(path, "rb"),
        "gz": lambda: gzip.open(path, "rb"),
        "xz": lambda: _XzFile(path),
    }
    return Source(name, "", kind, stored, stored * (3 if packing else 1), bool(packing), opener[packing])


def _members(path: Path, name: str, stack: ExitStack, skipped: list[Skipped]) -> list[Source]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Problem("{name} is a damaged archive: fetch it or pack it again.", name=name) from error
    members = archive.infolist()
    _check_archive(name, members)
    found = []
    for member in members:
        shown = _shown(member)
        why = _unfit(member, shown)
        if why is None:
            folder, _, base = shown.rpartition("/")
            kind = KINDS.get(_ending(base), "text")
            sizes = member.compress_size, member.file_size
            found.append(Source(base, folder, kind, *sizes, True, _opener(archive, member)))
        elif not member.is_dir() and not base_name(shown).startswith(".") and "__MACOSX" not in shown:
            skipped.append(Skipped(shown[:200], why))
    if not found:
        if not skipped:
            raise Problem("{name} holds no text file (.txt, .md, .csv, .tsv, .jsonl).", name=name)
        raise Problem(
            "{name} holds no text file (.txt, .md, .csv, .tsv, .jsonl): {why}", name=name, why=str(skipped[0].why)
        )
    return found


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(member)


def _check_archive(name: str, members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise Problem("{name} is an Office document or an e-book: save it as plain text (.txt) first.", name=name)
    if len(members) > MOST_MEMBERS:
        raise Problem("{name} holds {count} files, the limit is {most}: pack fewer, or join them.",
                      name=name, count=len(members), most=MOST_MEMBERS)  # fmt: skip
    if any(member.flag_bits & 1 for member in members):
        raise Problem("{name} is encrypted: unpack it and bring the files.", name=name)
    total = sum(member.file_size for member in members)
    if total > MOST_UNPACKED:
        raise Problem("{name} unpacks to {total} MB, the limit is {most} MB: bring a part of it.",
                      name=name, total=total >> 20, most=MOST_UNPACKED >> 20)  # fmt: skip
    for member in members:
        if member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * max(1, member.compress_size):
            raise Problem("{name} unpacks to more than {ratio} times its size: unpack it yourself if you trust it.",
                          name=name, ratio=MOST_RATIO)  # fmt: skip


def _unfit(member: zipfile.ZipInfo, shown: str) -> Problem | None:
    """Why a member is not read, if it is not."""
    if member.is_dir() or base_name(shown).startswith(".") or "__MACOSX" in shown:
        return Problem("{name} is no file of text.", name=shown[:200])
    parts = shown.split("/")
    if shown.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in shown:
        return Problem("{name} has an unsafe name and was left out.", name=shown[:200])
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        return Problem("{name} is a link and was left out.", name=shown[:200])
    ending = _ending(shown)
    if ending in ("zip", "gz", "xz", "7z", "rar", "tar", "bz2", "tgz"):
        return Problem("{name} is an archive in an archive and was not opened.", name=shown[:200])
    if ending not in KINDS and ending not in _TEXT and "." in base_name(shown):
        return Problem("{name} is not .txt, .md, .csv, .tsv or .jsonl and was left out.", name=shown[:200])
    return None


def _shown(member: zipfile.ZipInfo) -> str:
    """A member's name to show; names that are not marked as UTF-8 may be in it, or in GB18030."""
    name = member.filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def base_name(shown: str) -> str:
    return shown.rpartition("/")[2]


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


class _XzFile:
    """An .xz file read with a limit on the memory it may ask for."""

    def __init__(self, path: Path):
        self._file, self._decompressor = open(path, "rb"), self._new()  # noqa: SIM115

    @staticmethod
    def _new() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, size: int) -> bytes:
        while True:
            if self._decompressor.eof:
                rest = self._decompressor.unused_data.lstrip(b"\0") or self._file.read(CHUNK).lstrip(b"\0")  # padding
                if not rest:
                    return b""
                self._decompressor = self._new()
            else:
                rest = self._file.read(CHUNK) if self._decompressor.needs_input else b""
                if not rest and self._decompressor.needs_input:
                    raise EOFError
            out = self._decompressor.decompress(rest, size)
            if out:
                return out

    def __enter__(self) -> "_XzFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
