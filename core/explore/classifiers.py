"""Two classifiers of documents, and why one decided as it did.

Logistic regression: p(class | x) = softmax(W x + b), fitted with a Gaussian prior on W (L2, strength 1/C; sklearn's
newton-cg). Nearest centroid: the class whose mean training document is most similar by cosine (Rocchio 1971).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.explore.features import Fitted, Learned, restored
from core.explore.sparse import Sparse
from core.problem import Problem

Method = Literal["logistic", "centroid"]
METHODS: tuple[Method, ...] = ("logistic", "centroid")
STRENGTH = 10.0  # C of logistic regression; documents have a length of about 1


@dataclass(frozen=True)
class Model:
    """A classifier of k classes. weights: float32 (k, f), a row a class; bias: float32 (k,)."""

    method: Method
    weights: np.ndarray
    bias: np.ndarray

    def scores(self, features: Any) -> np.ndarray:
        """float64 (n, k): how each class fits each document: logits, or cosines."""
        return np.asarray(features @ self.weights.T, np.float64) + self.bias

    def shares(self, features: Any) -> np.ndarray:
        """float64 (n, k): probabilities that sum to 1, of logistic regression; cosines in -1..1, of the centroids."""
        scores = self.scores(features)
        if self.method == "centroid":
            return scores
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)


def fit(method: Method, features: Any, targets: np.ndarray, classes: int, balanced: bool = False) -> Model:
    """Learn from documents: features (n, f), sparse or dense, of length about 1; targets int (n,) in 0..classes-1.

    balanced: rare classes count as much as frequent ones (logistic regression). Every class must occur.
    Raises Problem for an unknown method.
    """
    if method == "centroid":
        return _centroids(features, targets, classes)
    if method == "logistic":
        return _logistic(features, targets, classes, balanced)
    raise Problem("{method} is no classifier here; choose logistic or centroid.", method=str(method)[:80])


def _centroids(features: Any, targets: np.ndarray, classes: int) -> Model:
    from scipy.sparse import csr_array

    places = (np.ones(len(targets), np.float32), (targets, np.arange(len(targets))))
    sums = csr_array(places, shape=(classes, len(targets))) @ features
    centres = np.asarray(sums.toarray() if hasattr(sums, "toarray") else sums, np.float64)
    lengths = np.linalg.norm(centres, axis=1, keepdims=True)
    return Model(
        "centroid", (centres / np.where(lengths > 0, lengths, 1)).astype(np.float32), np.zeros(classes, np.float32)
    )


def _logistic(features: Any, targets: np.ndarray, classes: int, balanced: bool) -> Model:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    weight = "balanced" if balanced else None
    model = LogisticRegression(C=STRENGTH, solver="newton-cg", tol=1e-4, max_iter=200, class_weight=weight)
    with warnings.catch_warnings():
        for kind in (ConvergenceWarning, RuntimeWarning):  # it stops a little short of the optimum
            warnings.simplefilter("ignore", kind)
        model.fit(features, targets)
    weights, bias = np.asarray(model.coef_), np.asarray(model.intercept_)
    if classes == 2:  # one row, of the second class against the first; half of it for either gives the same
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Model("logistic", weights.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True)
class Classifier:
    """All that classifies a new document: how its features are made, the model, and the names of its classes."""

    features: Learned
    model: Model
    classes: Sequence[str]

    def state(self) -> dict[str, np.ndarray]:
        """As arrays; the names of the classes as UTF-8 bytes with a line end between."""
        names = "\n".join(name.replace("\n", " ") for name in self.classes)
        return {
            **{f"features.{name}": array for name, array in self.features.state().items()},
            "method": np.array(METHODS.index(self.model.method)),
            "weights": self.model.weights,
            "bias": self.model.bias,
            "classes": np.frombuffer(names.encode(), np.uint8),
        }

    @classmethod
    def restored(cls, state: Mapping[str, np.ndarray]) -> "Classifier":
        """From its state."""
        learned = {key.removeprefix("features."): array for key, array in state.items() if key.startswith("features.")}
        model = Model(METHODS[int(state["method"])], np.asarray(state["weights"]), np.asarray(state["bias"]))
        return cls(restored(learned), model, bytes(state["classes"]).decode().split("\n"))


@dataclass(frozen=True)
class Decision:
    """What a classifier says of a document.

    shares: float64 (k,), probabilities or cosines (see `Model.shares`). chosen, other: the best class and the one that
    it is compared with. terms: word, id, weight (what the word's occurrences here give to the score of the chosen class
    more than to that of the other), the strongest first, whichever its sign; empty where features are not of words.
    margin: the difference of the two scores = sum of all weights + bias. known: how many different words were known.
    """

    shares: np.ndarray
    chosen: int
    other: int
    terms: pd.DataFrame
    margin: float
    bias: float
    known: int


def decide(
    classifier: Classifier, document: Sparse | np.ndarray, words: Sequence[str], other: int | None = None
) -> Decision:
    """Classify one document, and say which of its words decided.

    document: its word counts, (1, V) in the words of the training, or its vector float (1, d). words: V; other: the
    class to compare the chosen one with, else the second best. Raises Problem if no word of it is known.
    """
    known = int(np.count_nonzero(document.values)) if isinstance(document, Sparse) else 0
    if isinstance(document, Sparse) and not known:
        raise Problem("No word of this document occurs in the training documents; type other words.")
    features, model = classifier.features(document), classifier.model
    scores, shares = model.scores(features)[0], model.shares(features)[0]
    order = np.argsort(-scores, kind="stable")
    chosen = int(order[0])
    against = int(order[1]) if other is None or other == chosen else other
    terms = pd.DataFrame({"word": [], "id": [], "weight": []})
    if isinstance(classifier.features, Fitted) and isinstance(document, Sparse):
        direction = model.weights[chosen].astype(np.float64) - model.weights[against]
        terms = _terms(*classifier.features.parts(document, direction), words)
    bias = float(model.bias[chosen] - model.bias[against])
    return Decision(shares, chosen, against, terms, float(scores[chosen] - scores[against]), bias, known)


def _terms(ids: np.ndarray, weights: np.ndarray, words: Sequence[str]) -> pd.DataFrame:
    order = np.lexsort((ids, -np.abs(weights)))
    return pd.DataFrame(
        {"word": [words[i] for i in ids[order]], "id": ids[order].astype(np.int64), "weight": weights[order]}
    )


def strongest(
    classifier: Classifier, words: Sequence[str], counts: Sparse, top: int = 15, min_documents: int = 2
) -> pd.DataFrame:
    """For each class the words that speak most for it: class, word, id, weight, documents.

    weight: what one unit of the word's weight adds to the score of the class, less the mean over all classes; with LSA
    and averages, along the word's own vector. Words in fewer than min_documents of the documents counted are left out.
    Raises Problem where features are not made of words.
    """
    learned, frequency = classifier.features, counts.document_frequency()
    if not isinstance(learned, Fitted):
        raise Problem("These features are vectors without words; choose features that are made of words.")
    centre = classifier.model.weights.mean(axis=0, dtype=np.float64)
    enough = np.flatnonzero(frequency >= min_documents)
    parts = []
    for name, row in zip(classifier.classes, classifier.model.weights):
        weights = learned.by_word(row - centre)[enough]
        best = np.argsort(-weights, kind="stable")[:top]
        best = best[weights[best] > 0]
        ids = enough[best]
        part = {"word": [words[i] for i in ids], "id": ids, "weight": weights[best], "documents": frequency[ids]}
        parts.append(pd.DataFrame({"class": name, **part}))
    return pd.concat(parts, ignore_index=True)
