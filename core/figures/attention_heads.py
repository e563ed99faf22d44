"""Heads as points that are near where they look alike, and as a table of a number each, layers by heads."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, Mode, axis, palette, style
from core.figures.text import plain


def label(layer: int, head: int) -> str:
    """What a head is called, both counted from 1: the third head of the first layer is 1.3."""
    return f"{layer + 1}.{head + 1}"


def head_map(
    xy: np.ndarray, names: Sequence[Sequence[str]], *, mode: Mode, title: str, chosen: int | None = None
) -> go.Figure:
    """xy: float (L H, 2), layer by layer; names: L lists of H, what each head is called beside its number ("": none).

    A trace for each name, in the order in which they come; a point's id is layer × H + head. chosen: an id.
    """
    colours, heads = palette(mode), len(names[0])
    flat = np.array([name for row in names for name in row], dtype=object)
    order = [*(name for name in dict.fromkeys(flat) if name), *([""] if "" in flat else [])]
    texts = np.array([label(i // heads, i % heads) for i in range(len(flat))], dtype=object)
    figure = go.Figure()
    for number, name in enumerate(order):
        mine = np.flatnonzero(flat == name)
        colour = colours.categories[number % 7] if name else colours.quiet
        rings = [2.5 if i == chosen else 0 for i in mine]
        figure.add_trace(
            go.Scatter(
                x=xy[mine, 0], y=xy[mine, 1], mode="markers+text", name=plain(name or "–"),
                customdata=mine.astype(np.int32), text=texts[mine], textposition="top center",
                textfont={"size": 11, "color": colours.quiet},
                marker={"size": 11, "color": colour, "line": {"width": rings, "color": colours.hot}},
                hovertemplate="<b>%{text}</b> " + plain(name) + "<extra></extra>",
            )
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 8, "r": 8, "t": 40, "b": 8}, hovermode="closest", dragmode="pan")
    figure.update_layout(
        xaxis={**NO_AXIS}, yaxis={**NO_AXIS, "scaleanchor": "x"}, showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12.5}},
    )  # fmt: skip
    return figure


def head_grid(
    values: np.ndarray, *, mode: Mode, title: str, layer: str, head: str, hover: Sequence[Sequence[str]],
    digits: int = 3, both: bool = True,
) -> go.Figure:  # fmt: skip
    """float (L, H), a cell a head with its number; both: from cold (below 0) through the ground to hot, 0 in between.

    hover: what each cell says. layer, head: what the axes are called.
    """
    colours, most = palette(mode), float(np.abs(values).max(initial=1e-9))
    scale = [[0.0, colours.accent], [0.5, colours.panel], [1.0, colours.hot]]
    layers, heads = values.shape
    figure = go.Figure(
        go.Heatmap(
            z=values.astype(np.float64), zmin=-most if both else 0, zmax=most, xgap=2, ygap=2, showscale=False,
            colorscale=scale if both else colours.warmth(), text=[[plain(text, 200) for text in row] for row in hover],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    for i, j in np.ndindex(layers, heads):
        if layers * heads <= 64:
            figure.add_annotation(
                x=j, y=i, text=f"{values[i, j]:+.{digits}f}" if both else f"{values[i, j]:.{digits}f}",
                showarrow=False, font={"size": 12, "color": colours.ink},
            )  # fmt: skip
    style(figure, mode, title, margin={"l": 50, "r": 6, "t": 46, "b": 6}, dragmode=False)
    ticks = {"showgrid": False, "fixedrange": True}
    figure.update_layout(
        xaxis=axis(mode, plain(head), **ticks, tickvals=[*range(heads)], ticktext=[str(j + 1) for j in range(heads)],
                   side="top"),
        yaxis=axis(mode, plain(layer), **ticks, tickvals=[*range(layers)], autorange="reversed",
                   ticktext=[str(i + 1) for i in range(layers)]),
    )  # fmt: skip
    return figure
