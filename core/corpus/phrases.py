"""Phrases: two words that come together more often than chance would have it, joined to one token.

Mikolov, Sutskever, Chen, Corrado and Dean 2013, equation 6: score(a, b) = (count(a b) - discount) / (count(a)
count(b)). Here it is taken times the number of tokens, as in their program word2phrase: how often the pair comes for
each time that chance would bring it. A pair above the threshold is joined wherever it stands within a sentence, from
left to right.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from core.corpus.passes import parts, ranked, read_types, renumber, rewrite, write_types
from core.corpus.tokenizers import JOINT

DISCOUNT = 5  # a pair must come more often than this
_TOGETHER = 1 << 22  # pairs that are counted at a time: about 100 MB


def find_phrases(folder: Path, threshold: float, stopped: frozenset[str]) -> Iterator[int | np.ndarray]:
    """Yields the tokens done and, last, the pairs of types that are phrases: uint64 first * 2^32 + second, sorted."""
    words, counts = read_types(folder)
    total = int(counts.sum())
    # (c - discount) / (a b) n > threshold with c <= min(a, b) asks for max(a, b) < n / threshold
    eligible = (counts > DISCOUNT) & (counts < total / threshold)
    eligible[[i for i, word in enumerate(words) if word in stopped]] = False
    candidates = 2 * int(counts[eligible].sum())
    found = [np.zeros(0, np.uint64)]
    several = max(1, -(-candidates // (2 * _TOGETHER)))
    for part in range(several):
        pairs, often = yield from _counted(folder, eligible, part, several)
        first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
        found.append(pairs[score(often, counts[first], counts[second], total) > threshold])
    yield np.sort(np.concatenate(found))


def score(both: np.ndarray, first: np.ndarray, second: np.ndarray, total: int) -> np.ndarray:
    """How many times as often as by chance two words come together, by their counts."""
    return (both - DISCOUNT) / first / second * total


def _counted(
    folder: Path, eligible: np.ndarray, part: int, several: int
) -> Generator[int, None, tuple[np.ndarray, np.ndarray]]:
    """The pairs of one part that come often enough, and how often; yields the tokens done."""
    from core.corpus.kernels import pair_keys

    keys, done = [], 0
    for tokens, firsts, follows in parts(folder):
        if follows >= 0:
            tokens = np.append(tokens, np.int32(follows))
        keys.append(pair_keys(tokens, firsts, eligible, part, several))
        done += len(firsts) - 1
        yield done
    pairs, often = np.unique(np.concatenate(keys), return_counts=True)
    return pairs[often > DISCOUNT], often[often > DISCOUNT]


def join_phrases(folder: Path, pairs: np.ndarray) -> Iterator[int | list[tuple[str, str]]]:
    """Write the corpus with these phrases joined; yields the tokens done and, last, the phrases as words."""
    from core.corpus.kernels import join

    words, counts = read_types(folder)
    both = [(words[pair >> 32], words[pair & 0xFFFFFFFF]) for pair in pairs.tolist()]
    known = {word: i for i, word in enumerate(words)}
    joined = np.array([known.setdefault(JOINT.join(pair), len(known)) for pair in both], np.int32)
    ends = np.searchsorted(pairs >> np.uint64(32), np.arange(len(words) + 1)).astype(np.int64)
    seconds = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)
    counts, taken = np.zeros(len(known), np.int64), False

    def change(
        tokens: np.ndarray, starts: np.ndarray, firsts: np.ndarray, follows: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        nonlocal taken
        if follows < 0:
            firsts[-1] = True
        new, begins, taken = join(np.append(tokens, np.int32(follows)), firsts, ends, seconds, joined, taken)
        np.add(counts, np.bincount(new, minlength=len(counts)), out=counts)
        return new, starts[begins[:-1]], np.concatenate([[0], np.cumsum(begins[:-1])])

    yield from rewrite(folder, change)
    order, ids = ranked(counts)
    renumber(folder, ids)
    write_types(folder, list(known), counts, order)
    yield both
