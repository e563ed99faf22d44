"""What a person chose lives in the link: a reload or a shared link shows the same view."""

import os

import streamlit as st

from core.jobs import ensure_supervisor
from core.store import Store
from core.store.samples import install_samples


@st.cache_resource(show_spinner=False)
def _open(home: str | None) -> Store:
    """One store a server and home; the first opening brings the samples and wakes the supervisor."""
    store = Store(home)
    install_samples(store)
    ensure_supervisor(store)
    return store


def store() -> Store:
    """The store in use."""
    return _open(os.environ.get("SEMASCOPE_HOME"))


def chosen(name: str) -> str | None:
    """What is in use ("corpus", "run", …): from the link, else from this visit."""
    return st.query_params.get(name) or st.session_state.get(f"chosen_{name}")


def choose(name: str, value: str | None) -> None:
    """Take this in use, and write it into the link."""
    st.session_state[f"chosen_{name}"] = value
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
