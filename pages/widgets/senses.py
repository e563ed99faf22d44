"""The views of the Senses page: look at a word, set runs side by side, edit a sentence, measure, judge, find words."""

from collections.abc import Callable

import streamlit as st

from core.store import CorpusRow, RunRow
from pages.widgets import (
    adding,
    frame,
    senses_beside,
    senses_filter,
    senses_finding,
    senses_judging,
    senses_looking,
    senses_measuring,
    senses_sentence,
)
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.senses_request import Bar, Found, Request, contextual, found, offer, prefer, search, with_vectors

OF_WORDS: dict[str, Callable[[RunRow, Request, Found, Bar], None]] = {
    "look": senses_looking.look, "beside": senses_beside.beside, "sentence": senses_sentence.edit,
    "measure": senses_measuring.measuring, "judge": senses_judging.judging,
}  # fmt: skip


def show() -> None:
    """A corpus, a run and a word; then the view that is chosen."""
    adding.progress()
    row = frame.corpus_in_use()
    if row is None:
        frame.no_corpus()
        return
    prefer(row)
    run = _run()
    names = {
        "look": _("Look"), "beside": _("Side by side"), "sentence": _("Edit a sentence"),
        "measure": _("Measure"), "judge": _("Judge"), "find": _("Find words"),
    }  # fmt: skip
    view = choice(st.segmented_control, _("View"), names, "senses", required=True, label_visibility="collapsed")
    if view == "find":
        senses_finding.find(run, row)
    else:
        _of_word(view, run, row)


def _of_word(view: str, run: RunRow, row: CorpusRow) -> None:
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    with bar:
        request = search(row)
    if request is None:
        offer(row)
        return
    senses_filter.chips(request.filters)
    here = found(request)
    if here is not None and not here.total:
        senses_filter.nothing_left(request.filters, here.whole)
    elif here is not None:
        OF_WORDS[view](run, request, here, bar)


def _run() -> RunRow:
    """The run in use; without one that reads contexts, the page says what is missing and offers to train it."""
    if contextual():
        run = frame.run_in_use(having=("ContextVectors", "WordVectors"))
        assert run is not None
        return run
    run = frame.run_in_use(having="WordVectors") if with_vectors() else None
    text = _(
        "No run here reads a word in its context yet: word2vec and GloVe have one vector a word, so all its "
        "occurrences are one point. Train ELMo, GPT or BERT, which takes some minutes, and the point becomes a cloud."
    )
    if run is None:
        frame.empty(text, _("Train BERT"), "pages/train.py")
        st.stop()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(text)
        if st.button(_("Train BERT"), type="primary", icon=":material/play_circle:"):
            st.switch_page("pages/train.py", query_params={"encoder": "bert"})
    return run
