"""What a person does, in a real browser: from a text to words taken away; both languages and themes; a dead server."""

import csv
import gzip
import io
import re
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from core.corpus import Corpus
from core.store import Store
from core.store.samples import samples
from pages.widgets.i18n import catalogue
from tests.browser.conftest import ROOT, SLOW, patient, serving, wait_until_it_answers
from tests.pages.conftest import finish, new_home

FRAME = "[data-testid=stSidebarNav]"


def tales() -> str:
    """Grimm's tales as one plain text of about 400 kB."""
    content = gzip.decompress(samples()["en-grimm-tales.tsv.gz"].path.read_bytes()).decode()
    return "\n\n".join(row["Content"] for row in csv.DictReader(io.StringIO(content), delimiter="\t"))


def filled(store: Store) -> Path:
    """The home of this store, with the corpus "Some tales" and the finished run "Done before"."""
    corpus = store.add_corpus(Corpus.from_texts([tales()[:80_000]], language="en"), "Some tales")
    finish(store, store.queue_train("word2vec", {"dim": 20, "epochs": 2}, corpus.id, min_count=2, name="Done before"))
    return store.home


@pytest.fixture(scope="module")
def home(store) -> Path:
    return filled(store)


def test_from_a_text_to_words_taken_away(app, home, open_page):
    page = open_page(f"{app}/corpus?view=add")
    bring(page, "tales.txt", tales()[:300_000])
    page.get_by_role("button", name="Train on it", exact=True).click()
    run = start(page, epochs=1000, dim=300)
    first = live_step(page, run)
    page.reload()
    assert live_step(page, run) >= first
    other = open_page(page.url)
    assert live_step(other, run) >= first and other.get_by_text(Store(home).run(run).name).count()
    page.locator(f".st-key-stop-{run} button").first.click()
    page.locator(f".st-key-pause-{run}").wait_for(state="detached")
    walk(page, run)
    words = take_away(page)
    assert len(words) > 5 and set(words) <= set(Store(home).vocab(run).words)


def bring(page, name: str, text: str) -> None:
    """Upload a text, look at it, keep it, and wait until it is read."""
    page.locator(".semascope-drop input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.get_by_text("A certain father had two sons").first.wait_for()
    page.get_by_role("button", name="Keep this corpus").click()
    page.get_by_role("heading", name="tales", exact=True).wait_for()
    page.get_by_text("What a text of this size can carry").wait_for()


def start(page, **options: int) -> str:
    """Train word2vec on the corpus in use with these options; the run's id."""
    page.get_by_role("radio", name="Quick").click()
    for name, value in options.items():
        field = page.locator(f".st-key-word2vec-quick-{name} input")
        field.fill(str(value))
        field.press("Enter")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("watch=word2vec"))
    return parse_qs(urlsplit(page.url).query)["watch"][0]


def live_step(page, run: str) -> int:
    """The step of the live map, once it has points and its loss stands beside it."""
    plot = f".st-key-map-{run} .semascope-plot"
    has_points = "(map) => map?.dataset.tick && map._fullData[0].x.length > 100"
    page.wait_for_function(f"({has_points})(document.querySelector('{plot}'))")
    page.locator(f".st-key-loss-{run} .semascope-plot[data-tick]").wait_for()
    return int(page.locator(plot).get_attribute("data-tick"))


def walk(page, run: str) -> None:
    """Go to the map and click a word: its neighbours stand beside the map, and it is in the link."""
    page.get_by_role("link", name="Map").click()
    page.get_by_text(re.compile(r"keeps \d+%")).wait_for()  # the finished map, not its first picture
    still = "(map) => map?.written?.().length > 5 && !map.glide"
    page.wait_for_function(f"({still})(document.querySelector('[class*=st-key-map-of] .semascope-plot'))")
    assert f"run={run}" in page.url
    label = page.evaluate("document.querySelector('[class*=st-key-map-of] .semascope-plot').written()[0]")
    left, top, right, bottom = label["box"]
    plot = page.locator("[class*=st-key-map-of] .semascope-plot").bounding_box()
    page.mouse.move(plot["x"] + left, plot["y"] + top)
    page.mouse.click(plot["x"] + (left + right) / 2, plot["y"] + (top + bottom) / 2)
    page.wait_for_url(re.compile("word="))
    assert parse_qs(urlsplit(page.url).query)["word"] == [label["word"]]
    page.get_by_role("heading", name=label["word"], exact=True).wait_for()
    page.get_by_text("in the original space").wait_for()


