"""Documents classified by different features: how well, by which words, what was wrong and why, and any typed text.

A set of features is "one-hot", "counts", "tf-idf", "lsa", "mean:RUN" (the words' vectors of a run, averaged by idf) or
"documents:RUN" (the vectors that a run gives documents). A classifier that was fitted stays in memory and, as arrays,
on disk, so that a text is classified as soon as it is typed.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers import cache
from core.answers.cache import Answer, Asked
from core.answers.corpora import Steps, opened, plain, table
from core.answers.documents import Kept, check_document, counted, names, run_vectors, vectors_of, word_vectors
from core.corpus import Corpus
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.explore.classifiers import Classifier, Decision
    from core.explore.classify import Sample
    from core.explore.features import Features
    from core.explore.sparse import Sparse
    from core.store import Store

MOST_WORDS = 100_000  # types that are features
LEAST_COUNT = 2  # a type that occurs once in the corpus cannot be in two documents
PAGE = 8000  # characters of a document that is looked into
MOST_TERMS = 60  # told of a decision

_CLASSIFIERS = Kept(6)


@dataclass(frozen=True)
class Task:
    """What is classified: the labelled documents of a corpus, and the counts of their words."""

    corpus: Corpus
    column: str
    sample: "Sample"
    counts: "Sparse"

    @property
    def words(self) -> list[str]:
        """The words that are counted."""
        return self.corpus.index.words[: self.counts.width].to_pylist()


def classify(
    store: "Store", corpus_id: str, column: str, sets: Sequence[str], folds: int = 5, balanced: bool = False
) -> Steps:
    """Each set of features with each method, cross-validated; see `core.explore.classify.evaluate`.

    Arrays, in the order of facts["scores"]: confusion int64 (r, k, k), predicted int32 (r, m), share and share_true
    float32 (r, m); rows int64 (m,) and targets int32 (m,). Facts: scores, paired (against facts["best"], a row of
    scores), classes, sizes, majority, majority_f1, folds, left_out, unlabelled, words.
    """
    from core.explore.classify import evaluate, scores
    from core.explore.graph import within
    from core.explore.significance import compare

    if not sets:
        raise Problem("Choose at least one set of features.")
    yield marked("Counting words")
    task = task_of(store, corpus_id, column, folds)
    features = []
    for name in sets:
        features.append((yield from _features(store, task, name)))
    yield marked("Learning from some documents, classifying the others")
    results = yield from within(evaluate(task.counts, task.sample, features, balanced=balanced), 0.0, 0.85)
    yield marked("Comparing the results")
    measured = scores(results)
    best = int(measured["accuracy"].to_numpy().argmax())
    paired = yield from within(compare(results, best), 0.85, 1.0)
    row, targets = np.arange(len(task.sample.rows)), task.sample.targets
    arrays = {
        "confusion": np.stack([result.confusion for result in results]),
        "predicted": np.stack([result.predicted for result in results]),
        "share": np.stack([result.shares[row, result.predicted] for result in results]),
        "share_true": np.stack([result.shares[row, targets] for result in results]),
        "rows": task.sample.rows, "targets": targets,
    }  # fmt: skip
    return arrays, plain({"scores": table(measured), "paired": table(paired), "best": best, **_told(task)})


def _told(task: Task) -> dict[str, Any]:
    known = task.sample
    return {
        "classes": known.classes, "sizes": np.bincount(known.targets).tolist(), "majority": known.majority,
        "majority_f1": known.majority_f1, "folds": known.folds, "left_out": known.left_out,
        "unlabelled": known.unlabelled, "words": task.counts.width,
    }  # fmt: skip


def class_words(
    store: "Store", corpus_id: str, column: str, features: str, kind: str, folds: int = 5, balanced: bool = False,
    top: int = 12,
) -> Steps:  # fmt: skip
    """For each class the words that speak most for it, learned from all labelled documents: facts["table"]; empty where
    the features are not made of words. kind: "logistic" or "centroid", here and below."""
    from core.explore.classifiers import strongest
    from core.explore.features import Centred

    task = task_of(store, corpus_id, column, folds)
    classifier = yield from classifier_of(store, task, features, kind, balanced)
    if isinstance(classifier.features, Centred):
        return {}, {"table": {}}
    yield marked("Looking for each class's words")
    found = strongest(classifier, task.words, task.counts.rows(task.sample.rows), top)
    return {}, plain({"table": table(found)})


def classify_text(
    store: "Store", corpus_id: str, column: str, features: str, kind: str, text: str, folds: int = 5,
    balanced: bool = False, other: str = "",
) -> Steps:  # fmt: skip
    """A typed text: its class and why. Facts: those of `_decision`; runs, the text as [text, type or -1, weight -1..1]:
    how strongly a word spoke for the class chosen (or, negative, for the other); tokens, and how many are known."""
    task = task_of(store, corpus_id, column, folds)
    if not text.strip():
        raise Problem("There is no text to classify: type or paste one.")
    classifier = yield from classifier_of(store, task, features, kind, balanced)
    yield marked("Classifying the text")
    spans = task.corpus.vocab.spans(text)
    ids = _ids(task, [word for word, _ in spans])
    document = yield from _as_document(store, task, features, ids, text)
    decision = _decided(task, classifier, document, other)
    weights = _by_type(decision)
    runs, done = [], 0
    for (word, begin), kind in zip(spans, ids.tolist()):
        end = min(len(text), begin + max(1, len(word)))
        if begin < done:
            continue
        runs += [[text[done:begin], -1, 0.0], [text[begin:end], kind, weights.get(kind, 0.0)]]
        done = end
    runs.append([text[done:], -1, 0.0])
    told = {
        "runs": [run for run in runs if run[0]],
        "tokens": len(spans),
        "known": int((ids < task.counts.width).sum()),
    }
    return {}, plain({**_decision(task, decision), **told})


def decided(
    store: "Store", corpus_id: str, column: str, features: str, kind: str, document: int, folds: int = 5,
    balanced: bool = False, other: str = "",
) -> Steps:  # fmt: skip
    """One labelled document as it was classified when it was held out: by what the other folds taught.

    Facts: as of `classify_text`, of the document's first PAGE characters, and true (its class), name, length."""
    from core.explore.reader import read

    task = task_of(store, corpus_id, column, folds)
    check_document(task.corpus, document)
    place = int(np.searchsorted(task.sample.rows, document))
    if place >= len(task.sample.rows) or task.sample.rows[place] != document:
        raise Problem("This document has no label, so it was not classified; choose another one.")
    fold = int(task.sample.fold[place])
    classifier = yield from classifier_of(store, task, features, kind, balanced, fold)
    yield marked("Opening the document")
    low, high = task.corpus.offsets[document : document + 2]
    ids = np.minimum(np.asarray(task.corpus.tokens[low:high], np.int64), task.counts.width)
    vector = yield from _as_document(store, task, features, ids, document)
    decision = _decided(task, classifier, vector, other or task.sample.classes[task.sample.targets[place]])
    weights = _by_type(decision)
    shown = read(task.corpus, document, 0, PAGE)
    kinds = shown.runs["type"].tolist()
    runs = [[text, kind, weights.get(kind, 0.0)] for text, kind in zip(shown.runs["text"].tolist(), kinds)]
    facts = {"runs": runs, "true": task.sample.classes[task.sample.targets[place]], "length": shown.length,
             "name": names(task.corpus, [document])[0], "tokens": len(ids),
             "known": int((ids < task.counts.width).sum())}  # fmt: skip
    return {}, plain({**_decision(task, decision), **facts})


