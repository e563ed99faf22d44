"""From a run that has ended to the pages that show what it can answer."""

import streamlit as st

from core.store import RunRow
from pages.widgets.i18n import _


def buttons(run: RunRow, key: str) -> None:
    """A button for every page that this run has answers for; nothing while it is at work."""
    if run.state not in ("done", "stopped"):
        return
    places = [
        ("WordVectors", _("Map"), "map", ":material/scatter_plot:"),
        ("WordVectors", _("Neighbours"), "neighbours", ":material/hub:"),
        ("TermRankings", _("Terms"), "terms", ":material/bar_chart:"),
        ("Dimensions", _("Dimensions"), "dimensions", ":material/straighten:"),
        ("Distances", _("Dimensions"), "dimensions", ":material/straighten:"),
        ("Cooccurrences", _("Dimensions"), "dimensions", ":material/straighten:"),
        ("ContextVectors", _("Senses"), "senses", ":material/bubble_chart:"),
        ("Reading", _("Attention"), "attention", ":material/grid_on:"),
        ("NextWord", _("Predict"), "predict", ":material/text_fields:"),
        ("MaskedWord", _("Predict"), "predict", ":material/text_fields:"),
        ("Translation", _("Translate"), "predict", ":material/translate:"),
    ]  # fmt: skip
    for capability, title, page, icon in places:
        if capability in run.capabilities and st.button(title, icon=icon, key=f"{key}-{page}"):
            st.switch_page(f"pages/{page}.py", query_params={"run": run.id})
