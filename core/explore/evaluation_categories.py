"""Words of several kinds, grouped by their vectors alone: how pure are the groups?

k-means over directions, with as many groups as there are kinds; purity is the share of words that are of the commonest
kind of their group (Baroni, Dinu & Kruszewski 2014 evaluate so, with another clustering).
"""

from math import nan

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.explore.evaluation import NORMAL, SAME, Baseline, Score, missing, wilson_interval
from core.explore.evaluation_sets import Benchmark, finder

STARTS, DRAWS, SEED = 10, 1000, 0


def categories(vectors: np.ndarray, words: Vocab, benchmark: Benchmark) -> Score:
    """The purity of the groups of the words that are known.

    Random: groups drawn at random, their mean purity and where 95 % of them fall; vectors that are all alike score just
    that. Frequency: as many groups of equal size by how often words occur. Tables "groups", "words" and "missing".
    """
    find = finder(words)
    ids = [find(row[0]) for row in benchmark.rows]
    kept = [place for place, found in enumerate(ids) if found is not None]
    names = list(dict.fromkeys(benchmark.groups[place] for place in kept))
    kinds = np.array([names.index(benchmark.groups[place]) for place in kept], np.int64)
    places = np.array([ids[place] for place in kept], np.int64)
    random = _chance(kinds, len(names))
    enough = len(kept) > len(names) > 1
    groups = grouped(vectors[places], len(names)) if enough else None
    value = purity(groups, kinds) if groups is not None else random.value if enough else nan
    by_count = np.argsort(np.argsort(-words.counts[places], kind="stable")) * max(1, len(names)) // max(1, len(kept))
    baselines = {"random": random, "frequency": Baseline(purity(by_count, kinds))}
    tables = {"missing": missing(benchmark, find)}
    if groups is not None:
        tables |= _tables([benchmark.rows[place][0] for place in kept], groups, kinds, names)
    low, high = wilson_interval(value, len(kept)) if enough else (nan, nan)
    return Score("purity", value, low, high, len(kept), len(ids), baselines, tables)


def grouped(vectors: np.ndarray, k: int) -> np.ndarray | None:
    """int64 (n,): the group of each row by k-means over directions; None where all directions are one."""
    from sklearn.cluster import KMeans

    unit = vectors.astype(np.float64)
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-12)
    different = len(np.unique(np.round(unit, SAME), axis=0))
    if different < 2:
        return None
    means = KMeans(min(k, different), n_init=STARTS, random_state=SEED).fit(unit)
    return np.asarray(means.labels_, np.int64)


def purity(groups: np.ndarray, kinds: np.ndarray) -> float:
    """The share of words that are of the commonest kind of their group."""
    if not len(kinds):
        return nan
    table = np.zeros((groups.max() + 1, kinds.max() + 1))
    np.add.at(table, (groups, kinds), 1)
    return float(table.max(axis=1).sum() / len(kinds))


def _chance(kinds: np.ndarray, k: int) -> Baseline:
    """The purity of random groups: its mean, and the interval of 95 %."""
    if len(kinds) < 2:
        return Baseline(nan)
    random = np.random.default_rng(SEED)
    drawn = np.array([purity(random.integers(0, k, len(kinds)), kinds) for _ in range(DRAWS)])
    mean, spread = float(drawn.mean()), NORMAL * float(drawn.std())
    return Baseline(mean, mean - spread, mean + spread)


def _tables(words: list[str], groups: np.ndarray, kinds: np.ndarray, names: list[str]) -> dict[str, pd.DataFrame]:
    """groups: a row a group, its commonest kind, its size, how many are of that kind, and its words; words: each word
    that is in a group of another kind."""
    rows, strangers = [], []
    for group in np.unique(groups).tolist():
        inside = np.flatnonzero(groups == group)
        main = int(np.bincount(kinds[inside]).argmax())
        own = [words[i] for i in inside.tolist() if kinds[i] == main]
        others = [(words[i], names[kinds[i]], names[main]) for i in inside.tolist() if kinds[i] != main]
        rows.append({"kind": names[main], "size": len(inside), "pure": len(own), "words": ", ".join(own),
                     "others": ", ".join(word for word, _, _ in others)})  # fmt: skip
        strangers += others
    found = pd.DataFrame(rows).sort_values(["kind", "pure"], ascending=[True, False], ignore_index=True)
    return {"groups": found, "words": pd.DataFrame(strangers, columns=["word", "kind", "among"])}
