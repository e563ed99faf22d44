"""A sentence into the other language: the translation as it is guessed word by word, and where the decoder looks."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.explore.pairs import held_out_pairs
from core.figures.translation import height, translation_heatmap
from core.store import RunRow, Snapshot
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.lines import height_of, page
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

NARROW = 20  # letters side by side in half of the live view
OFFERED = 40  # held-out pairs to pick from
KEY = "translated"  # the sentence, in the link


def translate(run: RunRow) -> None:
    """The sentence on the left, with pairs to pick from; its translation and the decoder's attention on the right."""
    pairs = _pairs(run.corpus_id)
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        text = _sentence(pairs)
        _pick(pairs)
    with right:
        if not text:
            st.info(_("Write a sentence, or pick one: its translation appears here."))
            return
        found = answer("translate", run=run.id, sentence=text)
        if found is not None:
            reference = dict(zip(pairs["sentence"], pairs["translation"])).get(text, "")
            _answered(run, found.facts, found.arrays, reference)


def _pairs(corpus_id: str) -> pd.DataFrame:
    row = store().corpus_row(corpus_id)
    if row is None or row.state != "ready":
        return pd.DataFrame({"sentence": [], "translation": []})
    return held_out_pairs(store().corpus(corpus_id), OFFERED)


def _sentence(pairs: pd.DataFrame) -> str:
    """A box whose text lives in the link; one of the pairs' until something was written."""
    drawn, asked = f"{KEY}_typed", chosen(KEY)
    st.session_state[drawn] = asked if asked is not None else _first(pairs)
    st.text_area(
        _("Sentence"), key=drawn, height=84, max_chars=1000,
        on_change=lambda: choose(KEY, st.session_state[drawn].strip()),
    )  # fmt: skip
    return str(st.session_state[drawn]).strip()


def _first(pairs: pd.DataFrame) -> str:
    """One from the middle: the first ones of a sorted corpus may be of a word or two."""
    return str(pairs["sentence"].iloc[len(pairs) // 2]) if len(pairs) else ""


def _pick(pairs: pd.DataFrame) -> None:
    """Held-out sentences with their translations, one click each."""
    if not len(pairs):
        st.caption(_("The corpus of this run is gone, so there are no sentences to pick from."))
        return
    st.caption(_("Pairs it has not learned from; click a row to translate its sentence:"))
    shown = pairs[["sentence", "translation"]]
    event = st.dataframe(
        shown, height=300, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"{KEY}_pairs",
        column_config={"sentence": _("sentence"), "translation": _("its translation in the corpus")},
    )  # fmt: skip
    rows = event["selection"]["rows"]
    if rows and st.session_state.get(f"{KEY}_row") != rows[0]:
        choose(KEY, str(shown["sentence"].iloc[rows[0]]))
        st.session_state[f"{KEY}_row"] = rows[0]
        st.rerun()


def _answered(run: RunRow, facts: dict, arrays: dict[str, np.ndarray], reference: str) -> None:
    """What is written; the corpus's own translation; unknown words; the heatmap."""
    words, logs = facts["words"], arrays["logs"]
    runs = [[facts["text"], -1, 0, 0]]
    st.markdown(_("**Translation** :gray[of {name}]").format(name=markdown_safe(run.name, 40)))
    page(runs, f"{KEY}-text-{run.id}", height_of(runs, 160, 60), "")
    if reference:
        st.caption(_("In the corpus: {text}").format(text=markdown_safe(reference, 300)))
    if facts["unknown"]:
        told = ", ".join(markdown_safe(word, 30) for word in facts["unknown"])
        st.warning(_("It never learned {words}: it reads one sign for all such words.").format(words=told))
    _looked(arrays["attention"], facts["source"], words, f"{KEY}-looks-{run.id}")
    mean = float(np.exp(logs.mean()))
    st.caption(
        _("Each row is a word that is written, and shows where in the sentence the decoder looks for it.")
        + " "
        + _("A word has a probability of {share} on average (geometric mean).").format(share=f"{mean:.0%}")
    )
    table = pd.DataFrame({"word": words, "probability": np.exp(logs)}).join(
        _columns(arrays["attention"], facts["source"])
    )
    csv_button(table, "translation", f"{KEY}-csv-{run.id}")


def _columns(attention: np.ndarray, source: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(attention, columns=[f"{i + 1} {word}" for i, word in enumerate(source)])


def _looked(
    attention: np.ndarray, source: Sequence[str], words: Sequence[str], key: str, room: int = 50, tick: str = ""
) -> None:
    figure = translation_heatmap(
        attention, source, words, mode=frame.mode(), title=_("Where the decoder looks"), room=room
    )
    plot(figure, key=key, height=height(words), tick=tick)


def forming(run: RunRow, snapshot: Snapshot | None) -> None:
    """A sentence that is held out as the run translates it now, and where it looks, while it learns."""
    probes = snapshot.probes if snapshot else []
    probe = next((probe for probe in probes if probe["kind"] == "translated"), None)
    if snapshot is None or probe is None or snapshot.attention is None:
        return
    st.markdown(f"{markdown_safe(' '.join(probe['source']), 200)} → **{markdown_safe(probe['text'], 300)}**")
    if probe["reference"]:
        st.caption(_("In the corpus: {text}").format(text=markdown_safe(probe["reference"], 300)))
    attention = snapshot.attention[0, 0].astype(np.float32)
    _looked(attention, probe["source"], probe["words"], f"translated-{run.id}", NARROW, str(snapshot.step))
    st.caption(_("Each row is a word that is written, and shows where in the sentence the decoder looks for it."))
