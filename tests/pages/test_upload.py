"""What Python takes for an upload: ids come from a browser, so only whole files of this inbox are found."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.store import inbox
from pages.widgets.upload import STATUS, sized, uploaded, worded


@pytest.fixture
def home(empty_home):
    """A store's home with a folder of files on their way in."""
    (empty_home / "inbox").mkdir(exist_ok=True)
    return empty_home


def bring(home, name="mine.txt", data=b"the king and the queen"):
    incoming = inbox.Incoming(home, name, len(data))
    incoming.write(data)
    return incoming.finish()


def script():
    import streamlit as st

    from pages.widgets.drop import drop

    files = drop("Drop files here", "mine", accept=["txt", ".csv"])
    st.text("|".join(f"{file.id} {file.name} {file.bytes} {file.path.read_bytes().decode()}" for file in files))


def shown(ids):
    """What a page finds when its browser told these ids."""
    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["mine"] = {"files": ids}
    page.run()
    assert not page.exception
    return page


def sent(page):
    """What the browser is told."""
    return json.loads(page.get("bidi_component")[0].proto.json)


def test_a_whole_upload_is_found_by_its_id(home):
    upload = bring(home)
    assert uploaded(upload.id) == upload.path and upload.path.read_bytes().startswith(b"the king")


@pytest.mark.parametrize(
    "identity", ["", ".", "..", "../inbox", "/etc/passwd", "a" * 32, "0" * 31 + "\n", "Ａ" * 32, "x\0", "%2e%2e"]
)
def test_what_is_no_id_is_nothing(home, identity):
    (home / "inbox" / "upload").write_text("x")
    assert uploaded(identity) is None


def test_half_an_upload_is_not_found(home):
    incoming = inbox.Incoming(home, "mine.txt", 10)
    incoming.write(b"half")
    assert uploaded(incoming.id) is None
    incoming.discard()


def test_one_that_has_lost_its_file_is_not_found(home):
    upload = bring(home)
    upload.path.unlink()
    assert uploaded(upload.id) is None


def test_without_a_home_there_is_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("SEMASCOPE_HOME", str(tmp_path / "nowhere"))
    assert uploaded("a" * 32) is None and not (tmp_path / "nowhere").exists()


def test_a_page_finds_the_files_in_the_order_in_which_they_were_given(home):
    first, second = bring(home, "b.txt", b"bbb"), bring(home, "a/<b>.csv", b"aaa")
    page = shown([first.id, second.id, first.id])
    assert page.text[0].value == f"{first.id} b.txt 3 bbb|{second.id} a/<b>.csv 3 aaa"
    assert sent(page)["known"] == [first.id, second.id] and sent(page)["gone"] == []


@pytest.mark.parametrize("ids", [None, [], ["../../x"], [1, None, {}], ["a" * 32]])
def test_a_page_finds_nothing_in_what_is_none(home, ids):
    page = shown(ids)
    assert page.text[0].value == "" and sent(page)["known"] == []


def test_a_name_that_the_browser_made_up_is_not_believed(home):
    upload = bring(home, "true.txt")
    page = shown([{"id": upload.id, "name": "false.txt"}, upload.id])
    assert page.text[0].value.startswith(f"{upload.id} true.txt")


def test_files_that_are_gone_are_told_to_the_browser(home):
    upload = bring(home)
    inbox.remove(home, upload.id)
    assert sent(shown([upload.id]))["gone"] == [upload.id]


def test_the_browser_is_told_the_limits_and_the_endings(home, monkeypatch):
    monkeypatch.setenv("SEMASCOPE_UPLOAD_BYTES", "1234")
    told = sent(shown([]))
    assert told["most"] == 1234 and told["accept"] == [".txt", ".csv"] and told["texts"]["files"] == "Choose files"


@pytest.mark.parametrize("told", [None, "", "-1", "1.5", "²", "9" * 19])
def test_a_size_is_a_number_or_a_problem(told):
    with pytest.raises(ValueError, match="must say its size"):
        sized(told)


def test_a_problem_is_worded_without_a_page():
    problem = inbox.DiskFull.at(Path("/"), 5_000_000)
    assert worded(problem, "en") == worded(problem, "xx") == str(problem)
    assert "5.0" in worded(problem, "zh") and worded(problem, "zh") != str(problem)


def test_every_refusal_has_a_status():
    assert sorted(STATUS.values()) == [400, 403, 411, 413, 507]
