"""The plot component in a real browser: it keeps what a person did, says what was clicked, shows words as they are."""

from pathlib import Path

import numpy as np
import pytest

from tests.browser.conftest import CHROMIUM, patient, point_at

APP = Path(__file__).parent / "apps" / "plot_app.py"
HOST = ".semascope-plot"
TITLES = {"picture": "Save as a picture", "drawing": "Save as a drawing (SVG)"}


@pytest.fixture(scope="module")
def plots(serve):
    return serve(APP, TICK="0.3")


@pytest.fixture
def show(open_page, plots):
    """show(view, **query) -> a page with that plot drawn."""

    def start(view: str, count: int = 500, **options):
        page = open_page(f"{plots}/?view={view}&count={count}", **options)
        page.locator(f"{HOST}[data-tick]").wait_for()
        return page

    return start


def host(page, expression: str):
    """A JavaScript expression about the plot's element `host`."""
    return page.evaluate(f"(() => {{ const host = document.querySelector('{HOST}'); return {expression} }})()")


def said(page, want) -> list:
    """[clicked, cell, selected, number of clicks] as the page's script saw them, once `want` says so."""
    text = "JSON.parse(document.querySelector('.st-key-event').innerText)"
    page.wait_for_function(f"({want})({text})")
    return page.evaluate(text)


def place_of(page, row: int, trace: int = 0) -> tuple[float, float]:
    """Where a point stands in the window."""
    box, (x, y, *_) = page.locator(HOST).bounding_box(), host(page, f"host.place({row}, {trace})")
    return box["x"] + x, box["y"] + y


def wait_for_updates(page, count: int) -> None:
    until = int(host(page, "host.dataset.draws")) + count
    page.wait_for_function(f"document.querySelector('{HOST}').dataset.draws >= {until}")


def drag(page, start, end) -> None:
    """Press, move and release between two places given in shares of the plotting area."""
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    page.mouse.up()


def zoom(page, turns: int) -> None:
    """Turn the wheel over the middle of the plot, and wait until plotly has said that the view changed."""
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    host(page, "(host.changes = 0, host.on('plotly_relayout', () => { host.changes++; }), 1)")
    for _ in range(turns):
        page.mouse.wheel(0, -400)
    page.wait_for_function(f"document.querySelector('{HOST}').changes > 0")
    wait_for_updates(page, 1)


def lasso(page, corners) -> None:
    """Drag around these corners, in shares of the plotting area."""
    box = page.locator(".nsewdrag").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in [*corners, corners[0]]]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()


def test_zoom_and_node_stay_over_twenty_updates(show):
    page = show("live")
    ranges = "[...host._fullLayout.xaxis.range, ...host._fullLayout.yaxis.range]"
    opening = host(page, ranges)
    zoom(page, 5)
    host(page, "host.marked = true")
    zoomed = host(page, ranges)
    wait_for_updates(page, 20)
    assert host(page, "host.marked") and host(page, ranges) == pytest.approx(zoomed, abs=1e-6)
    assert zoomed[1] - zoomed[0] < 0.8 * (opening[1] - opening[0])


def test_camera_stays_over_updates(show):
    page = show("space", 300)
    eye = "host._fullLayout.scene._scene.getCamera().eye"
    first = host(page, eye)
    box = page.locator(HOST).bounding_box()
    page.mouse.move(box["x"] + 600, box["y"] + 250)
    page.mouse.down()
    for step in range(6):
        page.mouse.move(box["x"] + 600 + 25 * step, box["y"] + 250)
        page.wait_for_timeout(50)
    page.mouse.up()
    page.wait_for_function(f"document.querySelector('{HOST}')._fullLayout._preGUI['scene.camera.eye.x'] !== undefined")
    before = host(page, eye)
    wait_for_updates(page, 5)
    assert host(page, eye) == pytest.approx(before, abs=0.01) and before != pytest.approx(first, abs=0.1)


def test_lasso_over_nine_traces_gives_exactly_the_points_inside(show):
    page = show("colours")
    lasso(page, [(0.2, 0.2), (0.6, 0.25), (0.7, 0.7), (0.3, 0.8)])
    selected = said(page, "(event) => event[2].length")[2]
    corners = np.array([(20, 80), (60, 75), (70, 30), (30, 20)], float)
    expected, near = inside(corners)
    assert set(selected) ^ expected <= near and len(set(selected) & expected) > 1800
    page.keyboard.press("Escape")
    assert said(page, "(event) => event[2].length == 0")[2] == []


def inside(corners: np.ndarray) -> tuple[set[int], set[int]]:
    """Ids of the nine traces' points inside the polygon, and of those within a pixel or two of its edge."""
    places = np.concatenate([np.random.default_rng(i).uniform(0, 100, size=(1000, 2)) for i in range(9)])
    following = np.roll(corners, -1, axis=0)
    side = (following - corners)[:, None]
    to = places[None] - corners[:, None]
    cross = (side[..., 0] * to[..., 1] - side[..., 1] * to[..., 0]) / np.linalg.norm(side, axis=2)  # signed distances
    within = (cross < 0).all(axis=0)
    return set(np.flatnonzero(within).tolist()), set(np.flatnonzero((np.abs(cross) < 0.35).any(axis=0)).tolist())


