"""The compiled tokenisers: UTF-8 bytes in, token ids and places out.

A kernel reads one block of text (whole documents, or a part of one that was cut between a word and what follows it),
keeps the words it meets in an open-addressing hash table, and releases the interpreter lock, so two threads with a
table each use two cores. Words are compared byte by byte: no two words ever share an id by accident of their hash.
"""

from typing import Any

import numpy as np
from numba import boolean, int64, njit, uint8, uint32, uint64

from core.corpus.characters import BLANK, CLOSER, JOINER, LETTER, LOWER, MARK, NEWLINE, STOP, WIDE_STOP

_COMPILED = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # Fowler, Noll and Vo's hash
_TABLE = (uint32[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1])


@njit(**_COMPILED, inline="always")
def _code_point(text, i):
    """The code point that begins at byte i of valid UTF-8, and its length in bytes."""
    a = np.int64(text[i])
    if a < 0x80:
        return a, 1
    if a < 0xE0:
        return (a & 0x1F) << 6 | (np.int64(text[i + 1]) & 0x3F), 2
    b = np.int64(text[i + 1]) & 0x3F
    if a < 0xF0:
        return (a & 0x0F) << 12 | b << 6 | (np.int64(text[i + 2]) & 0x3F), 3
    return (a & 0x07) << 18 | b << 12 | (np.int64(text[i + 2]) & 0x3F) << 6 | (np.int64(text[i + 3]) & 0x3F), 4


@njit(uint64(uint8[::1], int64, int64), **_COMPILED)
def word_hash(text, start, end):
    """uint64 hash of text[start:end]."""
    h = _SEED
    for i in range(start, end):
        h = (h ^ np.uint64(text[i])) * _PRIME
    return h ^ (h >> np.uint64(29))


@njit(**_COMPILED)
def _grown_slots(slots, hashes, types):
    """A slot table of twice the size. slots[s] is a type's id + 1, or 0."""
    wider = np.zeros(2 * len(slots), np.uint32)
    mask = np.uint64(len(wider) - 1)
    for t in range(types):
        s = hashes[t] & mask
        while wider[s] != 0:
            s = (s + np.uint64(1)) & mask
        wider[s] = t + 1
    return wider


@njit(**_COMPILED)
def _grown(array, used):
    wider = np.empty(2 * max(len(array), used), array.dtype)
    wider[: len(array)] = array
    return wider


@njit(**_COMPILED)
def _same(pool, at, text, start, length):
    for j in range(length):
        if pool[at + j] != text[start + j]:
            return False
    return True


@njit(**_COMPILED)
def _find(slots, hashes, ends, pool, h, text, start, end):
    """(slot, id or -1): where this word is, or where it belongs."""
    mask = np.uint64(len(slots) - 1)
    s = h & mask
    while slots[s] != 0:
        t = np.int64(slots[s]) - 1
        if hashes[t] == h:
            at = ends[t - 1] if t > 0 else 0
            if ends[t] - at == end - start and _same(pool, at, text, start, end - start):
                return s, t
        s = (s + np.uint64(1)) & mask
    return s, -1


@njit(**_COMPILED)
def _abbreviation(h, abbreviations, text, begin, end):
    """A stop after one letter (J. Smith) or after a known abbreviation (Mr.) ends no sentence."""
    if end - begin == 1 and (65 <= text[begin] <= 90):
        return True
    for known in abbreviations:
        if known == h:
            return True
    return False


@njit((uint8[::1], int64[::1], uint8[::1], uint64[::1], int64, boolean, int64, int64, *_TABLE), **_COMPILED)
def words(text, document_ends, classes, abbreviations, newlines_needed, begun, base, types,
          slots, hashes, ends, counts, firsts, pool):  # fmt: skip
    """Tokenise one block into words.

    text: the block. document_ends: int64, byte where each document of the block ends (the last may go on).
    newlines_needed: line ends that end a sentence (2 for text wrapped at a line width). begun: the first document
    began in an earlier block. base: the block's first byte in the whole text. types and the arrays after it: the
    table of this thread. Returns (tokens int32, starts uint32 in characters of the document (of the block for a
    document that had begun), sentences int64, tokens and characters of each document, types, the table).
    """
    room = len(text) // 2 + len(document_ends) + 1
    tokens, starts = np.empty(room, np.int32), np.empty(room, np.uint32)
    sentences = np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    characters = np.zeros(len(document_ends), np.int64)
    n = s = i = begin = 0
    for d in range(len(document_ends)):
        end, place, first = document_ends[d], 0, n
        fresh = not (begun and d == 0)  # the next word begins a sentence
        newlines, stop, quoted, word_end = 0, False, False, -1
        h = np.uint64(0)
        while i < end:
            code, width = _code_point(text, i)
            kind = classes[code]
            if kind == LETTER or kind == LOWER:
                begin = i
                place_of_word = place
                h = _SEED
                while True:
                    for j in range(i, i + width):
                        h = (h ^ np.uint64(text[j])) * _PRIME
                    i += width
                    place += 1
                    if i >= end:
                        break
                    code, width = _code_point(text, i)
                    inner = classes[code]
                    if inner == JOINER and i + width < end:
                        after, _ = _code_point(text, i + width)
                        inner = LETTER if classes[after] == LETTER or classes[after] == LOWER else JOINER
                    if inner != LETTER and inner != LOWER and inner != MARK:
                        break
                h = h ^ (h >> np.uint64(29))
                slot, t = _find(slots, hashes, ends, pool, h, text, begin, i)
                if t < 0:
                    t = types
                    types += 1
                    if t >= len(hashes):
                        hashes, ends = _grown(hashes, t), _grown(ends, t)
                        counts, firsts = _grown(counts, t), _grown(firsts, t)
                    at = ends[t - 1] if t > 0 else 0
                    if at + i - begin > len(pool):
                        pool = _grown(pool, at + i - begin)
                    pool[at : at + i - begin] = text[begin:i]
                    hashes[t], ends[t], counts[t], firsts[t] = h, at + i - begin, 0, base + begin
                    slots[slot] = types
                    if 2 * types > len(slots):
                        slots = _grown_slots(slots, hashes, types)
                counts[t] += 1
                tokens[n], starts[n] = t, place_of_word
                if fresh and not (quoted and kind == LOWER):
                    sentences[s] = n
                    s += 1
                n += 1
                fresh, newlines, stop, quoted, word_end = False, 0, False, False, i
                continue
            if kind == STOP:
                stop = not (code == 46 and word_end == i and _abbreviation(h, abbreviations, text, begin, i))
            elif kind == WIDE_STOP:
                fresh = True
            elif kind == NEWLINE:
                newlines += 1
                if stop or newlines >= newlines_needed:
                    fresh, quoted = True, False
            elif kind == BLANK:
                if stop and not fresh:
                    fresh = True
            elif kind == CLOSER or kind == JOINER:
                quoted = quoted or stop
            else:
                stop = False
            i += width
            place += 1
        in_document[d], characters[d] = n - first, place
    return (tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, characters, types,
            slots, hashes, ends, counts, firsts, pool)  # fmt: skip


