"""Predict in a real browser: a word is hidden by a click, a pair is taken, all models stand side by side."""

import re
from pathlib import Path

import pytest

from core.corpus import Corpus
from tests.browser.test_journey import CONTRAST, tales
from tests.pages.conftest import finish

SMALL = {"steps": 4, "layers": 1, "heads": 2, "width": 16, "context": 24, "batch": 8, "threads": 1}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with some tales, and an n-gram, a GPT with markup for a name and a BERT that learned from them."""
    corpus = store.add_corpus(Corpus.from_texts(tales()[:60_000].split("\n\n\n"), language="en"), "Some tales")
    for encoder, options, name in (
        ("ngram", {"order": 3}, "Triples"), ("gpt", SMALL, HOSTILE), ("bert", SMALL, "Gaps")
    ):  # fmt: skip
        finish(store, store.queue_train(encoder, options, corpus.id, min_count=10, name=name))
    return store.home


def plot(page, key: str):
    """The plot under this key, once it is drawn."""
    found = page.locator(f".st-key-{key} .semascope-plot[data-tick]")
    found.wait_for()
    return found


def test_from_a_gap_to_the_history_of_language_models(app, open_page):
    page = open_page(f"{app}/predict?predict=masked&sentence=The+king+had+a+%2Astar%2A+daughter")
    plot(page, "masked-bert-001")
    page.get_by_role("radio", name="king", exact=True).click()
    page.wait_for_url(re.compile("place=1"))
    page.get_by_text("king stood there").wait_for()
    page.get_by_label("Edited sentence").fill("The queen and the king had a daughter")
    page.get_by_label("Edited sentence").press("Control+Enter")
    assert plot(page, "masked-both-bert-001").evaluate("plot => plot._fullData.length") == 3
    page.get_by_role("radio", name="Next sentence").click()
    plot(page, "tried-1")
    page.get_by_role("radio", name="Side by side").click()
    for run in ("ngram-001", "gpt-001"):
        plot(page, f"beside-{run}")
    assert HOSTILE in page.locator(".stMain").inner_text() and page.locator(".stMain img[src=x]").count() == 0
    page.get_by_role("radio", name="How far back?").click()
    curve = plot(page, "reach").evaluate("plot => plot._fullData[0].marker.symbol.slice(0, 4)")
    assert curve == ["circle", "circle", "circle-open", "circle-open"]


def test_every_text_can_be_read_on_a_dark_page_in_chinese(app, open_page):
    page = open_page(f"{app}/predict?predict=bits", color_scheme="dark", locale="zh-CN")
    for key in ("bits", "perplexity-0"):
        plot(page, key)
    page.wait_for_timeout(300)
    faint = page.evaluate(CONTRAST)[1]
    assert [text for text in faint if not text.isdigit()] == []  # a slider's number lies beside its handle, not on it
