"""Attention as a grid of tiles, a row a layer and a column a head, of words that look at words."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

_GAP = 1  # cells between two tiles


def attention_grid(
    attention: np.ndarray, words: Sequence[str], *, mode: Mode, title: str, layer: str, head: str
) -> go.Figure:
    """float (L, H, T, T), rows sum to 1, as one picture: in each tile a row for the word that looks.

    layer and head: what these are called ("layer", "head"). Hover: who looks at whom, and how much.
    """
    layers, heads, count, _ = attention.shape
    picture, told = tiled(np.asarray(attention, np.float64)), [plain(word, 14) for word in words]
    texts = np.full(picture.shape, "", object)
    for i in range(layers):
        for j in range(heads):
            names = [[f"{plain(layer)} {i + 1}, {plain(head)} {j + 1}<br>{a} → {b}" for b in told] for a in told]
            texts[_tile(i, j, count)] = names
    colours = palette(mode)
    figure = go.Figure(
        go.Heatmap(
            z=picture,
            text=texts,
            zmin=0,
            zmax=1,
            showscale=False,
            hoverongaps=False,
            colorscale=[[0.0, colours.panel], [0.5, colours.dense], [1.0, colours.accent]],
            hovertemplate="%{text} · %{z:.2f}<extra></extra>",
        )  # fmt: skip
    )
    style(figure, mode, title, margin={"l": 26, "r": 4, "t": 24, "b": 4}, dragmode=False)
    middles = [place * (count + _GAP) + (count - 1) / 2 for place in range(max(layers, heads))]
    ticks = {"tickvals": middles, "ticks": "", "showgrid": False, "zeroline": False, "showline": False}
    figure.update_layout(
        xaxis=axis(mode, "", **ticks, ticktext=[str(j + 1) for j in range(heads)], side="top", fixedrange=True),
        yaxis=axis(
            mode, "", **ticks, ticktext=[str(i + 1) for i in range(layers)], autorange="reversed", fixedrange=True
        ),
    )
    return figure


def tiled(attention: np.ndarray) -> np.ndarray:
    """(L, H, T, T) -> one picture, with a gap of NaN between two tiles."""
    layers, heads, count, _ = attention.shape
    picture = np.full((layers * (count + _GAP) - _GAP, heads * (count + _GAP) - _GAP), np.nan)
    for i in range(layers):
        for j in range(heads):
            picture[_tile(i, j, count)] = attention[i, j]
    return picture


def _tile(layer: int, head: int, count: int) -> tuple[slice, slice]:
    down, across = layer * (count + _GAP), head * (count + _GAP)
    return slice(down, down + count), slice(across, across + count)
