"""Where everything is kept, and the environment that every process we start shares."""

import os
import sys
from pathlib import Path

from core.problem import Problem


def default_home() -> Path:
    """SEMASCOPE_HOME, else a folder of the person's own where this system keeps such data."""
    named = os.environ.get("SEMASCOPE_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if sys.platform == "darwin":
        parent = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        parent = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        parent = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return parent / "semascope"


def make_home(home: Path) -> None:
    """Create the folders of a store. Raises Problem where that is not allowed."""
    try:
        for name in ("corpora", "originals", "runs", "inbox", "cache"):
            (home / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            "{home} cannot be written to ({reason}); set SEMASCOPE_HOME to a folder of your own.",
            home=str(home),
            reason=error.strerror,
        ) from error


def environment(home: Path, threads: int = 1) -> dict[str, str]:
    """The environment of a process we start: numerical libraries that wait without spinning, one cache of kernels.

    A passive wait lets training and answering share the cores; NUMBA_CACHE_DIR is kept if it is set already.
    """
    numbers = {"OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": "1"}
    kernels = os.environ.get("NUMBA_CACHE_DIR") or str(home / "cache" / "numba")
    return {**os.environ, **numbers, "NUMBA_CACHE_DIR": kernels, "PYTHONUNBUFFERED": "1"}
