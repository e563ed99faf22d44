"""The views of attention: all heads as small maps, one map, lines between words, one head's arithmetic."""

import streamlit as st

from core.figures.attention import attention_grid
from core.store import RunRow
from pages.widgets import attention_scope, frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot


def show(run: RunRow, text: str) -> None:
    """Every head over this text, at a moment of the training."""
    left, _right = st.columns([1, 3])
    with left:
        at = attention_scope.moment(run)
    found = answer("read", run=run.id, moment=at, first=text)
    if found is None:
        return
    figure = attention_grid(
        found.arrays["attention"], list(found.facts["pieces"]), mode=frame.mode(), title=_("Attention, head by head"),
        layer=_("layer"), head=_("head"),
    )  # fmt: skip
    plot(figure, key="attention-grid", height=640)
