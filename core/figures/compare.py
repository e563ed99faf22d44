"""Words against words: which mark one corpus or another, and which keep company with a word."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain

MOST_POINTS = 20_000


def keyness_bars(
    table: pd.DataFrame, *, mode: Mode, title: str, x_title: str, names: tuple[str, str], top: int = 20
) -> go.Figure:
    """The key words of two sides back to back: bars to the right for the first, to the left for the other.

    table: as `core.explore.keyness.keyness` gives it: word, log_likelihood (its sign is the side), log_ratio, count,
    count_other, the first's strongest words first. names: of the two sides. Every bar's id is its row of the table.
    """
    colours, score = palette(mode), table["log_likelihood"].to_numpy(np.float64)
    sides = (np.flatnonzero(score > 0)[:top], np.flatnonzero(score < 0)[::-1][:top])
    right, left = (float(np.abs(score[rows]).max()) if len(rows) else 0.0 for rows in sides)
    room = 0.28 * (left + right or 1.0)  # for the words at the bars' ends
    figure = go.Figure([
        _side(table, rows, colour, plain(name))
        for rows, colour, name in zip(sides, colours.categories, names)
    ])  # fmt: skip
    style(
        figure, mode, title, margin={"l": 14, "r": 14, "t": 34, "b": 48}, bargap=0.3, barmode="overlay", dragmode=False
    )
    ticks = _both_ways(left, right)
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[-left - room, right + room], fixedrange=True, **ticks),
        yaxis=axis(mode, visible=False, range=[max(map(len, sides)) - 0.4, -0.6], fixedrange=True),
    )
    figure.add_vline(x=0, line={"color": colours.quiet, "width": 1})
    for name, colour, anchor, shift in zip(names, colours.categories, ("left", "right"), (10, -10)):
        figure.add_annotation(
            x=0, y=1, yref="paper", text=f"<b>{plain(name, 40)}</b>", showarrow=False, xanchor=anchor, xshift=shift,
            yanchor="bottom", font={"size": 13.5, "color": colour},
        )  # fmt: skip
    return figure


def _side(table: pd.DataFrame, rows: np.ndarray, colour: str, name: str) -> go.Bar:
    part = table.iloc[rows]
    said = [
        f"{count:,} : {other:,} · 2<sup>{ratio:.1f}</sup>"
        for count, other, ratio in zip(part["count"], part["count_other"], part["log_ratio"])
    ]
    return go.Bar(
        x=part["log_likelihood"].to_numpy(np.float64),
        y=np.arange(len(rows)),
        orientation="h",
        name=name,
        customdata=rows.astype(np.int32),
        text=[plain(str(word), 20) for word in part["word"]],
        textposition="outside",
        textfont={"family": SERIF, "size": 14.5},
        cliponaxis=False,
        hovertext=said,
        hovertemplate="<b>%{text}</b><br>%{x:,.0f} · %{hovertext}<extra></extra>",
        marker={"color": colour, "line": {"width": 0}},
    )


def _both_ways(left: float, right: float) -> dict[str, Any]:
    """Ticks at round distances on both sides of zero, numbered without a sign."""
    step = _round(max((left + right) / 4, 1e-9))
    marks = [step * i for i in range(-int(left // step), int(right // step) + 1)]
    return {"tickvals": marks, "ticktext": [f"{abs(mark):,.10g}" for mark in marks], "tickangle": 0}


def _round(number: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a positive number."""
    power = 10.0 ** math.floor(math.log10(number)) if number > 0 else 1.0
    return max((step * power for step in (1, 2, 5) if step * power <= number), default=power)


def keyness_scatter(
    table: pd.DataFrame,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    names: tuple[str, str],
    level_name: str = "",
    hot: Sequence[int] = (),
) -> go.Figure:
    """Every word by how large the difference is (log-ratio, across) and how sure (log-likelihood, upwards, in logs).

    Words that are not key are faint. table: see `keyness_bars`, with `key`; the 20,000 words of which one can be surest
    are drawn. names: of the two sides; level_name: of the line from which on words are key. hot: rows of the table that
    are pointed at. Every point's id is its row; all words are in the first trace, in falling order of log-likelihood.
    """
    colours, sure = palette(mode), np.abs(table["log_likelihood"].to_numpy(np.float64))
    order = np.argsort(-sure, kind="stable")[:MOST_POINTS]
    part = table.iloc[order]
    key, ratio, pointed = part["key"].to_numpy(bool), part["log_ratio"].to_numpy(np.float64), np.isin(order, hot)
    colour = np.where(ratio > 0, colours.categories[0], colours.categories[1])
    colour = np.where(pointed, colours.hot, np.where(key, colour, colours.faint))
    size = np.where(pointed, 10, np.where(key, 5.5, 4))
    points = go.Scattergl(
        x=ratio,
        y=np.maximum(sure[order], 0.01),  # the axis is logarithmic
        mode="markers",
        marker={"color": colour, "size": size, "opacity": 0.85, "line": {"width": 0}},
        customdata=order.astype(np.int32),
        text=np.array([plain(str(word)) for word in part["word"]], object),
        hovertext=np.array([f"{a:,} : {b:,}" for a, b in zip(part["count"], part["count_other"])], object),
        hovertemplate="<b>%{text}</b><br>%{hovertext}<br>%{x:.2f} · %{y:,.1f}<extra></extra>",
    )  # fmt: skip
    figure = style(
        go.Figure(points), mode, title,
        margin={"l": 70, "r": 18, "t": 34, "b": 48}, hovermode="closest", dragmode="pan",
    )  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False),
        yaxis=axis(mode, plain(y_title), type="log", dtick=1, exponentformat="none", separatethousands=True),
    )
    figure.add_vline(x=0, line={"color": colours.border, "width": 1})
    if key.any() and level_name:
        _level(figure, mode, float(sure[order][key].min()), plain(level_name))
    for name, tint, place in zip(names, colours.categories, ("right", "left")):
        figure.add_annotation(
            x=1 if place == "right" else 0, xref="paper", y=1, yref="paper", text=f"<b>{plain(name, 40)}</b>",
            showarrow=False, xanchor=place, yanchor="bottom", font={"size": 13.5, "color": tint},
        )  # fmt: skip
    return figure


