"""Where the time goes: shown for a run that measures it, in both languages, and for no other."""

import pytest

from core.store import Store
from pages.widgets import time_share
from tests.pages.conftest import drawn, finish, shown, translated

NNLM = {"steps": 51, "dim": 8, "hidden": 8, "batch": 64, "threads": 1}


@pytest.fixture
def nnlm(own_home) -> str:
    """A finished run."""
    store = Store(own_home)
    run = store.queue_train("nnlm", NNLM, store.corpora()[0].id, min_count=20)
    finish(store, run)
    store.close()
    return run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_that_measures_it_shows_where_the_time_goes(open_page, own_home, nnlm, language, monkeypatch):
    monkeypatch.setattr(time_share, "_MOST", 0.0)
    page, store = open_page("train", language, watch=nnlm), Store(own_home)
    metrics, words = store.run(nnlm).metrics, len(store.vocab(nnlm))
    first, rest = drawn(page, f"share-{nnlm}")["data"]
    assert not page.exception and first["name"] == translated("output layer", language)
    assert first["y"] == [translated(name, language) for name in ("time, measured", "multiplications")]
    sentence = "{share} of the time goes into guessing among {words} words: that is what word2vec attacks next."
    share = f"{metrics['output_share']:.0%}"
    assert translated(sentence, language).format(share=share, words=f"{words:,}") in shown(page)


def test_among_few_words_it_is_not_called_the_thing_to_attack(open_page, own_home, nnlm, monkeypatch):
    monkeypatch.setattr(time_share, "_MOST", 1.1)
    said = shown(open_page("train", watch=nnlm))
    assert "with more words it would soon be most" in said and "word2vec attacks" not in said


def test_other_runs_say_nothing_of_it(open_page, full_home):
    assert "Where the time goes" not in shown(open_page("train", watch="word2vec-001"))
