"""Counting over tokens where numpy would take many passes: words and their documents, windows, MinHash signatures."""

from typing import Any

import numpy as np
from numba import boolean, int32, int64, njit, types, uint32, uint64, void

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_TOKENS = types.Array(int32, 1, "C", readonly=True)
_OFFSETS = types.Array(int64, 1, "C", readonly=True)
_CHOSEN = types.Array(boolean, 1, "C", readonly=True)
_SEEDS = types.Array(uint32, 1, "C", readonly=True)


@njit(uint64(uint64), **_COMPILED, inline="always")
def _mixed(number):
    """A 64-bit number scrambled (splitmix64's finaliser)."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(void(_TOKENS, int64, _OFFSETS, _CHOSEN, int64, int64[::1], int64[::1], int64[::1]), **_COMPILED)
def tally(tokens, base, offsets, chosen, document, counts, documents, last):
    """Add the tokens of chosen documents to counts (types,), and each document to documents (types,) of its words.

    tokens: a part of the corpus, from token `base` on; document: the one that holds its first token. offsets (D + 1,),
    chosen (D,). last (types,): the last document that a type was seen in, kept from part to part, at first -1.
    """
    for i in range(len(tokens)):
        while base + i >= offsets[document + 1]:
            document += 1
        if chosen[document]:
            word = tokens[i]
            counts[word] += 1
            if last[word] != document:
                last[word] = document
                documents[word] += 1


@njit(void(_TOKENS, int64, uint64[::1]), **_COMPILED)
def shingles(tokens, width, hashes):
    """hashes (n - width + 1,): a hash of each `width` tokens in a row."""
    for i in range(len(tokens) - width + 1):
        h = np.uint64(0)
        for j in range(i, i + width):
            h = h * np.uint64(0x9E3779B97F4A7C15) + np.uint64(tokens[j]) + np.uint64(1)
        hashes[i] = _mixed(h)


@njit(void(types.Array(uint64, 1, "C", readonly=True), _SEEDS, uint32[::1]), **_COMPILED)
def minhash(hashes, seeds, signature):
    """Lower signature (k,) to the smallest value that each of k hash functions gives any of hashes.

    seeds (k,): odd numbers; a function multiplies by one of them, modulo 2^32 (Dietzfelbinger et al. 1997).
    """
    for i in range(len(hashes)):
        h = np.uint32(hashes[i] >> np.uint64(32))
        for k in range(len(seeds)):
            signature[k] = min(signature[k], np.uint32(h * seeds[k]))


@njit(void(_TOKENS, int64, _OFFSETS, int64, int64, int64, int64[::1]), **_COMPILED)
def neighbours(tokens, base, stretches, place, left, right, sides):
    """Add to sides (types,) how many tokens have each of these in their window of `left` before and `right` after.

    tokens: a part of the corpus, from token `base` on; stretches (s + 1,): windows end where they do; place: the
    stretch that holds the first token.
    """
    for i in range(len(tokens)):
        at = base + i
        while at >= stretches[place + 1]:
            place += 1
        sides[tokens[i]] += min(at - stretches[place], right) + min(stretches[place + 1] - 1 - at, left)
