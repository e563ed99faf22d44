"""A novel in a real browser: out of an archive in an old encoding, cleaned, segmented, looked up, read, trained on."""

import csv
import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from core.corpus import Corpus
from core.store import Store
from core.store.samples import samples
from tests.browser.test_journey import CONTRAST, FRAME, live_step, start

HOSTILE = ("<img src=x onerror=alert(1)>", "<script>window.struck = 1</script>", "$x$ =cmd() *star*")


@pytest.fixture(scope="module")
def home(store, tmp_path_factory) -> Path:
    """A store with the corpus "Letters": 60 documents with a year and a kind, their words among markup."""
    table = tmp_path_factory.mktemp("novel") / "letters.csv"
    with open(table, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("title", "date", "kind", "text"), *(letter(i) for i in range(60))])
    roles = {"text_column": "text", "title_column": "title", "date_column": "date", "group_column": "kind"}
    store.add_corpus(Corpus.from_files([table], language="en", **roles), "Letters")
    return store.home


def letter(i: int) -> tuple[str, int, str, str]:
    about = "The banker counted the money of the town" if i % 3 == 0 else "The queen loved the river bank"
    text = f"{HOSTILE[i % 3]} {about}. {HOSTILE[1]} The king, they said, wrote to the queen in {1801 + i}.\n\n"
    return f"{HOSTILE[0]} {i}", 1801 + i, HOSTILE[i % 2], text * (40 if i == 1 else 1)


@pytest.fixture
def letters(app, home):
    """letters(view) -> the link to a page with the corpus "Letters" in use."""
    store = Store(home)
    [corpus] = [row.id for row in store.corpora() if row.name == "Letters"]
    store.close()
    return lambda view: f"{app}/{view}{'&' if '?' in view else '?'}corpus={corpus}"


def novel() -> bytes:
    """A zip with the first half of a novel as an old Chinese text file, with a notice and full-width letters in it."""
    text = gzip.decompress(samples()["zh-hongloumeng.txt.gz"].path.read_bytes()).decode()[:150_000]
    first, _, rest = text.partition("\n")
    content = f"{first}\n本书由 http://books.example/hlm.htm 收录，校对者ＷＡＮＧ。\n{rest}".encode("gb18030")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("红楼梦/hongloumeng.txt", content)
    return packed.getvalue()


def test_from_a_novel_in_an_archive_to_training_on_it(app, home, open_page):
    page = open_page(f"{app}/corpus?view=add")
    bring(page)
    clean(page)
    keep(page)
    look_up(page)
    read(page)
    page.get_by_role("link", name="Train").click()
    run = start(page, epochs=500, dim=100)
    assert live_step(page, run) > 0
    store = Store(home)
    assert (
        "宝玉" in store.vocab(run).words and store.corpus_row(store.run(run).corpus_id).facts["tokenizer"] == "chinese"
    )
    page.locator(f".st-key-stop-{run} button").first.click()
    page.locator(f".st-key-pause-{run}").wait_for(state="detached")


def bring(page) -> None:
    """The encoding is found, the language too, and chapters are offered."""
    file = {"name": "hongloumeng.zip", "mimeType": "application/zip", "buffer": novel()}
    page.locator(".semascope-drop input[type=file]").first.set_input_files(file)
    page.get_by_text("甄士隐梦幻识通灵").first.wait_for()
    for field, value in (("encoding", "found: gb18030"), ("tokenizer", "Chinese words")):
        page.locator(f".st-key-read-{field} input[value='{value}']").wait_for()


def clean(page) -> None:
    """Two steps, each with its place before and after."""
    page.locator(".st-key-read-open-cleaning summary").click()
    page.locator(".st-key-read-strip_urls label").first.click()
    page.get_by_text("What cleaning does").wait_for()
    page.locator(".st-key-read-half_width label").first.click()
    page.get_by_text("校对者WANG").first.wait_for()
    page.get_by_text(re.compile(r"本书由\s+收录，校对者WANG")).first.wait_for()
    page.locator(".st-key-read-split input").click()
    page.get_by_role("option", name=re.compile("chapters")).click()


def keep(page) -> None:
    """The corpus is read, and its overview stands."""
    page.get_by_role("button", name="Keep this corpus").click()
    page.get_by_role("heading", name="hongloumeng", exact=True).wait_for()
    page.get_by_text(re.compile("Cleaned: .*Web addresses 1")).wait_for()
    page.get_by_text(re.compile("Heaps")).first.wait_for()
    page.locator("[class*=st-key-growth] .semascope-plot[data-tick]").wait_for()


