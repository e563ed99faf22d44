"""How well documents are classified: which class was taken for which, and which features do better."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import Mode, axis, palette, style
from core.figures.text import plain

MOST_NUMBERS = 30  # classes: with more, the cells hold no numbers
MOST_CLASSES = 40  # that a matrix has room for


def classes_shown(confusion: np.ndarray, most: int = MOST_CLASSES) -> np.ndarray:
    """int64: the classes that a matrix has room for, in their order: those with the most errors, then the largest.

    An error counts for the class that it belongs to, and for the one that was given.
    """
    confusion = np.asarray(confusion, np.int64)
    wrong = confusion - np.diag(np.diagonal(confusion))
    errors, sizes = wrong.sum(axis=0) + wrong.sum(axis=1), confusion.sum(axis=1)
    shown: np.ndarray = np.sort(np.lexsort((-sizes, -errors))[:most])
    return shown


def confusion_matrix(
    confusion: np.ndarray,
    classes: Sequence[str],
    *,
    mode: Mode,
    title: str,
    x_title: str,
    y_title: str,
    hover: str,
    sizes: np.ndarray | None = None,
) -> go.Figure:
    """True classes down, predicted ones across; each row's colours are its shares, the numbers are documents.

    confusion: int (k, k), a row a true class; sizes: int (k,), their documents, where some were given classes that are
    not shown; hover: a text with {true}, {predicted}, {count}, {total} and {share}.
    Right answers, on the diagonal, have the accent; wrong ones are hot, the most frequent the most. A click on a cell
    gives its (row, column).
    """
    colours, confusion = palette(mode), np.asarray(confusion, np.int64)
    totals = confusion.sum(axis=1, keepdims=True) if sizes is None else np.asarray(sizes, np.int64)[:, None]
    shares = confusion / np.maximum(totals, 1)
    right = np.eye(len(classes), dtype=bool)
    tops = 1.0, max(0.1, float(shares[~right].max(initial=0)))
    said = [
        [
            plain(hover.format(true=classes[i], predicted=classes[j], count=f"{confusion[i, j]:,}",
                               total=f"{totals[i, 0]:,}", share=f"{shares[i, j]:.0%}"), 200)
            for j in range(len(classes))
        ]
        for i in range(len(classes))
    ]  # fmt: skip
    figure = style(
        go.Figure([
            go.Heatmap(
                z=np.where(kind & (confusion > 0), shares, np.nan), text=said, hovertemplate="%{text}<extra></extra>",
                hoverongaps=False, colorscale=[[0, colours.panel], [1, colour]], zmin=0, zmax=top, xgap=1, ygap=1,
                showscale=False,
            )
            for kind, colour, top in zip((right, ~right), (colours.accent, colours.hot), tops)
        ]),
        mode, title, margin={"l": 10, "r": 14, "t": 10, "b": 10}, hovermode="closest", dragmode=False,
    )  # fmt: skip
    names = [plain(str(name), 22) for name in classes]
    every = {"tickvals": list(range(len(names))), "ticktext": names, "showgrid": False, "fixedrange": True,
             "automargin": True}  # fmt: skip
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), side="top", range=[-0.5, len(names) - 0.5],
                   tickangle=-45 if sum(map(len, classes)) > 60 else 0, **every),
        yaxis=axis(mode, plain(y_title), range=[len(names) - 0.5, -0.5], ticklabelstandoff=5, **every),
    )  # fmt: skip
    if len(classes) <= MOST_NUMBERS:
        _numbers(figure, confusion, shares / np.where(right, *tops), mode)
    return figure


def _numbers(figure: go.Figure, confusion: np.ndarray, depth: np.ndarray, mode: Mode) -> None:
    """The counts, as text that takes no clicks and can be read on its cell."""
    colours = palette(mode)
    rows, columns = np.nonzero(confusion)
    dark = (depth[rows, columns] > 0.55) & ((rows == columns) | (mode == "dark"))  # hot cells are light
    figure.add_trace(go.Scatter(
        x=columns, y=rows, mode="text", text=[f"{count:,}" for count in confusion[rows, columns]], hoverinfo="skip",
        textfont={"size": 12.5 if len(confusion) <= 12 else 10.5,
                  "color": np.where(dark, colours.background, colours.ink).tolist()},
    ))  # fmt: skip


def classifier_dots(
    table: pd.DataFrame,
    measure: str,
    *,
    mode: Mode,
    title: str,
    x_title: str,
    baseline: float,
    baseline_name: str,
    methods: dict[str, str],
) -> go.Figure:
    """A dot with its interval for every set of features and method, and the level of always naming one class.

    table: as `core.explore.classify.scores` gives it: features, method and the column `measure` (0..1) with its _low
    and _high. methods: what each method is called, in the legend. Sets stand in their order, the first on top; a dot's
    id is its row of the table.
    """
    colours, sets = palette(mode), list(dict.fromkeys(table["features"]))
    figure = go.Figure()
    for number, (method, name) in enumerate(methods.items()):
        rows = np.flatnonzero((table["method"] == method).to_numpy())
        part = table.iloc[rows]
        value, low, high = (part[f"{measure}{end}"].to_numpy(np.float64) for end in ("", "_low", "_high"))
        moved = (number - (len(methods) - 1) / 2) * 0.3
        figure.add_trace(go.Scatter(
            x=value, y=[sets.index(each) + moved for each in part["features"]], mode="markers", name=plain(name),
            customdata=rows.astype(np.int32), marker={"size": 10, "color": colours.categories[number]},
            error_x={"type": "data", "array": high - value, "arrayminus": value - low, "thickness": 1.6, "width": 0,
                     "color": colours.categories[number]},
            cliponaxis=False,
            hovertext=[f"<b>{plain(str(each))}</b> · {plain(name)}<br>{v:.3f} [{a:.3f}, {b:.3f}]"
                       for each, v, a, b in zip(part["features"], value, low, high)],
            hovertemplate="%{hovertext}<extra></extra>",
        ))  # fmt: skip
        figure.add_trace(go.Scatter(
            x=high, y=figure.data[-1].y, mode="text", text=[f"  {each:.3f}" for each in value], hoverinfo="skip",
            textposition="middle right", textfont={"size": 12, "color": colours.quiet}, cliponaxis=False,
            showlegend=False,
        ))  # fmt: skip
    style(figure, mode, title, margin={"l": 10, "r": 52, "t": 44, "b": 48}, hovermode="closest", dragmode=False)
    lows = [baseline, *table[f"{measure}_low"].tolist()]
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[max(-0.02, min(lows) - 0.06), 1.02], fixedrange=True, nticks=7,
                   tickformat=".1f", tick0=0),
        yaxis=axis(mode, showgrid=False, automargin=True, fixedrange=True, ticklabelstandoff=8, zeroline=False,
                   tickvals=list(range(len(sets))), ticktext=[plain(str(each), 30) for each in sets],
                   range=[len(sets) - 0.45, -0.55]),
        showlegend=len(methods) > 1,
        legend={"orientation": "h", "x": 1, "y": 1.0, "xanchor": "right", "yanchor": "bottom", "font": {"size": 13}},
    )  # fmt: skip
    figure.update_yaxes(tickfont={"size": 14, "color": colours.ink})
    _baseline(figure, mode, baseline, f"{plain(baseline_name)} {baseline:.3f}")
    return figure


def _baseline(figure: go.Figure, mode: Mode, value: float, text: str) -> None:
    colours = palette(mode)
    line = {"color": colours.quiet, "width": 1.2, "dash": "1px,3px"}
    figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=1, yref="paper", line=line)
    figure.add_annotation(
        x=value, y=1, yref="paper", text=text, showarrow=False, xanchor="left", xshift=-2, yanchor="bottom",
        font={"size": 12, "color": colours.quiet},
    )  # fmt: skip
