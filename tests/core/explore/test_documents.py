import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from core.explore.documents import document_names, likeness, likeness_order, nearest, ranked
from core.explore.features import tf_idf
from core.explore.sparse import Sparse
from core.problem import Problem
from tests.core.explore.making import counted, topics

TEXTS, LABELS = topics(60)
COUNTS, WORDS = counted(TEXTS)


def test_cosines_are_scikit_learns_and_are_taken_apart():
    learned, query = tf_idf().learn(COUNTS), counted(["a1 a2 common3"], WORDS)[0]
    found = ranked(learned.term_weights(COUNTS), learned.term_weights(query), 60)
    maker = TfidfVectorizer(token_pattern=r"\S+")
    theirs = cosine_similarity(maker.fit_transform(TEXTS), maker.transform(["a1 a2 common3"]))[:, 0]
    assert found.scores == pytest.approx(theirs[found.documents], abs=1e-6) and found.found == (theirs > 0).sum()
    assert found.parts.sum(axis=1) == pytest.approx(found.scores) and (np.diff(found.scores) <= 0).all()


def test_a_ranking_by_hand():
    weights = Sparse.of(np.array([[1.0, 2, 0], [0, 3, 0], [0, 0, 7], [3, 0, 0]]))
    found = ranked(weights, Sparse.of(np.array([[1.0, 1, 0]])), 2)
    assert (found.documents.tolist(), found.scores.tolist(), found.found) == ([0, 1], [3, 3], 3)
    table = found.table(["x", "y", "z"])
    assert table["word"].tolist() == ["x", "y", "y"] and table["part"].tolist() == [1, 2, 3]
    assert table["rank"].tolist() == [1, 1, 2] and table["document"].tolist() == [0, 0, 1]


def test_a_query_of_unknown_words_is_a_sentence():
    with pytest.raises(Problem, match="No word of this query"):
        ranked(COUNTS, counted(["zzz"], WORDS)[0])
    with pytest.raises(Problem, match="no vector"):
        nearest(np.eye(3), np.zeros(3))


def test_the_nearest_documents_by_cosine():
    vectors = np.array([[2.0, 0], [1, 1], [0, 0], [-1, 0], [np.nan, 1]])
    best, scores = nearest(vectors, np.array([3.0, 0]), 4)
    assert best.tolist() == [0, 1, 2, 4] and scores == pytest.approx([1, 2**-0.5, 0, 0])


def test_similar_documents_stand_together():
    order = likeness_order(tf_idf().learn(COUNTS)(COUNTS).toarray())
    changes = sum(LABELS[one] != LABELS[other] for one, other in zip(order, order[1:]))
    assert sorted(order) == list(range(60)) and changes <= 4
    assert likeness_order(np.ones((2, 3))).tolist() == [0, 1] and len(likeness_order(np.zeros((5, 2)))) == 5


def test_too_many_to_order_is_a_sentence():
    with pytest.raises(Problem, match="At most 2000"):
        likeness_order(np.ones((2001, 1)))


def test_likeness_is_the_cosine_and_finite():
    vectors = np.array([[1.0, 1], [2, 2], [0, 0]])
    assert likeness(vectors) == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))


def test_documents_are_called_by_title_or_first_words():
    texts = ["A cat sat on the mat, and then it fell asleep for a very long time.", "猫" * 90, "  ", "x\n\ty"]
    assert document_names(texts, longest=20) == ["A cat sat on the…", "猫" * 19 + "…", "3", "x y"]
    assert document_names(texts, ["One", " ", None, float("nan")], 20)[:2] == ["One", "猫" * 19 + "…"]
