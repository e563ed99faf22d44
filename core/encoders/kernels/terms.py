"""Documents x terms as a sparse matrix by rows, compiled: counting, weighing, ranking and searching.

Row d holds the entries indptr[d] : indptr[d + 1], one for each different term of the document, in the order in which
they come first in it. Every kernel works on a range of rows and writes nothing of another's, so any number of threads
gives the same bits.
"""

from typing import Any

import numpy as np
from numba import float32, float64, int32, int64, njit, types, void

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
RAW, LOG, AUGMENTED, BINARY, SATURATED = range(5)  # how often a term is in a document, as a weight
NONE, L1, L2 = range(3)  # what each row is divided by


def _read(kind: Any) -> Any:
    """An array that a kernel reads: it may be a file's."""
    return types.Array(kind, 1, "C", readonly=True)


_I4, _I8, _F4, _F8 = _read(int32), _read(int64), _read(float32), _read(float64)


@njit(int64(_I4, _I4, _I8, int64, int64, int32[::1], int64[::1], int32[::1], int32[::1]), **_COMPILED)
def count(tokens, ids, offsets, documents, words, places, indptr, indices, counts):
    """Count the terms of documents; returns how many entries they have.

    tokens: of all documents, offsets (documents + 1,) where each begins. ids: the term of each token's id; of no
    length, the token is the term. A term >= words is none. places (words,): any ids, to work in. indptr (documents +
    1,), indices, counts: room for the result, an entry for every token.
    """
    n = 0
    indptr[0] = 0
    for document in range(documents):
        begin = n
        for i in range(offsets[document], offsets[document + 1]):
            term = tokens[i] if len(ids) == 0 else ids[tokens[i]]
            if term >= words:
                continue
            place = places[term]
            if begin <= place < n and indices[place] == term:
                counts[place] += 1
            else:
                places[term], indices[n], counts[n] = n, term, 1
                n += 1
        indptr[document + 1] = n
    return n


@njit(void(_I4, int64[::1]), **_COMPILED)
def tally(indices, totals):
    """Add to totals (words,) how many entries each term has."""
    for term in indices:
        totals[term] += 1


@njit(float64(int64, int64, int64, float64, float64, float64), **_COMPILED)
def frequency(kind, count, most, length, k1, b):
    """The weight of a term that is in a document `count` times; most: the largest count of the document; length: its
    tokens divided by their mean over documents."""
    if kind == LOG:
        return 1.0 + np.log(count)
    if kind == AUGMENTED:
        return 0.5 + 0.5 * count / most
    if kind == BINARY:
        return 1.0
    if kind == SATURATED:
        return count * (k1 + 1.0) / (count + k1 * (1.0 - b + b * length))
    return float(count)


@njit(void(_I8, _I4, _I4, _F8, int64, float64, float64, float64, int64, int64, int64, float32[::1]), **_COMPILED)
def weigh(indptr, indices, counts, idf, kind, mean, k1, b, norm, first, last, weights):
    """weights (entries,): of rows first to last, frequency x idf (words,), divided by the row's norm; mean: the mean
    length of documents, in tokens that are terms."""
    for row in range(first, last):
        most, length, total = 0, 0, 0.0
        if kind == AUGMENTED or kind == SATURATED:
            for i in range(indptr[row], indptr[row + 1]):
                most = max(most, counts[i])
                length += counts[i]
        for i in range(indptr[row], indptr[row + 1]):
            weight = frequency(kind, counts[i], most, length / mean, k1, b) * idf[indices[i]]
            weights[i] = weight
            total += weight * weight if norm == L2 else abs(weight)
        if norm == NONE or total == 0.0:
            continue
        scale = 1.0 / np.sqrt(total) if norm == L2 else 1.0 / total
        for i in range(indptr[row], indptr[row + 1]):
            weights[i] *= scale


@njit(void(_I8, _I4, _F4, int64, int64, int32[:, ::1], float32[:, ::1]), **_COMPILED)
def best(indptr, indices, weights, first, last, terms, values):
    """terms, values (rows, k), filled with -1 and 0: the k entries of the largest weight above 0 in each row, the
    largest first; among equal ones the term of the smaller id."""
    k = terms.shape[1]
    for row in range(first, last):
        held = 0
        for i in range(indptr[row], indptr[row + 1]):
            weight, term = weights[i], indices[i]
            if weight <= 0 or (held == k and (weight, -term) <= (values[row, k - 1], -terms[row, k - 1])):
                continue
            held = min(held + 1, k)
            place = held - 1
            while place > 0 and (values[row, place - 1], -terms[row, place - 1]) < (weight, -term):
                values[row, place], terms[row, place] = values[row, place - 1], terms[row, place - 1]
                place -= 1
            values[row, place], terms[row, place] = weight, term


@njit(int64(_I8, _I4, _I4, int64[::1]), **_COMPILED)
def holding(indptr, indices, slots, rows):
    """Write the rows that hold one of the terms whose slot is not negative, slots (words,); returns how many."""
    found = 0
    for row in range(len(indptr) - 1):
        for i in range(indptr[row], indptr[row + 1]):
            if slots[indices[i]] >= 0:
                rows[found] = row
                found += 1
                break
    return found


@njit(void(_I8, _I4, _I4, _F4, _I4, _F8, _F8, float64, float64, float64, float64[::1], float64[::1]), **_COMPILED)
def score(indptr, indices, counts, weights, slots, query, asked, mean, k1, b, cosine, bm25):
    """Of each row: cosine, of its weights and the query's, of length 1; bm25, the sum of what the terms give.

    slots (words,): the place of a term in the query, or -1. query (t,): the query's weights; asked (t,): idf times how
    often the query has the term.
    """
    for row in range(len(indptr) - 1):
        inner, square, length, total = 0.0, 0.0, 0, 0.0
        for i in range(indptr[row], indptr[row + 1]):
            square += np.float64(weights[i]) * weights[i]
            length += counts[i]
        for i in range(indptr[row], indptr[row + 1]):
            slot = slots[indices[i]]
            if slot >= 0:
                inner += weights[i] * query[slot]
                total += asked[slot] * frequency(SATURATED, counts[i], 1, length / mean, k1, b)
        cosine[row] = inner / np.sqrt(square) if square > 0 else 0.0
        bm25[row] = total


@njit(void(_I8, _I4, _F4, _I4, _F4, float32[:, ::1]), **_COMPILED)
def fold(indptr, indices, weights, columns, signs, profiles):
    """Add each row's weights, times its sign, to its column of profiles (words, width)."""
    for row in range(len(indptr) - 1):
        for i in range(indptr[row], indptr[row + 1]):
            profiles[indices[i], columns[row]] += signs[row] * weights[i]
