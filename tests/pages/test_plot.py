import json
import struct

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.assets import address, assets, version
from pages.widgets.plot import LOADER, pack


def unpack(message: bytes):
    """The header, and a function that gives back one of its arrays."""
    length, zeros = struct.unpack_from("<II", message)
    assert zeros == 0 and length % 8 == 0

    def array(place):
        return np.frombuffer(
            message, place["$array"], int(np.prod(place["shape"])), 8 + length + place["start"]
        ).reshape(place["shape"])

    return json.loads(message[8 : 8 + length]), array


def send(*traces, tick="", **facts):
    return unpack(pack(go.Figure(list(traces)), tick=tick, **facts))


def test_arrays_travel_as_they_lie_in_memory():
    x = np.array([1.5, np.nan, 3], np.float32)
    header, array = send(go.Scattergl(x=x, y=np.arange(3.0)), go.Heatmap(z=np.arange(6, dtype=np.uint8).reshape(2, 3)))
    first, second = header["data"]
    np.testing.assert_array_equal(array(first["x"]), x)
    assert array(first["y"]).dtype == np.float64 and array(second["z"]).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("largest, dtype", [(7, "int32"), (2**31, "float64")])
def test_long_integers_travel_as_what_a_browser_can_hold(largest, dtype):
    header, array = send(go.Scatter(y=[1, 2], customdata=np.array([0, largest])))
    assert header["data"][0]["customdata"]["$array"] == dtype
    assert array(header["data"][0]["customdata"]).tolist() == [0, largest]


def test_labels_and_odd_words_travel_whole():
    words = ["<s>", "\ud800", "词", 'a"b', "\u2028"]
    header, array = send(go.Scatter(y=[1]), labels={"text": words, "order": np.array([4, 3, 2, 1, 0])})
    assert header["labels"]["text"] == words and array(header["labels"]["order"]).tolist() == [4, 3, 2, 1, 0]


def test_the_digest_changes_with_the_data_and_not_with_the_tick():
    one, again, other = (send(go.Scatter(y=np.array(y)), tick=t)[0] for y, t in (([1], "a"), ([1], "b"), ([2], "a")))
    assert one["digest"] == again["digest"] != other["digest"] and (one["tick"], again["tick"]) == ("a", "b")


def test_what_is_sent_with_every_message_is_small_and_the_rest_has_a_version():
    assert len(LOADER) < 1000
    assert address("plot.js") == f"assets/{version()}/plot.js"
    assert all(path.is_file() for path in assets().values())


def script():
    import plotly.graph_objects as go
    import streamlit as st

    from pages.widgets.plot import plot

    event = plot(go.Figure(go.Scatter(y=[1, 2], customdata=[7, 8])), "picture", height=200)
    st.session_state["events"] = [*st.session_state.get("events", []), event]


def test_an_event_is_fresh_once():
    at = AppTest.from_function(script).run()
    at.session_state["picture"] = {"event": {"clicked": 7, "click_count": 5, "selected": [8, 7]}}
    before, clicked, after = at.run().run().session_state["events"]
    assert (before.clicked, before.fresh, before.selected) == (None, False, [])
    assert (clicked.clicked, clicked.fresh, clicked.selected) == (7, True, [8, 7])
    assert (after.clicked, after.fresh) == (7, False)


def test_a_click_on_a_heatmap_is_a_row_and_a_column():
    at = AppTest.from_function(script)
    at.session_state["picture"] = {"event": {"clicked": None, "cell": [2, 3], "click_count": 1}}
    (event,) = at.run().session_state["events"]
    assert event.cell == (2, 3) and event.clicked is None and event.fresh
