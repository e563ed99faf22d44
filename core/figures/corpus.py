"""Pictures of a corpus as a whole: how its vocabulary grows, and how long its documents and sentences are."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

POWERS: dict[str, Any] = {"type": "log", "dtick": 1, "exponentformat": "none", "separatethousands": True}


def growth_curve(
    tokens: np.ndarray,
    types: np.ndarray,
    law: np.ndarray,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    law_name: str,
    logarithmic: bool = True,
    first: int = 1,
) -> go.Figure:
    """How many different words the first tokens hold, beside the line of Heaps' law.

    tokens, types: int (p,), ascending; law: float (p,), what the law expects at tokens; `law_name` names it, with its
    numbers; first: the law is drawn from so many tokens on, where it was fitted. Hover: types · tokens.
    """
    colours, tokens, law = palette(mode), np.asarray(tokens, np.float64), np.asarray(law, np.float64)
    fitted = (tokens >= first) & np.isfinite(law)
    measured = go.Scatter(
        x=tokens,
        y=np.asarray(types, np.float64),
        mode="lines",
        line={"color": colours.accent, "width": 2.4},
        hovertemplate="%{y:,} · %{x:,}<extra></extra>",
        showlegend=False,
    )
    straight = go.Scatter(
        x=tokens[fitted],
        y=law[fitted],
        mode="lines",
        line={"width": 1.2, "dash": "1px,3px", "color": colours.quiet},
        name=plain(law_name),
        hoverinfo="skip",
        showlegend=bool(fitted.any()),
    )
    figure = style(
        go.Figure([measured, straight]), mode, title,
        margin={"l": 74, "r": 18, "t": 12, "b": 48}, hovermode="closest", dragmode="zoom",
    )  # fmt: skip
    scale: dict[str, Any] = POWERS if logarithmic else {"rangemode": "tozero", "separatethousands": True, "nticks": 6}
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, **scale),
        yaxis=axis(mode, plain(y_title), ticklabelstandoff=5, **scale),
        showlegend=True,
        legend={"x": 0.02, "y": 0.98, "xanchor": "left", "yanchor": "top", "font": {"size": 12.5}},
    )
    return figure


def lengths_histogram(
    edges: np.ndarray,
    counts: np.ndarray,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    logarithmic: bool = False,
    median: float | None = None,
    median_name: str = "",
) -> go.Figure:
    """How many documents or sentences have how many tokens; the axis is logarithmic where the bins are.

    edges: float (b + 1,), whole numbers; counts: int (b,), of lengths in [edges[i], edges[i + 1]). The median is a
    dotted line with its name ("median 12"). Hover: the lengths of a bar, and how many.
    """
    colours = palette(mode)
    edges, counts = np.asarray(edges, np.float64), np.asarray(counts, np.float64)
    bars = go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=np.diff(edges),
        marker={"color": colours.accent, "line": {"width": 1, "color": colours.background}},
        hovertext=[_span(begin, end) for begin, end in zip(edges[:-1], edges[1:])],
        hovertemplate="<b>%{hovertext}</b><br>%{y:,}<extra></extra>",
    )
    figure = style(
        go.Figure(bars), mode, title,
        margin={"l": 66, "r": 18, "t": 26, "b": 48}, hovermode="closest", dragmode=False, bargap=0,
    )  # fmt: skip
    scale: dict[str, Any] = POWERS if logarithmic else {"separatethousands": True, "nticks": 8}
    ends = [_placed(edge, logarithmic) for edge in (edges[0], edges[-1])]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, range=ends, **scale),
        yaxis=axis(mode, plain(y_title), rangemode="tozero", separatethousands=True, nticks=6, ticklabelstandoff=5),
    )
    if median is not None and np.isfinite(median):
        _mark(figure, mode, _placed(median, logarithmic), median, plain(median_name), ends)
    return figure


def _placed(value: float, logarithmic: bool) -> float:
    """A value in the units of plotly's ranges."""
    return float(np.log10(max(value, 0.5))) if logarithmic else float(value)


def _mark(figure: go.Figure, mode: Mode, place: float, value: float, name: str, ends: list[float]) -> None:
    """A dotted upright line with its name on the side where there is room; place and ends in units of the axis."""
    colours, late = palette(mode), place > (ends[0] + ends[1]) / 2
    line = {"color": colours.quiet, "width": 1.2, "dash": "1px,3px"}
    figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=1, yref="paper", line=line)
    figure.add_annotation(
        x=place, y=1, yref="paper", text=name, showarrow=False, xanchor="right" if late else "left", yanchor="bottom",
        font={"size": 12, "color": colours.quiet},
    )  # fmt: skip


def _span(begin: float, end: float) -> str:
    """ "7", "10–14": the whole numbers in [begin, end)."""
    return f"{begin:,.0f}" if end - begin <= 1 else f"{begin:,.0f}–{end - 1:,.0f}"
