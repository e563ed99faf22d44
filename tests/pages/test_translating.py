"""Translate on the Predict page, and a translation as it forms: sentences in, words and attention out."""

import pytest

from core.corpus import Corpus
from core.store import Store
from tests.core.encoders.conftest import FRENCH, toy_sentences
from tests.pages.conftest import cells, drawn, end_processes, finish, new_home, shown, translated, until, using

HOSTILE = "<b>x</b> $y$"
ROWS = "Each row is a word that is written, and shows where in the sentence the decoder looks for it."


@pytest.fixture(scope="module")
def pairs_home(tmp_path_factory):
    """The home of a store with CoVe, trained for a moment on sentences and their French."""
    home = new_home(tmp_path_factory.mktemp("pairs") / "home")
    store = Store(home)
    texts = toy_sentences(120)
    other = [" ".join(FRENCH.get(word, word) for word in text.split()) for text in texts]
    corpus = store.add_corpus(Corpus.from_texts(texts, translations=other, language="en"), "Pairs")
    options = {"steps": 40, "width": 16, "batch": 8, "lr": 0.01}
    finish(store, store.queue_train("cove", options, corpus.id, min_count=1, name="Into French"))
    plain = store.add_corpus(Corpus.from_texts(texts[:30], language="en"), "Plain")
    assert plain.id != corpus.id
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def store(pairs_home):
    """The pages use that store, which the test leaves as it is."""
    with using(pairs_home, keep=True) as home:
        opened = Store(home)
        yield opened
        opened.close()


def answered(page):
    return until(page, lambda page: any(part.key == "translated-looks-cove-001" for part in page.get("bidi_component")))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_is_translated_with_its_attention(open_page, store, language):
    sentence = "the cat sleeps in the house ."
    page = answered(open_page("predict", language, predict="translate", run="cove-001", translated=sentence))
    told = store.encoder("cove-001").translate(sentence)
    layout = drawn(page, "translated-looks-cove-001")["layout"]
    assert not page.exception and layout["yaxis"]["ticktext"] == told["words"]
    assert layout["xaxis"]["ticktext"] == told["source"]
    assert translated(ROWS, language) in shown(page)


def test_held_out_pairs_are_offered_and_the_reference_stands_beside(open_page, store):
    page = answered(open_page("predict", predict="translate", run="cove-001"))
    table = page.dataframe[0].value
    sentence, translation = table.iloc[len(table) // 2]
    assert f"In the corpus: {translation}" in shown(page).replace("\\", "")
    assert page.text_area[0].value == sentence


def test_words_never_learned_are_named_and_are_data(open_page, store, taken):
    page = answered(open_page("predict", predict="translate", run="cove-001", translated=f"the {HOSTILE} sleeps"))
    assert "<b>" not in shown(page) and page.warning[0].value.startswith("It never learned")
    rows = cells(taken["translation.csv"])
    assert rows[0][:2] == ["word", "probability"] and len(rows[0]) > 4


def test_a_run_that_translates_leads_there(open_page, store):
    page = open_page("train", watch="cove-001")
    assert page.button("onward-cove-001-predict").label == "Translate" and "Held-out perplexity" in shown(page)


def test_no_sentence_is_a_hint(open_page, store):
    page = open_page("predict", predict="translate", run="cove-001", translated=" ")
    assert "Write a sentence" in page.info[0].value and not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_that_translates_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("predict", language, predict="translate")
    assert page.button[0].label == translated("Train CoVe", language) and not page.exception


def test_the_train_page_shows_the_sentence_as_it_forms(open_page, store):
    page = open_page("train", watch="cove-001", encoder="cove")
    snapshot = store.snapshot("cove-001")
    probe = next(probe for probe in snapshot.probes if probe["kind"] == "translated")
    assert probe["reference"] and snapshot.attention.shape == (1, 1, len(probe["words"]), len(probe["source"]))
    assert drawn(page, "translated-cove-001")["layout"]["xaxis"]["ticktext"] == probe["source"]
    assert "In the corpus: le" in shown(page) and not page.exception


def test_a_corpus_without_translations_says_what_it_takes(open_page, store):
    plain = next(row.id for row in store.corpora() if row.name == "Plain")
    page = open_page("train", encoder="cove", corpus=plain)
    assert "translation column" in page.error[0].value and page.button("start").disabled
