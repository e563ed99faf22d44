"""The samples that ship can be read and say whom they are owed to; a shipped run comes into a store whole, once."""

import json
import zipfile

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.reading import build
from core.jobs import position, worker
from core.problem import Problem
from core.store import Store
from core.store.queue import Queue
from core.store.samples import FIRST, FOLDER, combine, install_samples, read_sample, samples
from core.store.shipped import adopt, ship


@pytest.mark.parametrize("file", list(samples()))
def test_a_sample_reads_as_it_is_declared(tmp_path, file):
    sample = samples()[file]
    for _ in build([(sample.path, file)], tmp_path / "corpus", sample.settings):
        pass
    corpus = Corpus.open(tmp_path / "corpus")
    assert (
        corpus.facts["language"] == sample.settings.language and corpus.facts["tokenizer"] == sample.settings.tokenizer
    )
    assert len(corpus.vocab) > 50 and corpus.facts["skipped"] == []
    assert corpus.labels is None or len(set(corpus.labels)) > 1
    assert (corpus.labels is None) == (not sample.settings.label_column)


@pytest.mark.parametrize("sample", samples().values(), ids=lambda sample: sample.file)
def test_a_sample_says_what_it_is_and_whom_it_is_owed_to(sample):
    assert sample.path.stat().st_size > 1000 and all((sample.name, sample.about, sample.attribution))
    assert sample.licence.startswith(("CC BY", "public domain")), sample.licence


def test_every_file_that_ships_is_declared():
    assert {path.name for path in (FOLDER / "corpora").iterdir()} == {*samples(), "samples.json"}
    assert set(FIRST) <= set(samples())


def test_a_sample_is_read_by_a_run(store):
    run = finish(store, read_sample(store, "en-polysemy-sentences.tsv.gz"))
    row = store.corpus_row(run.corpus_id)
    assert (run.state, row.origin, row.name) == ("done", "sample", "Twelve ambiguous English words")
    assert row.facts["documents"] == 527 and samples()["en-polysemy-sentences.tsv.gz"].path.exists()


def test_a_corpus_is_read_together_with_a_sample(store, corpus):
    run = finish(store, combine(store, corpus.id, "en-polysemy-sentences.tsv.gz"))
    both = store.corpus(run.corpus_id)
    assert run.state == "done" and run.name == "Kings + Twelve ambiguous English words"
    assert both.documents[0] == corpus.documents[0] and len(both.documents) == len(corpus.documents) + 527
    assert both.table["file"].value_counts().to_dict() == {"en-polysemy-sentences.tsv.gz": 527, "Kings.jsonl": 20}
    assert both.vocab.get("stone") is not None and both.vocab.get("crane") is not None


@pytest.fixture
def trained(store, run):
    return finish(store, run)


def test_a_shipped_run_comes_into_another_store_whole(store, trained, tmp_path):
    ship(store, trained.id, tmp_path / "shipped")
    other = Store(tmp_path / "other")
    row = other.run(adopt(other, tmp_path / "shipped"))
    same = ("name", "encoder", "options", "corpus_id", "min_count", "capabilities", "step", "total", "seconds", "probe")
    assert row.state == "done" and [getattr(row, name) for name in same] == [getattr(trained, name) for name in same]
    assert row.metrics == pytest.approx(trained.metrics) and other.vocab(row.id).words == store.vocab(trained.id).words
    halved = store.vectors(trained.id).astype(np.float16)
    assert np.array_equal(other.vectors(row.id), halved) and other.vectors(row.id).dtype == np.float32
    assert np.array_equal(other.encoder(row.id).word_vectors(), halved)
    assert other.snapshot(row.id).words == store.snapshot(trained.id).words
    assert {name: len(steps) for name, (steps, _) in other.metrics(row.id).items()} == {
        name: len(steps) for name, (steps, _) in store.metrics(trained.id).items()
    }
    other.close()


def test_a_shipped_run_can_be_taken_away_but_not_gone_on_with(store, trained, tmp_path):
    ship(store, trained.id, tmp_path / "shipped")
    adopted = adopt(store, tmp_path / "shipped")
    assert store.export(adopted, "word2vec").stat().st_size > 100
    assert zipfile.is_zipfile(store.export(adopted, "safetensors"))
    with pytest.raises(Problem, match="start a new run"):
        store.continue_run(adopted, {"epochs": 2})


def test_the_same_run_can_be_adopted_twice(store, trained, tmp_path):
    ship(store, trained.id, tmp_path / "shipped")
    assert adopt(store, tmp_path / "shipped") != adopt(store, tmp_path / "shipped")
    assert len(store.runs()) == 3


@pytest.mark.parametrize("folder", sorted((FOLDER / "runs").glob("*")), ids=lambda folder: folder.name)
def test_the_runs_that_ship_answer_what_they_promise(store, folder):
    run = store.run(adopt(store, folder))
    encoder = store.encoder(run.id)
    assert tuple(run.capabilities) == encoder.capabilities(encoder.options) and run.metrics["loss"] > 0
    if "WordVectors" in run.capabilities:
        assert encoder.word_vectors() == pytest.approx(store.vectors(run.id), abs=1e-6)
        assert len(store.vectors(run.id)) == len(store.vocab(run.id))
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6e6


def test_a_new_store_gets_the_samples_once(store):
    install_samples(store)
    ships = len(list((FOLDER / "runs").glob("*/run.json")))
    queued = [run.name for run in store.runs(kind="read")]
    assert len(store.runs()) == ships and queued == [samples()[file].name for file in reversed(FIRST)]
    for row in store.corpora():
        store.delete_corpus(row.id)
    install_samples(store)
    assert store.corpora() == [] and len(store.runs()) == ships
    assert set(json.loads((store.home / "samples.json").read_text())) == {"runs", "reads"}


def finish(store, run):
    """Work on a queued run in this process; its row."""
    number = Queue(store).claim(store.run(run))
    position.reset(store.folder(run))
    worker.work(store, run, number)
    return store.run(run)
