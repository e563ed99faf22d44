"""Questions about spaces, answered in this process: one laid upon another, a word in both, lines of a pair."""

import numpy as np
import pytest

from core.answers import spaces
from core.corpus import Corpus
from core.jobs import position, worker
from core.problem import Problem
from core.store import Store
from core.store.queue import Queue
from tests.core.explore.conftest import finish

RANDOM = np.random.default_rng(6)
TEXTS = [" ".join(f"w{i}" for i in RANDOM.integers(14, size=40) ** 2 // 14) for _ in range(60)]
SMALL = {"dim": 8, "epochs": 2, "threads": 1, "window": 2}
OPTIONS = {"words": 10}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    home = tmp_path_factory.mktemp("spaces") / "home"
    home.mkdir()
    (home / "samples.json").write_text("{}")
    opened = Store(home)
    corpus = opened.add_corpus(Corpus.from_texts([*TEXTS, "w0 <b> w1"], language="en"), "C").id
    for encoder, options in (("word2vec", SMALL), ("word2vec", {**SMALL, "seed": 5}), ("onehot", {}),
                             ("word2vec", {**SMALL, "architecture": "cbow"})):  # fmt: skip
        run = opened.queue_train(encoder, options, corpus, min_count=2)
        attempt = Queue(opened).claim(opened.run(run))
        position.reset(opened.folder(run))
        worker.work(opened, run, attempt)
    yield opened
    opened.close()


def test_two_runs_are_laid_upon_each_other(store):
    _, (arrays, facts) = finish(spaces.compared(store, ["word2vec-001"], ["word2vec-002", None], OPTIONS))
    words = len(store.vocab("word2vec-001"))
    assert arrays["rows"].shape == (words, 2) and arrays["before"].shape == arrays["after"].shape == (10, 2)
    assert facts["common"] == words and 0 < facts["residual"] and facts["dimensions"] == [8, 8]


def test_a_run_with_itself_and_with_its_beginning(store):
    run, first = "word2vec-001", store.moments("word2vec-001")[0]
    _, (same, _) = finish(spaces.compared(store, [run], [run], OPTIONS))
    _, (grown, _) = finish(spaces.compared(store, [run, first], [run], OPTIONS))
    assert same["drift"].max() < 1e-6 < grown["drift"].max()
    np.testing.assert_array_equal(spaces.vectors_at(store, run, first).shape, store.vectors(run).shape)


def test_a_word_in_both_spaces(store):
    _, (_, facts) = finish(spaces.near_in_both(store, ["word2vec-001"], ["word2vec-001"], "w3", 4))
    assert facts["first"] == facts["second"] and facts["shared"] == facts["first"]["words"]
    assert len(facts["shared"]) == 4 and "w3" not in facts["shared"]


def test_lines_in_which_two_words_stand_near(store):
    _, (_, facts) = finish(spaces.pair_lines(store, "word2vec-001", "w0", "w1"))
    [last] = [line for line in facts["lines"] if line["document"] == 60] or [facts["lines"][-1]]
    assert facts["hits"] >= len(facts["lines"]) <= spaces.MOST_LINES
    assert {"w0", "w1"} <= set(last["node"].lower().replace("<b>", " ").split())


def test_scores_are_set_against_counts_with_their_shift(store):
    _, (arrays, facts) = finish(spaces.counted(store, "word2vec-001", least=2))
    encoder = store.encoder("word2vec-001")
    np.testing.assert_allclose(arrays["scores"], encoder.pair_scores(arrays["first"], arrays["second"]), rtol=1e-5)
    assert facts["shift"] == pytest.approx(-np.log(facts["negative"])) and facts["drawn"] == len(arrays["first"])
    for name, kind in (("expected", "noise"), ("plain", "plain")):  # a gap is to PMI itself: -log k is not in it twice
        gap = float((arrays["scores"] - (arrays[name] - facts["shift"])).mean())
        assert facts[kind]["gap"] == pytest.approx(gap, abs=1e-4) and -1 <= facts[kind]["pearson"] <= 1


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (lambda store: spaces.compared(store, ["gone"], ["word2vec-001"], OPTIONS), "no run called gone"),
        (lambda store: spaces.compared(store, ["onehot-001"], ["word2vec-001"], OPTIONS), "has no word vectors"),
        (lambda store: spaces.compared(store, ["word2vec-001", 3], ["word2vec-001"], OPTIONS), "no moment at step 3"),
        (lambda store: spaces.compared(store, ["word2vec-001"], ["word2vec-002"], {"words": 1}), "10"),
        (lambda store: spaces.near_in_both(store, ["word2vec-001"], ["word2vec-002"], "zyzzyva"), "zyzzyva is not in"),
        (lambda store: spaces.counted(store, "word2vec-003"), "was not trained by skip-gram"),
        (lambda store: spaces.counted(store, "onehot-001"), "was not trained by skip-gram"),
        (lambda store: spaces.pair_lines(store, "word2vec-001", "w0", "zyzzyva"), "zyzzyva is not in"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(store, question, said):
    with pytest.raises(Problem, match=said):
        finish(question(store))
