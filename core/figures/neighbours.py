"""What stands near a word: ranked in one space beside others, as the fourth corner of a parallelogram, in a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SERIF, Mode, Palette, axis, palette, style, translucent
from core.figures.text import plain

ROOM = 0.7  # of a column's width, for its words; the rest is for the lines to the next column
WIDE = 3  # columns up to which there is room for the scores
MOST_NUMBERS = 14  # words of a matrix: with more, the cells hold no numbers


@dataclass(frozen=True)
class Column:
    """The neighbours of a word in one space. ids: int (k,), the same for the same word in all columns; lengths: float
    (k,), 0..1, of the bars; numbers: (k,) texts; note: what is said where there are no words."""

    name: str
    words: Sequence[str]
    ids: Sequence[int]
    lengths: np.ndarray
    numbers: Sequence[str]
    note: str = ""
    hover: Sequence[str] = field(default_factory=list)


def neighbour_columns(columns: Sequence[Column], *, mode: Mode, title: str) -> go.Figure:
    """Rankings side by side: a word that is in several has a colour of its own, and a line leads to its next place.

    A click on a row gives the word's id.
    """
    colours = palette(mode)
    tint = _tints(columns, colours)
    figure = go.Figure([
        trace for place, column in enumerate(columns) if len(column.words)
        for trace in _column(column, place, tint, colours, len(columns) <= WIDE)
    ])  # fmt: skip
    rows = max([len(column.words) for column in columns], default=1) or 1
    style(figure, mode, title, margin={"l": 2, "r": 2, "t": 34, "b": 4}, barmode="overlay", bargap=0.22,
          dragmode=False, hovermode="closest")  # fmt: skip
    figure.update_layout(
        xaxis={**NO_AXIS, "range": [-0.01, len(columns) - 1 + (ROOM if len(columns) > 1 else 1)], "fixedrange": True},
        yaxis={**NO_AXIS, "range": [rows - 0.5, -0.5], "fixedrange": True},
        shapes=_ties(columns, tint),
        annotations=[note for place, column in enumerate(columns) for note in _heads(column, place, mode)],
    )  # fmt: skip
    return figure


def _tints(columns: Sequence[Column], colours: Palette) -> dict[int, str]:
    """A colour for each word that is in two columns or more."""
    every = [each for column in columns for each in dict.fromkeys(column.ids)]
    shared = dict.fromkeys(each for each in every if every.count(each) > 1)
    return {each: colours.categories[i % len(colours.categories)] for i, each in enumerate(shared)}


def _column(column: Column, place: int, tint: dict[int, str], colours: Palette, numbers: bool) -> list[Any]:
    """The bars, the words on them, their numbers, and on top of it all what takes the clicks."""
    rows, ids = np.arange(len(column.words)), np.asarray(column.ids, np.int32)
    fill = [translucent(tint[each], 0.36) if each in tint else colours.panel for each in ids.tolist()]
    common: dict[str, Any] = {"y": rows, "orientation": "h", "base": place, "showlegend": False}
    lengths = np.clip(np.nan_to_num(np.asarray(column.lengths, np.float64)), 0, 1)
    bars = go.Bar(x=ROOM * lengths, marker={"color": fill, "line": {"width": 0}}, hoverinfo="skip", **common)
    words = go.Scatter(
        x=np.full(len(rows), place + 0.012), y=rows, mode="text", text=[plain(word, 22) for word in column.words],
        textposition="middle right", hoverinfo="skip", textfont={"family": SERIF, "size": 15.5, "color": colours.ink},
    )  # fmt: skip
    scores = go.Scatter(
        x=np.full(len(rows), place + ROOM - 0.008), y=rows, mode="text", text=list(column.numbers),
        textposition="middle left", hoverinfo="skip", textfont={"size": 12, "color": colours.quiet},
    )  # fmt: skip
    clicks = go.Bar(
        x=np.full(len(rows), ROOM), marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}}, customdata=ids,
        hovertext=[f"<b>{plain(word)}</b><br>{plain(said)}"
                   for word, said in zip(column.words, column.hover or column.numbers)],
        hovertemplate="%{hovertext}<extra></extra>", **common,
    )  # fmt: skip
    return [bars, words, *([scores] if numbers else []), clicks]


def _ties(columns: Sequence[Column], tint: dict[int, str]) -> list[dict[str, Any]]:
    """Lines from each place of a word to its place in the next column, where that has it too."""
    lines = []
    for place, (one, other) in enumerate(zip(columns, columns[1:])):
        theirs = {each: row for row, each in enumerate(other.ids)}
        for row, each in enumerate(one.ids):
            if each in theirs:
                lines.append({
                    "type": "line", "x0": place + ROOM + 0.01, "x1": place + 0.985, "y0": row, "y1": theirs[each],
                    "line": {"width": 1.6, "color": tint[each]}, "layer": "below",
                })  # fmt: skip
    return lines


def _heads(column: Column, place: int, mode: Mode) -> list[dict[str, Any]]:
    """The column's name above it, and its note where it has no words."""
    colours = palette(mode)
    head = {
        "x": place, "y": 1, "yref": "paper", "text": f"<b>{plain(column.name, 40)}</b>", "showarrow": False,
        "xanchor": "left", "yanchor": "bottom", "yshift": 6, "font": {"size": 13, "color": colours.ink},
    }  # fmt: skip
    note = {
        "x": place, "y": 0, "text": plain(column.note, 200), "showarrow": False, "xanchor": "left", "yanchor": "middle",
        "align": "left", "font": {"size": 13, "color": colours.quiet},
    }  # fmt: skip
    return [head, note] if column.note and not len(column.words) else [head]


