"""Neighbours in a real browser: walk, look at two runs, ask an analogy, reckon, score a list, point at a cell."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.corpus import Corpus
from tests.browser.conftest import point_at
from tests.browser.test_journey import CONTRAST
from tests.pages.conftest import finish, tales

OPTIONS = {"dim": 16, "epochs": 2, "threads": 1}
HOSTILE = "<img src=x onerror=alert(1)> $x$ =cmd()"
VIEWS = ("words", "analogy", "sum", "list", "matrix", "sentence")


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with word2vec of some tales under two seeds (…-001, …-002), and of Chinese among markup (…-003)."""
    english = store.add_corpus(Corpus.from_texts(tales(12), language="en"), "Tales")
    texts = [f"国王和王后住在河边。{HOSTILE}", "男人看见女人。", "国王有钱。"] * 12
    chinese = store.add_corpus(Corpus.from_texts(texts, language="zh", tokenizer="chinese"), HOSTILE)
    for corpus, seed, least in ((english, 0, 3), (english, 1, 3), (chinese, 0, 1)):
        options = {**OPTIONS, "seed": seed}
        finish(store, store.queue_train("word2vec", options, corpus.id, min_count=least, name=f"<b>{seed}</b>"))
    return store.home


def test_from_a_word_to_what_is_near_it_in_every_way(app, open_page):
    page = open_page(f"{app}/neighbours?run=word2vec-001")
    walk(page)
    side_by_side(page, app)
    ask(page)
    reckon(page)
    score(page)
    point_at_a_cell(page)
    sentence(page)


def walk(page) -> None:
    """A word that is typed is looked at; one that is unknown brings those spelled like it."""
    type_in(page, "Word", "king")
    page.get_by_role("heading", name="king", exact=True).wait_for()
    type_in(page, "Word", "prinzess")
    page.get_by_text("prinzess does not occur").wait_for()
    spelled = page.locator("[class*=st-key-spelled-] button").first
    word = spelled.inner_text()
    spelled.click()
    page.get_by_role("heading", name=word, exact=True).wait_for()


def side_by_side(page, app) -> None:
    """Two seeds beside each other; a row that is clicked is the next word."""
    page.goto(f"{app}/neighbours?run=word2vec-001&word=king&beside=word2vec-002")
    drawn(page, "columns-2")
    page.get_by_text("Words whose neighbours differ most").wait_for()
    page.get_by_text("by chance it would be").wait_for()
    bar = page.locator(".st-key-columns-2 .barlayer .trace").nth(1).locator(".point").nth(3).bounding_box()
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.wait_for_function("() => new URL(location).searchParams.get('word') !== 'king'")
    word = parse_qs(urlsplit(page.url).query)["word"][0]
    page.get_by_role("heading", name=word, exact=True).wait_for()


def ask(page) -> None:
    """An analogy has its picture, its counts and its doubt."""
    page.get_by_role("radio", name="Analogy", exact=True).click()
    drawn(page, "parallelogram")
    page.get_by_text("Analogies begin to hold").wait_for()
    page.get_by_text(re.compile("is to")).first.wait_for()


def reckon(page) -> None:
    """What is wrong with an expression is said with its place; a good one is read."""
    page.get_by_role("radio", name="Arithmetic").click()
    type_in(page, "Expression", "king - ")
    page.get_by_text("ends at place").wait_for()
    type_in(page, "Expression", "2*(king−man)＋woman")
    page.get_by_text("As it was read").wait_for()


def score(page) -> None:
    """The example is filled in and scored."""
    page.get_by_role("radio", name="List of analogies").click()
    page.get_by_role("button", name="An example").click()
    page.wait_for_function("() => document.querySelector('textarea')?.value.includes(': family')")
    page.get_by_role("button", name="Score the list").click()
    page.get_by_text("Percent right of").wait_for()
    page.get_by_text("Question by question").wait_for()


def point_at_a_cell(page) -> None:
    """Two words of a cell, each in its contexts."""
    page.get_by_role("radio", name="Matrix").click()
    type_in(page, "Words", "king queen forest wood")
    drawn(page, "matrix-4")
    page.get_by_text("Odd one out").first.wait_for()
    area = page.locator(".st-key-matrix-4 .nsewdrag").bounding_box()
    spot = area["x"] + area["width"] * 3.5 / 4, area["y"] + area["height"] * 0.5 / 4
    page.mouse.click(*point_at(page, lambda: spot, page.locator(".st-key-matrix-4 .hoverlayer .hovertext")))
    page.wait_for_url(re.compile("one="))
    page.get_by_text(re.compile("places, at random")).nth(1).wait_for()


def sentence(page) -> None:
    """The weights of a sentence's words, and the sentences nearest to it."""
    page.get_by_role("radio", name="Sentence").click()
    page.get_by_text("sentences compared").wait_for()


def test_words_among_markup_stay_words_and_every_text_can_be_read(app, open_page):
    page = open_page(app, color_scheme="dark", locale="zh-CN")
    for view in VIEWS:
        page.goto(f"{app}/neighbours?run=word2vec-003&near={view}&words=国王 王后 x img src")
        page.get_by_role("heading", name="近邻", exact=True).wait_for()
        page.wait_for_function("() => !document.querySelector('[data-testid=stProgress]')")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(CONTRAST)[1] == [], view
        assert (
            page.locator(".stMain img[src=x]").count() == 0 and page.locator("[data-testid=stException]").count() == 0
        )


def type_in(page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Enter")


def drawn(page, key: str) -> None:
    page.locator(f".st-key-{key} .semascope-plot[data-tick]").wait_for()
