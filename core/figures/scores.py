"""Scores of runs on test sets, a dot with its interval each, beside chance, frequency and what was published; and how
often words are near others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style, translucent
from core.figures.text import plain

ROW, PAD = 24, 1.0  # pixels of a dot's line; lines between two test sets


def height(sets: int, runs: int) -> int:
    """How many pixels a figure of so many takes."""
    return round(ROW * sets * (runs + PAD)) + 90


def score_dots(
    table: pd.DataFrame, *, mode: Mode, title: str, names: Sequence[str], published: pd.DataFrame | None = None
) -> go.Figure:
    """A row a dot: columns set, run (texts), value, low, high, random, random_low, random_high, frequency (or nan).

    names: what the legend calls random guessing, frequency and published figures; published: columns set, run, value,
    text. A dot's id is its row. Sets stand from the top in the order in which they come, runs below each other within
    one.
    """
    colours, sets = palette(mode), list(dict.fromkeys(table["set"]))
    runs = list(dict.fromkeys(table["run"]))
    step = len(runs) + PAD
    place = np.array([sets.index(s) * step + runs.index(r) for s, r in zip(table["set"], table["run"])], np.float64)
    figure = go.Figure()
    _chance(figure, table, place, colours.quiet, names[0])
    for number, run in enumerate(runs):
        mine = (table["run"] == run).to_numpy()
        figure.add_trace(_dots(table[mine], place[mine], np.flatnonzero(mine), run, colours.categories[number % 8]))
    _marks(figure, table["frequency"], place, names[1], colours.ink, "diamond-open")
    if published is not None and len(published):
        lines = [sets.index(s) * step + runs.index(r) for s, r in zip(published["set"], published["run"])]
        said = published["text"].tolist()
        _marks(figure, published["value"], np.array(lines), names[2], colours.quiet, "x-thin", said)
    style(figure, mode, title, margin={"l": 10, "r": 14, "t": 40, "b": 30}, hovermode="closest", dragmode=False)
    low = float(np.nanmin([0.0, *table["low"], *table["random_low"], *table["frequency"], *table["value"]]))
    middles = [i * step + (len(runs) - 1) / 2 for i in range(len(sets))]
    figure.update_layout(
        xaxis=axis(mode, range=[min(-0.03, low - 0.03), 1.02], fixedrange=True, dtick=0.2),
        yaxis=axis(mode, tickvals=middles, ticktext=[plain(name, 32) for name in sets], showgrid=False, fixedrange=True,
                   range=[len(sets) * step - PAD / 2 - 0.5, -PAD / 2 - 0.5], automargin=True, ticklabelstandoff=6),
        showlegend=True, legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12.5}},
    )  # fmt: skip
    for i in range(1, len(sets)):
        figure.add_hline(y=i * step - PAD / 2 - 0.5, line={"color": colours.border, "width": 1})
    return figure


def _chance(figure: go.Figure, table: pd.DataFrame, place: np.ndarray, colour: str, name: str) -> None:
    """Where guessing at random lands, on each line: a band where it varies, else a stroke."""
    for y, value, low, high in zip(place, table["random"], table["random_low"], table["random_high"]):
        if value != value:
            continue
        lines: dict[str, Any] = {"type": "line", "x0": value, "x1": value, "y0": y - 0.5, "y1": y + 0.5}
        if low == low:
            figure.add_shape(type="rect", x0=low, x1=high, y0=y - 0.5, y1=y + 0.5, layer="below",
                             fillcolor=translucent(colour, 0.16), line={"width": 0})  # fmt: skip
        figure.add_shape(**lines, layer="below", line={"color": colour, "width": 1, "dash": "dot"})
    square = {"symbol": "square", "size": 11, "color": translucent(colour, 0.3)}
    figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", name=plain(name), hoverinfo="skip", marker=square))


def _dots(rows: pd.DataFrame, place: np.ndarray, ids: np.ndarray, run: str, colour: str) -> go.Scatter:
    value = rows["value"].to_numpy(np.float64)
    spread: dict[str, Any] = {
        "type": "data", "symmetric": False, "array": np.nan_to_num(rows["high"].to_numpy(np.float64) - value),
        "arrayminus": np.nan_to_num(value - rows["low"].to_numpy(np.float64)), "color": colour, "thickness": 1.6,
        "width": 0,
    }  # fmt: skip
    said = [f"{plain(str(name))} · {plain(run)}" for name in rows["set"]]
    limits = [f"{low:.3f} – {high:.3f}" for low, high in zip(rows["low"], rows["high"])]
    return go.Scatter(
        x=value, y=place, mode="markers", name=plain(run), customdata=ids.astype(np.int32), text=said, meta=run[:60],
        marker={"size": 10, "color": colour, "line": {"width": 0}}, error_x=spread, hovertext=limits,
        hovertemplate="<b>%{x:.3f}</b> %{hovertext}<br>%{text}<extra></extra>",
    )  # fmt: skip


def _marks(
    figure: go.Figure, values: pd.Series, place: np.ndarray, name: str, colour: str, symbol: str,
    said: Sequence[str] | None = None,
) -> None:  # fmt: skip
    texts = [plain(text, 200) for text in said] if said else [plain(name)] * len(values)
    figure.add_trace(
        go.Scatter(
            x=values.to_numpy(np.float64), y=place, mode="markers", name=plain(name), text=texts,
            marker={"symbol": symbol, "size": 9, "color": colour, "line": {"width": 1.6, "color": colour}},
            hovertemplate="<b>%{x:.3f}</b><br>%{text}<extra></extra>",
        )
    )  # fmt: skip


def hub_curves(
    curves: Sequence[tuple[str, np.ndarray, bool]], *, mode: Mode, title: str, x_title: str, y_title: str
) -> go.Figure:
    """The share of words that are near at least so many others, both axes logarithmic; a curve of few hubs falls early.

    curves: a name, float (m, 2) of numbers and shares, and whether it is of directions drawn at random (dotted).
    """
    colours, figure = palette(mode), go.Figure()
    for number, (name, points, is_random) in enumerate(curves):
        shown = points[points[:, 0] > 0]
        colour = colours.quiet if is_random else colours.categories[number % 8]
        figure.add_trace(
            go.Scatter(
                x=shown[:, 0], y=100 * shown[:, 1], mode="lines", name=plain(name), text=[plain(name)] * len(shown),
                line={"color": colour, "width": 2, "dash": "dot" if is_random else "solid", "shape": "vh"},
                hovertemplate="%{text}<br>≥ %{x:,}: %{y:.3g} %<extra></extra>",
            )
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 66, "r": 14, "t": 40, "b": 48}, hovermode="closest", dragmode="zoom")
    powers: dict[str, Any] = {"type": "log", "dtick": 1, "exponentformat": "none", "separatethousands": True}
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, **powers), yaxis=axis(mode, plain(y_title), **powers),
        showlegend=True, legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12.5}},
    )  # fmt: skip
    return figure
