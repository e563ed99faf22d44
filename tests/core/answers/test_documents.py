"""Documents by their vectors and classes, asked in this process: two subjects lie apart, are told apart, say why."""

import json
from functools import partial

import numpy as np
import pytest

from core.answers import classifying, documents
from core.corpus import Corpus
from core.problem import Problem
from core.store import Store
from tests.core.explore.conftest import finish

SPORT = "the team won the match and the goal", "a goal in the last match", "the team lost a match", "goal team match"
MONEY = "the bank lent money at a rate", "money and a rate", "the rate of the bank rose", "bank money rate"
ROWS = [(label, f"{label} {i}", text) for i in range(4) for label, texts in (("sport", SPORT), ("money", MONEY))
        for text in texts]  # fmt: skip
CLASSIFY = {"column": "subject", "features": "tf-idf", "kind": "logistic"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "home").mkdir()
    (folder / "home" / "samples.json").write_text("{}")
    opened = Store(folder / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def subjects(store, tmp_path_factory):
    """32 labelled documents of two subjects, then an unlabelled one, one without a word, and one that is alone."""
    path = tmp_path_factory.mktemp("texts") / "subjects.tsv"
    more = [("", "none", "the bank"), ("sport", "empty", "……"), ("odd", "<b>alone</b>", "a <b>word</b>")]
    lines = ["subject\ttitle\tconstant\ttext", *("\t".join((a, b, "x", c)) for a, b, c in [*ROWS, *more])]
    path.write_text("\n".join(lines), encoding="utf-8")
    corpus = Corpus.from_files([path], language="en", text_column="text", label_column="subject", title_column="title")
    return store.add_corpus(corpus, "Subjects").id


def asked(function, *given, **more):
    """(arrays, facts) of a question; the facts are what JSON keeps of them."""
    arrays, facts = finish(function(*given, **more))[1]
    return arrays, json.loads(json.dumps(facts, allow_nan=False))


@pytest.fixture
def ask(store, subjects):
    return lambda function, **more: asked(function, store, subjects, **more)


def test_subjects_lie_apart_and_documents_have_names(ask):
    arrays, facts = ask(documents.document_map, source="tf-idf", options={"method": "pca"})
    rows, xy = arrays["rows"], arrays["xy"]
    assert facts["empty"] == 1 and 33 not in rows and facts["documents"] == 35 and facts["names"][0] == "sport 0"
    sport = np.array([i < 32 and ROWS[i][0] == "sport" for i in rows])
    labelled = rows < 32
    assert xy[sport, 0].max() < xy[~sport & labelled, 0].min() or xy[sport, 0].min() > xy[~sport & labelled, 0].max()


def test_the_nearest_of_a_document_are_its_copies(ask):
    _, facts = ask(documents.near_documents, source="tf-idf", document=0, k=3)
    assert facts["table"]["document"] == [8, 16, 24] and facts["table"]["cosine"] == pytest.approx([1, 1, 1])
    with pytest.raises(Problem, match="No word of this document is known"):
        ask(documents.near_documents, source="tf-idf", document=33)


@pytest.mark.parametrize("document", [-1, 35])
def test_a_document_that_there_is_not_is_a_sentence(ask, document):
    for function in (partial(documents.near_documents, source="tf-idf"), partial(classifying.decided, **CLASSIFY)):
        with pytest.raises(Problem, match="There is no document"):
            ask(function, document=document)


def test_what_sets_sport_apart_are_its_words(ask):
    sport = [i for i, row in enumerate(ROWS) if row[0] == "sport"]
    _, facts = ask(documents.set_apart, documents=sport)
    assert set(facts["table"]["word"][:3]) == {"goal", "match", "team"}
    assert not {"bank", "money", "rate"} & set(facts["table"]["word"]) and facts["table"]["q"][0] < 1e-5
    assert (facts["chosen"], facts["total"]) == (16, 35)
    with pytest.raises(Problem, match="so that there are others"):
        ask(documents.set_apart, documents=list(range(35)))


@pytest.mark.parametrize("source", ["nothing", "mean:gone-001", "documents:gone-001", "mean:", "documents:../../x"])
def test_a_source_that_there_is_not_is_a_sentence(ask, source):
    with pytest.raises(Problem):
        ask(documents.document_map, source=source, options={})
    with pytest.raises(Problem):
        ask(classifying.classify, column="subject", sets=[source])


def test_subjects_are_told_apart(ask):
    arrays, facts = ask(classifying.classify, column="subject", sets=["one-hot", "tf-idf", "lsa"], folds=4)
    assert facts["classes"] == ["sport", "money"]
    assert facts["left_out"] == ["odd"] and facts["unlabelled"] == 1 and facts["folds"] == 4
    assert min(facts["scores"]["accuracy"]) >= 32 / 33 - 0.05 and facts["majority"] == pytest.approx(17 / 33)
    assert arrays["confusion"].shape == (6, 2, 2) and (arrays["confusion"].sum(axis=(1, 2)) == 33).all()
    wrong = (arrays["predicted"] != arrays["targets"]).sum(axis=1)
    assert wrong.tolist() == [33 - int(np.trace(table)) for table in arrays["confusion"]]
    assert len(facts["paired"]["p"]) == 5


def test_the_words_of_a_class_are_its_own(ask):
    _, facts = ask(classifying.class_words, **CLASSIFY)
    sport = {word for name, word in zip(facts["table"]["class"], facts["table"]["word"]) if name == "sport"}
    assert {"goal", "match", "team"} <= sport and not {"bank", "money", "rate"} & sport


@pytest.mark.parametrize("kind", ["logistic", "centroid"])
@pytest.mark.parametrize("features", ["one-hot", "counts", "tf-idf", "lsa"])
def test_a_typed_text_is_classified_and_put_back_together(ask, features, kind):
    text = "The bank lent MONEY,\nunheard-of; a goal!"
    _, facts = ask(classifying.classify_text, **CLASSIFY | {"features": features, "kind": kind}, text=text)
    assert "".join(run[0] for run in facts["runs"]) == text and facts["chosen"] == "money"
    weights = {run[0]: run[2] for run in facts["runs"]}
    assert weights["MONEY"] > 0 > weights["goal"] and weights["unheard"] == 0
    assert (facts["known"], facts["tokens"]) == (7, 8)
    assert facts["margin"] == pytest.approx(sum(facts["terms"]["weight"]) + facts["bias"], abs=1e-4)


def test_a_classifier_is_taken_up_from_disk(store, subjects):
    question = {**CLASSIFY, "text": "the rate rose"}
    _, before = finish(classifying.classify_text(store, subjects, **question))
    classifying._CLASSIFIERS._held.clear()
    steps, after = finish(classifying.classify_text(store, subjects, **question))
    assert "Learning to classify" not in steps and after == before


def test_texts_without_a_known_word_are_sentences(ask):
    for text, sentence in (
        ("   ", "There is no text"),
        ("xyzzy", "No word of this document"),
        ("……", "No word of this"),
    ):
        with pytest.raises(Problem, match=sentence):
            ask(classifying.classify_text, **CLASSIFY, text=text)


def test_a_held_out_document_is_read_with_what_decided(ask):
    _, facts = ask(classifying.decided, **CLASSIFY, document=4)
    assert facts["true"] == facts["chosen"] == "money" and facts["name"] == "money 0"
    assert "".join(run[0] for run in facts["runs"]) == ROWS[4][2]
    assert {run[0]: run[2] for run in facts["runs"]}["bank"] > 0
    with pytest.raises(Problem, match="has no label"):
        ask(classifying.decided, **CLASSIFY, document=32)


@pytest.mark.parametrize(("column", "sentence"), [("constant", "needs two classes"), ("no", "There is no column")])
def test_columns_that_tell_nothing_apart_are_sentences(ask, column, sentence):
    with pytest.raises(Problem, match=sentence):
        ask(classifying.classify, column=column, sets=["tf-idf"])


def test_without_features_or_a_known_classifier_there_is_a_sentence(ask):
    with pytest.raises(Problem, match="at least one set"):
        ask(classifying.classify, column="subject", sets=[])
    with pytest.raises(Problem, match="is no classifier here"):
        ask(classifying.class_words, **CLASSIFY | {"kind": "magic"})


def test_what_was_not_asked_for_longest_goes_first():
    kept = documents.Kept(2)
    kept.put("a", 1), kept.put("b", 2), kept.get("a"), kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)
