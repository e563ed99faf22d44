"""Real processes over a real store: a small GPT to ask, a wide space to draw."""

import os
import signal
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.answers import Stopped, ask, cache, lane
from core.answers.cache import Asked
from core.corpus import Corpus
from core.problem import Problem
from core.store import Store
from core.store.attempt import Attempt
from core.store.queue import Queue
from tests.core.answers.conftest import end_processes, eventually, process_of

WORDS = "the king and the queen saw a man and a woman near the old stone bridge".split()


def learned(store):
    """The id of a GPT run that has ended, after two steps."""
    from core.encoders import ENCODERS

    corpus = Corpus.from_texts([" ".join(WORDS * 20)], folder=store.home / "inbox" / "text")
    store.add_corpus(corpus, "Small", "upload")
    options = {"steps": 2, "layers": 1, "heads": 1, "width": 8, "context": 8, "batch": 2, "threads": 1}
    run = store.queue_train("gpt", options, corpus.id, min_count=1)
    attempt = Attempt(store, run, Queue(store).claim(store.run(run)))
    encoder = ENCODERS["gpt"](ENCODERS["gpt"].Options(**options), corpus.vocab)
    assert [progress.step for progress in encoder.train(corpus)] == [1, 2]
    attempt.folder.mkdir(parents=True, exist_ok=True)
    corpus.vocab.save(attempt.folder)
    np.save(attempt.folder / "vectors.npy", encoder.word_vectors())
    attempt.keep("final", 2, encoder.state(training=False))
    attempt.write(state="done", finished=time.time())
    return run


@pytest.fixture(scope="module")
def house():
    """A store with a run that has ended, and one of 12,000 random vectors; its processes serve all tests here."""
    with (
        tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SEMASCOPE_HOME", folder)
        store = Store()
        (store.folder("wide-001")).mkdir(parents=True)
        vectors = np.random.default_rng(0).standard_normal((12_000, 32)).astype(np.float32)
        np.save(store.folder("wide-001") / "vectors.npy", vectors)
        yield SimpleNamespace(store=store, home=Path(folder), run=learned(store))
        end_processes(Path(folder))
        store.close()


def drawn(run, **options):
    return ask("projection", arguments={"run_id": run, "options": options})


def next_word(house, *context):
    return ask("next_word", run=house.run, arguments={"context": list(context)})


def test_a_model_answers(house):
    answer = next_word(house, "the", "king").wait(60)
    probabilities = answer.arrays["answer"]
    assert probabilities.dtype == np.float32 and probabilities.shape == (len(set(WORDS)),)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    attention = ask("attention", run=house.run, arguments={"tokens": WORDS[:5]}).wait(60).arrays["answer"]
    assert attention.shape == (1, 1, 5, 5)


def test_what_the_run_cannot_answer_is_a_problem(house):
    with pytest.raises(Problem, match="cannot answer masked_word"):
        ask("masked_word", run=house.run, arguments={"tokens": ["the"], "i": 0}).wait(60)
    with pytest.raises(Problem, match="no run called nobody-001"):
        ask("next_word", run="nobody-001", arguments={"context": []}).wait(60)


def test_a_short_question_is_answered_while_a_map_is_drawn(house):
    next_word(house, "a").wait(60)
    long = drawn("wide-001", words=12_000)
    assert eventually(lambda: long.wait(0.05) is None and long.done > 0.05, 60)
    assert next_word(house, "queen").wait(10) is not None
    assert drawn(house.run, method="pca", words=100).wait(10).facts["n"] == len(set(WORDS))
    assert long.wait(0) is None and long.done < 1
    assert long.first["xy"].shape == (12_000, 2) and long.phase
    long.close()


def test_an_answer_is_kept_in_the_runs_folder(house):
    arguments = {"run_id": house.run, "words": 12, "count": 3}
    first = ask("clusters", arguments=arguments).wait(60)
    assert len(first.facts["names"]) == 3 and first.arrays["labels"].shape == (12,)
    path = cache.place(house.home, Asked("clusters", None, None, arguments))
    assert path.is_file() and path.parent == house.store.folder(house.run) / "answers"
    again = ask("clusters", arguments=arguments)
    assert again._line is None and (again.wait(0).arrays["labels"] == first.arrays["labels"]).all()


def test_options_out_of_bounds_arrive_as_a_problem(house):
    with pytest.raises(Problem, match="Words must be a whole number from 10 to 50000; it was 3"):
        drawn("wide-001", words=3).wait(60)


def test_a_file_is_looked_into_again_when_it_has_changed(house, tmp_path):
    path = tmp_path / "tale.txt"
    path.write_text("Once upon a time there was a king. " * 20, encoding="utf-8")
    arguments = {"paths": [[str(path), "My tale.txt"]], "settings": {}}
    assert ask("preview", arguments=arguments).wait(60).facts["head"].startswith("Once upon")
    path.write_text("Twice upon a time there was a queen. " * 20, encoding="utf-8")
    again = ask("preview", arguments=arguments).wait(60).facts
    assert again["head"].startswith("Twice upon") and again["files"][0]["name"] == "My tale.txt"


@pytest.mark.parametrize("at", ["its first step", "work"])
def test_a_killed_process_is_a_sentence_and_the_next_question_starts_it(house, at):
    question = drawn("wide-001", words=12_000, seed=5)
    reached = (lambda: question._taken) if at == "its first step" else (lambda: question.done > 0.05)
    assert eventually(lambda: question.wait(0.02) is None and reached(), 60)
    os.kill(process_of(house.home, "maps"), signal.SIGKILL)
    with pytest.raises(Stopped, match="stopped; ask again"):
        question.wait(30)
    assert drawn(house.run, method="pca", seed=ord(at[0])).wait(60).arrays["xy"].shape == (len(set(WORDS)), 2)


def test_a_process_that_leaves_takes_no_question_along(house):
    assert drawn(house.run, method="pca", seed=1).wait(60) is not None
    process, _ = lane._started[lane.address(house.home, "maps")]
    process.terminate()
    question = drawn(house.run, method="pca", seed=2)
    assert question.wait(60).arrays["xy"].shape == (len(set(WORDS)), 2)


def test_a_process_whose_home_is_gone_leaves(home):
    lane.start(home, "maps")
    process, _ = lane._started[lane.address(home, "maps")]
    assert eventually(Path(lane.address(home, "maps")).exists)
    Path(lane.address(home, "maps")).unlink()
    assert process.wait(20) == 0
