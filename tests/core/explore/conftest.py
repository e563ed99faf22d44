"""Vectors whose groups are known, and the end of a generator."""

import numpy as np
import pytest


def finish(steps):
    """(what the steps yielded, what they returned)."""
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, end.value


@pytest.fixture(scope="session")
def grouped():
    """float32 (400, 20) around eight centres, and each point's group."""
    random = np.random.default_rng(7)
    groups = random.integers(8, size=400)
    points = 3 * random.standard_normal((8, 20))[groups] + random.standard_normal((400, 20))
    return points.astype(np.float32), groups
