"""From files to a corpus folder, in steps that a job can show, pause and stop.

Memory is bounded whatever the size of the files (about 300 MB, libraries included): text is read in pieces of a
megabyte and written as it comes; what is written for good is tokenised at the same time by two threads in blocks of a
megabyte, of which at most six are at hand. What grows is the vocabulary: about 350 bytes for each different word, of
which there may be four million.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.cleaning import Cleaner
from core.corpus.corpus import FORMAT, TRANSLATION, kept
from core.corpus.encodings import Encoding, check_encoding, decoded, find_encoding
from core.corpus.files import building
from core.corpus.index import build_index
from core.corpus.language import detect
from core.corpus.records import LONGEST_RECORD, Layout, lines_documents, lines_layout, table_documents, table_layout
from core.corpus.roles import ROLES
from core.corpus.settings import ReadSettings, changed_settings
from core.corpus.sources import Paths, Skipped, Source, find_sources, named
from core.corpus.splitting import Piece, lines, split_text
from core.corpus.tokenise import Tokenising
from core.corpus.writing import DocumentWriter
from core.problem import Problem, marked

HEAD = 256 << 10  # characters that a table's layout is found from
_BEHIND = 1 << 20  # bytes of text that wait to be tokenised; the head of a text, which says how, is less
_SKIPPED = {
    "rows": marked("{count} rows without text were left out."),
    "blanks": marked("{count} documents without text after cleaning were left out."),
    "cells": marked("{count} cells beyond the last column were left out."),
}
_EACH = {
    "label": marked("There are {texts} texts and {count} labels: give one each."),
    TRANSLATION: marked("There are {texts} texts and {count} translations: give one each."),
}
_MOST_SKIPPED = 20  # of the names kept in the facts


@dataclass(frozen=True)
class Reading:
    """One event of reading: `done` of `total` bytes (or documents) in this phase."""

    phase: str
    done: int
    total: int


def build(paths: Paths, folder: str | Path, settings: ReadSettings) -> Iterator[Reading]:
    """Read files into a corpus folder: written beside it and renamed at the end.

    Closing the generator early leaves nothing behind. Raises Problem for what cannot be read, and if the disk is full.
    """
    if settings.encoding:
        check_encoding(settings.encoding)
    with ExitStack() as stack:
        sources, skipped = find_sources(paths, stack, encoding=settings.encoding)
        checked: list[tuple[Source, Encoding, int]] = []
        yield from _check(sources, settings, checked, skipped)
        total = sum(size for _, _, size in checked)
        with building(Path(folder), needed=3 * total) as work:
            cleaner = Cleaner(settings)
            writer = DocumentWriter(work, unique=settings.drop_duplicates, full=bool(cleaner.chosen))
            rows: Counter[str] = Counter()
            with closing(Tokenising(work, settings)) as tokenising:
                try:
                    yield from _read(checked, settings, writer, cleaner, rows, tokenising)
                finally:
                    writer.close()
                rows["blanks"] = writer.blanks
                yield from _finish(writer, settings, _name(paths), _notes(skipped, rows), cleaner, tokenising)


def build_texts(
    texts: Sequence[str], columns: Mapping[str, Sequence[str]], folder: str | Path, settings: ReadSettings
) -> Iterator[Reading]:
    """The same for texts at hand, a document each, an empty one too. columns: "label" and "translation", if given."""
    for name, cells in columns.items():
        if len(cells) != len(texts):
            raise Problem(_EACH[name], texts=len(texts), count=len(cells))
    with building(Path(folder)) as work:
        cleaner, writer = Cleaner(settings), DocumentWriter(work, unique=settings.drop_duplicates)
        try:
            for i, text in enumerate(texts):
                if not isinstance(text, str):
                    kind = type(text).__name__
                    raise Problem("Text {number} is no string but {kind}: give strings.", number=i, kind=kind)
                row: Piece = {name: str(cells[i]) for name, cells in columns.items()}
                for piece in cleaner.documents(iter((text, row)), rows=True):
                    writer.add(piece, {})
                if i % 1000 == 0:
                    yield Reading(marked("Reading"), i, len(texts))
        finally:
            writer.close()
        roles = settings.model_copy(update={f"{name}_column": name for name in columns})
        yield from _finish(writer, roles, marked("pasted text"), [], cleaner)


def _name(paths: Paths) -> str:
    return ", ".join(named(given)[1] for given in paths)[:200]


def _check(
    sources: list[Source],
    settings: ReadSettings,
    checked: list[tuple[Source, Encoding, int]],
    skipped: list[Skipped],
) -> Iterator[Reading]:
    """Read every file once for its encoding and size, so that a bad one is found before anything is written.

    One bad file among good ones is left out, and said. Raises its Problem if there is no good one.
    """
    total, before = sum(source.size for source in sources), 0
    bad: list[Skipped] = []
    for source in sources:
        size, encoding = 0, Encoding("utf-8")
        chunks = source.chunks()
        try:
            for event in find_encoding(chunks, source.name, settings.encoding):
                if isinstance(event, Encoding):
                    encoding = event
                else:
                    size = event
                    yield Reading(marked("Checking"), min(before + size, total), total)
            checked.append((source, encoding, size))
        except Problem as problem:
            bad.append(Skipped(source.name, problem.with_traceback(None)))
        finally:
            chunks.close()  # a file in an archive does not stay open when its reading ends early
        before += source.size
    if bad and not checked:
        raise bad[0].why
    skipped += bad


def _read(
    checked: list[tuple[Source, Encoding, int]], settings: ReadSettings, writer: DocumentWriter, cleaner: Cleaner,
    skipped: Counter[str], tokenising: Tokenising,
) -> Iterator[Reading]:  # fmt: skip
    """Write the documents; their text is tokenised as it comes."""
    total, steps, done = sum(size for _, _, size in checked), 0, 0
    for source, encoding, _ in checked:
        pieces = decoded(source.chunks(), encoding.name, source.name, strict=not settings.encoding)
        more = added(source)
        for piece in documents(source, pieces, settings, skipped, cleaner):
            writer.add(piece, more)
            if writer.settled - tokenising.begun >= _BEHIND:
                writer.flush()
                tokenising.go_on(writer.settled, _newlines(writer))
            steps += 1
            if steps % 500 == 0 or len(piece) > 100_000:
                done = max(done, min(writer.bytes, total))
                yield Reading(marked("Reading"), done, total)
    yield Reading(marked("Reading"), total, total)


def added(source: Source) -> dict[str, str | None]:
    """The columns that reading adds to every row of a source: where it comes from, and what the file says of itself."""
    folder = {"folder": source.folder} if source.folder else {}
    return {"file": source.name, **folder, **getattr(source, "columns", {})}


def documents(
    source: Source, pieces: Iterator[str], settings: ReadSettings, skipped: Counter[str], cleaner: Cleaner
) -> Iterator[Piece]:
    """The documents of one source, cleaned: pieces of text, and the row that ends each."""
    if source.kind == "text":
        yield from cleaner.documents(split_text(cleaner.file(pieces), settings.split, settings.split_words))
        return
    head, pieces = _with_head(pieces)
    layout = layout_of(source, head, settings)
    read = table_documents if source.kind == "table" else lines_documents
    yield from cleaner.documents(read(lines(pieces), layout, source.name, skipped), rows=True)


def layout_of(source: Source, head: str, settings: ReadSettings) -> Layout:
    if source.kind == "table":
        return table_layout(head, source.name, settings.text_column, source.ending)
    return lines_layout(head, source.name, settings.text_column)


def _with_head(pieces: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The first lines of a text, and the whole text again."""
    first, held = [], 0
    for piece in pieces:
        first.append(piece)
        held += len(piece)
        if held >= LONGEST_RECORD or (held >= HEAD and any("\n" in part for part in first)):
            break
    head = "".join(first)
    end = max(HEAD, head.find("\n") + 1)

    def whole() -> Iterator[str]:
        yield from first
        yield from pieces

    return head[:end], whole()