@njit((uint8[::1], int64[::1], uint8[::1], uint64[::1], int64, boolean, int64, int64, *_TABLE), **_COMPILED)
def characters(text, document_ends, classes, abbreviations, newlines_needed, begun, base, types,
               slots, hashes, ends, counts, firsts, pool):  # fmt: skip
    """Tokenise one block into characters, a run of white space being one; arguments and results as for `words`.

    A character's id is found through slots, here a table of all code points. A sentence begins at its first
    character that is not white space.
    """
    room = len(text) + 1
    tokens, starts = np.empty(room, np.int32), np.empty(room, np.uint32)
    sentences = np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    lengths = np.zeros(len(document_ends), np.int64)
    n = s = i = 0
    for d in range(len(document_ends)):
        end, place, first = document_ends[d], 0, n
        fresh = not (begun and d == 0)
        stop, newlines = False, 0
        while i < end:
            begin, place_of_token = i, place
            code, width = _code_point(text, i)
            kind = classes[code]
            i += width
            place += 1
            if kind == BLANK or kind == NEWLINE:
                code = 32 if kind == BLANK else 10
                newlines += kind == NEWLINE
                while i < end:
                    following, width = _code_point(text, i)
                    blank = classes[following]
                    if blank != BLANK and blank != NEWLINE:
                        break
                    if blank == NEWLINE:
                        code = 10
                        newlines += 1
                    i += width
                    place += 1
                fresh = fresh or stop or newlines >= newlines_needed
            else:
                if fresh:
                    sentences[s] = n
                    s += 1
                closes = kind == CLOSER or kind == JOINER
                fresh, newlines = kind == WIDE_STOP, 0
                stop = kind == STOP or (stop and closes)
            if slots[code] == 0:
                types += 1
                slots[code] = types
                if types > len(firsts):
                    hashes, counts, firsts = _grown(hashes, types), _grown(counts, types), _grown(firsts, types)
                hashes[types - 1], counts[types - 1], firsts[types - 1] = code, 0, base + begin
            t = np.int64(slots[code]) - 1
            counts[t] += 1
            tokens[n], starts[n] = t, place_of_token
            n += 1
        in_document[d], lengths[d] = n - first, place
    return (tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, lengths, types,
            slots, hashes, ends, counts, firsts, pool)  # fmt: skip


@njit(int64(uint8[::1], uint8[::1]), **_COMPILED)
def safe_cut(text, classes):
    """Where to cut a block that ends within a document: after its last word that something else follows.

    Without such a place: after its last whole character.
    """
    i = len(text) - 1
    while i > 0 and (text[i] & 0xC0) == 0x80:
        i -= 1
    whole = after = i
    while i > 0:
        after = i
        i -= 1
        while i > 0 and (text[i] & 0xC0) == 0x80:
            i -= 1
        kind, follows = classes[_code_point(text, i)[0]], classes[_code_point(text, after)[0]]
        in_word = follows == LETTER or follows == LOWER or follows == MARK or follows == JOINER
        if (kind == LETTER or kind == LOWER) and not in_word and follows != STOP:
            return after
    return whole


def empty_table(tokenizer: str) -> tuple[Any, ...]:
    """The table of one thread, before its first block: types, slots, hashes, ends, counts, firsts, pool."""
    slots = 0x110000 if tokenizer == "characters" else 1 << 16
    room = 1 << 15
    return (0, np.zeros(slots, np.uint32), np.empty(room, np.uint64), np.empty(room, np.int64),
            np.empty(room, np.int64), np.empty(room, np.int64), np.empty(1 << 18, np.uint8))  # fmt: skip


def warm() -> None:
    """Compile (or load from numba's cache) everything: importing this module has done it."""
    assert words.signatures and characters.signatures and safe_cut.signatures
