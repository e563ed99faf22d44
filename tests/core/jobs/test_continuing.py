"""A pre-trained model goes on learning as a run: its record, what it keeps, going on twice, and a worker killed."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders import encoder_named
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import Store
from core.store.importing import ImportSettings
from tests.core.jobs.conftest import end_processes, work
from tests.core.jobs.test_kill import assert_ends_as_unbroken, kill_at_random
from tests.core.store.importing.making import listed, tiny

SMALL = {"steps": 5, "stretch": 16, "batch": 4, "threads": 1}
TEXTS = ["the cat sat on the mat. a cat sat on a mat. don't!", "the cats sat. the mat sat on a cat, the cat."] * 20


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of each kind of model."""
    found = {kind: tmp_path_factory.mktemp(kind) for kind in ("bert", "headless", "gpt2")}
    for kind, folder in found.items():
        tiny(kind, folder)
    return found


@pytest.fixture
def text(store):
    return store.add_corpus(Corpus.from_texts(TEXTS, language="en"), "Cats")


def brought(store, folder):
    """The id of the run that this folder has become."""
    return work(store, store.queue_import(listed(folder), ImportSettings(format="model"), "Tiny")).id


def queued(store, before, text, **changes):
    encoder = store.run(before).encoder
    return store.queue_train(encoder, {**SMALL, **changes}, text.id, min_count=1, start_from=before)


@pytest.mark.parametrize("kind", ["bert", "headless", "gpt2"])
def test_it_ends_as_a_run_like_any_other(store, text, folders, kind):
    before = brought(store, folders[kind])
    row = work(store, queued(store, before, text))
    assert (row.kind, row.state, row.step, row.start_from, row.message) == ("train", "done", 5, before, None)
    assert row.options["new_head"] == (kind == "headless") and row.options["width"] == 16
    assert row.options["pieces"] == len(store.vocab(row.id)) and store.vocab(row.id).words == store.vocab(before).words
    assert ("MaskedWord" in row.capabilities) == (kind != "gpt2") and row.corpus_id == text.id
    metrics = store.metrics(row.id)
    assert metrics["held_out"][0][0] == 0 and metrics["held_out"][1][0] == row.metrics["brought"] > 0
    assert store.moments(row.id)[-1] == 5 and store.snapshot(row.id).probes and row.seconds < 60
    words = store.encoder(row.id).word_vectors()
    assert (words == store.vectors(row.id)).all() and (words != store.vectors(before)).any()
    assert store.export(row.id, "safetensors").stat().st_size > 1000


def test_it_goes_on_with_its_own_text_and_anew_with_another(store, text, folders):
    first = work(store, queued(store, brought(store, folders["bert"]), text))
    further = work(store, store.continue_run(first.id, {"steps": 8}))
    assert (further.step, further.start_from) == (8, first.id) and further.seconds > first.seconds
    assert further.metrics["brought"] == first.metrics["brought"] and min(store.metrics(further.id)["loss"][0]) == 6
    other = store.add_corpus(Corpus.from_texts([*TEXTS, "the end."], language="en"), "More cats")
    anew = work(store, queued(store, first.id, other))
    assert anew.step == 5 and anew.metrics["brought"] != first.metrics["brought"] and anew.seconds < further.seconds
    assert min(store.metrics(anew.id)["loss"][0]) == 1


def test_one_whose_beginning_is_gone_says_so(store, text, folders):
    before = brought(store, folders["bert"])
    run = queued(store, before, text)
    store.change_run(before, deleted=1.0)
    from core.store.queue import Queue

    assert Queue(store).purge(2.0) == [before]
    row = work(store, run)
    assert row.state == "failed" and before in str(Problem.from_dict(row.message))


def test_what_cannot_be_gone_on_from_is_said(store, text, folders):
    with pytest.raises(Problem, match="goes on from weights that were brought: choose a run"):
        store.queue_train("pretrained", SMALL, text.id, min_count=1)
    before = brought(store, folders["gpt2"])
    with pytest.raises(Problem, match="goes on from weights that were brought: choose a run"):
        store.queue_train("pretrained", SMALL, text.id, min_count=1, start_from=before)
    waiting = queued(store, before, text)
    with pytest.raises(Problem, match="is still at work"):
        queued(store, waiting, text)
    store.command(waiting, "stop")
    with pytest.raises(Problem, match="has learned nothing that could be gone on with"):
        queued(store, waiting, text)
    with pytest.raises(Problem, match="Steps must be a whole number"):
        queued(store, before, text, steps=0)


def test_no_pairs_is_a_sentence(store, folders):
    text = store.add_corpus(Corpus.from_texts(["the cat sat on the mat"] * 40, language="en"), "One each")
    before = brought(store, folders["bert"])
    row = work(store, queued(store, before, text))
    assert row.state == "failed" and "switch pairs off" in str(Problem.from_dict(row.message))
    assert work(store, queued(store, before, text, pairs=False)).state == "done"


def test_a_killed_one_ends_with_the_same_numbers(tmp_path, folders):
    store = Store(tmp_path / "home")
    text = store.add_corpus(Corpus.from_texts(TEXTS * 20, language="en"), "Cats")
    before = brought(store, folders["bert"])
    run = queued(store, before, text, steps=400, lr=0.001)
    unbroken = encoder_named("pretrained")(encoder_named("pretrained").Options(**store.run(run).options),
                                           store.vocab(before))  # fmt: skip
    unbroken.begin(store.encoder(before).state())
    for _ in unbroken.train(store.corpus(text.id)):
        pass
    house = SimpleNamespace(store=store, run=run, text=SimpleNamespace(vectors=unbroken.word_vectors()))
    house.row = lambda: store.run(run)
    try:
        ensure_supervisor(store)
        shown, _ = kill_at_random(house, random.Random(1), most=2.0)
        assert_ends_as_unbroken(house, [shown])
        assert (house.row().attempt, len(np.unique(store.metrics(run, 10**6)["held_out"][0]))) == (2, 17)
    finally:
        end_processes(store.home)
        store.close()
