"""The shape of the spaces of some runs: hubs, directions, and each number explained with what is usual."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.scores import hub_curves
from core.store import RunRow
from pages.widgets import evaluating, frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe


def show(run: RunRow) -> None:
    """The measures side by side, the words that are hubs, and how many words are near how many others."""
    with st.container(width=420):
        several = evaluating.runs(run)
    found: dict[str, Answer] = {}
    for each in several:
        shape = answer("space_shape", run_id=each.id)
        if shape is not None:
            found[each.id] = shape
    known = [each for each in several if each.id in found]
    if not known:
        return
    _measures(known, found)
    left, right = st.columns([1.3, 1], gap="large")
    with left:
        _curves(known, found)
    with right:
        _hubs(known, found)


Said = Callable[[dict[str, Any]], str]


def rows() -> list[tuple[str, str, Said]]:
    """Each measure: its name, what it says and what is usual, and its number as text."""
    number = lambda value: "–" if value is None else f"{value:.3f}"  # noqa: E731
    return [
        (_("Hubness"),
         _("The skewness of how often words are among the nearest of others: 0 is even; directions drawn at random "
           "have what stands in brackets. Above 1 a few words crowd the lists; CSLS on the Neighbours page allows for "
           "them."),
         lambda facts: f"{facts['skewness']:.2f} ({facts['random_skewness']:.2f})"),
        (_("Words in nobody's list"),
         _("The share of words that are among the nearest of no other word: hubs take their places. In brackets: "
           "drawn at random."),
         lambda facts: f"{facts['orphans']:.1%} ({facts['random_orphans']:.1%})"),
        (_("Mean cosine"),
         _("Anisotropy: the mean cosine of two words. 0 where words point everywhere; the more above, the more they "
           "all point one way, and the less a high cosine says."),
         lambda facts: number(facts["cosine"]["raw"])),
        (_("Mean cosine without the mean"),
         _("The same once the mean of all vectors is taken away: close to 0 if one common direction was all there "
           "was."),
         lambda facts: number(facts["cosine"]["centred"])),
        (_("Isotropy"),
         _("How evenly words lie around the origin: the smallest partition function over the largest (Mu & Viswanath "
           "2018). 1 is even in all directions; long vectors make it smaller."),
         lambda facts: number(facts["isotropy"]["raw"])),
        (_("Isotropy without the mean"),
         _("The same with the mean taken away: it rises where one common direction was to blame."),
         lambda facts: number(facts["isotropy"]["centred"])),
        (_("Isotropy without the top"),
         _("And with the first d / 100 principal components taken away, as they advise (“all but the top”)."),
         lambda facts: number(facts["isotropy"].get("topped"))),
    ]  # fmt: skip


def _measures(several: list[RunRow], found: dict[str, Answer]) -> None:
    names, widths = evaluating.labels(several), [2.6, *[1.0] * len(several)]
    first, *heads = st.columns(widths, vertical_alignment="bottom")
    facts = found[several[0].id].facts
    text = _("Among the {n} most frequent words, each with its {k} nearest by cosine.")
    first.caption(text.format(n=f"{facts['n']:,}", k=facts["k"]))
    for place, run in zip(heads, several):
        place.markdown(f"**{markdown_safe(names[run.id], 30)}**")
    for title, says, said in rows():
        with st.container(border=True):
            left, *places = st.columns(widths, vertical_alignment="center")
            left.markdown(f"**{title}**  \n:small[:gray[{says}]]")
            for place, run in zip(places, several):
                place.markdown(f"#### {said(found[run.id].facts)}")


def _curves(several: list[RunRow], found: dict[str, Answer]) -> None:
    names = evaluating.labels(several)
    curves = [(names[run.id], found[run.id].arrays["curve"], False) for run in several]
    curves.append((_("drawn at random"), found[several[0].id].arrays["random"], True))
    figure = hub_curves(
        curves, mode=frame.mode(), title=_("How many words are near how many others"),
        x_title=_("among the nearest of at least so many words"), y_title=_("% of the words"),
    )  # fmt: skip
    plot(figure, key=f"hubs-{len(several)}", height=420)


def _hubs(several: list[RunRow], found: dict[str, Answer]) -> None:
    """The words that are near most others, run by run."""
    names, k = evaluating.labels(several), found[several[0].id].facts["k"]
    st.markdown(_("**Hubs** :gray[of how many words each is among the {k} nearest]").format(k=k))
    parts = [
        pd.DataFrame(found[run.id].facts["hubs"]).assign(run=names[run.id])[["run", "word", "times"]] for run in several
    ]
    table = pd.concat(parts, ignore_index=True)
    columns: dict[str, Any] = {
        "word": _("word"),
        "times": st.column_config.ProgressColumn(
            _("times"), format="localized", min_value=0, max_value=int(max(1, table["times"].max()))),
    }  # fmt: skip
    shown = table[["word", "times"]]
    if len(several) > 1:
        cells = [[f"{word} · {times}" for word, times in zip(part["word"], part["times"])] for part in parts]
        shown, columns = pd.DataFrame(dict(zip(names.values(), map(pd.Series, cells)))), {}
    st.dataframe(shown, hide_index=True, column_config=columns, height=420, key=f"hub-words-{len(several)}")
    csv_button(table, "hubs", "hubs-csv")
