"""Files on their way in: each in a folder of its own under an unguessable name, whole or not there.

home/inbox/ID/upload holds the bytes; home/inbox/ID/upload.json, written last, says the person's name for them, their
number and their hash. What is left there is swept away after a day (core.store.queue).
"""

import hashlib
import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from core.problem import Problem, marked
from core.store.files import DiskFull, room, write_json

MOST = 8 * 10**9  # bytes of one file, unless SEMASCOPE_UPLOAD_BYTES says another number
RESERVE = 500 * 10**6  # bytes of the disk that uploads leave free
NAME = 255  # characters
_SYNCED = 64 * 2**20  # bytes between two syncs: a bar at its end means that the file is on the disk
_IDENTITY = re.compile("[0-9a-f]{32}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TooLarge(Problem):
    """A file is larger than an upload may be."""


class Cut(Problem):
    """An upload ended before its last byte, or went on after it."""


@dataclass(frozen=True)
class Upload:
    """A file in the inbox. name: the person's, with its folders; it is data, never a path here."""

    id: str
    name: str
    bytes: int
    sha256: str
    path: Path


def most() -> int:
    """The bytes that one upload may have."""
    return int(os.environ.get("SEMASCOPE_UPLOAD_BYTES") or MOST)


def check_room(home: Path, name: str, size: int) -> None:
    """Raises TooLarge above the limit, and DiskFull where a file of so many bytes would fill the disk."""
    if size > most():
        sentence = marked(
            "{name} has {size} GB; one file may have {most} GB. Split it, or start the server with another "
            "SEMASCOPE_UPLOAD_BYTES."
        )
        raise TooLarge(sentence, name=name, size=round(size / 1e9, 2), most=round(most() / 1e9, 2))
    if size + RESERVE > shutil.disk_usage(home).free:
        raise DiskFull.at(home, size + RESERVE)


def cleaned(name: str) -> str:
    """A file's name as it is shown: without characters that cannot be seen, short, its ending kept."""
    seen = _UNSEEN.sub("", name).replace("\\", "/").strip().strip("/")
    return seen if len(seen) <= NAME else f"{seen[: NAME - 41]}…{seen[-40:]}"


class Incoming:
    """A file that is being received: `write` until it is whole, then `finish`; `discard` leaves nothing behind."""

    def __init__(self, home: Path, name: str, size: int):
        """Raises TooLarge and DiskFull. size: the bytes that are to come."""
        self.home, self.name, self.size = home, cleaned(name) or "unnamed", size
        check_room(home, self.name, size)
        self.id = secrets.token_hex(16)
        self.folder = home / "inbox" / self.id
        self.folder.mkdir(mode=0o700)
        self._file = open(self.folder / "upload", "xb", buffering=0)
        self._digest, self._written, self._synced = hashlib.sha256(), 0, 0

    def write(self, data: bytes) -> None:
        """Raises Cut for more bytes than were said, and DiskFull."""
        self._written += len(data)
        if self._written > self.size:
            raise self._cut()
        left = self.size - self._written
        if left + RESERVE > shutil.disk_usage(self.home).free:  # others write too
            raise DiskFull.at(self.home, left + RESERVE)
        with room(self.folder, left):
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._digest.update(data)
            if self._written - self._synced >= _SYNCED:
                self._sync()

    def finish(self) -> Upload:
        """The whole file. Raises Cut if there are fewer bytes than were said, and DiskFull."""
        if self._written != self.size:
            raise self._cut()
        with room(self.folder, self.size):
            self._sync()
            self._file.close()
        upload = Upload(self.id, self.name, self.size, self._digest.hexdigest(), self.folder / "upload")
        write_json(self.folder / "upload.json", {**asdict(upload), "path": upload.path.name})
        return upload

    def discard(self) -> None:
        self._file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = self._written

    def _cut(self) -> Cut:
        sentence = marked("{name} should have {size} bytes, and {written} came. Add the file again.")
        return Cut(sentence, name=self.name, size=self.size, written=self._written)


def find(home: Path, identity: str) -> Upload | None:
    """The whole upload of this id, or None for what is none: another form, half of one, gone."""
    return told(home / "inbox" / identity / "upload") if _IDENTITY.fullmatch(identity) else None


def told(path: Path) -> Upload | None:
    """What was written down about the file at this place, or None."""
    try:
        record = json.loads((path.parent / "upload.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Upload(**{**record, "path": path}) if path.name == record["path"] and path.exists() else None


def remove(home: Path, identity: str) -> bool:
    """Take an upload away; whether there was one."""
    if not _IDENTITY.fullmatch(identity) or not (home / "inbox" / identity).is_dir():
        return False
    shutil.rmtree(home / "inbox" / identity, ignore_errors=True)
    return True