def test_selection_is_drawn_again_with_the_next_figure(show):
    page = show("live", 300)
    page.locator(HOST).hover()
    page.locator('[data-title="Select a box"]').click()
    drag(page, (0.4, 0.4), (0.6, 0.6))
    selected = said(page, "(event) => event[2].length")[2]
    wait_for_updates(page, 3)
    assert host(page, "[...host._fullData[0].selectedpoints]") == selected


def test_a_click_gives_the_id_and_the_same_point_again_is_a_new_click(show):
    page = show("colours")
    place = place_of(page, 7, trace=4)
    page.mouse.move(place[0] - 2, place[1] - 2)
    page.mouse.click(*place)
    assert said(page, "(event) => event[3] > 0") == [4007, None, [], 1]
    page.wait_for_timeout(400)  # longer than a double click
    page.mouse.click(*place)
    assert said(page, "(event) => event[3] > 1") == [4007, None, [], 2]


def test_a_click_on_a_heatmap_gives_row_and_column(show):
    page = show("heat")
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    assert said(page, "(event) => event[1] !== null")[:2] == [None, [1, 2]]


def test_a_click_on_a_point_in_space_gives_its_id_and_a_drag_none(show):
    page = show("still")
    label = page.locator(".hovertext", has_text="word7")
    x, y = point_at(page, lambda: place_of(page, 7), label)
    page.mouse.click(x, y)
    assert said(page, "(event) => event[3] > 0") == [7, None, [], 1]
    page.mouse.move(x + 1, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=6)
    page.mouse.up()
    page.wait_for_function(f"document.querySelector('{HOST}')._fullLayout._preGUI['scene.camera.eye.x'] !== undefined")
    page.mouse.click(*point_at(page, lambda: place_of(page, 7), label))
    assert said(page, "(event) => event[3] > 1") == [7, None, [], 2]


@pytest.mark.parametrize("view", ["live", "space"])
def test_labels_do_not_overlap_and_the_hot_ones_are_there(show, view):
    page = show(view)
    page.wait_for_function(f"document.querySelector('{HOST}').written().length > 25")
    labels = host(page, "host.written()")
    boxes = np.array([label["box"] for label in labels])
    apart = (boxes[:, None, 0] >= boxes[None, :, 2]) | (boxes[:, None, 1] >= boxes[None, :, 3])
    assert (apart | apart.T | np.eye(len(boxes), dtype=bool)).all()
    assert {label["row"] for label in labels if label["hot"]} == {3, 4}


def test_zooming_in_writes_more_of_the_words_in_sight(show):
    page = show("live", 2000)
    page.wait_for_function(f"document.querySelector('{HOST}').written().length > 25")
    before = {label["row"] for label in host(page, "host.written()")}
    zoom(page, 15)
    after = {label["row"] for label in host(page, "host.written()")}
    assert len(after - before) > 10


def click_word(page, word: str) -> int:
    """Click in the middle of a written word; returns its row."""
    page.wait_for_function(f"document.querySelector('{HOST}').written().some((label) => label.word === '{word}')")
    (label,) = [label for label in host(page, "host.written()") if label["word"] == word]
    box, (left, top, right, bottom) = page.locator(HOST).bounding_box(), label["box"]
    page.mouse.click(box["x"] + (left + right) / 2, box["y"] + (top + bottom) / 2)
    return label["row"]


def test_a_click_on_a_word_is_a_click_on_its_point_in_two_and_three_dimensions(show):
    page = show("turn")
    row = click_word(page, "word5")
    assert said(page, "(event) => event[0] !== null")[0] == row == 5
    page.get_by_text("Three dimensions").click()
    page.wait_for_function(f"document.querySelector('{HOST}')._fullData[0].type === 'scatter3d'")
    click_word(page, "word2")
    assert said(page, "(event) => event[0] === 2")[0] == 2


def test_a_double_click_shows_the_opening_view_again(show):
    page = show("hostile")
    opening = host(page, "[...host._fullLayout.xaxis.range]")
    host(page, "(host.changes = 0, host.on('plotly_relayout', () => { host.changes++; }), 1)")
    drag(page, (0.5, 0.5), (0.7, 0.6))
    page.wait_for_function(f"document.querySelector('{HOST}').changes > 0")
    assert host(page, "[...host._fullLayout.xaxis.range]") != pytest.approx(opening)
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.dblclick(box["x"] + 5, box["y"] + 5)
    page.wait_for_function(
        f"Math.abs(document.querySelector('{HOST}')._fullLayout.xaxis.range[0] - {opening[0]}) < 1e-6"
    )


def test_words_stay_with_their_points_when_the_window_changes(show):
    page = show("hostile")
    page.set_viewport_size({"width": 600, "height": 800})
    page.wait_for_function(f"""() => {{ const host = document.querySelector('{HOST}');
        return host.clientWidth < 600 && host.written().length > 5 && host.written().every(({{ row, box }}) =>
            Math.abs(host.place(row)[1] - (box[1] + box[3]) / 2) < 25 && box[2] < host.clientWidth) }}""")


