"""Hubs: words that are near everything, and how near each word's surroundings are.

In spaces of many dimensions a few points are among the nearest of very many others (Radovanović et al. 2010). CSLS
(Conneau et al. 2018, section 2.3) allows for it: from twice the cosine of two words it takes the mean cosine of each to
the k words nearest to it.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from core.explore.graph import prepared
from core.explore.neighbours import HUB_NEIGHBOURS

BUDGET = 2e12  # multiplications and additions that the comparison of all words with all others may take
LEAST = 20_000  # of the most frequent words that each is compared with, whatever that costs
SCORES = 16_000_000  # held at a time: 64 MB


@dataclass(frozen=True)
class Hubs:
    """means: float32 (V,), each word's mean cosine to its k nearest others; times: int32 (V,), of how many words it is
    one of the k nearest; among: the nearest were looked for among so many of the most frequent words."""

    means: np.ndarray
    times: np.ndarray
    among: int

    @property
    def skewness(self) -> float:
        """Of how often the words looked among are one of the nearest: 0 without hubs (Radovanović et al. 2010)."""
        times = self.times[: self.among].astype(np.float64)
        spread = float(times.std()) if len(times) else 0.0
        return float(((times - times.mean()) ** 3).mean() / spread**3) if spread else 0.0


def hubs(vectors: np.ndarray, k: int = HUB_NEIGHBOURS, among: int | None = None) -> Generator[float, None, Hubs]:
    """Every word's mean cosine to its k nearest others, exact; yields the share done.

    vectors: float32 (V, d), the most frequent word first. among: look for the nearest only among so many of the most
    frequent words; without it, all that a budget of work allows (all of 100,000 words of 100 numbers). Raises Problem
    for vectors that are not finite.
    """
    from core.explore.kernels.nearest import largest
    from core.explore.kernels.parallel import rows as over_rows

    unit = prepared(vectors, "cosine")
    n, d = unit.shape
    among = min(n, max(LEAST, int(BUDGET / max(1, 2 * n * d))) if among is None else among)
    means, times = np.zeros(n, np.float32), np.zeros(n, np.int64)
    k, block = min(k, among - 1), max(1, min(SCORES // max(1, among), 1024))
    for begin in range(0, n if k > 0 else 0, block):
        own = np.arange(begin, min(begin + block, n))
        scores = unit[own] @ unit[:among].T
        indices, values = np.empty((len(own), k), np.int32), np.empty((len(own), k), np.float32)
        over_rows(len(own), largest, scores, np.where(own < among, own, -1), indices, values)
        means[own] = values.mean(axis=1, dtype=np.float64)
        times += np.bincount(indices.ravel(), minlength=n)
        yield (begin + len(own)) / n
    return Hubs(means, times.astype(np.int32), among)
