"""How words' weights change with what else there is."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain


def company_lines(
    weights: np.ndarray,
    words: Sequence[str],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    here: int,
    hot: int = 0,
) -> go.Figure:
    """A line a word over 0..m documents added, its word at the end; a mark at the number that is looked at.

    weights: float (w, m + 1); hot: the row in the hot colour. Hover: the word, the number of documents, the weight.
    """
    colours, weights = palette(mode), np.asarray(weights, np.float64)
    x = np.arange(weights.shape[1])
    figure = go.Figure()
    for i in sorted(range(len(words)), key=lambda i: i == hot):
        colour = colours.hot if i == hot else colours.dense
        word = plain(words[i], 24)
        figure.add_scatter(
            x=x, y=weights[i], mode="lines", name=word, line={"color": colour, "width": 3 if i == hot else 1.8},
            hovertemplate=f"<b>{word}</b> %{{x}} · %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    _named(figure, weights, words, mode, hot)
    style(figure, mode, title, margin={"l": 56, "r": 96, "t": 12, "b": 48}, hovermode="closest", dragmode=False)
    top = max(float(weights.max(initial=0)) * 1.06, 1e-9)
    figure.add_vline(x=here, line={"color": colours.quiet, "width": 1, "dash": "2px,3px"})
    figure.add_scatter(
        x=np.full(len(words), here), y=weights[:, here], mode="markers", hoverinfo="skip",
        marker={"size": 8, "color": [colours.hot if i == hot else colours.dense for i in range(len(words))]},
    )  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, fixedrange=True, range=[-0.5, max(len(x) - 1, 1)]),
        yaxis=axis(mode, plain(y_title), fixedrange=True, range=[-0.03 * top, top], nticks=6, ticklabelstandoff=5),
    )
    return figure


def _named(figure: go.Figure, weights: np.ndarray, words: Sequence[str], mode: Mode, hot: int) -> None:
    """Each word at the end of its line, moved apart where ends are near each other."""
    colours, ends = palette(mode), weights[:, -1]
    span = max(float(weights.max(initial=0)), 1e-9)
    taken = -np.inf
    for i in np.argsort(ends, kind="stable").tolist():
        place = max(float(ends[i]), taken + 0.052 * span)
        taken = place
        figure.add_annotation(
            x=1, xref="paper", y=place, xanchor="left", xshift=6, showarrow=False, text=plain(words[i], 14),
            font={"family": SERIF, "size": 14, "color": colours.hot_text if i == hot else colours.quiet},
        )  # fmt: skip
