"""A document to read: its pages, its hits, tints, the next document; each word leads to its lines."""

import pytest

from core.store import Store
from pages.widgets.reader import PAGE
from tests.pages.conftest import button, corpus_id, sent, shown, tales, translated, until


def opened(open_page, home, name="Letters", language="en", **link):
    corpus = corpus_id(home, name)
    page = open_page("concordance", language, corpus=corpus, show="reader", **link)
    return waited(page), corpus


def waited(page):
    return until(page, lambda page: not page.get("progress"))


def press(page, label):
    button(page, label).click().run()
    return waited(page)


def text(page, corpus):
    return "".join(run[0] for run in sent(page, f"reader-{corpus}")["page"])


def here(page, corpus):
    return [run[0] for run in sent(page, f"reader-{corpus}")["page"] if run[3] == 2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_document_is_shown_with_what_is_known_of_it(open_page, shelf_home, language):
    page, corpus = opened(open_page, shelf_home, language=language, document="2")
    assert text(page, corpus).startswith("In 1802 the king") and "<b>bold</b> $x$" in text(page, corpus)
    assert any(each.value == "file: letters.csv · title: <b>bold</b> · date: 1802 · kind: -tale" for each in page.text)
    assert translated("Click a word to see every place where it stands.", language) in shown(page)


def test_another_document_is_taken(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, at="40")
    page.number_input("document-shown").set_value(40).run()
    waited(page)
    assert text(page, corpus).startswith("In 1840") and page.query_params["document"] == "40"
    assert "at" not in page.query_params


def test_what_is_looked_for_is_marked_and_walked(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="queen", document="2")
    assert "**queen** 2 times in this document" in shown(page)
    assert [run[0] for run in sent(page, f"reader-{corpus}")["page"] if run[3]] == ["queen", "queen"]
    first = int(press(page, "Next place").query_params["at"])
    assert here(page, corpus) == ["queen"] and button(page, "Place before").disabled
    second = int(press(page, "Next place").query_params["at"])
    assert second > first and button(page, "Next place").disabled
    assert int(press(page, "Place before").query_params["at"]) == first


def test_the_next_document_with_a_hit_opens_at_it(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="banker", document="1")
    press(page, "Next document")
    assert page.query_params["document"] == "5" and here(page, corpus) == ["banker"]
    press(page, "Document before")
    assert page.query_params["document"] == "1" and here(page, corpus) == ["banker"]
    assert "Document before" not in [each.label for each in page.button]


def test_pages_are_turned_and_end(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, "One document", q="father")
    story = tales(1)[0]
    assert len(story) > PAGE and text(page, corpus)[:50] == story[:50] and button(page, "Page before").disabled
    seen = text(page, corpus)
    while not button(page, "Next page").disabled:
        press(page, "Next page")
        seen += text(page, corpus)
    assert seen == story
    press(page, "Place before")
    assert here(page, corpus) == ["father"]


def test_a_page_belongs_to_its_corpus(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "One document")
    press(page, "Next page")
    page.selectbox("corpus_choice").set_value(corpus_id(shelf_home, "Letters")).run()
    waited(page)
    assert text(page, corpus_id(shelf_home, "Letters")).startswith("In 1801")


def test_a_place_beyond_the_document_is_its_end(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, at="999999", document="3")
    assert text(page, corpus) and not page.error


@pytest.mark.parametrize("tint", ["rare", "key", "near"])
def test_words_are_tinted(open_page, shelf_home, tint):
    page, corpus = opened(open_page, shelf_home, q="banker", document="1", tint=tint)
    tints = [run[2] for run in sent(page, f"reader-{corpus}")["page"]]
    assert not page.error and max(tints) == 1 and min(tints) == 0


def test_without_a_search_nothing_goes_with_it(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, tint="near")
    assert page.selectbox("tint_choice").value == "" and len(page.selectbox("tint_choice").options) == 3
    assert text(page, corpus) and "times in this document" not in shown(page)


def test_a_lone_document_says_why_it_has_no_words_of_its_own(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "One document", tint="key")
    assert "no other document" in page.error[0].value


def test_a_word_that_is_clicked_leads_to_its_lines(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, document="2")
    kind = Store(shelf_home).corpus(corpus, 1).vocab.index("loved")
    page.session_state[f"reader-{corpus}"] = {"click": {"word": kind}}
    page.run()
    waited(page)
    assert (page.query_params["q"], page.query_params["show"]) == ("loved", "lines")
    assert len(sent(page, f"lines-{corpus}")["lines"]) == 30


@pytest.mark.parametrize("document", ["1", "2", "3"])
def test_odd_documents_are_shown_whole(open_page, shelf_home, document):
    from tests.pages.conftest import ODD

    page, corpus = opened(open_page, shelf_home, "Odd", document=document, q="x", mode="text")
    assert text(page, corpus) == ODD[int(document) - 1] and not page.exception
