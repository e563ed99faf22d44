"""The compiled tokeniser of words: UTF-8 bytes in, token ids and places out.

The kernel reads one block of text (whole documents, or a part of one that was cut between a word and what follows it),
keeps the words it meets in an open-addressing hash table, and releases the interpreter lock, so two threads with a
table each use two cores. Eight bytes are looked at at once. A word of up to eight bytes is its own key; a longer one
is compared byte by byte: no two words ever share an id by accident. A table that is full is said so by the kernel;
its owner doubles it and the block is read again.
"""

import numpy as np
from numba import boolean, int64, njit, uint8, uint32, uint64

from core.corpus.characters import BLANK, HAN, JOINER, LETTER, LOWER, MARK, NEWLINE, OTHER
from core.corpus.kernels.text import (
    COMPILED,
    FIRST,
    FRESH_QUOTED,
    WITHIN,
    ascii_letters,
    between,
    code_point,
    eight,
)

_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15)
_LONG = np.uint64(0xFF00000000000000)  # in the key of a word of more than eight bytes: no UTF-8 holds a byte 0xFF
_HALF = np.uint64(32)


@njit(**COMPILED)
def _word(text, i, end, classes):
    """The word that begins at byte i: (the byte after it, its characters)."""
    length = 0
    code, width = code_point(text, i)
    while True:
        i += width
        length += 1
        if i >= end:
            break
        code, width = code_point(text, i)
        kind = classes[code]
        if kind == JOINER and i + width < end:
            after, _ = code_point(text, i + width)
            kind = MARK if classes[after] == LETTER or classes[after] == LOWER else JOINER
        if kind != LETTER and kind != LOWER and kind != MARK:
            break
    return i, length


@njit(**COMPILED)
def _ascii_word(text, i, end, letters):
    """The byte after the word of ASCII letters that begins at byte i; -1 if it may go on with others.

    letters: how many of its first eight bytes are ASCII letters.
    """
    begin = i
    while letters == 8:
        i += 8
        letters = ascii_letters(eight(text, i, end))
    i += letters
    return i if i > begin and (i >= end or (text[i] < 0x80 and text[i] != 39)) else -1


@njit(**COMPILED)
def _key(text, begin, end):
    """What a word is looked up by: itself, up to eight bytes; else a hash that says that it is one."""
    if end - begin <= 8:
        return eight(text, begin, end)
    h = _SEED
    for i in range(begin, end, 8):
        h = (h ^ eight(text, i, end)) * _PRIME
        h ^= h >> _HALF
    return h | _LONG


@njit(**COMPILED)
def _find(key, text, begin, end, slots, keys, ends, pool):
    """(slot, id) of the word text[begin:end]; id -1 if it is new, and slot is where it belongs."""
    mask, length = np.uint64(len(slots) - 1), end - begin
    slot = ((key * _PRIME) >> _HALF) & mask
    while True:
        t = np.int64(slots[slot]) - 1
        if t < 0:
            return slot, t
        if keys[t] == key:
            if length <= 8:
                return slot, t
            at = ends[t]
            if ends[t + 1] - at - 1 == length:
                same = 0
                while same < length and pool[at + same] == text[begin + same]:
                    same += 1
                if same == length:
                    return slot, t
        slot = (slot + np.uint64(1)) & mask


@njit(**COMPILED)
def _new(key, text, begin, end, base, slot, types, slots, keys, ends, counts, firsts, pool):
    """The id of a word that is taken up; -1 if the table is full."""
    at, length = ends[types], end - begin
    if 2 * types >= len(slots) or types >= len(keys) or at + length >= len(pool):
        return -1
    pool[at : at + length], pool[at + length] = text[begin:end], 10
    keys[types], ends[types + 1], counts[types], firsts[types] = key, at + length + 1, 0, base + begin
    slots[slot] = types + 1
    return types


@njit(**COMPILED)
def _ends_no_sentence(key, text, begin, end, abbreviations):
    """A full stop after one capital letter (J. Smith) or after a known abbreviation (Mr.) ends no sentence."""
    if end - begin == 1 and 65 <= text[begin] <= 90:
        return True
    for known in abbreviations:
        if known == key:
            return True
    return False


