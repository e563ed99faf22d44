import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from core.explore.features import averaged, given, idf, latent, one_hot, restored, sif, term_counts, tf_idf
from core.explore.sparse import Sparse
from core.problem import Problem
from tests.core.explore.making import counted, topics

COUNTS, WORDS = counted(topics(60)[0])
RAW = COUNTS.scipy()
VECTORS = np.random.default_rng(1).standard_normal((len(WORDS), 8)).astype(np.float32)


def test_tf_idf_is_scikit_learns():
    train, test = COUNTS.rows(np.arange(40)), COUNTS.rows(np.arange(40, 60))
    theirs = TfidfTransformer().fit(RAW[:40]).transform(RAW[40:]).toarray()
    assert tf_idf().learn(train)(test).toarray() == pytest.approx(theirs, abs=1e-6)
    logs = TfidfTransformer(sublinear_tf=True).fit(RAW[:40]).transform(RAW[40:]).toarray()
    assert tf_idf(frequency="log").learn(train)(test).toarray() == pytest.approx(logs, abs=1e-6)


def test_idf_of_a_word_in_every_document_by_hand():
    counts, words = counted(["cat sat", "cat ran", "cat"])
    assert idf(counts)[words.index("cat")] == 1 and idf(counts)[words.index("sat")] == pytest.approx(np.log(2) + 1)


def test_one_hot_and_counts_keep_their_proportions():
    counts, _ = counted(["a a b", "b", "a b b b"])
    ones = one_hot().learn(counts)(counts).toarray() * np.sqrt(2)
    assert ones == pytest.approx(np.array([[1, 1], [0, 1], [1, 1]]))
    raw = term_counts().learn(counts)(counts).toarray() * np.sqrt(5)  # the median of lengths √5, 1, √10
    assert raw == pytest.approx(np.array([[2, 1], [0, 1], [1, 3]]))


def test_lsa_spans_what_scikit_learns_svd_does():
    learned = latent(3).learn(COUNTS)
    theirs = normalize(TruncatedSVD(3, algorithm="arpack").fit_transform(TfidfTransformer().fit_transform(RAW)))
    ours = learned(COUNTS)
    assert ours.shape == (60, 3) and ours @ ours.T == pytest.approx(theirs @ theirs.T, abs=0.02)


def test_averages_are_means_of_word_vectors():
    ours = averaged(VECTORS, "plain").learn(COUNTS)(COUNTS)
    assert ours == pytest.approx(normalize(RAW @ VECTORS), abs=1e-5)
    weighted = averaged(VECTORS, "idf").learn(COUNTS)(COUNTS)
    assert weighted == pytest.approx(normalize(RAW @ (VECTORS * idf(COUNTS)[:, None])), abs=1e-5)


def test_sif_takes_out_what_all_documents_share():
    shifted = VECTORS + 5 * np.eye(8)[0].astype(np.float32)
    rows = averaged(shifted, "sif").learn(COUNTS)(COUNTS)
    assert (
        np.linalg.norm(rows.mean(axis=0)) < 0.5 < np.linalg.norm(averaged(shifted).learn(COUNTS)(COUNTS).mean(axis=0))
    )
    counts, words = counted(["the the the cat"])
    assert sif(counts)[words.index("cat")] == pytest.approx(0.001 / 0.251)


@pytest.mark.parametrize("features", [
    one_hot(), term_counts(), tf_idf(), latent(4), averaged(VECTORS, "sif")
], ids=lambda features: features.name)  # fmt: skip
def test_what_words_give_adds_up_and_the_state_brings_it_back(features):
    learned, one = features.learn(COUNTS), COUNTS.rows(np.array([7]))
    wide = np.asarray(learned(one) if not hasattr(learned(one), "toarray") else learned(one).toarray())[0]
    direction = np.random.default_rng(3).standard_normal(len(wide))
    assert learned.parts(one, direction)[1].sum() == pytest.approx(wide @ direction, abs=1e-4)
    again = restored(learned.state())(one)
    assert np.array_equal(again.toarray()[0] if hasattr(again, "toarray") else again[0], wide)


def test_vectors_from_elsewhere_are_centred_by_the_training_documents():
    features = given(VECTORS + 9, "BERT")
    rows = features.learn(features.source[:30])(features.source)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1) and abs(rows[:30].mean()) < 0.1
    assert np.array_equal(restored(features.learn(features.source).state())(features.source[:2]), features.learn(
        features.source)(features.source[:2]))  # fmt: skip


def test_an_empty_document_and_broken_vectors_stay_finite():
    empty = Sparse(np.array([0, 0]), np.zeros(0, np.int32), np.zeros(0, np.float32), COUNTS.width)
    bad = np.full_like(VECTORS, np.nan)
    assert not averaged(bad).learn(COUNTS)(COUNTS).any() and not latent(3).learn(COUNTS)(empty).any()
    assert tf_idf().learn(COUNTS)(empty).nnz == 0


def test_what_cannot_be_learned_is_a_sentence():
    with pytest.raises(Problem, match="8 word vectors"):
        averaged(VECTORS[:8]).learn(COUNTS)
    with pytest.raises(Problem, match="at least two documents"):
        latent().learn(COUNTS.rows(np.array([0])))
