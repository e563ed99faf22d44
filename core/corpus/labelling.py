"""Labels of single occurrences out of files and pasted lines: each row is found in the corpus, or said.

What a row may say: document, start, end and label; or left, keyword, right and label; or a sentence with the place of
its word (an index of the tokens between blanks, or a start in characters) and a label. Places count from 0.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.corpus.contexts import Line, locate
from core.corpus.corpus import Corpus
from core.corpus.occurrences import MOST, Labelled, Notes, checked, whole_number
from core.corpus.records import table_layout
from core.corpus.single import single_text
from core.problem import Problem

MOST_BYTES = 256 << 20
ROLES: dict[str, tuple[str, ...]] = {
    "document": ("document", "doc", "document_id", "doc_id", "docid", "text_id", "file", "filename", "title", "文档"),
    "start": ("start", "begin", "start_char", "offset", "onset", "from", "开始", "起点"),
    "end": ("end", "stop", "end_char", "offset_end", "to", "结束", "终点"),
    "left": ("left", "left context", "left_context", "before", "左", "左文"),
    "keyword": ("keyword", "node", "kwic", "hit", "form", "surface", "match", "word", "target", "关键词", "词"),
    "right": ("right", "right context", "right_context", "after", "右", "右文"),
    "sentence": ("sentence", "text", "context", "tokens", "句子", "例句"),
    "index": ("index", "position", "token", "token_index", "target_index", "idx", "位置"),
    "label": ("label", "sense", "tag", "gold", "class", "category", "sense_key", "标签", "义项"),
}  # fmt: skip
_MARKED = re.compile(r"^(.*?)\*\*(\S(?:.*?\S)?)\*\*(.*)$")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class LabelFile:
    """A file of labels: its columns, its rows, and the column that plays each role, as far as that could be guessed."""

    name: str
    columns: list[str]
    rows: list[list[str]]
    roles: dict[str, str]

    def cell(self, row: Sequence[str], column: str | None) -> str:
        place = self.columns.index(column) if column in self.columns else len(row)
        return row[place] if place < len(row) else ""


def open_labels(path: str | Path, name: str = "") -> LabelFile:
    """Read a table (CSV, TSV, JSON lines; packed too) and guess what its columns mean.

    Raises Problem for what is no text or too large, and if it has no rows.
    """
    text, shown = single_text(Path(path), name or Path(path).name, MOST_BYTES)
    if text.lstrip()[:1] in ("{", "["):
        columns, rows = _objects(text, shown)
    else:
        columns, rows = _cells(text, shown)
    if not rows:
        raise Problem("{name} holds no labels: give rows of document, start, end and label.", name=shown)
    if len(rows) > MOST:
        raise Problem("{name} labels more than {most} places, the limit: bring a part of it.", name=shown, most=MOST)
    return LabelFile(shown, columns, rows, guess(columns, rows))


def import_labels(
    file: LabelFile, corpus: Corpus, roles: Mapping[str, str] | None = None, gold: Sequence[str] | None = None
) -> Labelled:
    """The labels of a file, found in a corpus.

    roles: role -> column, where the guess was wrong. gold: a label a row, where another file has them. Raises Problem
    if the columns do not say where the words stand, and if no row could be taken.
    """
    chosen, notes = dict(file.roles if roles is None else roles), Notes()
    if gold is not None and len(gold) != len(file.rows):
        raise Problem("{name} has {rows} rows and there are {labels} labels: give one each.", name=file.name,
                      rows=len(file.rows), labels=len(gold))  # fmt: skip
    labels = gold or [file.cell(row, chosen.get("label")).strip() for row in file.rows]
    if {"document", "start", "end"} <= chosen.keys() or (
        {"start", "end"} <= chosen.keys() and "sentence" not in chosen
    ):
        return checked(corpus, _offsets(file, corpus, chosen, labels, notes), notes, file.name)
    if "keyword" not in chosen and not ("sentence" in chosen and chosen.keys() & {"index", "start"}):
        raise Problem(
            "{name} does not say where its words stand; its columns are {columns}. Name them document, start, end and "
            "label; or left, keyword, right and label; or sentence, index and label.",
            name=file.name,
            columns=", ".join(file.columns[:30]),
        )
    lines = _contexts(file, chosen, labels, notes)
    return checked(corpus, _found(corpus, lines, notes, len(file.rows)), notes, file.name)


def import_lines(text: str, corpus: Corpus, name: str = "") -> Labelled:
    """The labels of pasted lines: left, keyword, right and label parted by tabs, or `left **keyword** right`.

    Raises Problem if no line could be found.
    """
    notes, lines = Notes(), []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _parted(line)
        if parts is None:
            notes.add("form", number, line)
        else:
            lines.append(Line(number, *parts))
    return checked(corpus, _found(corpus, lines, notes), notes, name or "The pasted text")


def _parted(line: str) -> tuple[str, str, str, str] | None:
    """left, keyword, right, label of one line; a leading number of the line is left out."""
    cells = line.split("\t")
    if marks := _MARKED.match(cells[0]):
        return marks[1], marks[2], marks[3], cells[1].strip() if len(cells) > 1 else ""
    if len(cells) > 4 and whole_number(cells[0]) is not None:
        cells = cells[1:]
    if len(cells) < 3 or not cells[1].strip():
        return None
    return cells[0], cells[1], cells[2], cells[3].strip() if len(cells) > 3 else ""


def _found(corpus: Corpus, lines: list[Line], notes: Notes, rows: int = -1) -> Iterator[tuple[int, int, int, int, str]]:
    """The lines that stand in exactly one place; where the corpus has a document a row, in the row's own document."""
    locate(corpus, lines)
    for line in lines:
        if line.own and rows == len(corpus.documents):
            line.places = [line.own]
        if len(line.places) == 1:
            yield (line.number, *line.places[0], line.label)
        else:
            shown = f"{line.left[-30:]} {line.keyword} {line.right[:30]}"
            notes.add("several" if line.places else "nowhere", line.number, shown)