@njit((uint8[::1], int64[::1], boolean, int64, int64, boolean, uint8[::1], uint64[::1],
       int64, uint32[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1]), **COMPILED)  # fmt: skip
def words(text, document_ends, begun, newlines_needed, base, every, classes, abbreviations,
          types, slots, keys, ends, counts, firsts, pool):  # fmt: skip
    """Tokenise one block into words.

    text: the block. document_ends: the byte where each document of the block ends (the last may go on after it).
    begun: the first document began in an earlier block. newlines_needed: line ends that end a sentence (2 for text
    wrapped at a line width). base: the block's first byte in the whole text. every: what is neither in a word nor
    white space is a token too, each character by itself.
    The table: slots[s] is a type's id + 1, or 0; the types' keys, counts, first bytes in the text; type t is
    pool[ends[t] : ends[t + 1]], with a line end. Changed in place.

    Returns (tokens int32; starts uint32, in characters of the document, of the block for one that had begun;
    sentences int64; tokens and characters of each document; types; whether the table is full, the rest then void).
    """
    room = (len(text) if every else len(text) // 2) + len(document_ends) + 1
    tokens, starts, sentences = np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    characters = np.zeros(len(document_ends), np.int64)
    n = s = i = begin = 0
    key, full = np.uint64(0), False
    for d in range(len(document_ends)):
        end, place, newlines, word_end, first = document_ends[d], 0, 0, -1, n
        state = WITHIN if begun and d == 0 else FIRST
        while i < end:
            after, length, is_first = i, 0, state > FRESH_QUOTED
            letters = ascii_letters(eight(text, i, end))
            if letters > 0:
                after = _ascii_word(text, i, end, letters)
                length, kind = after - i, classes[text[i]]
            if letters == 0 or after < 0:
                code, width = code_point(text, i)
                kind = classes[code]
                if kind == LETTER or kind == LOWER:
                    after, length = _word(text, i, end, classes)
                else:
                    newlines += kind == NEWLINE
                    follows = state
                    if not (code == 46 and word_end == i and _ends_no_sentence(key, text, begin, i, abbreviations)):
                        follows = between(state, kind, newlines, newlines_needed)
                    if (not every or kind == BLANK or kind == NEWLINE
                            or (kind == JOINER and code != 39 and code != 0x2019)):  # fmt: skip
                        i += width
                        place += 1
                        state = follows
                        continue
                    after, length = i + width, 1
                    if kind != HAN and kind != MARK and kind != OTHER:
                        is_first = state == FIRST
                        state = between(WITHIN, kind, newlines, newlines_needed) if is_first else follows
                    else:
                        state = WITHIN
            begin, i = i, after
            key = _key(text, begin, i)
            slot, t = _find(key, text, begin, i, slots, keys, ends, pool)
            if t < 0:
                t = _new(key, text, begin, i, base, slot, types, slots, keys, ends, counts, firsts, pool)
                full = t < 0
                if full:
                    break
                types += 1
            if kind == LETTER or kind == LOWER:
                is_first = is_first or (state == FRESH_QUOTED and kind == LETTER)
                state, newlines, word_end = WITHIN, 0, i
            if is_first:
                sentences[s] = n
                s += 1
            tokens[n], starts[n] = t, place
            n += 1
            place += length
        if full:
            break
        in_document[d], characters[d] = n - first, place
    if not full:
        for k in range(n):
            counts[tokens[k]] += 1
    return tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, characters, types, full


@njit(uint32[::1](uint64[::1], int64, int64), **COMPILED)
def filed(keys, types, size):
    """A table of `size` slots (a power of two) with the first `types` types in it."""
    slots = np.zeros(size, np.uint32)
    mask = np.uint64(size - 1)
    for t in range(types):
        slot = ((keys[t] * _PRIME) >> _HALF) & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = t + 1
    return slots


@njit(uint64(uint8[::1]), **COMPILED)
def word_key(word):
    """What this word is looked up by."""
    return _key(word, 0, len(word))
