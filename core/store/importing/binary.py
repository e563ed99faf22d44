"""word2vec's binary format: a line `V d`, then of each word its letters, a blank and d float32 (little-endian)."""

from collections.abc import Iterator

import numpy as np

from core.problem import Problem
from core.store.importing.numbers import as_word
from core.store.importing.settings import LONGEST_WORD, announced, check_announced, cut_off, no_first_line
from core.store.importing.stream import Stream
from core.store.importing.writer import Writer

_AT_ONCE = 4 << 20  # bytes of vectors written at a time


def read_binary(stream: Stream, writer: Writer) -> Iterator[int]:
    """Yields the stored bytes read so far. In sentences, a "line" is a word's number."""
    chunks = stream.chunks()
    data = next(chunks)
    told = announced(data)
    if told is None:
        raise no_first_line(stream.name)
    words, width, begin = told
    check_announced(stream.name, words, width, begin + words * (4 * width + 2), stream.size)
    writer.begin(width)
    data = data[begin:]
    while True:
        data = _taken(data, words - len(writer.words), width, stream, writer)
        yield stream.done
        chunk = next(chunks, b"")
        if not chunk:
            break
        data += chunk
        if len(writer.words) == words:
            break
    if len(writer.words) < words:
        raise cut_off(stream.name, words, len(writer.words))
    if data.strip(b"\n"):
        raise Problem("{name} goes on after the {words} words that it announces: its first line is wrong.",
                      name=stream.name, words=words)  # fmt: skip


def _taken(data: bytes, most: int, width: int, stream: Stream, writer: Writer) -> bytes:
    """Write the whole rows that these bytes begin with, at most so many; what is left of the bytes."""
    place, size = 0, 4 * width
    while most:
        words: list[str] = []
        rows: list[bytes] = []
        while most and len(rows) * size < _AT_ONCE:
            number = len(writer.words) + len(words) + 1
            found = _row(data, place, size, number, stream)
            if found is None:
                most = 0
                break
            word, begin = found
            words.append(as_word(word, number, stream.name))
            rows.append(data[begin : begin + size])
            place, most = begin + size, most - 1
        _write(words, rows, width, stream, writer)
    return data[place:]


def _row(data: bytes, place: int, size: int, number: int, stream: Stream) -> tuple[bytes, int] | None:
    """The word at this place and where its numbers begin; None if the bytes end before the row does."""
    while data[place : place + 1] == b"\n":  # word2vec's own program ends a row with one
        place += 1
    blank = data.find(b" ", place, place + LONGEST_WORD + 1)
    if blank < 0:
        if len(data) - place > LONGEST_WORD:
            raise Problem("No word begins where word {line} of {name} should: the file is damaged, or of another "
                          "format.", line=number, name=stream.name)  # fmt: skip
        return None
    return None if len(data) < blank + 1 + size else (data[place:blank], blank + 1)


def _write(words: list[str], rows: list[bytes], width: int, stream: Stream, writer: Writer) -> None:
    if not words:
        return
    vectors, first = np.frombuffer(b"".join(rows), "<f4").reshape(-1, width), len(writer.words) + 1
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise Problem("The vector of word {line} of {name} holds a number that is not finite: the file is damaged, or "
                      "of another format.", line=first + int(bad[0]), name=stream.name)  # fmt: skip
    writer.add(words, vectors, first)
