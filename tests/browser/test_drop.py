"""The place for files in a real browser: what is chosen, dropped or pasted comes whole, can be stopped and removed."""

import hashlib
import json
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import patient, serving

APP = Path(__file__).parent / "apps" / "drop_app.py"
LARGE = 300_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(address, home) of a server with a place for files of at most 400 MB."""
    folder = tmp_path_factory.mktemp("drop")
    with serving(APP, folder / "home", folder / "log", SEMASCOPE_UPLOAD_BYTES="400000000") as address:
        yield address, folder / "home"


@pytest.fixture
def page(open_page, site):
    page = open_page(site[0])
    page.get_by_role("button", name="Choose files").wait_for()
    return page


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A file of 300 MB."""
    path = tmp_path_factory.mktemp("large") / "large.txt"
    with open(path, "wb") as file:
        file.write(b"the king and the queen\n")
        file.truncate(LARGE)
    return path


def choose(page, *paths, which=0):
    page.locator(".semascope-drop input[type=file]").nth(which).set_input_files([str(path) for path in paths])


def drag(page, kind, x, y, *paths):
    """What the browser does when a person drags these files over the window."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def told(page, want="(files) => files.length"):
    """[name, bytes, bytes on disk, sha256, id] of each file as the page's script has them, once `want` says so."""
    text = "JSON.parse(document.querySelector('.st-key-told')?.innerText || '[0, []]')[1]"
    page.wait_for_function(f"({want})({text})")
    return page.evaluate(text)


def row(page, name):
    return page.locator(".semascope-drop-row").filter(has_text=name)


def in_state(page, name, state):
    page.locator(f".semascope-drop-row[data-state={state}]").filter(has_text=name).wait_for()
    return row(page, name)


def inbox(site):
    return {path.name for path in (site[1] / "inbox").iterdir() if len(path.name) == 32}


def wait_until_gone(page, site, ids: set[str]) -> None:
    """Wait until none of these uploads is in the inbox."""
    limit = 600
    while ids & inbox(site) and (limit := limit - 1):
        page.wait_for_timeout(100)
    assert not ids & inbox(site)


def memory(site):
    return json.load(urllib.request.urlopen(f"{site[0]}/assets/facts", timeout=30))["rss_mb"]


