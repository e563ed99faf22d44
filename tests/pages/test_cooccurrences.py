"""The matrix of words near words on the Dimensions page: its cells, a row, the lines of a pair, and the fit."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.store import Store
from tests.core.encoders.test_cooccurrence import TEXTBOOK
from tests.pages.conftest import (
    click,
    drawn,
    end_processes,
    finish,
    new_home,
    shown,
    tales,
    translated,
    until,
    using,
)  # fmt: skip


@pytest.fixture(scope="module")
def counted_home(tmp_path_factory):
    """The home of a store with GloVe and SVD over tales, and GloVe over the textbook's three sentences."""
    home = new_home(tmp_path_factory.mktemp("counted") / "home")
    store = Store(home)
    corpus = store.add_corpus(Corpus.from_texts(tales(12), language="en"), "Tales")
    finish(store, store.queue_train("glove", {"dim": 8, "epochs": 2, "threads": 1}, corpus.id, min_count=3))
    finish(store, store.queue_train("glove", {"method": "svd", "dim": 8, "iterations": 1}, corpus.id, min_count=3))
    small = store.add_corpus(Corpus.from_texts(TEXTBOOK, language="en"), "Three sentences")
    options = {"window": 1, "weighting": "flat", "dim": 2, "epochs": 1, "threads": 1}
    finish(store, store.queue_train("glove", options, small.id, min_count=1))
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def trained(counted_home):
    """The pages use that store, which the test leaves as it is."""
    with using(counted_home, keep=True) as home:
        store = Store(home)
        yield store
        store.close()


def numbers(page, key: str) -> list[str]:
    """What stands in the cells."""
    return list(drawn(page, key)["data"][2]["text"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_textbooks_matrix_stands_there_at_once(open_page, trained, language):
    page = open_page("dimensions", language, run="glove-003")
    page = until(page, lambda page: len(page.get("bidi_component")) == 2)
    words = page.text_input[0].value.split()
    cells = np.array(numbers(page, "cells-glove-003-7")).reshape(7, 7)
    place = words.index
    assert cells[place("i"), place("like")] == "2" and cells[place("deep"), place("nlp")] == "0"
    said = translated("The whole matrix has {v} × {v} cells, of which {cells} are not 0; {zeros} are.", language)
    assert said.format(v=7, cells=12, zeros="75.5%") in shown(page)


def test_a_cell_that_is_clicked_shows_its_row_and_where_its_words_meet(open_page, trained):
    page = until(open_page("dimensions", run="glove-003"), lambda page: len(page.get("bidi_component")) == 2)
    words = page.text_input[0].value.split()
    page.session_state["cells-glove-003-7"] = {
        "event": {"cell": [words.index("like"), words.index("nlp")], "click_count": 1}
    }
    page = until(page.run(), lambda page: len(page.get("bidi_component")) == 3)
    assert page.query_params["one"] == "like" and page.query_params["other"] == "nlp"
    assert "**like** and **nlp**" in shown(page) and "They stand within 1 words of each other 1 times" in shown(page)
    assert page.dataframe[0].value["word"].tolist() == ["i", "deep", "nlp"]


def test_the_cells_show_what_is_chosen(open_page, trained):
    shared = {"run": "glove-001", "words": "king queen daughter"}
    found = {}
    for kind in ("raw", "log", "ppmi"):
        page = until(open_page("dimensions", cells=kind, **shared), lambda page: len(page.get("bidi_component")) == 2)
        found[kind] = np.array([float(text.replace(",", "")) for text in numbers(page, "cells-glove-001-3")])
    np.testing.assert_allclose(found["log"], np.log1p(found["raw"]), atol=0.06)
    assert (found["ppmi"] > 0).any() and not np.allclose(found["ppmi"], found["log"])


def test_a_point_of_the_fit_leads_to_its_pair(open_page, trained):
    page = until(open_page("dimensions", run="glove-001"), lambda page: len(page.get("bidi_component")) == 2)
    assert len(drawn(page, "fitted-glove-001")["data"]) >= 1 and "correlation r" in str(page.metric)
    click(page, "fitted-glove-001", 5, 1).run()
    page = until(page, lambda page: len(page.get("bidi_component")) == 3)
    sample = trained.encoder("glove-001").fitted(3000)
    words = trained.vocab("glove-001").words
    pair = [words[sample[side][5]] for side in ("rows", "columns")]
    assert all(f"**{word}**" in shown(page) for word in pair)


def test_svd_is_said_not_to_be_glove_and_weighs_no_errors(open_page, trained):
    page = until(open_page("dimensions", run="glove-002"), lambda page: page.get("bidi_component"))
    page = until(page, lambda page: page.dataframe)
    assert "That is not GloVe" in shown(page) and list(page.dataframe[0].value) == ["word", "counts", "pmi"]


@pytest.mark.parametrize(
    ("words", "said"), [("king", "Type two words"), ("king zyzzyva queen", "Not among the words of this run: zyzzyva")]
)
def test_too_few_or_unknown_words_are_a_sentence(open_page, trained, words, said):
    page = open_page("dimensions", run="glove-001", words=words)
    page = until(page, lambda page: said in shown(page))
    assert not page.exception


def test_a_row_is_ordered_as_chosen(open_page, trained):
    page = open_page("dimensions", **{"run": "glove-001", "one": "king", "row-order": "pmi"})
    page = until(page, lambda page: page.dataframe)
    table = page.dataframe[0].value
    assert (np.diff(table["pmi"]) <= 1e-6).all() and (np.diff(table["counts"]) > 0).any()
