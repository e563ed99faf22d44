import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from core.corpus import Corpus
from core.explore.classify import evaluate, interval, macro_f1, sample, scores, train
from core.explore.features import Features, given, latent, one_hot, term_counts, tf_idf
from core.explore.sparse import word_counts
from core.problem import Problem
from tests.core.explore.conftest import finish
from tests.core.explore.making import counted, topics

TEXTS, LABELS = topics(120, mixed=0.85)
COUNTS, WORDS = counted(TEXTS)
NEWSGROUPS = Path(__file__).parents[4] / "shared" / "data" / "classify" / "20newsgroups-mini.tsv.gz"


def test_folds_spread_every_class_evenly_and_repeat():
    documents = sample(["b"] * 11 + ["a"] * 25 + [""] * 3, 5, seed=3)
    table = np.histogram2d(documents.targets, documents.fold, (2, 5))[0]
    assert documents.classes == ["a", "b"] and np.ptp(table, axis=1).max() <= 1 and documents.unlabelled == 3
    assert np.ptp(np.bincount(documents.fold)) <= 1
    assert np.array_equal(documents.fold, sample(["b"] * 11 + ["a"] * 25 + [""] * 3, 5, seed=3).fold)


def test_small_classes_lower_the_folds_and_single_documents_are_named():
    documents = sample(["a", "a", "a", "b", "b", "c", None, float("nan")], 5)
    assert (documents.folds, documents.left_out, documents.unlabelled) == (2, ["c"], 2)
    assert documents.rows.tolist() == [0, 1, 2, 3, 4] and documents.majority == 0.6


@pytest.mark.parametrize("labels", [["a"] * 9, ["a", "b", "c"], ["", None], [], ["a", "a", "b"]])
def test_labels_that_cannot_be_learned_are_a_sentence(labels):
    with pytest.raises(Problem, match="class"):
        sample(labels)
    with pytest.raises(Problem, match="2 to 20 folds"):
        sample(["a", "b"] * 5, 1)


def test_the_numbers_are_those_of_scikit_learn():
    documents = sample(LABELS)
    events, (result, _) = finish(evaluate(COUNTS, documents, [one_hot()]))
    rights = [accuracy_score(documents.targets[documents.fold == i], result.predicted[documents.fold == i])
              for i in range(5)]  # fmt: skip
    assert result.accuracy.folds == pytest.approx(rights) and 0.5 < result.accuracy.mean < 1 and events[-1] == 1
    assert result.macro_f1.folds[0] == pytest.approx(
        f1_score(*(each[documents.fold == 0] for each in (documents.targets, result.predicted)), average="macro")
    )
    assert (result.confusion == confusion_matrix(documents.targets, result.predicted)).all()


def test_the_majority_baseline_is_what_naming_it_always_gives():
    documents = sample(["a"] * 6 + ["b"] * 4)
    always = np.zeros(10, int)
    assert documents.majority == accuracy_score(documents.targets, always)
    assert documents.majority_f1 == pytest.approx(f1_score(documents.targets, always, average="macro"))


def test_the_interval_by_hand():
    score = interval(np.array([0.8, 0.9]))
    half = t.ppf(0.975, 1) * np.sqrt((1 / 2 + 1) * 0.005)
    assert (score.low, score.high) == (max(0, 0.85 - half), 1.0)
    four = interval(np.array([0.5, 0.6, 0.5, 0.6]))
    assert four.high - four.mean == pytest.approx(t.ppf(0.975, 3) * np.sqrt((1 / 4 + 1 / 3) / 300))


def test_macro_f1_leaves_out_classes_that_nobody_names():
    assert macro_f1(np.array([[2, 1, 0], [0, 3, 0], [0, 0, 0]])) == pytest.approx((0.8 + 6 / 7) / 2)
    assert macro_f1(np.zeros((2, 2, 2))).tolist() == [0, 0]


def test_features_learn_from_the_training_documents_only():
    seen = []
    spy = Features("spy", lambda counts: seen.append(len(counts)) or tf_idf().learn(counts))
    documents = sample(LABELS + [""] * 0, 4)
    finish(evaluate(COUNTS, documents, [spy]))
    assert seen == [90] * 4