def _contexts(file: LabelFile, roles: Mapping[str, str], labels: Sequence[str], notes: Notes) -> list[Line]:
    """Each row as a word in its context."""
    lines = []
    for number, (row, label) in enumerate(zip(file.rows, labels), 1):
        cells = {role: file.cell(row, roles.get(role)) for role in ROLES}
        if "sentence" in roles and roles.keys() & {"index", "start"}:
            parts = _in_sentence(cells, "index" in roles)
        else:
            parts = (cells["left"], cells["keyword"], cells["right"]) if cells["keyword"].strip() else None
        if parts is None:
            notes.add("form", number, " ".join(row))
        else:
            lines.append(Line(number, *parts, label))
    return lines


def _in_sentence(cells: dict[str, str], by_index: bool) -> tuple[str, str, str] | None:
    """left, keyword, right of a sentence with the place of its word; None where there is none."""
    sentence, place = cells["sentence"], whole_number(cells["index" if by_index else "start"])
    if place is None or place < 0:
        return None
    if by_index:
        words = sentence.split()
        return (" ".join(words[:place]), words[place], " ".join(words[place + 1 :])) if place < len(words) else None
    end = whole_number(cells["end"])
    if end is None:
        end = place + len(cells["keyword"]) if cells["keyword"] else _word_end(sentence, place)
    return (sentence[:place], sentence[place:end], sentence[end:]) if sentence[place:end].strip() else None


def _word_end(sentence: str, place: int) -> int:
    found = _WORD.match(sentence, place)
    return found.end() if found else place


def _offsets(
    file: LabelFile, corpus: Corpus, roles: Mapping[str, str], labels: Sequence[str], notes: Notes
) -> Iterator[tuple[int, int, int, int, str]]:
    names = [file.cell(row, roles.get("document")).strip() for row in file.rows]
    documents = (
        _documents(corpus, names) if "document" in roles else [0 if len(corpus.documents) == 1 else None] * len(names)
    )
    for number, (row, document, label) in enumerate(zip(file.rows, documents, labels), 1):
        start, end = (whole_number(file.cell(row, roles[role])) for role in ("start", "end"))
        if document is None:
            notes.add("document", number)
        elif start is None or end is None:
            notes.add("number", number)
        else:
            yield number, document, start, end, label


def _documents(corpus: Corpus, names: list[str]) -> list[int | None]:
    """The document that each row names: by its number, or by the cell of the column that knows most of the names."""
    best: list[int | None] = [whole_number(name) for name in names]
    if None not in best:
        return best
    for column in corpus.table.columns:
        cells = corpus.table[column].tolist()
        twice = {cell for cell, count in Counter(cells).items() if count > 1}
        numbers = {cell: i for i, cell in enumerate(cells) if isinstance(cell, str) and cell not in twice}
        known = [numbers.get(name) for name in names]
        if len(known) - known.count(None) > len(best) - best.count(None):
            best = known
    return best


def guess(columns: list[str], rows: list[list[str]]) -> dict[str, str]:
    """role -> column: by the columns' names, else by what the first rows hold."""
    named = {column.split("(")[0].strip().lower(): column for column in reversed(columns)}
    roles = {role: named[name] for role, names in ROLES.items() for name in reversed(names) if name in named}
    if roles.keys() - {"label"}:
        return roles
    numbers = [all(whole_number(row[i]) is not None for row in rows[:200] if i < len(row)) for i in range(len(columns))]
    order: tuple[str, ...] = ()
    match numbers:
        case [_, True, True, False] | [_, True, True]:
            order = ("document", "start", "end", "label")
        case [True, True, False]:
            order = ("start", "end", "label")
        case [True, False] | [True, False, _]:
            order = ("index", "sentence", "label")
        case [_, _, _] | [_, _, _, _]:
            order = ("left", "keyword", "right", "label")
    return dict(zip(order, columns))


def _cells(text: str, name: str) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of a table; columns without a header are numbered."""
    head = text[: 256 << 10]
    layout = table_layout(head, name, "", "tsv" if "\t" in head.split("\n", 1)[0] else "")
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
    try:
        reader = csv.reader(text.split("\n"), delimiter=layout.delimiter, quoting=quoting)
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Problem("{name} cannot be read as a table: its quotation marks do not close, or a cell is too long.",
                      name=name) from error  # fmt: skip
    if rows and (layout.header or _is_header(rows)):
        return [cell.strip() or f"column {i}" for i, cell in enumerate(rows[0], 1)], rows[1:]
    return [f"column {i + 1}" for i in range(max(map(len, rows), default=0))], rows


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: by known names, or above numbers without being one."""
    known = {name for names in ROLES.values() for name in names}
    if any(cell.split("(")[0].strip().lower() in known for cell in rows[0]):
        return True
    numbers = [{whole_number(row[i]) is not None for row in rows[1:200] if i < len(row)} for i in range(len(rows[0]))]
    return any(below == {True} and whole_number(cell) is None for cell, below in zip(rows[0], numbers))


def _objects(text: str, name: str) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of JSON lines, or of one JSON list."""
    records: list[Any] = []
    try:
        records = (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [*map(json.loads, filter(str.strip, text.split("\n")))]
        )
    except (ValueError, RecursionError) as error:
        raise Problem("{name} is no JSON: give one object a line.", name=name) from error
    kept = [record for record in records if isinstance(record, dict)]
    columns = list(dict.fromkeys(str(key) for record in kept for key in record))
    return columns, [["" if record.get(key) is None else str(record[key]) for key in columns] for record in kept]