def test_without_webgl_a_map_is_drawn_flat_and_says_so(browser, plots):
    arguments = ["--disable-3d-apis", "--no-sandbox"]
    plain = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    page = patient(plain.new_page())
    page.goto(f"{plots}/?view=live&count=3000")
    page.get_by_text("Without WebGL only the first 2,000 points are drawn").wait_for()
    assert host(page, "[host._fullData[0].type, host._fullData[0].x.length]") == ["scatter", 2000]
    page.goto(f"{plots}/?view=space")
    page.get_by_text("A map in three dimensions needs WebGL").wait_for()
    plain.close()


@pytest.mark.parametrize("lost", ["plotly.min.js", "plot.js"])
def test_what_cannot_be_loaded_is_said(browser, plots, lost):
    page = patient(browser.new_page())
    page.route(f"**/{lost}", lambda route: route.abort())
    page.goto(f"{plots}/?view=heat")
    page.get_by_text("The picture could not be loaded").wait_for()
    page.close()


def test_points_glide_to_their_new_places_and_arrive(show):
    page = show("live", 300)
    page.evaluate(f"""() => {{ const host = document.querySelector('{HOST}');
        setInterval(() => {{ host.glided ||= host.glide?.frames > 0; host.restsUntil = 0; }}, 1); }}""")
    page.wait_for_function(f"document.querySelector('{HOST}').glided")
    drawn, there = host(
        page,
        """new Promise((done) => { const look = () => host.glide ? setTimeout(look) : done([
        Array.from(host._fullLayout._plots.xy._scene.scatter2d.groups[0].positions.slice(0, 2)),
        [host._fullData[0].x[0], host._fullData[0].y[0]]]); look(); })""",
    )
    assert drawn == pytest.approx(there)


def test_reduced_motion_is_obeyed(show):
    page = show("live", 300, reduced_motion="reduce")
    page.evaluate(f"""() => {{ const host = document.querySelector('{HOST}'); host.glides = 0;
        setInterval(() => {{ if (host.glide) host.glides++; }}, 5); }}""")
    wait_for_updates(page, 5)
    assert host(page, "host.glides") == 0


def test_words_are_shown_as_they_are(show):
    page = show("hostile")
    hostile = ["<s>", "<b>x", "$x$", "%{x}", "<img src=x onerror=window.hit=1>", "&amp;", "</script>", "词语", "a_b*c"]
    page.wait_for_function(f"document.querySelector('{HOST}').written().length == {len(hostile)}")
    assert sorted(label["word"] for label in host(page, "host.written()")) == sorted(hostile)
    assert page.locator(HOST).get_attribute("aria-label") == "Map of <b>words</b>"
    for row, word in enumerate(hostile):
        point_at(page, lambda row=row: place_of(page, row), page.locator(".hovertext", has_text=word))
    assert host(page, "window.hit === undefined && !host.querySelector('img')")
    assert (page.locator(".hovertext").text_content() or "").endswith(f"<i>n</i> {len(hostile) - 1}")


@pytest.mark.parametrize(("title", "head"), [("picture", b"\x89PNG"), ("drawing", b"<svg")])
def test_a_plot_is_taken_along_with_its_words_as_text(show, title, head):
    page = show("hostile")
    page.wait_for_function(f"document.querySelector('{HOST}').written().length == 9")
    page.locator(HOST).hover()
    with page.expect_download() as download:
        page.locator(f'.modebar-btn[data-title="{TITLES[title]}"]').click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(head) and len(content) > 5000
    if title == "drawing":
        assert b"&lt;img src=x onerror" in content and b"<img" not in content


def test_bars_that_cannot_be_moved_are_taken_along_too(show):
    page = show("bars")
    page.locator(HOST).hover()
    assert page.locator(".modebar-btn").evaluate_all("all => all.map(each => each.dataset.title)") == [*TITLES.values()]
    with page.expect_download() as download:
        page.locator(f'.modebar-btn[data-title="{TITLES["drawing"]}"]').click()
    content = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "Bars.svg" and b"&lt;img src=x onerror" in content


@pytest.mark.parametrize("count", [5_000, 50_000])
def test_large_maps_draw_while_they_change(show, count, capsys):
    page = show("live", count)
    page.evaluate(f"""() => {{ const host = document.querySelector('{HOST}'); host.ticks = [];
        new MutationObserver(() => host.ticks.push(Date.now() / 1000 - Number(host.dataset.tick.split(":")[1])))
            .observe(host, {{ attributeFilter: ["data-tick"] }}); }}""")
    wait_for_updates(page, 4)
    ticks = host(page, "host.ticks")
    with capsys.disabled():
        print(
            f"\n{count} points: a new figure stands {np.median(ticks):.2f} s after the script made it (software WebGL)"
        )
    assert len(ticks) >= 4 and host(page, "host._fullData[0].x.length") == count
