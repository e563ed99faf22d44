"""One supervisor a store: an operating-system lock on a file, which ends with the process that holds it."""

import fcntl
import os
from pathlib import Path


def take(home: Path) -> int | None:
    """Take the lock: its file descriptor, or None where another process holds it."""
    handle = os.open(home / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
