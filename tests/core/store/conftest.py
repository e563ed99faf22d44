"""A store in a temporary folder, and a small corpus in it."""

import pytest

from core.corpus import Corpus
from core.store import Store
from core.store.attempt import Attempt
from core.store.queue import Queue

TEXT = "the king and the queen saw a man and a woman near the old stone bridge"
OPTIONS = {"dim": 4, "epochs": 1, "threads": 1}


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture
def corpus(store):
    corpus = Corpus.from_texts([TEXT] * 20, folder=store.home / "inbox" / "text")
    store.add_corpus(corpus, "Kings")
    return store.corpus(corpus.id)


@pytest.fixture
def run(store, corpus):
    """The id of a queued run."""
    return store.queue_train("word2vec", OPTIONS, corpus.id, min_count=1)


@pytest.fixture
def attempt(store, corpus, run):
    """The first attempt at that run, begun."""
    attempt = begin(store, run)
    corpus.vocab.save(attempt.folder)
    return attempt


def begin(store, run):
    """Claim a queued run, as the supervisor does."""
    attempt = Attempt(store, run, Queue(store).claim(store.run(run)))
    attempt.folder.mkdir(parents=True, exist_ok=True)
    return attempt
