"""A run as a file that other programs read."""

import json
import warnings
import zipfile

import numpy as np
import pytest
from safetensors.numpy import load

from core.problem import Problem
from core.store import vector_files
from core.store.vector_files import text_words
from tests.core.store.conftest import begin


@pytest.fixture
def ended(store, corpus, attempt, run):
    """The id of a run that has ended, with three vectors."""
    corpus.cut(40).vocab.save(attempt.folder)
    vectors = np.random.default_rng(0).standard_normal((len(corpus.cut(40).vocab), 5)).astype(np.float32)
    np.save(attempt.folder / "vectors.npy", vectors)
    attempt.keep("final", 9, {"input": vectors})
    attempt.write(state="done", step=9, metrics={"loss": 1.5})
    return run


def test_the_zip_holds_model_record_and_vocabulary(store, ended):
    with zipfile.ZipFile(store.export(ended, "safetensors")) as archive:
        assert archive.testzip() is None and sorted(archive.namelist()) == [
            "model.safetensors",
            "run.json",
            "vocab.json",
        ]
        record, words = json.loads(archive.read("run.json")), json.loads(archive.read("vocab.json"))["words"]
        assert (load(archive.read("model.safetensors"))["input"] == store.vectors(ended)).all()
    assert record["encoder"] == "word2vec" and record["metrics"] == {"loss": 1.5} and record["versions"]["numpy"]
    assert words == store.vocab(ended).words


def test_gensim_reads_the_text_to_the_bit(store, ended):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gensim.models import KeyedVectors

        found = KeyedVectors.load_word2vec_format(store.export(ended, "word2vec"))
    assert found.index_to_key == store.vocab(ended).words
    assert found.vectors.dtype == np.float32 and (found.vectors == store.vectors(ended)).all()


def test_it_is_made_once(store, ended):
    path = store.export(ended, "word2vec")
    before = path.stat().st_mtime_ns
    assert store.export(ended, "word2vec") == path and path.stat().st_mtime_ns == before
    assert [each.name for each in path.parent.iterdir()] == ["word2vec-001.txt"]


def test_more_words_than_are_written_at_a_time(store, ended, monkeypatch):
    monkeypatch.setattr(vector_files, "ROWS", 2)
    lines = store.export(ended, "word2vec").read_text().splitlines()
    assert lines[0] == f"{len(store.vocab(ended))} 5" and len(lines) == len(store.vocab(ended)) + 1
    assert [line.split(" ")[0] for line in lines[1:]] == store.vocab(ended).words


def test_words_with_space_are_made_safe_and_stay_distinct():
    words = text_words(["new york", "new␣york", "a\nb", "\u3000", "", "_", "x\ty"])
    assert words == ["new␣york_", "new␣york", "a␊b", "\\u3000", "__", "_", "x␉y"]
    assert not any(letter.isspace() for word in words for letter in word)


def test_a_full_disk_is_said_and_leaves_nothing(store, ended, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vector_files, "as_text", full)
    with pytest.raises(Problem, match="The disk is full"):
        store.export(ended, "word2vec")
    assert list((store.folder(ended) / "exports").iterdir()) == []


def test_a_run_at_work_is_not_exported(store, corpus, ended):
    run = store.queue_train("word2vec", {}, corpus.id, min_count=1)
    with pytest.raises(Problem, match="still at work"):
        store.export(run, "safetensors")
    begin(store, run).write(state="failed")
    for kind, says in (("safetensors", "nothing that could be downloaded"), ("word2vec", "has no word vectors")):
        with pytest.raises(Problem, match=says):
            store.export(run, kind)
