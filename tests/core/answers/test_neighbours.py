"""Questions about word vectors, answered in this process: hubs, changes between runs, lists, sentences."""

import json
import time

import numpy as np
import pytest

from core.answers import functions, neighbours
from core.corpus import Corpus
from core.explore import Space
from core.explore.agreement import mean_shared
from core.problem import Problem
from core.store import Store
from core.store.queue import Queue
from tests.core.answers.test_terms import learned
from tests.core.explore.conftest import finish

TEXTS = ["The king rules the land. The queen rules the land. <b> A man walks. A woman walks."] * 40
OTHER = ["The king walks. A dog barks at the queen. The man rules the dog."] * 40
OPTIONS = {"dim": 8, "epochs": 3, "threads": 1}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    home = tmp_path_factory.mktemp("near") / "home"
    home.mkdir()
    (home / "samples.json").write_text("{}")
    opened = Store(home)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def runs(store):
    corpus = Corpus.from_texts(TEXTS, language="en")
    return [learned(store, corpus, "word2vec", seed=seed, **OPTIONS) for seed in (0, 1)]


def asked(function, *given, **more):
    """(arrays, facts) of a question; the facts are what JSON keeps of them."""
    arrays, facts = finish(function(*given, **more))[1]
    return arrays, json.loads(json.dumps(facts, allow_nan=False))


def rows(table):
    return [dict(zip(table, values)) for values in zip(*table.values())]


def test_hubs_are_those_of_the_space(store, runs):
    arrays, facts = asked(neighbours.hubs, store, runs[0])
    space = Space(store.vectors(runs[0]), store.vocab(runs[0]))
    near, k = space.neighbours("king", 10)["score"].mean(), min(10, len(space.vocab) - 1)
    assert arrays["means"][space.vocab.index("king")] == pytest.approx(near, abs=1e-5)
    assert arrays["times"].sum() == k * len(space.vocab) and facts["among"] == len(space.vocab)


def test_changes_are_those_that_a_person_sees(store, runs):
    arrays, facts = asked(neighbours.changed, store, runs[0], runs[1:], k=4, words=12)
    vocab, table = store.vocab(runs[0]), rows(facts["table"])
    assert len(table) == facts["n"] == min(12, len(vocab)) and facts["chance"] == pytest.approx(16 / (facts["n"] - 1))
    assert [row["jaccard"] for row in table] == sorted(row["jaccard"] for row in table)
    for row in table:
        near = [Space(store.vectors(run), vocab).neighbours(row["word"], 4, among=12)["word"].tolist() for run in runs]
        assert row["shared"] == mean_shared(near) and row["count"] == vocab.counts[row["id"]]
        assert row["near_0"] == [word for word in near[0] if word not in near[1]]
        assert row["near_1"] == [word for word in near[1] if word not in near[0]]
        assert arrays["shared"][arrays["ids"].tolist().index(row["id"])] == row["shared"]


def test_runs_of_other_corpora_are_compared_over_what_they_share(store, runs):
    other = learned(store, Corpus.from_texts(OTHER, language="en"), "word2vec", **OPTIONS)
    _, facts = asked(neighbours.changed, store, runs[0], [other, runs[1]], k=3)
    assert {*facts["table"]["word"]} == {"the", "a", "king", "queen", "man", "rules", "walks"} and facts["n"] == 7
    assert {"near_0", "near_1", "near_2"} < {*facts["table"]}
    strangers = learned(store, Corpus.from_texts(["x y z"] * 40), "word2vec", **OPTIONS)
    with pytest.raises(Problem, match="0 words in common"):
        asked(neighbours.changed, store, runs[0], [strangers])


