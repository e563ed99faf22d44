"""A line that takes the last deletion back."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.i18n import _
from pages.widgets.text import markdown_safe


def remember(what: str, identity: str, name: str) -> None:
    """Note that this was deleted; what: "corpus" or "run"."""
    st.session_state[f"deleted_{what}"] = (identity, name)


def offer(what: str, restore: Callable[[str], None]) -> None:
    """Name what was deleted last, beside a button that brings it back; nothing where nothing was deleted."""
    key = f"deleted_{what}"
    if key not in st.session_state:
        return
    identity, name = st.session_state[key]

    def back() -> None:
        restore(identity)
        del st.session_state[key]

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("{name} was deleted; it is kept for a day.").format(name=markdown_safe(name)))
        st.button(_("Undo"), icon=":material/undo:", on_click=back, type="tertiary", key=f"undo-{what}")
