"""What is measured of attention, in a real browser: a head is chosen, one is switched off, a file of parses brought."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.corpus import Corpus
from tests.pages.conftest import finish

OPTIONS = {"steps": 10, "layers": 2, "heads": 2, "width": 16, "context": 24, "batch": 4, "threads": 1}
HOSTILE = "<img src=x onerror=alert(1)> $x$"
PARSE = "1\tthe\t_\t_\t_\t_\t2\tdet\t_\t_\n2\tking\t_\t_\t_\t_\t3\tnsubj\t_\t_\n3\tsaw\t_\t_\t_\t_\t0\troot\t_\t_\n\n"


@pytest.fixture(scope="module")
def home(store) -> Path:
    """A store with a small BERT (bert-001) over short documents."""
    texts = [f"The king saw land {i % 7}. She gave him a {HOSTILE} ring. He went home." for i in range(80)]
    corpus = store.add_corpus(Corpus.from_texts(texts, language="en"), HOSTILE)
    finish(store, store.queue_train("bert", OPTIONS, corpus.id, min_count=1, name=HOSTILE))
    return store.home


def asked(page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def test_from_a_head_to_what_is_lost_without_it_and_what_it_parses(app, open_page, tmp_path):
    page = open_page(f"{app}/attention?run=bert-001&attention=measure&measure=heads&text=the king saw <s> $x$")
    head(page)
    lesion(page)
    parser(page, tmp_path / "mine.conllu")


def head(page) -> None:
    """A click on a point of the map chooses the head."""
    page.locator("[class*=st-key-head-map] .point").first.wait_for()
    box = page.locator("[class*=st-key-head-map] .point").nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text("is chosen").wait_for()
    assert asked(page, "head") in ("1.1", "1.2", "2.1", "2.2")


def lesion(page) -> None:
    """Heads in the link are off; the loss of each alone is a table of numbers."""
    page.goto(page.url.replace("measure=heads", "measure=lesion") + "&off=%5B%221.2%22%5D&sample=25")
    page.locator("[class*=st-key-lesion] .annotation").nth(3).wait_for()
    page.get_by_text("Without 1.2").wait_for()


def parser(page, file: Path) -> None:
    """A file of a person's own is parsed by the best head."""
    file.write_text(PARSE * 12)
    page.get_by_role("button", name="Parser", exact=True).or_(page.get_by_role("radio", name="Parser")).first.click()
    page.get_by_role("button", name="A file", exact=True).or_(page.get_by_role("radio", name="A file")).first.click()
    page.locator("[class*=st-key-conllu-file] input[type=file]").first.set_input_files(str(file))
    page.get_by_text("12 sentences; 0 left out").wait_for()
