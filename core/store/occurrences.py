"""Labels of single occurrences in a store: a table in a file first, then its row; so a row always has its file."""

import io
import secrets
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.problem import Problem
from core.store.files import write_bytes
from core.store.originals import Originals
from core.store.tables import corpora, label_sets

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("document", "start", "end", "label")
_MOST_KINDS = 200  # different labels whose counts are kept in the row
_NAME = 200  # characters


@dataclass(frozen=True)
class LabelRow:
    """A set of labels of a corpus. occurrences: how many; kinds: the commonest labels with their counts.

    created: seconds since 1970.
    """

    id: str
    corpus_id: str
    name: str
    author: str
    occurrences: int
    kinds: dict[str, int]
    created: float

    @classmethod
    def of(cls, row: Any) -> "LabelRow":
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


class Occurrences(Originals):
    """What a store knows of labels."""

    def add_labels(self, corpus_id: str, name: str, occurrences: "pd.DataFrame", author: str = "") -> LabelRow:
        """Keep a table of occurrences (document, start, end, label) of a corpus under a name.

        Raises Problem if there is no such corpus, for a table without a row or one of these columns, and DiskFull.
        """
        if self.corpus_row(corpus_id) is None and not self.corpus_folder(corpus_id).exists():
            raise Problem("There is no such corpus; it may have been deleted. Choose another on the Corpus page.")
        missing = [column for column in _COLUMNS if column not in occurrences.columns]
        if missing or not len(occurrences):
            columns = ", ".join(missing) or "document"
            raise Problem("{name} has no occurrence with a {columns}: import it again.", name=name, columns=columns)
        kinds = occurrences["label"].value_counts().head(_MOST_KINDS)
        row: dict[str, Any] = {"id": secrets.token_hex(16), "corpus_id": corpus_id, "author": author.strip()[:_NAME],
               "name": name.strip()[:_NAME] or "labels", "occurrences": len(occurrences), "created": time.time(),
               "kinds": {str(label): int(count) for label, count in kinds.items()}}  # fmt: skip
        file = io.BytesIO()
        occurrences[list(_COLUMNS)].to_parquet(file, index=False)
        self._labels_file(row["id"]).parent.mkdir(exist_ok=True)
        write_bytes(self._labels_file(row["id"]), file.getvalue())
        with self.database.writing() as connection:
            connection.execute(label_sets.insert(), row)
        return LabelRow(**row)

    def labels(self, corpus_id: str) -> list[LabelRow]:
        """The sets of labels of a corpus that are not deleted, the newest first."""
        mine = (label_sets.c.corpus_id == corpus_id) & label_sets.c.deleted.is_(None)
        query = sa.select(label_sets).where(mine).order_by(label_sets.c.created.desc(), label_sets.c.id)
        with self.database.reading() as connection:
            return [LabelRow.of(row) for row in connection.execute(query)]

    def label_row(self, label_id: str) -> LabelRow | None:
        """The set of this id, a deleted one included until it is purged."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(label_sets).where(label_sets.c.id == label_id)).first()
        return LabelRow.of(row) if row else None

    def label_set(self, label_id: str) -> "pd.DataFrame":
        """The occurrences of a set: document, start, end, label. Raises Problem if there is no such set."""
        import pandas as pd

        if self.label_row(label_id) is None:
            raise _no_labels()
        return pd.read_parquet(self._labels_file(label_id))

    def rename_labels(self, label_id: str, name: str) -> None:
        self._change_labels(label_id, name=name.strip()[:_NAME] or "labels")

    def delete_labels(self, label_id: str) -> None:
        """Put a set away; `restore_labels` brings it back within a day."""
        self._change_labels(label_id, deleted=time.time())

    def restore_labels(self, label_id: str) -> None:
        self._change_labels(label_id, deleted=None)

    def _change_labels(self, label_id: str, **values: Any) -> None:
        with self.database.writing() as connection:
            if not connection.execute(label_sets.update().where(label_sets.c.id == label_id).values(**values)).rowcount:
                raise _no_labels()

    def _labels_file(self, label_id: str) -> Path:
        return self.home / "labels" / f"{label_id}.parquet"


def purge_labels(store: Occurrences, before: float) -> list[str]:
    """Throw away the sets that were deleted before this time, or whose corpus is gone, and files without a row."""
    with store.database.reading() as connection:
        rows = connection.execute(sa.select(label_sets)).all()
        known = set(connection.scalars(sa.select(corpora.c.id)))
    old = [row for row in rows if row.created < before and row.corpus_id not in known]
    gone = {row.id for row in old} | {row.id for row in rows if row.deleted is not None and row.deleted < before}
    if gone:
        with store.database.writing() as connection:
            connection.execute(label_sets.delete().where(label_sets.c.id.in_(gone)))
    kept = {row.id for row in rows} - gone
    folder = store.home / "labels"
    for path in folder.iterdir() if folder.exists() else ():
        if path.stem not in kept and (path.stem in gone or path.stat().st_mtime < before):
            path.unlink(missing_ok=True)
    return sorted(gone)


def _no_labels() -> Problem:
    return Problem("There are no such labels; they may have been deleted. Choose others, or import them again.")
