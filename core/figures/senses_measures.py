"""How well senses are told apart: encoders and baselines as dots with intervals, and a curve over the layers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style, translucent
from core.figures.text import plain

ROW = 27  # pixels of a dot's line
WIDEST = 44  # characters of a name


def height(rows: int) -> int:
    """How many pixels a figure of so many dots takes."""
    return ROW * rows + 56


def dots(table: pd.DataFrame, *, chance: float, mode: Mode, title: str, x_title: str) -> go.Figure:
    """A line a row, from the top: columns name, kind ("run", "mix", "baseline" or "control"), series (the number of
    its run, -1 without), value, low, high (0 to 1).

    The runs in colours, a mix in its run's, the baselines quiet, and the level of guessing as a line across.
    """
    colours, places = palette(mode), np.arange(len(table))
    figure = go.Figure()
    for place, row in zip(places, table.itertuples()):
        colour = colours.quiet if int(row.series) < 0 else colours.categories[int(row.series) % len(colours.categories)]
        value, low, high = float(row.value), float(row.low), float(row.high)
        spread = {"type": "data", "symmetric": False, "array": [high - value], "arrayminus": [value - low],
                  "color": colour, "thickness": 1.8, "width": 0}  # fmt: skip
        symbol = {"run": "circle", "mix": "circle-open", "baseline": "diamond-open"}.get(str(row.kind), "x-thin")
        figure.add_trace(go.Scatter(
            x=[value], y=[place], mode="markers", name=plain(str(row.name), WIDEST), error_x=spread,
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"color": colour, "width": 1.8}},
            hovertemplate=f"<b>%{{x:.3f}}</b> {low:.3f} – {high:.3f}<extra></extra>",
        ))  # fmt: skip
    style(figure, mode, title, margin={"l": 10, "r": 14, "t": 6, "b": 44}, hovermode="closest", dragmode=False)
    names = [plain(str(name), WIDEST) for name in table["name"]]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[-0.02, 1.02], dtick=0.1, fixedrange=True),
        yaxis=axis(mode, tickvals=places.tolist(), ticktext=names, range=[len(table) - 0.4, -0.6], showgrid=False,
                   fixedrange=True, automargin=True, ticklabelstandoff=6),
    )  # fmt: skip
    figure.add_vline(x=chance, line={"color": colours.quiet, "width": 1, "dash": "dot"}, layer="below")
    return figure


@dataclass(frozen=True)
class Layers:
    """What one run scores in each layer, float (S,) each, with the interval; series: the number of the run."""

    name: str
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    series: int = 0


def over_layers(
    curves: Sequence[Layers], lines: Sequence[tuple[str, float]], *, mode: Mode, title: str, x_title: str, y_title: str
) -> go.Figure:
    """A curve a run with its interval shaded, and baselines as lines across, each named at its right end."""
    colours, figure = palette(mode), go.Figure()
    last = max((len(curve.values) for curve in curves), default=1) - 1
    for curve in curves:
        colour, layers = colours.categories[curve.series % len(colours.categories)], np.arange(len(curve.values))
        around = {"x": np.concatenate([layers, layers[::-1]]), "y": np.concatenate([curve.high, curve.low[::-1]])}
        figure.add_trace(go.Scatter(**around, fill="toself", fillcolor=translucent(colour, 0.14), mode="none",
                                    hoverinfo="skip", showlegend=False))  # fmt: skip
        figure.add_trace(go.Scatter(
            x=layers, y=curve.values, mode="lines+markers", name=plain(curve.name, WIDEST),
            line={"color": colour, "width": 2.2}, marker={"size": 7}, hovertemplate="%{y:.3f}<extra></extra>",
        ))  # fmt: skip
    dashes = ("dot", "dash", "dashdot", "longdash")
    for i, (name, value) in enumerate(lines):
        figure.add_trace(go.Scatter(
            x=[0, max(1, last)], y=[value, value], mode="lines", name=plain(name, WIDEST), hoverinfo="name",
            line={"color": colours.quiet, "width": 1.4, "dash": dashes[i % len(dashes)]},
        ))  # fmt: skip
    style(figure, mode, title, margin={"l": 52, "r": 10, "t": 8, "b": 44}, hovermode="closest", dragmode=False)
    legend = {"x": 1.01, "y": 1, "font": {"size": 12.5}}
    figure.update_layout(xaxis=axis(mode, plain(x_title), dtick=1, showgrid=False, fixedrange=True),
                         yaxis=axis(mode, plain(y_title), range=[-0.02, 1.04], fixedrange=True), showlegend=True,
                         legend=legend)  # fmt: skip
    return figure


def weights(curves: Sequence[Layers], *, mode: Mode, title: str, x_title: str, y_title: str) -> go.Figure:
    """Bars of how much each layer weighs, a colour a run, with the least and the most of the folds; a line stands at
    each run's centre of gravity, the mean layer by weight."""
    colours, figure = palette(mode), go.Figure()
    for curve in curves:
        colour, layers = colours.categories[curve.series % len(colours.categories)], np.arange(len(curve.values))
        spread = {"type": "data", "symmetric": False, "array": curve.high - curve.values, "thickness": 1.4, "width": 0,
                  "arrayminus": curve.values - curve.low, "color": colours.quiet}  # fmt: skip
        figure.add_trace(go.Bar(
            x=layers, y=curve.values, name=plain(curve.name, WIDEST), error_y=spread, hovertemplate="%{y:.2f}",
            marker={"color": translucent(colour, 0.75), "line": {"width": 0}},
        ))  # fmt: skip
        centre = float(curve.values @ layers)
        figure.add_vline(x=centre, line={"color": colour, "width": 1.6, "dash": "dot"})
    style(figure, mode, title, margin={"l": 52, "r": 10, "t": 8, "b": 44}, hovermode="closest", dragmode=False)
    figure.update_layout(xaxis=axis(mode, plain(x_title), dtick=1, showgrid=False, fixedrange=True), bargap=0.35,
                         yaxis=axis(mode, plain(y_title), range=[0, 1.04], fixedrange=True), showlegend=len(curves) > 1,
                         legend={"x": 1.01, "y": 1, "font": {"size": 12.5}})  # fmt: skip
    return figure
