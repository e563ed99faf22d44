"""Guesses beside each other: before and after an edit, and how likely pairs are held beside a tossed coin."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.bars import percent
from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain


def dumbbells(
    words: Sequence[str],
    before: np.ndarray,
    after: np.ndarray,
    ids: np.ndarray,
    *,
    mode: Mode,
    title: str,
    names: tuple[str, str],
    hot: int | None = None,
) -> go.Figure:
    """A row a word, the first on top: a dot for its probability before, one after, and the way between them.

    before and after: float (n,), in 0..1; ids: int (n,), which a click on either dot tells; `hot`: an id whose name is
    marked. names: of the two.
    """
    colours, rows = palette(mode), np.arange(len(words))
    gap = np.full(len(words), np.nan)
    ways = np.stack([before, after, gap], 1).ravel(), np.stack([rows, rows, gap], 1).ravel()
    figure = go.Figure([
        go.Scatter(
            x=ways[0], y=ways[1], mode="lines",
            line={"width": 3, "color": colours.faint}, hoverinfo="skip", showlegend=False,
        ),
        *(
            go.Scatter(
                x=np.asarray(values, np.float64), y=rows, mode="markers", name=plain(name), customdata=ids,
                marker={"size": size, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
                text=[f"<b>{plain(word, 24)}</b><br>{percent(one)} → {percent(two)}"
                      for word, one, two in zip(words, before, after)],
                hovertemplate="%{text}<extra></extra>",
            )
            for name, values, size, colour, symbol in (
                (names[0], before, 9, colours.quiet, "circle-open"), (names[1], after, 10, colours.accent, "circle"))
        ),
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 10, "r": 24, "t": 34, "b": 34}, hovermode="closest", dragmode=False)
    top = float(max([*before, *after, 1e-6]))
    shown = [f"<b>{plain(word, 24)}</b>" if index == hot else plain(word, 24) for word, index in zip(words, ids)]
    figure.update_layout(
        xaxis=axis(mode, range=[-0.03 * top, 1.06 * top], fixedrange=True, tickformat=".3~p", nticks=6),
        yaxis=axis(mode, tickvals=rows.tolist(), ticktext=shown, range=[len(rows) - 0.4, -0.6],
                   fixedrange=True, automargin=True, ticklabelstandoff=6, showgrid=False),
        **_legend(),
    )  # fmt: skip
    figure.update_yaxes(tickfont={"family": SERIF, "size": 15, "color": colours.ink})
    return figure


def coin_dots(
    names: Sequence[str],
    values: np.ndarray,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    coin: str,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
    hot: int | None = None,
) -> go.Figure:
    """A row a name, the first on top: a dot for a probability, with its interval if given, beside the line of a coin.

    values, low, high: float (n,), in 0..1. A dot's id is its row; `hot` is such a row. coin: what the line is called.
    """
    colours, rows = palette(mode), np.arange(len(names))
    values = np.asarray(values, np.float64)
    spread: dict[str, Any] = {}
    if low is not None and high is not None:
        spread = {"error_x": {"type": "data", "symmetric": False, "array": high - values, "arrayminus": values - low,
                              "color": colours.accent, "thickness": 1.8, "width": 0}}  # fmt: skip
    figure = go.Figure(
        go.Scatter(
            x=values, y=rows, mode="markers+text", customdata=rows.astype(np.int32),
            text=[percent(value) for value in values], textposition="top center", cliponaxis=False,
            textfont={"size": 12.5, "color": colours.quiet}, hoverinfo="skip", **spread,
            marker={"size": 11, "color": [colours.hot if row == hot else colours.accent for row in rows],
                    "line": {"width": 0}},
        )
    )  # fmt: skip
    style(figure, mode, title, margin={"l": 10, "r": 24, "t": 26, "b": 48}, dragmode=False, hovermode="closest")
    figure.add_vline(x=0.5, line={"color": colours.quiet, "width": 1, "dash": "1px,3px"})
    figure.add_annotation(x=0.5, y=1, yref="paper", text=plain(coin, 40), showarrow=False, yanchor="bottom",
                          font={"size": 12, "color": colours.quiet})  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[-0.03, 1.03], fixedrange=True, tickformat=".0%", dtick=0.25),
        yaxis=axis(mode, tickvals=rows.tolist(), ticktext=[plain(name, 44) for name in names], fixedrange=True,
                   range=[len(rows) - 0.4, -0.7], automargin=True, ticklabelstandoff=6, showgrid=False),
    )  # fmt: skip
    figure.update_yaxes(tickfont={"size": 13.5, "color": colours.ink})
    return figure


def _legend() -> dict[str, Any]:
    place = {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 13}}
    return {"showlegend": True, "legend": {**place, "itemclick": False, "itemdoubleclick": False}}
