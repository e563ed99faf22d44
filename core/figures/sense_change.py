"""How far a word's uses in two corpora lie apart, layer by layer, beside what chance makes of it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style, translucent
from core.figures.text import plain


def change(
    values: np.ndarray, chance: Sequence[np.ndarray], names: Sequence[str], *, mode: Mode, title: str, x_title: str,
    y_title: str, hot: int,
) -> go.Figure:  # fmt: skip
    """values: float (S,). chance: mean, low and high, (S,) each, drawn as a line in its band. names: of both; hot: the
    layer looked at, ringed."""
    colours, figure, layers = palette(mode), go.Figure(), np.arange(len(values))
    mean, low, high = chance
    figure.add_trace(go.Scatter(
        x=np.concatenate([layers, layers[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself", mode="none",
        fillcolor=translucent(colours.quiet, 0.22), hoverinfo="skip", showlegend=False,
    ))  # fmt: skip
    for name, each, colour, dash in (
        (names[0], values, colours.accent, "solid"),
        (names[1], mean, colours.quiet, "dot"),
    ):
        figure.add_trace(go.Scatter(
            x=layers, y=each, mode="lines+markers", name=plain(name), customdata=layers, marker={"size": 7},
            line={"color": colour, "width": 2.2, "dash": dash}, hovertemplate="%{y:.3f}<extra></extra>",
        ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=[hot], y=[values[hot]], mode="markers", hoverinfo="skip", showlegend=False,
        marker={"size": 15, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": colours.hot}},
    ))  # fmt: skip
    every = np.concatenate([values, low, high])
    top, bottom = float(every.max()), float(every.min())
    air = 0.12 * (top - bottom) + 0.01
    style(figure, mode, title, margin={"l": 58, "r": 10, "t": 34, "b": 42}, dragmode=False, hovermode="closest")
    figure.update_layout(xaxis=axis(mode, plain(x_title), dtick=1, showgrid=False),
                         yaxis=axis(mode, plain(y_title), nticks=5, range=[bottom - air, top + air]),
                         legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
                         showlegend=True)  # fmt: skip
    return figure
