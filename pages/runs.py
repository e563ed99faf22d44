"""All runs: what they were, how they went, and what to do with them."""

import streamlit as st

from pages.widgets import frame, runs
from pages.widgets.i18n import _
from pages.widgets.state import store

frame.heading(_("Runs"))
rows = store().runs()
if not rows:
    runs.undo()
    frame.empty(_("Nothing has been trained yet."), _("Train an encoder"), "pages/train.py")

chosen = runs.table(rows)
runs.undo()
if not chosen:
    st.caption(_("Tick one run to work with it, or several to lay their loss curves over each other."))
    chosen = rows[:1]
curves, actions = st.columns([2.2, 1], gap="large")
with curves:
    runs.overlay(chosen)
with actions:
    runs.actions(chosen[0])
