"""Knowing a corpus before training on it: its numbers and pictures, its documents and columns; reading it otherwise."""

import pytest

from core.corpus.reading import ReadSettings
from core.store import Store
from core.store.inbox import find
from tests.pages.conftest import (
    bring,
    button,
    cells,
    click,
    corpus_id,
    drawn,
    finish,
    given,
    sent,
    shown,
    translated,
    until,
)  # fmt: skip


def overview(open_page, home, name="Letters", language="en"):
    page = open_page("corpus", language, corpus=corpus_id(home, name))
    return waited(page), corpus_id(home, name)


def waited(page):
    return until(page, lambda page: not page.get("progress"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["Letters", "水果", "Odd", "One word", "One document"])
def test_every_corpus_has_an_overview(open_page, shelf_home, name, language):
    page, corpus = overview(open_page, shelf_home, name, language)
    numbers = {metric.label: metric.value for metric in page.metric}
    row = Store(shelf_home).corpus_row(corpus)
    assert not page.exception and not page.error
    assert numbers[translated("documents", language)] == str(row.facts["documents"])
    assert numbers[translated("tokens", language)] == f"{row.facts['tokens']:,}"
    assert drawn(page, f"zipf-{corpus}")["data"]
    assert name == "One word" or drawn(page, f"growth-{corpus}")["data"]


def test_the_captions_say_what_the_pictures_show(open_page, shelf_home):
    page, corpus = overview(open_page, shelf_home)
    said = shown(page)
    counts = Store(shelf_home).corpus(corpus, 1).vocab.counts
    assert f"Fitted over {(counts >= 5).sum()} ranks: occurrences ∝ rank⁻" in said
    assert f"{(counts == 1).sum()} words occur once" in said
    assert "40 in all · shortest" in said and "Heaps" in str(drawn(page, f"growth-{corpus}"))
    assert "0 documents repeat an earlier one word for word" in said and "en 100%" in said


def test_the_columns_are_shown_with_their_use(open_page, shelf_home, taken):
    page, _corpus = overview(open_page, shelf_home)
    table = page.dataframe[-1].value.set_index("column")
    assert dict(table["roles"]) == {"file": "", "title": "title", "date": "date", "kind": "group"}
    assert "-tale (30)" in table["values"]["kind"]
    header, *rows = cells(taken["columns.csv"])
    assert rows[-1][header.index("values")].startswith("'-tale")


def test_every_word_can_be_taken_along_with_its_count(open_page, shelf_home, taken):
    _page, corpus = overview(open_page, shelf_home)
    vocab = Store(shelf_home).corpus(corpus, 1).vocab
    header, first, *rest = cells(taken["words.csv"])
    assert header == ["rank", "word", "count", "per_million"] and len(rest) == len(vocab) - 1
    assert first[:3] == ["1", vocab.words[0], str(vocab.counts[0])]


def test_a_corpus_without_columns_or_sentences_says_so(open_page, shelf_home):
    page, _corpus = overview(open_page, shelf_home, "One document")
    assert "None of the 1 documents repeats another" in shown(page)
    assert "The files had no columns beside the text." in shown(page)


def test_a_word_of_a_picture_leads_to_its_lines(open_page, shelf_home):
    page, corpus = overview(open_page, shelf_home)
    word = Store(shelf_home).corpus(corpus, 1).vocab.index("banker")
    click(page, f"zipf-{corpus}", word, 1).run()
    waited(page)
    assert page.title[0].value == "Concordance" and page.query_params["q"] == "banker"
    assert len(sent(page, f"lines-{corpus}")["lines"]) == 10


def test_documents_that_repeat_are_counted(open_page, own_home, taken):
    from core.corpus import Corpus

    store = Store(own_home)
    corpus = Corpus.from_texts(["the same tale", "the same tale", "another one"] * 2, language="en")
    store.add_corpus(corpus, "Twice")
    page, _corpus = overview(open_page, own_home, "Twice")
    assert "4 documents repeat an earlier one word for word" in shown(page)
    assert list(page.dataframe[0].value["document"]) == [1, 3]
    assert [row[0] for row in cells(taken["duplicates.csv"])] == ["document", "1", "3"]


BOOK = "Visit http://a.example now. Ｆｕｌｌ words, full words.\n\nAnother part, with 1234 and more words in it.\n" * 30


def kept(open_page, home):
    """A corpus that was read here, cleaned of its addresses, as its worker would."""
    page = given(open_page("corpus", view="add"), "files", bring(home, "book.txt", BOOK.encode()))
    until(page, lambda page: page.metric)
    page.toggle("read-strip_urls").set_value(True).run()
    until(page, lambda page: page.metric)
    button(page, "Keep this corpus").click().run()
    store = Store(home)
    [run] = [run for run in store.runs(kind="read") if run.state == "queued"]
    finish(store, run.id)
    until(page.run(), lambda page: page.subheader)
    return waited(page), store.run(run.id).corpus_id


def test_cleaning_is_seen_before_and_after(open_page, own_home):
    page = given(open_page("corpus", view="add"), "files", bring(own_home, "book.txt", BOOK.encode()))
    until(page, lambda page: page.metric)
    labels = {each.key: each.label for each in page.toggle}
    assert ":gray-badge[30]" in labels["read-strip_urls"] and ":gray-badge[120]" in labels["read-half_width"]
    for name in ("strip_urls", "half_width", "strip_numbers"):
        page.toggle(f"read-{name}").set_value(True).run()
        until(page, lambda page: page.metric)
    texts = [each.value for each in page.main.text]
    assert "Visit http://a.example now. Ｆｕｌｌ words, full words. Another part" in " ".join(texts)[:400]
    assert "What cleaning does" in shown(page) and any("Full words, full" in each for each in texts)
    assert any(each.label.startswith("Cleaning (3)") for each in page.expander)


def test_a_corpus_says_what_was_cleaned(open_page, own_home):
    page, corpus = kept(open_page, own_home)
    assert "Cleaned: Web addresses 30" in shown(page)
    assert "http" not in Store(own_home).corpus(corpus).documents[0]


def test_reading_again_begins_as_before_and_the_old_corpus_stays(open_page, own_home):
    page, corpus = kept(open_page, own_home)
    page = open_page("corpus", corpus=corpus, view="again")
    until(page, lambda page: page.metric)
    assert page.toggle(f"again-{corpus}-strip_urls").value and not page.toggle(f"again-{corpus}-half_width").value
    page.selectbox(f"again-{corpus}-tokenizer").set_value("characters").run()
    page.selectbox(f"again-{corpus}-split").set_value("blank lines").run()
    until(page, lambda page: page.metric)
    button(page, "Keep this corpus").click().run()
    store = Store(own_home)
    [run] = [run for run in store.runs(kind="read") if run.state == "queued"]
    assert (run.options["tokenizer"], run.options["strip_urls"], run.options["split"]) == (
        "characters",
        True,
        "blank lines",
    )
    finish(store, run.id)
    made = store.run(run.id).corpus_id
    assert made != corpus and {row.id for row in store.corpora()} >= {made, corpus}
    assert store.corpus_row(made).facts["documents"] > store.corpus_row(corpus).facts["documents"] == 1


def test_a_corpus_without_its_files_says_so(open_page, shelf_home):
    page = open_page("corpus", corpus=corpus_id(shelf_home, "Letters"), view="again")
    assert page.info and not page.exception and not page.metric


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "characters", "pieces"])
def test_every_tokeniser_has_its_settings_and_a_look(open_page, full_home, tokenizer):
    page = given(open_page("corpus", view="add"), "files", bring(full_home, "book.txt", BOOK.encode()))
    until(page, lambda page: page.metric)
    page.selectbox("read-tokenizer").set_value(tokenizer).run()
    until(page, lambda page: page.metric)
    fields = {each.key for kind in ("number_input", "toggle", "text_area", "selectbox") for each in page.get(kind)}
    assert ("read-pieces_size" in fields) == (tokenizer == "pieces")
    assert ("read-dictionary" in fields) == (tokenizer == "chinese")
    assert ("read-phrases" in fields) == (tokenizer in ("words", "chinese"))
    assert not page.exception and not page.error and "gray-badge" in page.markdown[-1].value


