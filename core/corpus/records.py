"""Tables and JSON lines -> documents: one row, one document; its other cells are the row of the corpus' table."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from core.corpus.splitting import Piece
from core.problem import Problem

LONGEST_RECORD = 16 << 20  # characters of one line or one cell
MOST_COLUMNS = 1000
_TEXT_NAMES = ("text", "content", "body", "sentence", "review", "document", "文本", "正文", "内容")
_LABEL_NAMES = ("label", "class", "category", "topic", "genre", "sentiment", "标签", "类别", "分类")
_OTHER_NAMES = ("id", "title", "author", "date", "name", "language", "source")
_DELIMITERS, _ONE_COLUMN = ",;\t|", "\x1f"


@dataclass(frozen=True)
class Layout:
    """How a table is written, and its columns. For JSON lines: the fields of the first ones."""

    columns: tuple[str, ...]
    text: str
    label: str | None
    delimiter: str = ""
    quoted: bool = True
    header: bool = True


def table_layout(head: str, name: str, text_column: str = "", ending: str = "") -> Layout:
    """Find out how a table is written from its first lines. Raises Problem if there is no such column, or too many."""
    delimiter, quoted = _dialect(head, ending)
    rows = _head_rows(head, delimiter, quoted)
    if not rows:
        raise Problem("{name} holds no rows: choose a file with text in it.", name=name)
    width = max(map(len, rows))
    if width > MOST_COLUMNS:
        raise Problem("{name} has {count} columns, the limit is {most}: keep the text and a few others.",
                      name=name, count=width, most=MOST_COLUMNS)  # fmt: skip
    header = (text_column != "" and text_column in rows[0]) or _is_header(rows)
    columns = _unique(rows[0]) if header else tuple(f"column {i + 1}" for i in range(width))
    cells = [row for row in rows[header:] if row] or rows
    values = {column: [row[i] for row in cells if i < len(row)] for i, column in enumerate(columns)}
    text = _text_column(values, name, text_column)
    return Layout(columns, text, _label_column(values, text), delimiter, quoted, header)


def lines_layout(head: str, name: str, text_column: str = "") -> Layout:
    """The fields of JSON lines, from the first of them."""
    values: dict[str, list[str]] = {}
    strings: dict[str, list[str]] = {}
    for line in head.split("\n"):
        for key, value in (_parsed(line) or {}).items():
            values.setdefault(key, []).append(_cell(value) or "")
            if isinstance(value, str):
                strings.setdefault(key, []).append(value)
    if not values:
        raise Problem("{name} holds no JSON object: write one a line, such as {example}.",
                      name=name, example='{"text": "…"}')  # fmt: skip
    text = _text_column(values if text_column else strings or values, name, text_column)
    return Layout(tuple(values), text, _label_column(values, text))


def _dialect(head: str, ending: str) -> tuple[str, bool]:
    """The delimiter that gives the most rows the same width, and whether cells are quoted."""
    scores = {}
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in _head_rows(head, delimiter, True) if row)
        (width, rows), *_ = widths.most_common(1) or [(1, 0)]
        scores[delimiter] = (width > 1) * rows / max(1, sum(widths.values())) + width / 1e6
    delimiter = "\t" if ending in ("tsv", "tab") else max(scores, key=lambda candidate: scores[candidate])
    if delimiter != "\t" and scores[delimiter] < 0.3:
        return _ONE_COLUMN, True
    return delimiter, delimiter != "\t" or _well_quoted(head, delimiter)


def _well_quoted(head: str, delimiter: str) -> bool:
    """Whether cells that begin with a quotation mark end with one: else the marks are part of the text."""
    if not head.startswith('"') and f'{delimiter}"' not in head and '\n"' not in head:
        return False
    complete = head[: head.rfind('"\n') + 2] or head
    try:
        list(csv.reader(io.StringIO(complete, newline="\n"), delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _head_rows(head: str, delimiter: str, quoted: bool) -> list[list[str]]:
    """The first rows; the last one, which may be cut, only if it is alone."""
    _allow_long_cells()
    lines = io.StringIO(head, newline="\n")  # which parts lines at \n alone, as the reader does
    rows = [row for row in csv.reader(lines, delimiter=delimiter, quoting=_quoting(quoted)) if row]
    return rows[:-1] if len(rows) > 2 and not head.endswith("\n") else rows


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: known names, or short words that do not occur below."""
    first, below = [cell.strip() for cell in rows[0]], rows[1:200]
    known = {cell.lower() for cell in first} & {*_TEXT_NAMES, *_LABEL_NAMES, *_OTHER_NAMES}
    if known or not below:
        return bool(known)
    if any(len(cell) > 40 or _is_number(cell) for cell in first):
        return False
    for i, cell in enumerate(first):
        column = [row[i] for row in below if i < len(row)]
        if cell and cell in column:
            return False
    longest = max(range(len(first)), key=lambda i: sum(len(row[i]) for row in below if i < len(row)))
    mean = sum(len(row[longest]) for row in below if longest < len(row)) / len(below)
    return len(first[longest]) * 2 < mean


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _unique(names: list[str]) -> tuple[str, ...]:
    """Column names without blanks and without twins: text, text.2."""
    seen: Counter[str] = Counter()
    unique = []
    for i, given in enumerate(names):
        name = given.strip()[:200] or f"column {i + 1}"
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return tuple(unique)


