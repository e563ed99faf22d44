"""A sentence as one vector: the mean of its words, plain or by smooth inverse frequency (SIF, Arora, Liang & Ma 2017).

SIF weighs a word of probability p by a / (a + p), so that the frequent ones count little, and then takes from every
sentence its part along the direction that all sentences of the corpus share most: their first singular vector.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from core.corpus import Corpus

A = 1e-3  # the paper's
LONGEST = 40  # words of a stretch of text that is compared: a longer sentence is cut
MOST = 100_000  # stretches that are compared
_BATCH = 5_000


def weights(counts: np.ndarray, tokens: int, a: float | None = A) -> np.ndarray:
    """float64: what each word counts, by its count among so many tokens; 1 where a is None, the plain mean.

    >>> weights(np.array([1, 999]), 1000, 0.001)
    array([0.5       , 0.001     ])
    """
    if a is None:
        return np.ones(len(counts))
    return a / (a + np.asarray(counts, np.float64) / max(1, tokens))


def stretches(corpus: Corpus, most: int = MOST, longest: int = LONGEST) -> tuple[np.ndarray, int]:
    """int64 (n, 2): the tokens at which sentences begin and end, longer ones cut into pieces; and how many there are.

    Of more than `most`, as many are taken at even distances.
    """
    cuts = np.unique(np.concatenate([corpus.sentences, corpus.offsets]))
    begins, lengths = cuts[:-1], np.diff(cuts)
    pieces = -(-lengths // longest)
    inside = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    starts = np.repeat(begins, pieces) + inside * longest
    found = np.stack([starts, np.minimum(starts + longest, np.repeat(begins + lengths, pieces))], axis=1)
    total = len(found)
    return (found if total <= most else found[np.linspace(0, total - 1, most).round().astype(np.int64)]), total


@dataclass(frozen=True)
class Sentences:
    """The stretches of a corpus as vectors. bounds: int64 (n, 2), tokens; total: of so many; vectors: float32 (n, d),
    of length one, or zeros where no word is known; common: float64 (d,), the direction taken from all, zeros for the
    plain mean; share: of the sum of squares, what lay along it."""

    bounds: np.ndarray
    total: int
    vectors: np.ndarray
    common: np.ndarray
    share: float

    def nearest(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The places of the k stretches nearest to a vector (d,) that is not cleaned yet, and their cosines."""
        own = without(vector, self.common)
        cosines = self.vectors @ (own / max(float(np.linalg.norm(own)), 1e-12)).astype(np.float32)
        order = np.argsort(-cosines, kind="stable")[:k]
        return order, cosines[order]


def without(vectors: np.ndarray, common: np.ndarray) -> np.ndarray:
    """These vectors, (d,) or (n, d), without their part along a direction (d,) of length one, or zeros."""
    return vectors - (vectors @ common)[..., None] * common


def sentences(
    corpus: Corpus, aligned: np.ndarray, a: float | None = A, most: int = MOST
) -> Generator[float, None, Sentences]:
    """The stretches of a corpus as SIF vectors; a None: as plain means. Yields the share done.

    aligned: float32 (types, d), the vectors of the corpus's types, or of the most frequent; zeros for one without.
    """
    from scipy.sparse import csr_matrix

    bounds, total = stretches(corpus, most)
    weight = weights(corpus.index.counts, len(corpus.tokens), a)
    weight[len(aligned) :] = 0
    vectors = np.zeros((len(bounds), aligned.shape[1]), np.float32)
    for begin in range(0, len(bounds), _BATCH):
        part = bounds[begin : begin + _BATCH]
        lengths = part[:, 1] - part[:, 0]
        rows = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(rows[-1]) + np.repeat(part[:, 0] - rows[:-1], lengths)
        kinds = np.asarray(corpus.tokens)[places]
        mean = weight[kinds] / np.repeat(lengths, lengths)
        table = csr_matrix((mean.astype(np.float32), np.minimum(kinds, len(aligned) - 1), rows),
                           (len(part), len(aligned)))  # fmt: skip
        vectors[begin : begin + len(part)] = table @ aligned
        yield 0.9 * (begin + len(part)) / len(bounds)
    common, share = _common(vectors) if a is not None else (np.zeros(aligned.shape[1]), 0.0)
    vectors = without(vectors, common).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return Sentences(bounds, total, vectors, common, share)


def _common(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """float64 (d,): the first right singular vector, its largest number positive; and its share of the squares."""
    values, directions = np.linalg.eigh(vectors.astype(np.float64).T @ vectors)
    first = directions[:, -1] * np.sign(directions[np.abs(directions[:, -1]).argmax(), -1])
    return first, float(values[-1] / max(values.sum(), 1e-300))
