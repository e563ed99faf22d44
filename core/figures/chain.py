"""A sentence word by word: how probable each word is after those before it, and text tinted by surprise."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain

LEAST = 1e-9  # probabilities are drawn down to here
SURPRISED = 10.0  # nats, at which a tint is full: a word of one in 22,000


def chain_bars(
    words: Sequence[str],
    probabilities: np.ndarray,
    orders: Sequence[int],
    *,
    mode: Mode,
    title: str,
    y_title: str,
    order_names: dict[int, str],
    hover: Sequence[str] = (),
    ids: np.ndarray | None = None,
) -> go.Figure:
    """The conditional probability of each word, on a logarithmic axis, coloured by the order that it came from.

    probabilities: float (n,), in 0..1; orders: n, of the n-gram that answered (0: the word is unknown); order_names: of
    each order, for the legend; hover: n lines such as "12 / 340"; ids: int (n,), default the places 0..n-1. A word that
    has probability 0 has no bar, and says 0. Bars begin at the foot: the higher, the more probable.
    """
    colours, count = palette(mode), len(words)
    names = np.arange(count, dtype=np.int32) if ids is None else np.asarray(ids, np.int32)
    chances = np.asarray(probabilities, np.float64)
    foot = _foot(chances)
    heights = np.log10(np.maximum(chances, 10.0**foot)) - foot
    said = [plain(line, 120) for line in hover] or [""] * count
    figure = go.Figure([
        go.Bar(
            x=rows, y=heights[rows], name=plain(order_names.get(order, str(order))), customdata=names[rows],
            width=0.62, text=[probability(chances[row]) for row in rows], textposition="outside", cliponaxis=False,
            textfont={"size": 12, "color": colours.quiet},
            hovertext=[_said(words[i], float(chances[i]), said[i]) for i in map(int, rows)],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={"color": _tint(order, colours.categories, colours.faint), "line": {"width": 0}},
        )
        for order in sorted({int(order) for order in orders}, reverse=True)
        for rows in [np.flatnonzero(np.asarray(orders) == order)]
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 62, "r": 14, "t": 40, "b": 10}, bargap=0.3, barmode="overlay",
          dragmode=False, hovermode="closest")  # fmt: skip
    marks = list(range(0, -foot + 1, max(1, math.ceil(-foot / 6))))
    figure.update_layout(
        xaxis=axis(mode, showgrid=False, fixedrange=True, automargin=True, tickvals=list(range(count)),
                   ticktext=[plain(word, 18) for word in words], range=[-0.6, max(count, 1) - 0.4],
                   tickangle=0 if sum(map(len, words)) < 90 and count < 16 else -50),
        yaxis=axis(mode, plain(y_title), range=[0, -foot + 0.35], fixedrange=True, ticklabelstandoff=5,
                   tickvals=[-foot - mark for mark in marks],
                   ticktext=[probability(10.0**-mark) for mark in marks]),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 13},
                "itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    figure.update_xaxes(tickfont={"family": SERIF, "size": 15, "color": colours.ink})
    return figure


def _foot(chances: np.ndarray) -> int:
    """The power of ten at the foot of the axis: below the smallest probability that is not 0."""
    some = chances[chances > 0]
    return math.floor(math.log10(max(float(some.min()), LEAST)) - 0.2) if len(some) else -1


def _said(word: str, chance: float, line: str) -> str:
    surprise = f"{-math.log(chance):.2f} nats" if chance > 0 else "∞ nats"
    return "<br>".join(part for part in (f"<b>{plain(word)}</b>", f"{probability(chance)} · {surprise}", line) if part)


def _tint(order: int, categories: Sequence[str], faint: str) -> str:
    """Order 1, 2, 3, … the categories; what nothing was known of is faint."""
    return categories[(order - 1) % len(categories)] if order > 0 else faint


def probability(chance: float) -> str:
    """ "0.31", "0.004", "2·10<sup>-6</sup>", "0"."""
    if chance <= 0:
        return "0"
    if chance >= 0.0009999:
        return f"{chance:.2g}" if chance < 1 else "1"
    power = math.floor(math.log10(chance) + 1e-9)
    factor = round(chance / 10.0**power)
    if factor >= 10:
        factor, power = 1, power + 1
    return f"10<sup>{power}</sup>" if factor == 1 else f"{factor}·10<sup>{power}</sup>"


def surprised_runs(
    pieces: Sequence[tuple[str, int]], surprisals: Sequence[float], full: float = SURPRISED
) -> list[list[Any]]:
    """Runs of text tinted by surprise, for `pages.widgets.lines.page`: [text, type, tint 0..1, mark].

    pieces: (text, type), a type of -1 for what is between words; surprisals: nats, one a piece (those between words are
    not looked at); `full`: nats of the deepest tint. What could not be (infinite) has the deepest tint and a mark.
    """
    runs = []
    for (text, kind), nats in zip(pieces, surprisals, strict=True):
        if kind < 0 or nats != nats:
            runs.append([text, kind, 0.0, 0])
        else:
            impossible = math.isinf(nats)
            runs.append([text, kind, 1.0 if impossible else round(min(max(nats / full, 0.0), 1.0), 3), int(impossible)])
    return runs
