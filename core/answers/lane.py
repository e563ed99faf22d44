"""Where the process of a lane is met, and how it is started when none is there."""

import hashlib
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from core.problem import Problem, marked

LANES = ("models", "maps")
ROOT = Path(__file__).resolve().parents[2]
LONGEST = 90  # bytes; the address of a Unix socket holds about a hundred
AGAIN_SECONDS = 0.5  # between two starts of a process that found another one leaving
_starting = threading.Lock()
_started: dict[str, tuple[subprocess.Popen, float]] = {}


class Stopped(Problem):
    """The process that answers is gone; the next question starts it anew."""


def address(home: Path, lane: str) -> str:
    """Where the lane listens: a socket in a folder that only this user may enter; on Windows a named pipe."""
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\semascope-{name}-{lane}"
    path = str(home / "answers" / f"{lane}.sock")
    if len(os.fsencode(path)) > LONGEST:
        path = str(Path(tempfile.gettempdir()) / f"semascope-{os.getuid()}-{name}" / f"{lane}.sock")
    return path


def family() -> str:
    return "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


def folder(home: Path) -> Path:
    """The folder of the lanes' locks and logs, made if need be."""
    return _own(home / "answers")


def socket_folder(home: Path, lane: str) -> None:
    """Make the folder of the lane's socket. Raises Problem if it belongs to somebody else."""
    if sys.platform != "win32":
        _own(Path(address(home, lane)).parent)


def _own(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":
        found = path.lstat()
        if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
            raise Problem(
                "{path} belongs to somebody else; remove it, or set SEMASCOPE_HOME to a shorter path.", path=str(path)
            )
        path.chmod(0o700)
    return path


def log(home: Path, lane: str) -> Path:
    return home / "answers" / f"{lane}.log"


def start(home: Path, lane: str, since: float = 0.0) -> None:
    """Start the lane's process, detached, unless one that was started here is on its way.

    It leaves at once if another process serves the lane. Raises Stopped if one that was started here at `since`
    (time.monotonic) or later has failed.
    """
    with _starting:
        _start(home, lane, since)


def _start(home: Path, lane: str, since: float) -> None:
    where = address(home, lane)
    process, begun = _started.get(where, (None, 0.0))
    if process is not None and process.poll() is None:
        return
    failed = process is not None and process.returncode != 0
    if failed and begun >= since:
        raise gone(home, lane)
    if not failed and time.monotonic() - begun < AGAIN_SECONDS:
        return
    with open(folder(home) / f"{lane}.log", "ab") as out:
        _started[where] = (_detached(home, lane, out), time.monotonic())


def wake(lane: str = "maps") -> None:
    """Start the lane's process before anybody asks, if it has never been there; costs next to nothing."""
    from core.store.home import default_home

    if not os.path.exists(address(default_home(), lane)):
        start(default_home(), lane)


def _detached(home: Path, lane: str, out: IO[bytes]) -> subprocess.Popen:
    from core.store.home import environment

    threads = min(2, os.cpu_count() or 1)
    # Maps multiply large matrices with numpy, models have threads of their own.
    environ = environment(home, threads) | ({"OPENBLAS_NUM_THREADS": str(threads)} if lane == "maps" else {})
    flags = 0x00000208 if sys.platform == "win32" else 0  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        [sys.executable, "-m", "core.answers.serve", str(home), lane], cwd=ROOT, env=environ, creationflags=flags,
        stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def gone(home: Path, lane: str) -> Stopped:
    text = marked("The process that computes this has stopped; ask again. What happened is in {log}.")
    return Stopped(text, log=str(log(home, lane)))


def lock(path: Path) -> IO[bytes] | None:
    """The file, locked until it is closed or this process ends, our process id in it; None if another holds it."""
    file = open(path, "a+b")  # noqa: SIM115
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file