def test_a_list_is_scored_with_its_coverage_and_its_baseline(store, runs):
    text = ": a\nman king woman queen\nMan King Woman zebra\n\n: b\nking man queen woman\nbad line\nthe a the a"
    _, facts = asked(neighbours.analogy_list, store, runs[0], text)
    sections = rows(facts["sections"])
    assert [(each["name"], each["questions"], each["known"]) for each in sections] == [("a", 2, 1), ("b", 2, 2)]
    assert facts["wrong"] == [7] and facts["among"] == len(store.vocab(runs[0]))
    answers = rows(facts["answers"])
    assert [each["line"] for each in answers] == [2, 6, 8] and answers[0]["d"] == "queen"
    for name in ("add", "mul", "add_kept", "mul_kept"):
        assert sum(each[name] for each in sections) == sum(row[name] == row["d"] for row in answers)
    assert all(each["near"] <= each["known"] for each in sections)
    assert all(row["add"] not in (row["a"], row["b"], row["c"]) for row in answers)


def test_a_list_of_unknown_words_has_no_score(store, runs):
    _, facts = asked(neighbours.analogy_list, store, runs[0], "Athens Greece Oslo Norway")
    assert rows(facts["sections"])[0]["known"] == 0 and facts["answers"]["line"] == []
    with pytest.raises(Problem, match="no question"):
        asked(neighbours.analogy_list, store, runs[0], "nothing")


@pytest.mark.parametrize("weighting", ["sif", "mean"])
def test_a_sentence_is_weighed_and_finds_itself(store, runs, weighting):
    _, facts = asked(neighbours.sentence, store, runs[0], "The QUEEN rules the zebra", weighting, k=3)
    words = rows(facts["words"])
    assert [row["word"] for row in words] == ["the", "queen", "rules"] and facts["unknown"] == ["zebra"]
    share = words[1]["count"] / store.vocab(runs[0]).tokens
    assert words[1]["weight"] == pytest.approx(1e-3 / (1e-3 + share) if weighting == "sif" else 1)
    assert {row["word"] for row in rows(facts["near"])}.isdisjoint({"the", "queen", "rules"})
    texts = rows(facts["texts"])
    assert len(texts) == 3 and facts["compared"] == facts["total"] == 4 * 40
    assert {row["text"] for row in texts} == {"The queen rules the land."}
    assert (facts["common"] > 0) == (weighting == "sif")
    _, facts = asked(neighbours.sentence, store, runs[0], "A woman walks.", weighting, k=1)
    [first] = rows(facts["texts"])
    assert first["text"] == "A woman walks." and first["cosine"] == pytest.approx(1, abs=1e-5)


def test_a_sentence_of_a_run_whose_corpus_is_gone_has_words_only(store):
    run = learned(store, Corpus.from_texts(OTHER, language="en"), "word2vec", **OPTIONS)
    store.delete_corpus(store.run(run).corpus_id)
    Queue(store).purge(time.time() + 9)
    _, facts = asked(neighbours.sentence, store, run, "the dog barks", k=2)
    assert facts["texts"] is None and facts["total"] == 0 and len(facts["near"]["word"]) == 2


@pytest.mark.parametrize("text", ["", "zebra", "…", "<i>"])
def test_a_text_without_a_known_word_is_said(store, runs, text):
    with pytest.raises(Problem, match="No word of this text"):
        asked(neighbours.sentence, store, runs[0], text)
    with pytest.raises(Problem, match="no way to weigh"):
        asked(neighbours.sentence, store, runs[0], "the", "bogus")


def test_vectors_of_zeros_are_no_bug(store, runs):
    folder = store.folder(runs[1])
    saved = np.load(folder / "vectors.npy")
    np.save(folder / "vectors.npy", np.zeros_like(saved))
    try:
        assert asked(neighbours.hubs, store, runs[1])[0]["means"].tolist() == [0] * len(saved)
        assert asked(neighbours.analogy_list, store, runs[1], "man king woman queen")[1]["wrong"] == []
        with pytest.raises(Problem, match="no direction"):
            asked(neighbours.sentence, store, runs[1], "the king")
    finally:
        np.save(folder / "vectors.npy", saved)


def test_every_question_can_be_asked():
    names = {"hubs": "hubs", "changed": "changed", "analogy_list": "analogy_list", "sentence": "sentence"}
    assert {name: functions.FUNCTIONS[name] for name in names} == {
        name: getattr(neighbours, each) for name, each in names.items()
    }
