"""Runs and corpora: records in a database, arrays in files. Importing this loads nothing heavy; nothing is pickled."""

from core.store.results import Results
from core.store.rows import ACTIVE, ENDED, CorpusRow, RunRow, Snapshot

__all__ = ["ACTIVE", "ENDED", "CorpusRow", "RunRow", "Snapshot", "Store"]


class Store(Results):
    """The store of a person: `Store()` opens SEMASCOPE_HOME, else a folder of their own; `Store(folder)` that one.

    Place opens it; Corpora, Runs and Results say what can be asked of it.
    """
