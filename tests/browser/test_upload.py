"""The upload route of a real server: who may bring a file, what becomes of it, and that nothing else is left behind."""

import hashlib
import http.client
import json
import socket
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest

from tests.browser.conftest import ROOT, serving

MOST = 600_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(address, home, token) of a server whose uploads have at most 600 MB."""
    folder = tmp_path_factory.mktemp("upload")
    with serving(ROOT / "app.py", folder / "home", folder / "log", SEMASCOPE_UPLOAD_BYTES=str(MOST)) as address:
        answer = ask(address, "GET", "/_stcore/health")
        token = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        yield address, folder / "home", token


def ask(address, method, path, body=None, **headers):
    """The answer to one request; its `body` is JSON, or None."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    answer.body = json.loads(content) if content.startswith(b"{") else None
    connection.close()
    return answer


def ours(token):
    """The headers that a page of ours sends."""
    return {"X_Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"}


def bring(site, data, name="mine.txt", query="", **headers):
    address, _, token = site
    return ask(address, "POST", f"/upload?name={quote(name)}{query}", data, **ours(token) | headers)


def inbox(site):
    """What lies in the inbox, without what the readings of the samples use."""
    return {path.name for path in (site[1] / "inbox").iterdir() if len(path.name) == 32}


def until_empty(site, before):
    limit = time.monotonic() + 20
    while inbox(site) - before:
        assert time.monotonic() < limit, inbox(site)
        time.sleep(0.05)


def test_a_file_comes_whole_and_goes_again(site):
    data = bytes(range(256)) * 10_000
    answer = bring(site, data)
    assert answer.status == 200 and answer.body["sha256"] == hashlib.sha256(data).hexdigest()
    path = site[1] / "inbox" / answer.body["id"] / "upload"
    assert path.read_bytes() == data and answer.body["bytes"] == len(data) and answer.body["name"] == "mine.txt"
    assert ask(site[0], "DELETE", f"/upload?id={answer.body['id']}", **ours(site[2])).status == 204
    assert not path.parent.exists()


def test_an_empty_file_is_a_file(site):
    assert bring(site, b"").body["sha256"] == hashlib.sha256(b"").hexdigest()


NAMES = [
    "../../x.txt",
    "/etc/passwd",
    "a\0b.txt",
    "<b>&\"'.txt",
    "小说🦊.txt",
    "folder/sub/a.txt",
    "%2e%2e%2fx",
    "x" * 500,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_strange_name_is_only_data(site, name):
    before = {path for path in site[1].rglob("*") if "inbox" not in path.parts}
    answer = bring(site, b"text", name)
    assert answer.status == 200 and len(answer.body["name"]) <= 255 and "\0" not in answer.body["name"]
    assert answer.body["name"].strip("x…") == name.replace("\0", "").strip("/").strip("x")
    assert (site[1] / "inbox" / answer.body["id"] / "upload").read_bytes() == b"text"
    assert not [path for path in site[1].rglob("*passwd*") if path not in before] and not (site[1] / "x.txt").exists()


STRANGERS = [
    {"X_Xsrftoken": ""},
    {"Cookie": ""},
    {"X_Xsrftoken": "2|00000000|00|1"},
    {"X_Xsrftoken": "é".encode().decode("latin-1")},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
]


@pytest.mark.parametrize("headers", STRANGERS, ids=range(len(STRANGERS)))
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_only_a_page_of_ours_may(site, method, headers):
    whole = bring(site, b"stays").body["id"]
    before = inbox(site)
    answer = ask(site[0], method, f"/upload?name=x&bytes=4&id={whole}", b"text", **ours(site[2]) | headers)
    assert answer.status == 403 and "reload" in answer.body["sentence"]
    assert inbox(site) == before


def test_a_refusal_is_worded_in_the_readers_language(site):
    answer = ask(site[0], "POST", "/upload?name=x&lang=zh", b"text")
    assert answer.status == 403 and answer.body["problem"]["template"].startswith("The server does not know")
    assert answer.body["sentence"]


def test_the_page_of_this_server_may(site):
    assert bring(site, b"text", Origin=site[0], Sec_Fetch_Site="same-origin").status == 200


@pytest.mark.parametrize("size", [MOST + 1, 10**15])
def test_what_is_too_large_is_refused_before_it_comes(site, size):
    before = inbox(site)
    answer = ask(site[0], "GET", f"/upload?name=big.txt&bytes={size}", **ours(site[2]))
    assert answer.status == 413 and answer.body["sentence"].startswith("big.txt has ")
    head = request_head(site, size)
    assert b" 413 " in raw(site, head + b"some bytes")[:40] and inbox(site) == before


def test_what_fits_is_welcome(site):
    assert ask(site[0], "GET", "/upload?name=small.txt&bytes=1000", **ours(site[2])).status == 204


@pytest.mark.parametrize("size", ["", "-1", "x", "1e9", "٣", "9" * 30])
def test_a_size_must_be_a_number(site, size):
    assert ask(site[0], "GET", f"/upload?bytes={quote(size)}", **ours(site[2])).status == 411


def test_a_body_without_its_size_is_refused(site):
    head = request_head(site, None) + b"Transfer-Encoding: chunked\r\n\r\n"
    assert b" 411 " in raw(site, head.replace(b"\r\n\r\nTransfer", b"\r\nTransfer") + b"4\r\ntext\r\n0\r\n\r\n")[:40]


def request_head(site, size, name="cut.txt"):
    """A request as bytes, as far as its body."""
    length = "" if size is None else f"Content-Length: {size}\r\n"
    host = urlsplit(site[0]).netloc
    token = f"X-Xsrftoken: {site[2]}\r\nCookie: _streamlit_xsrf={site[2]}\r\n"
    return f"POST /upload?name={name} HTTP/1.1\r\nHost: {host}\r\n{token}{length}\r\n".encode()


def raw(site, content):
    """The first bytes that come back for these."""
    parts = urlsplit(site[0])
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as wire:
        wire.sendall(content)
        return wire.recv(65536)


@pytest.mark.parametrize("sent", [0, 1000, 5_000_000])
def test_a_broken_connection_leaves_nothing(site, sent):
    before, parts = inbox(site), urlsplit(site[0])
    wire = socket.create_connection((parts.hostname, parts.port), timeout=20)
    wire.sendall(request_head(site, 10_000_000) + bytes(sent))
    limit = time.monotonic() + 20
    while not inbox(site) - before:
        assert time.monotonic() < limit
        time.sleep(0.02)
    wire.close()
    until_empty(site, before)


def test_several_at_once_do_not_mix(site):
    contents, answers = [bytes([number]) * 3_000_000 for number in range(8)], {}

    def one(number):
        answers[number] = bring(site, contents[number], f"{number}.txt").body

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    for number, content in enumerate(contents):
        assert answers[number]["sha256"] == hashlib.sha256(content).hexdigest()
        assert (site[1] / "inbox" / answers[number]["id"] / "upload").read_bytes() == content


@pytest.mark.parametrize("identity", ["", "..", "../../home", "a" * 32, "%00"])
def test_nothing_else_can_be_taken_away(site, identity):
    before = sorted(path.name for path in site[1].iterdir())
    assert ask(site[0], "DELETE", f"/upload?id={identity}", **ours(site[2])).status == 404
    assert before == sorted(path.name for path in site[1].iterdir())


def test_a_large_file_is_not_held_in_memory(site):
    server = max(listeners(urlsplit(site[0]).port), key=lambda process: process.memory_info().rss)
    before, seen, parts = server.memory_info().rss, [], urlsplit(site[0])
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as wire:
        wire.sendall(request_head(site, 300_000_000, "large.txt"))
        for _ in range(300):
            wire.sendall(bytes(1_000_000))
            seen.append(server.memory_info().rss)
        answer = wire.recv(65536)
    assert b" 200 " in answer[:40] and max(seen) - before < 50 * 2**20


def listeners(port):
    """The processes that listen on this port."""
    for process in psutil.process_iter():
        try:
            if any(one.laddr.port == port and one.status == "LISTEN" for one in process.net_connections("tcp")):
                yield process
        except psutil.Error:
            continue


def test_nothing_was_left_of_what_was_refused(site):
    folders = [path for path in Path(site[1] / "inbox").iterdir() if len(path.name) == 32]
    assert folders and all((folder / "upload.json").exists() for folder in folders)
