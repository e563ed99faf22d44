"""Attention in a real browser: heads, cells, lines, one head's arithmetic, moments, two sides, and a file to keep."""

import re
from pathlib import Path

import pytest

from core.corpus import Corpus
from tests.browser.test_journey import CONTRAST
from tests.pages.conftest import finish

HOSTILE = "<s> $x$ <script>alert(1)</script> the king"
TEXTS = [f"The king gave {HOSTILE} to the queen. She walked to the river."] * 30
TINY = {"layers": 2, "heads": 2, "width": 16, "context": 32, "batch": 4, "threads": 1, "steps": 20}


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with a tiny BERT (bert-001) and a tiny GPT (gpt-001) of sentences with markup among their words."""
    corpus = store.add_corpus(Corpus.from_texts(TEXTS, language="en"), "Kings")
    for encoder in ("bert", "gpt"):
        finish(store, store.queue_train(encoder, TINY, corpus.id, min_count=1, name=f"<b>{encoder}</b>"))
    return store.home


def board(page, **told: str):
    """The board, once it is drawn as told."""
    drawn = ".semascope-attention" + "".join(f'[data-{name}="{value}"]' for name, value in told.items())
    page.locator(drawn).wait_for()
    return page.locator(".semascope-attention")


def test_from_a_head_to_a_file_that_anybody_can_open(app, open_page):
    page = open_page(f"{app}/attention?run=bert-001&text=the+king+walked&second=to+the+queen")
    place = board(page, view="map", head="0.0")
    choose_a_head(page, place)
    point_at_a_cell(page, place)
    draw_lines(page, place)
    look_into_a_head(page, place)
    take_away(page, open_page)


def choose_a_head(page, place) -> None:
    """A click on the last small map; the link knows it."""
    box = place.locator(".side svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20)
    board(page, head="1.1")
    page.wait_for_url(re.compile("head=2.2"))


def point_at_a_cell(page, place) -> None:
    """Row and column of a cell are marked in the sentence, and its weight is said."""
    place.locator(".panel rect").nth(10).hover()  # of 9 x 9 cells: the second row's second
    said = place.locator(".told").inner_text()
    assert re.fullmatch(r"“the” looks at “the”: 0\.\d{3}", said)
    assert [place.locator(f".strip .{name}").inner_text() for name in ("looks", "seen")] == ["the", "the"]


def draw_lines(page, place) -> None:
    page.get_by_role("button", name="Lines between words").click()
    board(page, view="lines")
    every = place.locator(".panel path").count()
    place.locator(".panel text").nth(1).hover()
    assert 0 < place.locator(".panel path").count() < every


def look_into_a_head(page, place) -> None:
    """The parts of a head come when they are asked for; a piece that is clicked looks next."""
    page.get_by_role("button", name="Neurons").click()
    place.get_by_text("query × key").wait_for()
    page.wait_for_url(re.compile("look=neuron"))
    before = place.locator(".panel svg image").nth(0).get_attribute("href")
    place.locator(".panel svg text", has_text="king").last.click()
    assert place.locator(".panel svg image").nth(0).get_attribute("href") != before


def take_away(page, open_page) -> None:
    """The drawing has its words; the page of its own is alive without a server."""
    with page.expect_download() as drawing:
        page.get_by_role("button", name="SVG").click()
    assert ">king</text>" in Path(drawing.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as file:
        page.get_by_role("button", name="Save as one HTML file").click()
    kept = Path(file.value.path()).rename(Path(file.value.path()).with_suffix(".html"))
    alone = open_page(kept.as_uri())
    board(alone, view="neuron").get_by_role("button", name="Heat map").click()
    assert board(alone, view="map").locator(".strip span").count() == 9


def test_the_heads_of_a_model_that_looks_back_form_in_front_of_a_person(app, open_page):
    page = open_page(f"{app}/attention?run=gpt-001&beside=time&text=the+king+gave+the+queen")
    place = board(page, view="map")
    place.get_by_text("never looks at what comes later").wait_for()
    last = place.locator("output").last.inner_text()
    place.get_by_label("Moment of the training").focus()
    page.keyboard.press("Home")
    assert place.locator("output").last.inner_text() != last
    page.goto(f"{app}/attention?run=gpt-001&beside=moment&text=the+king+gave+the+queen")
    place.get_by_text("left − right").wait_for()
    assert place.locator(".panel").count() == 3


@pytest.mark.parametrize("look", ["grid", "map", "lines"])
def test_words_among_markup_stay_words_and_every_text_can_be_read(app, open_page, look):
    page = open_page(
        f"{app}/attention?run=bert-001&look={look}&text={HOSTILE.replace(' ', '+')}",
        color_scheme="dark",
        locale="zh-CN",
    )
    place = board(page, view=look)
    if look != "grid":
        assert "script" in place.locator(".strip").inner_text()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(CONTRAST)[1] == [] and place.locator("script").count() == 0
