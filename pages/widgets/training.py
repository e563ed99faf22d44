"""The form of an encoder that learns from a corpus alone: its vocabulary, its options, their cost, the start."""

import streamlit as st

from core.encoders import ENCODERS
from core.jobs import ensure_supervisor
from core.store import CorpusRow
from pages.widgets import adding, forming, forms
from pages.widgets.i18n import _
from pages.widgets.state import choose, store

PAIRS = "en-zh-pairs.tsv.gz"


def form(name: str, row: CorpusRow) -> None:
    """The whole form, to the start. name: of an encoder."""
    min_count = forms.min_count(row)
    options = forms.options_form(ENCODERS[name].Options, name)
    if options is None:
        return
    forms.formula(options)
    begin = forming.start_from(ENCODERS[name], row.id, min_count, forms.preset_of(name))
    fits = forms.estimate(ENCODERS[name], options, store().corpus(row.id, min_count))
    if ENCODERS[name].needs_translation and store().corpus(row.id).translation is None:
        st.button(_("Take English sentences with their Chinese"), icon=":material/translate:", on_click=adding.take,
                  args=(PAIRS,), key="take-pairs")  # fmt: skip
        adding.progress()
    if st.button(
        _("Start training"), type="primary", icon=":material/play_arrow:", width="stretch", key="start",
        disabled=not fits,
    ):  # fmt: skip
        run = store().queue_train(name, options, row.id, min_count=min_count, start_from=begin)
        choose("watch", run)
        ensure_supervisor(store())
