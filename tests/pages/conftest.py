"""Pages without a browser, over a store that is empty or holds a corpus and two small runs; no process is left behind.

These tests hold the supervisor's lock themselves, so that a run that a page queues stays queued: what a page asked for
can be looked at in peace. The processes that answer are real ones.
"""

import csv
import functools
import gzip
import io
import json
import math
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core.corpus import Corpus
from core.explore.download import FORMULA
from core.jobs import position, worker
from core.jobs.lock import take
from core.store import Store, inbox
from core.store.queue import Queue
from core.store.samples import samples
from pages.widgets import state
from pages.widgets.i18n import catalogue

ROOT = Path(__file__).parents[2]
PAGES = (
    "home",
    "corpus",
    "train",
    "runs",
    "concordance",
    "compare",
    "map",
    "neighbours",
    "spaces",
    "evaluate",
    "terms",
    "documents",
    "dimensions",
    "predict",
    "attention",
    "senses",
)
SECONDS = 90.0  # a page run, or an answer, on a busy machine
WORD2VEC = {"dim": 16, "epochs": 2, "threads": 1}
GPT = {"steps": 30, "layers": 1, "heads": 2, "width": 16, "context": 8, "batch": 8, "threads": 1}


@pytest.fixture(scope="session", autouse=True)
def scanned() -> Iterator[None]:
    """Before a page's first run Streamlit reads what is said of every installed package: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a store with the corpus "Tales" and a finished run of word2vec (…-001) and of GPT (…-001)."""
    home = new_home(tmp_path_factory.mktemp("pages") / "filled")
    store = Store(home)
    corpus = store.add_corpus(Corpus.from_texts(tales(12), language="en"), "Tales")
    finish(store, store.queue_train("word2vec", WORD2VEC, corpus.id, min_count=3, name="Tales in words"))
    finish(store, store.queue_train("gpt", GPT, corpus.id, min_count=20, name="Tales guessed"))
    store.close()
    return home


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a store with corpora to look things up in; its answering process lives until the last test has ended.

    "Letters": 40 documents with a title, a year and a kind, some of them hostile; "Others", words counted as there;
    "水果": Chinese words; "Odd": characters that are markup elsewhere; "One word"; "One document".
    """
    folder = tmp_path_factory.mktemp("shelf")
    home = new_home(folder / "home")
    rows = [("title", "date", "kind", "text"), *(letter(i) for i in range(40))]
    (folder / "letters.csv").write_text("\n".join(",".join(map(quoted, row)) for row in rows), encoding="utf-8")
    store = Store(home)
    roles = {"text_column": "text", "title_column": "title", "date_column": "date", "group_column": "kind"}
    letters = Corpus.from_files([folder / "letters.csv"], language="en", **roles)
    for name, corpus in (
        ("One word", Corpus.from_texts(["word"], language="en")),
        ("One document", Corpus.from_texts(tales(1), language="en")),
        ("Odd", Corpus.from_texts(ODD, language="en", tokenizer="characters")),
        ("水果", Corpus.from_texts(FRUIT, language="zh", tokenizer="chinese")),
        ("Others", Corpus.from_texts(tales(3), language="en")),
        ("Letters", letters),
    ):
        store.add_corpus(corpus, name)
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def shelf_home(shelf: Path) -> Iterator[Path]:
    """The pages use the store with corpora to look things up in, which the test leaves as it is."""
    with using(shelf, keep=True) as home:
        yield home


ODD = ["<b> $x$ =cmd() a*b|c/d", "…… 。", "@sum <img src=x onerror=alert(1)>", "the end"]
FRUIT = ["苹果公司发布了新手机。我爱吃苹果。", "他买了苹果,又买了香蕉。苹果公司在加州。", "香蕉很甜。"]
TITLES = ('=cmd("x")', "<b>bold</b>", "$x$ and $y$", "*star*")


def letter(i: int) -> tuple[str, str, str, str]:
    """A letter's title, year, kind and text."""
    title = TITLES[i] if i < len(TITLES) else f"Letter {i}"
    kind = "report" if i % 4 == 0 else "-tale"
    about = "The banker counted the money of the town" if i % 4 == 0 else "The queen loved the river bank"
    text = f"In {1801 + i} the king wrote to the queen. {about}. A money-bank, they said; a <b>bold</b> $x$ word."
    return title, str(1801 + i), kind, text + " Un-able, unable, unstable!" * (i < 2)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def corpus_id(home: Path, name: str) -> str:
    """The id of the corpus of this name."""
    store = Store(home)
    [found] = [row.id for row in store.corpora() if row.name == name]
    store.close()
    return found


def tales(count: int) -> list[str]:
    """The first of Grimm's tales, as they ship with the app."""
    content = gzip.decompress(samples()["en-grimm-tales.tsv.gz"].path.read_bytes()).decode()
    return [row["Content"] for row in csv.DictReader(io.StringIO(content), delimiter="\t")][:count]


def new_home(home: Path) -> Path:
    """A home that the samples are not read into."""
    home.mkdir(parents=True)
    (home / "samples.json").write_text("{}")
    return home


def finish(store: Store, run: str, state: str = "done") -> None:
    """Do a queued run in this process, as its worker would."""
    attempt = Queue(store).claim(store.run(run))
    position.reset(store.folder(run))
    worker.work(store, run, attempt)
    assert store.run(run).state == state, store.run(run).message


