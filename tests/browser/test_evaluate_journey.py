"""Vectors from elsewhere in a real browser: brought in, taken away as gensim reads them, and judged."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from core.store import Store
from core.store.shipped import adopt
from tests.browser.conftest import ROOT
from tests.browser.test_journey import CONTRAST

HOSTILE = "<img/src=x>$x$"


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with the run of word2vec that ships."""
    adopt(store, ROOT / "assets" / "runs" / "word2vec")
    return store.home


def test_from_a_file_to_a_score(app, home, open_page, tmp_path):
    store = Store(home)
    words, vectors = store.vocab("word2vec-001").words[:3000], np.asarray(store.vectors("word2vec-001")[:3000])
    words = [*words[:-1], HOSTILE]
    page = open_page(f"{app}/runs")
    bring_in(page, tmp_path, words, vectors)
    [run] = [run for run in store.runs() if run.kind == "import"]
    assert (run.name, run.state, run.total) == ("elsewhere", "done", 3000)
    assert np.array_equal(store.vectors(run.id), vectors) and store.vocab(run.id).words == words
    take_away(page, app, run.id, tmp_path, words, vectors)
    judge(page, app, run.id)
    own_set(page, app, run.id, tmp_path)
    store.close()


def bring_in(page, tmp_path, words, vectors) -> None:
    """A file is looked at before it is imported, and then stands among the runs."""
    (tmp_path / "broken.txt").write_text("the 1 2 3\nking 1 2\n")
    lines = "".join(f"{word} {' '.join(map(repr, row.tolist()))}\n" for word, row in zip(words, vectors))
    (tmp_path / "elsewhere.txt").write_text(lines)
    page.get_by_role("button", name="Import vectors").click()
    files = page.locator(".semascope-drop input[type=file]").first
    files.set_input_files(tmp_path / "broken.txt")
    page.get_by_text("Line 2 of broken.txt should have 3 numbers after its word; it has 2.").wait_for()
    page.locator(".semascope-drop-row").get_by_role("button", name=re.compile("Remove")).click()
    page.get_by_text("What such a file looks like").wait_for()
    files.set_input_files(tmp_path / "elsewhere.txt")
    page.get_by_text("× 64 numbers").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("elsewhere is here: 3,000 words.").wait_for()


def take_away(page, app, run, tmp_path, words, vectors) -> None:
    """A link brings a file that gensim reads to the bit."""
    page.goto(f"{app}/runs")
    page.get_by_test_id("stPopoverButton").filter(has_text="Download").click()  # tables have buttons of that name, too
    with page.expect_download() as download:
        page.get_by_role("link", name="Vectors: word2vec binary").click()
    download.value.save_as(tmp_path / "back.bin")
    assert download.value.suggested_filename == f"{run}.bin"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gensim.models import KeyedVectors

        found = KeyedVectors.load_word2vec_format(str(tmp_path / "back.bin"), binary=True)
    assert found.index_to_key == words and np.array_equal(found.vectors, vectors)


def judge(page, app, run) -> None:
    """Scores of two runs side by side; a click on a dot shows what stands behind it; the space is explained."""
    page.goto(f"{app}/evaluate?run={run}&beside=word2vec-001")
    drawn(page, "scores-2")
    dots = page.locator(".st-key-scores-2 .scatterlayer .trace .points path")
    assert dots.count() >= 20
    box = page.locator(".st-key-scores-2 .scatterlayer .trace").nth(1).locator(".points path").nth(4).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("score-set=en-categories"))
    page.get_by_text("k-means over directions").wait_for()
    page.get_by_text("Not in the vocabulary").wait_for()
    page.get_by_role("radio", name="Shape of the space").click()
    drawn(page, "hubs-2")
    page.get_by_text("Isotropy without the top").wait_for()


def own_set(page, app, run, tmp_path) -> None:
    """A set of one's own is kept and scored."""
    (tmp_path / "mine.tsv").write_text(
        "king\temperor\t9\nriver\tsea\t8\nking\triver\t1\nwar\tarmy\t8.5\nwar\tchurch\t2\n"
    )
    page.get_by_role("radio", name="Test sets").click()
    page.locator(".semascope-drop input[type=file]").first.set_input_files(tmp_path / "mine.tsv")
    page.get_by_role("button", name="Keep this test set").click()
    page.get_by_role("button", name="Remove", exact=True).first.wait_for()
    page.goto(f"{app}/evaluate?run={run}")
    drawn(page, "scores-1")
    names = "document.querySelector('.st-key-scores-1 .semascope-plot')?._fullLayout?.yaxis.ticktext"
    page.wait_for_function(f"() => {names}?.includes('mine')")


@pytest.mark.parametrize("link", ["evaluate", "evaluate?judge=space", "evaluate?judge=sets", "runs?add=vectors"])
def test_in_the_dark_and_in_chinese_everything_can_be_read(app, open_page, link):
    page = open_page(f"{app}/{link}", color_scheme="dark", locale="zh-CN")
    page.locator("h1").wait_for()
    ready = ".semascope-drop" if "sets" in link or "add" in link else ".semascope-plot[data-tick]"
    page.locator(ready).first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRAST)[1] == []


def drawn(page, key: str) -> None:
    page.locator(f".st-key-{key} .semascope-plot[data-tick]").wait_for()
