"""What is packed: which packing a file is in, which members of an archive are read, and the limits of unpacking."""

import lzma
import struct
import zipfile
import zlib
from pathlib import Path

from core.corpus.formats.telling import FORMATS
from core.problem import Problem

CHUNK = 1 << 20
MOST_MEMBERS = 10_000
MOST_RATIO, RATIO_FROM = 200, 64 << 20  # a file that unpacks to more than RATIO_FROM may not be this many times larger
MOST_UNPACKED = 2 << 30  # bytes
# What unpackers say of damage; OSError and ValueError where a place that is written in the file is none.
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError, ValueError, OverflowError, struct.error)
_XZ_MEMORY = 128 << 20
_PACKED = {b"\x1f\x8b": "gz", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_TEXT = ("txt", "md", "text", "markdown", "csv", "tsv", "tab", "jsonl", "ndjson")
_ARCHIVES = ("zip", "gz", "xz", "7z", "rar", "tar", "bz2", "tgz")


def packing_of(path: Path, name: str) -> str:
    """gz, xz or zip; "" for a file that is not packed. Raises Problem if it cannot be opened, or is empty."""
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem("{name} cannot be opened ({reason}): choose it again.", name=name, reason=reason) from error
    if not head:
        raise Problem("{name} is empty: choose a file with text in it.", name=name)
    return packing(head)


def packing(head: bytes) -> str:
    """The packing that these first bytes say."""
    return next((packing for magic, packing in _PACKED.items() if head.startswith(magic)), "")


def check_unpacked(name: str, done: int, stored: int) -> None:
    """Raises Problem where `done` bytes out of `stored` are too many."""
    if done > RATIO_FROM and done > MOST_RATIO * stored:
        raise Problem(
            "{name} unpacks to more than {ratio} times its size ({most} MB and more): unpack it yourself if you "
            "trust it.",
            name=name,
            ratio=MOST_RATIO,
            most=RATIO_FROM >> 20,
        )
    if done > MOST_UNPACKED:
        raise Problem(
            "{name} unpacks to more than {most} MB, the limit: unpack it and bring a part of it.",
            name=name,
            most=MOST_UNPACKED >> 20,
        )


def check_archive(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Raises Problem for an archive that is not to be unpacked, by what its directory says."""
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


def is_hidden(member: zipfile.ZipInfo, shown: str) -> bool:
    """Whether a member is no file that a person has put there: a folder, or what a system keeps beside files."""
    return member.is_dir() or shown.endswith("/") or base_name(shown).startswith(".") or "__MACOSX" in shown


def unfit(member: zipfile.ZipInfo, shown: str) -> Problem | None:
    """Why a member is not read, if it is not, by its name and what it is."""
    parts, ending = shown.split("/"), ending_of(shown)
    if shown.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in shown:
        return Problem("{name} has an unsafe name and was left out.", name=shown[:200])
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        return Problem("{name} is a link and was left out.", name=shown[:200])
    if ending in _ARCHIVES:
        return nested(shown)
    if ending not in _TEXT and ending not in FORMATS and "." in base_name(shown):
        return Problem("{name} is of no kind that is read and was left out.", name=shown[:200])
    return None


def nested(shown: str) -> Problem:
    return Problem("{name} is an archive in an archive and was not opened.", name=shown[:200])


def shown_name(member: zipfile.ZipInfo) -> str:
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


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


class XzFile:
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

    def __enter__(self) -> "XzFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
