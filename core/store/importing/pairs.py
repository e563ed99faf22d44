"""Formats of two files: numbers in one, as TSV or .npy, and words in the other, with their counts if it says them.

Which is which is told by what they hold.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np

from core.problem import Problem
from core.store.importing.numbers import BLANK, as_word, is_number, numbers, shape
from core.store.importing.settings import check_size, not_finite
from core.store.importing.stream import Stream, lines
from core.store.importing.text import MOST_NUMBERS
from core.store.importing.writer import Writer

NPY = b"\x93NUMPY"
WORD_NAMES = ("word", "words", "token", "label", "name")
COUNT_NAMES = ("count", "counts", "frequency", "freq", "occurrences")
_HEAD = 1 << 16
_NO_HEADER = (ValueError, KeyError, OSError, SyntaxError, TypeError, RecursionError, MemoryError, Warning, TokenError)


def is_rows(stream: Stream) -> bool:
    """Whether the first line is numbers alone, with tabs between."""
    first = stream.head(_HEAD).removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].rstrip(BLANK)
    return bool(first) and all(map(is_number, first.split(b"\t")))


def sorted_pair(streams: list[Stream]) -> tuple[Stream, Stream]:
    """The file of numbers, then that of words. Raises Problem if there are not two such."""
    if len(streams) != 2:
        raise Problem("This format needs two files, one of numbers and one of words; {found} came.", found=len(streams))
    ranked = sorted(streams, key=lambda one: (not one.head(8).startswith(NPY), not is_rows(one)))
    if not ranked[0].head(8).startswith(NPY) and not is_rows(ranked[0]):
        raise Problem("Neither {first} nor {second} is a file of numbers alone: choose another format.",
                      first=streams[0].name, second=streams[1].name)  # fmt: skip
    return ranked[0], ranked[1]


def read_words(stream: Stream, writer: Writer) -> tuple[list[int] | None, int]:
    """The words, a line each, or the columns of a table whose first line names them; their counts, if it has them, and
    the number of the first word's line."""
    word, count, first_word = 0, -1, 1
    counts: list[int] = []
    for first, block in lines(stream):
        if first == 1:
            word, count, first_word = columns(block[0])
            block, first = block[first_word - 1 :], first_word
        cells = [line.rstrip(b"\r").split(b"\t") for line in block]
        found = [as_word(_cell(row, word), first + i, stream.name) for i, row in enumerate(cells)]
        if count >= 0:
            counts += [_count(_cell(row, count), first + i, stream) for i, row in enumerate(cells)]
        writer.add(found, np.zeros((0, 1), np.float32), first)
        check_size(stream.name, max(1, len(writer.words)), 1)
    return (counts if count >= 0 else None), first_word


def columns(line: bytes) -> tuple[int, int, int]:
    """Where the words and the counts stand (-1: nowhere), and on which line the first word is.

    One column has no names; of several the first line names them (TensorBoard's rule), unless a number stands there.
    """
    cells = [cell.strip().lower().decode("utf-8", "replace") for cell in line.split(b"\t")]
    if len(cells) == 1:
        return 0, -1, 1
    if any(is_number(cell.encode()) for cell in cells[1:]):
        return 0, 1, 1
    word = next((i for i, cell in enumerate(cells) if cell in WORD_NAMES), 0)
    return word, next((i for i, cell in enumerate(cells) if cell in COUNT_NAMES), -1), 2


def _cell(row: list[bytes], place: int) -> bytes:
    return row[place] if place < len(row) else b""


def _count(cell: bytes, line: int, stream: Stream) -> int:
    text = cell.strip()
    if not text.isdigit() or len(text) > 18:
        raise Problem("Line {line} of {name} has {text} where a count should stand.",
                      line=line, name=stream.name, text=text[:40].decode("utf-8", "replace"))  # fmt: skip
    return int(text)


def read_rows(stream: Stream, writer: Writer) -> Iterator[int]:
    """The projector's vectors: numbers with tabs between, a line a word. Yields the stored bytes read so far."""
    width, rows = 0, 0
    for first, block in lines(stream):
        block = [line.rstrip(BLANK) for line in block]
        if not width:
            width = shape(b"word\t" + block[0], stream.name)[1]
            writer.begin(width)
        step = max(1, MOST_NUMBERS // width)
        for begin in range(0, len(block), step):
            some = numbers(block[begin : begin + step], first + begin, width, b"\t", stream.name)
            rows += len(some)
            check_size(stream.name, rows, width)
            writer.rows(some)
            yield stream.done
    same_number(stream.name, rows, len(writer.words))


def read_npy(stream: Stream, writer: Writer, work: Path) -> Iterator[int]:
    """A table of numbers as numpy has it. Yields the stored bytes read so far."""
    path = stream.path
    if stream.packed:
        path = work / "unpacked.npy"
        with open(path, "wb") as file:
            for chunk in stream.chunks():
                file.write(chunk)
                yield stream.done
    array = opened_npy(path, stream.name)
    same_number(stream.name, len(array), len(writer.words))
    writer.begin(array.shape[1])
    step = max(1, MOST_NUMBERS // array.shape[1])
    for begin in range(0, len(array), step):
        with np.errstate(over="ignore"):
            some = np.asarray(array[begin : begin + step], np.float32)
        bad = np.flatnonzero(~np.isfinite(some).all(axis=1))
        if len(bad):
            raise not_finite(stream.name, begin + int(bad[0]) + 1)
        writer.rows(some)
        yield min(stream.stored, int(stream.stored * (begin + len(some)) / len(array)))
    if stream.packed:
        path.unlink()


def opened_npy(path: Path, name: str) -> np.ndarray:
    """The table, memory-mapped: real numbers in two dimensions, all of them there. Raises Problem."""
    shape, fortran, dtype, offset = npy_header(path, name)
    if len(shape) != 2 or dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise Problem("{name} should hold a table of real numbers, a row a word; it holds {what}.",
                      name=name, what=" ".join(map(str, (dtype, shape)))[:80])  # fmt: skip
    check_size(name, shape[0], shape[1])
    needed, size = offset + shape[0] * shape[1] * dtype.itemsize, path.stat().st_size
    if needed != size:
        raise Problem("{name} announces {rows} rows of {columns} numbers, which take {needed} bytes; it has {size}. It "
                      "is cut off or damaged.", name=name, rows=shape[0], columns=shape[1], needed=needed,
                      size=size)  # fmt: skip
    return np.memmap(path, dtype, "r", offset, shape, "F" if fortran else "C")


def npy_header(path: Path, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """shape, whether columns come first, type, and where the numbers begin; nothing else of the file is read."""
    readers: Any = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    try:
        with open(path, "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("error")  # numpy warns of headers that Python 2 wrote
            shape, fortran, dtype = readers[np.lib.format.read_magic(file)](file, max_header_size=10_000)
            return shape, fortran, dtype, file.tell()
    except _NO_HEADER as error:
        raise Problem("{name} is no .npy file that can be read: it is damaged, or of another format.",
                      name=name) from error  # fmt: skip


def same_number(name: str, rows: int, words: int) -> None:
    if rows != words:
        raise Problem("{name} has {rows} vectors, and there are {words} words: the two files do not belong together.",
                      name=name, rows=rows, words=words)  # fmt: skip
