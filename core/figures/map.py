"""The map of words: every word a faint point, and on top what was searched for, what was chosen and what is near it.

One trace holds all words, so that a word keeps its place in the arrays whatever it is coloured by; the few highlighted
ones are drawn again on top. Every point carries the word's id in `customdata`. A two-dimensional map opens on the 1st
to 99th percentile of its points with equal units on both axes; the plot component marks what lies outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SANS, Mode, Palette, palette, style, translucent
from core.figures.text import plain

MOST_POINTS = 50_000
MOST_NAMED_GROUPS = 12


@dataclass(frozen=True)
class Shade:
    """Colour by a number. `values` (n,); "count" runs from ground to accent on a logarithmic scale, "likeness" from
    ground to hot on a linear one, between the 2nd percentile and the largest value."""

    values: np.ndarray
    title: str
    scale: Literal["count", "likeness"] = "count"


@dataclass(frozen=True)
class Groups:
    """Colour by a category. `values` int (n,), each an index into `names`."""

    values: np.ndarray
    names: Sequence[str]


def word_map(
    points: np.ndarray,
    words: Sequence[str],
    *,
    mode: Mode,
    title: str,
    ids: np.ndarray | None = None,
    numbers: Mapping[str, np.ndarray] | None = None,
    colour: Shade | Groups | None = None,
    chosen: int | None = None,
    neighbours: Sequence[int] = (),
    hits: Sequence[int] = (),
) -> go.Figure:
    """The map of n words, n at most 50,000.

    points: float (n, 2) or (n, 3); words: n; ids: int (n,), default 0..n-1.
    numbers: shown under the word when one points at it, name -> (n,); two are enough.
    chosen, neighbours, hits: ids, of which those that are not on the map are skipped; lines run from the chosen word
    to its neighbours.
    """
    points = np.asarray(points, np.float32)
    assert len(points) == len(words) <= MOST_POINTS and points.shape[1] in (2, 3), (points.shape, len(words))
    names = np.arange(len(words), dtype=np.int32) if ids is None else np.asarray(ids, np.int32)
    ground = Ground(points, words, names, numbers or {}, palette(mode))
    rows = {int(name): row for row, name in enumerate(names)}
    near = [rows[i] for i in neighbours if i in rows and i != chosen]
    centre = [rows[chosen]] if chosen is not None and chosen in rows else []
    figure = go.Figure(ground.everything(colour))
    figure.add_traces(ground.lines(centre, near))
    figure.add_traces(ground.marked([rows[i] for i in hits if i in rows], ground.colours.accent, 3))
    figure.add_traces(ground.marked(near, ground.colours.hot, 3))
    figure.add_traces(ground.marked(centre, ground.colours.hot, 8))
    if isinstance(colour, Groups):
        figure.add_traces(ground.legend(colour))
    drag = "pan" if points.shape[1] == 2 else "turntable"
    style(figure, mode, title, margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest", dragmode=drag)
    figure.update_layout(_room(points, ground.colours), showlegend=isinstance(colour, Groups))
    return figure


@dataclass(frozen=True)
class Ground:
    """The points of a map, and how to draw some of them."""

    points: np.ndarray
    words: Sequence[str]
    ids: np.ndarray
    numbers: Mapping[str, np.ndarray]
    colours: Palette

    @property
    def size(self) -> float:
        """Marker size in pixels: the more points, the smaller."""
        return float(np.clip(10.5 - 1.8 * np.log10(max(len(self.words), 1)), 2.5, 8.0))

    def everything(self, colour: Shade | Groups | None) -> Any:
        """All words, faint or shaded."""
        marker: dict[str, Any] = {"size": self.size, "opacity": 0.9 if len(self.words) < 1_000 else 0.85}
        marker.update(_coloured(colour, self.colours))
        dim = {"unselected": {"marker": {"opacity": 0.12}}} if self.points.shape[1] == 2 else {}
        return self._points(slice(None), marker, **dim)

    def marked(self, rows: list[int], colour: str, grown: float) -> list[Any]:
        """Some words again, larger and in one colour."""
        if not rows:
            return []
        edge = {"width": 1, "color": self.colours.background}
        return [
            self._points(np.asarray(rows), {"size": self.size + grown, "color": colour, "opacity": 1, "line": edge})
        ]

    def lines(self, centre: list[int], near: list[int]) -> list[Any]:
        """From the chosen word to each neighbour."""
        if not centre or not near:
            return []
        ends = np.full((len(near), 3, self.points.shape[1]), np.nan, np.float32)
        ends[:, 0], ends[:, 1] = self.points[centre[0]], self.points[near]
        flat = self.points.shape[1] == 2
        line = {
            "color": translucent(self.colours.hot, 0.55) if flat else self.colours.hot,
            "width": 1.25 if flat else 2,
        }
        kind = go.Scatter if flat else go.Scatter3d
        return [kind(**_places(ends.reshape(-1, self.points.shape[1])), mode="lines", line=line, hoverinfo="skip")]

    def legend(self, groups: Groups) -> list[Any]:
        """One entry a group, without points: the points are all in the first trace."""
        colours = self.colours.categories
        kind = go.Scatter if self.points.shape[1] == 2 else go.Scatter3d
        empty: dict[str, Any] = {axis: [None] for axis in "xyz"[: self.points.shape[1]]}
        return [
            kind(
                **empty,
                mode="markers",
                marker={"color": colours[i % len(colours)], "size": 8},
                name=plain(name, 30),
                showlegend=True,
                hoverinfo="skip",
            )
            for i, name in enumerate(groups.names[:MOST_NAMED_GROUPS])
        ]

    def _points(self, rows: Any, marker: dict[str, Any], **more: Any) -> Any:
        kind = go.Scattergl if self.points.shape[1] == 2 else go.Scatter3d
        chosen = np.arange(len(self.words))[rows]
        return kind(
            **_places(self.points[chosen]),
            mode="markers",
            marker={"line": {"width": 0}, **marker},
            customdata=self.ids[chosen],
            text=np.array([plain(self.words[i]) for i in chosen], dtype=object),  # plotly checks lists item by item
            hovertext=self._numbers(chosen),
            hovertemplate="<b>%{text}</b>" + ("<br>%{hovertext}" if self.numbers else "") + "<extra></extra>",
            showlegend=False,
            **more,
        )

    def _numbers(self, rows: np.ndarray) -> np.ndarray | None:
        """The second line of the hover: "count 1,204 · cosine 0.71"."""
        columns = [
            [f"{plain(name)} {_number(value)}" for value in np.asarray(values)[rows].tolist()]
            for name, values in self.numbers.items()
        ]
        return np.array([" · ".join(parts) for parts in zip(*columns)], dtype=object) if columns else None


def label_order(words: Sequence[str], first: int = 100) -> np.ndarray:
    """int32 (n,): rows in the order in which their labels deserve room, for words listed most frequent first.

    Content words come first: the `first` most frequent words of a language are mostly function words, and single
    letters and numbers say little on a map, so these go to the end and show only when one zooms in.
    """
    first = min(first, len(words) // 10)
    weak = np.array([i < first or (len(w) < 2 and w.isascii()) or w.isdigit() for i, w in enumerate(words)], bool)
    return np.argsort(weak, kind="stable").astype(np.int32)


def fit(points: np.ndarray) -> tuple[list[float], list[float]]:
    """The x and y range that hold the 1st to 99th percentile of the points, with a little air."""
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return [-1.0, 1.0], [-1.0, 1.0]
    low, high = np.percentile(finite.astype(np.float64), [1, 99], axis=0)
    air = 0.06 * (high - low) + 1e-3 * max(1e-6, float(np.ptp(finite, axis=0).max())) + 1e-9
    (x0, y0), (x1, y1) = (low - air).tolist(), (high + air).tolist()
    return [x0, x1], [y0, y1]


def _room(points: np.ndarray, colours: Palette) -> dict[str, Any]:
    """The layout of the space the points lie in, without axes: on a map only nearness has a meaning."""
    legend = {
        "x": 0.005,
        "y": 0.01,
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"size": 12},
        "bgcolor": translucent(colours.background, 0.7),
        "itemclick": False,
        "itemdoubleclick": False,
    }
    if points.shape[1] == 3:
        bare = {**NO_AXIS, "showbackground": False, "showspikes": False}
        camera = {"eye": {"x": 0.95, "y": 0.95, "z": 0.45}}
        scene = {
            "xaxis": bare,
            "yaxis": bare,
            "zaxis": bare,
            "aspectmode": "data",
            "camera": camera,
            "dragmode": "turntable",
        }
        return {"scene": scene, "legend": legend}
    x, y = fit(points)
    return {
        "xaxis": {**NO_AXIS, "range": x},
        "yaxis": {**NO_AXIS, "range": y, "scaleanchor": "x", "scaleratio": 1},
        "legend": legend,
    }


def _places(points: np.ndarray) -> dict[str, np.ndarray]:
    return {axis: np.ascontiguousarray(points[:, i]) for i, axis in enumerate("xyz"[: points.shape[1]])}


def _number(value: float) -> str:
    """A number for a hover label: "1,204", "0.71"."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}" if abs(value) < 0.1 else f"{value:,.2f}"


