"""A look at files of vectors before they are read: which format they seem to be in, and how they begin."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.problem import Problem, marked
from core.store.importing import pairs
from core.store.importing.numbers import BLANK, as_word, is_number, parted, shape
from core.store.importing.settings import PAIRS, ImportSettings, announced, check_announced, no_first_line
from core.store.importing.stream import Stream

LINES = 6
_HEAD = 1 << 18
_SHOWN = 8  # numbers of a row
_FASTTEXT = b"\xba\x16\x4f\x2f"
_OTHERS = {
    b"\x80": marked("{name} looks like a pickle, as gensim's own save() writes: it is never opened here. Save it with "
                    "save_word2vec_format."),
    b"PK\x03\x04": marked("{name} is a .zip: unpack it, and bring the file of vectors in it."),
    b"\x89HDF": marked("{name} is an HDF5 file, which is not read: save the vectors as text or .npy."),
    _FASTTEXT: marked("{name} is a fastText model, not its vectors: bring the .vec file beside it."),
}  # fmt: skip
_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")  # of pickle: its second byte


def look(files: Sequence[tuple[Path, str]], settings: ImportSettings | None) -> dict[str, Any]:
    """format (guessed where no settings are given), words (None where the file does not say), width, bytes, and the
    first lines: word and numbers. Raises Problem for what cannot be read so."""
    streams = [Stream(path, name) for path, name in files]
    if not streams:
        raise Problem("There is no file: choose at least one.")
    heads = [stream.head(_HEAD) for stream in streams]
    for stream, head in zip(streams, heads):
        _refuse(stream.name, head)
    kind = settings.format if settings else guess(streams, heads)
    found = _beginning(kind, streams, heads)
    return {"format": kind, "bytes": sum(stream.stored for stream in streams), **found}


def _refuse(name: str, head: bytes) -> None:
    for magic, sentence in _OTHERS.items():
        if head.startswith(magic) and (magic != b"\x80" or head[1:2] in _PROTOCOLS):
            raise Problem(sentence, name=name)


def guess(streams: list[Stream], heads: list[bytes]) -> str:
    """The format that these files seem to be in."""
    if any(head.startswith(pairs.NPY) for head in heads):
        return "npy"
    if len(streams) > 1 or pairs.is_rows(streams[0]) and b"\t" in heads[0].split(b"\n")[0]:
        return "projector"
    told = announced(heads[0])
    if told is None:
        return "glove"
    return "word2vec" if _is_text(heads[0][told[2] :]) else "binary"


def _is_text(body: bytes) -> bool:
    """Whether a line follows that ends in a number."""
    return is_number(body.split(b"\n")[0].rstrip(BLANK).replace(b"\t", b" ").rpartition(b" ")[2]) or not body.strip()


def _beginning(kind: str, streams: list[Stream], heads: list[bytes]) -> dict[str, Any]:
    if kind in PAIRS:
        return _of_pair(streams)
    if len(streams) != 1:
        raise Problem("This format needs one file; {found} came.", found=len(streams))
    name, head = streams[0].name, heads[0].removeprefix(b"\xef\xbb\xbf")
    if kind == "glove":
        some = _lines(head)
        part, width = shape(some[0] if some else b"", name)
        return _shown(None, width, *parted(some, 1, width, part, name))
    told = announced(head)
    if told is None:
        raise no_first_line(name)
    words, width, begin = told
    least = 4 * width + 2 if kind == "binary" else 2 * width + 2
    check_announced(name, words, width, begin - (kind != "binary") + words * least, streams[0].size)
    if kind == "binary":
        return _shown(words, width, *_binary_rows(head[begin:], width, min(words, LINES), name))
    some = _lines(head[begin:])[:words]
    part = b"\t" if some and b"\t" in some[0] else b" "
    return _shown(words, width, *parted(some, 2, width, part, name))


def _lines(head: bytes) -> list[bytes]:
    """The first whole lines of what was read; the last one too where there is only one."""
    found = head.split(b"\n")
    whole = found[:-1] if len(found) > 1 and len(head) >= _HEAD else [line for line in found if line]
    return whole[:LINES]


def _binary_rows(body: bytes, width: int, most: int, name: str) -> tuple[list[str], np.ndarray]:
    words, rows, place = [], [], 0
    for number in range(1, most + 1):
        place += len(body[place:]) - len(body[place:].lstrip(b"\n"))
        blank = body.find(b" ", place)
        if blank < 0 or len(body) < blank + 1 + 4 * width:
            break
        words.append(as_word(body[place:blank], number, name))
        rows.append(np.frombuffer(body, "<f4", width, blank + 1))
        place = blank + 1 + 4 * width
    return words, np.array(rows, np.float32).reshape(-1, width)


def _of_pair(streams: list[Stream]) -> dict[str, Any]:
    if len(streams) == 1:
        raise Problem("{name} holds numbers without words: bring the file of words beside it, a line a word.",
                      name=streams[0].name)  # fmt: skip
    first, second = pairs.sorted_pair(streams)
    words = [line.rstrip(b"\r").split(b"\t") for line in _lines(second.head(_HEAD))]
    place, _, start = pairs.columns(b"\t".join(words[0])) if words else (0, -1, 1)
    names = [as_word(row[place] if place < len(row) else b"", i, second.name) for i, row in enumerate(words, 1)]
    if first.head(8).startswith(pairs.NPY) and not first.packed:
        array = pairs.opened_npy(first.path, first.name)
        return _shown(len(array), array.shape[1], names[start - 1 :], np.asarray(array[:LINES], np.float32))
    if first.packed and first.head(8).startswith(pairs.NPY):
        return _shown(None, 0, names[start - 1 :], np.zeros((LINES, 0), np.float32))
    rows = [line.rstrip(BLANK) for line in _lines(first.head(_HEAD))]
    width = shape(b"word\t" + (rows[0] if rows else b""), first.name)[1]
    return _shown(None, width, names[start - 1 :], pairs.numbers(rows, 1, width, b"\t", first.name))


def _shown(words: int | None, width: int, names: list[str], rows: np.ndarray) -> dict[str, Any]:
    lines = [[name, [float(value) for value in row[:_SHOWN]]] for name, row in zip(names, rows)]
    return {"words": words, "width": width, "lines": lines[:LINES]}