def _text_column(values: dict[str, list[str]], name: str, asked: str) -> str:
    """The column asked for; else the one called text or the like, else the one with the longest text."""
    if asked:
        if asked not in values:
            columns = ", ".join(list(values)[:30])
            raise Problem(
                "{name} has no column {asked}; it has {columns}.", name=name, asked=asked[:80], columns=columns
            )
        return asked
    for known in _TEXT_NAMES:
        for column in values:
            if column.lower() == known:
                return column
    return max(values, key=lambda column: sum(map(len, values[column])) / max(1, len(values[column])))


def _label_column(values: dict[str, list[str]], text: str) -> str | None:
    """A column called label or the like, or one with few short values that come again and again."""
    for known in _LABEL_NAMES:
        for column in values:
            if column.lower() == known and column != text:
                return column
    for column, cells in values.items():
        kinds = set(cells)
        if column != text and len(cells) >= 10 and 2 <= len(kinds) <= len(cells) // 4 and max(map(len, kinds)) <= 40:
            return column
    return None


def table_documents(all_lines: Iterator[str], layout: Layout, name: str, skipped: Counter[str]) -> Iterator[Piece]:
    """A document a row; what is not read is counted in `skipped`."""
    _allow_long_cells()
    rows = csv.reader(whole_lines(all_lines, name), delimiter=layout.delimiter, quoting=_quoting(layout.quoted))
    text, width, first = layout.columns.index(layout.text), len(layout.columns), layout.header
    try:
        for row in rows:
            if first or not row:
                first = False
                continue
            if len(row) > width:
                skipped["cells"] += len(row) - width
            if len(row) <= text or not row[text].strip():
                skipped["rows"] += 1
                continue
            yield row[text]
            yield {column: cell for i, (column, cell) in enumerate(zip(layout.columns, row)) if i != text}
    except csv.Error as error:
        raise Problem(
            "{name} cannot be read as a table near line {line}: a cell is longer than {most} million characters or its "
            "quotation marks do not close.",
            name=name,
            line=rows.line_num,
            most=LONGEST_RECORD >> 20,
        ) from error


def lines_documents(all_lines: Iterator[str], layout: Layout, name: str, skipped: Counter[str]) -> Iterator[Piece]:
    """A document a line of JSON; lines that are no object, or have no text, are counted in `skipped`."""
    for line in whole_lines(all_lines, name):
        if not line.strip():
            continue
        record = _parsed(line)
        text = None if record is None else record.get(layout.text)
        if not isinstance(text, str) or not text.strip():
            skipped["rows"] += 1
            continue
        yield text
        yield {str(key)[:200]: _cell(value) for key, value in (record or {}).items() if key != layout.text}


def whole_lines(all_lines: Iterable[str], name: str) -> Iterator[str]:
    """Lines that came in several pieces joined. Raises Problem for one longer than LONGEST_RECORD."""
    parts: list[str] = []
    held = 0
    for part in all_lines:
        if not parts and part.endswith("\n"):
            yield part
            continue
        parts.append(part)
        held += len(part)
        if held > LONGEST_RECORD:
            raise Problem("{name} has a row longer than {most} million characters: read it as .txt.",
                          name=name, most=LONGEST_RECORD >> 20)  # fmt: skip
        if part.endswith("\n"):
            yield "".join(parts)
            parts, held = [], 0
    if parts:
        yield "".join(parts)


def _quoting(quoted: bool) -> Literal[0, 3]:
    return csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE


def _allow_long_cells() -> None:
    csv.field_size_limit(LONGEST_RECORD)


def _parsed(line: str) -> dict[str, Any] | None:
    """A line's object; None if it is something else, damaged, or nested too deeply."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
