"""Bring a text, see how it is read before it is kept, know it before training on it, and change it to test a claim."""

import streamlit as st

from pages.widgets import adding, deriving, frame, knowing, labelling
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Corpus"))
row = frame.corpus_in_use()
views = {
    "look": _("The corpus in use"), "again": _("Read it otherwise"), "derive": _("Change it"), "labels": _("Labels"),
    "add": _("Add a corpus"),
}  # fmt: skip
view = choice(
    st.segmented_control, _("View"), views, "view", default="look" if row else "add", required=True,
    label_visibility="collapsed",
)  # fmt: skip
adding.progress()
knowing.undo()
if view == "add":
    adding.show()
elif row is None:
    st.info(_("No corpus is ready yet; the samples are being read, or add one of your own."))
else:
    {"look": knowing.show, "again": adding.again, "derive": deriving.show, "labels": labelling.show}[view](row)