def look_up(page) -> None:
    """A word in its lines; one of them is clicked, and its paragraph stands beside."""
    page.get_by_role("link", name="Concordance").click()
    page.locator(".st-key-search input").fill("宝玉")
    page.locator(".st-key-search input").press("Enter")
    page.locator(".semascope-lines .node").nth(99).wait_for()
    assert set(page.locator(".semascope-lines .node").all_inner_texts()) == {"宝玉"}
    line = page.locator(".semascope-lines > div").nth(7)
    line.locator(".node").click()
    page.locator(".semascope-lines > div.here").and_(page.locator(".semascope-lines > div:nth-child(8)")).wait_for()
    page.get_by_role("button", name="Open the document here").click()


def read(page) -> None:
    """The document is open where the line was, in view."""
    here = page.locator(".semascope-page .here")
    here.wait_for()
    assert here.inner_text() == "宝玉" and in_view(page)
    page.get_by_role("button", name="Next place").click()
    page.wait_for_function("(now) => document.querySelector('.semascope-page .here')?.textContent === '宝玉'")
    assert in_view(page)


def in_view(page) -> bool:
    """Whether the place that was asked for lies within what its box shows."""
    return page.evaluate("""() => {
      const box = document.querySelector(".semascope-page").getBoundingClientRect();
      const here = document.querySelector(".semascope-page .here").getBoundingClientRect();
      return here.top >= box.top && here.bottom <= box.bottom;
    }""")


def test_words_never_become_markup(letters, open_page):
    page = open_page(letters("concordance?q=bank&window=30"))
    page.locator(".semascope-lines .node").first.wait_for()
    lines = page.locator(".semascope-lines").inner_text()
    assert all(lines.count(text) > 10 for text in HOSTILE[:2]) and lines.count("x$ =cmd() *star*") > 5
    page.get_by_role("radio", name="Read").click()
    page.locator(".semascope-page").wait_for()
    page.get_by_role("radio", name="Trends").click()
    page.locator("[class*=st-key-strips] .semascope-plot[data-tick]").wait_for()
    page.get_by_role("link", name="Compare").click()
    page.locator(".st-key-key-scatter .semascope-plot[data-tick]").wait_for()
    assert page.evaluate("[window.struck, document.querySelectorAll('.stApp img[src=x]').length]") == [None, 0]


def test_wide_lines_are_whole_and_begin_where_the_hits_are(letters, open_page):
    page = open_page(letters("concordance?q=queen&window=40"))
    page.locator(".semascope-lines.wide .node").first.wait_for()
    left, width, whole, node = page.evaluate("""() => { const list = document.querySelector(".semascope-lines"),
        box = list.getBoundingClientRect(), node = list.querySelector(".node").getBoundingClientRect();
        return [list.scrollLeft, list.clientWidth, list.scrollWidth, node.left + node.width / 2 - box.left] }""")
    assert left > 0 and whole > width and abs(node - width / 2) < 3


def test_a_word_of_a_line_becomes_the_search(letters, open_page):
    page = open_page(letters("concordance?q=counted"))
    page.locator(".semascope-lines .left .word", has_text="banker").first.click()
    page.wait_for_url(re.compile("q=banker"))
    page.locator(".semascope-lines .node", has_text="banker").first.wait_for()
    assert page.locator(".st-key-search input").input_value() == "banker"


def test_lines_can_be_walked_with_the_keyboard(letters, open_page):
    page = open_page(letters("concordance?q=banker"))
    line = page.locator(".semascope-lines > div").nth(3)
    line.wait_for()
    line.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("line="))
    page.locator(".semascope-lines > div:nth-child(4).here").wait_for()


def test_a_word_of_a_document_leads_to_its_lines(letters, open_page):
    page = open_page(letters("concordance?show=reader&document=2&q=king&at=3000"))
    page.locator(".semascope-page .word", has_text="loved").first.click()
    page.wait_for_url(re.compile("q=loved"))
    page.locator(".semascope-lines .node", has_text="loved").first.wait_for()


VIEWS = {
    "concordance?q=queen": ".semascope-lines .node",
    "concordance?q=queen&show=reader&document=2&tint=rare": ".semascope-page .hit",
    "concordance?q=queen&show=collocations": "[class*=st-key-collocates] .semascope-plot[data-tick]",
    "concordance?q=queen&show=trends": "[class*=st-key-strips] .semascope-plot[data-tick]",
    "compare": ".st-key-key-scatter .semascope-plot[data-tick]",
    "corpus?view=derive": "form, [data-testid=stForm]",
    "corpus?view=labels": ".semascope-drop",
}


FITS = "(width) => document.querySelector('[data-testid=stMain]').scrollWidth <= width"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_can_be_read_in_both_themes_and_fits_the_window(letters, open_page, scheme):
    page = open_page(letters("corpus"), color_scheme=scheme)
    for view, stands in VIEWS.items():
        page.goto(letters(view))
        page.locator(f"{FRAME} a").first.wait_for()
        page.locator(stands).first.wait_for()
        background, faint = page.evaluate(CONTRAST)
        assert (sum(background) < 200) == (scheme == "dark") and (view, faint) == (view, [])
        for width in (1100, 400, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(FITS, arg=width)  # pictures follow a moment later
