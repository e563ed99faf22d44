"""A page with nothing but a place for files, for tests/browser/test_drop.py."""

import json

import streamlit as st

if __name__ != "__main__":
    from pages.widgets.server import middleware, routes

    app = st.App(__file__, routes=routes, middleware=middleware)
else:
    from core.store import Store
    from pages.widgets.drop import drop

    st.set_page_config(layout="wide")
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    view = st.segmented_control("View", ["here", "away"], default="here")
    if view == "here":
        files = drop(
            "Drop files or folders here", "mine", accept=["txt", ".csv"], most_files=300,
            help="Text, tables, books, or archives of them. Nothing leaves this machine.",
        )  # fmt: skip
        told = [[file.name, file.bytes, file.path.stat().st_size, file.sha256, file.id] for file in files]
        with st.container(key="told"):
            st.text(json.dumps([runs, told]))
        if files and st.button("Keep"):
            from core.corpus.reading import ReadSettings

            Store().queue_read([(file.path, file.name) for file in files], ReadSettings(), "Mine")
            st.rerun()
