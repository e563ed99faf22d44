"""From one corpus to another by an operation: a folder like any corpus', with the truth in its table.

Memory is bounded but for the vocabulary, the rows of the table and, where a whole corpus or document is shuffled, four
bytes a token (sentences: 40 bytes each).
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.corpus.cleaning import Cleaner
from core.corpus.corpus import Corpus
from core.corpus.counter.operation import Ending, Label, Operation, Parents
from core.corpus.files import building
from core.corpus.reading import Reading, _finish
from core.corpus.settings import ReadSettings
from core.corpus.tokenizers import Tokenization
from core.corpus.writing import DocumentWriter
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

_HEAD = 200_000  # characters of the parent from which it was told whether its lines are wrapped
_BATCH = 20_000  # labels written at a time
_STEP = 1 << 20  # bytes between two events
GOLD = "occurrences.parquet"


def derive(
    corpus: Corpus,
    operation: Operation,
    folder: str | Path,
    other: Corpus | None = None,
    settings: ReadSettings | None = None,
) -> Iterator[Reading]:
    """Make a corpus out of `corpus` (and `other`) in `folder`: written beside it and renamed at the end.

    settings: how the parent was read, for what it does not say itself: how its phrases or pieces, which are learned
    anew, were learned. Its tokeniser, language, dictionary and stop words hold in any case. Its rows, columns and
    their roles are kept, and the truth is added as columns; gold labels of single occurrences are what `gold` tells of
    the new corpus.
    Closing the generator early leaves nothing behind. Raises Problem for a word, column or corpus that is not there.
    """
    check(corpus, operation, other, settings)
    chosen = operation.settings(corpus, settings_like(corpus, operation, settings))
    with building(Path(folder), needed=3 * corpus.facts["bytes"]) as work:
        writer, labels = _Writer(work, corpus), _Gold(work / GOLD)
        try:
            yield from _write(corpus, operation, other, writer, labels)
        finally:
            writer.close()
            labels.close()
        record = {"from": corpus.id, "with": other.id if other else None, **described(operation)}
        (work / "derived.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        yield from _finish(writer, chosen, corpus.facts["name"], [], Cleaner(chosen))


def check(
    corpus: Corpus, operation: Operation, other: Corpus | None = None, settings: ReadSettings | None = None
) -> None:
    """Raises Problem, soon, for what `derive` would refuse: a word, a column, a form, a second corpus."""
    operation.check(corpus, other)
    forms = operation.forms(corpus)
    if forms:
        _check_forms(forms, operation.settings(corpus, settings_like(corpus, operation, settings)))


def described(operation: Operation) -> dict[str, Any]:
    """The operation as JSON: its name and its options."""
    return {"operation": operation.name, "options": operation.model_dump()}


def gold(corpus: Corpus) -> "pd.DataFrame | None":
    """The labels of single occurrences that a derived corpus was made with (document, start, end, label), or None."""
    import pandas as pd

    path = corpus.folder / GOLD
    return pd.read_parquet(path) if path.exists() else None


def settings_like(corpus: Corpus, operation: Operation, settings: ReadSettings | None = None) -> ReadSettings:
    """How to tokenise a text so that it becomes the like of a corpus."""
    facts, known, given = corpus.facts, corpus.vocab.tokenization, settings or ReadSettings()
    values: dict[str, Any] = {name: facts[name] for name in ("tokenizer", "lowercase", "language")}
    values |= {name: getattr(given, name) for name in ("phrase_threshold", "pieces", "pieces_size")}
    values |= {f"{role}_column": column for role, column in corpus.roles.items()}
    return ReadSettings(
        **values,
        dictionary="\n".join(known.dictionary),
        stop_words=" ".join(known.stop_words),
        phrases=bool(known.phrases),
        min_count=1 if operation.shrinks else corpus.min_count,
    )


def _write(
    corpus: Corpus, operation: Operation, other: Corpus | None, writer: "_Writer", labels: "_Gold"
) -> Iterator[Reading]:
    own, background = _Rows(corpus), _Rows(other) if other else None
    total, shown = corpus.facts["bytes"], 0
    for made in operation.made(Parents(corpus, other)):
        if isinstance(made, str):
            writer.add(made, {})
        elif isinstance(made, Label):
            labels.add(writer.documents, made)
        else:
            assert isinstance(made, Ending)
            rows = background if made.background and background else own
            writer.add({**rows.row(made.document, own.columns), **own.named(made.truth)}, {})
        if writer.bytes >= shown + _STEP:
            shown = writer.bytes
            yield Reading(marked("Deriving"), min(shown, total), total)
    yield Reading(marked("Deriving"), total, total)


class _Writer(DocumentWriter):
    """Whether lines are wrapped, and so where sentences end, is told from the parent's beginning, not from the new."""

    def __init__(self, folder: Path, parent: Corpus):
        super().__init__(folder)
        held = 0
        self._parent: list[str] = []
        for document in islice(parent.documents, _HEAD):
            self._parent.append(document[: _HEAD - held])
            held += len(self._parent[-1])
            if held >= _HEAD:
                break

    @property
    def head(self) -> str:
        return "".join(self._parent)


class _Rows:
    """The rows of a corpus' table, in little memory."""

    def __init__(self, corpus: Corpus):
        import pyarrow.parquet as pq

        path = corpus.folder / "table.parquet"
        table = pq.read_table(path) if path.exists() else None
        self.cells: dict[str, Any] = {} if table is None else dict(zip(table.column_names, table.columns))
        self.columns = list(self.cells)

    def row(self, document: int, columns: list[str]) -> dict[str, str | None]:
        """A document's cells; the columns of the parent come first, so that they keep their order."""
        return {**dict.fromkeys(columns), **{name: cells[document].as_py() for name, cells in self.cells.items()}}

    def named(self, truth: dict[str, str]) -> dict[str, str]:
        """The truth under names that no column of the table has."""
        return {_unused(name, self.columns): value for name, value in truth.items()}


def _unused(name: str, known: list[str]) -> str:
    number, unused = 1, name
    while unused in known:
        number += 1
        unused = f"{name}.{number}"
    return unused


class _Gold:
    """Labels on their way to disk; no file where there is none."""

    def __init__(self, path: Path):
        self.path, self._rows, self._file = path, [], None  # type: tuple[Path, list[tuple[int, int, int, str]], Any]

    def add(self, document: int, label: Label) -> None:
        self._rows.append((document, *label))
        if len(self._rows) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {"document": pa.int64(), "start": pa.int64(), "end": pa.int64(), "label": pa.string()}
        columns = [pa.array(column, kind) for column, kind in zip(zip(*self._rows), kinds.values())]
        if self._file is None:
            self._file = pq.ParquetWriter(self.path, pa.schema(list(kinds.items())))
        self._file.write_table(pa.table(columns, schema=pa.schema(list(kinds.items()))))
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._flush()
        if self._file is not None:
            self._file.close()


def _check_forms(forms: list[str], settings: ReadSettings) -> None:
    """Raises Problem for a new word that the tokeniser would not read as one; pieces are learned only later."""
    if settings.tokenizer == "pieces":
        return
    tokenization = Tokenization.of(settings)
    for form in forms:
        found = tokenization.tokenize(form)
        if len(found) != 1:
            raise Problem(
                "{form} is no single word to the tokeniser, which reads {found}: choose another, such as {example}.",
                form=form[:80],
                found=" | ".join(found[:10]) or "-",
                example="甲" if settings.tokenizer == "characters" else "wordone",
            )
