"""Words on semantic axes: two as the sides of a plane, or many as the spokes of a wheel."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SANS, SERIF, Mode, Palette, axis, palette, style, translucent, with_tools
from core.figures.text import plain

LONGEST = 34  # characters of a pole's name


def axis_plane(
    points: np.ndarray,
    words: Sequence[str],
    poles: Sequence[tuple[str, str]],
    usual: Sequence[tuple[float, float]],
    *,
    mode: Mode,
    title: str,
    numbers: Sequence[str],
    makers: int = 0,
    hot: int | None = None,
) -> go.Figure:
    """n words by their cosines with two axes, zero lines across, the poles' names at the four ends.

    points: float (n, 2). poles: (low, high) of x and of y. usual: (mean, deviation) of all words on each, drawn as a
    band one deviation to each side of the mean. numbers: n, the second line of a word's hover. makers: so many words at
    the beginning make the axes, and are drawn as rings. A word's id is its row.
    """
    colours, points = palette(mode), np.asarray(points, np.float64)
    assert points.shape == (len(words), 2) and len(poles) == len(usual) == 2
    rows = np.arange(len(words), dtype=np.int32)
    fill = np.where(rows == hot, colours.hot, np.where(rows < makers, colours.background, colours.accent))
    figure = go.Figure(go.Scattergl(
        x=points[:, 0], y=points[:, 1], mode="markers", customdata=rows,
        text=np.array([plain(word) for word in words], object),
        hovertext=np.array([plain(number, 200) for number in numbers], object),
        hovertemplate="<b>%{text}</b><br>%{hovertext}<extra></extra>",
        marker={"size": np.where(rows == hot, 12, np.where(rows < makers, 10, 7)), "opacity": 0.9,
                "color": fill, "line": {"width": np.where(rows < makers, 2, 0), "color": colours.ink}},
    ))  # fmt: skip
    style(figure, mode, title, margin={"l": 52, "r": 20, "t": 34, "b": 58}, hovermode="closest", dragmode="pan")
    ranges = [_range(points[:, i], usual[i]) for i in range(2)]
    figure.update_layout(xaxis=_side(mode, ranges[0]), yaxis=_side(mode, ranges[1]))
    for i, (mean, deviation) in enumerate(usual):
        _band(figure, "xy"[i], mean - deviation, mean + deviation, colours)
    for call in (figure.add_vline, figure.add_hline):
        call(**{"x" if call == figure.add_vline else "y": 0}, line={"color": colours.quiet, "width": 1}, layer="below")
    _poles(figure, poles, colours)
    return figure


def _side(mode: Mode, extent: tuple[float, float]) -> dict[str, Any]:
    return axis(mode, range=list(extent), nticks=7, tickformat=".1f", gridwidth=0.5)


def _range(values: np.ndarray, usual: tuple[float, float]) -> tuple[float, float]:
    """From the least to the largest, the usual band and 0 inside, with air for words at the edge."""
    low = min([0.0, usual[0] - usual[1], *values.tolist()])
    high = max([0.0, usual[0] + usual[1], *values.tolist()])
    air = 0.1 * max(high - low, 0.05)
    return low - air, high + air


def _band(figure: go.Figure, side: str, low: float, high: float, colours: Palette) -> None:
    """Where most words of the vocabulary lie on one axis."""
    across = {"x0": low, "x1": high, "y0": 0, "y1": 1, "yref": "paper"}
    along = {"y0": low, "y1": high, "x0": 0, "x1": 1, "xref": "paper"}
    figure.add_shape(type="rect", layer="below", line={"width": 0}, fillcolor=translucent(colours.dense, 0.13),
                     **(across if side == "x" else along))  # fmt: skip


def _poles(figure: go.Figure, poles: Sequence[tuple[str, str]], colours: Palette) -> None:
    """The four names, each at its end: left and right beneath the plane, bottom and top beside it."""
    font = {"family": SERIF, "size": 17, "color": colours.ink}
    (left, right), (bottom, top) = ([plain(name, LONGEST) if name else "" for name in pair] for pair in poles)
    common: dict[str, Any] = {"xref": "paper", "yref": "paper", "showarrow": False, "font": font}
    below = {"y": 0, "yanchor": "top", "yshift": -26, **common}
    if left:
        figure.add_annotation(x=0, xanchor="left", text=f"← {left}", **below)
    figure.add_annotation(x=1, xanchor="right", text=f"{right} →", **below)
    beside = {"x": 0, "xanchor": "right", "xshift": -26, "textangle": -90, **common}
    if bottom:
        figure.add_annotation(y=0, yanchor="bottom", text=f"← {bottom}", **beside)
    figure.add_annotation(y=1, yanchor="top", text=f"{top} →", **beside)


def axis_wheel(
    values: np.ndarray,
    words: Sequence[str],
    poles: Sequence[tuple[str, str]],
    *,
    mode: Mode,
    title: str,
    cosines: np.ndarray,
) -> go.Figure:
    """A few words on many axes: a line a word, a spoke an axis; the outer end is the high pole, the ring is the mean.

    values: float (n, k), in standard deviations of all words of the vocabulary from their mean; drawn between -3 and 3.
    poles: k times (low, high). cosines: float (n, k), for the hover. A word's id is its row.
    """
    colours, reach = palette(mode), 3.0
    names = [f"<b>{plain(high, 22)}</b><br>⟵ {plain(low, 22)}" if low else f"<b>{plain(high, 22)}</b>"
             for low, high in poles]  # fmt: skip
    turn = np.linspace(0, 360, len(poles), endpoint=False)
    figure = go.Figure()
    for row, word in enumerate(words):
        colour = colours.categories[row % len(colours.categories)]
        order = [*range(len(poles)), 0]
        said = [f"{plain(poles[i][1], 30)}: {cosines[row, i]:.2f} · {values[row, i]:+.1f} σ" for i in order]
        figure.add_trace(go.Scatterpolar(
            r=np.clip(values[row], -reach, reach)[order], theta=turn[order], mode="lines+markers", name=plain(word, 30),
            line={"color": colour, "width": 2.2}, marker={"size": 7, "color": colour},
            customdata=np.full(len(order), row, np.int32), hovertext=said, fill="toself",
            fillcolor=translucent(colour, 0.06),
            hovertemplate="<b>%{fullData.name}</b><br>%{hovertext}<extra></extra>",
        ))  # fmt: skip
    figure.add_trace(go.Scatterpolar(
        r=np.zeros(181), theta=np.linspace(0, 360, 181), mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": colours.quiet, "width": 1.2, "dash": "1px,3px"},
    ))  # fmt: skip
    style(figure, mode, title, margin={"l": 90, "r": 90, "t": 56, "b": 50}, dragmode=False)
    with_tools(figure)
    radial = {"range": [-reach, reach], "tickvals": [-2, 0, 2], "ticktext": ["−2 σ", "0", "+2 σ"], "angle": 90,
              "gridcolor": colours.border, "linecolor": colours.border, "ticks": "", "showline": False,
              "tickfont": {"size": 11.5, "color": colours.quiet}, "tickangle": 90}  # fmt: skip
    angular = {"tickvals": turn, "ticktext": names, "rotation": 90, "direction": "clockwise", "ticks": "",
               "gridcolor": colours.border, "linecolor": colours.border,
               "tickfont": {"size": 14, "family": SERIF, "color": colours.ink}}  # fmt: skip
    figure.update_layout(
        polar={"radialaxis": radial, "angularaxis": angular, "bgcolor": "rgba(0,0,0,0)"}, showlegend=True,
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.06, "yanchor": "top",
                "font": {"size": 15, "family": f"{SERIF}, {SANS}"}},
    )  # fmt: skip
    return figure
