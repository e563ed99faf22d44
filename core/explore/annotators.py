"""How far people agree who labelled the same occurrences, or judged the same pairs of uses.

Krippendorff's alpha (Krippendorff 2011, Computing Krippendorff's alpha-reliability): 1 - observed / expected
disagreement over all pairs of ratings of one unit; Cohen's kappa (1960) for two people's labels. Pairs of uses are
judged on the scale of Schlechtweg, Schulte im Walde & Eckmann (2018), Diachronic usage relatedness (DURel).
"""

from collections.abc import Sequence
from itertools import combinations
from math import nan

import numpy as np
import pandas as pd

UNDECIDED, LEAST, MOST = 0, 1, 4  # judgements of a pair: not decided; unrelated … identical


def alpha(ratings: np.ndarray, ordinal: bool = False) -> float:
    """Krippendorff's alpha of float (raters, units), nan where one did not rate; nan without two ratings of one unit.

    Two ratings disagree by 1 if they are not the same; ordinal: by the ratings that lie between theirs, squared.
    Where everybody gives one and the same rating, there is nothing to disagree about: 1.
    """
    rated = ratings[:, (~np.isnan(ratings)).sum(axis=0) > 1]
    if not rated.size:
        return nan
    kinds = np.unique(rated[~np.isnan(rated)])
    counts = (rated[None] == kinds[:, None, None]).sum(axis=1).astype(float)  # (kinds, units)
    each = counts.sum(axis=0)
    coincide = (counts / (each - 1)) @ counts.T - np.diag((counts / (each - 1)).sum(axis=1))
    totals = coincide.sum(axis=1)
    if ordinal:
        places = np.cumsum(totals) - totals / 2
        apart = (places[:, None] - places) ** 2
    else:
        apart = 1.0 - np.eye(len(kinds))
    expected = float((np.outer(totals, totals) * apart).sum()) / (totals.sum() - 1)
    return 1.0 if expected == 0 else 1 - float((coincide * apart).sum()) / expected


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa of two people's labels of the same occurrences: the share that agrees, less that of chance. nan
    without any; 1 where both give one and the same label throughout."""
    if not len(first):
        return nan
    one, other = pd.Series(list(first), dtype=object), pd.Series(list(second), dtype=object)
    same = float((one == other).mean())
    shares, others = one.value_counts(normalize=True), other.value_counts(normalize=True)
    chance = float((shares * others.reindex(shares.index, fill_value=0.0)).sum())
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def drawn(n: int, count: int, seed: int = 0) -> np.ndarray:
    """int64 (m, 2): different pairs of n occurrences, at most `count`, in an order by lot, the same for the same seed;
    of each pair the two in an order by lot too."""
    draw = np.random.default_rng(seed)
    every = n * (n - 1) // 2
    if every <= 4 * count:
        pairs = np.array(list(combinations(range(n), 2)), np.int64).reshape(-1, 2)
        pairs = pairs[draw.permutation(every)[:count]]
    else:
        some = np.sort(draw.integers(0, n, (4 * count, 2)), axis=1)
        some = some[some[:, 0] < some[:, 1]]
        pairs = some[np.sort(np.unique(some, axis=0, return_index=True)[1])][:count]
    return np.where(draw.random((len(pairs), 1)) < 0.5, pairs, pairs[:, ::-1])
