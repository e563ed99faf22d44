"""Pictures of a word's senses: a cloud of occurrences, all layers small, how far apart they are, one sentence's shares.

Every occurrence is a point; its id is its row. Sentences are words of people's files: they go through `plain`.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, Mode, axis, palette, style, translucent
from core.figures.text import plain

MOST_NAMED = 12
SMALL = 0.02  # a share that is always in the picture, so that next to nothing looks like it
MOST_SMALL = 400  # points of each small picture
_ACROSS = 68  # letters of a line that is pointed at; a wide one counts twice
_LINES = 5


@dataclass(frozen=True)
class Kinds:
    """What colours the points. values: int (n,), indices into names; -1: none, drawn faint."""

    values: np.ndarray
    names: Sequence[str]


def hover(sentence: str, first: int, last: int, note: str = "") -> str:
    """A sentence for the hover, the word in bold, in lines; of a long one the part around the word."""
    wide = sum(letter > "\u2e7f" for letter in sentence[:200]) > 60
    across, most = (_ACROSS // 2 if wide else _ACROSS), (_ACROSS // 2 if wide else _ACROSS) * _LINES
    low = max(0, min(first - most // 2, len(sentence) - most))
    part, first, last = sentence[low : low + most], first - low, last - low
    marked = f"{part[:first]}\ue000{part[first:last]}\ue001{part[last:]}"
    lines = textwrap.wrap(("…" if low else "") + marked + ("…" if low + most < len(sentence) else ""), across)
    text = "<br>".join(plain(line, 200) for line in lines)
    return text.replace("\ue000", "<b>").replace("\ue001", "</b>") + (f"<br><i>{plain(note)}</i>" if note else "")


def cloud(
    points: np.ndarray,
    texts: Sequence[str],
    kinds: Kinds,
    *,
    room: np.ndarray,
    mode: Mode,
    title: str,
    chosen: int | None = None,
    near: Sequence[int] = (),
    legend: bool = True,
    walk: np.ndarray | None = None,
) -> go.Figure:
    """points: float (n, 2); texts: of `hover`; room: float (m, 2), what the axes are to hold, all layers together.

    chosen, near: ids that are ringed. walk: float (s, 2), a line through the places of one more point.
    """
    colours, ids = palette(mode), np.arange(len(points), dtype=np.int32)
    scale = [colours.faint, *(colours.categories[i % len(colours.categories)] for i in range(max(1, len(kinds.names))))]
    size = float(np.clip(13 - 2.2 * np.log10(max(len(points), 1)), 4.5, 10))
    parts = len(scale)
    marker: dict[str, Any] = {
        "size": size,
        "opacity": 0.88,
        "color": np.asarray(kinds.values, np.float32) + 1.5,
        "colorscale": [[edge, shade] for i, shade in enumerate(scale) for edge in (i / parts, (i + 1) / parts)],
        "cmin": 0, "cmax": parts, "showscale": False,
        "line": {"width": 0.8, "color": colours.background},
    }  # fmt: skip
    figure = go.Figure(_trace(points, ids, np.array(texts, object), marker))
    for rows, grown in (([*near], 4), ([chosen] if chosen is not None and chosen < len(points) else [], 9)):
        if rows:
            ring = {"size": size + grown, "color": translucent(colours.hot, 0.25),
                    "line": {"width": 2, "color": colours.hot}}  # fmt: skip
            figure.add_trace(_trace(points[rows], ids[rows], np.array([texts[i] for i in rows], object), ring))
    if walk is not None:
        figure.add_traces(_walk(walk, colours.hot, len(points)))
    if legend:
        figure.add_traces(_legend(kinds, colours.categories))
    style(figure, mode, title, margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest", dragmode="pan")
    x, y = _room(room)
    box = {"x": 0.005, "y": 0.995, "xanchor": "left", "yanchor": "top", "font": {"size": 12.5}, "itemclick": False,
           "itemdoubleclick": False, "bgcolor": translucent(colours.background, 0.7)}  # fmt: skip
    figure.update_layout(xaxis={**NO_AXIS, "range": x}, yaxis={**NO_AXIS, "range": y, "scaleanchor": "x"},
                         showlegend=legend, legend=box)  # fmt: skip
    return figure


def _trace(points: np.ndarray, ids: np.ndarray, texts: np.ndarray, marker: dict) -> go.Scattergl:
    return go.Scattergl(
        x=np.ascontiguousarray(points[:, 0]), y=np.ascontiguousarray(points[:, 1]), mode="markers", marker=marker,
        customdata=ids, hovertext=texts, hovertemplate="%{hovertext}<extra></extra>", showlegend=False,
        unselected={"marker": {"opacity": 0.15}},
    )  # fmt: skip


def _walk(places: np.ndarray, colour: str, number: int) -> list[go.Scatter | go.Scattergl]:
    """The way of one more point, and the point itself at its end, with an id of its own, so that it glides there."""
    line = go.Scatter(x=places[:, 0], y=places[:, 1], mode="lines", hoverinfo="skip", showlegend=False,
                      line={"color": colour, "width": 2, "dash": "4px,3px"})  # fmt: skip
    end = go.Scattergl(x=places[-1:, 0], y=places[-1:, 1], mode="markers", hoverinfo="skip", showlegend=False,
                       customdata=np.array([number], np.int32),
                       marker={"symbol": "star", "size": 22, "color": colour, "line": {"width": 1}})  # fmt: skip
    return [line, end]


def _legend(kinds: Kinds, categories: Sequence[str]) -> list[go.Scatter]:
    counts = np.bincount(kinds.values[kinds.values >= 0], minlength=len(kinds.names))
    return [
        go.Scatter(x=[None], y=[None], mode="markers", name=f"{plain(name, 34)}  {counts[i]:,}", hoverinfo="skip",
                   marker={"color": categories[i % len(categories)], "size": 9}, showlegend=True)
        for i, name in enumerate(kinds.names[:MOST_NAMED])
    ]  # fmt: skip


def _room(room: np.ndarray) -> tuple[list[float], list[float]]:
    """The ranges of x and y that hold the 0.5th to 99.5th percentile, with air for names."""
    room = room[np.isfinite(room).all(axis=1)]
    if not len(room):
        return [-1, 1], [-1, 1]
    low, high = np.percentile(room.astype(np.float64), [0.5, 99.5], axis=0)
    air = 0.12 * (high - low) + 0.05
    (x0, y0), (x1, y1) = (low - air).tolist(), (high + air).tolist()
    return [x0, x1], [y0, y1]


def small_multiples(
    xy: np.ndarray, kinds: Kinds, titles: Sequence[str], *, mode: Mode, title: str, hot: int, seed: int = 0
) -> go.Figure:
    """All layers beside each other: xy float (n, S, 2), titles S; hot: the layer looked at. At most 400 points each."""
    from plotly.subplots import make_subplots

    colours, layers = palette(mode), xy.shape[1]
    rows = np.arange(len(xy))
    if len(rows) > MOST_SMALL:
        rows = np.sort(np.random.default_rng(seed).permutation(rows)[:MOST_SMALL])
    figure = make_subplots(1, layers, horizontal_spacing=0.006)
    shades = np.array([*colours.categories, colours.faint], object)
    values = np.where(kinds.values < 0, len(colours.categories), kinds.values % len(colours.categories))
    x, y = _room(xy.reshape(-1, 2))
    for layer in range(layers):
        marker = {"size": 3.5, "color": shades[values[rows]].tolist(), "opacity": 0.85}
        figure.add_trace(go.Scattergl(x=xy[rows, layer, 0], y=xy[rows, layer, 1], mode="markers", marker=marker,
                         customdata=np.full(len(rows), layer), hoverinfo="skip"), 1, layer + 1)  # fmt: skip
        edge = colours.hot if layer == hot else colours.border
        frame = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "showline": True,
                 "mirror": True, "linecolor": edge, "linewidth": 2 if layer == hot else 1}  # fmt: skip
        figure.update_xaxes({**frame, "range": x, "title": {"text": plain(titles[layer]), "standoff": 4,
                             "font": {"size": 11.5, "color": colours.quiet}}}, col=layer + 1)  # fmt: skip
        figure.update_yaxes({**frame, "range": y}, col=layer + 1)
    return style(figure, mode, title, margin={"l": 2, "r": 2, "t": 2, "b": 22}, dragmode=False)


@dataclass(frozen=True)
class Curve:
    """How far apart the senses are in each layer of one run: values float (S,)."""

    name: str
    values: np.ndarray


def separation(curves: Sequence[Curve], *, mode: Mode, title: str, x_title: str, y_title: str, hot: int) -> go.Figure:
    """The silhouette over the layers; hot: the layer looked at, ringed on the first curve."""
    colours = palette(mode)
    figure = go.Figure()
    for i, curve in enumerate(curves):
        colour = colours.accent if len(curves) == 1 else colours.categories[i % len(colours.categories)]
        layers = np.arange(len(curve.values))
        figure.add_trace(go.Scatter(
            x=layers, y=curve.values, mode="lines+markers", name=plain(curve.name), customdata=layers,
            line={"color": colour, "width": 2.2}, marker={"size": 7}, hovertemplate="%{y:.3f}<extra></extra>",
        ))  # fmt: skip
    if curves and hot < len(curves[0].values) and np.isfinite(curves[0].values[hot]):
        figure.add_trace(go.Scatter(
            x=[hot], y=[curves[0].values[hot]], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"size": 15, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": colours.hot}},
        ))  # fmt: skip
    every = np.concatenate([np.zeros(1), *(curve.values[np.isfinite(curve.values)] for curve in curves)])
    low, high = float(every.min()), max(0.1, float(every.max()))
    reach = [low - 0.06 * (high - low), high + 0.12 * (high - low)]  # so that no mark is cut
    style(figure, mode, title, margin={"l": 52, "r": 10, "t": 8, "b": 42}, dragmode=False, hovermode="closest")
    figure.update_layout(xaxis=axis(mode, plain(x_title), dtick=1, showgrid=False),
                         yaxis=axis(mode, plain(y_title), nticks=5, range=reach),
                         showlegend=len(curves) > 1)  # fmt: skip
    return figure


def share_bar(shares: np.ndarray, names: Sequence[str], *, mode: Mode, title: str) -> go.Figure:
    """One bar from 0 to 1, cut by the shares of the senses, each with its name and number where there is room."""
    colours, figure = palette(mode), go.Figure()
    for i, share in enumerate(np.asarray(shares, float).tolist()):
        text = f"{plain(names[i], 24)} {share:.2f}"
        figure.add_trace(go.Bar(
            x=[share], y=[""], orientation="h", marker={"color": colours.categories[i % len(colours.categories)]},
            text=[text if share > 0.14 else ""], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"color": colours.background, "size": 15}, hovertemplate=text + "<extra></extra>",
        ))  # fmt: skip
    style(figure, mode, title, margin={"l": 0, "r": 0, "t": 0, "b": 0}, barmode="stack", dragmode=False)
    figure.update_layout(xaxis={**NO_AXIS, "range": [0, 1]}, yaxis=NO_AXIS, bargap=0)
    return figure


def effects(words: Sequence[str], values: np.ndarray, *, mode: Mode, title: str, x_title: str) -> go.Figure:
    """What each word of a sentence brings to a share, the largest ten first; values: nan for the word itself."""
    colours = palette(mode)
    order = [i for i in np.argsort(-np.abs(values), kind="stable").tolist() if np.isfinite(values[i])][:10][::-1]
    numbers = [float(values[i]) for i in order]
    top = max(range(len(order)), key=lambda i: abs(numbers[i]), default=0)
    shade = [
        colours.hot if i == top else colours.accent if value >= 0 else colours.quiet for i, value in enumerate(numbers)
    ]
    figure = go.Figure(go.Bar(
        x=numbers, y=list(range(len(order))), orientation="h", marker={"color": shade},
        hovertemplate="%{x:+.3f}<extra></extra>",
    ))  # fmt: skip
    style(figure, mode, title, margin={"l": 110, "r": 10, "t": 4, "b": 40}, dragmode=False)
    ticks: dict[str, Any] = {"tickvals": list(range(len(order))), "ticktext": [plain(words[i], 16) for i in order]}
    room = [min(-SMALL, 1.05 * min(numbers, default=0)), max(SMALL, 1.05 * max(numbers, default=0))]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), nticks=5, range=room), yaxis=axis(mode, "", showgrid=False, **ticks)
    )
    return figure


def star(*, mode: Mode, title: str, text: str, number: int) -> go.Figure:
    """One vector for every occurrence: a single star, with what there is to say at it."""
    colours = palette(mode)
    figure = go.Figure(go.Scattergl(
        x=np.zeros(number), y=np.zeros(number), mode="markers", customdata=np.arange(number, dtype=np.int32),
        marker={"symbol": "star", "size": 30, "color": colours.accent, "opacity": 1}, hoverinfo="skip",
    ))  # fmt: skip
    note = {"x": 0, "y": -0.5, "text": plain(text, 120), "showarrow": False,
            "font": {"size": 13, "color": colours.quiet}}  # fmt: skip
    style(figure, mode, title, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan", annotations=[note])
    figure.update_layout(xaxis={**NO_AXIS, "range": [-2.4, 2.4]},
                         yaxis={**NO_AXIS, "range": [-2.4, 2.4], "scaleanchor": "x"})  # fmt: skip
    return figure