def parallelogram(
    points: np.ndarray, words: Sequence[str], ids: Sequence[int], *, mode: Mode, title: str, goal: str, others: int = 0
) -> go.Figure:
    """a, b, c, the answer and the goal b - a + c on a plane, with the two sides that should run alike.

    points: float (5 + others, 2): a, b, c, the answer, the goal, then other candidates, which are drawn faint. words:
    those of all points but the goal, in this order; ids: int, of the same; goal: how the goal is called. The named
    points are the last trace; the plot component writes their words.
    """
    colours, at = palette(mode), np.asarray(points, np.float64)
    named = at[[0, 1, 2, 3, *range(5, 5 + others)]]
    dots = [colours.accent] * 3 + [colours.hot] + [colours.dense] * others
    figure = go.Figure([
        _side(at[[0, 1]], colours.accent, "solid"), _side(at[[2, 3]], colours.accent, "solid"),
        _side(at[[2, 4]], colours.hot, "1px,4px"), _side(at[[1, 4]], colours.hot, "1px,4px"),
        _side(at[[0, 2]], colours.border, "solid", 0), _side(at[[1, 3]], colours.border, "solid", 0),
        go.Scatter(
            x=at[4:5, 0], y=at[4:5, 1], mode="markers+text", text=[f"  {plain(goal)}"], textposition="middle right",
            marker={"size": 11, "symbol": "circle-open", "color": colours.hot, "line": {"width": 2}},
            textfont={"size": 13, "color": colours.hot_text}, hoverinfo="skip", cliponaxis=False,
        ),
        go.Scatter(
            x=named[:, 0], y=named[:, 1], mode="markers", customdata=np.asarray(ids, np.int32),
            text=[plain(word) for word in words], cliponaxis=False, hovertemplate="<b>%{text}</b><extra></extra>",
            marker={"size": [10] * 4 + [6] * others, "color": dots, "opacity": 1, "line": {"width": 0}},
        ),
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 8, "r": 8, "t": 8, "b": 8}, hovermode="closest", dragmode=False)
    (x0, x1), (y0, y1) = _around(at[:, 0], 0.24), _around(at[:, 1], 0.16)
    figure.update_layout(
        xaxis={**NO_AXIS, "fixedrange": True, "range": [x0, x1]},
        yaxis={**NO_AXIS, "fixedrange": True, "range": [y0, y1], "scaleanchor": "x"},
    )
    return figure


