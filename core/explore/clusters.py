"""Groups of words with similar vectors, by k-means in mini-batches (Sculley 2010), each named by words of its own."""

from collections.abc import Sequence

import numpy as np

from core.explore.graph import prepared
from core.problem import Problem

NAMES = 3
FREQUENT = 100  # a name is chosen among a cluster's most frequent words, so that it is one that people know


def clusters(
    vectors: np.ndarray, words: Sequence[str], count: int = 12, metric: str = "cosine", seed: int = 0
) -> tuple[np.ndarray, list[str]]:
    """Labels int32 (n,) and a name for each of `count` clusters, the largest cluster first.

    vectors: float (n, d), row i belongs to words[i], the most frequent first. A name is the three words nearest to the
    cluster's centre among its hundred most frequent. Fewer different vectors than `count` give fewer clusters.
    """
    from sklearn.cluster import MiniBatchKMeans

    ready = prepared(vectors, metric)
    if count < 2 or count > len(ready):
        raise Problem("{n} words can be put into 2 to {n} groups, not {count}.", n=len(ready), count=count)
    count = min(count, len(np.unique(ready, axis=0)))
    model = MiniBatchKMeans(count, batch_size=4096, n_init=3, random_state=seed).fit(ready)
    found, labels, sizes = np.unique(model.labels_, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    labels = np.argsort(order)[labels].astype(np.int32)
    centres = model.cluster_centers_[found[order]]
    return labels, [_name(ready, words, labels == i, centre) for i, centre in enumerate(centres)]


def _name(ready: np.ndarray, words: Sequence[str], inside: np.ndarray, centre: np.ndarray) -> str:
    """The most central of a cluster's frequent words."""
    members = np.flatnonzero(inside)[:FREQUENT]
    distances = np.linalg.norm(ready[members] - centre, axis=1)
    return ", ".join(words[i] for i in members[np.argsort(distances, kind="stable")[:NAMES]])
