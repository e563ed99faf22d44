"""The first screen, never empty; and the frame around every page: its language and what a link says."""

import pytest
from streamlit.testing.v1 import AppTest

from core.problem import Problem
from core.store import Store
from pages.widgets.i18n import sentence
from tests.pages.conftest import PAGES, ROOT, SECONDS, click, points, shown, tiny, translated, until


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_has_three_ways_to_begin(open_page, empty_home, language):
    page = open_page("home", language)
    ways = [way.proto.page for way in page.get("page_link")]
    assert not page.exception and ways == ["corpus", "train", "map"]
    assert page.subheader[0].value == translated("What have you brought?", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_filled_store_shows_its_map_its_corpora_and_its_runs(open_page, full_home, language):
    page = with_map(open_page("home", language))
    newest = Store(full_home).runs()[0]
    assert not page.exception and points(page, "showpiece") == len(Store(full_home).vocab(newest.id))
    assert all(name in shown(page) for name in ("Tales", "Tales in words", "Tales guessed"))


def test_a_run_too_small_for_a_map_leaves_the_first_map_to_another(open_page, own_home):
    tiny(own_home)
    page = with_map(open_page("home"))
    assert not page.error and "Tiny" in shown(page) and "Tales guessed: its" in shown(page)


def test_a_click_on_the_first_map_walks_on_the_map_page(open_page, full_home):
    page = with_map(open_page("home"))
    click(page, "showpiece", 30, 1).run()
    word = Store(full_home).vocab("gpt-001").words[30]
    assert page.title[0].value == "Map" and page.subheader[0].value == word
    assert page.query_params["run"] == "gpt-001" and page.query_params["word"] == word


@pytest.mark.parametrize("name", PAGES)
def test_the_language_is_switched_on_every_page(open_page, empty_home, name):
    page = open_page(name)
    page.segmented_control("language_switch").set_value("zh").run()
    assert page.session_state["language"] == "zh" and not page.exception
    titles = {"home": "Semascope"}
    assert page.title[0].value == titles.get(name, translated(name.capitalize(), "zh"))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in shown(page))


@pytest.mark.parametrize(
    ("locale", "link", "language"),
    [
        ("de-DE", {}, "en"),
        ("zh-CN", {}, "zh"),
        (None, {}, "en"),
        ("zh-CN", {"lang": "en"}, "en"),
        ("en", {"lang": "xx"}, "en"),
    ],
)
def test_the_language_is_that_of_the_link_else_of_the_browser(open_page, empty_home, locale, link, language):
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    page.context["locale"] = locale
    page.query_params.update(link)
    assert page.run().subheader[0].value == translated("What have you brought?", language)


@pytest.mark.parametrize("name", PAGES)
def test_a_link_to_what_is_gone_shows_what_is_there(open_page, full_home, name):
    page = open_page(name, corpus="0123", run="word2vec-999", watch="../x", text="the")
    assert not page.exception and not page.error, page.error[0].value
    chosen = {key: page.query_params.get(key) for key in ("corpus", "run")}
    with_corpus = ("corpus", "train", "concordance", "compare", "documents", "senses")
    assert chosen["corpus"] == (Store(full_home).corpora()[0].id if name in with_corpus else "0123")
    with_run = ("map", "neighbours", "spaces", "evaluate", "predict", "attention", "senses")
    assert chosen["run"] == ("gpt-001" if name in with_run else "word2vec-999")


def with_map(page):
    return until(page, lambda page: page.get("bidi_component"))


def test_the_values_of_a_problem_are_data_in_markdown():
    said = sentence(Problem("{name} is empty.", name="$x$ *a*_b_.txt :red[y] <b>"))
    assert said == r"\$x\$ \*a\*\_b\_.txt \:red\[y\] \<b\> is empty."
