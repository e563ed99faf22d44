"""How many bits a held-out text takes each language model, and perplexity where vocabularies agree."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.language_models import ROW, Mark, model_bars
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.guessing import prompt
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.predict_runs import compared, heading, unit
from pages.widgets.predict_texts import readers, source, stretches
from pages.widgets.space_words import number
from pages.widgets.state import store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

CHARACTERS = 1500  # of a passage


def bits() -> None:
    """The text at the left; bars of bits a character and tables at the right."""
    left, right = st.columns([1, 1.7], gap="large")
    with left:
        runs = compared()
        text = _text(runs)
    with right:
        if not text or not runs:
            st.info(_("Choose runs and a text: the bits that it takes each of them appear here."))
            return
        asked = [(run, answer("coded", run=run.id, text=text)) for run in runs]
        found = [(run, each) for run, each in asked if each is not None]
        if len(found) < len(asked):
            return
        _bits(found, text)
        _perplexities(found)


def _text(runs: Sequence[RunRow]) -> str | None:
    """A held-out passage, or one's own text; with single blanks if so wished."""
    texts = {"held": _("Held-out text"), "own": _("My text")}
    if choice(st.segmented_control, _("Text"), texts, "bits-of", required=True, label_visibility="collapsed") == "own":
        prompt("words", 200)
        return " ".join(str(st.session_state["text"]).split())
    corpus = source(runs)
    if corpus is None:
        return None
    which = number(_("Passage"), "passage", 1, 20, 1)
    alone = choice(st.segmented_control, _("Characters"), {
        "alone": _("Words and single blanks"), "all": _("As it is written"),
    }, "bits-text", required=True) == "alone"  # fmt: skip
    if alone:
        st.caption(
            _("So that models of words and of characters write the same: signs, case and line ends are left out.")
        )
    else:
        st.caption(_("Models of words then do not pay for signs, case and line ends, which models of characters do."))
    found = stretches(corpus, 1, CHARACTERS, which - 1, alone)
    if not found:
        return None
    with st.container(height=210):
        st.text(found[0])
    readers(runs, corpus)
    return found[0]


def _bits(found: Sequence[tuple[RunRow, Answer]], text: str) -> None:
    """Bits of the whole text over its characters, the same for every run."""
    sums = {name: np.array([float(each.arrays[name].sum()) for _run, each in found]) / len(text)
            for name in ("model", "frequency", "uniform")}  # fmt: skip
    order = np.argsort(sums["model"], kind="stable")
    units = [unit(store().vocab(run.id)) for run, _each in found]
    names = [(heading(run), f"{run.name} · {units[i].name}") for i, (run, _each) in enumerate(found)]
    marks = [Mark(_("guessing by frequency"), sums["frequency"][order], "diamond"),
             Mark(_("all its words alike"), sums["uniform"][order], "circle-open")]  # fmt: skip
    figure = model_bars(
        [names[i] for i in order], sums["model"][order], marks, mode=frame.mode(), kinds=[units[i].kind for i in order],
        title=_("Bits that one character takes"),
        x_title=_("bits a character: the fewer, the better the text is known"),
        none=_("infinite: a word was held impossible"),
    )  # fmt: skip
    st.markdown(_("**Bits a character** :gray[the same {n} characters for every run]").format(n=f"{len(text):,}"))
    plot(figure, key="bits", height=ROW * len(found) + 90)
    st.caption(_(
        "The bits of a run are −log2 of the probability that it gave its tokens, summed and divided by the characters "
        "of the text. An unknown word is not dropped: it costs that it is one (by how many were unknown where the run "
        "learned) and its letters, each one of those of this text; a known word pays a little for being known. Where a "
        "model guesses no first word, that costs what its frequency says."
    ))  # fmt: skip
    _table(found, sums, order)


def _table(found: Sequence[tuple[RunRow, Answer]], sums: dict[str, np.ndarray], order: np.ndarray) -> None:
    columns: dict[str, Any] = {
        "run": [found[i][0].name for i in order], "bits": sums["model"][order],
        "frequency": sums["frequency"][order], "uniform": sums["uniform"][order],
        "tokens": [len(found[i][1].arrays["model"]) for i in order],
        "unknown": [int(found[i][1].arrays["unknown"].sum()) for i in order],
        "vocabulary": [found[i][1].facts["words"] for i in order],
    }  # fmt: skip
    shown = {
        "run": _("run"), "bits": _("bits a character"),
        "frequency": _("by frequency"), "uniform": _("all alike"), "tokens": _("tokens"),
        "unknown": _("unknown words"), "vocabulary": _("vocabulary"),
    }  # fmt: skip
    decimal = {
        name: st.column_config.NumberColumn(shown[name], format="%.3f") for name in ("bits", "frequency", "uniform")
    }
    table = pd.DataFrame(columns)
    st.dataframe(table, hide_index=True, column_config={**shown, **decimal}, height="content", key="bits-table")
    csv_button(table, "bits", "bits-csv")


def _perplexities(found: Sequence[tuple[RunRow, Answer]]) -> None:
    """Perplexity a token, of runs that share a vocabulary; the others are named."""
    groups: dict[str, list[tuple[RunRow, Answer]]] = {}
    for run, each in found:
        groups.setdefault(str(each.facts["vocabulary"]), []).append((run, each))
    st.markdown(_("**Perplexity a token** :gray[only of runs with the same vocabulary]"))
    for number_, some in enumerate(group for group in groups.values() if len(group) > 1):
        _group(some, number_)
    alone = [run.name for group in groups.values() if len(group) == 1 for run, _each in group]
    if alone:
        names = ", ".join(markdown_safe(name, 40) for name in alone)
        st.caption(
            _("No other run here has the same vocabulary: {names}. Bits a character compare them.").format(names=names)
        )


def _group(some: Sequence[tuple[RunRow, Answer]], number_: int) -> None:
    values = np.array([np.nan if each.facts["perplexity"] is None else each.facts["perplexity"] for _run, each in some])
    order = np.argsort(values, kind="stable")
    level = [some[i][1].facts["frequency_perplexity"] for i in order]
    marks = [
        Mark(_("guessing by frequency"), np.array([np.nan if each is None else each for each in level]), "diamond")
    ]
    figure = model_bars(
        [(heading(some[i][0]), some[i][0].name) for i in order], values[order], marks, mode=frame.mode(),
        kinds=[unit(store().vocab(some[i][0].id)).kind for i in order], title=_("Perplexity of a token"),
        x_title=_("perplexity a token"), none=_("infinite: a word was held impossible"),
    )  # fmt: skip
    plot(figure, key=f"perplexity-{number_}", height=ROW * len(some) + 90)
    text = _(
        "A vocabulary of {v}; guessing blindly, the perplexity is {v}. The first token and unknown words are left out."
    )
    st.caption(text.format(v=f"{some[0][1].facts['words']:,}"))
