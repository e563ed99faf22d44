"""A pre-trained model in a real browser: uploaded as a folder, continued on a text, watched, asked to fill a gap."""

import re
from pathlib import Path

import pytest

from core.corpus import Corpus
from core.store import Store
from tests.core.store.importing.making import listed, tiny

TEXTS = ["the cat sat on the mat. a cat sat on a mat. don't!", "the cats sat. the mat sat on a cat, the cat."] * 40


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with a text whose words the model knows."""
    store.add_corpus(Corpus.from_texts(TEXTS, language="en"), "Cats on mats")
    return store.home


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A BERT whose weights have no head for masked words, as transformers saves it."""
    place = tmp_path_factory.mktemp("little-bert")
    tiny("headless", place)
    return place


def test_from_a_folder_to_a_filled_gap(app, home, folder, open_page):
    page = open_page(f"{app}/runs")
    bring_in(page, folder)
    page.get_by_role("button", name="Continue on a corpus").click()
    page.get_by_text("so one begins anew").wait_for()
    steps = page.get_by_label("Steps", exact=True)
    steps.fill("60")
    steps.press("Enter")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("watch=pretrained-002"))
    watched(page)
    page.get_by_role("button", name="Predict").click()
    page.locator(".st-key-masked-pretrained-002 .semascope-plot[data-tick]").wait_for()
    run = Store(home).run("pretrained-002")
    assert (run.state, run.step, run.start_from) == ("done", 60, "pretrained-001") and run.options["new_head"]
    assert run.metrics["held_out"] < run.metrics["brought"]


def bring_in(page, folder) -> None:
    """The files of the folder are looked at before they are imported."""
    page.get_by_role("button", name="Import a model").click()
    files = page.locator(".semascope-drop input[type=file]").first
    files.set_input_files([path for path, _ in listed(folder)])
    page.get_by_text("2 layers × 2 heads").wait_for()
    page.get_by_label("Name").fill("Little one")
    page.get_by_label("Name").press("Enter")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("Little one is here: 12 words.").wait_for()


def watched(page) -> None:
    """The loss appears with both levels, and the run ends by itself."""
    loss = page.locator(".st-key-loss-pretrained-002 .semascope-plot[data-tick]")
    loss.wait_for()
    page.get_by_text(re.compile("Little one on Cats on mats")).first.wait_for()
    page.get_by_text("· done").wait_for()
    names = loss.evaluate("plot => plot._fullLayout.annotations.map(each => each.text)")
    assert any("as it was brought" in name for name in names) and any("guessing by" in name for name in names)
