"""The compiled tokeniser of words: UTF-8 bytes in, token ids and places out.

The kernel reads one block of text (whole documents, or a part of one that was cut between a word and what follows it),
keeps the words it meets in an open-addressing hash table, and releases the interpreter lock, so two threads with a
table each use two cores. Eight bytes are looked at at once. A word of up to eight bytes is its own key; a longer one
is compared byte by byte: no two words ever share an id by accident. A table that is full is said so by the kernel;
its owner doubles it and the block is read again.
"""

import numpy as np
from numba import boolean, int32, int64, njit, uint8, uint32, uint64

from core.corpus.characters import BLANK, HAN, JOINER, LETTER, LOWER, MARK, NEWLINE, OTHER
from core.corpus.kernels.text import (
    COMPILED,
    FIRST,
    FRESH_QUOTED,
    QUOTED,
    STOPPED,
    WITHIN,
    ascii_letters,
    between,
    code_point,
    eight,
    load,
)

_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15)
_LONG = np.uint64(0xFF00000000000000)  # in the key of a word of more than eight bytes: no UTF-8 holds a byte 0xFF
_HALF = np.uint64(32)
_NEVER = 1 << 62  # where a type comes first that no text has been read with


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
def _ascii_word(text, i, end):
    """The byte after the word of ASCII letters that begins at byte i; -1 if it may go on with others."""
    letters = 8
    while letters == 8:
        letters = ascii_letters(eight(text, i, end))
        i += letters
    return i if i >= end or _parts(text[i]) else -1


@njit(**COMPILED)
def _parts(byte):
    """Whether no word goes on with this byte: ASCII, and no apostrophe; it is no letter."""
    return byte < 0x80 and byte != 39


@njit(**COMPILED)
def _key(text, begin, end):
    """What a word is looked up by: itself, up to eight bytes; else a hash that says that it is one."""
    if end - begin <= 8:
        return eight(text, begin, end)
    key = _SEED
    for i in range(begin, end, 8):
        key = _mixed(key, eight(text, i, end))
    return key | _LONG


@njit(**COMPILED)
def _mixed(key, more):
    key = (key ^ more) * _PRIME
    return key ^ (key >> _HALF)


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
       int64, uint32[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1],
       int32[::1], uint32[::1], int64[::1]), **COMPILED)  # fmt: skip
