import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from core.explore.classifiers import STRENGTH, Classifier, decide, fit, strongest
from core.explore.classify import sample, train
from core.explore.features import averaged, given, latent, one_hot, tf_idf
from core.explore.sparse import Sparse
from core.problem import Problem
from tests.core.explore.making import counted, topics

TEXTS, LABELS = topics(90)
COUNTS, WORDS = counted(TEXTS)
DOCUMENTS = sample(LABELS)
VECTORS = np.random.default_rng(0).standard_normal((len(WORDS), 10)).astype(np.float32)
SETS = [one_hot(), tf_idf(), latent(8), averaged(VECTORS)]


@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_regression_is_scikit_learns(classes):
    kept = DOCUMENTS.targets < classes
    features = tf_idf().learn(COUNTS)(COUNTS)[np.flatnonzero(kept)]
    ours = fit("logistic", features, DOCUMENTS.targets[kept], classes)
    theirs = LogisticRegression(C=STRENGTH, tol=1e-6).fit(features, DOCUMENTS.targets[kept])
    assert ours.shares(features) == pytest.approx(theirs.predict_proba(features), abs=0.01)
    assert ours.shares(features).sum(axis=1) == pytest.approx(1)


def test_the_nearest_centroid_by_hand():
    model = fit("centroid", np.array([[3.0, 0], [1, 0], [0, 2]]), np.array([0, 0, 1]), 2)
    assert model.weights.tolist() == [[1, 0], [0, 1]]
    assert model.shares(np.array([[0.6, 0.8]])) == pytest.approx(np.array([[0.6, 0.8]]))


@pytest.mark.parametrize("features", SETS, ids=lambda features: features.name)
@pytest.mark.parametrize("method", ["logistic", "centroid"])
def test_a_decision_adds_up_and_is_that_of_the_words_of_its_topic(features, method):
    classifier = train(COUNTS, DOCUMENTS, features, method)
    document, _ = counted(["b1 b2 b3 b4 b5 b6 b7 common1"], WORDS)
    decision = decide(classifier, document, WORDS)
    assert decision.terms["weight"].sum() + decision.bias == pytest.approx(decision.margin, abs=1e-4)
    assert decision.margin >= 0 and decision.known == 8 and decision.shares.argmax() == decision.chosen
    if features.name != "averaged word vectors":  # which are at random here
        assert classifier.classes[decision.chosen] == "topic b" and decision.terms["word"][0][0] == "b"


def test_a_decision_against_another_class_adds_up_too():
    classifier, document = train(COUNTS, DOCUMENTS, tf_idf()), COUNTS.rows(np.array([4]))
    for other in range(3):
        decision = decide(classifier, document, WORDS, other)
        assert decision.other == other or other == decision.chosen != decision.other
        assert decision.terms["weight"].sum() + decision.bias == pytest.approx(decision.margin, abs=1e-4)


def test_the_strongest_words_of_a_topic_are_its_own():
    for features in (tf_idf(), latent(8)):
        table = strongest(train(COUNTS, DOCUMENTS, features), WORDS, COUNTS, 5, 3)
        assert (table["word"].str[0] == table["class"].str[-1]).all() and (table["documents"] >= 3).all()
        assert len(table) == 15 and (table["weight"] > 0).all()


@pytest.mark.parametrize("features", [*SETS, given(VECTORS[:90] if len(VECTORS) > 90 else VECTORS, "x")],
                         ids=lambda features: features.name)  # fmt: skip
def test_the_state_brings_a_classifier_back_to_the_bit(features):
    count = 90 if features.source is None else len(features.source)
    documents = sample([label.replace("a", "啊") for label in LABELS[:count]])
    classifier = train(COUNTS, documents, features)
    again = Classifier.restored({name: np.array(array) for name, array in classifier.state().items()})
    one = COUNTS.rows(np.array([0])) if features.source is None else features.source[:1]
    assert again.classes == documents.classes
    assert np.array_equal(decide(again, one, WORDS).shares, decide(classifier, one, WORDS).shares)


def test_a_document_without_known_words_is_a_sentence():
    empty = Sparse(np.array([0, 0]), np.zeros(0, np.int32), np.zeros(0, np.float32), len(WORDS))
    with pytest.raises(Problem, match="No word of this document"):
        decide(train(COUNTS, DOCUMENTS, tf_idf()), empty, WORDS)


def test_vectors_decide_without_words():
    vectors = np.eye(3)[DOCUMENTS.targets] + 0.1
    classifier = train(COUNTS, DOCUMENTS, given(vectors, "vectors"))
    decision = decide(classifier, vectors[1:2].astype(np.float32), [])
    assert classifier.classes[decision.chosen] == LABELS[1] and len(decision.terms) == 0
    with pytest.raises(Problem, match="without words"):
        strongest(classifier, WORDS, COUNTS)


def test_an_unknown_method_is_a_sentence():
    with pytest.raises(Problem, match="no classifier"):
        fit("forest", np.eye(2), np.array([0, 1]), 2)
