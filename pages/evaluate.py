"""How good word vectors are: scores on test sets beside chance and frequency, the shape of the space, own sets."""

import streamlit as st

from pages.widgets import evaluating, evaluating_sets, evaluating_space, frame
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(
    _("Evaluate"), _("How well word vectors agree with people, beside what chance and frequency alone reach.")
)
names = {"scores": _("Scores"), "space": _("Shape of the space"), "sets": _("Test sets")}
view = choice(st.segmented_control, _("View"), names, "judge", required=True, label_visibility="collapsed")
run = frame.run_in_use(having="WordVectors")
if view == "sets":
    evaluating_sets.show()
elif run is None:
    frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")
elif view == "scores":
    evaluating.show(run)
else:
    evaluating_space.show(run)
