"""How often words stand near each other: some rows and columns of a matrix of counts, cell by cell."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain

MOST_NUMBERS = 18  # words: with more, the cells hold no numbers
ROOMY = 8  # words: with more, the numbers are short


def count_heatmap(
    values: np.ndarray,
    words: Sequence[str],
    *,
    mode: Mode,
    title: str,
    value_name: str,
    x_title: str,
    whole: bool = False,
    hot: tuple[int, int] | None = None,
) -> go.Figure:
    """Row i: what stands near word i; the darker the more, an empty cell where nothing does.

    values: float (n, n), not negative; whole: they are counts of 1 each. hot: the cell that is pointed at, framed. A
    click on a cell gives its (row, column).
    """
    colours, count = palette(mode), len(words)
    values = np.asarray(values, np.float64)
    top = max(float(values.max(initial=0)), 1e-9)
    pairs = [[f"<b>{plain(row)}</b> · <b>{plain(column)}</b>" for column in words] for row in words]
    cells = go.Heatmap(
        z=np.where(values > 0, values, np.nan), x=np.arange(count), y=np.arange(count), xgap=1, ygap=1,
        colorscale=[[0, colours.faint], [0.45, colours.dense], [1, colours.accent]], zmin=0, zmax=top,
        hoverongaps=False, text=pairs, hovertemplate="%{text}<br>" + plain(value_name) + " %{z:.4~g}<extra></extra>",
        colorbar={
            "thickness": 7, "lenmode": "pixels", "len": 160, "y": 1, "yanchor": "top", "outlinewidth": 0, "ticks": "",
            "tickfont": {"size": 11, "color": colours.quiet}, "nticks": 5, "xpad": 12,
            "title": {"text": plain(value_name), "side": "right", "font": {"size": 12, "color": colours.quiet}},
        },
    )  # fmt: skip
    ground = go.Heatmap(  # empty cells can be pointed at too
        z=np.where(values > 0, np.nan, 0.0), x=np.arange(count), y=np.arange(count), xgap=1, ygap=1, showscale=False,
        colorscale=[[0, colours.panel], [1, colours.panel]], hoverongaps=False, text=pairs,
        hovertemplate="%{text}<br>0<extra></extra>",
    )  # fmt: skip
    figure = style(go.Figure([ground, cells]), mode, title, margin={"l": 10, "r": 10, "t": 10, "b": 10},
                   hovermode="closest", dragmode=False)  # fmt: skip
    _axes(figure, words, mode, x_title)
    if count <= MOST_NUMBERS:
        _numbers(figure, values, top, mode, whole)
    if hot is not None:
        row, column = hot
        figure.add_shape(type="rect", x0=column - 0.5, x1=column + 0.5, y0=row - 0.5, y1=row + 0.5,
                         line={"width": 2.2, "color": colours.hot})  # fmt: skip
    return figure


def _axes(figure: go.Figure, words: Sequence[str], mode: Mode, x_title: str) -> None:
    count, colours = len(words), palette(mode)
    names: dict[str, Any] = {
        "tickvals": list(range(count)), "ticktext": [plain(word, 18) for word in words], "showgrid": False,
        "fixedrange": True, "automargin": True,
    }  # fmt: skip
    steep = -90 if count > 16 else -45 if sum(map(len, words)) > 60 else 0
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), side="top", tickangle=steep, range=[-0.5, count - 0.5], **names),
        yaxis=axis(mode, range=[count - 0.5, -0.5], ticklabelstandoff=5, **names),
    )
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont={"family": SERIF, "size": 15 if count <= 20 else 13, "color": colours.ink})


def _numbers(figure: go.Figure, values: np.ndarray, top: float, mode: Mode, whole: bool) -> None:
    """The values, as text that takes no clicks and can be read on its cell."""
    colours = palette(mode)
    rows, columns = np.indices(values.shape).reshape(2, -1)
    found = values[rows, columns]
    colour = np.where(found > 0.6 * top, colours.background, np.where(found > 0, colours.ink, colours.quiet))
    figure.add_trace(go.Scatter(
        x=columns, y=rows, mode="text", hoverinfo="skip",
        text=[short(value, whole, tight=len(values) > ROOMY) for value in found],
        textfont={"size": 13 if len(values) <= ROOMY else 11.5, "color": colour.tolist()},
    ))  # fmt: skip


def short(value: float, whole: bool = False, tight: bool = False) -> str:
    """A number for a cell: "0", "0.33", "12.5", "1,234", where it is tight ".33", "1.3", "13"; a whole one as it is."""
    if value == 0 or whole:
        return f"{value:,.0f}"
    if tight:
        return f"{value:.2f}".lstrip("0") if value < 0.995 else f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
