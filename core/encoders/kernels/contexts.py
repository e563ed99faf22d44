"""Which words stand near which, counted in bounded memory: pairs are numbered, sorted a few million at a time, merged.

Memory: 12 bytes for each different pair, twice while two lists are merged, and some 100 MB for the pairs being sorted,
however long the text is.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import int32, int64, njit, types, uint32

from core.encoders.kernels.documents import Rows

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_PAIRS = 4_000_000  # sorted at a time by a thread


def _read(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


_KEYS, _COUNTS = _read(int64), _read(uint32)


@njit(int64(_read(int32), int64, int64, _read(int64), int64, int64, int64[::1]), **_COMPILED)
def pairs(tokens, first, last, offsets, words, window, keys):
    """Number the pairs of a token from first to last and each of the `window` words after it; returns how many.

    A token >= words is none and left out before windows are laid; a window ends with its document, offsets (D + 1,).
    A pair of words a <= b is a * words + b, in whichever order they stand.
    """
    n, document = 0, np.searchsorted(offsets, first, "right") - 1
    for i in range(first, last):
        while i >= offsets[document + 1]:
            document += 1
        word, seen, j = tokens[i], 0, i + 1
        if word >= words:
            continue
        while j < offsets[document + 1] and seen < window:
            other = tokens[j]
            if other < words:
                keys[n] = np.int64(min(word, other)) * words + max(word, other)
                n += 1
                seen += 1
            j += 1
    return n


@njit(int64(_KEYS, int64[::1], uint32[::1]), **_COMPILED)
def _runs(keys, different, counts):
    """How often each of the sorted keys comes; returns how many there are."""
    n = 0
    for i in range(len(keys)):
        if n > 0 and different[n - 1] == keys[i]:
            counts[n - 1] += np.uint32(1)
        else:
            different[n], counts[n] = keys[i], 1
            n += 1
    return n


@njit(int64(_KEYS, _COUNTS, _KEYS, _COUNTS, int64[::1], uint32[::1]), **_COMPILED)
def _merge(keys, counts, other_keys, other_counts, merged, sums):
    """Two sorted lists of different keys as one; returns its length."""
    i = j = n = 0
    while i < len(keys) or j < len(other_keys):
        if j == len(other_keys) or (i < len(keys) and keys[i] < other_keys[j]):
            merged[n], sums[n] = keys[i], counts[i]
            i += 1
        elif i == len(keys) or other_keys[j] < keys[i]:
            merged[n], sums[n] = other_keys[j], other_counts[j]
            j += 1
        else:
            merged[n], sums[n] = keys[i], counts[i] + other_counts[j]
            i += 1
            j += 1
        n += 1
    return n


@njit(types.void(_KEYS, _COUNTS, int64, int64[::1], int32[::1], int32[::1]), **_COMPILED)
def _spread(keys, counts, words, places, indices, values):
    """Write each pair into the rows of both its words; a word beside itself is seen from both places."""
    for i in range(len(keys)):
        a, b = keys[i] // words, keys[i] % words
        indices[places[a]], values[places[a]] = b, counts[i] * (2 if a == b else 1)
        places[a] += 1
        if a != b:
            indices[places[b]], values[places[b]] = a, counts[i]
            places[b] += 1


_Run = tuple[np.ndarray, np.ndarray]  # (keys int64, counts uint32)


def count(tokens: np.ndarray, offsets: np.ndarray, words: int, window: int, threads: int) -> Iterator[int | Rows]:
    """Yields the tokens done, and at the end Rows (words, words) of int32 counts, symmetric, columns in order."""
    offsets, size = np.ascontiguousarray(offsets), max(1, _PAIRS // window)
    runs: list[_Run] = []
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, len(tokens), size * threads):
            begins = range(first, min(first + size * threads, len(tokens)), size)
            ends = [min(begin + size, len(tokens)) for begin in begins]
            counted = pool.map(lambda a, b: _counted(tokens, a, b, offsets, words, window), begins, ends)
            for run in counted:
                _pile(runs, run)
            yield ends[-1]
    while len(runs) > 1:
        runs.append(merged(runs.pop(), runs.pop()))
        yield len(tokens)
    yield from _symmetric(*runs.pop(), words, len(tokens))


def _counted(tokens: np.ndarray, first: int, last: int, offsets: np.ndarray, words: int, window: int) -> _Run:
    keys = np.empty((last - first) * window, np.int64)
    keys = keys[: pairs(tokens, first, last, offsets, words, window, keys)]
    keys.sort()
    different, counts = np.empty(len(keys), np.int64), np.empty(len(keys), np.uint32)
    n = _runs(keys, different, counts)
    return different[:n].copy(), counts[:n].copy()


def _pile(runs: list[_Run], run: _Run) -> None:
    """Add a list to the pile, in which each is more than twice as long as the one on it."""
    while runs and len(runs[-1][0]) <= 2 * len(run[0]):
        run = merged(runs.pop(), run)
    runs.append(run)


def merged(one: _Run, other: _Run) -> _Run:
    """Two sorted lists as one."""
    size = len(one[0]) + len(other[0])
    keys, counts = np.empty(size, np.int64), np.empty(size, np.uint32)
    n = _merge(*one, *other, keys, counts)
    return keys[:n].copy(), counts[:n].copy()


def _symmetric(keys: np.ndarray, counts: np.ndarray, words: int, done: int) -> Iterator[int | Rows]:
    """Yields `done` now and then, and at the end each pair in the rows of both its words."""
    lengths, blocks = np.zeros(words, np.int64), range(0, len(keys), _PAIRS)
    for begin in blocks:
        first, second = np.divmod(keys[begin : begin + _PAIRS], words)
        lengths += np.bincount(first, minlength=words) + np.bincount(second[first != second], minlength=words)
        yield done
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    places, indices, values = indptr[:-1].copy(), np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int32)
    for begin in blocks:
        _spread(keys[begin : begin + _PAIRS], counts[begin : begin + _PAIRS], words, places, indices, values)
        yield done
    yield Rows(indptr, indices, values)