@pytest.fixture
def novels(tmp_path):
    """A folder of two texts in folders, a picture and a system's file."""
    for place in ("novels/old/红楼梦.txt", "novels/b.csv", "novels/cover.jpg", "novels/.DS_Store"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(place * 100)
    return tmp_path / "novels"


def test_files_come_whole_in_their_order(page, tmp_path):
    contents = {"b.txt": b"bbb" * 50_000, "a.csv": bytes(range(256)), "<b>x<_i>&.txt": "词语".encode()}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    choose(page, *(tmp_path / name for name in contents))
    expected = [[name, len(data), len(data), hashlib.sha256(data).hexdigest()] for name, data in contents.items()]
    assert [one[:4] for one in told(page)] == expected
    assert page.locator(".semascope-drop-name").all_inner_texts() == list(contents)
    assert page.get_by_text("3 files · 150 kB").is_visible()


def test_a_folder_keeps_its_paths_and_leaves_other_kinds_out(page, novels):
    choose(page, novels, which=1)
    assert sorted(one[0] for one in told(page)) == ["novels/b.csv", "novels/old/红楼梦.txt"]
    assert page.get_by_text("Left out, since they are of other kinds: 1.").is_visible()


def test_files_and_folders_are_dropped(page, novels, tmp_path):
    (tmp_path / "c.txt").write_text("ccc")
    box = page.locator(".semascope-drop-zone").bounding_box()
    x, y, paths = box["x"] + 50, box["y"] + 20, (tmp_path / "c.txt", novels)
    drag(page, "dragEnter", x, y, *paths)
    drag(page, "dragOver", x, y, *paths)
    page.locator(".semascope-drop.over").wait_for()
    drag(page, "drop", x, y, *paths)
    assert [one[0] for one in told(page)] == ["c.txt", "novels/b.csv", "novels/old/红楼梦.txt"]
    assert page.locator(".semascope-drop.over").count() == 0


def test_a_drop_beside_the_place_does_not_take_the_page_away(page, novels):
    drag(page, "dragEnter", 5, 5, novels / "b.csv")
    drag(page, "dragOver", 5, 5, novels / "b.csv")
    page.locator(".semascope-drop.ready").wait_for()
    drag(page, "drop", 5, 5, novels / "b.csv")
    page.wait_for_timeout(300)
    assert page.get_by_role("button", name="Choose files").is_visible()
    assert page.locator(".semascope-drop-row").count() == 0


def test_a_file_is_pasted(page):
    page.evaluate("""() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(["pasted words"], "pasted.txt"));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }""")
    assert [one[:2] for one in told(page)] == [["pasted.txt", 12]]


def test_a_large_file_is_not_held_in_memory(page, site, large):
    before, seen = memory(site), []
    choose(page, large)
    bar = page.get_by_role("progressbar", name="large.txt")
    bar.wait_for()
    while row(page, "large.txt").get_attribute("data-state") in ("sending", "storing", "waiting"):
        seen.append(memory(site))
    assert told(page)[0][1:3] == [LARGE, LARGE]
    assert max([*seen, memory(site)]) - before < 50 and not bar.is_visible()


def test_a_cancelled_upload_leaves_nothing(page, site, large):
    before = inbox(site)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000_000},
    )
    choose(page, large)
    page.wait_for_function("document.querySelector('.semascope-drop-bar')?.ariaValueNow > 0")
    assert page.get_by_text(" of 300 MB").is_visible()
    page.get_by_role("button", name="Cancel: large.txt").click()
    page.locator(".semascope-drop-row").wait_for(state="detached")
    wait_until_gone(page, site, inbox(site) - before)
    assert inbox(site) == before


def test_what_is_removed_is_gone(page, site, tmp_path):
    for name in ("keep.txt", "go.txt"):
        (tmp_path / name).write_text(name)
    choose(page, tmp_path / "keep.txt", tmp_path / "go.txt")
    gone = next(one[4] for one in told(page) if one[0] == "go.txt")
    page.get_by_role("button", name="Remove: go.txt").click()
    assert [one[0] for one in told(page, "(files) => files.length === 1")] == ["keep.txt"]
    wait_until_gone(page, site, {gone})


def test_all_can_be_removed_at_once(page, site, tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(130)]
    for path in paths:
        path.write_text(path.name)
    choose(page, *paths)
    ids = {one[4] for one in told(page)}
    assert len(ids) == 130 and page.locator(".semascope-drop-row").count() == 100
    assert page.get_by_text("30 more are not shown").is_visible()
    page.get_by_role("button", name="Remove all").click()
    assert told(page, "(files) => !files.length") == []
    wait_until_gone(page, site, ids)


@pytest.fixture
def unwatched(browser, site):
    """The page, in a browser that may log that something could not be loaded."""
    context = patient(browser.new_context())
    page = context.new_page()
    page.goto(site[0])
    page.get_by_role("button", name="Choose files").wait_for()
    yield page
    context.close()


def test_a_broken_connection_is_tried_again(unwatched, tmp_path):
    page = unwatched
    (tmp_path / "twice.txt").write_text("twice")
    failures = iter([True, True])
    page.route("**/upload?name=*", lambda route: route.abort() if breaks(route, failures) else route.continue_())
    choose(page, tmp_path / "twice.txt")
    assert [one[0] for one in told(page)] == ["twice.txt"] and next(failures, False) is False


def test_a_connection_that_stays_broken_is_said(unwatched, tmp_path):
    page = unwatched
    (tmp_path / "never.txt").write_text("never")
    page.route("**/upload?name=*", lambda route: route.abort())
    choose(page, tmp_path / "never.txt")
    sentence = in_state(page, "never.txt", "failed").get_by_role("alert").inner_text()
    assert sentence.startswith("The connection broke.")
    page.unroute("**/upload?name=*")
    page.get_by_role("button", name="Try again: never.txt").click()
    assert [one[0] for one in told(page)] == ["never.txt"]


