"""Real processes, really killed: nothing shown is lost, and the numbers at the end are those of an unbroken run."""

import os
import random
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.jobs import ensure_supervisor, lock, position
from core.jobs.runner import alive, pid_of, signal_process
from core.store import ENDED, Store
from core.store.database import Busy
from tests.core.jobs.conftest import end_processes, processes, wait_for

OPTIONS = {"dim": 64, "epochs": 60, "threads": 1, "sample": 0.0}
LONG = {**OPTIONS, "epochs": 300}


def words(tokens=60_000, types=2000):
    """A text whose words follow each other in patterns, so that there is something to learn."""
    numbers = np.random.default_rng(0)
    ids = np.minimum(numbers.zipf(1.3, tokens), types) + numbers.integers(0, 3, tokens).cumsum() % 7
    return " ".join(f"w{''.join(chr(97 + int(digit)) for digit in str(i))}" for i in ids)


def unbroken(corpus, name="word2vec", **options):
    """The vectors that an unbroken training in this process ends with."""
    encoder = ENCODERS[name](ENCODERS[name].Options(**options), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder.word_vectors().copy()


@pytest.fixture(scope="module")
def text():
    """A corpus, and how an unbroken training on it ends."""
    corpus = Corpus.from_texts([words()])
    return SimpleNamespace(corpus=corpus, vectors=unbroken(corpus, **OPTIONS))


@pytest.fixture
def house(tmp_path, text):
    """A store with that corpus, a queued run and a living supervisor; no process outlives the test."""
    store = Store(tmp_path / "home")
    store.add_corpus(text.corpus, "Patterns")
    run = store.queue_train("word2vec", OPTIONS, text.corpus.id, min_count=1)
    ensure_supervisor(store)
    house = SimpleNamespace(store=store, run=run, text=text)
    house.row = lambda: store.run(house.run)
    yield house
    end_processes(store.home)
    store.close()


def at_work(house, attempt=1):
    """The row of the run once this attempt has got somewhere."""
    folder = house.store.folder(house.run)
    wait_for(lambda: house.row().attempt >= attempt and house.row().worker and position.read(folder) > 0)
    return house.row()


def halt(house, worker):
    """Stop the worker where it stands, but not in the midst of a transaction, which would hold everybody up."""
    while True:
        signal_process(worker, signal.SIGSTOP)
        try:
            with house.store.database.writing():
                return
        except Busy:
            signal_process(worker, signal.SIGCONT)
            with house.store.database.writing():
                continue


def supervisors(house):
    return [process for process in processes(house.store.home) if "core.jobs.supervisor" in process.cmdline()]


def kill_supervisor(house):
    """Kill it, and a child that it has just forked and that has not become a worker yet."""
    for process in supervisors(house):
        process.kill()
        process.wait(10)


def restart_supervisor(house):
    """As a page does every second: a child just forked may hold the dead one's lock until it has become a worker."""
    wait_for(lambda: ensure_supervisor(house.store))


def assert_ends_as_unbroken(house, shown=()):
    """The run is done, its vectors are the expected bits, and no point that was shown is gone or has changed."""
    row = wait_for(lambda: (row := house.row()).state in ENDED and row, 120)
    assert (row.state, row.step, row.message) == ("done", row.total, None), house.store.log(house.run)
    assert (np.asarray(house.store.vectors(house.run)) == house.text.vectors).all()
    last = dict(zip(*house.store.metrics(house.run, 10**6)["loss"]))
    for steps, _ in shown:
        assert set(steps) <= set(last)
    assert not list(house.store.folder(house.run).rglob("*.tmp"))


def kill_while_saving(house):
    """Kill the worker in the midst of a write: halt it when a file is half-written, and make sure it still is."""
    folders = [house.store.folder(house.run) / name for name in ("checkpoints", "moments")]
    worker = wait_for(lambda: house.row().worker)
    while house.row().state == "running":
        for _ in range(10_000):
            if half_written(folders):
                signal_process(worker, signal.SIGSTOP)
                if half_written(folders):
                    return signal_process(worker, signal.SIGKILL)
                signal_process(worker, signal.SIGCONT)
    raise AssertionError("the worker was never seen saving")


def half_written(folders):
    return any(name.endswith(".tmp") for folder in folders if folder.exists() for name in os.listdir(folder))


def kill_at_random(house, chance, furthest=0, most=1.0):
    """Let the worker get further than the last, and kill it within `most` seconds; what it showed, where it died."""
    folder = house.store.folder(house.run)
    wait_for(lambda: house.row().state in ENDED or (house.row().worker and position.read(folder) > furthest), 120)
    time.sleep(most * chance.random())
    shown, row = house.store.metrics(house.run, 10**6).get("loss", ((), ())), house.row()
    signal_process(row.worker, signal.SIGKILL)
    step = position.read(folder)
    wait_for(lambda: house.row().attempt > row.attempt or house.row().state in ENDED)
    return shown, step


def test_a_worker_killed_again_and_again_ends_with_the_same_numbers(house):
    chance, shown, step = random.Random(1), [], 0
    for _ in range(3):
        points, step = kill_at_random(house, chance, step)
        shown.append(points)
    assert house.row().attempt >= 2
    assert_ends_as_unbroken(house, shown)


BY_STEPS = {"steps": 200, "layers": 1, "width": 16, "heads": 2, "context": 16, "batch": 8, "threads": 1}


@pytest.mark.parametrize("name, more", [
    ("bert", {"next_sentence": False, "whole_words": True}), pytest.param("gpt", {}, marks=pytest.mark.torture),
])  # fmt: skip
def test_a_killed_transformer_ends_with_the_same_numbers(house, name, more):
    options, corpus = {**BY_STEPS, **more}, house.text.corpus
    house.store.command(house.run, "stop")
    house.run = house.store.queue_train(name, options, corpus.id, min_count=1)
    house.text = SimpleNamespace(corpus=corpus, vectors=unbroken(corpus, name, **options))
    shown, _ = kill_at_random(house, random.Random(1), most=2.0)
    assert_ends_as_unbroken(house, [shown])


def pairs():
    """Pairs of sentences, since CoVe learns from nothing else: each word has one that stands for it."""
    texts = [" ".join(text) for text in np.array_split(words(4000, 200).split(), 500)]
    return Corpus.from_texts(texts, translations=[text.replace("w", "v") for text in texts], language="en")


def test_a_killed_cove_goes_on_and_ends_with_the_same_numbers(house):
    """Killed behind a pause, which saves its state: with dropout, and a sample of the words drawn anew in each step."""
    options = {"steps": 300, "width": 16, "batch": 8, "samples": 16, "dropout": 0.2, "threads": 1}
    corpus = pairs()
    house.store.command(house.run, "stop")
    house.store.add_corpus(corpus, "Pairs")
    house.text = SimpleNamespace(corpus=corpus, vectors=unbroken(corpus, "cove", **options))
    house.run = house.store.queue_train("cove", options, corpus.id, min_count=1)
    at_work(house)
    house.store.command(house.run, "pause")
    wait_for(lambda: house.row().state == "paused")
    house.store.command(house.run, "resume")
    shown, step = kill_at_random(house, random.Random(1), position.read(house.store.folder(house.run)), most=0.1)
    assert_ends_as_unbroken(house, [shown])
    assert 0 < step < 300 and any(f"goes on from {house.run}/" in line for line in house.store.log(house.run))


def test_a_worker_killed_while_saving_ends_with_the_same_numbers(house):
    kill_while_saving(house)
    wait_for(lambda: house.row().attempt == 2)
    assert_ends_as_unbroken(house)


def test_a_killed_supervisor_leaves_workers_at_work_and_the_next_adopts_them(house):
    before = at_work(house)
    kill_supervisor(house)
    step = position.read(house.store.folder(house.run))
    wait_for(lambda: position.read(house.store.folder(house.run)) > step)
    restart_supervisor(house)
    assert_ends_as_unbroken(house)
    assert house.row().attempt == before.attempt == 1
    wait_for(lambda: len(supervisors(house)) == 1)


def test_both_killed(house):
    row = at_work(house)
    wait_for(lambda: house.store.metrics(house.run))
    kill_supervisor(house)
    signal_process(row.worker, signal.SIGKILL)
    wait_for(lambda: not alive(row.worker))
    assert house.row().state == "running"
    restart_supervisor(house)
    assert_ends_as_unbroken(house)
    assert house.row().attempt == 2


def test_a_halted_worker_is_not_taken_for_dead(house):
    row = at_work(house)
    halt(house, row.worker)
    step, passes = position.read(house.store.folder(house.run)), time.monotonic() + 1.5  # five passes of the supervisor
    wait_for(lambda: time.monotonic() > passes)
    assert house.row().attempt == 1 and position.read(house.store.folder(house.run)) == step
    signal_process(row.worker, signal.SIGCONT)
    assert_ends_as_unbroken(house)
    assert house.row().attempt == 1


def test_a_worker_that_was_replaced_leaves_when_it_wakes(house):
    row = at_work(house)
    halt(house, row.worker)
    house.store.change_run(house.run, state="queued")  # as if another machine had found it lost
    at_work(house, 2)
    signal_process(row.worker, signal.SIGCONT)
    wait_for(lambda: not alive(row.worker))
    assert any("attempt 1 was replaced: this one leaves" in line for line in house.store.log(house.run))
    assert_ends_as_unbroken(house)


def test_a_worker_asked_to_end_keeps_its_place(house):
    row = at_work(house)
    signal_process(row.worker, signal.SIGTERM)
    wait_for(lambda: house.row().attempt == 2)
    assert any("terminated" in line for line in house.store.log(house.run))
    assert_ends_as_unbroken(house)


def test_pause_resume_and_stop_reach_the_process(house):
    house.store.command(house.run, "stop")
    house.run = house.store.queue_train("word2vec", {**OPTIONS, "epochs": 1000}, house.text.corpus.id, min_count=1)
    row = at_work(house)
    process = psutil.Process(pid_of(row.worker))
    assert process.nice() >= 5 and process.environ()["OMP_WAIT_POLICY"] == "PASSIVE"
    house.store.command(house.run, "pause")
    wait_for(lambda: house.row().state == "paused")
    step = position.read(house.store.folder(house.run))
    house.store.command(house.run, "resume")
    wait_for(lambda: position.read(house.store.folder(house.run)) > step)
    house.store.command(house.run, "stop")
    wait_for(lambda: house.row().state == "stopped" and not alive(row.worker))
    assert house.store.vectors(house.run).shape == house.text.vectors.shape and house.row().step < house.row().total


def test_supervisors_that_race_are_one(tmp_path):
    store = Store(tmp_path / "home")
    program = "import sys; from core import jobs, store; jobs.ensure_supervisor(store.Store(sys.argv[1]))"
    try:
        racing = [subprocess.Popen([sys.executable, "-c", program, str(store.home)]) for _ in range(4)]
        assert [process.wait(60) for process in racing] == [0, 0, 0, 0]
        assert not ensure_supervisor(store) and lock.take(store.home) is None
        assert len([one for one in processes(store.home) if "core.jobs.supervisor" in one.cmdline()]) == 1
    finally:
        end_processes(store.home)
        store.close()


@pytest.fixture(scope="module")
def long_text(text):
    """The same corpus, and the end of a training of five times the length."""
    return SimpleNamespace(corpus=text.corpus, vectors=unbroken(text.corpus, **LONG))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(20))
def test_torture(house, long_text, seed):
    """Five kills each of the worker, and of the supervisor every other time, at random instants."""
    house.store.command(house.run, "stop")
    house.run = house.store.queue_train("word2vec", LONG, house.text.corpus.id, min_count=1)
    house.text, chance, shown, step = long_text, random.Random(seed), [], 0
    for _ in range(5):
        points, step = kill_at_random(house, chance, step, most=3.0)
        shown.append(points)
        if house.row().state not in ENDED and chance.random() < 0.5:
            kill_supervisor(house)
            restart_supervisor(house)
    print(f"{house.row().attempt - 1} workers killed, {sum(len(steps) for steps, _ in shown)} points shown")
    assert_ends_as_unbroken(house, shown)
