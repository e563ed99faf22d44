"""The server's own routes, and its start."""

import gzip
import json
import re
import urllib.error
import urllib.request

import pytest

from pages.widgets.assets import address, assets, version


def get(url: str, **headers: str):
    """Status, headers and body; an error status is an answer too."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def test_plotly_comes_from_its_wheel_and_is_kept_for_ever(server):
    status, headers, body = get(f"{server}/{address('plotly.min.js')}")
    assert status == 200 and body == assets()["plotly.min.js"].read_bytes()
    assert "immutable" in headers["Cache-Control"] and headers["Content-Type"].startswith("text/javascript")


def test_a_file_is_sent_compressed_or_not_at_all_if_it_is_known(server):
    url = f"{server}/{address('plot.js')}"
    _, headers, body = get(url, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == assets()["plot.js"].read_bytes()
    assert get(url, **{"If-None-Match": f'"{version()}"'})[0] == 304


def test_a_page_from_before_an_update_is_not_kept(server):
    status, headers, _ = get(f"{server}/assets/000000000000/plot.js")
    assert status == 200 and headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "plot.py", "..%2Fplot.py", "%2Fetc%2Fpasswd"])
def test_no_other_file_is_served(server, name):
    status, _, body = get(f"{server}/assets/{version()}/{name}")
    assert status in (400, 404) or b"<title>Streamlit</title>" in body


def test_the_browser_is_told_to_ask_nobody_else(server):
    _, headers, _ = get(server)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and not re.search(r"https?:|wss?:|\*", policy)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_web_process_stays_small(server, page):
    page.get_by_role("heading", name="Semascope").wait_for()
    facts = json.loads(get(f"{server}/assets/facts")[2])
    assert facts["heavy"] == [] and facts["rss_mb"] < 250


@pytest.mark.parametrize("path, heading", [("train", "Train"), ("map", "Map")])
def test_a_link_to_a_page_of_a_fresh_server_runs_the_app(serve, open_page, path, heading):
    from tests.browser.conftest import ROOT

    page = open_page(f"{serve(ROOT / 'app.py')}/{path}")
    page.get_by_role("heading", name=heading, exact=True).wait_for()
    page.get_by_text("Prepare", exact=True).wait_for()  # the sections are app.py's
