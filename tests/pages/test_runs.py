"""All runs: compared, renamed, deleted and brought back, continued, taken away as files."""

import pytest

from core.store import Store
from tests.pages.conftest import button, drawn, shown, translated, until


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("runs", language)
    assert not page.exception and translated("Nothing has been trained yet.", language) in shown(page)
    button(page, translated("Train an encoder", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_runs_stand_in_a_table_with_their_figures(open_page, full_home, language):
    page = open_page("runs", language)
    table = page.dataframe[0].value
    assert not page.exception and list(table[translated("Run", language)]) == ["Tales guessed", "Tales in words"]
    assert set(table[translated("State", language)]) == {translated("done", language)}
    assert (table[translated("Loss", language)] > 0).all()
    assert f"{translated('Dimensions', language)} 16, " in table[translated("Options", language)][1]


def test_the_curves_of_the_ticked_runs_lie_over_each_other(open_page, full_home):
    page = tick(open_page("runs"), 0, 1)
    names = {trace["name"].split(" · ")[0] for trace in drawn(page, "overlay")["data"]}
    assert names == {"Tales guessed", "Tales in words"}
    assert "Losses of different objectives do not compare." in shown(page)


def test_a_run_is_renamed(open_page, own_home):
    page = tick(open_page("runs"), 1)
    page.text_input("name-word2vec-001").set_value("<b>*Wolf*</b>").run()
    assert Store(own_home).run("word2vec-001").name == "<b>*Wolf*</b>"
    assert page.subheader[0].value == r"\<b\>\*Wolf\*\</b\>" and not page.exception


def test_a_run_is_deleted_and_brought_back(open_page, own_home):
    store, page = Store(own_home), open_page("runs")
    for _ in range(2):
        button(page, "Delete").click().run()
    assert store.runs() == [] and "Nothing has been trained yet." in shown(page)
    button(page, "Undo").click().run()
    assert [run.name for run in store.runs()] == ["Tales in words"] and not page.exception


def test_training_goes_on_from_the_end_of_a_run(open_page, own_home):
    page = tick(open_page("runs"), 1)
    assert page.number_input[0].value == 4
    page.number_input[0].set_value(6)
    button(page, "Start").click().run()
    run = Store(own_home).runs()[0]
    assert (run.start_from, run.options["epochs"], run.options["dim"]) == ("word2vec-001", 6, 16)
    assert page.title[0].value == "Train" and page.query_params["watch"] == run.id


@pytest.mark.parametrize(("label", "title"), [("Watch", "Train"), ("Map", "Map")])
def test_a_run_is_looked_at_on_other_pages(open_page, full_home, label, title):
    page = tick(open_page("runs"), 1)
    button(page, label).click().run()
    assert page.title[0].value == title and "word2vec-001" in page.query_params.values()


def test_a_run_can_be_taken_away_as_files(open_page, full_home):
    page = tick(open_page("runs"), 1)
    links = [each.proto.url for each in page.get("link_button")]
    kinds = ["safetensors", "word2vec", "binary", "glove", "projector", "npy", "parquet"]
    assert links == [f"export?run=word2vec-001&kind={kind}&lang=en" for kind in kinds] and not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_scores_of_a_run_stand_beside_its_curves(open_page, full_home, language):
    page = until(tick(open_page("runs", language), 1), lambda page: len(page.dataframe) == 2)
    scores = page.dataframe[1].value
    assert scores.iloc[:, 0].tolist()[0] == "WordSim-353" and len(scores) == 5 and not page.exception
    assert (scores["random"] < 1).all() and translated("Scores", language) in shown(page)


def tick(page, *rows):
    """The page with these rows of the table ticked."""
    page.session_state["runs"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return page.run()
