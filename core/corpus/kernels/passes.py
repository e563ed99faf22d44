"""Passes over the tokens of a corpus: words cut into pieces, pairs counted and joined."""

import numpy as np
from numba import boolean, int32, int64, njit, uint8, uint32, void

from core.corpus.kernels.text import COMPILED

_PRIME, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


@njit((int32[::1], uint32[::1], int64[::1], int32[::1], uint32[::1]), **COMPILED)
def expand(tokens, starts, ends, pieces, places):
    """Put pieces in the place of words: word t is cut into pieces[ends[t] : ends[t + 1]], which may be none.

    places: where each piece begins in its word, in characters.
    Returns (tokens int32; starts uint32; how many of the new tokens come before each old one, int64 (n + 1,)).
    """
    before = np.empty(len(tokens) + 1, np.int64)
    before[0] = 0
    for i in range(len(tokens)):
        before[i + 1] = before[i] + ends[tokens[i] + 1] - ends[tokens[i]]
    new, places_new = np.empty(before[-1], np.int32), np.empty(before[-1], np.uint32)
    n = 0
    for i in range(len(tokens)):
        for k in range(ends[tokens[i]], ends[tokens[i] + 1]):
            new[n], places_new[n] = pieces[k], starts[i] + places[k]
            n += 1
    return new, places_new, before


@njit((int32[::1], boolean[::1], boolean[::1], int64, int64), **COMPILED)
def pair_keys(tokens, firsts, eligible, part, parts):
    """The pairs of neighbours, first * 2^32 + second, of one of `parts` parts that the pairs are dealt to by a hash.

    firsts: the tokens that begin a sentence or a document, whose left neighbour does not count. eligible: of every
    type, whether it may stand in a pair.
    """
    keys = np.empty(len(tokens), np.uint64)
    n, of = 0, np.uint64(parts)
    for i in range(1, len(tokens)):
        if not firsts[i] and eligible[tokens[i - 1]] and eligible[tokens[i]]:
            key = np.uint64(tokens[i - 1]) << _HALF | np.uint64(tokens[i])
            if ((key * _PRIME) >> _HALF) % of == np.uint64(part):
                keys[n] = key
                n += 1
    return keys[:n].copy()


@njit((int32[::1], boolean[::1], int64[::1], int32[::1], int32[::1], boolean), **COMPILED)
def join(tokens, firsts, ends, seconds, joined, taken):
    """Join neighbours that are pairs, from left to right; pair k becomes the token joined[k].

    The pairs of a first token t are those from ends[t] to ends[t + 1], their second tokens in order.
    taken: the first token has been joined to one before. The last token is only looked at.
    Returns (tokens int32; which of the old tokens begin a new one, bool; whether the last has been joined).
    """
    new, begins = np.empty(len(tokens), np.int32), np.zeros(len(tokens), np.bool_)
    n = 0
    for i in range(len(tokens) - 1):
        if taken:
            taken = False
            continue
        t = tokens[i]
        if not firsts[i + 1]:
            k, end, second = ends[t], ends[t + 1], tokens[i + 1]
            while k + 8 < end:
                middle = (k + end) // 2
                k, end = (k, middle) if seconds[middle] > second else (middle, end)
            while k < end and seconds[k] < second:
                k += 1
            if k < end and seconds[k] == second:
                t, taken = joined[k], True
        new[n], begins[i] = t, True
        n += 1
    return new[:n].copy(), begins, taken


@njit(void(int32[::1], int32[::1]), **COMPILED)
def renumber(tokens, ids):
    """Put ids[t] in the place of every token t."""
    for i in range(len(tokens)):
        tokens[i] = ids[tokens[i]]


@njit((uint8[::1], int64[::1], int64[::1]), **COMPILED)
def listed(letters, ends, order):
    """The words of these numbers as the inside of a JSON list, uint8; word t is letters[ends[t] : ends[t + 1] - 1], and
    holds nothing that JSON cannot say as it is."""
    size = 0
    for t in order:
        size += ends[t + 1] - ends[t] + 3
    out, n = np.empty(size, np.uint8), 0
    for t in order:
        if n:
            out[n], out[n + 1] = 44, 32
            n += 2
        out[n] = 34
        n += 1
        for i in range(ends[t], ends[t + 1] - 1):
            out[n] = letters[i]
            n += 1
        out[n] = 34
        n += 1
    return out[:n]
