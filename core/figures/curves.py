"""Loss curves: one run as it trains, or several laid over each other, with the level of guessing by frequency."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import Mode, Palette, axis, palette, style
from core.figures.text import plain


@dataclass(frozen=True)
class Curve:
    """One line: its name in the legend, x (n,) and y (n,), and whether it was measured on held-out text (then dashed).

    Curves of the same `run` share a colour; a figure of one run shows training in the accent, held-out in ink.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    held_out: bool = False
    run: str = ""


@dataclass(frozen=True)
class Baseline:
    """A level to compare with, such as the loss of guessing by frequency."""

    name: str
    y: float


def loss_curves(
    curves: Sequence[Curve],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    baseline: Baseline | None = None,
    before: Baseline | None = None,
    log_x: bool = False,
) -> go.Figure:
    """The curves over a common x; axis titles carry their units ("million words", "loss (nats a word)").

    before: a second level, where what learns stood at first. The name of the lower one stands under its line; of a
    single one, on the side where fewer of the curves run.
    """
    colours, runs = palette(mode), list(dict.fromkeys(curve.run for curve in curves))
    figure = go.Figure([_line(curve, runs, colours) for curve in curves])
    style(figure, mode, title, margin={"l": 58, "r": 14, "t": 34, "b": 48}, hovermode="x unified", dragmode="zoom")
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), type="log" if log_x else "linear", showgrid=False),
        yaxis=axis(mode, plain(y_title), nticks=6),
        showlegend=len(curves) > 1,
        legend={"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom", "font": {"size": 12.5}},
    )
    levels = [each for each in (baseline, before) if each is not None and np.isfinite(each.y)]
    if levels:
        _make_room(figure, [level.y for level in levels])
    for place, level in enumerate(sorted(levels, key=lambda level: -level.y)):
        under = place > 0 or (len(levels) == 1 and _crowded(figure, level.y))
        _level(figure, level, "top" if under else "bottom", colours)
        if under:
            low, high = figure.layout.yaxis.range
            figure.update_yaxes(range=[min(low, level.y - 0.13 * (high - low)), high])
    return figure


def _line(curve: Curve, runs: Sequence[str], colours: Palette) -> go.Scatter:
    place = runs.index(curve.run) % len(colours.categories)
    colour = colours.categories[place] if len(runs) > 1 else colours.ink if curve.held_out else colours.accent
    dash = {"width": 1.6, "dash": "4px,3px"} if curve.held_out else {"width": 2.2}
    name = plain(curve.name)
    few = len(curve.x) < 2
    return go.Scatter(
        x=np.asarray(curve.x, np.float64),
        y=np.asarray(curve.y, np.float64),
        name=name,
        mode="markers" if few else "lines",
        line={"color": colour, **dash},
        marker={"color": colour, "size": 6},
        hovertemplate="%{y:.4~f}",
        hoverlabel={"namelength": 40},
    )


def _level(figure: go.Figure, baseline: Baseline, anchor: str, colours: Palette) -> None:
    """A level across the whole width, named at its right end; anchor: the edge of the name that touches it."""
    figure.add_hline(
        y=baseline.y,
        line={"color": colours.quiet, "width": 1, "dash": "1px,3px"},
        annotation={
            "text": f"{plain(baseline.name)} {baseline.y:.2f}",
            "font": {"size": 12, "color": colours.quiet},
            "xanchor": "right",
            "yanchor": anchor,
            "x": 1,
            "showarrow": False,
        },
    )


def _crowded(figure: go.Figure, level: float) -> bool:
    """Whether more of the curves runs right above a level than right below it, where its name would stand."""
    last = max((float(line.x[-1]) for line in figure.data if len(line.x)), default=0.0)
    ends = [np.asarray(line.y)[np.asarray(line.x) > 0.5 * last] for line in figure.data]
    low, high = figure.layout.yaxis.range
    away = (np.concatenate([*ends, np.zeros(0)]) - level) / (high - low)
    return bool(((away > 0) & (away < 0.12)).sum() > ((away < 0) & (away > -0.12)).sum())


def _make_room(figure: go.Figure, levels: Sequence[float]) -> None:
    """An axis that holds these levels too."""
    tops = [float(np.nanmax(line.y)) for line in figure.data if len(line.y) and np.isfinite(line.y).any()]
    lows = [float(np.nanmin(line.y)) for line in figure.data if len(line.y) and np.isfinite(line.y).any()]
    low, high = min([*lows, *levels]), max([*tops, *levels])
    air = 0.08 * (high - low) or 0.5
    figure.update_yaxes(range=[low - air, high + air])
