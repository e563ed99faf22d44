"""The numbers of the Attention page: what heads do on average, how attention flows, what is lost without a head."""

import streamlit as st

from core.store import RunRow
from pages.widgets import attention_numbers_heads
from pages.widgets.controls import choice
from pages.widgets.i18n import _


def numbers(run: RunRow, text: str) -> None:  # noqa: ARG001
    """One measure at a time of a run that can be read, over sentences of a corpus or for this text."""
    views = {"heads": _("Heads")}
    view = choice(st.segmented_control, _("Measure"), views, "measure", required=True, label_visibility="collapsed")
    {"heads": attention_numbers_heads.show}[view](run)
