"""What the positions carry: a text without them, and with its words shuffled."""

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.attention_numbers import reach_lines
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_sample import sample
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.space_words import number
from pages.widgets.tables import csv_button


def cases() -> dict[str, str]:
    return {
        "normal": _("as they are"), "unplaced": _("positions off"), "shuffled": _("words shuffled"),
        "both": _("shuffled, positions off"),
    }  # fmt: skip


def show(run: RunRow) -> None:
    """The loss in four cases, and how far heads look with positions on and off."""
    texts = sample(run, (50, 200, 500), 50)
    found = answer("positions", run=run.id, texts=texts)
    if found is None:
        return
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        _losses(run, found)
    with right:
        _reach(run, found)


def _losses(run: RunRow, found: Answer) -> None:
    st.markdown(_("**Loss** :gray[nats a guess; the same words are guessed in each case]")
                if "MaskedWord" in run.capabilities else _("**Loss** :gray[nats a guess]"))  # fmt: skip
    names, told = cases(), found.facts["cases"]
    places = [*st.columns(2), *st.columns(2)]
    for column, (key, name) in zip(places, names.items()):
        case = told[key]
        spread = "–" if case["spread"] is None else f"{case['spread']:.2f}"
        delta = None if key == "normal" else f"{case['change']:+.2f} ± {spread}"
        column.metric(name, f"{case['loss']:.2f}", delta, delta_color="inverse", border=True)
    st.caption(_(
        "Positions off: what is added for each place is left out, so only the words remain (and, for GPT, the order in "
        "which they come into sight). If that costs nothing, the run uses no order at all. Shuffled: the order is "
        "there but wrong; a GPT has a hard time with that in any case, since what follows is drawn by lot, while a "
        "BERT that uses no order loses nothing. ±: 95 % interval over sentences."
    ))  # fmt: skip
    rows = [{"case": key} | told[key] for key in names]
    csv_button(pd.DataFrame(rows), "positions", f"positions-csv-{run.id}")


def _reach(run: RunRow, found: Answer) -> None:
    st.markdown(_("**How far it looks** :gray[mean attention over all heads of a layer]"))
    layers = len(found.arrays["placed"])
    layer = number(_("Layer"), "reach-layer", 1, layers, 1) if layers > 1 else 1
    lines = {_("positions on"): found.arrays["placed"][layer - 1],
             _("positions off"): found.arrays["unplaced"][layer - 1]}  # fmt: skip
    figure = reach_lines(lines, mode=frame.mode(), title=_("Attention by distance"),
                         x_title=_("pieces before (−) or behind (+)"), y_title=_("mean attention"))  # fmt: skip
    plot(figure, key=f"reach-{run.id}", height=380)
