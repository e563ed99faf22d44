"""Deriving a corpus as a job: a corpus in its place with its gold labels, or nothing."""

import pytest

from core.corpus import Corpus
from core.jobs import ensure_supervisor
from core.problem import Problem
from tests.core.jobs.conftest import Killed, begin, end_processes, wait_for, work

MERGE = {"first": "king", "second": "queen"}


def test_a_corpus_becomes_another(store, corpus):
    row = work(store, store.queue_derive(corpus.id, "shuffle words", {"seed": 1}))
    assert (row.state, row.message, row.phase) == ("done", None, "Indexing") and row.step == row.total > 0
    derived = store.corpus_row(row.corpus_id)
    assert (derived.name, derived.state, derived.origin) == ("Kings, words shuffled", "ready", "derived")
    assert derived.settings["derived"] == {"from": corpus.id, "operation": "shuffle words", "with": None,
                                           "options": {"within": "sentence", "seed": 1}}  # fmt: skip
    assert sorted(store.corpus(derived.id).documents[0].split()) == sorted(corpus.documents[0].split())
    assert len(store.corpora()) == 2 and not list((store.home / "corpora" / ".building").iterdir())


def test_gold_labels_come_with_it(store, corpus):
    made = work(store, store.queue_derive(corpus.id, "merge words", MERGE, "Royals")).corpus_id
    [labels] = store.labels(made)
    assert (labels.name, labels.occurrences, labels.kinds) == ("gold", 40, {"king": 20, "queen": 20})
    first = store.label_set(labels.id).iloc[0]
    assert store.corpus(made).documents[0][first.start : first.end] == "kingqueen"


def test_the_same_again_is_the_same_corpus_with_one_set_of_labels(store, corpus):
    first, second = (work(store, store.queue_derive(corpus.id, "merge words", MERGE)) for _ in range(2))
    assert first.corpus_id == second.corpus_id and len(store.labels(first.corpus_id)) == 1
    assert len(store.corpora()) == 2 and "here already" in second.note


def test_a_second_corpus_is_the_background(store, corpus):
    other = Corpus.from_texts(["far away"] * 3, folder=store.home / "inbox" / "other")
    store.add_corpus(other, "Other")
    run = store.queue_derive(corpus.id, "add background", {"documents": 2}, other=other.id)
    made = store.corpus(work(store, run).corpus_id)
    assert len(made.documents) == 22 and made.table["part"].value_counts().to_dict() == {"own": 20, "background": 2}


@pytest.mark.parametrize("how", ["stop", "delete"])
def test_one_that_is_not_wanted_leaves_nothing(store, corpus, how):
    run = store.queue_derive(corpus.id, "merge words", MERGE)
    begin(store, run).write(state="queued")  # it has begun once, so that it is not taken back at once
    store.command(run, "stop") if how == "stop" else store.delete_corpus(run)
    assert work(store, run).state == "stopped" and [row.id for row in store.corpora()] == [corpus.id]
    assert sorted(path.name for path in (store.home / "corpora").iterdir()) == sorted([".building", corpus.id])


def test_a_killed_one_begins_again(store, corpus, monkeypatch):
    def die(*_):
        raise Killed

    run = store.queue_derive(corpus.id, "merge words", MERGE)
    with monkeypatch.context() as patch:
        patch.setattr("core.store.corpora.Corpora.add_corpus", die)
        with pytest.raises(Killed):
            work(store, run)
    store.change_run(run, state="queued")
    row = work(store, run)
    assert row.state == "done" and len(store.corpora()) == 2 and len(store.labels(row.corpus_id)) == 1


def test_a_parent_that_is_gone_is_said(store, corpus):
    run = store.queue_derive(corpus.id, "shuffle words", {})
    for path in corpus.folder.iterdir():
        path.unlink()
    row = work(store, run)
    assert row.state == "failed" and "holds no corpus" in str(Problem.from_dict(row.message))
    assert store.corpus_row(run).state == "failed"


def test_the_supervisor_starts_it(store, corpus):
    run = store.queue_derive(corpus.id, "cut context", {"word": "king"})
    ensure_supervisor(store)
    try:
        row = wait_for(lambda: (row := store.run(run)).state == "done" and row, 60)
        assert store.corpus(row.corpus_id).documents[0].startswith("king and the queen")
    finally:
        end_processes(store.home)
