"""What the dimensions of a space hold: how much each explains, and the words at the two ends of one."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain


def explained_bars(
    shares: np.ndarray, *, mode: Mode, title: str, x_title: str, y_title: str, hot: int | None = None
) -> go.Figure:
    """The share of the variance, 0..1, that each dimension explains. A bar's id is its dimension, from 0; `hot` too."""
    colours, shares = palette(mode), np.asarray(shares, np.float64)
    places = np.arange(len(shares))
    bars = go.Bar(
        x=places + 1, y=100 * shares, customdata=places.astype(np.int32), text=100 * np.cumsum(shares),
        textposition="none", hovertemplate="<b>%{x}</b><br>%{y:.2f} % · Σ %{text:.1f} %<extra></extra>",
        marker={"color": [colours.hot if place == hot else colours.accent for place in places], "line": {"width": 0}},
    )  # fmt: skip
    figure = style(
        go.Figure(bars), mode, title, margin={"l": 56, "r": 10, "t": 8, "b": 46}, bargap=0.2, dragmode="zoom"
    )
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False), yaxis=axis(mode, plain(y_title), rangemode="tozero", nticks=5)
    )
    return figure


def end_bars(words: Sequence[str], values: np.ndarray, ids: np.ndarray, *, mode: Mode, title: str) -> go.Figure:
    """The words at the two ends of a dimension: bars from zero, to the right where positive. ids: int (n,), of bars."""
    colours, values = palette(mode), np.asarray(values, np.float64)
    longest = float(np.abs(values).max()) if len(values) else 1.0
    bars = go.Bar(
        x=values, y=np.arange(len(values)), orientation="h", customdata=np.asarray(ids, np.int32),
        text=[plain(str(word), 24) for word in words], textposition="outside", cliponaxis=False,
        textfont={"family": SERIF, "size": 15, "color": colours.ink},
        hovertemplate="<b>%{text}</b><br>%{x:.3g}<extra></extra>",
        marker={"color": np.where(values >= 0, colours.categories[0], colours.categories[1]), "line": {"width": 0}},
    )  # fmt: skip
    figure = style(go.Figure(bars), mode, title, margin={"l": 8, "r": 8, "t": 4, "b": 30}, bargap=0.3, dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, range=[-1.6 * longest, 1.6 * longest], fixedrange=True, nticks=7),
        yaxis=axis(mode, visible=False, range=[len(values) - 0.4, -0.6], fixedrange=True),
    )
    figure.add_vline(x=0, line={"color": colours.quiet, "width": 1})
    return figure
