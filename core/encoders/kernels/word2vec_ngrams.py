"""The parts of words: which buckets of n-grams a word's vector is made of.

Bojanowski, Grave, Joulin and Mikolov (2017), Enriching word vectors with subword information: the n-grams of characters
of "<word>", whose ends are marked, in buckets by a hash (section 3.2; FNV-1a over UTF-8, as in the authors' program).
"""

from collections.abc import Sequence

import numpy as np

_OFFSET, _PRIME = 2166136261, 16777619  # of FNV-1a, 32 bits
_AT_ONCE = 20_000  # words


def ngram_buckets(words: Sequence[str], least: int, most: int, buckets: int) -> tuple[np.ndarray, np.ndarray]:
    """(starts int64 (n + 1,), rows int32): the buckets of word i, of all its n-grams of `least` to `most` characters,
    are rows[starts[i] : starts[i + 1]]. An end alone is no n-gram."""
    starts, rows = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)]
    for first in range(0, len(words), _AT_ONCE):
        counts, found = _some(words[first : first + _AT_ONCE], least, most, buckets)
        starts.append(starts[-1][-1] + np.cumsum(counts))
        rows.append(found)
    return np.concatenate(starts), np.concatenate(rows)


def word_parts(words: Sequence[str], least: int, most: int, buckets: int) -> tuple[np.ndarray, np.ndarray]:
    """(starts int64 (V + 1,), rows int32): of each word its own row, i, and V + bucket for each of its n-grams."""
    starts, rows = ngram_buckets(words, least, most, buckets)
    own = np.arange(len(words), dtype=np.int32)
    return starts + np.arange(len(starts)), np.insert(rows + len(words), starts[:-1], own).astype(np.int32)


def _some(words: Sequence[str], least: int, most: int, buckets: int) -> tuple[np.ndarray, np.ndarray]:
    """(how many n-grams each word has, their buckets in the order of the words)."""
    marked = [f"<{word}>" for word in words]
    data = np.frombuffer("".join(marked).encode("utf-8", "replace"), np.uint8)
    lengths = np.array([len(word) for word in marked])
    begins = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))  # the byte where each character begins
    word_of = np.repeat(np.arange(len(words)), lengths)
    ends = np.cumsum(lengths)[word_of]  # the character where the word of each character ends
    owners, found = [], []
    for size in range(least, most + 1):
        at = np.flatnonzero(np.arange(len(word_of)) + size <= ends)
        if size == 1:
            first = np.concatenate([[0], np.cumsum(lengths)[:-1]])[word_of]
            at = at[(at != first[at]) & (at != ends[at] - 1)]
        owners.append(word_of[at])
        found.append(_hashes(data, begins[at], begins[at + size]) % np.uint32(buckets))
    owner = np.concatenate(owners)
    return np.bincount(owner, minlength=len(words)), np.concatenate(found)[np.argsort(owner, kind="stable")].astype(
        np.int32
    )


def _hashes(data: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """uint32: FNV-1a of data[first[i] : last[i]]; a byte counts as a signed number, as in the authors' program."""
    hashes = np.full(len(first), _OFFSET, np.uint32)
    signed = data.view(np.int8).astype(np.uint32)
    for k in range(int((last - first).max(initial=0))):
        inside = first + k < last
        hashes[inside] = (hashes[inside] ^ signed[first[inside] + k]) * np.uint32(_PRIME)
    return hashes