def tiny(home: Path) -> str:
    """A finished run "Tiny" over three words, in this home."""
    store = Store(home)
    corpus = store.add_corpus(Corpus.from_texts(["the king and the king"] * 9), "Three words")
    run = store.queue_train("word2vec", {"dim": 2, "epochs": 1, "threads": 1}, corpus.id, min_count=1, name="Tiny")
    finish(store, run)
    store.close()
    return run


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Path]:
    """The pages use a store without a corpus or a run."""
    with using(new_home(tmp_path / "home")) as home:
        yield home


@pytest.fixture
def own_home(filled: Path, tmp_path: Path) -> Iterator[Path]:
    """The pages use a copy of the filled store, which the test may change."""
    shutil.copytree(filled, tmp_path / "home", ignore=shutil.ignore_patterns("answers", "inbox", "*.lock"))
    with using(tmp_path / "home") as home:
        yield home


@pytest.fixture(scope="session")
def answering(filled: Path) -> Iterator[Path]:
    """The filled store, whose answering processes live until the last test has ended."""
    yield filled
    end_processes(filled)


@pytest.fixture
def full_home(answering: Path) -> Iterator[Path]:
    """The pages use the filled store, which the test leaves as it is."""
    with using(answering, keep=True) as home:
        yield home


@contextmanager
def using(home: Path, keep: bool = False) -> Iterator[Path]:
    """The pages use this home, and no supervisor starts there; keep: processes that answer stay for the next test."""
    lock = take(home)
    assert lock is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEMASCOPE_HOME", str(home))
        yield home
        state.store().close()
    os.close(lock)
    st.cache_resource.clear()
    if not keep:
        end_processes(home)


def end_processes(home: Path) -> None:
    """Kill every process of this home."""
    while found := [process for process in psutil.process_iter() if uses(process, home)]:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=5)


def uses(process: psutil.Process, home: Path) -> bool:
    try:
        return str(home) in process.cmdline()
    except psutil.Error:
        return False


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """open_page(name, language="en", **query) -> the page, run once through app.py as a link to it would."""
    original = PagesManager.__init__

    def as_on_our_server(manager: PagesManager, *given, **more) -> None:
        PagesManager.uses_pages_directory = False  # as pages.widgets.server does when it starts
        original(manager, *given, **more)

    monkeypatch.setattr(PagesManager, "__init__", as_on_our_server)

    def start(name: str, language: str = "en", **query: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
        page.session_state["language"] = language
        page.query_params.update(query)
        if name != "home":
            page.switch_page(f"pages/{name}.py")
        return page.run()

    return start


def until(page: AppTest, holds: Callable[[AppTest], object]) -> AppTest:
    """Run the page again until this holds of it: an answer may take its time."""
    limit = time.monotonic() + SECONDS
    while not holds(page):
        assert not page.exception and time.monotonic() < limit, shown(page)
        time.sleep(0.05)
        page.run()
    return page


def shown(page: AppTest) -> str:
    """All that a page says, for a test's message and for looking for a sentence."""
    kinds = ("title", "subheader", "error", "warning", "info", "caption", "markdown", "text", "exception")
    return "\n".join(str(element.value) for kind in kinds for element in page.get(kind))


def translated(text: str, language: str) -> str:
    return catalogue(language).gettext(text)


def bring(home: Path, name: str, data: bytes) -> str:
    """A file that a browser has brought whole; its id."""
    (home / "inbox").mkdir(exist_ok=True)
    incoming = inbox.Incoming(home, name, len(data))
    incoming.write(data)
    return incoming.finish().id


def given(page: AppTest, key: str, *ids: str) -> AppTest:
    """The page, its place for files under this key holding these uploads."""
    page.session_state[key] = {"files": list(ids)}
    return page.run()


def sent(page: AppTest, key: str) -> dict:
    """The JSON that a component of ours under this key is sent."""
    parts = [part.proto.json for part in page.get("bidi_component") if part.key == key]
    assert parts, [part.key for part in page.get("bidi_component")]
    return json.loads(parts[0])


def drawn(page: AppTest, key: str) -> dict:
    """What the browser is told to draw under this key: the header of `pages.widgets.plot.pack`."""
    parts = [part.proto.bytes for part in page.get("bidi_component") if part.key == key]
    assert parts, [part.key for part in page.get("bidi_component")]
    return json.loads(parts[0][8 : 8 + struct.unpack_from("<I", parts[0])[0]])


def points(page: AppTest, key: str) -> int:
    """How many points the first trace under this key has."""
    trace = drawn(page, key)["data"][0]
    return trace["x"]["shape"][0]


def click(page: AppTest, key: str, index: int, count: int) -> AppTest:
    """The page with the count-th click on a point under this key; the browser would send just this."""
    page.session_state[key] = {"event": {"clicked": index, "click_count": count}}
    return page


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the downloads of a page would give: file name -> bytes."""
    files: dict[str, bytes] = {}

    def note(_label, data, name, *_more, **_options) -> bool:
        files[name] = data() if callable(data) else data
        return False

    monkeypatch.setattr(st, "download_button", note)
    monkeypatch.setattr(DeltaGenerator, "download_button", lambda _place, *given, **more: note(*given, **more))
    return files


def cells(content: bytes) -> list[list[str]]:
    """The rows of a download, after a look at each cell: none is one that a spreadsheet would run."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(FORMULA) or is_number(cell), cell
    return rows


def is_number(cell: str) -> bool:
    with suppress(ValueError):
        return math.isfinite(float(cell))
    return False


def button(page: AppTest, label: str):
    """The button with this label."""
    found = [each for each in page.button if each.label == label]
    assert found, [each.label for each in page.button]
    return found[0]
