"""Do some features of documents tell their classes apart? Held-out documents say it, the same ones for every set.

Documents are put into folds by chance, each class spread evenly; each fold is classified by what was learned from the
others, the features (idf, SVD) included. The interval of a mean over k folds is that of Nadeau & Bengio (2003), whose
variance (1/k + test/train) s² allows for the training sets' being nearly the same.
"""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.explore.classifiers import METHODS, Classifier, Method, fit
from core.explore.features import Features
from core.explore.sparse import Sparse
from core.problem import Problem

LEAST = 2  # documents of a class, one of them to learn from and one to be classified


@dataclass(frozen=True)
class Score:
    """A mean over folds with its 95 % interval (within 0..1), and the folds' own values, float64 (k,)."""

    mean: float
    low: float
    high: float
    folds: np.ndarray


@dataclass(frozen=True)
class Sample:
    """The labelled documents that are classified.

    rows: int64 (m,), documents by number; targets: int32 (m,), each one's class; classes: names, the most frequent
    first; fold: int32 (m,), the fold in which each is held out, in 0..folds-1. left_out: classes with one document,
    which cannot be learned and classified at once; unlabelled: documents without a label.
    """

    rows: np.ndarray
    targets: np.ndarray
    classes: list[str]
    fold: np.ndarray
    folds: int
    left_out: list[str]
    unlabelled: int

    @property
    def majority(self) -> float:
        """The accuracy of always naming the most frequent class."""
        return float(np.bincount(self.targets).max() / len(self.targets))

    @property
    def majority_f1(self) -> float:
        """The macro-F1 of always naming the most frequent class."""
        return 2 * self.majority / (1 + self.majority) / len(self.classes)


@dataclass(frozen=True)
class Result:
    """How one set of features did with one method. shares: float32 (m, k) of the held-out documents (see
    `Model.shares`), predicted: int32 (m,); both in the order of `Sample.rows`."""

    features: str
    method: Method
    sample: Sample
    predicted: np.ndarray
    shares: np.ndarray

    @cached_property
    def accuracy(self) -> Score:
        """The share of the held-out documents that were classified rightly."""
        return self._score(lambda table: float(np.trace(table) / table.sum()))

    @cached_property
    def macro_f1(self) -> Score:
        """F1 = 2 right / (named so + that are so), of each class, averaged over classes."""
        return self._score(lambda table: float(macro_f1(table)))

    @cached_property
    def confusion(self) -> np.ndarray:
        """int64 (k, k): documents by their true class (row) and the class they were given (column)."""
        return self._confusion(np.ones(len(self.predicted), bool))

    def errors(self) -> pd.DataFrame:
        """What was classified wrongly, the most confident first: document, true, predicted (names), share (of the class
        predicted), share_true."""
        sample, row = self.sample, np.arange(len(self.predicted))
        wrong = np.flatnonzero(self.predicted != sample.targets)
        share, true = self.shares[row, self.predicted][wrong], self.shares[row, sample.targets][wrong]
        order = np.lexsort((wrong, -share))
        wrong, share, true = wrong[order], share[order], true[order]
        names = np.array(sample.classes, object)
        return pd.DataFrame({
            "document": sample.rows[wrong], "true": names[sample.targets[wrong]],
            "predicted": names[self.predicted[wrong]], "share": share, "share_true": true,
        })  # fmt: skip

    def _confusion(self, chosen: np.ndarray) -> np.ndarray:
        k = len(self.sample.classes)
        cells = self.sample.targets[chosen].astype(np.int64) * k + self.predicted[chosen]
        return np.bincount(cells, minlength=k * k).reshape(k, k)

    def _score(self, measure) -> Score:
        fold = self.sample.fold
        values = np.array([measure(self._confusion(fold == i)) for i in range(self.sample.folds)])
        return interval(values)


def interval(values: np.ndarray) -> Score:
    """The mean of k folds' values and its 95 % interval by the corrected t-test (Nadeau & Bengio 2003)."""
    from scipy.special import stdtrit

    k, mean = len(values), float(values.mean())
    spread = float(values.std(ddof=1) * np.sqrt(1 / k + 1 / (k - 1))) * float(stdtrit(k - 1, 0.975))
    return Score(mean, max(0.0, mean - spread), min(1.0, mean + spread), values)


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """float64 (…): the mean F1 of the classes of confusion tables (…, k, k); classes that are neither there nor named
    do not count."""
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    all_of = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    each = np.divide(2 * right, all_of, out=np.zeros(right.shape), where=all_of > 0)
    return each.sum(axis=-1) / np.maximum((all_of > 0).sum(axis=-1), 1)


