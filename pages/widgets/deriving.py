"""Counter-corpora: change a corpus in one honest way, and see what a model makes of it."""

from typing import Any

import streamlit as st

from core.corpus.counter import OPERATIONS, Operation
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import CorpusRow
from pages.widgets import forms
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.state import store
from pages.widgets.text import markdown_safe


def show(row: CorpusRow) -> None:
    """One operation with its options; what it makes becomes a corpus of its own."""
    st.caption(
        _(
            "A claim about a model is tested on a text of which the truth is known: shuffle the words, and see what is "
            "learned without their order; merge two words into one, and see whether their senses are told apart. "
            "The new corpus keeps the truth as a column or as labels; this one stays as it is."
        )
    )
    titles = {name: _(operation.title) for name, operation in OPERATIONS.items()}
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        name = choice(st.selectbox, _("What is done"), titles, "operation")
        st.caption(_(OPERATIONS[name].help))
    with right, st.form(f"derive-{name}"):
        values = forms.grid(OPERATIONS[name], OPERATIONS[name]())
        other = _other(row, OPERATIONS[name])
        if st.form_submit_button(_("Make this corpus"), type="primary", icon=":material/science:"):
            _make(row, name, values, other)
    _made(row)


def _other(row: CorpusRow, operation: type[Operation]) -> str | None:
    """The second corpus, where the operation takes one."""
    if not operation.needs_other:
        return None
    names = {each.id: each.name for each in store().corpora() if each.state == "ready" and each.id != row.id}
    if not names:
        st.info(_("This needs a second corpus: add one first."))
        return None
    return st.selectbox(_("Documents from"), list(names), format_func=lambda corpus: names[corpus])


def _make(row: CorpusRow, name: str, values: dict[str, Any], other: str | None) -> None:
    try:
        st.session_state["reading"] = store().queue_derive(row.id, name, values, other=other)
    except Problem as problem:
        st.error(sentence(problem))
        return
    ensure_supervisor(store())
    st.rerun()


def _made(row: CorpusRow) -> None:
    """The corpora that were made of this one."""
    made = [each for each in store().corpora() if (each.settings.get("derived") or {}).get("from") == row.id]
    if made:
        st.caption(_("Made of this corpus: {names}").format(names=", ".join(markdown_safe(each.name) for each in made)))
