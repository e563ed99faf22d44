"""Controls whose choice lives in the link by its own name, the same in every interface language."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.widgets.state import choose, chosen


def choice(
    widget: Callable[..., Any], label: str, names: Mapping[str, str], key: str, default: str = "", **more: Any
) -> str:
    """One of `names` (value → what is shown), by st.selectbox or st.segmented_control; kept in the link under `key`."""
    first = default or next(iter(names))
    asked = chosen(key)
    value = asked if asked is not None and asked in names else first
    drawn = f"{key}_choice"
    st.session_state[drawn] = value
    if value != first or asked is not None:
        choose(key, value)
    widget(
        label,
        list(names),
        format_func=names.get,
        key=drawn,
        on_change=lambda: choose(key, st.session_state[drawn]),
        **more,
    )
    return value
