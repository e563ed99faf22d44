"""One beginning, and what every language model of the store expects next: the history on one screen."""

from collections.abc import Sequence
from math import exp

import numpy as np
import streamlit as st

from core.explore.next_words import entropy, next_words
from core.figures import word_bars
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.guessing import prompt, write_word
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.predict_runs import Unit, compared, named, unit
from pages.widgets.space_words import number
from pages.widgets.state import store
from pages.widgets.text import markdown_safe

ACROSS = 4  # panels in a row, if they all fit into one; else three


def side_by_side() -> None:
    """The beginning and the runs on top, a panel a run below: those that guess words first, then the others."""
    left, right = st.columns([1.2, 1], gap="large")
    with right:
        runs = compared()
        shown = number(_("Candidates"), "beside-shown", 3, 20, 8)
    with left:
        prompt(store().vocab(runs[0].id).tokenizer if runs else "words", 110)
    if not st.session_state["text"].strip():
        st.info(_("Type a beginning: the bars show what may follow."))
        return
    kinds: dict[Unit, list[RunRow]] = {}
    for run in runs:
        kinds.setdefault(unit(store().vocab(run.id)), []).append(run)
    for kind, some in sorted(kinds.items(), key=lambda each: each[0].kind):
        if len(kinds) > 1:
            st.markdown(
                _("**Guessing {units}** :gray[not to be compared with what guesses anything else]").format(
                    units=kind.name
                )
            )
        _panels(some, shown)


def _panels(runs: Sequence[RunRow], shown: int) -> None:
    across = max(2, len(runs)) if len(runs) <= ACROSS else 3
    for first in range(0, len(runs), across):
        for column, run in zip(st.columns(across, gap="medium"), runs[first : first + across]):
            with column:
                _panel(run, shown)


def _panel(run: RunRow, shown: int) -> None:
    vocab, text = store().vocab(run.id), st.session_state["text"]
    named(run)
    tokens = vocab.tokenize(text)
    if not tokens:
        st.caption(_("This run finds no word in the text."))
        return
    found = answer("next_word", run=run.id, context=tokens)
    if found is None:
        return
    chances: np.ndarray = found.arrays["answer"]
    table = next_words(chances, vocab.words, shown)
    figure = word_bars(
        table["word"], table["probability"], ids=table["index"], mode=frame.mode(),
        title=_("What {name} expects next").format(name=run.name),
    )  # fmt: skip
    event = plot(figure, key=f"beside-{run.id}", height=26 * shown + 16)
    nats = entropy(chances)
    said = [_("as if among {n} of {v}").format(n=f"{exp(nats):,.1f}", v=f"{len(vocab):,}")]
    unknown = list(dict.fromkeys(token for token in tokens if token not in vocab))
    if unknown:
        some = ", ".join(markdown_safe(word, 20) for word in unknown[:6]) + (" …" if len(unknown) > 6 else "")
        said.append(_("unknown to it: {words}").format(words=some))
    st.caption(" · ".join(said))
    if event.fresh and event.clicked is not None:
        write_word(vocab, text, vocab.words[event.clicked])
