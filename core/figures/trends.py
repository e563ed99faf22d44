"""Words along a corpus: their frequency from place to place, with its uncertainty, and the places where they stand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import Mode, Palette, axis, palette, style, translucent
from core.figures.text import plain

DASHES = ("solid", "6px,3px")  # a ninth word has the first colour again, dashed
MOST_NAMES, MOST_LETTERS = 40, 110  # of the names of places that are written under an axis
MARKED = 60  # places: with more of them, a line has no dots


def trend_lines(
    table: pd.DataFrame,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    hover: str,
    joined: bool = True,
    named: bool = True,
) -> go.Figure:
    """Each word's relative frequency at each place, with the interval that it may lie in.

    table: as `core.explore.trends.trends` gives it: word, place, name, x, count, total, per_million, low, high.
    hover: how count and total are told, with {count} and {total} ("{count} of {total} words"). joined: lines with
    bands, for places in an order; else dots with bars, for groups. named: the places' names stand under the axis, where
    they have room; else their numbers (years). Every point's id is its row of the table.
    """
    colours, words = palette(mode), list(dict.fromkeys(table["word"]))
    figure = go.Figure()
    for number, word in enumerate(words):
        rows = np.flatnonzero((table["word"] == word).to_numpy())
        colour = colours.categories[number % len(colours.categories)]
        dash = DASHES[number // len(colours.categories) % len(DASHES)]
        figure.add_traces(
            _word(table.iloc[rows], rows, plain(str(word)), colour, dash, hover, joined, number, len(words))
        )
    _axes(figure, table, mode, title, plain(x_title), plain(y_title), named)
    return figure


def _word(
    part: pd.DataFrame, rows: np.ndarray, name: str, colour: str, dash: str, hover: str, joined: bool, n: int, of: int
) -> list[Any]:
    """One word's band and line, or its dots with bars, moved aside a little so that they do not cover each other."""
    x, y = part["x"].to_numpy(np.float64), part["per_million"].to_numpy(np.float64)
    low, high = part["low"].to_numpy(np.float64), part["high"].to_numpy(np.float64)
    said = [hover.format(count=f"{count:,}", total=f"{total:,}") for count, total in zip(part["count"], part["total"])]
    points: dict[str, Any] = {
        "y": y, "name": name, "legendgroup": str(n), "customdata": rows.astype(np.int32),
        "text": [plain(str(place)) for place in part["name"]], "hovertext": [plain(text, 120) for text in said],
        "hovertemplate": f"<b>{name}</b> %{{y:,.1f}}<br>%{{text}} · %{{hovertext}}<extra></extra>",
    }  # fmt: skip
    if not joined:
        bars = {"type": "data", "array": high - y, "arrayminus": y - low, "thickness": 1.2, "width": 0}
        moved = x + (n - (of - 1) / 2) * min(0.12, 0.7 / of)
        marker = {"color": colour, "size": 8}
        return [go.Scatter(x=moved, **points, mode="markers", marker=marker, error_y=bars, cliponaxis=False)]
    tint = translucent(colour, max(0.04, 0.16 - 0.02 * of))
    band = go.Scatter(
        x=np.r_[x, x[::-1]], y=np.r_[high, low[::-1]], fill="toself", fillcolor=tint,
        mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False, legendgroup=str(n),
    )  # fmt: skip
    drawn = "lines+markers" if len(x) <= MARKED else "lines"
    line = {"color": colour, "width": 2.2, "dash": dash}
    return [band, go.Scatter(x=x, **points, mode=drawn, line=line, marker={"color": colour, "size": 5.5})]