def test_stop_words_are_put_in_and_taken_out(open_page, full_home):
    page = given(open_page("corpus", view="add"), "files", bring(full_home, "book.txt", BOOK.encode()))
    until(page, lambda page: page.metric)
    page.button("read-list-en").click().run()
    until(page, lambda page: page.metric)
    assert "the" in page.text_area("read-stop_words").value.split() and "badge[and]" not in page.markdown[-1].value
    assert "What cleaning does" in shown(page) and "tokens that were looked at are on this list" in shown(page)
    assert any(each.label.startswith("Stop words (") for each in page.expander)
    page.button("read-list-none").click().run()
    until(page, lambda page: page.metric)
    assert page.text_area("read-stop_words").value == "" and "badge[and]" in page.markdown[-1].value


def test_columns_are_guessed_and_kept(open_page, own_home, shelf):
    data = (shelf.parent / "letters.csv").read_bytes()
    page = given(open_page("corpus", view="add"), "files", bring(own_home, "letters.csv", data))
    until(page, lambda page: page.metric)
    roles = ("title", "date", "group", "label")
    assert [page.selectbox(f"read-{role}_column").value for role in roles] == ["title", "date", "", "kind"]
    button(page, "Keep this corpus").click().run()
    [run] = [run for run in Store(own_home).runs(kind="read") if run.state == "queued"]
    settings = ReadSettings(**run.options)
    assert (settings.title_column, settings.date_column, settings.label_column) == ("title", "date", "kind")


def test_what_became_a_corpus_leaves_the_list(open_page, own_home):
    identity = bring(own_home, "book.txt", BOOK.encode())
    page = given(open_page("corpus", view="add"), "files", identity)
    until(page, lambda page: page.metric)
    button(page, "Keep this corpus").click().run()
    assert find(own_home, identity) is None and not page.exception
    assert sent(page, "files")["gone"] == [identity]
