"""The files of a model as a person brings them: several of one folder, or that folder as a .zip; nothing is run."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.corpus.archives import CHUNK, DAMAGED, check_archive
from core.problem import Problem
from core.store.files import room

MOST_TEXT = 64 << 20  # bytes of a file that is read whole
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class _File:
    """A file of its own, or a member of an archive."""

    path: Path
    size: int
    member: zipfile.ZipInfo | None = None


class Bundle:
    """names: those of the files that stand beside config.json, of which the one nearest the top counts; name: that of
    its folder, or of the files; stored: their bytes."""

    def __init__(self, files: Sequence[tuple[Path, str]]):
        if not files:
            raise Problem("There is no file: choose at least one.")
        found: dict[str, _File] = {}
        for path, name in files:
            members = _members(path, name)
            for twice in sorted(members.keys() & found.keys()):
                raise Problem("{name} is among the files twice, perhaps of two models: remove one.", name=twice)
            found |= members
        configs = sorted((name for name in found if _base(name) == "config.json"), key=lambda name: name.count("/"))
        folder = configs[0].removesuffix("config.json") if configs else ""
        inside = {name.removeprefix(folder): file for name, file in found.items() if name.startswith(folder)}
        self._files = {name: file for name, file in inside.items() if "/" not in name}
        self.name = (folder.strip("/").rpartition("/")[2] or ", ".join(_base(name) for _, name in files))[:80]
        self.names = sorted(self._files if configs else map(_base, found))
        self.stored = sum(path.stat().st_size for path, _ in files)

    def size(self, name: str) -> int:
        return self._files[name].size

    def text(self, name: str) -> bytes:
        """All bytes of a small file. Raises Problem for one that is too large."""
        if self.size(name) > MOST_TEXT:
            raise Problem("{name} has {size} MB, and at most {most} are read of it.", name=name,
                          size=self.size(name) >> 20, most=MOST_TEXT >> 20)  # fmt: skip
        return self.head(name, MOST_TEXT)

    def head(self, name: str, most: int) -> bytes:
        """The first bytes of a file, at most so many."""
        file = self._files[name]
        try:
            if file.member is None:
                with open(file.path, "rb") as plain:
                    return plain.read(most)
            with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as packed:
                return packed.read(most)
        except DAMAGED as error:
            raise _damaged(name) from error

    def place(self, name: str, folder: Path) -> Path:
        """Where the file lies, unpacked into the folder if it is in an archive."""
        file = self._files[name]
        if file.member is None:
            return file.path
        target = folder / "unpacked" / _base(name)
        target.parent.mkdir(exist_ok=True)
        try:
            with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as packed, room(folder, file.size):
                with open(target, "wb") as out:
                    while chunk := packed.read(CHUNK):
                        out.write(chunk)
        except DAMAGED as error:
            if isinstance(error, Problem):
                raise
            raise _damaged(name) from error
        return target


def _members(path: Path, name: str) -> dict[str, _File]:
    try:
        with open(path, "rb") as file:
            packed = file.read(4) == _ZIP
        if not packed:
            return {name.replace("\\", "/"): _File(path, path.stat().st_size)}
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except DAMAGED as error:
        raise _damaged(name) from error
    check_archive(name, members)
    return {member.filename: _File(path, member.file_size, member) for member in members
            if "__MACOSX" not in member.filename}  # fmt: skip


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _damaged(name: str) -> Problem:
    return Problem("{name} is damaged or cut off: fetch it again.", name=name)