def _level(figure: go.Figure, mode: Mode, value: float, name: str) -> None:
    """A dotted line across at a value of the logarithmic axis, named at its right end."""
    colours = palette(mode)
    line = {"color": colours.quiet, "width": 1, "dash": "1px,3px"}
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=value, y1=value, line=line)
    figure.add_annotation(
        x=1, xref="paper", y=math.log10(value), text=name, showarrow=False, xanchor="right", yanchor="bottom",
        font={"size": 12, "color": colours.quiet},
    )  # fmt: skip


def collocation_bars(
    table: pd.DataFrame,
    score: str,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    names: tuple[str, str, str],
    top: int = 25,
    hot: int | None = None,
) -> go.Figure:
    """The first words of a table of collocations: how often each stands left and right of the node, and its score.

    table: as `core.explore.collocations.collocations` gives it: word, id, left, right and the column `score`, which is
    written at the right. names: of left, right and score, above them. A bar's id is its word's; `hot` is such an id.
    """
    colours, part = palette(mode), table.head(top)
    shown = [plain(str(word), 24) for word in part["word"]]
    longest = max(float(part[["left", "right"]].to_numpy().max()) if len(part) else 1.0, 1.0)
    pointed = (part["id"] == hot).to_numpy()
    figure = go.Figure([
        go.Bar(
            x=sign * part[side].to_numpy(np.float64), y=np.arange(len(part)), orientation="h", name=plain(name),
            customdata=part["id"].to_numpy(np.int32), hovertext=shown, text=part[side],
            hovertemplate="<b>%{hovertext}</b><br>%{text:,}<extra></extra>", textposition="none",
            marker={"color": np.where(pointed, colours.hot, colour), "line": {"width": 0}},
        )
        for side, sign, colour, name in zip(("left", "right"), (-1, 1), (colours.dense, colours.accent), names)
    ])  # fmt: skip
    style(
        figure, mode, title, margin={"l": 10, "r": 62, "t": 30, "b": 48}, bargap=0.38, barmode="overlay", dragmode=False
    )
    rows: dict[str, Any] = {"tickvals": list(range(len(part))), "ticktext": shown, "range": [len(part) - 0.4, -0.6]}
    ticks = _both_ways(longest, longest)
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[-1.06 * longest, 1.06 * longest], fixedrange=True, **ticks),
        yaxis=axis(mode, showgrid=False, automargin=True, fixedrange=True, ticklabelstandoff=6, **rows),
    )
    figure.update_yaxes(tickfont={"family": SERIF, "size": 15, "color": colours.ink})
    figure.add_vline(x=0, line={"color": colours.quiet, "width": 1})
    _notes(figure, mode, names, [f"{value:,.1f}" for value in part[score]])
    return figure


def _notes(figure: go.Figure, mode: Mode, names: tuple[str, str, str], values: list[str]) -> None:
    """The names of left, right and the score above them, and the score of each row at its right end."""
    quiet = {"size": 12, "color": palette(mode).quiet}
    figure.add_annotation(
        x=1, xref="paper", y=1, yref="paper", text=plain(names[2], 14), showarrow=False, xanchor="left", xshift=8,
        yanchor="bottom", font=quiet,
    )  # fmt: skip
    for name, anchor, shift in zip(names, ("right", "left"), (-8, 8)):
        figure.add_annotation(
            x=0, y=1, yref="paper", text=plain(name, 30), showarrow=False, xanchor=anchor, xshift=shift,
            yanchor="bottom", font=quiet,
        )  # fmt: skip
    for row, value in enumerate(values):
        figure.add_annotation(
            x=1, xref="paper", y=row, text=value, showarrow=False, xanchor="left", xshift=8, font=quiet
        )  # fmt: skip
