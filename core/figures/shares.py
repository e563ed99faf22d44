"""Wholes in two parts each, as bars of the same length."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

_NARROW = 0.2  # a part of less than this has no room for its number


def two_parts(parts: Mapping[str, float], names: tuple[str, str], *, mode: Mode, title: str) -> go.Figure:
    """parts: the share, 0..1, of the first part in each whole; names: of the first part and of the rest."""
    colours, wholes = palette(mode), [plain(whole) for whole in parts]
    rests = [1 - share for share in parts.values()]
    looks = ((colours.accent, colours.background), (colours.faint, colours.ink))
    figure = go.Figure([
        go.Bar(
            x=shares, y=wholes, orientation="h", name=plain(name), marker={"color": ground, "line": {"width": 0}},
            text=[f"{share:.1%}" if share >= _NARROW else "" for share in shares], textposition="inside", textangle=0,
            insidetextanchor="middle", textfont={"size": 12.5, "color": ink}, hovertemplate="%{y}: %{x:.1%}",
        )
        for name, shares, (ground, ink) in zip(names, ([*parts.values()], rests), looks)
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 8, "r": 8, "t": 30, "b": 4}, barmode="stack", bargap=0.34, dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, visible=False, range=[0, 1], fixedrange=True),
        yaxis=axis(mode, autorange="reversed", showgrid=False, fixedrange=True, automargin=True, ticklabelstandoff=6),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "font": {"size": 12.5},
                "traceorder": "normal", "itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    return figure
