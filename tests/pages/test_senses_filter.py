"""Senses narrowed to values of facets: by the link, in the popover, by chips; the whole page is about what is left."""

import json

import pytest

from pages.widgets.senses_request import Request
from tests.pages.conftest import cells, points, shown, translated, until
from tests.pages.test_senses import cloud, corpus_of, home, opened, senses  # noqa: F401

RIVER = {"column:label": ["river"]}


def key_of(home, keep: dict) -> str:  # noqa: F811
    return Request(corpus_of(home), "bank", keep=json.dumps(keep, ensure_ascii=False, sort_keys=True)).key


def in_link(page) -> dict:
    """The filter in the page's link."""
    found = page.query_params["keep"]
    return json.loads(found if isinstance(found, str) else found[0])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_filter_in_the_link_narrows_the_cloud_the_senses_and_the_export(open_page, home, language, taken):  # noqa: F811
    keep = {"place": [0.3, 1], "column:label": ["river", "money"]}
    page, _ = opened(open_page, home, language, keep=json.dumps(keep))
    assert points(page, cloud(page, "bert-002", key_of(home, keep))) == 36
    said = translated("{n} of {whole} occurrences, in {documents} documents", language)
    assert said.format(n=36, whole=48, documents=36) in shown(page)
    rows = cells(taken["senses.csv"])
    assert len(rows) == 37 and rows[1][rows[0].index("filter")].endswith("30–100 %")


def test_values_are_chosen_in_the_popover_and_taken_off_by_a_chip(open_page, home):  # noqa: F811
    page, key = opened(open_page, home, by="form")
    page.session_state["filter"] = True
    until(page.run(), lambda page: any(each.key == "filter-facet" for each in page.selectbox))
    page.selectbox(key="filter-facet").set_value("right").run()
    options = page.multiselect(key="filter-right").options
    assert options == ["and · 12", "lent · 12", "of · 12"] + [f"{n} · 1" for n in sorted(map(str, range(12)))]
    page.multiselect(key="filter-right").set_value(["of", "lent"]).run()
    keep = {"right": ["of", "lent"]}
    assert in_link(page) == keep
    assert points(page, cloud(page, "bert-002", key_of(home, keep))) == 24
    page.button(key="chip-right-of").click().run()
    assert points(page, cloud(page, "bert-002", key_of(home, {"right": ["lent"]}))) == 12
    page.button(key="chip-right-lent").click().run()
    assert "keep" not in page.query_params and points(page, cloud(page, "bert-002", key)) == 48


def test_a_range_of_places_is_a_filter_and_all_of_it_is_none(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, by="form")
    page.session_state["filter"] = True
    until(page.run(), lambda page: any(each.key == "filter-facet" for each in page.selectbox))
    page.selectbox(key="filter-facet").set_value("place").run()
    page.slider(key="filter-place").set_range(0, 30).run()
    assert in_link(page) == {"place": [0.0, 0.3]}
    until(page, lambda page: "12 of 48" in shown(page))
    page.slider(key="filter-place").set_range(0, 100).run()
    assert "keep" not in page.query_params


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_nothing_is_left_the_filter_is_named_and_can_be_removed(open_page, home, language):  # noqa: F811
    keep = {"form": ["Bank"], "capital": [True]}
    page, key = opened(open_page, home, language, keep=json.dumps(keep))
    said = translated("None of {n} occurrences is left by this filter: {filter}. Take one off above, or all.", language)
    until(page, lambda page: said.partition("{filter}")[0].format(n=48) in shown(page))
    next(each for each in page.button if each.key == "nothing-left").click().run()
    assert points(page, cloud(page, "bert-002", key)) == 48


@pytest.mark.parametrize("keep", ["[]", "{", '{"column:gone": ["x"]}', '{"form": []}', '{"place": [null, 1]}',
                                  '{"document": ["x"]}', '{"capital": "yes"}', '{"form": [["x"]]}'])  # fmt: skip
def test_what_is_no_filter_in_a_link_is_left_out(open_page, home, keep):  # noqa: F811
    page, key = opened(open_page, home, keep=keep)
    assert points(page, cloud(page, "bert-002", key)) == 48 and not page.exception


def test_measures_and_sides_are_of_what_the_filter_leaves(open_page, home):  # noqa: F811
    page, _ = opened(open_page, home, senses="measure", keep='{"place": [0.3, 1]}')
    until(page, lambda page: "best baseline" in shown(page))
    assert "36 of 48 occurrences" in shown(page) and ", 36 occurrences)" in shown(page)
    page, _ = opened(open_page, home, senses="beside", keep=json.dumps(RIVER), by="right")
    until(page, lambda page: any("history" in (part.key or "") for part in page.get("bidi_component")))
    assert "24 of 48 occurrences" in shown(page)


def test_another_word_keeps_only_what_it_can_have(open_page, home):  # noqa: F811
    page, _ = opened(open_page, home, by="left", keep=json.dumps({"right": ["of"], **RIVER}))
    page.text_input(key="senses-word").set_value("river").run()
    assert in_link(page) == RIVER
