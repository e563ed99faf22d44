"""Pairs of sentences in a real browser: CoVe trained for some steps, its translation forming, a sentence translated."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.corpus import Corpus
from core.store import Store
from tests.core.encoders.conftest import FRENCH, toy_sentences


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with the corpus "Pairs": sentences, each with its French."""
    texts = toy_sentences(200)
    other = [" ".join(FRENCH.get(word, word) for word in text.split()) for text in texts]
    store.add_corpus(Corpus.from_texts(texts, translations=other, language="en"), "Pairs")
    return store.home


def test_from_pairs_to_a_translation(app, home, open_page):
    page = open_page(f"{app}/train?encoder=cove")
    steps = page.get_by_label("Steps", exact=True)
    steps.fill("60")
    steps.press("Enter")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(lambda address: "watch=cove" in address)
    run = parse_qs(urlsplit(page.url).query)["watch"][0]
    page.locator(f".st-key-translated-{run} .heatmaplayer image").wait_for()
    page.get_by_text("In the corpus: le").wait_for()
    store = Store(home)
    for _ in range(300):
        if store.run(run).state == "done":
            break
        page.wait_for_timeout(100)
    store.close()
    page.goto(f"{app}/predict?predict=translate&run={run}&translated=the+cat+sleeps+in+the+zoo+.")
    page.locator(f".st-key-translated-looks-{run} .heatmaplayer image").wait_for()
    page.get_by_text("It never learned zoo").wait_for()
    words = page.locator(f".st-key-translated-looks-{run} .xtick text").all_text_contents()
    assert words == "the cat sleeps in the zoo".split()
