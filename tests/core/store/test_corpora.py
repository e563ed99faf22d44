"""Corpora in a store: registered once, found again, put away and brought back."""

import pytest

from core.corpus import Corpus
from core.corpus.reading import ReadSettings
from core.problem import Problem
from tests.core.store.conftest import TEXT


def test_a_corpus_is_registered_and_found_again(store, corpus):
    row = store.corpus_row(corpus.id)
    assert [row] == store.corpora() and (row.name, row.state, row.origin) == ("Kings", "ready", "upload")
    assert row.facts["documents"] == 20 and row.facts["tokens"] == len(corpus.tokens)
    assert corpus.folder == store.home / "corpora" / corpus.id


def test_it_opens_with_another_min_count(store, corpus):
    assert len(store.corpus(corpus.id, 40).vocab) < len(corpus.vocab)
    with pytest.raises(Problem, match="No word occurs 99999 times"):
        store.corpus(corpus.id, 99999)


def test_a_temporary_corpus_is_copied_in(store):
    corpus = Corpus.from_texts([TEXT])
    store.add_corpus(corpus, "Short", "sample")
    assert store.corpus(corpus.id).documents[0] == TEXT and corpus.folder.exists()
    assert [path.name for path in (store.home / "corpora").iterdir()] == [corpus.id]


def test_the_same_text_again_is_the_same_corpus_brought_back(store, corpus):
    store.delete_corpus(corpus.id)
    store.add_corpus(corpus, "Kings again")
    assert [(row.id, row.name) for row in store.corpora()] == [(corpus.id, "Kings again")]


def test_rename_delete_and_undo(store, corpus):
    store.rename_corpus(corpus.id, "Queens")
    store.delete_corpus(corpus.id)
    assert store.corpora() == []
    store.restore_corpus(corpus.id)
    assert [row.name for row in store.corpora()] == ["Queens"]


def test_an_unknown_corpus_is_a_problem(store):
    assert store.corpus_row("nobody") is None
    for ask in (store.corpus, store.delete_corpus, lambda corpus: store.rename_corpus(corpus, "x")):
        with pytest.raises(Problem, match="There is no such corpus"):
            ask("nobody")


def test_reading_is_queued_as_a_run(store, tmp_path):
    path = store.inbox() / "x.txt"
    run = store.queue_read([(path, "mine.txt"), tmp_path / "b.txt"], ReadSettings(), "Mine")
    row, corpus = store.run(run), store.corpus_row(run)
    assert row.kind == "read" and row.paths == [[str(path), "mine.txt"], [str(tmp_path / "b.txt"), "b.txt"]]
    assert corpus.state == "reading" and row.corpus_id == run and store.runs() == []
    with pytest.raises(Problem, match="There is no such corpus"):
        store.corpus(run)


def test_reading_that_never_began_is_taken_back(store, tmp_path):
    first, second = (store.queue_read([tmp_path / "x.txt"], ReadSettings(), "Mine") for _ in range(2))
    store.command(first, "stop")
    store.delete_corpus(second)
    assert [store.run(run).state for run in (first, second)] == ["stopped", "stopped"] and store.corpora() == []
