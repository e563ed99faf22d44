"""Sums over all ways to cut words into pieces, for the Unigram model.

A lattice: the words' characters one after another; word w is characters bounds[w] to bounds[w + 1]; the pieces that
begin at character p are those numbered first[p] to first[p + 1], each with its length and its id. Every character
alone is a piece. Words are short (30 characters), so that products of probabilities stay within a float64.
"""

import numpy as np
from numba import float64, int32, int64, njit, types, uint8

from core.corpus.kernels.text import COMPILED

LONGEST = 30
_LATTICE = (int64[::1], int64[::1], uint8[::1], int32[::1])


@njit(types.Tuple((float64[::1], float64))(float64[::1], *_LATTICE, float64[::1]), **COMPILED)
def expected(counts, bounds, first, lengths, ids, probabilities):
    """How often each piece is expected to occur, and the log likelihood of all words.

    counts: how often each word occurs. probabilities: of every piece. The sums over what comes before and after a
    piece (Kudo 2018, section 3.2) are taken word by word.
    """
    often, likelihood = np.zeros(len(probabilities)), 0.0
    before, after = np.empty(LONGEST + 1), np.empty(LONGEST + 1)
    for w in range(len(bounds) - 1):
        begin, length = bounds[w], bounds[w + 1] - bounds[w]
        before[:], after[:] = 0.0, 0.0
        before[0], after[length] = 1.0, 1.0
        for p in range(length):
            for k in range(first[begin + p], first[begin + p + 1]):
                before[p + lengths[k]] += before[p] * probabilities[ids[k]]
        for p in range(length - 1, -1, -1):
            for k in range(first[begin + p], first[begin + p + 1]):
                after[p] += after[p + lengths[k]] * probabilities[ids[k]]
        whole = before[length]
        likelihood += counts[w] * np.log(whole)
        for p in range(length):
            share = counts[w] * before[p] / whole
            for k in range(first[begin + p], first[begin + p + 1]):
                often[ids[k]] += share * probabilities[ids[k]] * after[p + lengths[k]]
    return often, likelihood


@njit(**COMPILED)
def _best(begin, length, without, first, lengths, ids, probabilities, best, by):
    """The likeliest way to cut `length` characters; by[p] is the last piece of the best way to come to p.

    without: a piece that may not be used.
    """
    best[: length + 1] = 0.0
    best[0] = 1.0
    for p in range(length):
        for k in range(first[begin + p], first[begin + p + 1]):
            end = p + lengths[k]
            if end <= length and ids[k] != without and best[p] * probabilities[ids[k]] > best[end]:
                best[end], by[end] = best[p] * probabilities[ids[k]], k


@njit(float64[::1](float64[::1], *_LATTICE, float64[::1]), **COMPILED)
def best_counts(counts, bounds, first, lengths, ids, probabilities):
    """How often each piece occurs when every word is cut in its likeliest way."""
    often = np.zeros(len(probabilities))
    best, by = np.empty(LONGEST + 1), np.empty(LONGEST + 1, np.int64)
    for w in range(len(bounds) - 1):
        p = bounds[w + 1] - bounds[w]
        _best(bounds[w], p, -1, first, lengths, ids, probabilities, best, by)
        while p > 0:
            often[ids[by[p]]] += counts[w]
            p -= lengths[by[p]]
    return often


@njit(float64[::1](int64[::1], uint8[::1], float64[::1], int64[::1], uint8[::1], int32[::1], float64[::1]), **COMPILED)
def losses(places, sizes, often, first, lengths, ids, probabilities):
    """What the likelihood loses, for each piece, if it goes and its likeliest cut takes its place.

    places, sizes: a character where each piece begins, and its length. A character alone cannot go: infinity; a piece
    that is cut even when it may stay loses nothing.
    """
    found, total = np.empty(len(places)), often.sum()
    best, by = np.empty(LONGEST + 1), np.empty(LONGEST + 1, np.int64)
    for t in range(len(places)):
        p = np.int64(sizes[t])
        if p == 1:
            found[t] = np.inf
            continue
        _best(places[t], p, t, first, lengths, ids, probabilities, best, by)
        if best[p] >= probabilities[t] or often[t] == 0.0:
            found[t] = 0.0
            continue
        parts, instead = 0, 0.0
        while p > 0:
            instead += np.log(often[ids[by[p]]] + often[t])
            parts += 1
            p -= lengths[by[p]]
        instead -= parts * np.log(total + often[t] * (parts - 1))
        found[t] = often[t] * (np.log(often[t] / total) - instead)
    return found
