"""Text formats: word2vec's and fastText's .vec, whose first line announces words and width; GloVe's, without one."""

from collections.abc import Iterator

from core.store.importing.numbers import parted, shape
from core.store.importing.settings import announced, check_announced, check_size, cut_off, no_first_line, too_many
from core.store.importing.stream import Stream, lines
from core.store.importing.writer import Writer

MOST_NUMBERS = 1 << 20  # read at a time


def read_word2vec(stream: Stream, writer: Writer) -> Iterator[int]:
    """A line `V d`, then a line a word. Yields the stored bytes read so far."""
    told, part = None, b" "
    for first, block in lines(stream):
        if told is None:
            told = _announced(block[0], stream)
            block, first = block[1:], first + 1
        if block and first == 2:
            part = b"\t" if b"\t" in block[0] else b" "
        if not writer.words and block:
            writer.begin(told[1])
        yield from _rows(block, first, told[1], part, stream, writer, told[0])
    if told is None or len(writer.words) < told[0]:
        raise cut_off(stream.name, told[0] if told else 0, len(writer.words))


def _announced(line: bytes, stream: Stream) -> tuple[int, int]:
    """What the first line announces, if that fits into the file."""
    told = announced(line + b"\n")
    if told is None:
        raise no_first_line(stream.name)
    words, width, _ = told
    # the first line; of a word its one letter, a blank and a digit for each number, a line end, which the last may lack
    check_announced(stream.name, words, width, len(line) + words * (2 * width + 2), stream.size)
    return words, width


def read_glove(stream: Stream, writer: Writer) -> Iterator[int]:
    """A line a word, all of one width. Yields the stored bytes read so far."""
    part, width = b" ", 0
    for first, block in lines(stream):
        if not width:
            part, width = shape(block[0], stream.name)
            writer.begin(width)
        yield from _rows(block, first, width, part, stream, writer, None)


def _rows(
    block: list[bytes], first: int, width: int, part: bytes, stream: Stream, writer: Writer, most: int | None
) -> Iterator[int]:
    """Write the lines of a block, a bounded number of numbers at a time."""
    step = max(1, MOST_NUMBERS // width)
    for begin in range(0, len(block), step):
        if most is not None and len(writer.words) + len(block) - begin > most:
            end = begin + most - len(writer.words)
            if any(line.strip() for line in block[end:]):
                raise too_many(stream.name, most, first + end)
            block = block[:end]  # blank lines at the end
        some = block[begin : begin + step]
        words, vectors = parted(some, first + begin, width, part, stream.name)
        writer.add(words, vectors, first + begin)
        check_size(stream.name, len(writer.words), width)
        yield stream.done
