"""Occurrences grouped into senses, and the evidence for each group: its words, its typical and its doubtful lines.

n occurrences; groups: int (n,), 0..k-1, or -1 for an occurrence without one.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.explore.senses_measures import grouped, silhouettes, unit
from core.problem import Problem

METHODS = ("kmeans", "agglomerative", "hdbscan")
MOST_GROUPS = 8
FEWEST = 10  # occurrences a group, on average, that a number of groups found by silhouette leaves
_SHOWN = 12  # words of a list
_FAR = 8  # words to each side that count as context
_NEAR = 3  # that count as left or right


def cluster(vectors: np.ndarray, method: str = "kmeans", count: int = 0, seed: int = 0) -> np.ndarray:
    """int64 (n,): groups of one layer's vectors, the largest first.

    count: 2 to 8 groups; 0: as many as have the highest silhouette, with ten or more in each on average. HDBSCAN
    (Campello et al. 2013) finds its own number and leaves what is between groups out (-1). All alike is one group.
    """
    if method not in METHODS:
        raise Problem("{method} is no way to group; choose one of {known}.", method=method, known=", ".join(METHODS))
    rows = unit(vectors)
    if len(rows) < 4 or np.abs(rows - rows.mean(axis=0)).max() < 1e-5:
        return np.zeros(len(rows), np.int64)
    if method == "hdbscan":
        return _by_size(_dense(rows))
    tried = [count] if count else range(2, max(2, min(MOST_GROUPS, len(rows) // FEWEST)) + 1)
    made = [_parted(rows, method, each, seed) for each in tried]
    return _by_size(max(made, key=lambda groups: float(silhouettes(rows, groups).mean())))


def _parted(rows: np.ndarray, method: str, count: int, seed: int) -> np.ndarray:
    if method == "kmeans":
        return grouped(rows, count, seed)
    from sklearn.cluster import AgglomerativeClustering

    found = AgglomerativeClustering(min(count, len(rows)), linkage="ward").fit_predict(rows)
    return np.asarray(found, np.int64)


def _dense(rows: np.ndarray) -> np.ndarray:
    from sklearn.cluster import HDBSCAN

    centred = rows - rows.mean(axis=0)
    leading = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, : min(20, rows.shape[1])]
    size = max(4, len(rows) // 25)
    return np.asarray(HDBSCAN(min_cluster_size=size, copy=True).fit_predict(centred @ leading), np.int64)


def _by_size(groups: np.ndarray) -> np.ndarray:
    """The groups numbered anew, the largest first; -1 stays."""
    kinds, counts = np.unique(groups[groups >= 0], return_counts=True)
    found = np.full(len(groups), -1, np.int64)
    for number, kind in enumerate(kinds[np.argsort(-counts, kind="stable")]):
        found[groups == kind] = number
    return found


def separation(vectors: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """float64 (S,): the mean silhouette by cosine in each layer of float (n, S, d); not a number for one group."""
    mine = groups >= 0
    kinds, coded = np.unique(groups[mine], return_inverse=True)
    if len(kinds) < 2:
        return np.full(vectors.shape[1], np.nan)
    return np.array([silhouettes(vectors[mine, layer], coded).mean() for layer in range(vectors.shape[1])])


def likeness(vectors: np.ndarray, groups: np.ndarray, others: np.ndarray | None = None) -> np.ndarray:
    """float64 (n, k): the cosine of each of one layer's vectors to the mean of each group.

    Of the occurrences themselves, without others, an occurrence is left out of its own group's mean.
    """
    rows = unit(vectors)
    kinds = int(groups.max(initial=-1)) + 1
    sums = np.stack([rows[groups == kind].sum(axis=0) for kind in range(kinds)])
    if others is not None:
        return unit(others) @ unit(sums).T
    found = rows @ unit(sums).T
    mine = np.flatnonzero(groups >= 0)
    own = unit(sums[groups[mine]] - rows[mine])
    found[mine, groups[mine]] = np.einsum("nd,nd->n", rows[mine], own)
    return found


def sharpness(cosines: np.ndarray, groups: np.ndarray) -> float:
    """The factor b for which softmax(b * cosine) fits the occurrences' own groups best: temperature scaling (Guo et al.
    2017, On calibration of modern neural networks). cosines: (n, k), each left out of its own group's mean.

    Of a group of N the fit asks for (N + 1) / (N + k), not for 1 (Platt 1999, Probabilistic outputs for support vector
    machines), so that groups that are told apart without an error still have shares between 0 and 1.
    """
    mine = groups >= 0
    rows, own = cosines[mine], groups[mine]
    sizes = np.bincount(own, minlength=rows.shape[1])[own][:, None]
    wanted = (1 + sizes * np.eye(rows.shape[1])[own]) / (sizes + rows.shape[1])
    tried = np.geomspace(1, 200, 60)
    losses = [-(wanted * np.log(shares(rows, b) + 1e-12)).sum(axis=1).mean() for b in tried]
    return float(tried[int(np.argmin(losses))])


def shares(cosines: np.ndarray, b: float) -> np.ndarray:
    """float64 (n, k), rows sum to 1: softmax(b * cosine)."""
    powers = np.exp(b * (cosines - cosines.max(axis=1, keepdims=True)))
    found: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return found


Context = tuple[list[str], list[str]]  # the words to the left, the nearest last; to the right, the nearest first


def characteristic(contexts: Sequence[Context], groups: np.ndarray, skipped: set[str]) -> list[dict[str, list]]:
    """Of each group, what sets it apart from the others: "words" (up to 8 to each side), "left" and "right" (up to 3).

    Each a list of [word, occurrences with it, occurrences of other groups with it, log-odds in bits, z], the surest
    first: the log-odds ratio over its standard error (Monroe, Colaresi & Quinn 2008). skipped: words left out of
    "words" (those of grammar, and the word itself).
    """
    views = {
        "words": [{*left[-_FAR:], *right[:_FAR]} - skipped for left, right in contexts],
        "left": [{*left[-_NEAR:]} for left, _ in contexts],
        "right": [{*right[:_NEAR]} for _, right in contexts],
    }
    kinds = range(int(groups.max(initial=-1)) + 1)
    return [{view: told_apart(sets, groups == kind, groups >= 0) for view, sets in views.items()} for kind in kinds]


def told_apart(sets: list[set[str]], chosen: np.ndarray, counted: np.ndarray, most: int = _SHOWN) -> list[list]:
    """The words that set the chosen ones of n sets of words apart from the others that are counted, bool (n,) each: up
    to `most` rows as `characteristic` has them."""
    here, there = Counter[str](), Counter[str]()
    for words, mine, known in zip(sets, chosen.tolist(), counted.tolist()):
        if known:
            (here if mine else there).update(words)
    n, m = int(chosen.sum()), int((counted & ~chosen).sum())
    found: list[list[Any]] = []
    for word, a in here.items():
        b = there[word]
        odds = math.log((a + 0.5) / (n - a + 0.5)) - math.log((b + 0.5) / (m - b + 0.5))
        error = math.sqrt(1 / (a + 0.5) + 1 / (n - a + 0.5) + 1 / (b + 0.5) + 1 / (m - b + 0.5))
        if odds > 0 and a > 1 and any(map(str.isalnum, word)):
            found.append([word, a, b, odds / math.log(2), odds / error])
    return sorted(found, key=lambda row: (-row[4], row[0]))[:most]
