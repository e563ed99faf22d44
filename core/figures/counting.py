"""What skip-gram's scores are, pair by pair, against what counting says that they should be."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

MOST_POINTS = 20_000


def counting_scatter(
    expected: np.ndarray,
    scores: np.ndarray,
    pairs: Sequence[tuple[str, str]],
    times: np.ndarray,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    line_name: str,
    times_name: str,
    hot: int | None = None,
) -> go.Figure:
    """m pairs, at most 20,000: what counting expects across, the dot product upwards, the line where both agree.

    expected: float (m,), PMI - log k; scores: float (m,), in the same unit. times: int (m,), how often each pair stands
    within the window. A pair's id is its row; hot: the one that is pointed at.
    """
    colours, rows = palette(mode), np.arange(len(pairs), dtype=np.int32)
    assert len(expected) == len(scores) == len(pairs) == len(times) <= MOST_POINTS
    points = go.Scattergl(
        x=np.asarray(expected, np.float32), y=np.asarray(scores, np.float32), mode="markers", customdata=rows,
        text=np.array([f"{plain(first, 30)} · {plain(second, 30)}" for first, second in pairs], object),
        hovertext=np.array([f"{plain(times_name)} {count:,}" for count in times.tolist()], object),
        hovertemplate="<b>%{text}</b><br>%{hovertext}<br>%{x:.2f} → %{y:.2f}<extra></extra>",
        marker={"size": 4.5, "opacity": 0.55, "line": {"width": 0}, "color": np.log10(np.maximum(times, 1)),
                "colorscale": colours.ramp(), "cmin": 0.0, "cmax": float(np.log10(max(10, times.max(initial=1))))},
    )  # fmt: skip
    figure = style(go.Figure(points), mode, title, margin={"l": 62, "r": 18, "t": 24, "b": 52}, hovermode="closest",
                   dragmode="pan")  # fmt: skip
    (x, y), low, high = _ranges(expected, scores)
    figure.update_layout(xaxis=axis(mode, plain(x_title), range=x), yaxis=axis(mode, plain(y_title), range=y))
    figure.add_shape(type="line", x0=low, y0=low, x1=high, y1=high, line={"color": colours.hot, "width": 1.6})
    figure.add_annotation(
        x=min(high, x[1]), y=min(high, x[1]), text=plain(line_name), showarrow=False, xanchor="right", yanchor="bottom",
        xshift=-10, font={"size": 13, "color": colours.hot_text},
    )  # fmt: skip
    if hot is not None and 0 <= hot < len(pairs):
        figure.add_trace(go.Scattergl(
            x=[float(expected[hot])], y=[float(scores[hot])], mode="markers", hoverinfo="skip",
            marker={"size": 13, "color": colours.hot, "line": {"width": 1, "color": colours.background}},
        ))  # fmt: skip
    return figure


def _ranges(expected: np.ndarray, scores: np.ndarray) -> tuple[list[list[float]], float, float]:
    """[x range, y range] that hold all but a few points, and where the line of agreement begins and ends."""
    ranges = []
    for values in (expected, scores):
        low, high = np.percentile(values, [0.3, 99.7]) if len(values) else (-1.0, 1.0)
        air = 0.06 * (high - low) + 0.1
        ranges.append([float(low - air), float(high + air)])
    return ranges, min(ranges[0][0], ranges[1][0]), max(ranges[0][1], ranges[1][1])
