"""Pick an encoder, set its options, start it, and watch it learn."""

import streamlit as st

from core.encoders import ENCODERS
from pages.widgets import continuing, frame, live, training
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Train"))
row = frame.corpus_in_use()
if row is None:
    frame.no_corpus()

form, view = st.columns([1, 2.4], gap="large")
with form:
    names = {name: f"{encoder.title} ({encoder.year})" for name, encoder in ENCODERS.items()}
    names |= {continuing.CHOICE: continuing.title()}
    name = choice(st.selectbox, _("Encoder"), names, "encoder", default="word2vec")
    if name == continuing.CHOICE:
        continuing.form(row)
    else:
        training.form(name, row)
with view:
    live.queue()
    live.show_watched()