def _coloured(colour: Shade | Groups | None, colours: Palette) -> dict[str, Any]:
    """What a trace's marker says about colour."""
    if colour is None:
        return {"color": colours.dense}
    if isinstance(colour, Groups):
        count = max(1, len(colour.names))
        values = np.asarray(colour.values, np.float32) + 0.5
        return {"color": values, "colorscale": colours.steps(count), "cmin": 0, "cmax": count, "showscale": False}
    values = np.asarray(colour.values, np.float32)
    if colour.scale == "count":
        values = np.log10(np.maximum(values, 1))
    low, high = _bounds(values, colour.scale)
    scale = colours.ramp() if colour.scale == "count" else colours.warmth()
    bar = {**_bar(colour.title, colours), **_ticks(colour.scale, low, high)}
    return {"color": values, "colorscale": scale, "cmin": low, "cmax": high, "showscale": True, "colorbar": bar}


def _bounds(values: np.ndarray, scale: str) -> tuple[float, float]:
    """The values at the two ends of the colour scale; likeness begins at its 2nd percentile."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return 0.0, 1.0
    low = float(np.percentile(finite, 2)) if scale == "likeness" else float(finite.min())
    return low, max(float(finite.max()), low + 1e-6)


def _ticks(scale: str, low: float, high: float) -> dict[str, Any]:
    """The ticks of the colour bar: powers of ten for counts, which are drawn as logarithms."""
    if scale == "likeness":
        return {"nticks": 4, "tickformat": ".2~f"}
    first, last = int(np.ceil(low)), int(np.floor(high))
    powers = range(first, last + 1, 1 + max(0, last - first) // 4)  # at most four, which stand upright side by side
    return {"tickvals": list(powers), "ticktext": [f"{10**power:,}" for power in powers]}


def _bar(title: str, colours: Palette) -> dict[str, Any]:
    """A thin colour bar in the map's lower left corner."""
    quiet = {"family": SANS, "color": colours.quiet}
    return {
        "orientation": "h",
        "thickness": 7,
        "lenmode": "pixels",
        "len": 190,
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "bottom",
        "xpad": 14,
        "ypad": 12,
        "outlinewidth": 0,
        "ticks": "",
        "tickfont": {**quiet, "size": 11},
        "title": {"text": plain(title), "side": "top", "font": {**quiet, "size": 12}},
    }
