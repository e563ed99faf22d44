"""Terms in a real browser: train TF-IDF, see why a word weighs, point at cells and bars, ask, watch the cat rise."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.corpus import Corpus
from core.store import Store
from core.store.samples import samples
from tests.browser.conftest import point_at
from tests.browser.test_journey import CONTRAST

HOSTILE = "<img src=x onerror=alert(1)> $x$ =cmd()"
CATS = "en-cats.tsv.gz"


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with the sample about cats, and the corpus "Fruit": Chinese, with markup among its words."""
    texts = [f"苹果很甜。{HOSTILE}", "香蕉很甜。", "苹果公司发布了新手机。", f"河流很长。{HOSTILE}"] * 3
    store.add_corpus(Corpus.from_texts(texts, language="zh", tokenizer="chinese", labels=["甲", "乙"] * 6), "Fruit")
    settings = samples()[CATS].settings
    corpus = Corpus.from_files([samples()[CATS].path], language="en", min_count=1, text_column=settings.text_column,
                               label_column=settings.label_column)  # fmt: skip
    store.add_corpus(corpus, samples()[CATS].name, "sample", {"files": [[f"sample:{CATS}", CATS]]})
    return store.home


def test_from_training_to_the_cat_that_weighs_nothing(app, home, open_page):
    page = open_page(f"{app}/terms")
    page.get_by_role("button", name="Train TF-IDF").click()
    train(page, home)
    rank(page)
    point_at_a_cell(page)
    ask(page)
    background(page)


def train(page, home) -> None:
    """The button has chosen the encoder; the run takes seconds."""
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("watch=tfidf"))
    run = parse_qs(urlsplit(page.url).query)["watch"][0]
    page.get_by_role("link", name="Terms").wait_for()
    store = Store(home)
    for _ in range(600):
        if store.run(run).state == "done":
            break
        page.wait_for_timeout(100)
    assert store.run(run).state == "done", store.run(run).message
    store.close()
    page.get_by_role("link", name="Terms").click()


def rank(page) -> None:
    """The heaviest word, its arithmetic and its place in the text; a click on another bar takes that one apart."""
    drawn(page, "bars-document")
    first = page.locator(".semascope-page .here").first
    first.wait_for()
    page.locator(".katex").wait_for()
    assert first.inner_text().lower() == heading(page)
    bar = page.locator(".st-key-bars-document .barlayer .point").nth(3).bounding_box()
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.wait_for_url(re.compile("term="))
    word = parse_qs(urlsplit(page.url).query)["term"][0]
    page.get_by_role("heading", name=word, exact=True).wait_for()
    page.locator(".semascope-page .here", has_text=re.compile(word, re.I)).wait_for()


def point_at_a_cell(page) -> None:
    """A cell of the blocks leads to the arithmetic and the text of its document."""
    page.get_by_role("radio", name="Picture").click()
    drawn(page, "blocks")
    area = page.locator(".st-key-blocks .nsewdrag").bounding_box()
    filled = page.evaluate("""() => {
        const plot = document.querySelector(".st-key-blocks .semascope-plot"), {z, x, y} = plot._fullData[0];
        const row = [...z].findIndex((cells) => [...cells].some((value) => value > 0));
        return [row, [...z[row]].findIndex((value) => value > 0), y.length, x.length];
    }""")
    row, column, rows, columns = filled
    spot = area["x"] + area["width"] * (column + 0.5) / columns, area["y"] + area["height"] * (row + 0.5) / rows
    page.mouse.click(*point_at(page, lambda: spot, page.locator(".st-key-blocks .hoverlayer .hovertext")))
    page.wait_for_url(re.compile("document="))
    page.locator(".katex").wait_for()
    page.locator(".semascope-page .here").wait_for()


def ask(page) -> None:
    """A query is answered twice, and an unknown word is told of."""
    page.get_by_role("radio", name="Search").click()
    page.get_by_label("Query").fill("the train at night qwzx")
    page.get_by_label("Query").press("Enter")
    drawn(page, "search-answers")
    page.get_by_text("No document has qwzx").wait_for()
    page.get_by_text("BM25", exact=True).first.wait_for()
    page.locator(".semascope-page .hit").first.wait_for()


def background(page) -> None:
    """Among cats the cat has no bar; with others it stands on top."""
    page.get_by_role("radio", name="Background").click()
    page.get_by_text("so its idf is ln(16 / 16) = 0").wait_for()
    slider = page.get_by_role("slider", name=re.compile("Background documents"))
    slider.focus()
    slider.press("End")
    page.get_by_text("in 16 of 66 documents").wait_for()
    page.wait_for_function(
        """() => {
        const plot = document.querySelector("[class*=st-key-company-] .semascope-plot");
        return plot?._fullLayout?.yaxis.ticktext?.[0] === "cat";
    }"""
    )


def test_words_among_markup_stay_words_and_every_text_can_be_read(app, home, open_page):
    store = Store(home)
    [row] = [row for row in store.corpora() if row.name == "Fruit"]
    run = store.queue_train("tfidf", {}, row.id, min_count=1)
    page = open_page(f"{app}/terms?run={run}", color_scheme="dark", locale="zh-CN")
    for _ in range(600):
        if store.run(run).state == "done":
            break
        page.wait_for_timeout(100)
    for link in ("", "&of=group&within=100", "&terms=picture", "&terms=search&query=苹果+河流"):
        page.goto(f"{app}/terms?run={run}{link}")
        page.locator(".semascope-plot[data-tick]").first.wait_for()
        page.wait_for_timeout(300)
        assert page.evaluate(CONTRAST)[1] == [] and page.locator(".stMain img[src=x]").count() == 0
    store.close()


def drawn(page, key: str) -> None:
    page.locator(f".st-key-{key} .semascope-plot[data-tick]").wait_for()


def heading(page) -> str:
    return page.locator("[data-testid=stHeading] h3").first.inner_text().strip()
