"""The compiled tokenisers: UTF-8 bytes in, token ids and places out.

A kernel reads one block of text (whole documents, or a part of one that was cut between a word and what follows it),
keeps the words it meets in an open-addressing hash table, and releases the interpreter lock, so two threads with a
table each use two cores. Words are compared byte by byte: no two words ever share an id by accident of their hash.
A table that is full is said so by the kernel; its owner doubles it and the block is read again.
"""

from typing import Any

import numpy as np
from numba import boolean, int64, njit, uint8, uint32, uint64

from core.corpus.characters import BLANK, CLOSER, JOINER, LETTER, LOWER, MARK, NEWLINE, STOP, WIDE_STOP

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # Fowler, Noll and Vo's hash
_SIX, _LOW_SIX = np.uint32(6), np.uint32(0x3F)

# Where a text stands between two sentences. From FRESH_QUOTED on, the next word begins one; in FRESH_QUOTED only
# if it is not in lower case: "What?" he said.
_WITHIN, _STOPPED, _QUOTED, _FRESH_QUOTED, _FRESH, _FIRST = range(6)


@njit(**_COMPILED, inline="always")
def _code_point(text, i):
    """The code point that begins at byte i of valid UTF-8, and its length in bytes."""
    a = np.uint32(text[i])
    if a < 0x80:
        return a, 1
    b = np.uint32(text[i + 1]) & _LOW_SIX
    if a < 0xE0:
        return (a & np.uint32(0x1F)) << _SIX | b, 2
    b = b << _SIX | (np.uint32(text[i + 2]) & _LOW_SIX)
    if a < 0xF0:
        return (a & np.uint32(0x0F)) << np.uint32(12) | b, 3
    return (a & np.uint32(0x07)) << np.uint32(18) | b << _SIX | (np.uint32(text[i + 3]) & _LOW_SIX), 4


@njit(**_COMPILED)
def _word(text, i, end, classes):
    """The word that begins at byte i: (the byte after it, its characters, its hash)."""
    h, length = _SEED, 0
    code, width = _code_point(text, i)
    while True:
        for j in range(i, i + width):
            h = (h ^ np.uint64(text[j])) * _PRIME
        i += width
        length += 1
        if i >= end:
            break
        code, width = _code_point(text, i)
        kind = classes[code]
        if kind == JOINER and i + width < end:
            after, _ = _code_point(text, i + width)
            kind = MARK if classes[after] == LETTER or classes[after] == LOWER else JOINER
        if kind != LETTER and kind != LOWER and kind != MARK:
            break
    return i, length, h ^ (h >> np.uint64(29))


@njit(**_COMPILED)
def _find(h, text, begin, end, slots, hashes, ends, pool):
    """(slot, id) of the word text[begin:end]; id -1 if it is new, and slot is where it belongs."""
    mask, length = np.uint64(len(slots) - 1), end - begin
    slot = h & mask
    while True:
        t = np.int64(slots[slot]) - 1
        if t < 0:
            return slot, t
        at = ends[t]
        if hashes[t] == h and ends[t + 1] - at - 1 == length:
            same = 0
            while same < length and pool[at + same] == text[begin + same]:
                same += 1
            if same == length:
                return slot, t
        slot = (slot + np.uint64(1)) & mask


@njit(**_COMPILED)
def _new(h, text, begin, end, base, slot, types, slots, hashes, ends, counts, firsts, pool):
    """The id of a word that is taken up; -1 if the table is full."""
    at, length = ends[types], end - begin
    if 2 * types >= len(slots) or types >= len(hashes) or at + length >= len(pool):
        return -1
    pool[at : at + length], pool[at + length] = text[begin:end], 10
    hashes[types], ends[types + 1], counts[types], firsts[types] = h, at + length + 1, 0, base + begin
    slots[slot] = types + 1
    return types


@njit(**_COMPILED)
def _between(state, kind, newlines, newlines_needed):
    """The state after a character that is not part of a word."""
    if kind == WIDE_STOP:
        return max(state, _FRESH)
    if kind == STOP:
        return max(state, _STOPPED)
    if kind == NEWLINE:
        return max(state, _FRESH) if state > _WITHIN or newlines >= newlines_needed else state
    if state == _STOPPED or state == _QUOTED:
        if kind == BLANK:
            return _FRESH if state == _STOPPED else _FRESH_QUOTED
        return _QUOTED if kind == CLOSER or kind == JOINER else _WITHIN
    return state


@njit(**_COMPILED)
def _ends_no_sentence(h, text, begin, end, abbreviations):
    """A full stop after one capital letter (J. Smith) or after a known abbreviation (Mr.) ends no sentence."""
    if end - begin == 1 and 65 <= text[begin] <= 90:
        return True
    for known in abbreviations:
        if known == h:
            return True
    return False


_BLOCK = (uint8[::1], int64[::1], boolean, int64, int64, uint8[::1])


@njit((*_BLOCK, uint64[::1], int64, uint32[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1]),
      **_COMPILED)  # fmt: skip
