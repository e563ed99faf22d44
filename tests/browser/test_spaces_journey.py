"""Spaces in a real browser: words on axes, two spaces that point together and go over into each other, the history."""

import re
from pathlib import Path

import pytest

from core.corpus import Corpus
from tests.browser.test_journey import CONTRAST, tales
from tests.pages.conftest import finish

HOSTILE = "<img src=x onerror=alert(1)>"
SAME_WORD = """([left, right]) => {  // where the mouse comes to rest: on its way it may have met other points
    const tip = left.querySelector(".hoverlayer .hovertext")?.textContent;
    const ring = right.querySelector(".semascope-ring")?.textContent;
    return tip && ring && tip.startsWith(ring);
}"""


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with some tales, two trainings of word2vec on them, one with markup for a name, and one of one-hot."""
    corpus = store.add_corpus(Corpus.from_texts([tales()[:120_000]], language="en"), "Some tales")
    for encoder, options, name in (
        ("onehot", {}, "One-hot"),
        ("word2vec", {"dim": 20, "epochs": 3, "threads": 1, "seed": 1}, HOSTILE),
        ("word2vec", {"dim": 20, "epochs": 3, "threads": 1, "seed": 2}, "Second"),
    ):
        finish(store, store.queue_train(encoder, options, corpus.id, min_count=2, name=name))
    return store.home


def plot(page, key: str):
    """The plot under this key, once it is drawn."""
    found = page.locator(f".st-key-{key} .semascope-plot[data-tick]")
    found.wait_for()
    return found


def where(place, row: int) -> tuple[float, float]:
    """Where a row of a plot's first trace stands in the window."""
    place.scroll_into_view_if_needed()
    box, (x, y, *_) = place.bounding_box(), place.evaluate("(plot, row) => plot.place(row)", row)
    return box["x"] + x, box["y"] + y


def inside(place) -> int:
    """A row well inside the picture."""
    return place.evaluate("""plot => {
        const rows = plot._fullData[0].x.length, {clientWidth: w, clientHeight: h} = plot;
        for (let row = 0; row < rows; row++) {
            const [x, y] = plot.place(row) ?? [-1, -1];
            if (x > w * 0.25 && x < w * 0.65 && y > h * 0.3 && y < h * 0.7) return row;
        }
    }""")


def test_from_axes_to_two_spaces_that_point_together(app, open_page):
    page = open_page(f"{app}/spaces?run=word2vec-002&axis-typed=king+queen+man+woman+son+daughter")
    name_the_axes(page)
    click_a_word(page)
    page.get_by_role("radio", name="Two spaces").click()
    point_in_one(page)
    go_over(page)


def name_the_axes(page) -> None:
    """What is typed stands at the ends of the axes; what is no word is told of, letter by letter."""
    plot(page, "axis-plane-word2vec-002")
    page.get_by_label("Across").fill(f"{HOSTILE} - king")
    page.get_by_label("Across").press("Enter")
    page.get_by_text("a sign is missing").wait_for()
    page.get_by_label("Across").fill("mother - father")
    page.get_by_label("Across").press("Enter")
    page.wait_for_url(re.compile("axis-x=mother"))
    page.locator(".annotation-text", has_text="mother →").wait_for()
    assert page.locator(".stMain img[src=x]").count() == 0


def click_a_word(page) -> None:
    place = plot(page, "axis-plane-word2vec-002")
    row = place.evaluate("plot => plot._fullData[0].text.indexOf('king')")
    page.mouse.click(*where(place, row))
    page.wait_for_url(re.compile("axis-word=king"))
    page.get_by_text("of all words").first.wait_for()


def point_in_one(page) -> None:
    """What is pointed at in one map is ringed and named in the other; a click points at it in both."""
    left, right = plot(page, "space-0"), plot(page, "space-1")
    assert HOSTILE in page.locator(".stMain").inner_text()
    row = inside(left)
    x, y = where(left, row)
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y, steps=5)
    right.locator(".semascope-ring").wait_for()
    page.wait_for_function(SAME_WORD, arg=[left.element_handle(), right.element_handle()])
    page.mouse.click(x, y)
    page.wait_for_url(re.compile("word="))
    page.get_by_text("in bold what they share").wait_for()
    for place in (left, right):
        page.wait_for_function("plot => plot.written().some(({hot}) => hot)", arg=place.element_handle())


def go_over(page) -> None:
    """The slider takes every word to where it stands in the other space; the link remembers where it rests."""
    page.get_by_role("radio", name="In motion").click()
    place = plot(page, "space-morph")
    before = place.evaluate("plot => [...plot._fullData[0].x]")
    slider = page.get_by_label("From one to the other")
    slider.focus()
    slider.press("End")
    page.wait_for_url(re.compile("morph=1"))
    after = place.evaluate("plot => [...plot._fullData[0].x]")
    assert sum(abs(a - b) > 1e-3 for a, b in zip(before, after)) > len(before) / 2
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(re.compile("morph=0"))
    back = place.evaluate("plot => [...plot._fullData[0].x]")
    assert max(abs(a - b) for a, b in zip(before, back)) < 1e-4
    slider.press("End")
    page.wait_for_url(re.compile("morph=1"))
    page.reload()
    again = plot(page, "space-morph").evaluate("plot => [...plot._fullData[0].x]")
    assert max(abs(a - b) for a, b in zip(after, again)) < 1e-4


def test_the_history_writes_every_word_in_every_panel_and_is_saved_as_a_drawing(app, open_page):
    page = open_page(f"{app}/spaces?space=history&history-words=king+queen+prince%3B+father+mother+son")
    place = plot(page, "history")
    assert place.evaluate("plot => [plot.written().length, plot._fullData[0].x.length]") == [12, 12]
    with page.expect_download() as download:
        page.locator('[data-title="Save as a drawing (SVG)"]').click()
    drawing = Path(download.value.path()).read_text(encoding="utf-8")
    assert drawing.count(">queen</text>") == 2 and "word2vec (2013)" in drawing


@pytest.mark.parametrize("view", ["axes", "axes&axes=wheel", "split", "history"])
def test_every_text_can_be_read_on_a_dark_page_in_chinese(app, open_page, view):
    page = open_page(f"{app}/spaces?space={view}&run=word2vec-001", color_scheme="dark", locale="zh-CN")
    page.locator("h1").wait_for()
    if view != "split":
        page.locator(".semascope-plot[data-tick]").first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRAST)[1] == [] and page.locator(".stMain img[src=x]").count() == 0