def _decided(task: Task, classifier: "Classifier", document: Any, other: str) -> "Decision":
    from core.explore.classifiers import decide

    against = list(classifier.classes).index(other) if other in classifier.classes else None
    return decide(classifier, document, task.words, against)


def _decision(task: Task, decision: "Decision") -> dict[str, Any]:
    """A decision as facts: shares of all classes, chosen and other (names), terms (the strongest), margin, bias"""
    classes = task.sample.classes
    return {
        "classes": classes, "shares": decision.shares.tolist(), "chosen": classes[decision.chosen],
        "other": classes[decision.other], "terms": table(decision.terms.head(MOST_TERMS)),
        "n_terms": len(decision.terms), "margin": decision.margin, "bias": decision.bias,
    }  # fmt: skip


def _by_type(decision: "Decision") -> dict[Any, float]:
    """What each word gave, between -1 and 1: relative to the strongest."""
    weights = decision.terms["weight"].to_numpy(np.float64)
    most = float(np.abs(weights).max(initial=0)) or 1.0
    return dict(zip(decision.terms["id"].astype(int).tolist(), (weights / most).round(4).tolist()))


def _ids(task: Task, words: Sequence[str]) -> np.ndarray:
    """int64 (n,): the column of each word; the width of the counts for one that is not counted."""
    find, width = task.corpus.vocab.get, task.counts.width
    found = (find(word) for word in words)
    return np.array([width if i is None or i >= width else i for i in found], np.int64)