def breaks(route, failures):
    """Whether this is a request that brings a file, and one that is to break."""
    return route.request.method == "POST" and next(failures, False)


def test_a_refusal_is_a_sentence_and_can_be_tried_again(unwatched, tmp_path):
    page = unwatched
    (tmp_path / "later.txt").write_text("later")
    said = {"problem": {}, "sentence": "The disk is full: make room."}
    page.route("**/upload?name=*", lambda route: route.fulfill(status=507, json=said))
    choose(page, tmp_path / "later.txt")
    assert in_state(page, "later.txt", "failed").get_by_role("alert").inner_text() == said["sentence"]
    page.unroute("**/upload?name=*")
    page.get_by_role("button", name="Try again: later.txt").click()
    assert [one[0] for one in told(page)] == ["later.txt"]


def test_what_cannot_be_read_is_said_at_once(page, tmp_path, large):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "photo.png").write_bytes(b"png")
    with open(tmp_path / "huge.txt", "wb") as file:
        file.truncate(400_000_001)
    choose(page, tmp_path / "empty.txt", tmp_path / "photo.png", tmp_path / "huge.txt")
    texts = page.locator(".semascope-drop-error").all_inner_texts()
    assert texts == [
        "empty.txt is empty: choose a file with text in it.",
        "photo.png is of another kind. These can be read: .txt .csv",
        "huge.txt has 400 MB; one file may have 400 MB.",
    ]
    assert told(page, "() => true") == [] and page.get_by_role("button", name="Try again").count() == 0


def test_too_many_files_are_one_sentence(page, tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(301)]
    for path in paths:
        path.write_text("x")
    choose(page, *paths)
    page.get_by_text("More than 300 files at once: put them into a .zip, and add that.").wait_for()
    assert page.locator(".semascope-drop-row").count() == 0


def test_the_same_file_again_is_not_sent_again(page, tmp_path):
    (tmp_path / "once.txt").write_text("once")
    choose(page, tmp_path / "once.txt")
    told(page)
    choose(page, tmp_path / "once.txt")
    page.wait_for_timeout(300)
    assert page.locator(".semascope-drop-row").count() == 1


def test_the_list_stays_when_the_person_looks_elsewhere_and_after_a_reload(page, tmp_path):
    (tmp_path / "stays.txt").write_text("stays")
    choose(page, tmp_path / "stays.txt")
    before = told(page)
    page.get_by_role("radio", name="away").click()
    page.locator(".semascope-drop").wait_for(state="detached")
    page.get_by_role("radio", name="here").click()
    assert told(page) == before and row(page, "stays.txt").is_visible()
    page.reload()
    assert told(page) == before and row(page, "stays.txt").is_visible()


def test_what_became_a_corpus_leaves_the_list_and_stays_on_disk(page, site, tmp_path):
    (tmp_path / "kept.txt").write_text("kept words")
    choose(page, tmp_path / "kept.txt")
    ((_, _, _, sha256, identity),) = told(page)
    page.get_by_role("button", name="Keep").click()
    assert told(page, "(files) => !files.length") == []
    row(page, "kept.txt").wait_for(state="detached")
    assert (site[1] / "originals" / sha256).read_text() == "kept words" and identity not in inbox(site)


def test_it_can_be_used_with_the_keyboard(page, tmp_path):
    (tmp_path / "keys.txt").write_text("keys")
    page.locator(".st-key-told").wait_for()  # the page stands: nothing takes the focus away any more
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").press("Enter")
    chooser.value.set_files(str(tmp_path / "keys.txt"))
    told(page)
    page.get_by_role("button", name="Remove: keys.txt").press("Enter")
    page.locator(".semascope-drop-row").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Choose files"
    assert page.get_by_role("group", name="Drop files or folders here").is_visible()
