"""Bring a text, see how it is read before it is kept, and know it before training on it."""

import streamlit as st

from pages.widgets import adding, frame, knowing
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Corpus"))
row = frame.corpus_in_use()
view = choice(
    st.segmented_control, _("View"), {"look": _("The corpus in use"), "add": _("Add a corpus")}, "view",
    default="look" if row else "add", required=True, label_visibility="collapsed",
)  # fmt: skip
adding.progress()
knowing.undo()
if view == "add":
    adding.show()
elif row is None:
    st.info(_("No corpus is ready yet; the samples are being read, or add one of your own."))
else:
    knowing.show(row)