def _axes(figure: go.Figure, table: pd.DataFrame, mode: Mode, title: str, x: str, y: str, named: bool) -> None:
    places = table.drop_duplicates("place")
    named &= len(places) <= MOST_NAMES and sum(min(len(str(name)), 18) for name in places["name"]) <= MOST_LETTERS
    ticks: dict[str, Any] = {}
    if named:
        names = [plain(str(name), 18) for name in places["name"]]
        ticks = {"tickvals": places["x"].tolist(), "ticktext": names}
    style(figure, mode, title, margin={"l": 66, "r": 18, "t": 34, "b": 52}, hovermode="closest", dragmode="zoom")
    figure.update_layout(
        xaxis=axis(mode, x, showgrid=False, automargin=True, ticklabelstandoff=8, **ticks),
        yaxis=axis(mode, y, rangemode="tozero", nticks=6, separatethousands=True, ticklabelstandoff=5),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom", "font": {"size": 13}},
    )


def barcode_strips(
    table: pd.DataFrame,
    names: Sequence[str],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    hot: Sequence[int] = (),
) -> go.Figure:
    """Where a word stands in each document: an upright stroke for each strip that holds it, the first document on top.

    table: as `core.explore.trends.barcode` gives it: document, share, count, per_document. names: what each document is
    called, by its number. hot: rows of the table that are pointed at. Every stroke's id is its row of the table; at the
    right of a row stands how often the word occurs in that document.
    """
    colours = palette(mode)
    documents, line = np.unique(table["document"].to_numpy(np.int64), return_inverse=True)
    pointed = np.isin(np.arange(len(table)), np.asarray(hot, np.int64))
    called = [plain(names[i]) for i in table["document"]]
    traces = [
        _strokes(table, line, called, np.flatnonzero(pointed == here), colour)
        for here, colour in ((False, colours.accent), (True, colours.hot))
    ]
    figure = style(
        go.Figure(traces), mode, title,
        margin={"l": 10, "r": 56, "t": 6, "b": 46}, hovermode="closest", dragmode="zoom",
    )  # fmt: skip
    rows: dict[str, Any] = {"tickvals": list(range(len(documents))), "range": [len(documents) - 0.4, -0.6]}
    rows["ticktext"] = [plain(names[i], 26) for i in documents]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[-0.005, 1.005], tickformat=".0%", showgrid=False, fixedrange=False),
        yaxis=axis(mode, showgrid=False, automargin=True, fixedrange=True, ticklabelstandoff=6, **rows),
    )
    totals = table.drop_duplicates("document").set_index("document")["per_document"]
    said: dict[str, Any] = {"x": 1.0, "xref": "paper", "showarrow": False, "xanchor": "left", "xshift": 8}
    said["font"] = {"size": 12, "color": colours.quiet}
    notes = [{**said, "y": place, "text": f"{totals[document]:,}"} for place, document in enumerate(documents)]
    return figure.update_layout(annotations=notes, shapes=_grounds(len(documents), colours))


def _strokes(table: pd.DataFrame, line: np.ndarray, said: list[str], rows: np.ndarray, colour: str) -> go.Scatter:
    """Upright strokes as one broken line: three points each, the last of them nowhere."""
    ends = np.tile([-0.34, 0.34, np.nan], len(rows))
    return go.Scatter(
        x=np.repeat(table["share"].to_numpy(np.float64)[rows], 3),
        y=np.repeat(line[rows].astype(np.float64), 3) + ends,
        mode="lines",
        line={"color": translucent(colour, 0.75), "width": 1.4},
        customdata=np.repeat(rows.astype(np.int32), 3),
        text=np.repeat(np.array([said[i] for i in rows], object), 3),
        hovertext=np.repeat(np.array([f"× {table['count'].iat[i]:,}" for i in rows], object), 3),
        hovertemplate="<b>%{text}</b><br>%{x:.1%} · %{hovertext}<extra></extra>",
    )


def _grounds(count: int, colours: Palette) -> list[dict[str, Any]]:
    """A quiet strip behind each row, as wide as the document."""
    strip = {"type": "rect", "x0": 0, "x1": 1, "layer": "below", "fillcolor": colours.panel, "line": {"width": 0}}
    return [{**strip, "y0": place - 0.36, "y1": place + 0.36} for place in range(count)]
