"""The history in one picture: the same words under every encoder, a small map each, kinds in the same colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SANS, SERIF, Mode, Palette, palette, style, with_tools
from core.figures.text import plain

WIDE, HIGH, HEAD, GAP = 1.2, 1.0, 0.2, 0.06  # of a panel, in the unit of the picture; HEAD: of its title; GAP: between
TOOLS = 34  # pixels above the panels, for the buttons that save the picture
COLUMNS = 4
REACH = 0.8  # which share of a panel its farthest word may take


@dataclass(frozen=True)
class Small:
    """A small map. title: "word2vec (2013)"; number: the one that stands beside it, large; line: the quiet one under
    it; rows int (m,): which words; xy float (m, 2), around 0, or None: an empty frame with `line` in its middle. ring:
    every two words are joined, since all are equally far apart."""

    title: str
    line: str
    rows: np.ndarray | None = None
    xy: np.ndarray | None = None
    ring: bool = False
    number: str = ""


def shape(panels: int) -> tuple[int, int]:
    """(columns, rows) of so many panels."""
    columns = min(COLUMNS, max(1, panels)) if panels not in (5, 6, 9) else 3
    return columns, -(-panels // columns)


def pixels(panels: int, width: int = 1060) -> int:
    """How high the picture is where it is so wide."""
    columns, rows = shape(panels)
    return TOOLS + round(width * rows * (HIGH + GAP) / (columns * (WIDE + GAP)))


def history(
    panels: Sequence[Small], words: Sequence[str], kinds: np.ndarray, *, mode: Mode, title: str, hot: int | None = None
) -> tuple[go.Figure, list[str], list[str]]:
    """The picture, and the texts and colours of its words, one a point of the first trace, for whoever writes them.

    words: all of them; kinds: int, which kind each is of. A word's id is its place in `words`; hot: one that is ringed
    in every panel.
    """
    colours = palette(mode)
    points, ids = _points(panels)
    tint = [colours.categories[int(kinds[i]) % len(colours.categories)] for i in ids]
    figure = go.Figure(go.Scatter(
        x=points[:, 0], y=points[:, 1], mode="markers", customdata=np.asarray(ids, np.int32), hoverinfo="text",
        text=[plain(words[i]) for i in ids],
        marker={"color": tint, "size": np.where(np.asarray(ids) == hot, 13, 7.5), "line": {
            "width": np.where(np.asarray(ids) == hot, 3, 0), "color": colours.ink}},
    ))  # fmt: skip
    style(figure, mode, title, margin={"l": 0, "r": 0, "t": TOOLS, "b": 0}, hovermode="closest", dragmode=False)
    for place, small in enumerate(panels):
        _frame(figure, small, *_corner(place, len(panels)), colours)
    columns, rows = shape(len(panels))
    figure.update_layout(
        xaxis={**NO_AXIS, "range": [-GAP / 2, columns * (WIDE + GAP) - GAP / 2], "fixedrange": True},
        yaxis={**NO_AXIS, "range": [-rows * (HIGH + GAP) + GAP / 2, GAP / 2], "scaleanchor": "x", "fixedrange": True},
    )
    return with_tools(figure), [words[i] for i in ids], tint


def _corner(place: int, panels: int) -> tuple[float, float]:
    """The upper left corner of a panel."""
    columns, _ = shape(panels)
    return (place % columns) * (WIDE + GAP), -(place // columns) * (HIGH + GAP)


def _points(panels: Sequence[Small]) -> tuple[np.ndarray, list[int]]:
    """float (n, 2), where all words of all panels stand in the picture, and which words they are."""
    parts, ids = [np.zeros((0, 2))], list[int]()
    for place, small in enumerate(panels):
        if small.xy is None or small.rows is None:
            continue
        left, top = _corner(place, len(panels))
        middle = left + WIDE / 2, top - HEAD - (HIGH - HEAD) / 2
        parts.append(middle + _fitted(np.asarray(small.xy, np.float64)))
        ids += small.rows.tolist()
    return np.concatenate(parts), ids


def _fitted(xy: np.ndarray) -> np.ndarray:
    """A map as large as a panel has room for, with equal units on both axes; words are written to its sides."""
    half = np.array([WIDE * 0.78, HIGH - HEAD]) * REACH / 2
    scale = float(np.min(half / np.maximum(np.abs(xy).max(axis=0, initial=0), 1e-9)))
    return xy * min(scale, 0.5)


def _frame(figure: go.Figure, small: Small, left: float, top: float, colours: Palette) -> None:
    empty = small.xy is None
    figure.add_shape(
        type="rect", x0=left, x1=left + WIDE, y0=top - HIGH, y1=top, layer="below",
        line={"color": colours.border, "width": 1, "dash": "4px,4px" if empty else "solid"},
    )  # fmt: skip
    said: dict[str, Any] = {"showarrow": False, "xanchor": "left", "yanchor": "top", "xshift": 12}
    title = {"size": 17, "family": SERIF, "color": colours.quiet if empty else colours.ink}
    figure.add_annotation(x=left, y=top, yshift=-8, text=f"<b>{plain(small.title)}</b>", font=title, **said)
    quiet = {"size": 12.5, "family": SANS, "color": colours.quiet}
    if empty:
        figure.add_annotation(x=left + WIDE / 2, y=top - HIGH / 2, text=plain(small.line), showarrow=False, font=quiet)
        return
    figure.add_annotation(x=left, y=top, yshift=-31, text=plain(small.line, 80), font=quiet, **said)
    large = {"size": 21, "family": SERIF, "color": colours.accent}
    figure.add_annotation(x=left + WIDE, y=top, xshift=-12, yshift=-6, xanchor="right", yanchor="top", font=large,
                          text=plain(small.number), showarrow=False)  # fmt: skip
    if small.ring and small.xy is not None:
        _join(
            figure, left + WIDE / 2, top - HEAD - (HIGH - HEAD) / 2, _fitted(np.asarray(small.xy, np.float64)), colours
        )


def _join(figure: go.Figure, x: float, y: float, xy: np.ndarray, colours: Palette) -> None:
    """A line from each word to each, all of one length in truth."""
    path = " ".join(
        f"M {x + xy[i, 0]:.4f},{y + xy[i, 1]:.4f} L {x + xy[j, 0]:.4f},{y + xy[j, 1]:.4f}"
        for i in range(len(xy))
        for j in range(i)
    )
    if path:
        figure.add_shape(type="path", path=path, layer="below", line={"color": colours.faint, "width": 0.7})
