"""Documents in a real browser: a point clicked, a box drawn, what sets it apart; a class confused, a text typed."""

from pathlib import Path

import pytest

from core.corpus import Corpus

SUBJECTS = {
    "sport": ("the team won the match with a late goal", "a goal in the last match", "the team lost another match"),
    "money": ("the bank lent money at a low rate", "money and a rate", "the rate of the bank rose"),
}
HOSTILE = "<img src=x onerror=alert(1)> $x$"


@pytest.fixture(scope="module")
def home(store, tmp_path_factory) -> Path:
    """A store with the corpus "Subjects": 60 short documents of two subjects, one of them with markup for a title."""
    file = tmp_path_factory.mktemp("subjects") / "subjects.tsv"
    rows = [(subject, f"{subject} {i}" if i else HOSTILE, f"{texts[i % 3]}, number {i % 7} of them")
            for i in range(30) for subject, texts in SUBJECTS.items()]  # fmt: skip
    lines = ["subject\ttitle\ttext", *map("\t".join, rows)]
    file.write_text("\n".join(lines), encoding="utf-8")
    roles = {"text_column": "text", "label_column": "subject", "title_column": "title"}
    store.add_corpus(Corpus.from_files([file], language="en", **roles), "Subjects")
    return store.home


def test_from_a_box_on_the_map_to_its_words_in_their_contexts(app, open_page):
    page = open_page(f"{app}/documents?document=1")
    page.get_by_text("a random map").wait_for()
    assert page.get_by_role("heading", name=HOSTILE).count() and page.locator("img[src=x]").count() == 0
    page.locator('[data-title="Select a box"]').first.click()
    box = page.locator(".js-plotly-plot").first.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] - 1, steps=8)
    page.mouse.up()
    page.get_by_text("Bars: ").wait_for()
    bars = page.locator(".js-plotly-plot").nth(1)
    bars.scroll_into_view_if_needed()
    word = bars.locator(".ytick text").first.text_content()
    first = bars.locator(".barlayer .point path").first.bounding_box()
    page.mouse.click(first["x"] + 4, first["y"] + first["height"] / 2)
    page.wait_for_url("**/concordance?*")
    page.locator(".semascope-lines .node").first.wait_for()
    assert page.locator(".semascope-lines .node").first.inner_text().lower() == word


def test_from_the_scores_to_a_text_of_ones_own(app, open_page):
    page = open_page(f"{app}/documents?look=classify&sets=counts,tf-idf&part=text")
    page.get_by_text("held-out documents").wait_for()
    page.locator("textarea").fill(f"The bank lent money to {HOSTILE}")
    page.keyboard.press("Control+Enter")
    page.get_by_text("words are known").wait_for()
    assert HOSTILE in page.locator(".semascope-page").inner_text() and page.locator("img[src=x]").count() == 0
    page.locator(".semascope-page .word", has_text="bank").click()
    page.wait_for_url("**/concordance?*")
    page.locator(".semascope-lines .node").first.wait_for()
