"""Questions about weights, answered in this process: numbers to redo, groups, search, the company of cats."""

import json
import math

import numpy as np
import pytest

from core.answers import functions, terms
from core.corpus import Corpus
from core.jobs import position, worker
from core.problem import Problem
from core.store import Store
from core.store.queue import Queue
from core.store.samples import samples
from tests.core.explore.conftest import finish

TEXTS = [
    ("pet", "the cat sat on the mat"),
    ("pet", "the cat and the dog"),
    ("sky", "the sun and the moon and the stars"),
    ("sky", ""),
    ("sky", "the moon <b>$x$</b> the moon"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    home = tmp_path_factory.mktemp("weighed") / "home"
    home.mkdir()
    (home / "samples.json").write_text("{}")
    opened = Store(home)
    yield opened
    opened.close()


def learned(store, corpus, encoder="tfidf", **options) -> str:
    run = store.queue_train(encoder, options, store.add_corpus(corpus, "C").id, min_count=1)
    attempt = Queue(store).claim(store.run(run))
    position.reset(store.folder(run))
    worker.work(store, run, attempt)
    return run


@pytest.fixture(scope="module")
def run(store):
    labels, texts = zip(*TEXTS)
    return learned(store, Corpus.from_texts(list(texts), labels=list(labels), language="en"), idf="plain", norm="none")


@pytest.fixture(scope="module", params=["en-cats.tsv.gz", "zh-cats.tsv.gz"], ids=["en", "zh"])
def cats(request, store):
    sample = samples()[request.param]
    given = {name: getattr(sample.settings, name) for name in ("language", "tokenizer", "text_column", "label_column")}
    corpus = Corpus.from_files([sample.path], min_count=1, **given)
    return store.add_corpus(corpus, sample.name).id, {"en": "cat", "zh": "猫"}[given["language"]]


def asked(function, *given, **more):
    """(arrays, facts) of a question; the facts are what JSON keeps of them."""
    arrays, facts = finish(function(*given, **more))[1]
    return arrays, json.loads(json.dumps(facts, allow_nan=False))


def rows(facts):
    table = facts["table"]
    return [dict(zip(table, values)) for values in zip(*table.values())]


def test_a_documents_ranking_can_be_redone_by_hand(store, run):
    arrays, facts = asked(terms.document_terms, store, run, 2, k=3)
    [first, *_] = rows(facts)
    assert (facts["n"], facts["length"], facts["words"]) == (5, 8, 5)
    # "and" stands twice here, and in two of five documents; "the" in four of five.
    assert (first["word"], first["count"], first["df"]) == ("and", 2, 2)
    assert first["product"] == first["weight"] == pytest.approx(2 * math.log(5 / 2))
    for row in rows(facts):
        assert row["weight"] == pytest.approx(row["tf"] * row["idf"] / row["norm"], rel=1e-6)
    assert len(arrays["ids"]) == 5 and (np.diff(arrays["weights"]) <= 0).all()


def test_a_text_is_weighed_like_a_document(store, run):
    typed, learned_from = (asked(terms.document_terms, store, run, what)[1] for what in (TEXTS[2][1], 2))
    assert typed == learned_from
    for nothing in ("", "zebra", "<i>"):
        arrays, facts = asked(terms.document_terms, store, run, nothing)
        assert facts["words"] == 0 and rows(facts) == [] and len(arrays["ids"]) == 0


def test_an_empty_document_has_no_words(store, run):
    assert asked(terms.document_terms, store, run, 3)[1]["words"] == 0
    with pytest.raises(Problem, match="no document 5"):
        asked(terms.document_terms, store, run, 5)


def test_the_whole_corpus_is_ranked_by_mean_weight(store, run):
    _, facts = asked(terms.corpus_terms, store, run, k=3)
    first, second, _ = rows(facts)
    assert (first["word"], first["count"], first["df"]) == ("b", 2, 1) and facts["hidden"] == 0
    assert (second["word"], second["count"], second["df"]) == ("and", 3, 2)
    assert [first["weight"], second["weight"]] == pytest.approx([2 * math.log(5) / 5, 3 * math.log(5 / 2) / 5])
    _, facts = asked(terms.corpus_terms, store, run, k=99, within=0.2)
    assert facts["hidden"] == 4 and {row["df"] for row in rows(facts)} == {1}


def test_a_word_leads_to_the_documents_where_it_weighs_most(store, run):
    arrays, facts = asked(terms.word_documents, store, run, "moon")
    assert arrays["documents"].tolist() == [4, 2] and facts == {"n": 5, "with": 2}
    assert arrays["weights"].tolist() == pytest.approx([2 * math.log(5 / 2), math.log(5 / 2)])


def test_groups_have_their_words_and_every_part_of_the_weight(store, run):
    _, facts = asked(terms.group_terms, store, run, "label", k=4)
    assert (facts["groups"], facts["documents"]) == (["pet", "sky"], [2, 3])
    length = dict(zip(facts["groups"], facts["lengths"]))
    assert length == {"pet": 11, "sky": 8 + 7} and facts["mean"] == pytest.approx(26 / 2)
    for row in rows(facts):
        assert row["share"] == pytest.approx(row["count"] / length[row["group"]])
        assert row["inverse"] == pytest.approx(math.log(1 + facts["mean"] / row["total"]))
        assert row["weight"] == pytest.approx(row["share"] * row["inverse"], rel=1e-5)


def test_words_that_are_everywhere_can_be_kept_out_of_the_groups_list(store, run):
    _, every = asked(terms.group_terms, store, run, "label", k=4)
    _, some = asked(terms.group_terms, store, run, "label", k=4, within=0.5)
    assert every["table"]["word"].count("the") == 2 and "the" not in some["table"]["word"] and some["hidden"] == 1
    weights = {(row["group"], row["word"]): row["weight"] for row in rows(every)}
    assert all(weights.get((row["group"], row["word"]), row["weight"]) == row["weight"] for row in rows(some))


@pytest.mark.parametrize("column", ["nothing", "<b>"])
def test_a_column_that_is_not_there_is_said(store, run, column):
    for function in (terms.group_terms, terms.term_blocks):
        with pytest.raises(Problem, match="There is no column"):
            asked(function, store, run, column)


def test_one_label_makes_no_groups(store):
    run = learned(store, Corpus.from_texts(["a b", "c d"], labels=["x", "x"]))
    with pytest.raises(Problem, match="one label, x"):
        asked(terms.group_terms, store, run, "label")


@pytest.mark.parametrize("column", ["", "label"])
def test_blocks_hold_the_weights_of_their_documents_and_words(store, run, column):
    arrays, facts = asked(terms.term_blocks, store, run, column, documents=5, terms=6)
    encoder = terms.weigher(store, run)
    assert arrays["values"].shape == (len(facts["documents"]), len(facts["words"])) and 3 not in facts["documents"]
    assert np.array_equal(arrays["values"], encoder.weight_table(facts["documents"], facts["words"]))
    assert [encoder.vocab.words[i] for i in facts["ids"]] == facts["words"]


def test_a_query_finds_documents_and_says_what_each_word_gave(store, run):
    _, facts = asked(terms.term_search, store, run, "moon cat zebra")
    assert facts["words"] == ["moon", "cat"] and list(facts["unknown"]) == ["zebra"]
    for name in ("cosine", "bm25"):
        table = facts[name]
        assert set(table["document"]) == {0, 1, 2, 4} and table["rank"][0] == 1
        summed = {rank: sum(p for r, p in zip(table["rank"], table["part"]) if r == rank) for rank in table["rank"]}
        assert all(summed[r] == pytest.approx(s, rel=1e-5) for r, s in zip(table["rank"], table["score"]))


@pytest.mark.parametrize("query", ["zebra", "", "  ", "…"])
def test_a_query_without_a_known_word_is_a_sentence(store, run, query):
    with pytest.raises(Problem, match="no word of this vocabulary|There is no word in"):
        asked(terms.term_search, store, run, query)


def test_the_cat_weighs_nothing_among_cats_and_more_with_each_other_document(store, cats):
    corpus_id, cat = cats
    arrays, facts = asked(terms.company, store, corpus_id, {"idf": "plain", "norm": "none"})
    i = facts["words"].index(cat)
    count = arrays["counts"][i]
    assert (facts["size"], facts["others"]) == (16, 50) and arrays["means"][0, i] == 0
    expected = [count / 16 * math.log((16 + more) / 16) for more in range(51)]
    assert arrays["means"][:, i].tolist() == pytest.approx(expected, abs=1e-5)
    assert (arrays["df"][:, i] == 16).all() and arrays["means"][-1].argmax() == i


def test_another_idf_gives_the_cat_a_weight_among_cats_too(store, cats):
    corpus_id, cat = cats
    for options, last in (({"idf": "smooth", "norm": "none"}, False), ({"idf": "none", "norm": "none"}, True)):
        arrays, facts = asked(terms.company, store, corpus_id, options)
        weights = arrays["means"][:, facts["words"].index(cat)]
        assert weights[0] > 0 and bool(weights[0] == weights[-1]) == last


def test_the_last_company_is_what_a_run_would_learn(store, cats):
    corpus_id, cat = cats
    arrays, facts = asked(terms.company, store, corpus_id, {})
    run = learned(store, store.corpus(corpus_id))
    mean = terms.weigher(store, run).weight_table(range(16), [cat]).mean()
    assert arrays["means"][-1, facts["words"].index(cat)] == pytest.approx(mean, rel=1e-6)


def test_pasted_twice_counts_double_and_divided_weights_stand_still(store, cats):
    once, twice = (asked(terms.pasted, store, cats[0], 0, times, {})[1] for times in (1, 2))
    assert twice["length"] == 2 * once["length"] and once["table"]["word"] == twice["table"]["word"]
    assert twice["table"]["count"] == [2 * each for each in once["table"]["count"]]
    assert twice["table"]["none"] == pytest.approx([2 * each for each in once["table"]["none"]], rel=1e-6)
    for norm in ("l1", "l2"):
        assert twice["table"][norm] == pytest.approx(once["table"][norm], rel=1e-6)


def test_a_corpus_without_a_first_group_is_said(store):
    for labels in (None, ["x", "x"]):
        corpus = store.add_corpus(Corpus.from_texts(["a b", "c d"], labels=labels), "Unlabelled").id
        with pytest.raises(Problem, match="no labels that tell"):
            asked(terms.company, store, corpus, {})
    with pytest.raises(Problem, match="no document 9"):
        asked(terms.pasted, store, corpus, 9, 1, {})


def test_other_runs_and_unknown_ones_are_said(store):
    other = learned(store, Corpus.from_texts(["a b c"] * 30), "word2vec", dim=2, epochs=1)
    with pytest.raises(Problem, match="does not rank terms"):
        asked(terms.document_terms, store, other, 0)
    with pytest.raises(Problem):
        asked(terms.document_terms, store, "nothing", 0)


def test_every_question_can_be_asked():
    names = {"document_terms", "explained", "corpus_terms", "word_documents", "group_terms", "term_blocks",
             "term_search", "company", "pasted"}  # fmt: skip
    assert {name: functions.FUNCTIONS[name] for name in names} == {name: getattr(terms, name) for name in names}
