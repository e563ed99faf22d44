"""The text of a corpus beside its tokens, in stretches of bounded size, and where tokens and sentences end in it."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.corpus.characters import fold
from core.corpus.corpus import Corpus

LONGEST = 1 << 20  # bytes of a document that are one stretch; a longer document comes in several
_OPENED = re.compile(r"(?:[“‘«(\[{「『（【《〈¿¡]+|(?<=\s)[\"'*_“‘«(\[{]+)$")  # marks that belong to what follows
_LOOKED = 8  # characters before a sentence that are looked at


@dataclass(frozen=True)
class Stretch:
    """Tokens first to last (exclusive) of a document, and its text from character `base` (byte `byte` of all text)."""

    document: int
    text: str
    base: int
    byte: int
    first: int
    last: int
    ends: bool  # whether the document ends with it


def stretches(corpus: Corpus, longest: int = LONGEST) -> Iterator[Stretch]:
    """The whole corpus, in order. A long document is cut before a sentence, or a word where sentences are too long."""
    bounds = np.load(corpus.folder / "bounds.npy", mmap_mode="r")
    with open(corpus.folder / "text.utf8", "rb") as file:
        for document in range(len(bounds) - 1):
            begin, end = int(bounds[document]), int(bounds[document + 1])
            first, last = int(corpus.offsets[document]), int(corpus.offsets[document + 1])
            file.seek(begin)
            if end - begin <= longest:
                yield Stretch(document, file.read(end - begin).decode(), 0, begin, first, last, True)
            else:
                yield from _several(corpus, document, _decoded(file, end - begin, longest), begin)


def pieces(corpus: Corpus, document: int) -> Iterator[str]:
    """The text of one document, a bounded piece at a time."""
    bounds = np.load(corpus.folder / "bounds.npy", mmap_mode="r")
    begin, end = int(bounds[document]), int(bounds[document + 1])
    with open(corpus.folder / "text.utf8", "rb") as file:
        file.seek(begin)
        yield from _decoded(file, end - begin, LONGEST)


def _decoded(file: Any, size: int, longest: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    while size:
        data = file.read(min(size, longest))
        size -= len(data)
        yield decoder.decode(data, not size)


def _several(corpus: Corpus, document: int, read: Iterator[str], byte: int) -> Iterator[Stretch]:
    first, last = int(corpus.offsets[document]), int(corpus.offsets[document + 1])
    starts, held, base, done = corpus.starts[first:last], "", 0, 0
    for piece in read:
        held += piece
        found = np.searchsorted(starts, np.uint32(base + len(held)))  # of its own type, else all starts are copied
        token = _cut(corpus, first + done, first + int(found), last)
        if token <= first + done:
            continue
        at = int(starts[token - first]) - base
        at -= opening(held, at)
        yield Stretch(document, held[:at], base, byte, first + done, token, False)
        byte, base, held, done = byte + len(held[:at].encode()), base + at, held[at:], token - first
    yield Stretch(document, held, base, byte, first + done, last, True)


def _cut(corpus: Corpus, first: int, end: int, last: int) -> int:
    """The last token of first to end that begins a sentence, but not in the first half; else the last one."""
    end = min(end, last)
    sentence = int(corpus.sentences[max(0, int(np.searchsorted(corpus.sentences, end)) - 1)])
    return sentence if 2 * sentence > first + end else end - 1


def opening(text: str, start: int) -> int:
    """How many characters just before `start` are quotation marks or brackets that open what begins there."""
    found = _OPENED.search(text[max(0, start - _LOOKED) : start])
    return len(found[0]) if found else 0


def token_end(text: str, start: int, word: str, limit: int, lowercase: bool) -> int:
    """The character after the token that begins at `start` and is counted as `word`; the next begins at `limit`.

    The text of a token may be longer or shorter than the form it is counted under: composed letters, joined phrases.
    """
    end = start + len(word)
    if fold(text[start:end], lowercase) == word:
        return end
    if not word.strip():
        return limit
    asked = _letters(word)
    for end in range(min(limit, start + 4 * len(word) + 16), start, -1):
        if _letters(fold(text[start:end], lowercase)) == asked:
            return _trimmed(text, start, end)
    return _trimmed(text, start, limit)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without the marks and blanks before it; a combining mark belongs to its letter."""
    while end > start + 1 and not text[end - 1].isalnum() and not 0x300 <= ord(text[end - 1]) < 0x370:
        end -= 1
    return end
