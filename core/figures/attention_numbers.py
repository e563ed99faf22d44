"""What is measured of attention: guesses layer by layer, what each piece is held to matter, agreement, reach."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style, translucent
from core.figures.text import plain

FLAT: dict[str, Any] = {"showgrid": False, "fixedrange": True}


def upright(pieces: Sequence[str]) -> int:
    """The angle of the pieces under a picture: upright where they have room."""
    return 0 if len(pieces) * max(map(len, pieces), default=0) <= 120 else -45


def lens_grid(
    words: Sequence[Sequence[str]], chances: np.ndarray, pieces: Sequence[str], *, mode: Mode, title: str,
    layers: Sequence[str], hover: Sequence[Sequence[str]], right: np.ndarray | None = None,
) -> go.Figure:  # fmt: skip
    """The likeliest word at each layer, the first at the bottom, over each piece of a text; the surer the deeper.

    words, hover: (L + 1) lists of P; chances: float (L + 1, P). right: bool (L + 1, P), words that are printed bold.
    """
    colours, shape = palette(mode), chances.shape
    figure = go.Figure(
        go.Heatmap(
            z=chances.astype(np.float64), zmin=0, zmax=1, xgap=2, ygap=2, showscale=False,
            colorscale=[[0.0, colours.panel], [0.5, colours.dense], [1.0, colours.accent]],
            text=[["<br>".join(plain(line, 80) for line in text.split("\n")) for text in row] for row in hover],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    for i, j in np.ndindex(shape):
        text = plain(words[i][j], 10)
        dark = chances[i, j] > 0.7
        figure.add_annotation(
            x=j, y=i, text=f"<b>{text}</b>" if right is not None and right[i, j] else text, showarrow=False,
            font={"size": 12.5, "family": SERIF, "color": colours.background if dark else colours.ink},
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 84, "r": 6, "t": 6, "b": 54}, dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, **FLAT, tickvals=[*range(shape[1])], ticktext=[plain(piece, 10) for piece in pieces],
                   tickangle=upright(pieces)),
        yaxis=axis(mode, **FLAT, tickvals=[*range(shape[0])], ticktext=[plain(name) for name in layers]),
    )  # fmt: skip
    return figure


def piece_rows(
    rows: Mapping[str, np.ndarray], pieces: Sequence[str], compared: np.ndarray, *, mode: Mode, title: str
) -> go.Figure:
    """A row for each measure of how much each piece matters, float (P,), each scaled to its largest; hover: the value.

    compared: bool (P,); other pieces are left blank.
    """
    colours, names = palette(mode), [*rows]
    values = np.stack([np.where(compared, row, np.nan) for row in rows.values()]).astype(np.float64)
    most = np.nanmax(values, axis=1, initial=1e-12, keepdims=True)
    figure = go.Figure(
        go.Heatmap(
            z=values / most, zmin=0, zmax=1, xgap=2, ygap=4, showscale=False, hoverongaps=False,
            colorscale=[[0.0, colours.panel], [1.0, colours.accent]],
            text=[[f"{plain(name)} · {plain(piece, 20)} · {value:.4f}" for piece, value in zip(pieces, row)]
                  for name, row in zip(names, values)],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    style(figure, mode, title, margin={"l": 110, "r": 6, "t": 6, "b": 60}, dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, **FLAT, tickvals=[*range(len(pieces))], ticktext=[plain(piece, 12) for piece in pieces],
                   tickangle=upright(pieces)),
        yaxis=axis(mode, **FLAT, tickvals=[*range(len(names))], ticktext=[plain(name, 16) for name in names],
                   autorange="reversed"),
    )  # fmt: skip
    return figure


def layer_lines(lines: Mapping[str, np.ndarray], *, mode: Mode, title: str, x_title: str, y_title: str) -> go.Figure:
    """A line for each name over the layers, float (L, 3): the value and the ends of its interval (nan: none)."""
    colours, figure = palette(mode), go.Figure()
    for number, (name, values) in enumerate(lines.items()):
        layers, colour = np.arange(1, len(values) + 1), colours.categories[number % 8]
        known = ~np.isnan(values).any(1)
        if known.any():
            figure.add_trace(
                go.Scatter(
                    x=np.concatenate([layers[known], layers[known][::-1]]),
                    y=np.concatenate([values[known, 2], values[known, 1][::-1]]), fill="toself", mode="lines",
                    fillcolor=translucent(colour, 0.16), line={"width": 0}, hoverinfo="skip", showlegend=False,
                )
            )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=layers, y=values[:, 0], mode="lines+markers", name=plain(name), line={"color": colour, "width": 2},
                text=[plain(name)] * len(values), hovertemplate="%{text} · %{x}: <b>%{y:.2f}</b><extra></extra>",
            )
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 54, "r": 8, "t": 34, "b": 44}, hovermode="closest", dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), fixedrange=True, dtick=1), yaxis=axis(mode, plain(y_title), fixedrange=True),
        showlegend=True, legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12.5}},
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": colours.quiet, "width": 1})
    return figure


def reach_lines(lines: Mapping[str, np.ndarray], *, mode: Mode, title: str, x_title: str, y_title: str) -> go.Figure:
    """The mean attention on pieces so far before (left) and behind (right), float (2 reach + 1,) for each name."""
    colours, figure = palette(mode), go.Figure()
    for number, (name, values) in enumerate(lines.items()):
        far = np.arange(len(values)) - len(values) // 2
        figure.add_trace(
            go.Scatter(
                x=far, y=values, mode="lines+markers", name=plain(name), marker={"size": 5},
                line={"color": colours.categories[number % 8], "width": 2, "dash": "dot" if number else "solid"},
                text=[plain(name)] * len(values), hovertemplate="%{text} · %{x:+d}: <b>%{y:.3f}</b><extra></extra>",
            )
        )  # fmt: skip
    style(figure, mode, title, margin={"l": 60, "r": 8, "t": 34, "b": 44}, hovermode="closest", dragmode=False)
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), fixedrange=True, dtick=4),
        yaxis=axis(mode, plain(y_title), fixedrange=True, rangemode="tozero"),
        showlegend=True, legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12.5}},
    )  # fmt: skip
    return figure
