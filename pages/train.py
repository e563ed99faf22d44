"""Pick an encoder, set its options, start it, and watch it learn."""

import streamlit as st

from core.encoders import ENCODERS
from core.jobs import ensure_supervisor
from pages.widgets import forming, forms, frame, live
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.state import choose, store

frame.heading(_("Train"))
row = frame.corpus_in_use()
if row is None:
    frame.no_corpus()

form, view = st.columns([1, 2.4], gap="large")
with form:
    names = {name: f"{encoder.title} ({encoder.year})" for name, encoder in ENCODERS.items()}
    name = choice(st.selectbox, _("Encoder"), names, "encoder", default="word2vec")
    min_count = forms.min_count(row)
    options = forms.options_form(ENCODERS[name].Options, name)
    if options is not None:
        forms.formula(options)
        begin = forming.start_from(ENCODERS[name], row.id, min_count, forms.preset_of(name))
        fits = forms.estimate(ENCODERS[name], options, store().corpus(row.id, min_count))
        if st.button(
            _("Start training"), type="primary", icon=":material/play_arrow:", width="stretch", key="start",
            disabled=not fits,
        ):  # fmt: skip
            run = store().queue_train(name, options, row.id, min_count=min_count, start_from=begin)
            choose("watch", run)
            ensure_supervisor(store())
with view:
    live.queue()
    live.show_watched()
