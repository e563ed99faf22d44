"""What all parts of the store stand on: the home folder and its database."""

import shutil
from pathlib import Path

from core.problem import Problem
from core.store.database import Database
from core.store.home import default_home, make_home

_RESERVE = 1_000_000  # bytes


class Place:
    """home: Path. database: its records. Making one is cheap, and one may be used from several threads."""

    def __init__(self, home: str | Path | None = None):
        """Open the store in this folder, else in SEMASCOPE_HOME, else in a folder of the person's own.

        Raises Problem if the folder cannot be written to, or was written by a newer version.
        """
        self.home = Path(home).expanduser().absolute() if home else default_home()
        make_home(self.home)
        self.database = Database(self.home)

    def folder(self, run_id: str) -> Path:
        """The folder of a run. Raises Problem for what cannot be a run's id."""
        if not run_id.replace("-", "").replace("_", "").isalnum():
            raise no_run(run_id)
        return self.home / "runs" / run_id

    def keep_reserve(self) -> None:
        """Keep a little room on the disk, so that a run can still say why it pauses when the disk is full."""
        path = self.home / "reserve"
        if not path.exists() and shutil.disk_usage(self.home).free > 100 * _RESERVE:
            path.write_bytes(bytes(_RESERVE))

    def free_reserve(self) -> None:
        (self.home / "reserve").unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the database's connections."""
        self.database.close()


def no_run(run_id: str) -> Problem:
    return Problem("There is no run called {run}; choose another on the Runs page.", run=str(run_id)[:60])
