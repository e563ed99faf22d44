"""Attention: where each head of a transformer looks, over any text, in two places at once, and while it learned."""

import streamlit as st

from pages.widgets import attention_look, attention_numbers, attention_scope, frame
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(
    _("Attention"), _("Where every head of a transformer looks, for any text, and what that says and does not say.")
)
run = frame.run_in_use(having="Reading")
if run is None:
    frame.empty(_("No finished run has attention yet: GPT and BERT do."), _("Train a transformer"), "pages/train.py")
views = {"look": _("Look"), "measure": _("Measure")}
view = choice(st.segmented_control, _("View"), views, "attention", required=True, label_visibility="collapsed")
text, second = attention_scope.sentence(run)
if not text.strip():
    st.info(_("Type a sentence, or take one from the corpus."))
elif view == "measure":
    attention_numbers.numbers(run, text)
else:
    attention_look.show(run, text, second)
