"""Words on semantic axes: how far each leans to one pole or the other, in the original space.

An axis runs from some words to others, woman - man; a word's place on it is its cosine with it, as in SemAxis (An, Kwak
and Ahn 2018) and in Kozlowski, Taddy and Evans (2019), The geometry of culture. Each word of a pole counts alike: its
vector has length 1 before it is added. Where all words of the vocabulary lie says what a place is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.explore.arithmetic import combined, parse
from core.explore.neighbours import Space
from core.problem import Problem

MEASURED = 50_000  # of the most frequent words: what is usual on an axis


@dataclass(frozen=True)
class Axis:
    """direction: float32 (d,), of length 1. low, high: what its ends are called. words: the words it is made of, each
    with its weight."""

    direction: np.ndarray
    low: str
    high: str
    words: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Usual:
    """Where the most frequent words of a space lie on axes: mean and deviation float64 (k,); cosines float64 (k, k),
    of each axis with each."""

    mean: np.ndarray
    deviation: np.ndarray
    cosines: np.ndarray


def axis(space: Space, text: str) -> Axis:
    """The axis of a sum of words, "woman + she - man - he". Raises Problem as `parse` does, and if nothing is left."""
    found = parse(text, lambda word: word in space.vocab)
    total, rows = combined(space, found)
    terms = [(term.weight, space.vocab.words[row]) for term, row in zip(found, rows)]
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        raise Problem("{text} comes to nothing: its words cancel out, or have no vectors.", text=text[:80])
    high, low = ([_named(weight, word) for weight, word in terms if sign * weight > 0] for sign in (1, -1))
    return Axis((total / length).astype(np.float32), " + ".join(low), " + ".join(high), tuple(terms))


def _named(weight: float, word: str) -> str:
    return word if abs(weight) == 1 else f"{abs(weight):g} {word}"


def _directions(space: Space, rows: Sequence[int] | np.ndarray) -> np.ndarray:
    """float64 (n, d): vectors at length 1; one without a direction is all zeros."""
    vectors = np.nan_to_num(space.vectors[rows].astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-12)


def places(space: Space, rows: Sequence[int] | np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    """float32 (n, k): the cosine of each word, by its row, with each axis."""
    return (_directions(space, rows) @ np.stack([each.direction for each in axes], axis=1)).astype(np.float32)


def usual(space: Space, axes: Sequence[Axis], words: int = MEASURED) -> Usual:
    """What is usual on these axes, over the `words` most frequent words."""
    found = everywhere(space, axes, words)
    directions = np.stack([each.direction for each in axes]).astype(np.float64)
    return Usual(found.mean(axis=0, dtype=np.float64), found.std(axis=0, dtype=np.float64), directions @ directions.T)


def everywhere(space: Space, axes: Sequence[Axis], words: int = MEASURED) -> np.ndarray:
    """float32 (n, k): the cosines of the most frequent words with each axis; of a word without a direction 0."""
    n = min(words, len(space.vectors))
    products = space.vectors[:n] @ np.stack([each.direction for each in axes], axis=1)
    products /= np.maximum(space.norms[:n, None], np.float32(1e-12))
    return np.nan_to_num(products, nan=0.0, posinf=0.0, neginf=0.0)


def ends(space: Space, axes: Sequence[Axis], each: int, words: int = MEASURED) -> list[int]:
    """The rows of the `each` words farthest out at both ends of every axis, those that make the axis left out."""
    found, own = everywhere(space, axes, words), {word for axis in axes for _, word in axis.words}
    rows: list[int] = []
    for column in found.T:
        order = [row for row in np.argsort(column, kind="stable").tolist() if space.vocab.words[row] not in own]
        rows += order[::-1][:each] + order[:each]
    return list(dict.fromkeys(rows))
