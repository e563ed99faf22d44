"""A word's way down a binary tree of words, and how long the ways of all words are."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SERIF, Mode, axis, palette, style
from core.figures.text import plain

ROW = 40  # pixels from one turn to the next
WIDTH, STEP = 530, 22  # pixels of the narrowest picture, and of a turn to a side at most
LETTER = 6.4  # pixels of one
DRAWN = 4000  # words of the scatter


def path_tree(
    codes: np.ndarray,
    taken: Sequence[str],
    beside: Sequence[str],
    *,
    word: str,
    mode: Mode,
    title: str,
) -> go.Figure:
    """The path of a word from the root, at the top, to its leaf.

    codes: int (turns,), 0 to the left and 1 to the right; taken: what stands at the side taken, such as its
    probability; beside: what hangs at the other side. A turn's id is its row.
    """
    colours, turns = palette(mode), len(codes)
    sides = np.where(np.asarray(codes) == 0, -1.0, 1.0)
    x, y = np.append(0, np.cumsum(sides)), -np.arange(turns + 1.0)
    other = x[:-1] - sides
    gap = np.full(turns, np.nan)
    branch = {"mode": "lines", "hoverinfo": "skip"}
    figure = go.Figure([
        go.Scatter(x=np.stack([x[:-1], other, gap], 1).ravel(), y=np.stack([y[:-1], y[1:], gap], 1).ravel(), **branch,
                   line={"color": colours.border, "width": 1.5}),
        go.Scatter(x=x, y=y, **branch, line={"color": colours.accent, "width": 2.5}),
        go.Scatter(x=x[:-1], y=y[:-1], mode="markers", hoverinfo="skip", customdata=np.arange(turns, dtype=np.int32),
                   marker={"size": 9, "color": colours.accent, "line": {"width": 0}}),
        go.Scatter(x=other, y=y[1:], mode="markers", hoverinfo="skip",
                   marker={"size": 6, "color": colours.quiet, "line": {"width": 0}}),
        go.Scatter(x=x[-1:], y=y[-1:], mode="markers", hoverinfo="skip",
                   marker={"size": 12, "color": colours.hot, "line": {"width": 0}}),
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 8, "r": 8, "t": 12, "b": 12}, dragmode=False)
    figure.update_layout(
        xaxis={
            **NO_AXIS,
            "range": _across(np.append(other, x[-1]), np.append(-sides, sides[-1]), [*beside, word]),
            "fixedrange": True,
        },
        yaxis={**NO_AXIS, "range": [-turns - 0.7, 0.5], "fixedrange": True},
    )
    for turn in range(turns):
        outward = "right" if sides[turn] > 0 else "left"  # the side away from the path
        figure.add_annotation(
            x=other[turn], y=y[turn + 1], text=plain(beside[turn], 60), showarrow=False, xanchor=outward,
            xshift=-9 * sides[turn], font={"size": 13, "family": SERIF, "color": colours.quiet},
        )  # fmt: skip
        figure.add_annotation(
            x=(x[turn] + x[turn + 1]) / 2, y=(y[turn] + y[turn + 1]) / 2, text=plain(taken[turn]), showarrow=False,
            xanchor="left" if sides[turn] > 0 else "right", xshift=7 * sides[turn], yshift=5,
            font={"size": 12, "color": colours.ink},
        )  # fmt: skip
    figure.add_annotation(
        x=x[-1], y=y[-1], text=f"<b>{plain(word, 30)}</b>", showarrow=False, yanchor="middle",
        xanchor="left" if sides[-1] > 0 else "right", xshift=12 * sides[-1],
        font={"size": 17, "family": SERIF, "color": colours.hot_text},
    )  # fmt: skip
    return figure


def _across(places: np.ndarray, sides: np.ndarray, texts: Sequence[str]) -> list[float]:
    """The range in which texts that stand outward of their places have room, at no more than STEP pixels a step."""
    wide = np.array([16.0 + LETTER * min(len(text), 60) for text in texts])
    for step in range(STEP, 5, -1):
        ends = np.append(0, sides * wide + places * step)
        if ends.max() - ends.min() < WIDTH:
            break
    return [float(ends.min()) / step, float(ends.max()) / step]


def length_scatter(
    lengths: np.ndarray,
    words: Sequence[str],
    levels: Sequence[tuple[float, str]],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    hot: int | None = None,
) -> go.Figure:
    """The turns of each word over its rank, from 1; of many words DRAWN, spread evenly over the logarithm of the rank.

    levels: (turns, what it is) of lines across. A point's id is its word's row; hot: the one that is pointed at.
    """
    colours, size = palette(mode), len(lengths)
    rows = np.unique(np.geomspace(1, size, DRAWN).astype(np.int64) - 1)
    points = go.Scattergl(
        x=rows + 1, y=lengths[rows], mode="markers", customdata=rows.astype(np.int32),
        text=np.array([plain(words[row], 30) for row in rows], object),
        hovertemplate="<b>%{text}</b><br>%{x:,} · %{y}<extra></extra>",
        marker={"size": 5, "opacity": 0.6, "color": colours.accent, "line": {"width": 0}},
    )  # fmt: skip
    figure = style(go.Figure(points), mode, title, margin={"l": 52, "r": 12, "t": 12, "b": 48}, hovermode="closest",
                   dragmode="pan")  # fmt: skip
    top = float(max(lengths.max(), *(value for value, _name in levels)))
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), type="log", range=[-0.06, np.log10(size) + 0.06], dtick=1, showgrid=False,
                   fixedrange=True),
        yaxis=axis(mode, plain(y_title), range=[0, top + 1.5], fixedrange=True),
    )  # fmt: skip
    for value, name in levels:
        figure.add_hline(y=value, line={"color": colours.quiet, "width": 1, "dash": "dot"})
        figure.add_annotation(
            xref="paper", x=0.01, y=value, text=plain(name), showarrow=False, xanchor="left", yanchor="bottom",
            font={"size": 12, "color": colours.quiet},
        )  # fmt: skip
    if hot is not None:
        figure.add_trace(go.Scattergl(
            x=[hot + 1], y=[int(lengths[hot])], mode="markers", hoverinfo="skip",
            marker={"size": 13, "color": colours.hot, "line": {"width": 1, "color": colours.background}},
        ))  # fmt: skip
    return figure
