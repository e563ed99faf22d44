"""Lines of text as words and numbers, many at a time; what cannot be read is told with its line.

Arrow reads the numbers, correctly rounded to float32; where it meets one that it does not know, the lines are gone
through one by one.
"""

import re

import numpy as np

from core.problem import Problem
from core.store.importing.settings import LONGEST_WORD, check_size, no_width, not_finite

NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
BLANK = b" \t\r"


def is_number(field: bytes) -> bool:
    return NUMBER.fullmatch(field) is not None


def shape(line: bytes, name: str) -> tuple[bytes, int]:
    """What parts the fields of a line (a tab or a blank), and how many numbers follow its word. Raises Problem."""
    line = line.rstrip(BLANK)
    part = b"\t" if b"\t" in line else b" "
    fields = line.split(part)
    width = 0
    while width < len(fields) and is_number(fields[-1 - width]):
        width += 1
    width = min(width, len(fields) - 1)  # the word may be a number too
    if not width:
        raise no_width(name)
    check_size(name, 1, width)
    return part, width


def parted(lines: list[bytes], first: int, width: int, part: bytes, name: str) -> tuple[list[str], np.ndarray]:
    """The words of lines, and float32 (n, width). A word may hold blanks, as some of GloVe's do. Raises Problem."""
    words, rests = [], []
    for number, line in enumerate(lines, first):
        line = line.rstrip(BLANK)
        fields = line.count(part)
        if fields == width:
            word, _, rest = line.partition(part)
        else:
            word, rest = _apart(line, number, width, part, name)
        words.append(as_word(word, number, name))
        rests.append(rest)
    return words, numbers(rests, first, width, part, name)


def _apart(line: bytes, number: int, width: int, part: bytes, name: str) -> tuple[bytes, bytes]:
    """The word and the numbers of a line that has more fields than a word and `width` numbers, or fewer."""
    fields = line.rsplit(part, width)
    last = fields[0].split(part)[-1]
    if len(fields) <= width or is_number(last):
        found = sum(map(is_number, line.split(part)[1:]))
        raise Problem("Line {line} of {name} should have {width} numbers after its word; it has {found}.",
                      line=number, name=name, found=found, width=width)  # fmt: skip
    return fields[0], part.join(fields[1:])


def as_word(word: bytes, line: int, name: str) -> str:
    """The word of a line. Raises Problem if it is empty, too long or not UTF-8."""
    if not word:
        raise Problem("Line {line} of {name} has no word before its numbers.", line=line, name=name)
    if len(word) > LONGEST_WORD:
        raise Problem("The word on line {line} of {name} has {bytes} bytes; {most} can be read.",
                      line=line, name=name, bytes=len(word), most=LONGEST_WORD)  # fmt: skip
    try:
        return word.decode()
    except UnicodeDecodeError as error:
        raise Problem("Line {line} of {name} is not UTF-8: save the file as UTF-8, or choose another format.",
                      line=line, name=name) from error  # fmt: skip


def numbers(rows: list[bytes], first: int, width: int, part: bytes, name: str) -> np.ndarray:
    """float32 (n, width): the numbers of rows. Raises Problem with the line of what is none, or is not finite."""
    for number, row in enumerate(rows, first):
        if row.count(part) != width - 1:
            raise Problem("Line {line} of {name} should have {width} numbers; it has {found}.",
                          line=number, name=name, found=row.count(part) + 1 if row else 0, width=width)  # fmt: skip
    if not rows:
        return np.zeros((0, width), np.float32)
    found = _by_arrow(rows, width, part)
    if found is None:
        found = np.array([_one_by_one(row, number, part, name) for number, row in enumerate(rows, first)], np.float32)
    bad = np.flatnonzero(~np.isfinite(found).all(axis=1))
    if len(bad):
        raise not_finite(name, first + int(bad[0]))
    return found


def _by_arrow(rows: list[bytes], width: int, part: bytes) -> np.ndarray | None:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(i) for i in range(width)]
    reading = csv.ReadOptions(column_names=names, block_size=64 << 20, use_threads=False)
    parsing = csv.ParseOptions(delimiter=part.decode(), quote_char=False, escape_char=False, ignore_empty_lines=False)
    converting = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.float32()), null_values=[])
    try:
        table = csv.read_csv(pa.BufferReader(b"\n".join(rows) + b"\n"), reading, parsing, converting)
    except pa.ArrowInvalid:
        return None
    found = np.empty((len(rows), width), np.float32)
    if table.num_rows != len(rows):
        return None
    for i, column in enumerate(table.columns):
        found[:, i] = column.to_numpy()
    return found


def _one_by_one(row: bytes, line: int, part: bytes, name: str) -> list[float]:
    for field in row.split(part):
        if not is_number(field):
            shown = field[:40].decode("utf-8", "replace")
            raise Problem("Line {line} of {name} has {text} where a number should stand.",
                          line=line, name=name, text=shown)  # fmt: skip
    with np.errstate(over="ignore"):
        return np.array(row.split(part)).astype(np.float32).tolist()
