"""Runs as processes: whoever queues one makes sure that a supervisor lives, and need not stay for it."""

import os
import subprocess

from core.jobs.lock import take
from core.jobs.runner import start_module
from core.store import Store
from core.store.home import environment

_started: list["subprocess.Popen[bytes]"] = []  # supervisors that this process began, to be reaped


def ensure_supervisor(store: Store) -> bool:
    """Start the supervisor if none lives (about 0.1 ms if one does); whether one was started.

    The lock is taken here and handed on to the supervisor, so that callers at once start only one.
    """
    lock = take(store.home)
    if lock is None:
        return False
    try:
        _started[:] = [child for child in _started if child.poll() is None]
        arguments = (str(store.home), "--lock", str(lock))
        log, environ = store.home / "supervisor.log", environment(store.home)
        _started.append(start_module("core.jobs.supervisor", *arguments, log=log, environ=environ, pass_fds=(lock,)))
    finally:
        os.close(lock)
    return True
