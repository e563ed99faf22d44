"""A real browser and a real server for the tests beside this file; what they start is gone when they end."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from core.store import Store
from tests.pages.conftest import new_home

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# What Chromium does not do. The first line are panels of its own window, drawn anew with each tab: .8 s of processor
# time, 1.3 with them and .5 without. The others are those that playwright leaves out, whose list this one replaces.
WITHOUT = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI",
           "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
           "HttpsFirstBalancedModeAutoEnable", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
           "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"]  # fmt: skip
ARGUMENTS = [f"--disable-features={','.join(WITHOUT)}", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--enable-unsafe-swiftshader"]  # fmt: skip
SLOW = 90  # seconds a browser waits for what it is asked to find: on a busy machine a process takes its time to start
MISSING = "No Chromium was found: install it (Debian: apt-get install chromium fonts-noto-cjk) or name it in CHROMIUM."


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(script: Path, home: Path, log: Path, **environment: str) -> Iterator[str]:
    """`streamlit run script` with its store in `home`; yields the address. Ends all processes that use that home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    variables = {**os.environ, "SEMASCOPE_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
    with open(log, "w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process.pid, home)
            process.wait(10)


def wait_until_it_answers(address: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer in {seconds} s:\n{log.read_text()}")


def end(server: int, home: Path) -> None:
    """Kill the server, its children, and every process whose store is in `home`: supervisor, workers, answerers."""
    for _ in range(3):  # one that dies may have started another just before
        found = [process for process in psutil.process_iter() if process.pid == server or uses(process, home)]
        for process in found:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(found, timeout=5)


def uses(process: psutil.Process, home: Path) -> bool:
    try:
        return process.environ().get("SEMASCOPE_HOME") == str(home) or str(home) in process.cmdline()
    except psutil.Error:
        return False


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """serve(script, **environment) -> address of a server that runs it, on a store of its own, until the tests end."""
    with ExitStack() as stack:

        def start(script: Path, **environment: str) -> str:
            folder = tmp_path_factory.mktemp("server")
            return stack.enter_context(serving(script, folder / "home", folder / "log", **environment))

        yield start


@pytest.fixture(scope="session")
def server(serve: Callable[..., str]) -> str:
    """The address of the app, on an empty store."""
    return serve(ROOT / "app.py")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store without the samples; a file's own fixture `home` fills it and gives its folder."""
    store = Store(new_home(tmp_path_factory.mktemp("journey") / "home"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[str]:
    """The address of the app on the store that a file has filled."""
    with serving(ROOT / "app.py", home, home.parent / "log") as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need playwright.")
    if not CHROMIUM:
        if os.environ.get("CI") or os.environ.get("SEMASCOPE_REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    arguments = ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(browser) -> Callable[..., object]:
    """contexts(**options) -> the one context of these options: the app's code is fetched and compiled once in it."""
    kept: dict[str, object] = {}

    def find(**options):
        name = repr(sorted(options.items()))
        if name not in kept:
            kept[name] = patient(browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options}))
        return kept[name]

    return find


@pytest.fixture
def open_page(contexts):
    """open_page(address, **context options) -> a page; at the end none has logged an error or asked another host.

    A page is a tab of its own; cookies go when the test ends.
    """
    with ExitStack() as stack:
        troubles: list[str] = []

        def start(address: str, **options):
            context = contexts(**options)
            stack.callback(context.clear_cookies)
            page = context.new_page()
            stack.callback(page.close)
            watch(page, urlsplit(address).netloc, troubles)
            page.goto(address)
            return page

        yield start
    assert troubles == []


@pytest.fixture
def page(open_page, server):
    """The app's first page."""
    return open_page(server)


def patient(tabs):
    """This page or context, which waits up to SLOW seconds for anything it is asked for."""
    tabs.set_default_timeout(1000 * SLOW)
    return tabs


def point_at(page, where: Callable[[], tuple[float, float]], sign, seconds: float = SLOW) -> tuple[float, float]:
    """Bring the mouse to `where()` until the locator `sign` is seen; returns the place.

    One move is not enough on a busy machine: a picture that is just being drawn, or still turns, does not answer it.
    """
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        x, y = where()
        page.mouse.move(x + 1, y + 1)
        page.mouse.move(x, y)
        for _ in range(5):
            if sign.is_visible():
                return x, y
            page.wait_for_timeout(100)
    raise AssertionError(f"pointed at {where()} for {seconds} s and did not see {sign}")


def watch(page, host: str, troubles: list[str]) -> None:
    """Write down every error in the console, every uncaught exception and every request to another host."""
    page.on("console", lambda message: check_console(message, troubles))
    page.on("pageerror", lambda error: troubles.append(error.stack or str(error)))
    page.on("websocket", lambda socket: check_host(socket.url, host, troubles))
    page.on("request", lambda request: check_host(request.url, host, troubles))


def check_console(message, troubles: list[str]) -> None:
    """Streamlit looks for its server beneath the page's own address first, and Chromium logs that it is not there."""
    if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
        troubles.append(message.text)


def check_host(url: str, host: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
        troubles.append(f"asked another host: {url}")
