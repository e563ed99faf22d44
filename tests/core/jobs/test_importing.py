"""Importing vectors as a job: a run like any other, or nothing."""

import numpy as np
import pytest

from core.encoders import BROUGHT, ENCODERS
from core.jobs.importing import RANKED
from core.problem import Problem
from core.store import inbox
from core.store.importing import ImportSettings
from tests.core.jobs.conftest import Killed, begin, work

TEXT = "king 1 2 3\nqueen 1 2.5 3\nthe -1 0.125 0\n"


def upload(store, name="mine.vec", content=TEXT):
    incoming = inbox.Incoming(store.home, name, len(content))
    incoming.write(content.encode())
    return incoming.finish()


def queue(store, given, kind="glove", name="Mine"):
    return store.queue_import([(given.path, given.name)], ImportSettings(format=kind), name)


def test_vectors_become_a_run_like_any_other(store):
    given = upload(store)
    row = work(store, queue(store, given))
    assert (row.id, row.kind, row.state, row.message, row.name) == ("imported-001", "import", "done", None, "Mine")
    assert row.capabilities == ["WordVectors"] and row.note == RANKED and row.step == row.total == 3
    assert row.options == {"format": "glove", "file": "mine.vec", "counts": "rank"}
    assert [run.id for run in store.runs()] == [row.id] and not given.path.parent.exists()
    expected = np.array([[1, 2, 3], [1, 2.5, 3], [-1, 0.125, 0]], np.float32)
    assert (store.vectors(row.id) == expected).all() and (store.encoder(row.id).word_vectors() == expected).all()
    assert store.vocab(row.id).words == ["king", "queen", "the"] and store.vocab(row.id).counts.tolist() == [3, 2, 1]
    picture = store.snapshot(row.id)
    assert picture.words == ["king", "queen", "the"] and picture.probes[0]["kind"] == "neighbours"
    assert not (store.folder(row.id) / "building").exists() and (store.folder(row.id) / "run.json").exists()


def test_two_files_with_counts(store):
    rows, words = upload(store, "v.tsv", "1\t2\n3\t4\n"), upload(store, "m.tsv", "word\tcount\na\t5\nb\t7\n")
    files = [(one.path, one.name) for one in (words, rows)]
    row = work(store, store.queue_import(files, ImportSettings(format="projector")))
    assert row.name == "Imported vectors 1" and row.note == "" and row.options["counts"] == "file"
    assert store.vocab(row.id).words == ["b", "a"] and store.vectors(row.id).tolist() == [[3, 4], [1, 2]]


def test_what_cannot_be_read_says_so_and_stays_to_be_tried_again(store):
    given = upload(store, content="king 1 2\nking 1 2\n")
    row = work(store, queue(store, given))
    assert (row.state, row.capabilities) == ("failed", []) and given.path.exists()
    assert "king stands on line 2 of mine.vec" in str(Problem.from_dict(row.message))
    assert [path.name for path in store.folder(row.id).iterdir()] == ["position"]


def test_one_that_is_not_wanted_leaves_nothing(store):
    run = queue(store, upload(store))
    begin(store, run).write(state="queued")
    store.command(run, "stop")
    row = work(store, run)
    assert (row.state, row.capabilities) == ("stopped", []) and not (store.folder(run) / "vectors.npy").exists()


def test_a_killed_one_begins_again(store, monkeypatch):
    def die(*_):
        raise Killed

    run = queue(store, upload(store))
    with monkeypatch.context() as patch:
        patch.setattr("core.jobs.importing.Importing._picture", die)
        with pytest.raises(Killed):
            work(store, run)
    store.change_run(run, state="queued")
    assert work(store, run).state == "done" and len(store.vectors(run)) == 3


def test_there_is_nothing_to_go_on_with(store, corpus):
    run = work(store, queue(store, upload(store))).id
    with pytest.raises(Problem, match="was imported, so there is nothing to go on with"):
        store.continue_run(run, {})
    with pytest.raises(Problem, match="There is no encoder called imported"):
        store.queue_train("imported", {}, corpus.id, min_count=1)
    assert "imported" not in ENCODERS and "imported" in BROUGHT


def test_it_is_taken_away_as_a_model_too(store):
    run = work(store, queue(store, upload(store))).id
    assert store.export(run, "safetensors").name == "imported-001.zip"
    assert sorted(path.name for path in (store.folder(run) / "exports").iterdir()) == ["imported-001.zip"]


def test_a_deleted_one_is_thrown_away_with_its_day(store):
    from core.store.queue import Queue

    run = work(store, queue(store, upload(store))).id
    store.delete(run)
    assert Queue(store).purge(2e10) == [run] and not store.folder(run).exists()
