"""What is shown of attention: words instead of pieces, special symbols left out, one half of a pair, fewer bytes.

Vig (2019), A multiscale visualization of attention in the transformer model: the views these arrays are for. Words out
of pieces as in Clark, Khandelwal, Levy and Manning (2019), What does BERT look at?, section 4.1.

Shapes: L layers, H heads, P pieces, U units (pieces or words), R of them that look, C that are looked at, M maps.
"""

from dataclasses import dataclass

import numpy as np

from core.corpus.tokenizers import CONTINUES

STEPS = 255  # of a rounded weight: the largest of its row has so many
PAIRS = {"all": (-1, -1), "AA": (0, 0), "AB": (0, 1), "BA": (1, 0), "BB": (1, 1)}  # the segments that look, and are


@dataclass(frozen=True)
class Units:
    """What looks and is looked at. names: one a unit; special: bool (U,); segment: int64 (U,); of: int64 (P,), the unit
    that a piece belongs to."""

    names: list[str]
    special: np.ndarray
    segment: np.ndarray
    of: np.ndarray


def units(pieces: list[str], word: np.ndarray, segment: np.ndarray, whole: bool) -> Units:
    """Pieces, or with `whole` words. word: int64 (P,), whose a piece is, -1 for a special symbol, which stays alone."""
    new = np.ones(len(word), bool)
    if whole:
        new[1:] = (word[1:] != word[:-1]) | (word[1:] < 0)
    of, firsts = np.cumsum(new) - 1, np.flatnonzero(new)
    names = [""] * len(firsts)
    for piece, unit in zip(pieces, of):
        names[unit] += piece.removeprefix(CONTINUES) if names[unit] else piece
    return Units(names, word[firsts] < 0, np.asarray(segment)[firsts], of)


def between_units(attention: np.ndarray, of: np.ndarray) -> np.ndarray:
    """(..., P, P) -> (..., U, U): the mean over the pieces that look, the sum over those looked at; rows keep their
    sums."""
    firsts = np.flatnonzero(np.diff(of, prepend=-1))
    if len(firsts) == len(of):
        return attention
    summed = np.add.reduceat(np.add.reduceat(attention, firsts, axis=-1), firsts, axis=-2)
    return summed / np.bincount(of)[:, None].astype(attention.dtype)


def shown(found: Units, specials: bool = True, pair: str = "all") -> tuple[np.ndarray, np.ndarray]:
    """int64 (R,), (C,): the units that look and those that are looked at. pair: of `PAIRS`, A the first segment."""
    kept = np.ones(len(found.names), bool) if specials else ~found.special
    looking, seen = (kept if side < 0 else kept & (found.segment == side) for side in PAIRS[pair])
    return np.flatnonzero(looking), np.flatnonzero(seen)


def part(attention: np.ndarray, rows: np.ndarray, columns: np.ndarray, renormalise: bool = False) -> np.ndarray:
    """(..., U, U) -> (..., R, C). renormalise: each row sums to 1 again; one that has nothing left stays 0."""
    found = attention[..., rows[:, None], columns]
    if not renormalise:
        return found
    total = found.sum(-1, keepdims=True)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 1e-9)


def strongest(weights: np.ndarray, share: float) -> np.ndarray:
    """(..., R, C): of each row the fewest of its largest weights that make `share` (0..1) of its sum; the others 0."""
    order = np.argsort(-weights, axis=-1, kind="stable")
    falling = np.take_along_axis(weights, order, -1)
    before = np.cumsum(falling, -1) - falling
    keep = before < share * falling.sum(-1, keepdims=True) - 1e-7
    found = np.zeros_like(weights)
    np.put_along_axis(found, order, np.where(keep, falling, 0), -1)
    return found


def with_means(attention: np.ndarray) -> np.ndarray:
    """(L, H, R, C) -> (L H + L + 1, R, C): every head, then the mean of each layer, then the mean of all."""
    layers = attention.mean(1)
    return np.concatenate([attention.reshape(-1, *attention.shape[2:]), layers, layers.mean(0, keepdims=True)])


def number(layer: int, head: int, layers: int, heads: int) -> int:
    """Which of `with_means` it is; head -1: the layer's mean; layer -1: that of all.

    >>> number(1, 0, 2, 3), number(1, -1, 2, 3), number(-1, -1, 2, 3)
    (3, 7, 8)
    """
    if layer < 0:
        return layers * heads + layers
    return layer * heads + head if head >= 0 else layers * heads + layer


def rounded(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(M, R, C) -> uint8 (M, R, C), and float32 (M, R): a weight is its number times the step of its row.

    So no weight is further off than half a step, which is 1/510 of the largest in its row.
    """
    step = (maps.max(-1) / STEPS).astype(np.float32)
    numbers = np.divide(maps, step[..., None], out=np.zeros(maps.shape, np.float32), where=step[..., None] > 0)
    return np.rint(numbers).astype(np.uint8), step


def small(maps: np.ndarray, most: int) -> np.ndarray:
    """(M, R, C) -> (M, r, c), each at most `most`: the largest weight of every block, so that no line is lost."""
    for axis in (-2, -1):
        size = maps.shape[axis]
        if size > most:
            edges = np.unique(np.arange(most) * size // most)
            maps = np.maximum.reduceat(maps, edges, axis=axis)
    return maps


def causal(attention: np.ndarray) -> bool:
    """Whether nothing in (..., P, P) looks at what comes after it."""
    return attention.shape[-1] > 1 and not np.triu(attention, 1).any()
