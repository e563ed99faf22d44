"""One space laid upon another: the turn that brings the words that both have as near to each other as it can.

Orthogonal Procrustes (Schönemann 1966), as Hamilton, Leskovec and Jurafsky (2016), Diachronic word embeddings reveal
statistical laws of semantic change, use it: directions of two trainings mean nothing to each other until they are
turned alike, and a turn changes no distance within a space. Every word counts alike: its vector has length 1; and what
all words of a space share is taken away, so that two words are expected to be unlike (Artetxe, Labaka and Agirre 2016).
"""

from dataclasses import dataclass

import numpy as np

WIDEST = 512  # numbers of a vector; wider ones are reduced to their leading components


@dataclass(frozen=True)
class Fit:
    """How well one space lies upon the other.

    rotation: float64 (d, d), orthogonal; row vectors of the first space times it lie in the second. residual: the
    Frobenius norm of what is left, as a share of the second's. cosine: the mean over the anchors; held_out: over the
    anchors that were left out, in two halves; shuffled: where the first space's anchors are laid upon the second's in
    random order, which is what a turn of so many dimensions brings about by itself.
    """

    rotation: np.ndarray
    anchors: int
    residual: float
    cosine: float
    held_out: float
    shuffled: float


def unit(vectors: np.ndarray) -> np.ndarray:
    """float64 (n, d): each row at length 1; a row of zeros, or one that is not finite, is all zeros."""
    rows = np.nan_to_num(np.asarray(vectors, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-12)


def directions(vectors: np.ndarray) -> np.ndarray:
    """float64 (n, d): each row at length 1, less the mean of all, at length 1 again; a row of zeros stays one."""
    rows = unit(vectors)
    there = rows.any(axis=1, keepdims=True)
    mean = rows.sum(axis=0) / max(1, int(there.sum()))
    return unit(np.where(there, rows - mean, 0.0))


def narrowed(vectors: np.ndarray, width: int = WIDEST) -> np.ndarray:
    """float64 (n, at most width): rows in their leading directions (not centred), if they are wider."""
    if vectors.shape[1] <= width:
        return vectors
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return vectors @ axes[:, ::-1][:, :width]


def widened(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both with as many numbers a row as the wider has, the narrower filled up with zeros."""
    width = max(first.shape[1], second.shape[1])
    one, other = (np.pad(rows, ((0, 0), (0, width - rows.shape[1]))) for rows in (first, second))
    return one, other


def rotation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (d, d), orthogonal: the R for which first @ R is nearest to second, (n, d) both."""
    left, _, right = np.linalg.svd(first.T @ second)
    turned: np.ndarray = left @ right
    return turned


def fit(first: np.ndarray, second: np.ndarray, anchors: np.ndarray | None = None, seed: int = 0) -> Fit:
    """Lay the rows of first (n, d) upon those of second (n, d): row i of both is one word, at length 1 (see `unit`).

    anchors: int (m,), the rows that are laid upon each other; all of them without it.
    """
    one, other = (rows if anchors is None else rows[anchors] for rows in (first, second))
    turned = rotation(one, other)
    laid = one @ turned
    return Fit(
        turned,
        len(one),
        float(np.linalg.norm(laid - other) / (np.linalg.norm(other) or 1.0)),
        float(np.einsum("ij,ij->i", laid, other).mean()),
        _left_out(one, other),
        _by_chance(one, other, seed),
    )


def _left_out(one: np.ndarray, other: np.ndarray) -> float:
    """The mean cosine of words that the turn did not see: fitted on every second word, and the other way round."""
    found = []
    for half in (0, 1):
        turned = rotation(one[half::2], other[half::2])
        rest = slice(1 - half, None, 2)
        found.append(np.einsum("ij,ij->i", one[rest] @ turned, other[rest]))
    return float(np.concatenate(found).mean())


def _by_chance(one: np.ndarray, other: np.ndarray, seed: int) -> float:
    order = np.random.default_rng(seed).permutation(len(one))
    mixed = one[order]
    return float(np.einsum("ij,ij->i", mixed @ rotation(mixed, other), other).mean())


def drift(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (n,): how far each word has moved, 1 - cosine, between two spaces (n, d) laid upon each other."""
    cosine = np.einsum("ij,ij->i", unit(first), unit(second))
    return np.clip(1 - cosine, 0.0, 2.0)


def usual_drift(moved: np.ndarray, counts: np.ndarray, near: int = 101) -> np.ndarray:
    """float64 (n,): the median drift of the `near` words that are about as frequent as each, itself among them.

    Rare words move more in any two trainings, because their vectors are less sure; what is left above this is the
    word's own.
    """
    n = len(moved)
    width = min(near, n)
    order = np.argsort(-counts, kind="stable")
    windows = np.lib.stride_tricks.sliding_window_view(moved[order], width)  # (n - width + 1, width)
    places = np.clip(np.arange(n) - width // 2, 0, n - width)
    usual = np.empty(n)
    usual[order] = np.median(windows, axis=1)[places] if n else 0.0
    return usual
