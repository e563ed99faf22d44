"""The live plot: a plotly figure that keeps its zoom, camera and selection while its data change.

`st.plotly_chart` replaces its place in the page with every new figure. This component keeps it, and hands the new
figure to `Plotly.react` (plot.js). Figures travel as bytes: a JSON header, then the arrays as they lie in memory.
"""

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.utils import PlotlyJSONEncoder

from pages.widgets.assets import address
from pages.widgets.i18n import _

# Streamlit sends this text with every message, so it only fetches the real thing, which the browser then keeps.
LOADER = """
export default async (component) => {
  const address = new URL("%s", document.baseURI);
  const plot = await import(address).catch(() => null);
  if (plot) return plot.mount(component);
  const bytes = component.data, length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { texts } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  component.parentElement.textContent = texts.failed;
};
"""
BINARY = {"int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"}
COMPONENT = st.components.v2.component("plot", js=LOADER % address("plot.js"), isolate_styles=False)


class Words(TypedDict, total=False):
    """Words to write on a plot, as plain text.

    text: one a point of trace number `trace` (default 0); order: the points by importance (default: as they stand);
    hot: the points that are written before all others and in the hot colour, the chosen one first. All are rows.
    colours: one a point, of its word where it is not hot (default: ink).
    """

    trace: int
    text: Sequence[str]
    order: Sequence[int] | np.ndarray
    hot: Sequence[int]
    colours: Sequence[str]


class Morph(TypedDict, total=False):
    """A slider that takes the points of trace 0, and those of the same ids in other traces, to other places.

    x, y: float (n,), the other places, or (s, n) of s stops one after the other; at: where the slider stands at first,
    0 (as drawn) to the number of stops; first, last: what the two ends are called. names: with several stops, what is
    said at each, the drawn one first; the slider then comes to rest at stops only.
    """

    x: np.ndarray
    y: np.ndarray
    at: float
    first: str
    last: str
    names: Sequence[str]


@dataclass(frozen=True)
class Event:
    """What a person did to a plot: ids are those of the points' `customdata`.

    `clicked` stays until the next click; `click_count` grows with every one, so the same point clicked again is seen;
    `fresh` is true in the one run that a new click caused. `cell` is the (row, column) of a click on a heatmap. `morph`
    is where the slider came to rest last.
    """

    clicked: int | None = None
    click_count: int = 0
    selected: list[int] = field(default_factory=list)
    cell: tuple[int, int] | None = None
    fresh: bool = False
    morph: float | None = None


def plot(
    figure: go.Figure,
    key: str,
    *,
    height: int | Literal["fill"],
    labels: Words | None = None,
    tick: str = "",
    uirevision: str = "",
    morph: Morph | None = None,
    link: str = "",
) -> Event:
    """Draw the figure, or change the one that stands there under this key, and say what a person did to it.

    height: pixels, or "fill" for what the window has left. Zoom, camera and selection stay while `uirevision` does.
    morph: a slider under the plot. link: plots of one name point at the same ids and look at the same part of the
    plane. `tick` comes back in the element's data-tick once this figure is drawn. In an AppTest:
    `at.session_state[key] = {"event": {"clicked": 7, "click_count": 1}}`.
    """
    moving = {"morph": {**morph, "play": _("Play"), "name": _("From one to the other")}} if morph else {}
    linked = {"link": link} if link else {}
    message = pack(
        figure, height=height, labels=labels, tick=tick, uirevision=uirevision, texts=_texts(), **moving, **linked
    )
    result = COMPONENT(key=key, data=message, on_event_change=lambda: None)
    return _event(key, result.get("event") or {})


def pack(figure: go.Figure, *, tick: str, **facts: Any) -> bytes:
    """The figure and what else plot.js must know: uint32 length of the header, 4 zeros, the header as JSON, the arrays.

    Header and arrays each begin on a multiple of 8 bytes. The header's `digest` tells an unchanged figure from a new
    one. Plotly's templates are left out: Streamlit's is full of placeholders for its own charts.
    """
    layout = figure.layout.to_plotly_json()
    layout.pop("template", None)
    return packed({"data": [trace.to_plotly_json() for trace in figure.data], "layout": layout, **facts}, tick)


def packed(content: dict[str, Any], tick: str = "") -> bytes:
    """A message of numbers, texts, and numeric arrays of one or two dimensions, as plot_message.js reads it."""
    arrays: list[np.ndarray] = []
    header = json.dumps(_extract(content, arrays), cls=PlotlyJSONEncoder)
    buffers = b"".join(_padded(array.tobytes()) for array in arrays)
    digest = hashlib.blake2b(header.encode() + buffers, digest_size=8).hexdigest()
    head = _padded((header[:-1] + f', "digest": "{digest}", "tick": {json.dumps(tick)}}}').encode(), b" ")
    return struct.pack("<II", len(head), 0) + head + buffers


def _padded(content: bytes, filler: bytes = b"\0") -> bytes:
    return content + filler * (-len(content) % 8)


def _extract(value: Any, arrays: list[np.ndarray]) -> Any:
    """The value with each numeric array replaced by its type, its place among the buffers and its shape."""
    if isinstance(value, dict):
        return {key: _extract(item, arrays) for key, item in value.items()}
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict | np.ndarray):
        return [_extract(item, arrays) for item in value]
    if not isinstance(value, np.ndarray):
        return value
    array = np.ascontiguousarray(value.astype(_narrow(value)))
    if str(array.dtype) not in BINARY or array.ndim not in (1, 2):
        return value.tolist()
    start = sum(-(-earlier.nbytes // 8) * 8 for earlier in arrays)
    arrays.append(array.astype(array.dtype.newbyteorder("<")))
    return {"$array": str(array.dtype), "start": start, "shape": array.shape}


def _narrow(array: np.ndarray) -> Any:
    """The type an array travels as: browsers have no 64-bit integers among their plain numbers."""
    if array.dtype.kind not in "iu" or array.dtype.itemsize < 8:
        return array.dtype
    fits = not array.size or (array.min() >= -(2**31) and array.max() < 2**31)
    return np.int32 if fits else np.float64


def _event(key: str, state: dict[str, Any]) -> Event:
    """The state that the browser sent, and whether its click has been seen here before."""
    seen, count = f"{key}.seen", int(state.get("click_count", 0))
    fresh = count > st.session_state.get(seen, 0)
    st.session_state[seen] = count
    cell = state.get("cell")
    return Event(
        clicked=state.get("clicked"),
        click_count=count,
        selected=[int(name) for name in state.get("selected", ())],
        cell=(int(cell[0]), int(cell[1])) if cell else None,
        fresh=fresh,
        morph=state.get("morph"),
    )


def _texts() -> dict[str, str]:
    """What the plot says itself, in the reader's language; the names of plotly's buttons are plotly's keys."""
    return {
        "failed": _("The picture could not be loaded: check that the server still runs, then reload the page."),
        "broken": _("This picture could not be drawn; the browser's console says why. Reload the page to try again."),
        "flat": _("Without WebGL only the first {count} points are drawn. Turn on hardware graphics to see all."),
        "no_space": _("A map in three dimensions needs WebGL, which this browser lacks. Choose two dimensions."),
        "Pan": _("Move"),
        "Zoom": _("Zoom"),
        "Box Select": _("Select a box"),
        "Lasso Select": _("Select with a lasso"),
        "Turntable rotation": _("Turn"),
        "reset": _("Show all"),
        "picture": _("Save as a picture"),
        "drawing": _("Save as a drawing (SVG)"),
    }
