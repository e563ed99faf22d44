"""What a classifier sees of a document: which words it has, how often, how telling they are, or a vector.

Every set of features here begins with the words counted in each document and is learned from some of the documents,
so that nothing of a held-out document (how many documents hold a word, say) reaches the training:

    weights   w_j = tf_j a_j            tf: 1 where the word occurs | its count | 1 + ln count; a: 1 | idf | SIF
    features  f   = w, or w B           B: directions of LSA | word vectors, of which it is an average
    scaled    f / |f| (TF-IDF, LSA, averages), or f / the median length of the training documents (one-hot, counts)

idf_j = ln((1 + n) / (1 + df_j)) + 1 over n training documents, as in scikit-learn. LSA: the right singular vectors of
the training documents' weights (Deerwester et al. 1990), by randomised SVD (Halko, Martinsson & Tropp 2011). SIF:
a_j = s / (s + p_j) with the word's share p_j of all tokens, then the first singular direction of the averages is taken
out (Arora, Liang & Ma 2017). Since all of it is linear up to the length, a decision can be taken apart word by word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.explore.sparse import Sparse
from core.problem import Problem

Frequency = Literal["binary", "raw", "log"]
Averaging = Literal["plain", "idf", "sif"]
FREQUENCIES = ("binary", "raw", "log")
SIF = 1e-3  # s of the SIF weights


@dataclass(frozen=True)
class Fitted:
    """How counts become features, after learning. weights: float32 (V,) or None; basis: float32 (V, d) or None; unit:
    whether documents end with length one; length: what all are divided by otherwise."""

    frequency: Frequency
    weights: np.ndarray | None = None
    basis: np.ndarray | None = None
    unit: bool = True
    length: float = 1.0

    def term_weights(self, counts: Sparse) -> Sparse:
        """The weight of every word in every document, before the basis; rows of length one if the features are."""
        values = _frequencies(counts.values, self.frequency)
        if self.weights is not None:
            values = values * self.weights[counts.indices]
        weighted = Sparse(counts.indptr, counts.indices, values, counts.width)
        if not self.unit:
            return Sparse(counts.indptr, counts.indices, values / np.float32(self.length), counts.width)
        return _to_unit(weighted)

    def __call__(self, counts: Sparse | np.ndarray) -> Any:
        """The features of documents: scipy's csr_array (n, V), or with a basis float32 (n, d)."""
        assert isinstance(counts, Sparse)
        weighted = self.term_weights(counts).scipy()
        return weighted if self.basis is None else _unit_rows(weighted @ self.basis)

    def by_word(self, direction: np.ndarray) -> np.ndarray:
        """float32 (V,): what one unit of each word's weight adds along a direction, float (V,) or (d,)."""
        return np.asarray(direction if self.basis is None else self.basis @ direction, np.float32)

    def parts(self, counts: Sparse, direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of one document: its words, int32 (m,), and what each gives to features · direction, float64 (m,)."""
        assert len(counts) == 1
        weighted = self.term_weights(counts)
        given = weighted.values * self.by_word(direction)[weighted.indices].astype(np.float64)
        if self.basis is not None:
            length = float(np.linalg.norm(weighted.scipy() @ self.basis))
            given = given / (length or 1.0)
        return weighted.indices, given

    def state(self) -> dict[str, np.ndarray]:
        """As arrays."""
        arrays = {
            "frequency": np.int64(FREQUENCIES.index(self.frequency)), "unit": np.bool_(self.unit),
            "length": np.float64(self.length), "weights": self.weights, "basis": self.basis,
        }  # fmt: skip
        return {name: np.asarray(array) for name, array in arrays.items() if array is not None}

    @classmethod
    def restored(cls, state: Mapping[str, np.ndarray]) -> "Fitted":
        """From its state."""
        frequency: Any = FREQUENCIES[int(state["frequency"])]
        return cls(
            frequency, state.get("weights"), state.get("basis"), bool(state["unit"]), float(state["length"])
        )  # fmt: skip


@dataclass(frozen=True)
class Centred:
    """Vectors made elsewhere, less the mean of the training documents' (centre: float32 (d,)), of length one."""

    centre: np.ndarray

    def __call__(self, vectors: Sparse | np.ndarray) -> np.ndarray:
        """float32 (n, d)."""
        assert not isinstance(vectors, Sparse)
        return _unit_rows(np.asarray(vectors, np.float32) - self.centre)

    def state(self) -> dict[str, np.ndarray]:
        """As arrays."""
        return {"centre": self.centre}


Learned = Fitted | Centred


def restored(state: Mapping[str, np.ndarray]) -> Learned:
    """What was learned, from its state."""
    return Centred(state["centre"]) if "centre" in state else Fitted.restored(state)


@dataclass(frozen=True)
class Features:
    """A set of features: its name, and how it is learned from the word counts of the training documents.

    source: float32 (n, d), vectors of the documents that take the place of their word counts, or None.
    """

    name: str
    learn: Callable[[Any], Learned] = field(compare=False)
    source: np.ndarray | None = field(default=None, compare=False)


def one_hot(name: str = "one-hot") -> Features:
    """1 for every word that occurs."""
    return Features(name, lambda counts: _as_they_are("binary", counts))


def term_counts(name: str = "counts") -> Features:
    """How often every word occurs: the bag of words."""
    return Features(name, lambda counts: _as_they_are("raw", counts))


def tf_idf(name: str = "TF-IDF", frequency: Frequency = "raw") -> Features:
    """Counts × idf, length one: TfidfVectorizer's defaults."""
    return Features(name, lambda counts: Fitted(frequency, idf(counts)))


def latent(dimensions: int = 100, seed: int = 0, name: str = "LSA") -> Features:
    """Documents along the main directions of the TF-IDF matrix; fewer where there are fewer documents or words."""
    return Features(name, lambda counts: _latent(counts, dimensions, seed))


def averaged(vectors: np.ndarray, averaging: Averaging = "idf", name: str = "averaged word vectors") -> Features:
    """The mean of a document's word vectors, float32 (V, d), row j belonging to column j of the counts.

    Every word counts as often as it occurs: as it is ("plain"), by its idf, or by SIF, which also takes out what all
    documents share. Raises Problem when learned from counts of other words.
    """
    return Features(name, lambda counts: _averaged(counts, np.asarray(vectors, np.float32), averaging))


def given(vectors: np.ndarray, name: str) -> Features:
    """Vectors of the documents, float (n, d), that some encoder made; only their mean is learned."""
    source = np.nan_to_num(np.asarray(vectors, np.float32), posinf=0, neginf=0)
    return Features(name, lambda rows: Centred(rows.mean(axis=0, dtype=np.float64).astype(np.float32)), source)


def idf(counts: Sparse) -> np.ndarray:
    """float32 (V,): ln((1 + n) / (1 + df)) + 1, as scikit-learn smooths it."""
    frequency = counts.document_frequency()
    return (np.log((1 + len(counts)) / (1 + frequency)) + 1).astype(np.float32)


def sif(counts: Sparse) -> np.ndarray:
    """float32 (V,): s / (s + p), p a word's share of all tokens (Arora, Liang & Ma 2017)."""
    totals = counts.column_sums()
    return (SIF / (SIF + totals / max(totals.sum(), 1))).astype(np.float32)


def _frequencies(values: np.ndarray, frequency: Frequency) -> np.ndarray:
    """float32: what a count is worth."""
    if frequency == "binary":
        return (values != 0).astype(np.float32)
    if frequency == "log":
        return (1 + np.log(np.maximum(values, 1))).astype(np.float32)
    return values.astype(np.float32)


def _to_unit(rows: Sparse) -> Sparse:
    squares = np.bincount(rows.row_of(), rows.values.astype(np.float64) ** 2, len(rows))
    lengths = np.where(squares > 0, np.sqrt(squares), 1).astype(np.float32)
    return Sparse(rows.indptr, rows.indices, rows.values / lengths[rows.row_of()], rows.width)


def _unit_rows(rows: np.ndarray) -> np.ndarray:
    """float32 (n, d): each row divided by its length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _as_they_are(frequency: Frequency, counts: Sparse) -> Fitted:
    """Documents keep their lengths; the median one is 1, so that one strength of regularisation suits all features."""
    squares = np.bincount(counts.row_of(), _frequencies(counts.values, frequency) ** 2.0, len(counts))
    lengths = np.sqrt(squares[squares > 0])
    return Fitted(frequency, unit=False, length=float(np.median(lengths)) if len(lengths) else 1.0)


def _latent(counts: Sparse, dimensions: int, seed: int) -> Fitted:
    from sklearn.utils.extmath import randomized_svd

    weights = Fitted("raw", idf(counts))
    rows = weights(counts)
    most = min(dimensions, min(rows.shape) - 1)
    if most < 1:
        raise Problem("LSA needs at least two documents and two words to learn from; choose a larger corpus.")
    _, _, directions = randomized_svd(rows, most, n_iter=4, random_state=seed)
    return Fitted("raw", weights.weights, np.ascontiguousarray(directions.T, np.float32))


def _averaged(counts: Sparse, vectors: np.ndarray, averaging: Averaging) -> Fitted:
    if len(vectors) != counts.width:
        raise Problem(
            "There are {vectors} word vectors, but {words} words are counted; count the words that the run was trained "
            "on.", vectors=len(vectors), words=counts.width,
        )  # fmt: skip
    basis = np.where(np.isfinite(vectors), vectors, 0).astype(np.float32)
    if averaging == "plain":
        return Fitted("raw", None, basis)
    if averaging == "idf":
        return Fitted("raw", idf(counts), basis)
    fitted = Fitted("raw", sif(counts), basis)
    shared = np.linalg.svd(_thinned(fitted(counts)), full_matrices=False)[2][:1]
    return Fitted("raw", fitted.weights, basis - (basis @ shared.T) @ shared)


def _thinned(rows: np.ndarray, most: int = 20_000) -> np.ndarray:
    return rows[:: max(1, len(rows) // most)]
