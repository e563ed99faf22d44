"""The plot component in a real browser: it keeps what a person did, says what was clicked, shows words as they are."""

from pathlib import Path

import numpy as np
import pytest

APP = Path(__file__).parent / "apps" / "plot_app.py"
HOST = ".semascope-plot"
PLACE = """([trace, row]) => {
  const host = document.querySelector(".semascope-plot"), box = host.getBoundingClientRect();
  const points = host._fullData[trace];
  const { xaxis: x, yaxis: y } = host._fullLayout;
  return [box.left + x._offset + x.l2p(points.x[row]), box.top + y._offset + y.l2p(points.y[row])];
}"""


@pytest.fixture(scope="module")
def plots(serve):
    return serve(APP, TICK="0.3")


@pytest.fixture
def show(open_page, plots):
    """show(view, **query) -> a page with that plot drawn."""

    def start(view: str, count: int = 500, **options):
        page = open_page(f"{plots}/?view={view}&count={count}", **options)
        page.locator(f"{HOST}[data-tick]").wait_for(timeout=30_000)
        return page

    return start


def host(page, expression: str):
    """A JavaScript expression about the plot's element `host`."""
    return page.evaluate(f"(() => {{ const host = document.querySelector('{HOST}'); return {expression} }})()")


def said(page, want) -> list:
    """[clicked, cell, selected, whether ever clicked, fresh] as the page's script saw it, once `want` says so."""
    text = "JSON.parse(document.querySelector('.st-key-event').innerText)"
    page.wait_for_function(f"({want})({text})", timeout=20_000)
    return page.evaluate(text)


def wait_for_updates(page, count: int) -> None:
    until = int(host(page, "host.dataset.draws")) + count
    page.wait_for_function(f"document.querySelector('{HOST}').dataset.draws >= {until}", timeout=60_000)


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


def test_click_gives_the_id_and_again_gives_a_new_count(show):
    page = show("colours")
    place = page.evaluate(PLACE, [4, 7])
    page.mouse.move(place[0] - 2, place[1] - 2)
    page.mouse.click(*place)
    assert said(page, "(event) => event[0] !== null") == [4007, None, [], True, True]


def test_click_on_a_heatmap_gives_row_and_column(show):
    page = show("heat")
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    assert said(page, "(event) => event[1] !== null")[:2] == [None, [1, 2]]


def test_click_in_three_dimensions_gives_the_id(show):
    page = show("space", 60)
    box = page.locator(HOST).bounding_box()
    place = host(page, "host.place(7)")
    page.mouse.move(box["x"] + place[0] + 1, box["y"] + place[1])
    page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    page.locator(".hovertext").wait_for()
    page.mouse.down()
    page.mouse.up()
    assert said(page, "(event) => event[0] !== null")[0] == 7


@pytest.mark.parametrize("view", ["live", "space"])
def test_labels_do_not_overlap_and_the_hot_ones_are_there(show, view):
    page = show(view)
    page.wait_for_function(f"document.querySelector('{HOST}').written().length > 25")
    labels = host(page, "host.written()")
    boxes = np.array([label["box"] for label in labels])
    apart = (boxes[:, None, 0] >= boxes[None, :, 2]) | (boxes[:, None, 1] >= boxes[None, :, 3])
    assert (apart | apart.T | np.eye(len(boxes), dtype=bool)).all()
    assert {label["row"] for label in labels if label["hot"]} == {3, 4}


def test_zooming_in_writes_other_words(show):
    page = show("live", 5000)
    page.wait_for_function(f"document.querySelector('{HOST}').written().length > 25")
    before = max(label["row"] for label in host(page, "host.written()"))
    zoom(page, 25)
    assert max(label["row"] for label in host(page, "host.written()")) > before


def test_points_glide_to_their_new_places(show):
    page = show("live", 300)
    host(page, "(host.glides = 0, host.draws = host.dataset.draws, 1)")
    page.evaluate(f"""() => {{ const host = document.querySelector('{HOST}');
        setInterval(() => {{ if (host.glide?.frames) host.glides++; }}, 5); }}""")
    page.wait_for_function(f"document.querySelector('{HOST}').glides > 5", timeout=30_000)


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
        place = page.evaluate(PLACE, [0, row])
        page.mouse.move(place[0] + 2, place[1] + 2)
        page.mouse.move(*place)
        page.locator(".hovertext", has_text=word).wait_for(timeout=5_000)
    assert host(page, "window.hit === undefined && !host.querySelector('img')")
    assert (page.locator(".hovertext").text_content() or "").endswith(f"<i>n</i> {len(hostile) - 1}")


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
