"""LSA against scikit-learn's TruncatedSVD, numpy's SVD, and counts made by hand."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from core.corpus import Corpus
from core.encoders.kernels import sparse
from core.encoders.kernels.documents import Rows
from core.encoders.kernels.weighing import associations
from core.encoders.lsa import LSA, LSAOptions
from core.problem import Problem
from tests.core.encoders.conftest import toy_sentences
from tests.steps import ended

THREE = ["cat purrs cat", "cat dog", "dog barks"]


def trained(texts, min_count=1, **options) -> LSA:
    corpus = texts if isinstance(texts, Corpus) else Corpus.from_texts(texts, language="en", min_count=min_count)
    encoder = LSA(LSAOptions(**{"iterations": 30, **options}), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


def topics(count: int = 400, seed: int = 0) -> list[str]:
    """Documents of one of 8 subjects each, with words of their own and common ones."""
    draw = np.random.default_rng(seed)
    subjects = draw.integers(0, 8, count)
    own = [" ".join(f"s{subject}w{int(i) % 30}" for i in draw.zipf(1.5, 12)) for subject in subjects]
    return [f"{text} {' '.join(f'c{int(i) % 40}' for i in draw.zipf(1.4, 20))}" for text in own]


def matrix(corpus: Corpus, encoder: LSA) -> np.ndarray:
    """Documents x words, weighed."""
    *_, weights = encoder._matrix(corpus)
    return csr_matrix((weights.values, weights.indices, weights.indptr), (len(weights), len(encoder.vocab))).toarray()


def cosines(vectors: np.ndarray) -> np.ndarray:
    directions = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return directions @ directions.T


# By hand and by numpy.


def test_three_sentences_by_numpys_svd():
    corpus = Corpus.from_texts(THREE)
    encoder = trained(corpus, weights="raw", power=1, dim=2)
    words = [encoder.vocab.index(word) for word in ("cat", "dog", "purrs", "barks")]
    table = np.array([[2, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 1]], float)  # words x documents
    left, singular, right = np.linalg.svd(table)
    vectors = encoder.word_vectors()[words]
    np.testing.assert_allclose(np.abs(vectors), np.abs(left[:, :2] * singular[:2]), atol=1e-5)
    np.testing.assert_allclose(np.abs(encoder.corpus_vectors()), np.abs(right[:2].T * singular[:2]), atol=1e-5)
    np.testing.assert_allclose(vectors @ vectors.T, left[:, :2] @ np.diag(singular[:2] ** 2) @ left[:, :2].T, atol=1e-5)


@pytest.mark.parametrize("power", [0, 0.5, 1])
def test_words_and_documents_scaled_by_powers_make_up_the_matrix(power):
    corpus = Corpus.from_texts(THREE)
    encoder = trained(corpus, weights="raw", power=power, dim=10)
    words, texts = encoder.word_vectors(), encoder.corpus_vectors()
    assert words.shape == (4, 3) and texts.shape == (3, 3)  # the matrix has three dimensions
    again = texts * encoder.singular_[:3] ** (1 - 2 * power) @ words.T
    np.testing.assert_allclose(again, matrix(corpus, encoder), atol=1e-5)


def test_log_entropy_by_hand():
    corpus = Corpus.from_texts(THREE)
    table, index = matrix(corpus, trained(corpus)), corpus.vocab.index
    entropy = 1 + (2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3)) / math.log2(3)  # cat: 2 in one, 1 in another
    assert table[0, index("cat")] == pytest.approx(math.log2(3) * entropy, rel=1e-6)
    assert table[1, index("dog")] == pytest.approx(1 - 1 / math.log2(3), rel=1e-6)
    assert table[2, index("barks")] == pytest.approx(1)


def test_tf_idf_weights_are_scikit_learns():
    corpus = Corpus.from_texts(topics())
    encoder = trained(corpus, weights="tf-idf", dim=5)
    known = {word: i for i, word in enumerate(corpus.vocab.words)}
    theirs = TfidfVectorizer(analyzer=corpus.vocab.tokenize, vocabulary=known).fit_transform(topics()).toarray()
    np.testing.assert_allclose(matrix(corpus, encoder), theirs, atol=1e-6)


# scikit-learn.


@pytest.mark.parametrize("weights", ["log-entropy", "tf-idf", "raw"])
def test_the_dimensions_are_those_of_truncated_svd(weights):
    corpus = Corpus.from_texts(topics())
    encoder = trained(corpus, weights=weights, power=1, dim=8)
    table = matrix(corpus, encoder)
    theirs = TruncatedSVD(8, algorithm="arpack", random_state=0).fit(table)
    np.testing.assert_allclose(encoder.singular_[:8], theirs.singular_values_, rtol=1e-4)
    np.testing.assert_allclose(encoder.explained(), theirs.explained_variance_ratio_, rtol=1e-3)
    overlap = np.linalg.svd(theirs.components_ @ encoder.left_[:, :8])[1]
    assert overlap.min() > 0.9999
    np.testing.assert_allclose(cosines(encoder.corpus_vectors()), cosines(theirs.transform(table)), atol=1e-3)


def test_the_default_iterations_come_as_close_as_scikit_learns():
    corpus = Corpus.from_texts(topics())
    encoder = trained(corpus, dim=20, iterations=LSAOptions().iterations)
    table = matrix(corpus, encoder)
    exact = np.linalg.svd(table, compute_uv=False)[:20]
    theirs = TruncatedSVD(20, random_state=0).fit(table).singular_values_
    assert np.abs(encoder.singular_[:20] / exact - 1).max() <= max(1e-4, np.abs(theirs / exact - 1).max())


def test_a_document_learned_from_folds_in_where_it_lies():
    texts = topics()
    for options in ({"weights": "tf-idf"}, {"power": 1}, {"weights": "raw", "power": 0}):
        encoder = trained(texts, dim=8, **options)
        np.testing.assert_allclose(encoder.doc_vectors(texts), encoder.corpus_vectors(), rtol=0.01, atol=2e-3)


def test_subjects_are_found():
    encoder = trained(topics(), dim=9)
    near = cosines(encoder.word_vectors())[encoder.vocab.index("s3w1")]
    assert {encoder.vocab.words[i][:2] for i in np.argsort(-near)[:6]} == {"s3"}
    ends = [encoder.dimension(i, 5) for i in range(9)]
    shown = [{encoder.vocab.words[i][:2] for i in [*end["positive"], *end["negative"]]} for end in ends]
    assert sum(len(kinds & {f"s{i}" for i in range(8)}) >= 1 for kinds in shown) >= 7
    assert all((np.diff(end["positive_values"]) <= 0).all() for end in ends)


# Contexts.


def test_associations_by_hand():
    counts = Rows(np.array([0, 2, 4]), np.array([0, 1, 0, 1], np.int32), np.array([6, 2, 2, 10], np.int32))
    met = np.array([8.0, 12.0])
    pmi = associations(counts, 0, met, "pmi", 1.0, 1.0).values
    chances = [6 * 20 / 64, 2 * 20 / 96, 2 * 20 / 96, 10 * 20 / 144]
    np.testing.assert_allclose(pmi, np.log(chances), rtol=1e-6)
    positive, shifted = (associations(counts, 0, met, kind, 1.0, 1.8) for kind in ("ppmi", "shifted ppmi"))
    assert positive.indptr.tolist() == [0, 1, 2] and positive.indices.tolist() == [0, 1]
    np.testing.assert_allclose(shifted.values, [math.log(120 / 64 / 1.8)], rtol=1e-5)
    smooth = associations(counts, 0, met, "pmi", 0.5, 1.0).values  # rows are contexts: 8 and 12
    below = Rows(np.array([0, 2]), counts.indices[2:], counts.values[2:])
    np.testing.assert_array_equal(associations(below, 1, met, "pmi", 0.5, 1.0).values, smooth[2:])
    first, second = np.sqrt([8, 12]) / np.sqrt([8, 12]).sum()
    np.testing.assert_allclose(smooth, np.log([6 / 8 / first, 2 / 12 / first, 2 / 8 / second, 10 / 12 / second]))


@pytest.mark.parametrize("association", ["ppmi", "pmi", "shifted ppmi", "log", "raw"])
def test_vectors_of_contexts_are_numpys(association):
    corpus = Corpus.from_texts(topics())
    encoder = trained(corpus, matrix="contexts", association=association, power=0.5, dim=6, iterations=60, shift=2.0)
    left, singular, _ = np.linalg.svd(matrix(corpus, encoder).T)
    np.testing.assert_allclose(encoder.singular_[:6], singular[:6], rtol=1e-3)
    vectors = left[:, :3] * np.sqrt(singular[:3])
    np.testing.assert_allclose(np.abs(encoder.word_vectors()[:, :3]), np.abs(vectors), atol=0.02)


def test_contexts_tell_animals_by_where_they_live():
    encoder = trained(toy_sentences(), matrix="contexts", window=3, dim=4)
    near = cosines(encoder.word_vectors())[[encoder.vocab.index(word) for word in ("cat", "shark")]]
    order = [[encoder.vocab.words[i] for i in np.argsort(-row)[:9]] for row in near]
    assert {"cat", "dog", "mouse"} <= set(order[0]) and {"shark", "whale", "crab"} <= set(order[1])


def test_a_text_from_contexts_is_the_mean_of_its_words():
    encoder = trained(toy_sentences(), matrix="contexts")
    vectors = dict(zip(encoder.vocab.words, encoder.word_vectors()))
    texts = encoder.doc_vectors(["cat cat unheard sea", "", "unheard", "owl"])
    np.testing.assert_allclose(texts[0], (2 * vectors["cat"] + vectors["sea"]) / 3, rtol=1e-4, atol=1e-6)
    assert not texts[1:3].any() and np.allclose(texts[3], vectors["owl"])
    with pytest.raises(Problem, match="tells words by their contexts"):
        encoder.corpus_vectors()


# Going on, and what cannot be.


@pytest.mark.parametrize("options", [{}, {"matrix": "contexts"}], ids=str)
def test_every_state_on_the_way_ends_with_the_same_bits(options):
    corpus = Corpus.from_texts(topics())
    options = LSAOptions(dim=5, iterations=4, **options)
    whole, states = LSA(options, corpus.vocab), []
    steps = [(event.step, states.append(whole.state()))[0] for event in whole.train(corpus)]
    assert {int(state["iteration"][0]) for state in states} == {0, 1, 2, 3, 4}
    for step, state in list(zip(steps, states))[::2]:
        other = LSA(options, corpus.vocab)
        other.restore(state)
        events = list(other.train(corpus))
        assert events[-1].step == steps[-1] and events[0].step >= min(step, len(corpus.tokens))
        assert all(np.array_equal(array, other.state()[name]) for name, array in whole.state().items())


def test_more_dimensions_can_be_asked_of_a_run_that_goes_on():
    corpus = Corpus.from_texts(topics())
    short, more = trained(corpus, dim=4), LSA(LSAOptions(dim=12, iterations=60), corpus.vocab)
    more.restore(short.state(training=False))
    assert more.word_vectors().shape[1] == 4
    list(more.train(corpus))
    exact = np.linalg.svd(matrix(corpus, more), compute_uv=False)[:12]
    np.testing.assert_allclose(more.singular_[:12], exact, rtol=1e-4)


def test_fewer_dimensions_than_asked_for_are_those_there_are():
    encoder = trained(["a b", "a b", "c"], weights="raw", dim=50)
    assert encoder.word_vectors().shape == (3, 2) and encoder.corpus_vectors().shape == (3, 2)
    assert encoder.explained().sum() == pytest.approx(1)
    assert trained(["one document"], weights="raw").word_vectors().shape == (2, 1)


def test_before_there_are_dimensions_everything_is_nowhere():
    corpus = Corpus.from_texts(topics())
    encoder = LSA(LSAOptions(dim=5), corpus.vocab)
    next(encoder.train(corpus))
    assert not encoder.word_vectors().any() and not encoder.doc_vectors(["c1"]).any()
    assert encoder.explained().shape == (2,) and encoder.state().keys() == {"iteration"}


def test_one_document_is_said_to_tell_words_apart_by_count_alone():
    corpus = Corpus.from_texts(["one document alone"])
    assert "There is one document" in list(LSA(LSAOptions(), corpus.vocab).train(corpus))[-1].note


def test_weights_that_leave_nothing_are_a_problem():
    shifted = {"matrix": "contexts", "association": "shifted ppmi", "shift": 100.0}
    for texts, options in ((["same"] * 9, {}), (["alone"] * 9, {"matrix": "contexts"}), (["one two"] * 9, shifted)):
        with pytest.raises(Problem, match="leave no number above 0"):
            trained(texts, **options)


def test_what_does_not_belong_is_a_problem():
    encoder = trained(THREE)
    with pytest.raises(Problem, match="There is no dimension 7; they are counted from 0 to 2"):
        encoder.dimension(7)
    with pytest.raises(Problem, match="holds 4 words and cannot go on with 2"):
        LSA(LSAOptions(), Corpus.from_texts(["a b"]).vocab).restore(encoder.state())


def test_a_products_pieces_do_not_change_it(monkeypatch):
    draw = np.random.default_rng(0)
    table = (draw.random((300, 40)) * (draw.random((300, 40)) < 0.2)).astype(np.float32)
    form, dense = csr_matrix(table), draw.random((40, 9), np.float32)
    rows = Rows(form.indptr.astype(np.int64), form.indices.astype(np.int32), form.data)
    turned = ended(sparse.transposed(rows, 40))
    np.testing.assert_array_equal(turned.indptr, form.tocsc().indptr)
    np.testing.assert_array_equal(turned.values, form.tocsc().data)
    whole = multiplied(rows, dense)
    monkeypatch.setattr(sparse, "_EACH", 100)
    np.testing.assert_array_equal(multiplied(rows, dense), whole)
    np.testing.assert_allclose(whole, table @ dense, rtol=1e-5)


def multiplied(rows: Rows, dense: np.ndarray) -> np.ndarray:
    with ThreadPoolExecutor(2) as pool:
        return ended(sparse.product(rows, dense, pool, 2))


def test_a_matrix_in_small_blocks_is_the_same(monkeypatch):
    corpus, whole = Corpus.from_texts(topics()), {}
    for size in (1 << 21, 50):
        blocks = Rows.blocks
        with monkeypatch.context() as small:
            small.setattr(Rows, "blocks", lambda self, entries=size, blocks=blocks: blocks(self, entries))
            for options in ({}, {"weights": "tf-idf"}, {"matrix": "contexts"}):
                found = matrix(corpus, LSA(LSAOptions(**options), corpus.vocab))
                np.testing.assert_allclose(found, whole.setdefault(str(options), found), rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (4, 4), (1001, 13)])
def test_inner_products_and_turns_are_numpys(shape):
    vectors = np.random.default_rng(0).standard_normal(shape, np.float32)
    turn, found = (
        np.random.default_rng(1).standard_normal((shape[1], 3), np.float32),
        np.ones((shape[0], 3), np.float32),
    )
    exact = vectors.astype(np.float64)
    np.testing.assert_allclose(np.triu(sparse.inner(vectors)), np.triu(exact.T @ exact), atol=1e-9)
    sparse.turned(vectors, turn, found)
    np.testing.assert_allclose(found, exact @ turn, atol=1e-4)
