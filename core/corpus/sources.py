"""The files a person brings, archives opened: each source is a name to show, a kind, and a way to read its bytes.

Nothing is ever written under a name out of an archive: names are only shown. Documents (PDF, DOCX, EPUB, HTML, XML,
JSON) are converted into a file of text in a limited child process, and are then sources like any other.
"""

import gzip
import tempfile
import zipfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from core.corpus.archives import (
    CHUNK,
    DAMAGED,
    XzFile,
    check_archive,
    check_unpacked,
    ending_of,
    is_hidden,
    nested,
    packing,
    packing_of,
    shown_name,
    unfit,
)
from core.corpus.formats.converter import Converter
from core.corpus.formats.telling import HEAD, archive_format, format_of, open_archive
from core.problem import Problem

KINDS = {"csv": "table", "tsv": "table", "tab": "table", "jsonl": "lines", "ndjson": "lines", "json": "lines"}
LOOKED = 20  # documents that are converted where only a look is wanted
_SHORT_HEAD = 2048  # bytes that tell every format but JSON

Paths = Sequence["str | Path | tuple[str | Path, str]"]


@dataclass(frozen=True)
class Source:
    """One file of text, on its own or out of an archive, or converted into text.

    kind: text, table (csv, tsv) or lines (jsonl). stored: its bytes on disk. size: its bytes when unpacked; for gz
    and xz, which do not say it, three times the stored ones. columns: title, author and date, where a document says
    them of itself.
    """

    name: str
    folder: str
    kind: str
    stored: int
    size: int
    is_packed: bool
    opener: Callable[[], Any]
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        """csv for a.csv, and for a.csv.gz too."""
        name = self.name.lower()
        return ending_of(name[:-3] if name.endswith((".gz", ".xz")) else name)

    def chunks(self, most: int | None = None) -> Generator[bytes, None, None]:
        """The unpacked bytes, CHUNK at a time, at most about `most`. Raises Problem if damaged or over a limit."""
        done = 0
        try:
            with self.opener() as file:
                while (most is None or done < most) and (chunk := file.read(min(CHUNK, most or CHUNK))):
                    done += len(chunk)
                    if self.is_packed:
                        check_unpacked(self.name, done, self.stored)
                    yield chunk
        except Problem:
            raise
        except DAMAGED as error:
            raise Problem(
                "{name} is damaged or cut off after {bytes} bytes: fetch it again.", name=self.name, bytes=done
            ) from error
        except (NotImplementedError, RuntimeError) as error:
            raise Problem(
                "{name} is packed in a way that is not read: pack it again as zip.", name=self.name
            ) from error


@dataclass(frozen=True)
class Skipped:
    """Something that was not read, and why."""

    name: str
    why: Problem


def find_sources(
    paths: Paths, stack: ExitStack, most: int | None = None, encoding: str = ""
) -> tuple[list[Source], list[Skipped]]:
    """The sources in these files, in order, and what of them is not read. Archives stay open until `stack` closes,
    and what documents were converted into is kept as long.

    most: for a look, about how many bytes are wanted of each of the first LOOKED documents. encoding: of HTML, XML
    and JSON, where a person chose it. Raises Problem if nothing can be read.
    """
    if not paths:
        raise Problem("There is no file: choose at least one.")
    finder = _Finder(stack, most, encoding)
    try:
        for given in paths:
            path, name = named(given)
            try:
                finder.add(path, name)
            except Problem as problem:
                finder.skipped.append(Skipped(name[:200], problem))
    finally:
        finder.close()
    if not finder.found:
        raise finder.skipped[0].why
    return finder.found, finder.skipped


def named(given: Any) -> tuple[Path, str]:
    """Where a file lies and what to call it; a pair says both."""
    return (Path(given), Path(given).name) if isinstance(given, str | Path) else (Path(given[0]), str(given[1]))


