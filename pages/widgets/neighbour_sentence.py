"""A sentence as one vector: what each of its words counts, and which words and sentences are nearest to it."""

from typing import Any

import pandas as pd
import streamlit as st

from core.store import RunRow
from pages.widgets import mapping
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.neighbour_doubt import counted
from pages.widgets.neighbour_scope import score_column, walk_to
from pages.widgets.space_words import typed
from pages.widgets.state import choose
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

EXAMPLES = {
    "en": "The king and his daughter walked to the river.",
    "zh": "国王和他的女儿一起走到河边。",
}


def show(run: RunRow) -> None:
    """The text and how its words are weighed; then its words, the nearest words, the nearest sentences."""
    space = mapping.space(run.id)
    line, how, many = st.columns([3.4, 1.7, 0.8], vertical_alignment="bottom")
    with line:
        text = typed(_("Sentence"), "text", EXAMPLES["zh" if space.vocab.language == "zh" else "en"])
    with how:
        ways = {"sif": _("SIF: rare words count more"), "mean": _("plain mean")}
        way = choice(st.selectbox, _("Weights"), ways, "weighing")
    k = many.number_input(_("How many"), 3, 50, 10, key="k", bind="query-params")
    found = answer("sentence", run_id=run.id, text=text, weighting=way, k=int(k))
    if found is None:
        return
    facts = found.facts
    if facts["unknown"]:
        unknown = ", ".join(markdown_safe(word, 30) for word in facts["unknown"][:12])
        st.caption(_("Left out, since this run does not know them: {words}").format(words=unknown))
    left, middle, right = st.columns([1, 0.9, 1.9], gap="medium")
    with left:
        _weights(run, pd.DataFrame(facts["words"]), way)
    with middle:
        _near(pd.DataFrame(facts["near"]))
    with right:
        _sentences(run, facts)
    _explained(way, facts)


def _weights(run: RunRow, table: pd.DataFrame, way: str) -> None:
    """What each word of the text counts."""
    st.markdown(_("**Its words**"))
    columns: dict[str, Any] = {
        "word": st.column_config.TextColumn(_("word"), width=80),
        "weight": st.column_config.ProgressColumn(_("weight"), format="%.3f", min_value=0, max_value=1, width=110),
    }
    if counted(run):
        table["share"] = 100 * table["share"]
        columns["share"] = st.column_config.NumberColumn(_("% of text"), format="%.3f", width=72)
    st.dataframe(table[list(columns)], hide_index=True, column_config=columns, height="content",
                 key=f"sentence-words-{way}")  # fmt: skip


def _near(table: pd.DataFrame) -> None:
    """The nearest words; a click leads to a word's own neighbours."""
    st.markdown(_("**Nearest words**"))
    columns = {
        "word": st.column_config.TextColumn(_("word")), "score": score_column(table["score"].to_numpy(), _("cosine")),
    }  # fmt: skip
    event = st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, height="content", on_select="rerun",
        selection_mode="single-cell", key=f"sentence-near-{'-'.join(map(str, table['index'][:5]))}",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(table):
        walk_to(str(table["word"].iloc[cells[0][0]]))
        choose("near", "words")
        st.rerun()


def _sentences(run: RunRow, facts: dict[str, Any]) -> None:
    """The nearest sentences of the corpus; a click opens the document."""
    st.markdown(_("**Nearest sentences of its corpus**"))
    if facts["texts"] is None:
        st.caption(_("The corpus that this run learned from is not here: there are no contexts to show."))
        return
    table = pd.DataFrame(facts["texts"])
    columns: dict[str, Any] = {
        "cosine": st.column_config.NumberColumn(_("cosine"), format="%.3f", width=65),
        "text": st.column_config.TextColumn(_("sentence"), width=340),
        "name": st.column_config.TextColumn(_("document"), width=90),
    }
    event = st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, height="content", on_select="rerun",
        selection_mode="single-cell", key=f"sentence-texts-{'-'.join(map(str, table['document'][:5]))}",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(table):
        _open(run, int(table["document"].iloc[cells[0][0]]))
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(table, "sentences", "sentences-csv")
        said = _("Of {n} sentences compared, those longer than 40 words in parts.")
        some = _("Of {n} sentences compared, taken evenly out of {total}, those longer than 40 words in parts.")
        st.caption((said if facts["compared"] == facts["total"] else some).format(
            n=f"{facts['compared']:,}", total=f"{facts['total']:,}"))  # fmt: skip


def _open(run: RunRow, document: int) -> None:
    """Read the document of a sentence."""
    link = {"corpus": run.corpus_id, "show": "reader", "document": str(document + 1)}
    for name, value in link.items():
        choose(name, value)
    st.switch_page("pages/concordance.py", query_params=link)


def _explained(way: str, facts: dict[str, Any]) -> None:
    if way == "mean":
        st.caption(_(
            "The plain mean of the words' vectors: the frequent words, which say least, count as much as the others."
        ))  # fmt: skip
        return
    said = _(
        "SIF (Arora, Liang & Ma 2017): a word counts a / (a + p), with p its share of the text and a = 0.001; then "
        "every sentence loses its part along the direction that all sentences share most; here that is {share} of all."
    )
    st.caption(said.format(share=f"{facts['common']:.0%}"))