def words(text, document_ends, begun, newlines_needed, base, every, classes, abbreviations,
          types, slots, keys, ends, counts, firsts, pool, tokens, starts, sentences):  # fmt: skip
    """Tokenise one block into words.

    text: the block. document_ends: the byte where each document of the block ends (the last may go on after it).
    begun: the first document began in an earlier block. newlines_needed: line ends that end a sentence (2 for text
    wrapped at a line width). base: the block's first byte in the whole text. every: what is neither in a word nor
    white space is a token too, each character by itself.
    The table: slots[s] is a type's id + 1, or 0; the types' keys, counts, first bytes in the text; type t is
    pool[ends[t] : ends[t + 1]], with a line end. Changed in place.
    tokens, starts, sentences: room for what is found, an entry for every byte (for every second if not `every`).

    Returns (tokens int32; starts uint32, in characters of the document, of the block for one that had begun;
    sentences int64; tokens and characters of each document; types; whether the table is full, the rest then void).
    """
    in_document = np.zeros(len(document_ends), np.int64)
    characters = np.zeros(len(document_ends), np.int64)
    mask = np.uint64(len(slots) - 1)
    n = s = i = begin = 0
    key, full = np.uint64(0), False
    for d in range(len(document_ends)):
        end, place, newlines, word_end, first = document_ends[d], 0, 0, -1, n
        state = WITHIN if begun and d == 0 else FIRST
        while i < end:
            after, length, is_first, kind = -1, 0, state > FRESH_QUOTED, np.uint8(LETTER)
            if i + 8 < end:  # most words by a short way: letters of ASCII and a character that parts words
                loaded = load(text, i)
                letters = ascii_letters(loaded)
                if letters == 0 and text[i] == 32 and state != STOPPED and state != QUOTED:
                    i += 1
                    place += 1
                    continue
                at, mixed = i, _SEED
                while letters == 8 and at + 16 < end:
                    mixed = _mixed(mixed, loaded)
                    at += 8
                    loaded = load(text, at)
                    letters = ascii_letters(loaded)
                if letters < 8 and at + letters > i and _parts(text[at + letters]):
                    loaded &= (np.uint64(1) << np.uint64(8 * letters)) - np.uint64(1)
                    after, length = at + letters, at + letters - i
                    if length < 8:
                        key = loaded
                    elif length == 8:
                        key = load(text, i)
                    else:
                        key = (_mixed(mixed, loaded) if letters else mixed) | _LONG
            if after < 0:
                code, width = code_point(text, i)
                kind = classes[code]
                if kind == LETTER or kind == LOWER:
                    after = _ascii_word(text, i, end) if code < 0x80 else -1
                    length = after - i
                    if after < 0:
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
                key = _key(text, i, after)
            begin, i = i, after
            slot = ((key * _PRIME) >> _HALF) & mask
            while True:
                t = np.int64(slots[slot]) - 1
                if t < 0:
                    t = _new(key, text, begin, i, base, slot, types, slots, keys, ends, counts, firsts, pool)
                    full = t < 0
                    types += 1
                    break
                if keys[t] == key:
                    if i - begin <= 8:
                        break
                    at, same = ends[t], begin
                    if ends[t + 1] - at - 1 == i - begin:
                        while same + 8 < i and load(pool, at) == load(text, same):
                            same += 8
                            at += 8
                        if same + 8 >= i and load(pool, ends[t + 1] - 9) == load(text, i - 8):
                            break
                slot = (slot + np.uint64(1)) & mask
            if full:
                types -= 1
                break
            if kind == LETTER or kind == LOWER:
                is_first = is_first or (state == FRESH_QUOTED and classes[code_point(text, begin)[0]] == LETTER)
                state, newlines, word_end = WITHIN, 0, i
            if is_first:
                sentences[s] = n
                s += 1
            tokens[n], starts[n] = t, place
            n += 1
            place += length
            if state == WITHIN and i < end and text[i] == 32:  # a blank within a sentence changes nothing
                i += 1
                place += 1
        if full:
            break
        in_document[d], characters[d] = n - first, place
    if not full:
        for k in range(n):
            counts[tokens[k]] += 1
    return tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, characters, types, full


@njit((int64, uint64[::1], int64[::1], uint8[::1],
       int64, uint32[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1]), **COMPILED)  # fmt: skip
def merge(others, other_keys, other_ends, other_pool, types, slots, keys, ends, counts, firsts, pool):
    """Take the first `others` types of another table up into this one, with a count of 0 where they are new.

    Returns (their ids here, int32; types; whether the table is full, the ids then void).
    """
    ids, mask = np.empty(others, np.int32), np.uint64(len(slots) - 1)
    for other in range(others):
        key, begin, end = other_keys[other], other_ends[other], other_ends[other + 1] - 1
        slot = ((key * _PRIME) >> _HALF) & mask
        while True:
            t = np.int64(slots[slot]) - 1
            if t < 0:
                t = _new(key, other_pool, begin, end, _NEVER, slot, types, slots, keys, ends, counts, firsts, pool)
                if t < 0:
                    return ids, types, True
                types += 1
                break
            if keys[t] == key and ends[t + 1] - ends[t] == end - begin + 1:
                same, at = begin, ends[t]
                while same < end and other_pool[same] == pool[at]:
                    same += 1
                    at += 1
                if same == end:
                    break
            slot = (slot + np.uint64(1)) & mask
        ids[other] = t
    return ids, types, False


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
