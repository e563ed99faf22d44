"""The runner of this machine: starts a run's process, knows it again, and signals it."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from core.store import RunRow, Store
from core.store.home import environment

ROOT = Path(__file__).resolve().parents[2]  # where `python -m core.…` finds the project


def start_module(module: str, *arguments: str, log: Path, environ: dict[str, str], pass_fds: tuple[int, ...] = ()) -> (
    "subprocess.Popen[bytes]"
):  # fmt: skip
    """Start `python -m module` on its own: it outlives us, and what it writes is appended to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
        )


def identity(pid: int) -> str | None:
    """boot/pid/start time of a living process, so that a pid used again is never taken for it; None if it is dead."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        if not sys.platform.startswith("linux"):
            return f"/{pid}/{process.create_time()!r}"
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]  # clock set or not, it is the same
        return f"{boot}/{pid}/{ticks}"
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None


def alive(known: str | None) -> bool:
    """Whether this very process lives; one that is stopped or swapped out does."""
    return known is not None and identity(pid_of(known)) == known


def signal_process(known: str | None, number: int) -> None:
    """Send a signal to this very process, if it lives."""
    if known is not None and alive(known):
        os.kill(pid_of(known), number)


def pid_of(known: str) -> int:
    return int(known.split("/")[1])


class LocalRunner:
    """Runs each attempt as a process of this machine."""

    def __init__(self, store: Store):
        self.store = store
        self.children: dict[str, subprocess.Popen[bytes]] = {}  # those started by us, by identity: to be reaped

    def start(self, run: RunRow, attempt: int) -> str | None:
        """Start a process for this attempt; its identity, or None if it died at once."""
        threads = max(1, min(int(run.options.get("threads", 1)), os.cpu_count() or 1))
        log = self.store.folder(run.id) / "log.txt"
        arguments = (str(self.store.home), run.id, str(attempt))
        environ = environment(self.store.home, threads)
        child = start_module("core.jobs.worker", *arguments, log=log, environ=environ)
        known = identity(child.pid)
        if known is None:
            child.wait()
            return None
        self.children[known] = child
        return known

    def reap(self) -> dict[str, int]:
        """Children of ours that have ended: identity -> exit status."""
        ended = {known: child.poll() for known, child in self.children.items()}
        gone = {known: status for known, status in ended.items() if status is not None}
        for known in gone:
            del self.children[known]
        return gone


def lower_priority() -> None:
    """Give way to the server, and be the one the kernel takes first when memory runs out."""
    os.nice(5)
    try:
        Path("/proc/self/oom_score_adj").write_text("500")
    except (FileNotFoundError, PermissionError):  # another system, or not allowed: the priority alone must do
        return
