"""What a run has made, as pages read it: series, picture, encoder, vectors, log."""

import json
import math

import numpy as np
import pytest

from core.encoders import ENCODERS
from core.problem import Problem
from core.store.files import pack
from tests.core.store.conftest import OPTIONS


def learned(corpus, **options):
    """A word2vec that has learned."""
    encoder = ENCODERS["word2vec"](ENCODERS["word2vec"].Options(**{**OPTIONS, **options}), corpus.vocab)
    assert list(encoder.train(corpus))
    return encoder


def test_series_come_back_as_they_were_written(store, attempt, run):
    attempt.write([("loss", 1, 0.1), ("loss", 2, math.nan), ("loss", 3, math.inf), ("held_out", 2, -math.inf)])
    steps, values = store.metrics(run)["loss"]
    assert steps.tolist() == [1, 2, 3] and values[0] == 0.1 and math.isnan(values[1]) and values[2] == math.inf
    assert store.metrics(run)["held_out"][1].tolist() == [-math.inf]


def test_a_point_written_again_is_one_point(store, attempt, run):
    attempt.write([("loss", 1, 0.1)])
    attempt.write([("loss", 1, 0.2), ("loss", 2, 0.3)])
    assert store.metrics(run)["loss"][1].tolist() == [0.2, 0.3]


def test_a_long_series_is_thinned_and_ends_with_the_last_point(store, attempt, run):
    attempt.write([("loss", step, step / 2) for step in range(5001)] + [("held_out", 10, 1.0)])
    steps, values = store.metrics(run, points=500)["loss"]
    assert 400 <= len(steps) <= 501 and steps[-1] == 5000 and set(np.diff(steps)) == {11.0}
    assert (values == steps / 2).all() and store.metrics(run, points=500)["held_out"][0].tolist() == [10]
    assert len(store.metrics(run, points=10_000)["loss"][0]) == 5001


def test_a_large_step_keeps_its_place(store, attempt, run):
    attempt.write([("loss", 10**12, 0.1)], step=10**12)
    assert store.run(run).step == 10**12 and store.metrics(run)["loss"][0].tolist() == [1e12]


def test_last_metrics_that_are_no_numbers(store, attempt, run):
    attempt.write(metrics={"loss": None, "held_out": 1.5})
    last = store.run(run).metrics
    assert math.isnan(last["loss"]) and last["held_out"] == 1.5


def test_a_picture(store, attempt, run):
    assert store.snapshot(run) is None
    facts = {"step": 9, "words": ["a", "b"], "probes": [{"kind": "unknown", "word": "c", "near": []}]}
    arrays = {
        "ids": np.arange(2, dtype=np.int32),
        "xy": np.ones((2, 2), np.float32),
        "basis": np.ones((3, 2), np.float32),
    }
    attempt.own_file(
        "snapshot.safetensors", pack({**arrays, "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8)})
    )
    picture = store.snapshot(run)
    assert picture.step == 9 and picture.words == ["a", "b"] and picture.xy.shape == (2, 2)
    assert picture.ids.dtype == np.int32 and picture.probes == facts["probes"]


def test_half_a_picture_is_none(store, attempt, run):
    attempt.own_file("snapshot.safetensors", pack({"ids": np.arange(9)})[:-5], durable=False)
    assert store.snapshot(run) is None


def test_the_encoder_of_a_run_and_of_its_moments(store, corpus, attempt, run):
    first, last = learned(corpus), learned(corpus, seed=1)
    attempt.keep("moment", 5, first.state(training=False))
    attempt.keep("final", 9, last.state())
    attempt.keep("checkpoint", 8, first.state())
    assert store.moments(run) == [5, 9]
    assert (store.encoder(run, 9).word_vectors() == last.word_vectors()).all()
    assert (store.encoder(run).word_vectors() == last.word_vectors()).all()
    assert (store.encoder(run, 5).word_vectors() == first.word_vectors()).all()
    with pytest.raises(Problem, match="nothing yet that could be looked at"):
        store.encoder(run, 6)


def test_a_damaged_end_falls_back_to_what_is_whole(store, corpus, attempt, run):
    encoder = learned(corpus)
    attempt.keep("moment", 5, encoder.state(training=False))
    attempt.keep("final", 9, encoder.state())
    (attempt.folder / "final-1.safetensors").write_bytes(b"nonsense")
    assert (store.encoder(run).word_vectors() == encoder.word_vectors()).all()
    (attempt.folder / "moments" / "000000000005-1.safetensors").unlink()
    with pytest.raises(Problem, match="is damaged on disk"):
        store.encoder(run)


def test_vectors_are_mapped_once_the_run_has_ended(store, attempt, run):
    with pytest.raises(Problem, match="word2vec-001 has no word vectors"):
        store.vectors(run)
    np.save(attempt.folder / "vectors.npy", np.ones((3, 2), np.float32))
    assert isinstance(store.vectors(run), np.memmap) and store.vectors(run).shape == (3, 2)


def test_a_run_stays_readable_without_its_corpus(store, corpus, attempt, run):
    store.delete_corpus(corpus.id)
    assert store.corpora() == [] and store.vocab(run).words == corpus.vocab.words


def test_the_log_ends_with_its_last_lines(store, attempt, run):
    assert store.log(run) == []
    (attempt.folder / "log.txt").write_text("".join(f"line {i}\n" for i in range(100)))
    assert store.log(run, 2) == ["line 98", "line 99"]
