"""Random numbers of a kernel: a counter-based seed for each chunk, then a cheap stream, and draws from a table."""

from typing import Any

import numpy as np
from numba import njit

JIT: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy", "cache": True}


@njit(inline="always")
def next_random(state):
    """xorshift64 (Marsaglia 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


def alias_table(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For drawing i in proportion to weights[i] in constant time (Vose 1991): chance uint32 (V,), other int32 (V,)."""
    share = (weights * (len(weights) / weights.sum())).tolist()
    chance, other = [1.0] * len(share), list(range(len(share)))
    poor, rich = [i for i, part in enumerate(share) if part < 1], [i for i, part in enumerate(share) if part >= 1]
    while poor and rich:
        i, j = poor.pop(), rich[-1]
        chance[i], other[i] = share[i], j
        share[j] -= 1 - share[i]
        if share[j] < 1:
            poor.append(rich.pop())
    return (np.array(chance) * 0xFFFFFFFF).astype(np.uint32), np.array(other, np.int32)


@njit(**JIT)
def draw(chance, other, state, ids):
    """Fill ids from an alias table; the new state of the random numbers."""
    size = np.uint64(len(chance))
    for j in range(len(ids)):
        state = next_random(state)
        i = np.int64(((state >> np.uint64(32)) * size) >> np.uint64(32))
        ids[j] = i if np.uint32(state & np.uint64(0xFFFFFFFF)) <= chance[i] else other[i]
    return state
