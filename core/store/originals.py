"""What corpora were read from is kept, so that they can be read again in another way: home/originals/SHA256.

The same content is kept once. A corpus's settings name its files: "files": [[sha256 or "sample:FILE", name], …]; they
are missing where one of them was neither uploaded nor a sample. What nothing refers to is thrown away after a day.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.problem import Problem
from core.store.corpora import Corpora
from core.store.files import room
from core.store.inbox import told
from core.store.rows import ACTIVE
from core.store.tables import corpora, runs

if TYPE_CHECKING:
    from core.store.rows import RunRow

SAMPLES = Path(__file__).parents[2] / "assets" / "corpora"
SAMPLE = "sample:"
_CONTENT = re.compile("[0-9a-f]{64}")
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


class Originals(Corpora):
    """What a store knows of the files that corpora were read from."""

    def files_of(self, corpus_id: str) -> list[tuple[Path, str]]:
        """Where the files that a corpus was read from lie, and what the person calls them.

        Raises Problem if there is no such corpus, and if a file was not kept or is gone.
        """
        row = self.corpus_row(corpus_id)
        if row is None:
            raise Problem("There is no such corpus; it may have been deleted. Choose another on the Corpus page.")
        files = [(place_of(self.home, reference), name) for reference, name in row.settings.get("files", ())]
        gone = [name for path, name in files if path is None or not path.exists()]
        if not files:
            raise Problem(
                "{name} was not read from files that are kept here, so it cannot be read again.", name=row.name
            )
        if gone:
            raise Problem(
                "{name} cannot be read again: {files} is here no longer. Add the files again.",
                name=row.name,
                files=", ".join(gone),
            )
        return [(path, name) for path, name in files if path is not None]

    def settings_read(self, run: "RunRow") -> dict[str, Any]:
        """What a corpus's row says of how it was read, and from what, once this run has read it."""
        return {**run.options, **references(self.home, run.paths or [])}

    def disk(self) -> dict[str, int]:
        """The bytes of "corpora", "originals", "runs" and the "inbox", and those that are "free" on that disk."""
        used = {name: size_of(self.home / name) for name in ("corpora", "originals", "runs", "inbox")}
        place = os.statvfs(self.home)
        return used | {"free": place.f_bavail * place.f_frsize}


def keep(home: Path, path: Path) -> Path:
    """Keep a file of the inbox under its content's hash, without a copy; where it lies now. Others stay where they are.

    The file's place in the inbox stays until `let_go`, when what was begun with it is on record. A file that is gone
    stays gone: who reads it says so.
    """
    if not _inside(home / "inbox", path) or not path.exists():
        return path
    upload = told(path)
    target = home / "originals" / (upload.sha256 if upload else hash_of(path))
    with room(target.parent, path.stat().st_size):
        _link(path, target)
    return target


def _link(path: Path, target: Path) -> None:
    """The file under a second name; what is there already is the same content, and counts as new again.

    Where the disk knows no second names, the file is moved.
    """
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno in _NO_LINKS:
            os.replace(path, target)
            return
        if error.errno != errno.EEXIST:
            raise
        os.utime(target)
        if target.stat().st_size != path.stat().st_size:  # damaged: this is what it should be
            os.replace(path, target)


def let_go(home: Path, path: Path) -> None:
    """Take a file out of the inbox, with what was written down about it; its original stays."""
    if not _inside(home / "inbox", path):
        return
    for one in (path, path.parent / "upload.json"):
        one.unlink(missing_ok=True)
    folder = path.parent
    if folder.parent == home / "inbox" and folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def references(home: Path, named: Iterable[Sequence[str]]) -> dict[str, list[list[str]]]:
    """{"files": [[reference, name], …]} for the (path, name) that a run reads; {} if one could not be found again."""
    files: list[list[str]] = []
    for path, name in named:
        reference = reference_of(home, Path(path))
        if reference is None:
            return {}
        files.append([reference, name])
    return {"files": files}


def reference_of(home: Path, path: Path) -> str | None:
    """The hash of an original, "sample:FILE" for what ships with the app, None for a file elsewhere."""
    if path.parent == home / "originals" and _CONTENT.fullmatch(path.name):
        return path.name
    return SAMPLE + path.name if path.parent == SAMPLES else None


def place_of(home: Path, reference: str) -> Path | None:
    """Where the file of a reference lies, or None for what is none."""
    if _CONTENT.fullmatch(reference):
        return home / "originals" / reference
    name = reference.removeprefix(SAMPLE)
    return SAMPLES / name if reference.startswith(SAMPLE) and name == Path(name).name else None


def purge_originals(store: Originals, before: float) -> list[str]:
    """Throw away the originals kept before this time that no corpus and no waiting run refers to; their hashes.

    A corpus that was deleted refers to its files until it is purged itself.
    """
    old = [path for path in (store.home / "originals").iterdir() if path.stat().st_mtime < before]
    with store.database.reading() as connection:
        rows = connection.scalars(sa.select(corpora.c.settings)).all()
        waiting = connection.scalars(sa.select(runs.c.paths).where(runs.c.state.in_(ACTIVE))).all()
    wanted = {reference for settings in rows for reference, _ in settings.get("files", ())}
    wanted |= {Path(path).name for paths in waiting for path, _ in paths or ()}
    gone = [path for path in old if path.name not in wanted and path.stat().st_mtime < before]
    for path in gone:
        path.unlink(missing_ok=True)
    return [path.name for path in gone]


def hash_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder; those that go meanwhile count as none."""
    total, waiting = 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
    return total


def _inside(folder: Path, path: Path) -> bool:
    return folder in path.parents
