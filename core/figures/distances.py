"""What one-hot vectors and n-grams are up against: words equally far apart, more combinations than are ever said."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SERIF, Mode, Palette, axis, palette, style
from core.figures.text import plain

SIMPLEX = {  # corners with sides of 1
    1: [(0, 0)],
    2: [(-0.5, 0), (0.5, 0)],
    3: [(-0.5, -0.2887), (0.5, -0.2887), (0, 0.5774)],
    4: [(-0.5, -0.2887, -0.2041), (0.5, -0.2887, -0.2041), (0, 0.5774, -0.2041), (0, 0, 0.6124)],
}


def equal_distances(
    words: Sequence[str], distances: np.ndarray, *, mode: Mode, title: str, ids: np.ndarray | None = None
) -> go.Figure:
    """Two to four words at their true distances, each edge with its length: a line, a triangle, a tetrahedron to turn.

    distances: float (n, n), all alike off the diagonal, as between one-hot vectors (√2): more than four such points
    have no place in three dimensions, and no picture that shows them is true. ids: int (n,). The drawing's own scale is
    the distance.
    """
    count = len(words)
    assert 1 <= count <= 4 and np.shape(distances) == (count, count), (count, np.shape(distances))
    colours, corners = palette(mode), np.array(SIMPLEX[count], np.float64)
    names = np.arange(count, dtype=np.int32) if ids is None else np.asarray(ids, np.int32)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    figure = go.Figure(_edges(corners, pairs, colours))
    kind = go.Scatter if corners.shape[1] == 2 else go.Scatter3d
    figure.add_trace(kind(
        **_at(corners), mode="markers+text", customdata=names, text=[plain(word, 24) for word in words],
        textposition=_sides(corners), textfont={"family": SERIF, "size": 19, "color": colours.ink},
        marker={"size": 12 if count < 4 else 7, "color": colours.accent}, hovertemplate="<b>%{text}</b><extra></extra>",
        **({"cliponaxis": False} if count < 4 else {}),
    ))  # fmt: skip
    style(figure, mode, title, margin={"l": 8, "r": 8, "t": 8, "b": 8}, hovermode="closest",
          dragmode=False if count < 4 else "turntable")  # fmt: skip
    lengths = _lengths(corners, pairs, np.asarray(distances, np.float64), colours)
    if count == 4:
        bare = {**NO_AXIS, "showbackground": False, "showspikes": False, "range": [-0.85, 0.85]}
        camera = {"eye": {"x": 0.3, "y": 1.16, "z": 0.5}, "center": {"x": 0, "y": 0, "z": -0.03}}
        figure.update_layout(scene={"xaxis": bare, "yaxis": bare, "zaxis": bare, "aspectmode": "cube", "camera": camera,
                                    "dragmode": "turntable", "annotations": lengths})  # fmt: skip
    else:
        flat = {**NO_AXIS, "fixedrange": True}
        figure.update_layout(annotations=lengths, xaxis={**flat, "range": [-0.95, 0.95]},
                             yaxis={**flat, "range": [-0.55, 0.82], "scaleanchor": "x"})  # fmt: skip
    return figure


def _at(points: np.ndarray) -> dict[str, np.ndarray]:
    return {name: points[:, i] for i, name in enumerate("xyz"[: points.shape[1]])}


def _sides(corners: np.ndarray) -> list[str]:
    """Each word away from the middle of the figure."""
    if len(corners) == 1:
        return ["top center"]
    if len(corners) == 4:  # as they are seen at first
        return ["middle right", "middle left", "bottom center", "top center"]
    return ["top center" if corner[-1] > 0 or len(corners) == 2 else "bottom center" for corner in corners]


def _edges(corners: np.ndarray, pairs: list[tuple[int, int]], colours: Palette) -> list[Any]:
    """The edges as one broken line."""
    if not pairs:
        return []
    ends = np.full((len(pairs), 3, corners.shape[1]), np.nan)
    for row, (i, j) in enumerate(pairs):
        ends[row, 0], ends[row, 1] = corners[i], corners[j]
    kind = go.Scatter if corners.shape[1] == 2 else go.Scatter3d
    line = {"color": colours.dense, "width": 2 if corners.shape[1] == 2 else 4}
    return [kind(**_at(ends.reshape(-1, corners.shape[1])), mode="lines", line=line, hoverinfo="skip")]


def _lengths(
    corners: np.ndarray, pairs: list[tuple[int, int]], distances: np.ndarray, colours: Palette
) -> list[dict[str, Any]]:
    """Each edge's length, written across its middle."""
    return [
        {
            **dict(zip("xyz", ((corners[i] + corners[j]) / 2).tolist())), "text": f"{distances[i, j]:.3f}",
            "showarrow": False, "bgcolor": colours.background, "borderpad": 2, "xanchor": "center", "yanchor": "middle",
            "font": {"size": 14, "color": colours.quiet},
        }
        for i, j in pairs
    ]  # fmt: skip


