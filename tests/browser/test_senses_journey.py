"""Senses in a real browser: a word, its layers, a point and its line, a sense by hand, a sentence, the history."""

import re

import pytest

from core.corpus import Corpus
from core.store import Store
from tests.browser.conftest import ROOT, serving
from tests.browser.test_journey import CONTRAST
from tests.pages.conftest import WORD2VEC, finish
from tests.pages.test_senses import BERT, HOSTILE, MONEY, RIVER

LAYER_SWITCH = 100  # milliseconds
SWITCH = """(slider) => {
  const began = performance.now();
  slider.value = 1;
  slider.dispatchEvent(new Event("input"));
  return performance.now() - began;
}"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The app on a store with labelled sentences around bank, read by word2vec and by a tiny BERT."""
    folder = tmp_path_factory.mktemp("senses") / "home"
    folder.mkdir()
    (folder / "samples.json").write_text("{}")
    store = Store(folder)
    texts = [text.format(n=f"{HOSTILE} {i}") for i in range(12) for text in (*RIVER, *MONEY)]
    labels = ["river", HOSTILE] * 24
    money = [text.format(n=i) for i in range(9) for text in MONEY]
    store.add_corpus(Corpus.from_texts(money, language="en"), "Money")
    banks = store.add_corpus(Corpus.from_texts(texts, labels=labels, language="en"), "Banks")
    finish(store, store.queue_train("word2vec", WORD2VEC, banks.id, min_count=1, name="Counted"))
    finish(store, store.queue_train("bert", BERT, banks.id, min_count=1, name=HOSTILE))
    store.close()
    with serving(ROOT / "app.py", folder, folder.parent / "log") as address:
        yield address


