"""What is asked of a reading of vectors, its bounds, and what goes wrong in every format, as sentences."""

from typing import Literal

from core.options import Options, option
from core.problem import Problem, marked

MOST_WORDS = 5_000_000
MOST_WIDTH = 4096  # numbers of a vector
LONGEST_WORD = 1000  # bytes
_LONGEST_HEADER = 64  # bytes
LONGEST_LINE = 1 << 20  # bytes; the longest line of MOST_WIDTH numbers has some 60,000

FORMATS = {
    "word2vec": marked("word2vec text, fastText .vec"),
    "binary": marked("word2vec binary"),
    "glove": marked("GloVe text (no first line)"),
    "projector": marked("projector: vectors and metadata (TSV)"),
    "npy": marked(".npy and a list of words"),
}
PAIRS = ("projector", "npy")  # formats of two files


MODEL = "model"  # a pre-trained model: a folder of files, see `core.store.importing.model`


class ImportSettings(Options):
    """How files are read."""

    # fmt: off
    format: Literal["word2vec", "binary", "glove", "projector", "npy", "model"] = option(
        "word2vec", "Format", "How the file holds its words and numbers.")
    # fmt: on


def check_size(name: str, words: int, width: int) -> None:
    """Raises Problem for more words or wider vectors than are read, or for none."""
    if not 0 < width <= MOST_WIDTH:
        raise Problem("{name} says that a vector has {width} numbers; 1 to {most} can be read.",
                      name=name, width=width, most=MOST_WIDTH)  # fmt: skip
    if not 0 < words <= MOST_WORDS:
        raise Problem("{name} says that it holds {words} words; 1 to {most} can be read.",
                      name=name, words=words, most=MOST_WORDS)  # fmt: skip


def check_announced(name: str, words: int, width: int, needed: int, size: int) -> None:
    """Raises Problem where `words` vectors of `width` numbers cannot fit into the bytes that are there."""
    check_size(name, words, width)
    if needed > size:
        raise Problem(
            "Line 1 of {name} announces {words} words of {width} numbers, which need {needed} bytes or more; there are "
            "{size}. The file is cut off, or of another format.",
            name=name, words=words, width=width, needed=needed, size=size,
        )  # fmt: skip


def not_finite(name: str, line: int) -> Problem:
    return Problem("Line {line} of {name} holds a number that is not finite (nan, inf, or beyond 3.4e38).",
                   name=name, line=line)  # fmt: skip


def cut_off(name: str, words: int, found: int) -> Problem:
    return Problem("{name} is cut off: it announces {words} words and ends after {found}. Fetch it again.",
                   name=name, words=words, found=found)  # fmt: skip


def too_many(name: str, words: int, line: int) -> Problem:
    return Problem("{name} announces {words} words and goes on after them, at line {line}: its first line is wrong.",
                   name=name, words=words, line=line)  # fmt: skip


def no_width(name: str) -> Problem:
    return Problem("Line 1 of {name} is no word followed by numbers: choose another format.", name=name)


def announced(head: bytes) -> tuple[int, int, int] | None:
    """Words, width and the bytes of the first line, if these bytes begin with a line of two numbers; else None."""
    line, end, _ = head[:_LONGEST_HEADER].partition(b"\n")
    fields = line.split()
    if not end or len(fields) != 2 or not all(field.isdigit() and len(field) < 12 for field in fields):
        return None
    return int(fields[0]), int(fields[1]), len(line) + 1


def no_first_line(name: str) -> Problem:
    return Problem(
        "Line 1 of {name} should hold two numbers, how many words there are and how many numbers each has: choose the "
        "format without such a line, or another.",
        name=name,
    )
