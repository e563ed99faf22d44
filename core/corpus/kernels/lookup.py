"""The compiled table of words: bytes in, ids out.

An open-addressing hash table. Slot s is slots[2 * s], the word's key, and slots[2 * s + 1], its id + 1, or 0 if it is
free: one place in memory for most words, and asked for before it is needed. A word of up to eight bytes is its own
key, one of up to fifteen is told by its key and its first eight bytes; a longer one is compared byte by byte: no two
words ever share an id by accident. A table that is full is said so; its owner doubles it and goes on.
"""

import numpy as np
from numba import int32, int64, njit, uint8, uint32, uint64

from core.corpus.kernels.text import COMPILED, INLINE, eight, load, prefetch

_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15)
_LONG = np.uint64(0xFF00000000000000)  # in the key of a word of more than eight bytes: no UTF-8 holds a byte 0xFF
_HALF, _ONE, _ZERO = np.uint64(32), np.uint64(1), np.uint64(0)
_AHEAD = 512  # words whose slots are asked for together
_NEVER = 1 << 62  # where a type comes first that no text has been read with


@njit(**INLINE)
def _mixed(key, more):
    key = (key ^ more) * _PRIME
    return key ^ (key >> _HALF)


@njit(**INLINE)
def _key(text, begin, end):
    """What a word is looked up by: (itself, 0) up to eight bytes; up to fifteen (a key, its first eight bytes), which
    say the others; else (a hash, _LONG)."""
    length = end - begin
    if length <= 8:
        if begin + 8 > len(text):
            return eight(text, begin, end), _ZERO
        unused = np.uint64(64 - 8 * length)
        return load(text, begin) << unused >> unused, _ZERO
    first, last = load(text, begin), load(text, end - 8)
    if length < 16:
        return (_mixed(first, _SEED) ^ (last >> np.uint64(8 * (16 - length)))) | _LONG, first
    key = _SEED
    for i in range(begin, end - 8, 8):
        key = _mixed(key, load(text, i))
    return _mixed(key, last) | _LONG, _LONG


@njit(**INLINE)
def _slot(key, slots):
    """Where a key belongs if the slot is free."""
    return ((key * _PRIME) >> _HALF) & np.uint64(len(slots) // 2 - 1)


@njit(**INLINE)
def _same(text, begin, end, pool, at, pool_end):
    """Whether a word of more than eight bytes is the one at pool[at:pool_end]."""
    if pool_end - at != end - begin:
        return False
    for i in range(0, end - begin - 8, 8):
        if load(text, begin + i) != load(pool, at + i):
            return False
    return load(text, end - 8) == load(pool, pool_end - 8)


@njit(**INLINE)
def _find(key, second, text, begin, end, slots, seconds, ends, pool):
    """(the slot of a word, or the free one where it belongs; its id, or -1)."""
    slot = _slot(key, slots)
    while True:
        t = np.int64(slots[slot + slot + _ONE]) - 1
        if t < 0 or (slots[slot + slot] == key and (key < _LONG or (seconds[t] == second and (
            second < _LONG or _same(text, begin, end, pool, ends[t], ends[t + 1] - 1)
        )))):  # fmt: skip
            return slot, t
        slot = (slot + _ONE) & np.uint64(len(slots) // 2 - 1)


@njit(**INLINE)
def _take_up(key, second, text, begin, end, place, slot, types, slots, seconds, ends, counts, firsts, pool):
    """Write a new word, which comes first at `place`, with a count of 0; False if the table is full."""
    at, length = ends[types], end - begin
    if 4 * types >= len(slots) or types >= len(seconds) or at + length >= len(pool):
        return False
    pool[at : at + length], pool[at + length] = text[begin:end], 10
    seconds[types], ends[types + 1], counts[types], firsts[types] = second, at + length + 1, 0, place
    slots[slot + slot], slots[slot + slot + _ONE] = key, types + 1
    return True


_TABLE = (int64, uint64[::1], uint64[::1], int64[::1], int64[::1], int64[::1], uint8[::1])


@njit((uint8[::1], uint32[::1], uint32[::1], int64, int64, int64, *_TABLE, int32[::1]), **COMPILED)
def look_up(text, begins, word_ends, first, last, base, types, slots, seconds, ends, counts, firsts, pool, tokens):
    """Count words first to last of a block and give each its id, in `tokens`; new ones are taken up.

    text: the block, whose first byte is byte `base` of the whole. begins, word_ends: of each word, its first byte and
    the one after it. The table: its types' counts and first bytes in the whole text; type t is
    pool[ends[t] : ends[t + 1]], with a line end. Changed in place.

    Returns (types; the word that the table was too full for, or `last`).
    """
    keys, others = np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64)
    for some in range(first, last, _AHEAD):
        end_of_some = min(some + _AHEAD, last)
        for k in range(some, end_of_some):
            key, second = _key(text, np.int64(begins[k]), np.int64(word_ends[k]))
            keys[k - some], others[k - some] = key, second
            prefetch(slots, np.int64(2 * _slot(key, slots)))
        for k in range(some, end_of_some):
            begin, end, key, second = np.int64(begins[k]), np.int64(word_ends[k]), keys[k - some], others[k - some]
            slot, t = _find(key, second, text, begin, end, slots, seconds, ends, pool)
            if t < 0:
                if not _take_up(key, second, text, begin, end, base + begin, slot, types, slots, seconds, ends, counts,
                                firsts, pool):  # fmt: skip
                    return types, k
                t = types
                types += 1
            tokens[k] = t
            counts[t] += 1
    return types, last


@njit((int64, int64[::1], uint8[::1], *_TABLE), **COMPILED)
def merge(others, other_ends, other_pool, types, slots, seconds, ends, counts, firsts, pool):
    """Take the first `others` types of another table up into this one, with a count of 0 where they are new.

    Returns (their ids here, int32; types; whether the table is full, the ids then void).
    """
    ids = np.empty(others, np.int32)
    for other in range(others):
        begin, end = other_ends[other], other_ends[other + 1] - 1
        key, second = _key(other_pool, begin, end)
        slot, t = _find(key, second, other_pool, begin, end, slots, seconds, ends, pool)
        if t < 0:
            if not _take_up(key, second, other_pool, begin, end, _NEVER, slot, types, slots, seconds, ends, counts,
                            firsts, pool):  # fmt: skip
                return ids, types, True
            t = types
            types += 1
        ids[other] = t
    return ids, types, False


@njit(uint64[::1](int64[::1], uint8[::1], int64, int64), **COMPILED)
def filed(ends, pool, types, size):
    """A table of `size` slots (a power of two) with the first `types` types in it."""
    slots = np.zeros(2 * size, np.uint64)
    for t in range(types):
        key, _ = _key(pool, ends[t], ends[t + 1] - 1)
        slot = _slot(key, slots)
        while slots[slot + slot + _ONE] != 0:
            slot = (slot + _ONE) & np.uint64(size - 1)
        slots[slot + slot], slots[slot + slot + _ONE] = key, t + 1
    return slots
