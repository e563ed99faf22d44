"""Documents -> the text file of a corpus, the bounds of its documents, and the rows of its table."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.duplicates import Duplicates
from core.corpus.files import ArrayFile
from core.corpus.records import MOST_COLUMNS
from core.corpus.splitting import Piece
from core.problem import Problem

_BATCH = 20_000  # rows
_HEAD = 200_000  # characters kept to tell the language from


class DocumentWriter:
    """Writes pieces and rows as they come; the rows wait in a file of JSON lines until their columns are known.

    unique: leave out documents whose text has come before; full: those without text. How many were: `duplicates`,
    `blanks`. Such a document has been written when it is known for one: the next one is written over it.
    """

    def __init__(self, folder: Path, *, unique: bool = False, full: bool = False):
        self.folder = folder
        self.duplicates = self.blanks = 0
        self._seen, self._full, self._blank = Duplicates() if unique else None, full, True
        self.documents = self.bytes = self.characters = 0
        self.columns: dict[str, None] = {}
        self._head: list[str] = []
        self.digest = hashlib.sha256()
        self._ends = [0]
        self._files = ExitStack()
        self._bounds = self._files.enter_context(closing(ArrayFile(folder / "bounds.npy", np.int64)))
        self._text = self._files.enter_context(open(folder / "text.utf8", "wb"))
        self._rows = self._files.enter_context(open(folder / "rows.jsonl", "w", encoding="utf-8"))
        self._begin = self._place()

    def add(self, piece: Piece, more: dict[str, str | None]) -> None:
        """A piece of the document's text, or the row that ends it; more: columns that the row itself may override."""
        if isinstance(piece, str):
            if self.characters < _HEAD:
                self._head.append(piece[:_HEAD])
            piece = sayable(piece)
            self._blank = self._blank and not piece.strip()
            if self._seen:
                self._seen.add(piece)
            data = piece.encode()
            self._text.write(data)
            self.digest.update(data)
            self.bytes += len(data)
            self.characters += len(piece)
        elif not self._left_out():
            self._end({**more, **piece})
            self._begin = self._place()

    @property
    def head(self) -> str:
        """The first characters of all documents together."""
        return "".join(self._head)[:_HEAD]

    def _end(self, row: dict[str, str | None]) -> None:
        self.documents += 1
        self._ends.append(self.bytes)
        if len(self._ends) >= _BATCH:
            self._flush()
        self.columns.update(dict.fromkeys(row))
        if len(self.columns) > MOST_COLUMNS:
            raise Problem(
                "The files have more than {most} columns together: keep the column with the text and a few others.",
                most=MOST_COLUMNS,
            )
        self._rows.write(json.dumps(row, ensure_ascii=True) + "\n")

    def _left_out(self) -> bool:
        """Whether the document that ends here is to be left out; what was written of it is then forgotten."""
        known = self._seen is not None and self._seen.end()
        empty, self._blank = self._full and self._blank, True
        self.blanks += empty
        self.duplicates += known and not empty
        if not (known or empty):
            return False
        self.bytes, self.characters, heads, digest = self._begin
        self.digest = digest.copy()
        del self._head[heads:]
        self._text.seek(self.bytes)
        return True

    def _place(self) -> tuple[int, int, int, Any]:
        """Where writing stands between two documents."""
        can_go_back = self._full or self._seen is not None
        return self.bytes, self.characters, len(self._head), self.digest.copy() if can_go_back else None

    def _flush(self) -> None:
        self._bounds.append(np.array(self._ends, np.int64))
        self._ends = []

    @property
    def settled(self) -> int:
        """The bytes of text that have been written for good."""
        return self.bytes if self._begin[3] is None else self._begin[0]

    def flush(self) -> None:
        """Let others read the text and the bounds as far as they are written."""
        self._flush()
        self._bounds.flush()
        self._text.flush()

    def close(self) -> None:
        with self._files:
            self._flush()
            self._text.truncate(self.bytes)  # what was left out may stand after it

    def write_table(self) -> None:
        """table.parquet out of the rows, if they have any column; and all of it into the digest."""
        path = self.folder / "rows.jsonl"
        self.digest.update(np.load(self.folder / "bounds.npy", mmap_mode="r").data)
        if self.columns:
            _write_parquet(path, self.folder / "table.parquet", list(self.columns), self.digest)
        path.unlink()


def _write_parquet(rows: Path, path: Path, columns: list[str], digest: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, pa.string()) for column in map(sayable, columns)])
    with pq.ParquetWriter(path, schema) as writer, open(rows, encoding="utf-8") as file:
        for batch in _batches(file):
            digest.update("".join(batch).encode())
            records = [json.loads(line) for line in batch]
            cells = [[_cell(record.get(column)) for record in records] for column in columns]
            writer.write_table(pa.table([pa.array(column, pa.string()) for column in cells], schema))


def _cell(value: str | None) -> str | None:
    return None if value is None else sayable(value)


def _batches(file: Any) -> Iterator[list[str]]:
    batch = []
    for line in file:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def sayable(text: str) -> str:
    """The text with a � for what UTF-8 cannot say: a lone half of a surrogate pair."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
