"""Documents × terms in an order in which blocks show: documents that share terms, beside each other.

The weights A are scaled to A' = R^-1/2 A C^-1/2 with the row sums R and column sums C. Documents and terms then have
places on common axes, the singular vectors of A' after the first (Dhillon 2001): there k-means finds groups of both at
once; groups, and what is in them, are ordered along the first of these axes. How many groups: as many as give the best
modularity, the share of weight inside blocks beyond what their margins would give (Barber 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.explore.sparse import Sparse
from core.problem import Problem

MOST = 60  # documents, and terms, of a picture
GROUPS = range(2, 9)
MEANINGFUL = 0.15  # of modularity: below, groups are no more than chance would show


@dataclass(frozen=True)
class Blocks:
    """What is shown, in order. documents: int64 (r,), terms: int64 (c,), places in the whole matrix; values: float32
    (r, c); document_groups, term_groups: int32, ascending along each axis, all 0 where there are no groups to speak of;
    modularity: of these groups, 0..1."""

    documents: np.ndarray
    terms: np.ndarray
    values: np.ndarray
    document_groups: np.ndarray
    term_groups: np.ndarray
    modularity: float

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Where a new group begins: rows, columns, int64."""
        row, column = (np.flatnonzero(np.diff(groups)) + 1 for groups in (self.document_groups, self.term_groups))
        return row, column


def blocks(
    weights: Sparse,
    documents: np.ndarray | None = None,
    labels: Sequence[str] | None = None,
    most_documents: int = 40,
    most_terms: int = 40,
    seed: int = 0,
) -> Blocks:
    """Choose documents and terms, at most 60 of each, and order them.

    weights: float (n, V), not negative (others count as 0). documents: those to show; else some of all, spread evenly
    over the labels (n) and the order of the text. Terms: see `telling`. Raises Problem where nothing has a weight.
    """
    rows = np.asarray(
        spread(len(weights), labels, min(most_documents, MOST)) if documents is None else documents[:MOST]
    )
    part = weights.rows(rows)
    positive = Sparse(part.indptr, part.indices, np.maximum(np.nan_to_num(part.values), 0), part.width)
    columns = telling(positive, min(most_terms, MOST))
    values = positive.scipy()[:, columns].toarray().astype(np.float64) if len(columns) else np.zeros((len(rows), 0))
    filled = values.any(axis=1)
    if not filled.any():
        raise Problem("These documents hold no term with a weight; choose others, or another weighting.")
    rows, values = rows[filled], values[filled]
    return _ordered(rows, columns, values, seed)


def spread(n: int, labels: Sequence[str] | None, most: int) -> np.ndarray:
    """int64 (min(n, most),): documents at even distances, after they were sorted by label."""
    order = np.arange(n) if labels is None else np.argsort(np.array([str(label) for label in labels]), kind="stable")
    return np.sort(order[np.linspace(0, n - 1, min(n, most)).round().astype(np.int64)]) if n else order


def telling(weights: Sparse, most: int) -> np.ndarray:
    """int64 (≤ most,): the columns that can show blocks: with the largest sum of squares × ln(rows / rows with them)²,
    those in two rows before those in one; most telling of equally heavy ones are those in a seventh of the rows."""
    energy = np.bincount(weights.indices, weights.values.astype(np.float64) ** 2, weights.width)
    frequency = weights.document_frequency()
    score = energy * np.log(len(weights) / np.maximum(frequency, 1)) ** 2
    order = np.lexsort((np.arange(len(energy)), -energy, -score, frequency < 2))
    return order[energy[order] > 0][:most]


def _ordered(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, seed: int) -> Blocks:
    place = _axes(values)
    best, groups = 0.0, np.zeros(sum(values.shape), np.int32)
    for count in GROUPS:
        if count < min(values.shape) and place.shape[1]:
            found = _grouped(place, count, seed)
            gained = modularity(values, found[: len(rows)], found[len(rows) :])
            best, groups = (gained, found) if gained > best + 1e-9 else (best, groups)
    if best < MEANINGFUL:
        groups = np.zeros_like(groups)
    first = place[:, 0] if place.shape[1] else np.zeros(len(place))
    first = first * (1 if first[: len(rows)].sum() >= 0 else -1)
    groups = _along(groups, first)
    down, across = (np.lexsort((along, of)) for along, of in zip(_split(first, rows), _split(groups, rows)))
    return Blocks(
        rows[down], columns[across], values[np.ix_(down, across)].astype(np.float32),
        groups[: len(rows)][down], groups[len(rows) :][across], best,
    )  # fmt: skip


def _split(both: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return both[: len(rows)], both[len(rows) :]


def _axes(values: np.ndarray) -> np.ndarray:
    """float64 (r + c, a): documents, then terms, on their common axes, each axis's sign fixed."""
    scale = [1 / np.sqrt(values.sum(axis=axis)) for axis in (1, 0)]
    left, sizes, right = np.linalg.svd(values * scale[0][:, None] * scale[1], full_matrices=False)
    kept = 1 + np.flatnonzero(sizes[1:] > 1e-9)[:6]
    both = np.concatenate([left[:, kept] * scale[0][:, None], right[kept].T * scale[1][:, None]])
    sign = np.sign(both[np.abs(both).argmax(axis=0), np.arange(both.shape[1])]) if both.size else 1
    return both * sign * sizes[kept]


def _grouped(place: np.ndarray, count: int, seed: int) -> np.ndarray:
    """int32 (r + c,): groups of documents and terms by their directions from the middle."""
    from sklearn.cluster import KMeans

    near = place[:, : count - 1]
    return KMeans(count, n_init=4, random_state=seed).fit(near / (near.std(axis=0) + 1e-12)).labels_.astype(np.int32)


def modularity(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> float:
    """The share of the weight whose document and term are in one group, less the share expected from the margins
    (Barber 2007). values: float (r, c); rows, columns: int, groups."""
    total = values.sum()
    same = rows[:, None] == columns
    expected = np.outer(values.sum(axis=1), values.sum(axis=0)) / total**2
    return float((values / total - expected)[same].sum())


def _along(groups: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The groups numbered by their mean place on the first axis."""
    found, member = np.unique(groups, return_inverse=True)
    means: Any = np.bincount(member, first) / np.bincount(member)
    return np.argsort(np.argsort(means, kind="stable"))[member].astype(np.int32) if len(found) else groups