def _notes(skipped: list[Skipped], rows: Counter[str]) -> list[dict[str, Any]]:
    """What was not read, as Problems in JSON."""
    notes = [item.why for item in skipped[:_MOST_SKIPPED]]
    notes += [Problem(_SKIPPED[kind], count=count) for kind, count in rows.items() if count]
    return [note.to_dict() for note in notes]


def _finish(
    writer: DocumentWriter, settings: ReadSettings, name: str, skipped: Iterable[dict[str, Any]],
    cleaner: Cleaner | None = None, tokenising: Tokenising | None = None,
) -> Iterator[Reading]:  # fmt: skip
    """Tokenise what was written and is not yet tokenised, and write the table and the record."""
    if cleaner:
        cleaner.check_left(name)
    roles = _roles(settings, writer.columns)
    if not writer.head.strip() and writer.characters <= len(writer.head):
        raise Problem("{name} is empty: choose a file with text in it.", name=name)
    writer.write_table()
    with closing(tokenising or Tokenising(writer.folder, settings)) as tokenising:
        for done in tokenising.finish(writer.bytes, _newlines(writer)):
            yield Reading(marked("Counting words"), done, writer.bytes)
    counts = np.load(writer.folder / "counts.npy")
    if not len(counts) and settings.stop_words:
        raise Problem("Nothing of {name} is left but stop words: take some of them out of the list.", name=name)
    if not len(counts):
        raise Problem("{name} holds no words: choose a file with text in it.", name=name)
    kept(counts, settings.min_count)
    yield Reading(marked("Indexing"), 0, writer.bytes)
    for done in build_index(writer.folder):
        yield Reading(marked("Indexing"), done * writer.bytes // int(counts.sum()), writer.bytes)
    language = settings.language or detect(writer.head)
    asked = (FORMAT, settings.tokenizer, settings.lowercase, language, settings.label_column)
    writer.digest.update(repr(asked + changed_settings(settings)).encode())
    facts = {"documents": writer.documents, "tokens": int(counts.sum()), "types": len(counts), "language": language,
             "tokenizer": settings.tokenizer, "lowercase": settings.lowercase, "characters": writer.characters,
             "bytes": writer.bytes, "name": name, "wrapped": looks_wrapped(writer.head),
             "skipped": list(skipped)}  # fmt: skip
    if cleaner and cleaner.chosen:
        facts["cleaned"] = cleaner.counts(writer.duplicates)
    if settings.translation_column:
        yield from _translate(writer.folder, settings)
        facts["translation"] = _translated(writer.folder, settings.translation_column)
    record = {"format": FORMAT, "id": writer.digest.hexdigest()[:32], "facts": facts, "min_count": settings.min_count,
              "label_column": roles.pop("label", None), "roles": roles}  # fmt: skip
    (writer.folder / "corpus.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def _translate(folder: Path, settings: ReadSettings) -> Iterator[Reading]:
    """The second corpus, out of the table: a document for each row, whatever stands in its cell."""
    import pyarrow.parquet as pq

    column, work = settings.translation_column, folder / TRANSLATION
    work.mkdir()
    writer, cleaner = DocumentWriter(work), Cleaner(settings.model_copy(update={"drop_duplicates": False}))
    try:
        for batch in pq.ParquetFile(folder / "table.parquet").iter_batches(columns=[column]):
            for cell in batch.column(0).to_pylist():
                for piece in cleaner.documents(iter((cell or "", {})), rows=True):
                    writer.add(piece, {})
    finally:
        writer.close()
    language = detect(writer.head)
    kept_tokenizer = settings.tokenizer in ("characters", "pieces")
    tokenizer = settings.tokenizer if kept_tokenizer else "chinese" if language == "zh" else "words"
    named = {name: getattr(settings, name) for name in ("lowercase", "min_count", "pieces", "pieces_size")}
    own = ReadSettings(language=language, tokenizer=tokenizer, **named)
    yield from _finish(writer, own, column, [])


def _translated(folder: Path, column: str) -> dict[str, Any]:
    """What is said of the second corpus beside the facts of the first."""
    facts = json.loads((folder / TRANSLATION / "corpus.json").read_text(encoding="utf-8"))["facts"]
    return {"column": column, **{name: facts[name] for name in ("language", "tokenizer", "tokens", "types")}}


def _newlines(writer: DocumentWriter) -> int:
    """How many line ends end a sentence."""
    return 2 if looks_wrapped(writer.head) else 1


def _roles(settings: ReadSettings, columns: Collection[str]) -> dict[str, str]:
    """The columns that a person gave a role. Raises Problem for one that is not there."""
    chosen: dict[str, str] = {role: getattr(settings, f"{role}_column") for role in ROLES}
    for column in filter(None, (*chosen.values(), settings.translation_column)):
        if column not in columns:
            known = ", ".join(list(columns)[:30]) or "-"
            raise Problem("There is no column {asked}; the columns are {columns}.", asked=column[:80], columns=known)
    return {role: column for role, column in chosen.items() if column}


def looks_wrapped(text: str) -> bool:
    """Whether most lines end near one width, as on a page, so that a line end does not end a sentence."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    width = lengths[int(0.98 * (len(lengths) - 1))] if lengths else 0
    if len(lengths) < 20 or not 40 <= width <= 100 or lengths[-1] > 2 * width:
        return False
    return sum(length > 0.75 * width for length in lengths) > 0.5 * len(lengths)