def test_chance_labels_score_chance():
    random = np.random.default_rng(0)
    labels = [str(i) for i in random.integers(2, size=120)]
    _, results = finish(evaluate(COUNTS, sample(labels), [latent(20), tf_idf()], ["logistic"]))
    assert all(0.3 < result.accuracy.mean < 0.7 for result in results)


def test_errors_are_the_wrong_ones_the_surest_first():
    documents = sample(LABELS)
    _, (result, _) = finish(evaluate(COUNTS, documents, [tf_idf()]))
    errors = result.errors()
    assert len(errors) == (result.predicted != documents.targets).sum() > 0
    assert errors["share"].is_monotonic_decreasing and (errors["share"] >= errors["share_true"]).all()
    assert all(LABELS[row.document] == row.true != row.predicted for row in errors.itertuples())


def test_unlabelled_documents_do_not_move_the_others():
    labels = [label if i % 3 else "" for i, label in enumerate(LABELS)]
    some = sample(labels)
    kept = np.array([i for i in range(len(labels)) if labels[i]])
    _, (with_gaps, _) = finish(evaluate(COUNTS, some, [tf_idf()]))
    _, (alone, _) = finish(evaluate(COUNTS.rows(kept), sample([labels[i] for i in kept]), [tf_idf()]))
    assert (with_gaps.shares == alone.shares).all() and (some.rows == kept).all()


def test_a_rare_class_is_found_when_it_counts_as_much():
    keep = [i for i, label in enumerate(LABELS) if label != "topic c" and (label != "topic b" or i % 4 == 1)]
    counts, labels = COUNTS.rows(np.array(keep)), [LABELS[i] for i in keep]
    documents = sample(labels)
    plain, weighted = (
        finish(evaluate(counts, documents, [one_hot()], ["logistic"], balanced))[1][0] for balanced in (False, True)
    )
    assert weighted.confusion[1].sum() == plain.confusion[1].sum() < 15
    assert weighted.confusion[:, 1].sum() > plain.confusion[:, 1].sum()


def test_vectors_from_elsewhere_are_evaluated_on_the_same_folds():
    documents = sample(LABELS)
    vectors = np.eye(3)[[ord(label[-1]) - ord("a") for label in LABELS]]
    _, results = finish(evaluate(COUNTS, documents, [given(vectors, "truth"), term_counts()]))
    assert [result.accuracy.mean for result in results[:2]] == [1, 1] and results[2].accuracy.mean < 1
    table = scores(results)
    assert table["features"].tolist() == ["truth", "truth", "counts", "counts"] and table["macro_f1"][0] == 1
    assert table["accuracy_low"][2] < table["accuracy"][2] < table["accuracy_high"][2]


def test_two_documents_a_class_are_enough():
    counts, _ = counted(["a b", "a c", "d b", "d c"])
    _, results = finish(evaluate(counts, sample(["x", "x", "y", "y"]), [tf_idf(), latent(100), one_hot()]))
    assert results[0].accuracy.mean == 1 and all(len(result.predicted) == 4 for result in results)
    assert train(counts, sample(["x", "x", "y", "y"]), tf_idf()).classes == ["x", "y"]


@pytest.mark.skipif(not NEWSGROUPS.exists(), reason="the collection of labelled texts is not here")
def test_tf_idf_tells_newsgroups_apart_better_than_one_hot():
    text = io.StringIO(gzip.decompress(NEWSGROUPS.read_bytes()).decode())
    csv.field_size_limit(1 << 24)
    rows = [row for row in csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if row["label"] < "comp.t"]
    corpus = Corpus.from_texts([row["text"] for row in rows], min_count=2)
    counts = word_counts(corpus.tokens, corpus.offsets, len(corpus.vocab))
    documents = sample([row["label"] for row in rows])
    _, results = finish(evaluate(counts, documents, [one_hot(), tf_idf()], ["centroid"]))
    assert results[1].accuracy.mean > results[0].accuracy.mean > 2 * documents.majority
