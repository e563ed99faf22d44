"""The corpora of a store: registered, opened, renamed, deleted and brought back."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.corpus import Corpus
from core.problem import Problem
from core.store.place import Place
from core.store.rows import CorpusRow
from core.store.tables import corpora


class Corpora(Place):
    """What a store knows of corpora."""

    def corpora(self) -> list[CorpusRow]:
        """All that are not deleted, the newest first."""
        query = sa.select(corpora).where(corpora.c.deleted.is_(None)).order_by(corpora.c.created.desc(), corpora.c.id)
        with self.database.reading() as connection:
            return [CorpusRow.of(row) for row in connection.execute(query)]

    def corpus_row(self, corpus_id: str) -> CorpusRow | None:
        """The corpus of this id, a deleted one included until it is purged."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(corpora).where(corpora.c.id == corpus_id)).first()
        return CorpusRow.of(row) if row else None

    def corpus(self, corpus_id: str, min_count: int | None = None) -> Corpus:
        """Open a corpus. Raises Problem if there is none (any more), or if min_count leaves no word."""
        row = self.corpus_row(corpus_id)
        if row is None or row.state != "ready":
            raise Problem("There is no such corpus; it may have been deleted. Choose another on the Corpus page.")
        return Corpus.open(self.corpus_folder(corpus_id), min_count)

    def corpus_folder(self, corpus_id: str) -> Path:
        return self.home / "corpora" / corpus_id

    def add_corpus(
        self, corpus: Corpus, name: str, origin: str = "upload", settings: dict[str, Any] | None = None
    ) -> CorpusRow:
        """Register a corpus; its folder is copied unless it is in its place. One known already is brought back."""
        folder = self.corpus_folder(corpus.id)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".copy-") as beside:
                shutil.copytree(corpus.folder, Path(beside) / "corpus").rename(folder)
        values = {"id": corpus.id, "name": name, "state": "ready", "facts": corpus.facts, "origin": origin,
                  "created": time.time(), "settings": settings or {}, "deleted": None}  # fmt: skip
        with self.database.writing() as connection:
            change = {"deleted": None, "state": "ready", "name": name} | ({"settings": settings} if settings else {})
            connection.execute(self.database.upsert(corpora, ["id"], change), values)
        row = self.corpus_row(corpus.id)
        assert row is not None
        return row

    def rename_corpus(self, corpus_id: str, name: str) -> None:
        self._change_corpus(corpus_id, name=name)

    def delete_corpus(self, corpus_id: str) -> None:
        """Put a corpus away; `restore_corpus` brings it back within a day. Runs that learned from it stay readable."""
        self._change_corpus(corpus_id, deleted=time.time())

    def restore_corpus(self, corpus_id: str) -> None:
        self._change_corpus(corpus_id, deleted=None)

    def _change_corpus(self, corpus_id: str, **values: Any) -> None:
        with self.database.writing() as connection:
            if not connection.execute(corpora.update().where(corpora.c.id == corpus_id).values(**values)).rowcount:
                raise Problem("There is no such corpus; it may have been deleted. Choose another on the Corpus page.")
