"""Documents: how they lie by the vectors that a method gives them, and which features tell their classes apart."""

import streamlit as st

from pages.widgets import classifying, documents_map, frame
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Documents"), _("Where documents lie by their words, and which weights tell their categories apart."))
row = frame.corpus_in_use()
if row is None:
    frame.no_corpus()
else:
    views = {"map": _("Map of documents"), "classify": _("Classify")}
    view = choice(st.segmented_control, _("View"), views, "look", required=True, label_visibility="collapsed")
    if view == "classify":
        classifying.show(row)
    else:
        documents_map.show(row)
