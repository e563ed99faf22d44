"""Terms that are weighed: a ranking with its arithmetic, documents × terms, and why documents answer a query."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, Palette, axis, palette, style
from core.figures.text import plain

GAP = 0.16  # of the width, between two rankings, for the lines from one to the other
LEVELS = 40  # terms in the legend of a ranking


def ranking_bars(
    table: pd.DataFrame,
    *,
    mode: Mode,
    title: str,
    formula: str = "",
    weight: str = "weight",
    hot: int | None = None,
    digits: int = 3,
) -> go.Figure:
    """Terms by weight, the first row on top; pointing at one shows the arithmetic with its numbers.

    table: word, id, the column `weight` (its number stands at the bar's end) and whatever the formula names. formula:
    lines with {columns} in them ("tf {tf} × idf {idf} = {weight}"); whole numbers are written whole, others with four
    figures. A bar's id is its word's; `hot` is such an id.
    """
    colours, count = palette(mode), len(table)
    values = table[weight].to_numpy(np.float64)
    shown = [plain(str(word), 24) for word in table["word"]]
    bars = go.Bar(
        x=values,
        y=np.arange(count),
        orientation="h",
        customdata=table["id"].to_numpy(np.int32),
        text=[f"{value:.{digits}f}" for value in values],
        textposition="outside",
        textfont={"size": 12.5, "color": colours.quiet},
        cliponaxis=False,
        hovertext=[_told(formula, row) for row in table.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": np.where(table["id"] == hot, colours.hot, colours.accent), "line": {"width": 0}},
    )
    figure = style(go.Figure(bars), mode, title, margin={"l": 10, "r": 66, "t": 4, "b": 4}, bargap=0.42, dragmode=False)
    low, high = float(values.min(initial=0)), max(float(values.max(initial=0)), 1e-12)
    figure.update_layout(
        xaxis=axis(mode, visible=False, range=[low, high], fixedrange=True),
        yaxis=axis(mode, showgrid=False, automargin=True, fixedrange=True, ticklabelstandoff=6,
                   **_rows(shown, count)),
    )  # fmt: skip
    figure.update_yaxes(tickfont={"family": SERIF, "size": 15, "color": colours.ink})
    return figure


def _told(formula: str, row: dict[Any, Any]) -> str:
    """The word, and the formula's lines with its numbers."""
    numbers = {str(key): _figure(value) for key, value in row.items()}
    lines = [plain(line.format(**numbers), 120) for line in formula.split("\n") if line]
    return "<br>".join([f"<b>{plain(str(row['word']))}</b>", *lines])


def _figure(value: Any) -> str:
    """A number to redo the arithmetic with: "12", "1.386", "0.0004213"."""
    if not isinstance(value, int | float | np.integer | np.floating):
        return str(value)
    number = float(value)
    return f"{number:,.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.4g}"


def _rows(names: Sequence[str], count: int) -> dict[str, Any]:
    return {"tickvals": list(range(count)), "ticktext": list(names), "range": [count - 0.5, -0.5]}


def term_heatmap(
    values: np.ndarray,
    documents: Sequence[str],
    terms: Sequence[str],
    *,
    mode: Mode,
    title: str,
    weight_name: str,
    bounds: tuple[Sequence[int] | np.ndarray, Sequence[int] | np.ndarray] = ((), ()),
) -> go.Figure:
    """How much each term weighs in each document: the darker the more, nothing where it does not occur.

    values: float (r, c), not negative; documents: r names; terms: c words. bounds: rows and columns where a new group
    begins. A click on a cell gives its (row, column).
    """
    colours, values = palette(mode), np.asarray(values, np.float32)
    rows, columns = values.shape
    cells = go.Heatmap(
        z=np.where(values > 0, values, np.nan),
        x=np.arange(columns),
        y=np.arange(rows),
        colorscale=[[0.0, colours.faint], [0.45, colours.dense], [1.0, colours.accent]],
        zmin=0,
        zmax=max(float(np.nanmax(values, initial=0)), 1e-9),
        xgap=1,
        ygap=1,
        hoverongaps=False,
        text=[[f"<b>{plain(term)}</b><br>{plain(name)}" for term in terms] for name in documents],
        hovertemplate="%{text}<br>" + plain(weight_name) + " %{z:.3f}<extra></extra>",
        colorbar={
            "thickness": 7, "lenmode": "pixels", "len": 160, "y": 1, "yanchor": "top", "outlinewidth": 0, "ticks": "",
            "tickfont": {"size": 11, "color": colours.quiet}, "nticks": 4, "xpad": 12,
            "title": {"text": plain(weight_name), "side": "right", "font": {"size": 12, "color": colours.quiet}},
        },
    )  # fmt: skip
    figure = style(
        go.Figure(cells), mode, title, margin={"l": 10, "r": 10, "t": 10, "b": 10}, hovermode="closest", dragmode=False
    )
    named = {"tickfont": {"family": SERIF, "size": 13, "color": colours.ink}}
    figure.update_layout(
        xaxis=axis(mode, showgrid=False, side="top", tickangle=-90, automargin=True, fixedrange=True,
                   tickvals=list(range(columns)), ticktext=[plain(term, 18) for term in terms],
                   range=[-0.5, columns - 0.5]) | named,
        yaxis=axis(mode, showgrid=False, automargin=True, fixedrange=True, ticklabelstandoff=5,
                   **_rows([plain(name, 26) for name in documents], rows)) | {"tickfont": {"size": 12}},
    )  # fmt: skip
    _frames(figure, bounds, rows, columns, colours)
    return figure


def _frames(figure: go.Figure, bounds: Any, rows: int, columns: int, colours: Palette) -> None:
    """A frame around each block of a group's documents and terms."""
    edges = [[0, *map(int, bound), end] for bound, end in zip(bounds, (rows, columns))]
    if len(edges[0]) != len(edges[1]) or len(edges[0]) < 3:
        return
    for top, bottom, left, right in zip(edges[0], edges[0][1:], edges[1], edges[1][1:]):
        figure.add_shape(
            type="rect", x0=left - 0.5, x1=right - 0.5, y0=top - 0.5, y1=bottom - 0.5,
            line={"width": 1.6, "color": colours.hot},
        )  # fmt: skip


def query_rankings(
    tables: tuple[pd.DataFrame, pd.DataFrame],
    documents: dict[int, str],
    *,
    mode: Mode,
    title: str,
    names: tuple[str, str],
    hot: int | None = None,
) -> go.Figure:
    """Two rankings of documents for one query, side by side; each bar is made of what each term gives.

    tables: as `Ranked.table` gives them: rank, document, score, word, part. documents: what each is called. names: of
    the two ways to rank. Lines join a document's two places; a bar's id is its document; `hot` is such an id. Parts
    below zero (a term that speaks against) are drawn from zero to the left.
    """
    colours = palette(mode)
    words = list(dict.fromkeys(word for table in tables for word in table["word"]))
    tint = {word: colours.categories[i % len(colours.categories)] for i, word in enumerate(words)}
    figure = go.Figure([
        _parts(table[table["word"] == word], str(word), tint[word], side, bool(side) or number >= LEVELS)
        for side, table in enumerate(tables) for number, word in enumerate(words)
    ])  # fmt: skip
    _named_once(figure)
    style(
        figure, mode, title, margin={"l": 10, "r": 48, "t": 58, "b": 6}, barmode="relative", bargap=0.62,
        dragmode=False, hovermode="closest",
    )  # fmt: skip
    count = max([int(table["rank"].max()) for table in tables if len(table)], default=1)
    half = (1 - GAP) / 2
    spans = ([0.0, half], [half + GAP, 1.0])
    for side, (table, span) in enumerate(zip(tables, spans)):
        _panel(figure, table, documents, names[side], side, span, count, mode, hot)
    _joined(figure, tables, half, count, colours, hot)
    figure.update_layout(showlegend=True, legend={
        "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left", "yref": "paper",
        "font": {"family": SERIF, "size": 14}, "itemclick": False, "itemdoubleclick": False,
    })  # fmt: skip
    return figure


def _parts(part: pd.DataFrame, word: str, colour: str, side: int, unnamed: bool) -> go.Bar:
    return go.Bar(
        x=part["part"].to_numpy(np.float64),
        y=part["rank"].to_numpy(np.float64),
        orientation="h",
        name=plain(word, 20),
        legendgroup=word,
        showlegend=not unnamed,
        xaxis=f"x{side + 1}",
        yaxis=f"y{side + 1}",
        customdata=part["document"].to_numpy(np.int32),
        hovertext=[f"{score:.4g}" for score in part["score"]],
        hovertemplate=f"<b>{plain(word)}</b> %{{x:.4g}} / %{{hovertext}}<extra></extra>",
        marker={"color": colour, "line": {"width": 0}},
    )


def _named_once(figure: go.Figure) -> None:
    """Each word of either ranking has one entry in the legend, whichever ranking it is in."""
    seen: set[str] = set()
    for bar in figure.data:
        bar.showlegend = bool(len(bar.x)) and bar.legendgroup not in seen and len(seen) < LEVELS
        if bar.showlegend:
            seen.add(bar.legendgroup)


def _panel(
    figure: go.Figure, table: pd.DataFrame, documents: dict[int, str], name: str, side: int, span: list[float],
    count: int, mode: Mode, hot: int | None,
) -> None:  # fmt: skip
    """One ranking: its axes, its name above, each document's name above its bar and its score at the end."""
    colours, which = palette(mode), f"{side + 1}"
    top = float(table.groupby("rank")["part"].apply(lambda part: part[part > 0].sum()).max()) if len(table) else 1.0
    low = min(0.0, float(table.groupby("rank")["part"].apply(lambda part: part[part < 0].sum()).min())
              if len(table) else 0.0)  # fmt: skip
    figure.update_layout({
        f"xaxis{which}": axis(mode, visible=False, domain=span, range=[low, 1.02 * top or 1], fixedrange=True,
                              anchor=f"y{which}"),
        f"yaxis{which}": axis(mode, visible=False, range=[count + 0.4, 0.2], fixedrange=True, anchor=f"x{which}"),
    })  # fmt: skip
    notes: list[dict[str, Any]] = [{
        "x": span[0], "xref": "paper", "y": 1, "yref": "paper", "yshift": 30, "text": f"<b>{plain(name, 40)}</b>",
        "xanchor": "left", "yanchor": "bottom", "font": {"size": 14, "color": colours.ink}, "showarrow": False,
    }]  # fmt: skip
    for row in table.drop_duplicates("rank").itertuples():
        colour = colours.hot_text if row.document == hot else colours.ink
        at = {"yref": f"y{which}", "xanchor": "left", "showarrow": False}
        notes.append({
            **at, "x": span[0], "xref": "paper", "y": row.rank - 0.21, "yanchor": "bottom",
            "text": f"{row.rank}  {plain(documents.get(int(row.document), str(row.document)), 44)}",
            "font": {"family": SERIF, "size": 13.5, "color": colour},
        })  # fmt: skip
        notes.append({
            **at, "x": max(0.0, float(table.loc[table["rank"] == row.rank, "part"].clip(lower=0).sum())),
            "xref": f"x{which}", "y": row.rank, "xshift": 4, "text": f"{row.score:.3g}",
            "font": {"size": 12, "color": colours.quiet},
        })  # fmt: skip
    figure.layout.annotations += tuple(notes)


def _joined(figure: go.Figure, tables: Any, half: float, count: int, colours: Palette, hot: int | None) -> None:
    """Lines through the gap from a document's place in the first ranking to that in the second."""
    one, other = (dict(zip(table["document"], table["rank"])) for table in tables)
    height = count + 0.4 - 0.2
    for document in one.keys() & other.keys():
        ends = [1 - (rank[document] - 0.2) / height for rank in (one, other)]
        pointed = document == hot
        figure.add_shape(
            type="line", xref="paper", yref="paper", x0=half + 0.45 * GAP, x1=half + 0.92 * GAP, y0=ends[0], y1=ends[1],
            line={"width": 2 if pointed else 1, "color": colours.hot if pointed else colours.dense},
        )  # fmt: skip