def test_from_a_word_to_its_senses(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001")
    field = page.get_by_role("textbox", name="Word, or two words", exact=True)
    field.fill("bank")
    field.press("Enter")
    flow(page)
    point_and_line(page)
    sort_by_hand(page)
    edit(page)
    history(page)
    measure(page)
    assert page.locator(".stMain img[src=x]").count() == 0


def flow(page) -> None:
    """The cloud flows to another layer in the browser, at once; where it rests stands in the link."""
    page.locator("[class*=st-key-senses-bert] .semascope-plot[data-tick]").first.wait_for()
    slider = page.locator("[class*=st-key-senses-bert] .semascope-morph input")
    assert slider.evaluate(SWITCH) < LAYER_SWITCH
    assert page.locator("[class*=st-key-senses-bert] output").inner_text().startswith("Layer 1 · ")
    slider.evaluate("(slider) => slider.dispatchEvent(new Event('change'))")
    page.wait_for_url(re.compile("layer=1"))
    page.get_by_text(re.compile("silhouette .* in Layer 1")).wait_for()


def point_and_line(page) -> None:
    """A line that is clicked is a point that is looked at, with the contexts nearest to it."""
    page.locator(".semascope-lines [role=listitem]").nth(2).click()
    page.get_by_text("Nearest contexts").wait_for()
    page.wait_for_url(re.compile("at="))


def sort_by_hand(page) -> None:
    """A sense under another name; undone."""
    name = page.get_by_role("textbox", name="Name of the sense").first
    name.fill("shore")
    name.press("Enter")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").wait_for(state="detached")


def edit(page) -> None:
    """A sentence that is changed has other shares."""
    page.get_by_role("radio", name="Edit a sentence").click()
    field = page.get_by_role("textbox", name="A sentence with the word", exact=True)
    field.fill("The river flooded the bank.")
    field.press("Enter")
    page.get_by_text("Each word is left out once").wait_for()
    page.locator(".st-key-senses-shares .semascope-plot[data-tick]").wait_for()


def history(page) -> None:
    """From one star to the layers of the last run, in one animation."""
    page.get_by_role("radio", name="Side by side").click()
    said = page.locator("[class*=st-key-history] .semascope-morph output")
    said.wait_for()
    assert said.inner_text() == "Counted · 0.00"
    page.locator("[class*=st-key-history] .semascope-morph button").click()
    page.locator("[class*=st-key-history] output", has_text="Layer 2").wait_for()


def measure(page) -> None:
    """A verdict beside the baselines, and the same with other labels next to it."""
    page.get_by_role("radio", name="Measure").click()
    page.locator(".st-key-measured-dots-real .semascope-plot[data-tick]").wait_for()
    page.get_by_text("best baseline").first.wait_for()
    page.get_by_role("radio", name="labels dealt out anew").click()
    page.locator(".st-key-measured-dots-shuffled .semascope-plot[data-tick]").wait_for()


def test_every_text_can_be_read_in_the_dark_and_in_chinese(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001&q=bank", color_scheme="dark", locale="zh-CN")
    page.get_by_role("heading", name="义项", exact=True).wait_for()
    page.locator("[class*=st-key-senses-bert] .semascope-plot[data-tick]").first.wait_for()
    assert page.evaluate(CONTRAST)[1] == []


def test_occurrences_are_narrowed_in_a_popover_and_by_a_link(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001&q=bank", locale="zh-CN")
    page.locator("[class*=st-key-senses-bert] .semascope-plot[data-tick]").first.wait_for()
    page.get_by_role("button", name="筛选", exact=False).first.click()
    page.locator(".st-key-filter-facet input").click()
    page.get_by_role("option", name="后一个词").click()
    page.locator(".st-key-filter-right").get_by_text("lent · 12").click()
    page.wait_for_url(re.compile("keep=.*lent"))
    page.get_by_text(re.compile("48 处出现中的 12 处")).wait_for()
    again = open_page(page.url, locale="zh-CN")
    again.get_by_text(re.compile("48 处出现中的 12 处")).wait_for()
    again.locator(".st-key-filters button").first.click()
    again.get_by_text(re.compile("48 篇文档中的 48 处出现")).wait_for()


def test_words_are_hidden_and_one_side_is_seen(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001&q=bank")
    page.locator("[class*=st-key-senses-bert] .semascope-plot[data-tick]").first.wait_for()
    page.get_by_role("button", name="In sight").click()
    page.locator(".st-key-sight-count").get_by_role("slider").press("ArrowRight")
    page.get_by_text("without the 1 giveaway words").wait_for()
    page.wait_for_url(re.compile("hide=1"))
    page.locator(".st-key-sight-words button").first.click()
    page.get_by_text("without the 1 giveaway words").wait_for(state="detached")
    page.get_by_role("radio", name="What is before it").click()
    page.get_by_text(re.compile("with everything, .* with what is before it")).wait_for()


def test_a_word_stands_in_two_corpora(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001&q=bank&senses=beside", locale="zh-CN", color_scheme="dark")
    page.get_by_role("radio", name="两个语料库").click()
    page.locator("[class*=st-key-corpora-] .semascope-plot[data-tick]").first.wait_for()
    page.get_by_role("radio", name="整篇文档").click()
    page.get_by_text(re.compile("按整篇文档重新分派 999 次")).wait_for()
    page.locator("[class*=st-key-corpora-lines] [role=listitem]").last.click()
    page.wait_for_url(re.compile("two="))
    assert page.evaluate(CONTRAST)[1] == []


def test_pairs_of_uses_are_judged_one_after_the_other(app, open_page):
    page = open_page(f"{app}/senses?run=bert-001&q=bank&senses=judge", locale="zh-CN")
    name = page.get_by_role("textbox", name="你的姓名")
    name.fill("Ada")
    name.press("Enter")
    for judged in range(1, 5):
        page.get_by_role("button", name=re.compile(f"^{judged} ·")).click()
        page.get_by_text(f"已评判 50 对中的 {judged} 对").wait_for()
    page.get_by_text(re.compile("ρ = ")).wait_for()
    assert page.evaluate(CONTRAST)[1] == []