def sample(labels: Sequence[str | None], folds: int = 5, seed: int = 0) -> Sample:
    """The documents with a label, in folds of which each holds its part of every class.

    A class with fewer documents than folds lowers their number, so that every fold can hold one.
    Raises Problem where there are not two classes of two documents.
    """
    if not 2 <= folds <= 20:
        raise Problem("Cross-validation needs 2 to 20 folds, not {folds}.", folds=folds)
    clean = [("" if label is None or label != label else str(label)).strip() for label in labels]
    counted = Counter(label for label in clean if label)
    kept = sorted(
        (label for label, count in counted.items() if count >= LEAST), key=lambda name: (-counted[name], name)
    )
    _check_classes(counted, kept)
    number = {name: i for i, name in enumerate(kept)}
    rows = np.array([i for i, label in enumerate(clean) if label in number], np.int64)
    targets = np.array([number[clean[i]] for i in rows], np.int32)
    folds = min(folds, counted[kept[-1]])
    random, fold, start = np.random.default_rng(seed), np.zeros(len(rows), np.int32), 0
    for i in range(len(kept)):
        members = random.permutation(np.flatnonzero(targets == i))
        fold[members] = (start + np.arange(len(members))) % folds
        start += len(members)
    alone = sorted(label for label, count in counted.items() if count < LEAST)
    return Sample(rows, targets, kept, fold, folds, alone, len(clean) - counted.total())


def _check_classes(counted: Counter, kept: list[str]) -> None:
    if len(counted) == 1:
        raise Problem(
            "All labelled documents belong to the class {name}; classifying needs two classes: choose another column.",
            name=next(iter(counted))[:80],
        )  # fmt: skip
    if len(kept) < 2:
        raise Problem(
            "Classifying needs two classes with at least {least} documents each; there are {n}. Choose a column whose "
            "labels repeat.", least=LEAST, n=len(kept),
        )  # fmt: skip


def evaluate(
    counts: Sparse, documents: Sample, sets: Sequence[Features], methods: Sequence[Method] = METHODS,
    balanced: bool = False,
) -> Generator[float, None, list[Result]]:  # fmt: skip
    """Classify every held-out document by each set of features and each method. Yields the share done.

    counts: float (documents of the corpus, V), word counts; sets with a source of their own take that. The features are
    learned once a fold for all methods. Returns the results, set by set.
    """
    k, m = len(documents.classes), len(documents.rows)
    shares = {(s, method): np.zeros((m, k), np.float32) for s in range(len(sets)) for method in methods}
    best = {key: np.zeros(m, np.int32) for key in shares}
    done, steps = 0, max(1, len(shares) * documents.folds)
    for s, features in enumerate(sets):
        for fold in range(documents.folds):
            held = documents.fold == fold
            train, test, targets = documents.rows[~held], documents.rows[held], documents.targets[~held]
            learned = features.learn(_rows(counts, features, train))
            seen, unseen = (learned(_rows(counts, features, part)) for part in (train, test))
            for method in methods:
                model = fit(method, seen, targets, k, balanced)
                best[s, method][held] = model.scores(unseen).argmax(axis=1)
                shares[s, method][held] = model.shares(unseen)
                done += 1
                yield done / steps
    return [Result(sets[s].name, method, documents, best[s, method], shares[s, method]) for s, method in shares]


def _rows(counts: Sparse, features: Features, rows: np.ndarray) -> Sparse | np.ndarray:
    return counts.rows(rows) if features.source is None else features.source[rows]


def train(
    counts: Sparse, documents: Sample, features: Features, method: Method = "logistic", balanced: bool = False
) -> Classifier:
    """A classifier learned from all labelled documents, to classify new ones."""
    rows = _rows(counts, features, documents.rows)
    learned = features.learn(rows)
    model = fit(method, learned(rows), documents.targets, len(documents.classes), balanced)
    return Classifier(learned, model, documents.classes)


def scores(results: Sequence[Result]) -> pd.DataFrame:
    """A row a result: features, method; accuracy and macro_f1, each also with _low and _high."""
    rows = []
    for result in results:
        a, f = result.accuracy, result.macro_f1
        rows.append((result.features, result.method, a.mean, a.low, a.high, f.mean, f.low, f.high))
    names = ("accuracy", "accuracy_low", "accuracy_high", "macro_f1", "macro_f1_low", "macro_f1_high")
    return pd.DataFrame(rows, columns=["features", "method", *names])
