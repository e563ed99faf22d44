"""What keeps company with a word, and where it is used: scores, thresholds, curves over parts, documents and dates."""

import pytest

from tests.pages.conftest import cells, click, corpus_id, drawn, shown, translated, until


def opened(open_page, home, show, name="Letters", language="en", **link):
    corpus = corpus_id(home, name)
    page = open_page("concordance", language, corpus=corpus, show=show, **link)
    return waited(page), corpus


def waited(page):
    return until(page, lambda page: not page.get("progress"))


def collocates(page):
    return page.dataframe[0].value


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("score", ["log_dice", "log_likelihood", "pmi", "t"])
def test_collocates_stand_in_the_order_of_the_score(open_page, shelf_home, language, score):
    page, corpus = opened(open_page, shelf_home, "collocations", language=language, q="bank", score=score)
    table = collocates(page)
    assert not page.exception and table[score].is_monotonic_decreasing and len(table) > 5
    assert drawn(page, f"collocates-{corpus}")["data"]
    assert translated("{n} occurrences; click a bar to go on from that word", language).format(n=70) in shown(page)


def test_the_window_and_the_thresholds_narrow_it(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "collocations", q="river")
    page.number_input("span-left").set_value(0)
    page.number_input("span-right").set_value(1).run()
    table = collocates(waited(page))
    assert list(table["word"]) == ["bank"] and list(table["right"]) == [30] and list(table["left"]) == [0]
    page.number_input("together").set_value(31).run()
    waited(page)
    assert not page.dataframe and "lower the thresholds" in page.info[0].value
    page.number_input("together").set_value(1)
    page.number_input("often").set_value(71).run()
    assert not waited(page).dataframe and page.info


def test_a_window_of_no_word_gets_a_sentence(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "collocations", q="river")
    page.number_input("span-left").set_value(0)
    page.number_input("span-right").set_value(0).run()
    waited(page)
    assert "at least 1 in all" in page.error[0].value and not page.exception


def test_within_the_sentence_there_are_fewer(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "collocations", q="banker")
    before = set(collocates(page)["word"])
    page.toggle("in-sentence").set_value(True).run()
    after = set(collocates(waited(page))["word"])
    assert after < before and "queen" in before - after


def test_a_bar_and_a_row_lead_on(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, "collocations", q="river")
    table = collocates(page)
    row = table[table["word"] == "loved"].index[0]
    bars = [trace["customdata"] for trace in drawn(page, f"collocates-{corpus}")["data"] if "customdata" in trace]
    assert bars
    page.session_state[f"collocates-table-{corpus}"] = {
        "selection": {"rows": [], "columns": [], "cells": [[row, "word"]]}
    }
    page.run()
    waited(page)
    assert (page.query_params["q"], page.query_params["show"]) == ("loved", "lines")


def test_a_bar_that_is_clicked_becomes_the_word(open_page, shelf_home):
    from core.store import Store

    page, corpus = opened(open_page, shelf_home, "collocations", q="river")
    word = Store(shelf_home).corpus(corpus, 1).vocab.index("loved")
    click(page, f"collocates-{corpus}", word, 1).run()
    waited(page)
    assert (page.query_params["q"], page.query_params["show"]) == ("loved", "collocations")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("over", "places"), [
    ("segments", 20), ("documents", 40), ("dates", 9), ("groups:kind", 2), ("groups:title", 40),
])  # fmt: skip
def test_trends_run_over_what_the_corpus_has(open_page, shelf_home, taken, language, over, places):
    page, corpus = opened(open_page, shelf_home, "trends", language=language, q="money", over=over)
    assert not page.exception and not page.error and page.query_params["over"] == over
    header, *rows = cells(taken["trends.csv"])
    assert len(rows) == places and sum(float(row[header.index("count")]) for row in rows) == 50
    assert drawn(page, f"trends-{corpus}")["data"] and drawn(page, f"strips-{corpus}")["data"]


def test_dates_come_first_where_there_are_some(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "trends", q="money")
    assert page.selectbox("over_choice").value == "dates" and len(page.selectbox("over_choice").options) == 7
    other, _corpus = opened(open_page, shelf_home, "trends", "One document", q="father")
    assert other.selectbox("over_choice").options == ["equal parts"]


def test_words_are_compared_and_those_that_are_missing_said(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "trends", q="money")
    page.text_input("with").set_value("river, bankar, , money, queen loved").run()
    waited(page)
    assert list(page.dataframe[0].value["word"]) == ["money", "river", "queen loved"]
    assert "bankar does not occur" in page.warning[0].value
    assert list(page.dataframe[0].value["within"]) == [40, 30, 30]


def test_a_word_of_the_table_leads_to_its_lines(open_page, shelf_home, taken):
    page, corpus = opened(open_page, shelf_home, "trends", q="money", **{"with": "river bank"})
    assert [row[0] for row in cells(taken["spread.csv"])] == ["word", "money", "river bank"]
    page.session_state[f"spread-{corpus}"] = {"selection": {"rows": [], "columns": [], "cells": [[1, "word"]]}}
    waited(page.run())
    assert (page.query_params["q"], page.query_params["show"]) == ("river bank", "lines")


def test_without_a_word_that_is_there_only_the_sentence_stands(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, "trends", q="bankar")
    assert page.warning and not page.dataframe and not page.exception


def test_trends_of_the_text_count_the_text(open_page, shelf_home, taken):
    page, _corpus = opened(open_page, shelf_home, "trends", q="ker counted", mode="text", over="groups:kind")
    header, *rows = cells(taken["trends.csv"])
    assert not page.warning and [row[header.index("count")] for row in rows] == ["0", "10"]


def test_a_stroke_leads_into_the_document(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, "trends", q="banker")
    click(page, f"strips-{corpus}", 3, 1).run()
    waited(page)
    assert page.query_params["show"] == "reader" and page.query_params["document"] == "13"
    assert int(page.query_params["at"]) > 0


def test_hostile_names_of_documents_stand_as_they_are(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, "trends", q="money", over="documents")
    for key in (f"trends-{corpus}", f"strips-{corpus}"):
        figure = str(drawn(page, key))
        assert "bold" in figure and "<b>bold</b>" not in figure


def test_without_a_word_the_strongest_pairs_are_told(open_page, full_home):
    page = until(open_page("concordance", show="collocations"), lambda page: page.dataframe)
    pairs = page.dataframe[0].value
    assert not page.exception and list(pairs["count"]) and (pairs["count"] >= 10).all()
    assert pairs["log_dice"].is_monotonic_decreasing
