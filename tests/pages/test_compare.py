"""Compare: what marks one group of documents, or one corpus, against another; and what cannot be compared."""

import pytest

from tests.pages.conftest import button, cells, click, corpus_id, drawn, shown, translated, until

ALL_OTHERS = "all the others"


def opened(open_page, home, name="Letters", language="en", **link):
    page = open_page("compare", language, corpus=corpus_id(home, name), **link)
    return until(page, lambda page: not page.get("progress"))


def waited(page):
    return until(page, lambda page: not page.get("progress"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_leads_to_a_corpus(open_page, empty_home, language):
    page = open_page("compare", language)
    button(page, translated("Choose a corpus", language)).click().run()
    assert page.title[0].value == translated("Corpus", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_groups_have_their_keywords(open_page, shelf_home, taken, language):
    page = opened(open_page, shelf_home, language=language, column="kind")
    assert not page.exception and not page.error
    header, *rows = cells(taken["keywords.csv"])
    words = [row[header.index("word")] for row in rows]
    assert set(words[:4]) == {"loved", "river", "queen", "bank"} and words[-1] in ("town", "banker", "counted", "of")
    assert drawn(page, "key-bars")["data"] and drawn(page, "key-scatter")["data"]
    assert translated(ALL_OTHERS, language) in shown(page)


def test_the_sides_can_be_turned_and_narrowed(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind")
    these, against = page.multiselect
    assert (these.value, against.value, against.options) == (["-tale"], [], ["report"])
    these.set_value(["report"]).run()
    waited(page)
    assert page.dataframe[0].value["word"].iloc[0] in ("town", "banker", "counted", "of")
    page.multiselect[1].set_value(["-tale"]).run()
    waited(page)
    page.multiselect[0].set_value(["report", "-tale"]).run()
    waited(page)
    assert not page.exception and "One side holds no documents" in page.error[0].value


def test_the_sides_and_thresholds_are_those_of_the_link(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind", these='["report"]', against='["-tale"]', least="31")
    assert [each.value for each in page.multiselect] == [["report"], ["-tale"]] and page.number_input(
        "least"
    ).value == 31
    page.multiselect[0].set_value(["-tale"]).run()
    assert waited(page).query_params["these"] == '["-tale"]'


@pytest.mark.parametrize("these", ["[", "{}", '["nothing"]', "[1]", "x"])
def test_sides_that_are_none_are_as_at_first(open_page, shelf_home, these):
    page = opened(open_page, shelf_home, column="kind", these=these)
    assert page.multiselect[0].value == ["-tale"] and not page.exception


def test_without_a_group_there_is_nothing_to_compare(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind")
    page.multiselect[0].set_value([]).run()
    assert "at least one value" in page.info[0].value and not page.dataframe


def test_two_corpora_have_their_keywords(open_page, shelf_home):
    other = corpus_id(shelf_home, "Others")
    page = opened(open_page, shelf_home, way="corpora", other=other)
    words = list(page.dataframe[0].value["word"])
    assert not page.error and "wrote" in words[:20] and "he" in words[-20:]
    offered = page.selectbox("other_choice").options
    assert set(offered) == {"Others", "One document", "One word"}


def test_thresholds_leave_words_out(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind")
    assert (page.dataframe[0].value["count"] + page.dataframe[0].value["count_other"]).min() == 10
    page.number_input("least").set_value(31).run()
    waited(page)
    assert (page.dataframe[0].value["count"] + page.dataframe[0].value["count_other"]).min() == 40
    page.number_input("least").set_value(9999).run()
    assert "lower the thresholds" in waited(page).info[0].value


@pytest.mark.parametrize("name", ["Odd", "水果"])
def test_a_corpus_cut_otherwise_is_not_offered(open_page, shelf_home, name):
    page = opened(open_page, shelf_home, name)
    assert "no other corpus was cut into words in the same way" in page.info[0].value
    button(page, "Add a corpus").click().run()
    assert page.title[0].value == "Corpus" and page.query_params["view"] == "add"


@pytest.mark.parametrize("name", ["One word", "One document"])
def test_a_corpus_of_one_document_is_compared_with_another(open_page, shelf_home, name):
    page = opened(open_page, shelf_home, name, other=corpus_id(shelf_home, "Letters"))
    assert not page.exception and not page.error and (page.dataframe or page.info)


@pytest.mark.parametrize("key", ["key-bars", "key-scatter"])
def test_a_word_leads_to_its_lines_on_its_side(open_page, shelf_home, key):
    other = corpus_id(shelf_home, "Others")
    page = opened(open_page, shelf_home, way="corpora", other=other)
    last = len(page.dataframe[0].value) - 1
    word = page.dataframe[0].value["word"].iloc[last]
    click(page, key, last, 1).run()
    waited(page)
    assert page.title[0].value == "Concordance"
    assert (page.query_params["q"], page.query_params["corpus"]) == (word, other)


def test_a_row_of_the_table_leads_to_its_lines(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind")
    page.session_state["key-table"] = {"selection": {"rows": [], "columns": [], "cells": [[0, "word"]]}}
    word = page.dataframe[0].value["word"].iloc[0]
    page.run()
    waited(page)
    assert page.title[0].value == "Concordance" and page.query_params["q"] == word


def test_hostile_values_stand_as_they_are(open_page, shelf_home):
    page = opened(open_page, shelf_home, column="kind")
    assert "**\\-tale**" in shown(page)
