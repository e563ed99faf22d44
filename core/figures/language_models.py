"""Language models beside each other: how many bits they need, and how far back they look."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.chain import probability
from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

ROW = 46  # pixels of a bar's line
LEAST = 1e-6  # that a curve shows as more than 0


@dataclass(frozen=True)
class Mark:
    """A sign on every bar, such as what guessing by frequency would need; values: float (n,), NaN for none."""

    name: str
    values: np.ndarray
    symbol: str


def model_bars(
    names: Sequence[tuple[str, str]],
    values: np.ndarray,
    marks: Sequence[Mark],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    kinds: Sequence[int] = (),
    none: str = "∞",
) -> go.Figure:
    """A bar a model, the first on top, with marks to compare it with; the shorter, the better it knows the text.

    names: of the model, and a quieter line below; values: float (n,), one that is not finite has no bar and says
    `none`; kinds: n numbers, one a colour.
    """
    colours, rows = palette(mode), np.arange(len(names))
    values = np.asarray(values, np.float64)
    finite = np.isfinite(values)
    tints = [colours.categories[kind % 8] for kind in (kinds or [0] * len(names))]
    shown = [f"{value:,.3g}" if value < 100 else f"{value:,.0f}" for value in np.where(finite, values, 0)]
    figure = go.Figure(
        go.Bar(
            x=np.where(finite, values, 0), y=rows, orientation="h", width=0.5, showlegend=False, hoverinfo="skip",
            marker={"color": tints, "line": {"width": 0}}, text=[one if is_in else none for one, is_in in
                                                                 zip(shown, finite)],
            textposition="inside", insidetextanchor="start", textangle=0, constraintext="none", cliponaxis=False,
            textfont={"size": 13.5, "color": colours.background},
        )
    )  # fmt: skip
    _infinite(figure, rows[~finite], none, colours.ink)
    for mark in marks:
        figure.add_trace(
            go.Scatter(
                x=mark.values, y=rows, mode="markers", name=plain(mark.name, 60),
                marker={"symbol": mark.symbol, "size": 11, "color": colours.ink, "line": {"width": 2}},
                hovertemplate="%{x:,.3f}<br>" + plain(mark.name, 60) + "<extra></extra>",
            )
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 10, "r": 24, "t": 36, "b": 48}, dragmode=False, hovermode="closest")
    every = np.concatenate([values[finite], *(mark.values for mark in marks)])
    top = float(np.nanmax(every)) if np.isfinite(every).any() else 1.0
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[0, 1.04 * top], fixedrange=True),
        yaxis=axis(mode, tickvals=rows.tolist(), ticktext=[_named(*name, colours.quiet) for name in names],
                   fixedrange=True, range=[len(rows) - 0.45, -0.55], automargin=True, ticklabelstandoff=6,
                   showgrid=False),
        showlegend=len(marks) > 0, legend=_legend(),
    )  # fmt: skip
    figure.update_yaxes(tickfont={"size": 13.5, "color": colours.ink})
    return figure


def _named(name: str, more: str, quiet: str) -> str:
    return f'{plain(name, 34)}<br><span style="font-size:11.5px;color:{quiet}">{plain(more, 34)}</span>'


def _infinite(figure: go.Figure, rows: np.ndarray, text: str, colour: str) -> None:
    for row in rows.tolist():
        figure.add_annotation(x=0, y=row, text=plain(text, 80), showarrow=False, xanchor="left", xshift=6,
                              font={"size": 13, "color": colour})  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How far one model looks back: means float (d,) for 1 … d places, and half the width of their interval."""

    name: str
    means: np.ndarray
    half: np.ndarray


def reach_curves(looks: Sequence[Look], *, mode: Mode, title: str, x_title: str, y_title: str, zero: str) -> go.Figure:
    """How much a guess moves, upwards and logarithmic, by how many places back a word was changed.

    What is exactly 0 has no place on such an axis: it lies on a line of its own below, which is called `zero`. Less
    than a millionth, which is rounding, is drawn as that.
    """
    colours, foot = palette(mode), _foot(looks)
    figure = go.Figure([
        go.Scatter(
            x=np.arange(1, len(look.means) + 1), y=_drawn(look.means, foot), mode="lines+markers",
            name=plain(look.name, 40), line={"width": 2, "color": colour},
            marker={"size": 6.5, "color": colour, "line": {"width": 1.6, "color": colour},
                    "symbol": ["circle" if mean > 0 else "circle-open" for mean in look.means]},
            text=[_pointed(look, place) for place in range(len(look.means))],
            hovertemplate="%{text}<extra></extra>",
        )
        for number, look in enumerate(looks)
        for colour in [colours.categories[number % 8]]
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 74, "r": 18, "t": 44, "b": 48}, hovermode="closest", dragmode="zoom")
    powers, last = list(range(foot + 1, 1)), max([len(look.means) for look in looks] + [2])
    names = [("≤ " if 10.0**power <= LEAST * 1.01 else "") + probability(10.0**power) for power in powers]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, range=[0.4, last + 0.6],
                   tickvals=[1, 2, 3, 5, 10, 15, 20, 25, 30, 35, 40]),
        yaxis=axis(mode, plain(y_title), range=[foot - 0.3, 0.15], tickvals=[foot, *powers],
                   ticktext=[plain(zero, 20), *names]),
        showlegend=True, legend=_legend(),
    )  # fmt: skip
    return figure


def _pointed(look: Look, place: int) -> str:
    mean, half = float(look.means[place]), float(look.half[place])
    said = f"{probability(mean)} ± {probability(half)}" if mean > 0 else "0"
    return f"<b>{plain(look.name, 40)}</b><br>{place + 1} · {said}"


def _foot(looks: Sequence[Look]) -> int:
    """The power of ten whose place is given to 0: one below the least mean."""
    some = [float(mean) for look in looks for mean in look.means if mean > 0]
    return math.floor(math.log10(max(min(some), LEAST)) + 1e-9) - 1 if some else -3


def _drawn(values: np.ndarray, foot: int) -> np.ndarray:
    """The power of ten of each; 0, which has none, at the foot."""
    given = np.asarray(values, np.float64)
    powers = np.log10(np.maximum(given, LEAST))
    found: np.ndarray = np.where(np.isnan(given), np.nan, np.where(given > 0, powers, foot))
    return found


def _legend() -> dict[str, Any]:
    return {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 13},
            "itemclick": False, "itemdoubleclick": False}  # fmt: skip
