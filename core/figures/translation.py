"""Where a translation looks: a row for each word that is written, a column for each word of the sentence."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain

CELL, EDGE = 30, 96  # pixels of a row, and above all of them


def translation_heatmap(
    attention: np.ndarray, source: Sequence[str], words: Sequence[str], *, mode: Mode, title: str, room: int = 50
) -> go.Figure:
    """attention float (U, T), rows sum to 1: how much each word written (U) looks at each word of the sentence (T).

    room: letters that fit side by side above the columns.
    """
    colours = palette(mode)
    pairs = [[f"<b>{plain(word)}</b> ← <b>{plain(seen)}</b>" for seen in source] for word in words]
    cells = go.Heatmap(
        z=np.asarray(attention, np.float64), x=np.arange(len(source)), y=np.arange(len(words)), xgap=1, ygap=1,
        zmin=0, zmax=1, showscale=False, text=pairs, hovertemplate="%{text}<br>%{z:.0%}<extra></extra>",
        colorscale=[[0, colours.panel], [0.5, colours.dense], [1, colours.accent]],
    )  # fmt: skip
    figure = style(go.Figure(cells), mode, title, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False)
    named: dict[str, Any] = {"showgrid": False, "fixedrange": True, "automargin": True}
    figure.update_layout(
        xaxis=axis(mode, "", side="top", tickvals=list(range(len(source))), range=[-0.5, len(source) - 0.5],
                   ticktext=[plain(word, 18) for word in source], tickangle=_angle(source, room), **named),
        yaxis=axis(mode, tickvals=list(range(len(words))), range=[len(words) - 0.5, -0.5], ticklabelstandoff=5,
                   ticktext=[plain(word, 18) for word in words], **named),
    )  # fmt: skip
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont={"family": SERIF, "size": 15 if len(source) <= 20 else 13, "color": colours.ink})
    return figure


def height(words: Sequence[str]) -> int:
    """Pixels that suit a translation of so many words."""
    return CELL * max(2, len(words)) + EDGE


def _angle(source: Sequence[str], room: int) -> int:
    return -90 if len(source) > room // 3 else -45 if sum(map(len, source)) > room else 0