class _Finder:
    """Gathers sources. Its converter, and the folder that this writes to, are made when the first document comes."""

    def __init__(self, stack: ExitStack, most: int | None, encoding: str):
        self.found: list[Source] = []
        self.skipped: list[Skipped] = []
        self._stack, self._most, self._encoding = stack, most, encoding
        self._converter: Converter | None = None
        self._converted = 0

    def close(self) -> None:
        if self._converter:
            self._converter.close()

    def add(self, path: Path, name: str) -> None:
        """Add what a file holds. Raises Problem if nothing of it can be read."""
        packed = packing_of(path, name)
        if packed != "zip":
            raw = _single(path, name, packed)
            self.found.append(self._as_text(raw, None if packed else path))
            return
        archive = self._stack.enter_context(open_archive(str(path), name))
        kind = archive_format(archive, name)
        if kind:
            stored = path.stat().st_size
            raw = Source(name, "", "text", stored, stored, False, lambda: open(path, "rb"))
            self.found.append(self._convert(raw, kind, path))
        else:
            self._add_members(archive, name)

    def _add_members(self, archive: zipfile.ZipFile, name: str) -> None:
        members = archive.infolist()
        check_archive(name, members)
        before, first = len(self.found), len(self.skipped)
        for member in members:
            shown = shown_name(member)
            if is_hidden(member, shown):
                continue
            why = unfit(member, shown)
            try:
                if why is None:
                    self.found.append(self._as_text(_member(archive, member, shown), None))
            except Problem as problem:
                why = problem
            if why:
                self.skipped.append(Skipped(shown[:200], why))
        if len(self.found) > before:
            return
        reasons = [str(item.why) for item in self.skipped[first:]]
        del self.skipped[first:]  # the sentence about the archive stands for them
        if not reasons:
            raise Problem("{name} holds no text file, nor a document that can be read.", name=name)
        raise Problem("{name} holds no text file, nor a document that can be read: {why}", name=name, why=reasons[0])

    def _as_text(self, raw: Source, path: Path | None) -> Source:
        """The source itself if it is text, else what it is converted into. path: where its bytes lie as they are."""
        head = b"".join(raw.chunks(HEAD if raw.kind == "lines" else _SHORT_HEAD))
        if packing(head) != "zip":
            kind = format_of(head, raw.ending, raw.name)
            return self._convert(raw, kind, path) if kind else raw
        with self._unpacked(raw) as unpacked:
            with open_archive(str(unpacked), raw.name) as archive:
                kind = archive_format(archive, raw.name)
            if not kind:
                raise nested(raw.name)
            return self._convert(raw, kind, unpacked)

    def _convert(self, raw: Source, kind: str, path: Path | None) -> Source:
        self._converted += 1
        if self._most is not None and self._converted > LOOKED:
            return raw
        if path is None:
            with self._unpacked(raw) as unpacked:
                done = self._conversion().convert(kind, unpacked, raw.name, self._encoding, self._most)
        else:
            done = self._conversion().convert(kind, path, raw.name, self._encoding, self._most)
        return Source(raw.name, raw.folder, done.kind, raw.stored, done.size, False, lambda: open(done.path, "rb"),
                      done.columns)  # fmt: skip

    def _conversion(self) -> Converter:
        if self._converter is None:
            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="semascope-"))
            self._converter = Converter(Path(folder))
        return self._converter

    def _unpacked(self, raw: Source) -> "_Unpacked":
        return _Unpacked(raw, self._conversion().folder / "unpacked")


class _Unpacked:
    """A file with the bytes of a source, for as long as it is needed."""

    def __init__(self, raw: Source, path: Path):
        self._raw, self._path = raw, path

    def __enter__(self) -> Path:
        try:
            with open(self._path, "wb") as file:
                for chunk in self._raw.chunks():
                    file.write(chunk)
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise
        return self._path

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)


def _single(path: Path, name: str, packed: str) -> Source:
    inner = name[: -len(packed) - 1] if packed and name.lower().endswith("." + packed) else name
    kind, stored = KINDS.get(ending_of(inner), "text"), path.stat().st_size
    opener: dict[str, Callable[[], Any]] = {
        "": lambda: open(path, "rb"),
        "gz": lambda: gzip.open(path, "rb"),
        "xz": lambda: XzFile(path),
    }
    return Source(name, "", kind, stored, stored * (3 if packed else 1), bool(packed), opener[packed])


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> Source:
    folder, _, base = shown.rpartition("/")
    kind = KINDS.get(ending_of(base), "text")

    def opened() -> IO[bytes]:
        return archive.open(member)

    return Source(base, folder, kind, member.compress_size, member.file_size, True, opened)
