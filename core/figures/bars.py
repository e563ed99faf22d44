"""Two pictures of how words are distributed: what a model expects next, and Zipf's law."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain

MOST_RANKS = 1_500


def word_bars(
    words: Sequence[str],
    shares: np.ndarray,
    *,
    mode: Mode,
    title: str,
    ids: np.ndarray | None = None,
    hot: int | None = None,
) -> go.Figure:
    """Horizontal bars, the first word on top. shares (n,) in 0..1; ids int (n,), default 0..n-1; `hot` is an id."""
    colours, count = palette(mode), len(words)
    names = np.arange(count, dtype=np.int32) if ids is None else np.asarray(ids, np.int32)
    shares = np.asarray(shares, np.float64)
    shown = [plain(word, 24) for word in words]
    bars = go.Bar(
        x=shares,
        y=np.arange(count),
        orientation="h",
        customdata=names,
        text=[percent(share) for share in shares],
        textposition="outside",
        textfont={"size": 12.5, "color": colours.quiet},
        cliponaxis=False,
        hovertext=shown,
        hovertemplate="<b>%{hovertext}</b><br>%{x:.3%}<extra></extra>",
        marker={"color": [colours.hot if name == hot else colours.accent for name in names], "line": {"width": 0}},
    )
    figure = style(go.Figure(bars), mode, title, margin={"l": 10, "r": 62, "t": 4, "b": 4}, bargap=0.42, dragmode=False)
    places: dict[str, Any] = {
        "tickvals": list(range(count)),
        "ticktext": shown,
        "range": [count - 0.5, -0.5],
        "automargin": True,
    }
    top = float(shares.max()) if count else 1.0
    figure.update_layout(
        xaxis=axis(mode, visible=False, range=[0, top or 1.0], fixedrange=True),
        yaxis=axis(mode, showgrid=False, fixedrange=True, ticklabelstandoff=6, **places),
    )
    figure.update_yaxes(tickfont={"family": SERIF, "size": 15, "color": colours.ink})
    return figure


def zipf_curve(
    counts: np.ndarray, words: Sequence[str], *, mode: Mode, title: str, x_title: str, y_title: str, law: str
) -> go.Figure:
    """How often the word of each rank occurs, both axes logarithmic, beside the line that falls as 1/rank.

    counts int (V,) from most to least frequent; `law` names the line. Ranks are thinned evenly on the logarithmic axis.
    """
    colours, counts = palette(mode), np.asarray(counts, np.float64)
    ranks = np.unique(np.geomspace(1, max(len(counts), 1), MOST_RANKS).astype(np.int64))[: len(counts)]
    law_y = counts[0] / ranks if len(counts) else ranks
    dots = {"width": 1, "dash": "1px,3px", "color": colours.quiet}
    straight = go.Scatter(x=ranks, y=law_y, mode="lines", name=plain(law), line=dots, hoverinfo="skip")
    figure = go.Figure([straight, _counted(counts, words, ranks, colours.accent)])
    style(figure, mode, title, margin={"l": 66, "r": 14, "t": 12, "b": 48}, hovermode="closest", dragmode="zoom")
    powers: dict[str, Any] = {"type": "log", "dtick": 1, "exponentformat": "none", "separatethousands": True}
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, **powers),
        yaxis=axis(mode, plain(y_title), **powers),
        showlegend=True,
        legend={"x": 1, "y": 1, "xanchor": "right", "yanchor": "top", "font": {"size": 12.5}},
    )
    return figure


def _counted(counts: np.ndarray, words: Sequence[str], ranks: np.ndarray, colour: str) -> go.Scatter:
    """The measured curve; every point carries the word's id."""
    return go.Scatter(
        x=ranks,
        y=counts[ranks - 1],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": np.where(ranks <= 30, 5, 2), "color": colour, "line": {"width": 0}},  # later ones would touch
        customdata=(ranks - 1).astype(np.int32),
        text=[plain(words[rank - 1]) for rank in ranks],
        hovertemplate="<b>%{text}</b><br>%{y:,} · %{x:,}<extra></extra>",
        showlegend=False,
    )


def percent(share: float) -> str:
    """ "12.3 %", "0.04 %", "<0.01 %" in two or three figures."""
    percent = 100 * share
    if percent >= 10:
        return f"{percent:.1f} %"
    return f"{percent:.2f} %" if percent >= 0.01 else "0 %" if percent == 0 else "&lt;0.01 %"
