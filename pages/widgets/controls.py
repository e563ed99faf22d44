"""Controls whose choice lives in the link by its own name, the same in every interface language."""

import json
from collections.abc import Callable, Mapping, Sequence
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


def several(
    label: str, values: Sequence[str], key: str, of: str, default: Sequence[str] = (), **more: Any
) -> list[str]:
    """Some of these values, kept in the link under `key`. of: whose values; those of another are another choice."""
    drawn = f"{key}-{of}"
    if drawn not in st.session_state:
        asked = _listed(chosen(key))
        st.session_state[drawn] = asked if asked and set(asked) <= {*values} else list(default)
    st.session_state[drawn] = [value for value in st.session_state[drawn] if value in values]

    def keep() -> None:
        taken = st.session_state[drawn]
        choose(key, json.dumps(taken, ensure_ascii=False) if taken else None)

    taken: list[str] = st.multiselect(label, values, key=drawn, on_change=keep, **more)
    return taken


def _listed(text: str | None) -> list[str]:
    """The list of texts that a link names; [] for anything else."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) and all(isinstance(value, str) for value in found) else []