def _as_document(store: "Store", task: Task, features: str, ids: np.ndarray, given: str | int) -> Any:
    """What a classifier is given of a document: its word counts, or its vector, by a run that makes some."""
    from core.explore.sparse import Sparse

    kind, _, run_id = features.partition(":")
    if kind == "documents":
        text = task.corpus.documents[given] if isinstance(given, int) else given
        return (yield from run_vectors(store, task.corpus, run_id, [text]))
    known, counts = np.unique(ids[ids < task.counts.width], return_counts=True)
    return Sparse(np.array([0, len(known)]), known.astype(np.int32), counts.astype(np.float32), task.counts.width)


def task_of(store: "Store", corpus_id: str, column: str, folds: int) -> Task:
    """The labelled documents of a corpus. Raises Problem where the column is none, or classifies nothing."""
    from core.explore.classify import sample

    corpus = opened(store, corpus_id)
    if column not in corpus.table.columns:
        known = ", ".join(map(str, corpus.table.columns)) or "-"
        raise Problem("There is no column {name}; there are: {known}.", name=column[:80], known=known)
    often = int(np.searchsorted(-corpus.index.counts, -LEAST_COUNT, "right"))
    width = min(MOST_WORDS, often or len(corpus.index))
    labels = [cell if isinstance(cell, str) else None for cell in corpus.table[column].tolist()]
    return Task(corpus, column, sample(labels, folds), counted(corpus, width))


def _features(store: "Store", task: Task, name: str) -> Generator[Any, None, "Features"]:
    """A set of features by its name. Raises Problem for one that there is not."""
    from core.explore import features
    from core.explore.sparse import Sparse

    ready = {"one-hot": features.one_hot, "counts": features.term_counts, "tf-idf": features.tf_idf}
    kind, _, run_id = name.partition(":")
    if name in ready:
        return ready[name](name=name)
    if name == "lsa":
        return features.latent(name=name)
    if kind == "mean" and run_id:
        return features.averaged(word_vectors(store, task.corpus, run_id, task.counts.width), name=name)
    if kind == "documents" and run_id:
        vectors = yield from vectors_of(store, task.corpus.folder.name, name)
        if not isinstance(vectors, Sparse):
            return features.given(vectors, name)
    raise Problem("{name} is no set of features here; choose one-hot, counts, tf-idf, lsa or a run.", name=name[:80])


def classifier_of(
    store: "Store", task: Task, features: str, method: str, balanced: bool, fold: int = -1
) -> Generator[Any, None, "Classifier"]:
    """A classifier learned from all labelled documents, or from all but those of a fold: kept, or fitted now."""
    from core.explore.classifiers import METHODS, Classifier
    from core.explore.classify import train

    if method not in METHODS:
        raise Problem("{method} is no classifier here; choose logistic or centroid.", method=method[:80])
    arguments = {
        "corpus": task.corpus.id, "column": task.column, "features": features, "method": method, "fold": fold,
        "folds": task.sample.folds, "balanced": balanced, "width": task.counts.width,
    }  # fmt: skip
    path = cache.place(store.home, Asked("classifier", None, None, arguments))
    kept = _CLASSIFIERS.get(path)
    if kept is not None:
        return kept
    before = cache.read(path)
    if before is not None:
        return _CLASSIFIERS.put(path, Classifier.restored(before.arrays))
    chosen = yield from _features(store, task, features)
    yield marked("Learning to classify")
    sample = task.sample
    if fold >= 0:
        seen = sample.fold != fold
        sample = replace(sample, rows=sample.rows[seen], targets=sample.targets[seen], fold=sample.fold[seen])
    classifier = train(task.counts, sample, chosen, method, balanced)  # type: ignore[arg-type]
    if fold < 0:  # the others are soon fitted again, and rarely asked for
        cache.write(path, Answer(classifier.state()))
    return _CLASSIFIERS.put(path, classifier)
