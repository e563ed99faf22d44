"""What a language model expects next: bars, and a click that writes the word."""

import numpy as np
import pytest

from core.store import Store
from tests.pages.conftest import button, cells, click, drawn, finish, points, shown, translated, until


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_model_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("predict", language)
    assert not page.exception and translated("No finished run predicts the next word yet.", language) in shown(page)
    button(page, translated("Train a language model", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bars_are_what_the_model_expects(open_page, full_home, language):
    page, store = predicted(open_page("predict", language, text="in the")), Store(full_home)
    share = store.encoder("gpt-001").next_word(["in", "the"])
    best = np.argsort(-share, kind="stable")[:15]
    words = drawn(page, "next")["layout"]["yaxis"]["ticktext"]
    assert not page.exception and words == [store.vocab("gpt-001").words[index] for index in best]
    entropy = float(-(share * np.log(share)).sum())
    assert f"{entropy:.2f}" in shown(page)


def test_a_click_writes_the_word(open_page, full_home):
    page = predicted(open_page("predict", text="in the"))
    vocab = Store(full_home).vocab("gpt-001")
    click(page, "next", vocab.index("king"), 1).run()
    predicted(page)
    assert page.text_area("text").value == "in the king" == page.query_params["text"]
    page.run()
    assert page.text_area("text").value == "in the king"


def test_another_text_asks_again_and_stays_in_the_link(open_page, full_home):
    page = predicted(open_page("predict", text="in the"))
    before = drawn(page, "next")["digest"]
    page.text_area("text").set_value("the king was a").run()
    predicted(page)
    assert drawn(page, "next")["digest"] != before and page.query_params["text"] == "the king was a"


@pytest.mark.parametrize("text", ["   ", "…", "\n"])
def test_no_word_yet_is_a_sentence(open_page, full_home, text):
    page = open_page("predict", text=text)
    assert page.info[0].value == "Type a beginning: the bars show what may follow." and not page.exception


def test_words_that_it_never_saw_and_long_texts_are_answered(open_page, full_home):
    page = predicted(open_page("predict", text="zyzzyva " * 500 + "the"))
    assert points(page, "next") == 15 and "501 tokens" in shown(page)


def test_more_candidates(open_page, full_home):
    page = predicted(open_page("predict", text="in the", candidates="5"))
    assert points(page, "next") == 5


def predicted(page):
    """The page, once the bars stand."""
    return until(page, lambda page: any(part.key == "next" for part in page.get("bidi_component")))


def test_a_text_is_tinted_by_surprise_with_its_perplexity(open_page, full_home):
    page = until(open_page("predict", text="in the zyzzyva king", predict="surprise"), lambda page: page.dataframe)
    nats = page.dataframe[0].value["nats"]
    encoder = Store(full_home).encoder("gpt-001")
    share = encoder.next_word(["in"])[encoder.vocab.index("the")]
    assert nats[1] == pytest.approx(-np.log(share), abs=1e-4) and np.isnan(nats[2])
    known = nats[np.isfinite(nats)]
    assert f"perplexity {np.exp(known.mean()):,.1f}" in shown(page) and "1 unknown words" in shown(page)


def test_a_word_of_the_table_leads_to_its_lines(open_page, full_home, taken):
    page = until(open_page("predict", text="in the king", predict="surprise"), lambda page: page.dataframe)
    assert [row[0] for row in cells(taken["surprise.csv"])] == ["word", "in", "the", "king"]
    page.session_state["surprise-table-gpt-001"] = {"selection": {"rows": [], "columns": [], "cells": [[2, "word"]]}}
    page.run()
    assert page.title[0].value == "Concordance" and page.query_params["q"] == "king"


def test_what_may_follow_can_be_taken_along(open_page, full_home, taken):
    predicted(open_page("predict", text="in the"))
    header, *rows = cells(taken["next-words.csv"])
    assert header == ["word", "probability"] and len(rows) == 15 and float(rows[0][1]) >= float(rows[1][1])


def test_what_is_written_on_is_the_same_for_the_same_seed_and_can_be_taken_over(open_page, full_home):
    texts = []
    for _ in range(2):
        page = open_page("predict", text="in the", predict="write", length="5")
        page = until(page, lambda page: any(each.label == "Take it over" for each in page.button))
        button(page, "Take it over").click().run()
        texts.append(page.text_area("text").value)
    assert texts[0] == texts[1] and texts[0].startswith("in the ") and len(texts[0].split()) == 7


def test_the_chain_of_an_n_gram_says_the_order_it_came_from(open_page, own_home, taken):
    store = Store(own_home)
    corpus = store.corpora()[0].id
    finish(store, store.queue_train("ngram", {"order": 2}, corpus, min_count=2, name="Pairs"))
    page = open_page("predict", text="the king", predict="order", run="ngram-001")
    page = until(page, lambda page: {"chain-ngram-001", "possible-ngram-001"} <= keys(page))
    names = {trace["name"] for trace in drawn(page, "chain-ngram-001")["data"] if "name" in trace}
    assert "order 2" in names and not page.exception
    assert [row[0] for row in cells(taken["chain.csv"])] == ["word", "the", "king"]
    assert [row[0] for row in cells(taken["orders.csv"])] == ["order", "1", "2"]


def test_two_runs_stand_side_by_side(open_page, own_home):
    store = Store(own_home)
    finish(store, store.queue_train("ngram", {"order": 2}, store.corpora()[0].id, min_count=2, name="Pairs"))
    page = open_page("predict", text="the king", run="ngram-001", beside="gpt-001")
    until(page, lambda page: {"next-ngram-001", "next-gpt-001"} <= keys(page))


def keys(page) -> set[str]:
    return {part.key for part in page.get("bidi_component")}
