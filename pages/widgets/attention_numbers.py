"""The numbers of the Attention page: what heads do on average, how attention flows, what is lost without a head."""

from collections.abc import Callable

import streamlit as st

from core.store import RunRow
from pages.widgets import (
    attention_numbers_explain,
    attention_numbers_heads,
    attention_numbers_lens,
    attention_numbers_lesion,
    attention_numbers_parser,
    attention_numbers_positions,
)
from pages.widgets.controls import choice
from pages.widgets.i18n import _


def numbers(run: RunRow, text: str) -> None:
    """One measure at a time of a run that can be read, over sentences of a corpus or for this text."""
    views: dict[str, tuple[str, Callable[[], None]]] = {
        "heads": (_("Heads"), lambda: attention_numbers_heads.show(run))
    }
    if "Workings" in run.capabilities:
        views |= {
            "explain": (_("Does it explain?"), lambda: attention_numbers_explain.show(run, text)),
            "lesion": (_("Without a head"), lambda: attention_numbers_lesion.show(run, text)),
            "lens": (_("Layer by layer"), lambda: attention_numbers_lens.show(run, text)),
            "positions": (_("Positions"), lambda: attention_numbers_positions.show(run)),
        }
    if "Attention" in run.capabilities:
        views |= {"parser": (_("Parser"), lambda: attention_numbers_parser.show(run))}
    if "Workings" not in run.capabilities:
        st.caption(_("This run guesses no words, or is of before it could be asked how: there are fewer measures."))
    names = {key: name for key, (name, _show) in views.items()}
    view = choice(st.segmented_control, _("Measure"), names, "measure", required=True, label_visibility="collapsed")
    views[view][1]()
