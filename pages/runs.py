"""All runs: what they were, how they went, and what to do with them; vectors from elsewhere become runs here."""

import streamlit as st

from pages.widgets import evaluating, frame, importing, runs
from pages.widgets.i18n import _
from pages.widgets.state import store

title, add = st.columns([4, 2.4], vertical_alignment="bottom")
with title:
    frame.heading(_("Runs"))
with add.container(horizontal=True, horizontal_alignment="right"):
    importing.button()
importing.show()
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
with actions:
    runs.actions(chosen[0])
with curves:
    runs.overlay(chosen)
    evaluating.summary(chosen[0])