def take_away(page) -> list[str]:
    """Select words with a box and download the table; the words in it."""
    page.locator("[class*=st-key-map-of]").hover()
    page.locator('[data-title="Select a box"]').click()
    area = page.locator("[class*=st-key-map-of] .nsewdrag").bounding_box()
    page.mouse.move(area["x"] + 0.3 * area["width"], area["y"] + 0.3 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.7 * area["width"], area["y"] + 0.7 * area["height"], steps=4)
    page.mouse.up()
    page.get_by_text(re.compile(r"\d words selected")).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig")))
    return [row["word"] for row in rows]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["", "corpus", "train?watch=word2vec-001", "runs", "map"])
def test_every_text_can_be_read_in_both_themes(app, open_page, name, scheme):
    page = open_page(f"{app}/{name}", color_scheme=scheme)
    page.locator(f"{FRAME} a").first.wait_for()
    page.locator(".semascope-plot[data-tick]").first.wait_for()
    background, faint = page.evaluate(CONTRAST)
    assert (sum(background) < 200) == (scheme == "dark") and faint == []


# The page's background, and each text whose contrast to what lies behind it is below 3 : 1, the least for large text.
CONTRAST = """() => {
  const numbers = (colour) => {
    const found = colour.match(/[\\d.]+(e-?\\d+)?/g).map(Number), scale = colour.startsWith("color(") ? 255 : 1;
    return [...found.slice(0, 3).map((part) => part * scale), found[3] ?? 1];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (node) => node ? over(numbers(getComputedStyle(node).backgroundColor), behind(node.parentElement))
    : [255, 255, 255, 1];
  const linear = (share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  const light = (colour) => 0.2126 * linear(colour[0] / 255) + 0.7152 * linear(colour[1] / 255)
    + 0.0722 * linear(colour[2] / 255);
  const app = document.querySelector(".stApp"), faint = [];
  const walker = document.createTreeWalker(app, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (parent.closest("svg, style, script, [disabled], [aria-disabled=true]")) continue;
    const ground = behind(parent), ink = over(numbers(getComputedStyle(parent).color), ground);
    const [less, more] = [light(ground), light(ink)].sort((a, b) => a - b);
    if ((more + 0.05) / (less + 0.05) < 3) faint.push(text.slice(0, 40));
  }
  return [behind(app).slice(0, 3), faint];
}"""


def test_the_language_switch_shows_chinese(app, open_page):
    page = open_page(f"{app}/train")
    page.get_by_role("heading", name="Train", exact=True).wait_for()
    page.get_by_role("radio", name="中文").click()
    page.get_by_role("heading", name=translated("Train"), exact=True).wait_for()
    page.get_by_role("button", name=translated("Start training")).wait_for()
    page.get_by_role("link", name=translated("Map")).click()
    page.get_by_role("heading", name=translated("Map"), exact=True).wait_for()


def test_a_chinese_browser_is_answered_in_chinese(app, open_page):
    page = open_page(app, locale="zh-CN")
    page.get_by_text(translated("What have you brought?")).wait_for()
    page.get_by_role("link", name=translated("Train"), exact=True).wait_for()


def translated(text: str) -> str:
    chinese = catalogue("zh").gettext(text)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), f"{text} has no translation"
    return chinese


def test_a_run_goes_on_without_the_server(tmp_path, browser):
    store = Store(new_home(tmp_path / "home"))
    home, page = filled(store), patient(browser.new_context()).new_page()
    with serving(ROOT / "app.py", home, tmp_path / "log") as address:
        page.goto(f"{address}/train")
        run = start(page, epochs=1000, dim=300)
        before = live_step(page, run)
        again = killed(address)
        went_on = farther(store, run, before)
        with subprocess.Popen(**again) as server:
            wait_until_it_answers(f"{address}/_stcore/health", server, tmp_path / "log")
            page.reload()
            page.locator(f"{FRAME} a").first.wait_for()  # a fresh server's first page has the app's frame
            assert live_step(page, run) > before and store.run(run).attempt == 1
            assert page.locator(f".st-key-pause-{run}").count() and farther(store, run, went_on)
            server.kill()
    page.context.close()
    store.close()


def killed(address: str) -> dict:
    """Kill the server at this address as the kernel would; what starts it again in the same place."""
    port = str(urlsplit(address).port)
    [server] = [each for each in psutil.process_iter(["cmdline"]) if port in (each.info["cmdline"] or [])]
    again = {"args": server.cmdline(), "env": server.environ(), "cwd": ROOT}
    server.send_signal(signal.SIGKILL)
    server.wait(30)
    return again


def farther(store: Store, run: str, step: int) -> int:
    """Wait until the run has gone beyond this step; where it is then."""
    limit = time.monotonic() + SLOW
    while (row := store.run(run)).step <= step:
        assert row.state == "running" and time.monotonic() < limit, row
        time.sleep(0.1)
    return row.step
