"""Two spaces on one basis: the map of one, with the way of its words to where they stand in the other."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.map import Shade, fit, word_map
from core.figures.palette import Mode, palette, translucent


def space_map(
    points: np.ndarray,
    other: np.ndarray,
    words: Sequence[str],
    *,
    mode: Mode,
    title: str,
    drift: np.ndarray,
    drift_title: str,
    numbers: Mapping[str, np.ndarray],
    chosen: int | None = None,
    trails: Sequence[int] = (),
) -> go.Figure:
    """n words of one of two spaces, coloured by how far they have moved between the two.

    points: float (n, 2), where they stand in this one; other: in the other, on the same basis: both maps open on the
    same part of the plane. drift: float (n,), 1 - cosine. numbers: for the hover. chosen: a row that is pointed at;
    trails: rows whose way from here to there is drawn. A word's id is its row; all words are in the first trace.
    """
    points, other = np.asarray(points, np.float32), np.asarray(other, np.float32)
    colours = palette(mode)
    figure = word_map(
        points, words, mode=mode, title=title, numbers=numbers, chosen=chosen,
        colour=Shade(drift, drift_title, "likeness"),
    )  # fmt: skip
    x, y = fit(np.concatenate([points, other]))
    figure.update_layout(xaxis={"range": x}, yaxis={"range": y})
    own = [] if chosen is None else [chosen]
    for rows, colour, width in ((trails, translucent(colours.quiet, 0.55), 1.0), (own, colours.hot, 1.75)):
        if len(rows):
            figure.add_trace(_ways(points, other, np.asarray(rows, np.int64), colour, width))
    return figure


def _ways(points: np.ndarray, other: np.ndarray, rows: np.ndarray, colour: str, width: float) -> go.Scatter:
    """Lines from here to there, with an arrow at their ends."""
    ends = np.full((len(rows), 3, 2), np.nan, np.float32)
    ends[:, 0], ends[:, 1] = points[rows], other[rows]
    x, y = ends.reshape(-1, 2).T
    return go.Scatter(
        x=x, y=y, mode="lines+markers", line={"color": colour, "width": width}, hoverinfo="skip", showlegend=False,
        marker={"symbol": "arrow", "angleref": "previous", "color": colour,
                "size": np.tile([0.0, 8.0, 0.0], len(rows))},
    )  # fmt: skip