def _around(values: np.ndarray, air: float) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = air * max(high - low, 1e-6)
    return low - room, high + room


def _side(ends: np.ndarray, colour: str, dash: str, head: float = 11) -> go.Scatter:
    """A line from one point to another, with the head of an arrow."""
    return go.Scatter(
        x=ends[:, 0], y=ends[:, 1], mode="lines+markers" if head else "lines", hoverinfo="skip",
        line={"color": colour, "width": 2 if head else 1, "dash": dash},
        marker={"symbol": "arrow", "size": [0, head], "angleref": "previous", "color": colour, "standoff": 6,
                "opacity": 1, "line": {"width": 0}},
    )  # fmt: skip


def similarity_heatmap(
    matrix: np.ndarray, words: Sequence[str], *, mode: Mode, title: str, x_title: str = ""
) -> go.Figure:
    """How alike every two words are: the darker the more, hot where they point apart; nothing on the diagonal.

    matrix: float (n, n), cosines. A click on a cell gives its (row, column).
    """
    colours, count = palette(mode), len(words)
    values = np.where(np.eye(count, dtype=bool), np.nan, np.asarray(matrix, np.float64))
    low = min(-0.01, float(np.nanmin(values, initial=0)))
    high = max(0.01, float(np.nanmax(values, initial=0)))
    zero = -low / (high - low)
    cells = go.Heatmap(
        z=values, x=np.arange(count), y=np.arange(count), xgap=1, ygap=1, zmin=low, zmax=high, hoverongaps=False,
        colorscale=[[0, colours.hot if low < -0.05 else colours.panel], [zero, colours.panel],
                    [zero + (1 - zero) * 0.5, colours.dense], [1, colours.accent]],
        text=[[f"<b>{plain(one)}</b> · <b>{plain(other)}</b>" for other in words] for one in words],
        hovertemplate="%{text}<br>%{z:.3f}<extra></extra>",
        colorbar={
            "thickness": 7, "lenmode": "pixels", "len": 160, "y": 1, "yanchor": "top", "outlinewidth": 0, "ticks": "",
            "tickfont": {"size": 11, "color": colours.quiet}, "nticks": 5, "xpad": 12,
            "title": {"text": plain(x_title), "side": "right", "font": {"size": 12, "color": colours.quiet}},
        },
    )  # fmt: skip
    figure = style(go.Figure(cells), mode, title, margin={"l": 10, "r": 10, "t": 10, "b": 10}, hovermode="closest",
                   dragmode=False)  # fmt: skip
    names: dict[str, Any] = {
        "tickvals": list(range(count)), "ticktext": [plain(word, 18) for word in words], "showgrid": False,
        "fixedrange": True, "automargin": True,
    }  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, side="top", tickangle=-90 if count > 12 else -45, range=[-0.5, count - 0.5],
                   constrain="domain", **names),
        yaxis=axis(mode, range=[count - 0.5, -0.5], ticklabelstandoff=5, scaleanchor="x", constrain="domain", **names),
    )  # fmt: skip
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont={"family": SERIF, "size": 15 if count <= 20 else 13, "color": colours.ink})
    if count <= MOST_NUMBERS:
        _numbers(figure, values, (low, high), mode)
    return figure


def _numbers(figure: go.Figure, values: np.ndarray, ends: tuple[float, float], mode: Mode) -> None:
    """The cosines, as text that takes no clicks and can be read on its cell."""
    colours = palette(mode)
    rows, columns = np.nonzero(np.isfinite(values))
    found = values[rows, columns]
    dark = found > 0.7 * ends[1] if mode == "light" else found > 0.45 * ends[1]
    figure.add_trace(go.Scatter(
        x=columns, y=rows, mode="text", text=[f"{value:.2f}".replace("0.", ".") for value in found], hoverinfo="skip",
        textfont={"size": 12, "color": np.where(dark, colours.background, colours.ink).tolist()},
    ))  # fmt: skip
