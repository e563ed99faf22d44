"""Pick an encoder, set its options, start it, and watch it learn."""

import streamlit as st

from core.encoders import ENCODERS
from core.jobs import ensure_supervisor
from pages.widgets import forms, frame, live
from pages.widgets.i18n import _
from pages.widgets.state import choose, chosen, store
from pages.widgets.units import duration, size

frame.heading(_("Train"))
corpus_row = frame.corpus_in_use()
if corpus_row is None:
    frame.empty(_("There is no corpus to learn from yet."), _("Choose a corpus"), "pages/corpus.py", ":material/menu_book:")

form, view = st.columns([1, 2.4], gap="large")
with form:
    names = {name: f"{encoder.title} ({encoder.year})" for name, encoder in ENCODERS.items()}
    name = st.selectbox(_("Encoder"), names, format_func=names.get, key="encoder", bind="query-params")
    encoder = ENCODERS[name]
    min_count = forms.min_count(corpus_row)
    options = forms.options_form(encoder.Options, name)
    if options is not None:
        forms.show_estimate(encoder, options, corpus_row, min_count)
        if st.button(_("Start training"), type="primary", icon=":material/play_arrow:", width="stretch", key="start"):
            choose("watch", store().queue_train(name, options, corpus_row.id, min_count=min_count))
            ensure_supervisor(store())

with view:
    live.queue()
    run_id = live.watched()
    if run_id is None:
        st.info(_("Choose an encoder and start it: its loss, its map and its neighbours appear here as they form."))
    else:
        live.show(run_id)
