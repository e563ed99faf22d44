"""Reading files as a job: a corpus in its place, or nothing."""

import pytest

from core.corpus.reading import ReadSettings
from core.problem import Problem
from tests.core.jobs.conftest import TEXT, Killed, begin, work


@pytest.fixture
def upload(store):
    """The path of a file in the store's inbox."""
    path = store.inbox() / "0"
    path.write_text(TEXT * 50)
    return path


def queue(store, path, **settings):
    return store.queue_read([(path, "mine.txt")], ReadSettings(**settings), "Mine")


def test_files_become_a_corpus(store, upload):
    run = queue(store, upload)
    row = work(store, run)
    assert (row.state, row.message) == ("done", None) and row.step == row.total > 0
    assert [(one.id, one.name, one.state) for one in store.corpora()] == [(row.corpus_id, "Mine", "ready")]
    assert store.corpus(row.corpus_id).documents[0].startswith("the king") and not upload.exists()
    assert list((store.home / "corpora" / ".building").iterdir()) == []


def test_a_file_elsewhere_is_left_there(store, tmp_path):
    (tmp_path / "x.txt").write_text(TEXT)
    work(store, queue(store, tmp_path / "x.txt"))
    assert (tmp_path / "x.txt").exists()


def test_the_same_text_again_is_said(store, upload, tmp_path):
    (tmp_path / "same.txt").write_text(upload.read_text())
    first = work(store, queue(store, upload))
    second = work(store, store.queue_read([(tmp_path / "same.txt", "mine.txt")], ReadSettings(), "Again"))
    assert second.corpus_id == first.corpus_id and len(store.corpora()) == 1
    assert second.note == "This text was here already, read in the same way."


def test_what_cannot_be_read_says_so(store, upload):
    upload.write_text(" \n ")
    run = queue(store, upload)
    row = work(store, run)
    assert row.state == "failed" and "mine.txt" in str(Problem.from_dict(row.message))
    assert [(one.id, one.state) for one in store.corpora()] == [(run, "failed")]


@pytest.mark.parametrize("how", ["stop", "delete"])
def test_a_reading_that_is_not_wanted_leaves_nothing(store, upload, how):
    run = queue(store, upload)
    begin(store, run).write(state="queued")  # it has begun once, so that it is not taken back at once
    store.command(run, "stop") if how == "stop" else store.delete_corpus(run)
    assert work(store, run).state == "stopped" and store.corpora() == []
    assert [path.name for path in (store.home / "corpora").iterdir()] == [".building"]


def test_a_killed_reading_begins_again(store, upload, monkeypatch):
    def die(*_):
        raise Killed

    run = queue(store, upload)
    with monkeypatch.context() as patch:
        patch.setattr("core.store.corpora.Corpora.add_corpus", die)
        with pytest.raises(Killed):
            work(store, run)
    store.change_run(run, state="queued")
    assert work(store, run).state == "done" and len(store.corpora()) == 1
