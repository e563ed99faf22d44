"""Held-out text that runs are compared on: of which corpus, and who may have read it."""

from collections.abc import Sequence

import streamlit as st

from core.store import RunRow
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.state import store
from pages.widgets.text import markdown_safe

HELD_OUT = 0.02  # of the one split that every encoder keeps to, unless its options say another share


def source(runs: Sequence[RunRow]) -> str | None:
    """The corpus whose held-out text is read: by default the one that most of these runs learned from."""
    names = {row.id: row.name for row in store().corpora() if row.state == "ready"}
    if not names:
        return None
    learned = [run.corpus_id for run in runs if run.corpus_id in names]
    most = max(learned, key=learned.count, default=next(iter(names)))
    return choice(st.selectbox, _("Held-out text of"), names, "held-of", default=most)


def stretches(corpus: str, count: int, characters: int, number: int = 0, alone: bool = False) -> list[str] | None:
    """Stretches of the held-out text; alone: their words with single blanks. None while they are looked for."""
    found = answer("passages", corpus_id=corpus, count=count, characters=characters, number=number)
    if found is None:
        return None
    texts: list[str] = found.facts["alone" if alone else "texts"]
    return texts


def readers(runs: Sequence[RunRow], corpus: str) -> None:
    """Which of these runs may have learned from the text that they are judged by."""
    other = [run.name for run in runs if run.corpus_id != corpus]
    held_less = [
        run.name for run in runs
        if run.corpus_id == corpus and float(run.options.get("held_out", HELD_OUT)) < HELD_OUT
    ]  # fmt: skip
    if held_less:
        text = _("Learned from this text, so they know it by heart: {names}")
        st.caption(text.format(names=_listed(held_less)))
    if other:
        text = _("Learned from another corpus, which may hold this text or be of another kind: {names}")
        st.caption(text.format(names=_listed(other)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(markdown_safe(name, 40) for name in names)