def words(text, document_ends, begun, newlines_needed, base, classes, abbreviations,
          types, slots, hashes, ends, counts, firsts, pool):  # fmt: skip
    """Tokenise one block into words.

    text: the block. document_ends: the byte where each document of the block ends (the last may go on after it).
    begun: the first document began in an earlier block. newlines_needed: line ends that end a sentence (2 for text
    wrapped at a line width). base: the block's first byte in the whole text.
    The table: slots[s] is a type's id + 1, or 0; the types' hashes, counts, first bytes in the text; type t is
    pool[ends[t] : ends[t + 1]], with a line end. Changed in place.

    Returns (tokens int32; starts uint32, in characters of the document, of the block for one that had begun;
    sentences int64; tokens and characters of each document; types; whether the table is full, the rest then void).
    """
    room = len(text) // 2 + len(document_ends) + 1
    tokens, starts, sentences = np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    characters = np.zeros(len(document_ends), np.int64)
    n = s = i = begin = 0
    h, full = np.uint64(0), False
    for d in range(len(document_ends)):
        end, place, newlines, word_end, first = document_ends[d], 0, 0, -1, n
        state = _WITHIN if begun and d == 0 else _FIRST
        while i < end:
            code, width = _code_point(text, i)
            kind = classes[code]
            if kind != LETTER and kind != LOWER:
                newlines += kind == NEWLINE
                if not (code == 46 and word_end == i and _ends_no_sentence(h, text, begin, i, abbreviations)):
                    state = _between(state, kind, newlines, newlines_needed)
                i += width
                place += 1
                continue
            begin = i
            i, length, h = _word(text, i, end, classes)
            slot, t = _find(h, text, begin, i, slots, hashes, ends, pool)
            if t < 0:
                t = _new(h, text, begin, i, base, slot, types, slots, hashes, ends, counts, firsts, pool)
                full = t < 0
                if full:
                    break
                types += 1
            if state > _FRESH_QUOTED or (state == _FRESH_QUOTED and kind != LOWER):
                sentences[s] = n
                s += 1
            tokens[n], starts[n] = t, place
            n += 1
            place += length
            state, newlines, word_end = _WITHIN, 0, i
        if full:
            break
        in_document[d], characters[d] = n - first, place
    if not full:
        for k in range(n):
            counts[tokens[k]] += 1
    return tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, characters, types, full


@njit(**_COMPILED)
def _blanks(text, i, end, classes):
    """The run of white space that begins at byte i: (the byte after it, its characters, its line ends)."""
    length = newlines = 0
    while i < end:
        code, width = _code_point(text, i)
        kind = classes[code]
        if kind != BLANK and kind != NEWLINE:
            break
        newlines += kind == NEWLINE
        i += width
        length += 1
    return i, length, newlines


@njit((*_BLOCK, int64, uint32[::1], int64[::1], int64[::1], int64[::1]), **_COMPILED)
def characters(text, document_ends, begun, newlines_needed, base, classes,
               types, slots, codes, counts, firsts):  # fmt: skip
    """Tokenise one block into characters, a run of white space being one blank or one line end.

    Arguments and results as for `words`; slots has a place for every code point, so the table is never full. A
    sentence begins at its first character that is neither white space nor a mark that closes the one before.
    """
    room = len(text) + 1
    tokens, starts, sentences = np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    lengths = np.zeros(len(document_ends), np.int64)
    n = s = i = 0
    for d in range(len(document_ends)):
        end, place, first = document_ends[d], 0, n
        state = _WITHIN if begun and d == 0 else _FIRST
        while i < end:
            begin, length, newlines = i, 1, 0
            code, width = _code_point(text, i)
            kind = classes[code]
            if kind == BLANK or kind == NEWLINE:
                i, length, newlines = _blanks(text, i, end, classes)
                code, kind = np.uint32(10 if newlines else 32), NEWLINE if newlines else BLANK
            else:
                i += width
            in_word = kind == LETTER or kind == LOWER or kind == MARK or kind < BLANK
            if state == _FIRST or (in_word and (state > _FRESH_QUOTED or (state == _FRESH_QUOTED and kind != LOWER))):
                sentences[s] = n
                s += 1
                state = _WITHIN
            state = _WITHIN if in_word else _between(state, kind, newlines, newlines_needed)
            if slots[code] == 0:
                codes[types], firsts[types] = code, base + begin
                types += 1
                slots[code] = types
            t = np.int64(slots[code]) - 1
            counts[t] += 1
            tokens[n], starts[n] = t, place
            n += 1
            place += length
        in_document[d], lengths[d] = n - first, place
    return tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, lengths, types, False


@njit(uint32[::1](uint64[::1], int64, int64), **_COMPILED)
def filed(hashes, types, size):
    """A table of `size` slots (a power of two) with the first `types` types in it."""
    slots = np.zeros(size, np.uint32)
    mask = np.uint64(size - 1)
    for t in range(types):
        slot = hashes[t] & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = t + 1
    return slots


@njit(int64(uint8[::1], uint8[::1]), **_COMPILED)
def safe_cut(text, classes):
    """Where to cut a block that ends within a document: after its last word that something else than a stop follows.

    Without such a place: before its last character.
    """
    i = len(text) - 1
    while i > 0 and (text[i] & 0xC0) == 0x80:
        i -= 1
    last = i
    while i > 0:
        after = i
        i -= 1
        while i > 0 and (text[i] & 0xC0) == 0x80:
            i -= 1
        kind, follows = classes[_code_point(text, i)[0]], classes[_code_point(text, after)[0]]
        in_word = follows == LETTER or follows == LOWER or follows == MARK or follows == JOINER
        if (kind == LETTER or kind == LOWER) and not in_word and follows != STOP:
            return after
    return last


@njit(uint64(uint8[::1], uint8[::1]), **_COMPILED)
def word_hash(word, classes):
    """The hash of the word that `word` begins with."""
    return _word(word, 0, len(word), classes)[2]


def warm() -> None:
    """Compile everything, or load it from numba's cache: importing this module has done it."""
    assert words.signatures and characters.signatures and safe_cut.signatures
