"""The map: words are found, walked, coloured and taken away; a slower map stands in the end."""

import json

import numpy as np
import pytest

from core.store import Store
from tests.pages.conftest import button, click, drawn, points, shown, tiny, translated, until

RUN = "word2vec-001"
MAP = f"map-of-{RUN}"  # the key of its picture
QUICK = json.dumps({"method": "pca", "words": 200})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("map", language)
    assert not page.exception and translated("No finished run has word vectors yet.", language) in shown(page)
    button(page, translated("Train word2vec", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_map_says_how_far_it_may_be_believed(open_page, full_home, language):
    page = finished(open_page("map", language, run=RUN, map=QUICK))
    assert not page.exception and points(page, MAP) == 200
    of_the_variance = translated("{share} of the variance", language).format(share="")
    assert of_the_variance in shown(page) and "PCA" in shown(page)


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_slower_maps_come_after_a_first_picture(open_page, full_home, method):
    page = open_page("map", run=RUN, map=json.dumps({"method": method, "words": 60, "dimensions": 3}))
    finished(until(page, lambda page: page.get("bidi_component")))
    assert points(page, MAP) == 60 and drawn(page, MAP)["data"][0]["type"] == "scatter3d"
    assert {"umap": "UMAP", "tsne": "t-SNE"}[method] in shown(page) and "distances between far groups" in shown(page)


def test_a_run_too_small_for_a_map_says_so(open_page, own_home):
    page = until(open_page("map", run=tiny(own_home)), lambda page: page.error)
    assert page.error[0].value == "A map needs at least 10 words; there are 3. Lower the minimum count."


def test_the_projection_is_chosen_in_a_form_and_stays_in_the_link(open_page, full_home):
    page = finished(open_page("map", run=RUN, map=QUICK))
    page.number_input("ProjectionOptions-words").set_value(120)
    page.selectbox("ProjectionOptions-dimensions").set_value(3)
    button(page, "Draw the map").click().run()
    finished(page)
    assert points(page, MAP) == 120 and json.loads(page.query_params["map"])["dimensions"] == 3


def test_a_search_marks_what_it_finds_and_an_exact_word_is_walked_to(open_page, full_home):
    page = open_map(open_page)
    page.text_input("q").set_value("king").run()
    vocab, found = Store(full_home).vocab(RUN), drawn(page, MAP)["labels"]["hot"]
    assert page.query_params["word"] == "king" and page.subheader[0].value == "king"
    assert found[0] == vocab.index("king")
    page.text_input("q").set_value("se").run()
    begin = {i for i, word in enumerate(vocab.words[:200]) if word.startswith("se")}
    assert begin and begin <= set(drawn(page, MAP)["labels"]["hot"])


def test_a_word_that_is_not_there_brings_those_spelled_like_it(open_page, full_home):
    page = open_map(open_page)
    page.text_input("q").set_value("prinzess").run()
    [near, *_rest] = [each for each in page.button if str(each.key).startswith("near-")]
    assert "Did you mean" in shown(page)
    near.click().run()
    assert page.query_params["word"] == near.label and page.subheader[0].value == near.label


@pytest.mark.parametrize("pattern", ["(", "a(?=b)", "x" * 300])
def test_a_pattern_that_cannot_be_read_gets_a_sentence(open_page, full_home, pattern):
    page = open_map(open_page, match="regex")
    page.text_input("q").set_value(pattern).run()
    assert len(page.error) == 1 and len(page.error[0].value) > 40 and not page.exception
    assert points(page, MAP) == 200


def test_a_pattern_finds_words(open_page, full_home):
    page = open_map(open_page, match="regex")
    page.text_input("q").set_value("^.{8,}$").run()
    words = drawn(page, MAP)["labels"]
    assert not page.error and all(len(words["text"][row]) >= 8 for row in words["hot"]) and words["hot"]


def test_a_click_walks_to_the_word_and_shows_its_neighbours(open_page, full_home):
    page, store = open_map(open_page), Store(full_home)
    for number, index in enumerate((50, 70)):
        click(page, MAP, index, number + 1).run()
    words, vectors = store.vocab(RUN).words, store.vectors(RUN)
    assert page.subheader[0].value == page.query_params["word"] == words[70]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = np.argsort(-(unit @ unit[70]), kind="stable")[1:13]
    assert list(page.dataframe[0].value["word"]) == [words[index] for index in nearest]
    assert page.button("walk-0").label == f"{words[50]} ›"


def test_the_walk_goes_on_from_a_neighbour_and_back(open_page, full_home):
    page = open_map(open_page, word="king")
    first = page.dataframe[0].value["word"].iloc[0]
    page.session_state[page.dataframe[0].key] = {"selection": {"rows": [], "columns": [], "cells": [[0, "word"]]}}
    page.run()
    assert page.query_params["word"] == first
    click(page, MAP, Store(full_home).vocab(RUN).index("king"), 1).run()
    page.button("walk-0").click().run()
    assert page.query_params["word"] == first


def test_a_selection_becomes_a_table_that_can_be_taken_away(open_page, full_home):
    page = open_map(open_page)
    page.session_state[MAP] = {"event": {"selected": [3, 5, 8]}}
    page.run()
    words = Store(full_home).vocab(RUN).words
    table = page.dataframe[0].value
    assert list(table["word"]) == [words[3], words[5], words[8]] and {"rank", "count", "x", "y"} < set(table.columns)
    assert len(page.get("download_button")) == 2 and page.subheader[1].value == "3 words selected"


@pytest.mark.parametrize("colour", ["count", "cluster", "likeness"])
def test_colours(open_page, full_home, colour):
    page = open_map(open_page, colour=colour, word="king")
    until(page, lambda page: not page.get("progress"))
    figure = drawn(page, MAP)["data"]
    groups = [trace["name"] for trace in figure if trace.get("showlegend")]
    told = {"count": "occurrences", "likeness": "cosine to king"}
    assert not page.exception and bool(groups) == (colour == "cluster") and points(page, MAP) == 200
    assert groups or told[colour] in json.dumps(figure[0]["marker"])


@pytest.mark.parametrize(
    "link",
    [
        {"run": "nope", "word": "<script>", "metric": "x", "colour": "x", "match": "x"},
        {"map": "not json"}, {"map": "[1]"}, {"map": '{"words": 3}'}, {"map": '{"unknown": 1}'}, {"k": "x", "q": "("},
    ],
)  # fmt: skip
def test_a_link_with_nonsense_still_opens(open_page, full_home, link):
    page = open_page("map", **({"run": RUN, "map": QUICK} | link))
    until(page, lambda page: page.get("bidi_component"))
    assert not page.exception and not page.error


def test_neighbours_by_another_measure_and_number(open_page, full_home):
    page = open_map(open_page, word="king", metric="euclidean")
    page.slider("k").set_value(5).run()
    scores = page.dataframe[0].value["score"]
    assert len(scores) == 5 and scores.is_monotonic_increasing


def open_map(open_page, **link):
    return finished(open_page("map", run=RUN, map=QUICK, **link))


def finished(page):
    """The page, once the map that was asked for stands."""
    waiting = translated("a first picture until the map is ready", page.session_state["language"])
    until(page, lambda page: page.get("bidi_component"))
    return until(page, lambda page: waiting not in shown(page))
