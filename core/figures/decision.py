"""Why a document was given one class rather than another: what each of its words gave."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import SERIF, Mode, axis, palette, style
from core.figures.text import plain


def decision_bars(
    table: pd.DataFrame, *, mode: Mode, title: str, x_title: str, names: tuple[str, str], top: int = 16
) -> go.Figure:
    """The words that decided: to the right what spoke for the class that was chosen, to the left what spoke against it.

    table: as `core.explore.classifiers.Decision.terms`: word, id and weight (its sign is the side), the strongest
    first; of them the first `top`, in falling order. names: of the class chosen and the other. Ids are the words'.
    """
    colours = palette(mode)
    part = table.head(top).sort_values("weight", ascending=False, kind="stable")
    weights = part["weight"].to_numpy(np.float64)
    shown = [plain(str(word), 20) for word in part["word"]]
    bars = go.Bar(
        x=weights, y=np.arange(len(part)), orientation="h", customdata=part["id"].to_numpy(np.int32), text=shown,
        textposition="outside", textfont={"family": SERIF, "size": 14.5}, cliponaxis=False,
        hovertemplate="<b>%{text}</b><br>%{x:.3f}<extra></extra>",
        marker={"color": np.where(weights >= 0, *colours.categories[:2]), "line": {"width": 0}},
    )  # fmt: skip
    figure = style(
        go.Figure(bars), mode, title, margin={"l": 14, "r": 14, "t": 34, "b": 48}, bargap=0.3, dragmode=False
    )
    low, high = float(weights.min(initial=0)), float(weights.max(initial=0))
    room = 0.3 * (high - low or 1.0)  # for the words at the bars' ends
    figure.update_layout(
        xaxis=axis(mode, plain(x_title), range=[low - room, high + room], fixedrange=True, nticks=6),
        yaxis=axis(mode, visible=False, range=[len(part) - 0.4, -0.6], fixedrange=True),
    )
    figure.add_vline(x=0, line={"color": colours.quiet, "width": 1})
    for name, colour, anchor, at in zip(names, colours.categories, ("right", "left"), (1, 0)):
        figure.add_annotation(
            x=at, xref="paper", y=1, yref="paper", text=f"<b>{plain(name, 30)}</b>", showarrow=False, xanchor=anchor,
            yanchor="bottom", font={"size": 13.5, "color": colour},
        )  # fmt: skip
    return figure
