"""What a language model expects next: its bars, its chain, its surprise at a text, and what it would write."""

import streamlit as st

from pages.widgets import frame, guessing
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Predict"), _("What the model expects after your text, and how surprised it would be."))
run = frame.run_in_use(having="NextWord")
if run is None:
    frame.empty(_("No finished run predicts the next word yet."), _("Train a language model"), "pages/train.py")
views = {"next": _("Next word"), "surprise": _("Surprise"), "write": _("Write on"), "order": _("Seen before?")}
if "Chain" not in run.capabilities:
    del views["order"]
view = choice(st.segmented_control, _("View"), views, "predict", required=True, label_visibility="collapsed")
{"next": guessing.next_word, "surprise": guessing.surprise, "write": guessing.write, "order": guessing.seen}[view](run)