def possible_bars(
    orders: Sequence[int],
    possible: Sequence[float],
    seen: Sequence[float],
    unseen_shares: Sequence[float],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    names: tuple[str, str],
    unseen: str,
) -> go.Figure:
    """How many n-grams there could be (V^n) and how many there are, on a logarithmic axis, order by order.

    orders: n; possible: log10 of V^n, since it outgrows every number; seen: different n-grams in the training text;
    unseen_shares: 0..1, of held-out n-grams that the training never had (nan: not measured), written above as `unseen`
    with {share}. names: of the two bars.
    """
    colours, places = palette(mode), np.arange(len(orders))
    logs = [np.asarray(possible, np.float64), np.log10(np.maximum(np.asarray(seen, np.float64), 1))]
    figure = go.Figure([
        go.Bar(
            x=places, y=heights, name=plain(name), marker={"color": colour, "line": {"width": 0}},
            customdata=np.asarray(orders, np.int32), text=[power(height) for height in heights],
            textposition="outside", textfont={"size": 12.5, "color": colours.quiet}, cliponaxis=False,
            hovertemplate="<b>%{text}</b><extra></extra>",
        )
        for heights, name, colour in zip(logs, names, (colours.faint, colours.accent))
    ])  # fmt: skip
    style(figure, mode, title, margin={"l": 66, "r": 14, "t": 40, "b": 56}, bargap=0.35, bargroupgap=0.06,
          barmode="group", dragmode=False, hovermode="closest")  # fmt: skip
    top = max(float(logs[0].max(initial=1)), 1)
    step = max(1, math.ceil(top / 7))
    marks = list(range(0, int(top) + step, step))
    lines = [f"{order}<br>{plain(unseen.format(share=_share(share)))}" if np.isfinite(share) else str(order)
             for order, share in zip(orders, unseen_shares)]  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), showgrid=False, fixedrange=True, tickvals=places.tolist(), ticktext=lines),
        yaxis=axis(mode, plain(y_title), range=[0, 1.1 * top], fixedrange=True, tickvals=marks,
                   ticktext=[power(mark) for mark in marks], ticklabelstandoff=5),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 13}},
    )  # fmt: skip
    figure.update_xaxes(tickfont={"size": 12.5, "color": colours.ink})
    return figure


def _share(share: float) -> str:
    """ "0.7 %", "63 %": enough figures to tell apart what differs."""
    percent = 100 * share
    return f"{percent:.0f} %" if 10 <= percent < 99 else f"{percent:.1f} %"


def power(exponent: float) -> str:
    """10 to this, as people write it: "1", "68,065", "3.2 × 10<sup>14</sup>"."""
    if exponent < 6:
        return f"{10**exponent:,.0f}"
    whole = math.floor(exponent + 1e-9)
    factor = 10 ** (exponent - whole)
    if factor >= 9.95:
        whole, factor = whole + 1, 1.0
    return f"10<sup>{whole}</sup>" if abs(factor - 1) < 0.005 else f"{factor:.1f} × 10<sup>{whole}</sup>"
