"""What keeps company with a word: its collocates by a score, left and right of it; and the strongest pairs of all."""

from typing import Any

import pandas as pd
import streamlit as st

from core.figures.compare import collocation_bars
from core.store import CorpusRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.contexts import Search
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.tables import as_search, look_up, word_table


def score_names() -> dict[str, str]:
    return {"log_dice": "logDice", "log_likelihood": _("log-likelihood G²"), "pmi": "PMI", "t": _("t-score")}


def formulas() -> dict[str, str]:
    """Each score's formula; O: together, E: expected by chance, f(a), f(b): each alone."""
    return {
        "log_dice": r"14 + \log_2 \frac{2\,O}{f(a) + f(b)}",
        "log_likelihood": r"2 \sum_{ij} O_{ij} \ln \frac{O_{ij}}{E_{ij}}",
        "pmi": r"\log_2 \frac{O}{E}",
        "t": r"\frac{O - E}{\sqrt{O}}",
    }


def show(row: CorpusRow, query: Search) -> None:
    """The collocates of what is looked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        score = choice(st.selectbox, _("Order by"), score_names(), "score", width=190)
        left = st.number_input(_("Words to the left"), 0, 10, 5, key="span-left", bind="query-params", width=140)
        right = st.number_input(_("Words to the right"), 0, 10, 5, key="span-right", bind="query-params", width=140)
        least = st.number_input(_("Together, at least"), 1, 10_000, 3, key="together", bind="query-params", width=140)
        often = st.number_input(
            _("In the corpus, at least"), 1, 100_000, 5, key="often", bind="query-params", width=160
        )
        inside = st.toggle(_("Within the sentence"), key="in-sentence", bind="query-params")
        how = st.popover(_("How it is counted"), icon=":material/functions:")
    _formula(how, score)
    found = answer(
        "collocations", corpus_id=row.id, query=query.text, mode=query.mode, left=int(left), right=int(right),
        min_count=int(least), min_frequency=int(often), sort=score, within="sentence" if inside else "document",
    )  # fmt: skip
    if found is None:
        return
    table = pd.DataFrame(found.facts["table"])
    if table.empty:
        st.info(_("No word stands near it often enough: widen the window, or lower the thresholds."))
        return
    bars, numbers = st.columns([1, 1.3], gap="large")
    with bars:
        st.caption(_("{n} occurrences; click a bar to go on from that word").format(n=f"{found.facts['hits']:,}"))
        figure = collocation_bars(
            table, score, mode=frame.mode(), title=_("Collocations"), x_title=_("times together"),
            names=(_("left of it"), _("right of it"), score_names()[score]), top=22,
        )  # fmt: skip
        event = plot(figure, key=f"collocates-{row.id}", height=580)
        if event.fresh and event.clicked is not None:
            [word] = table.loc[table["id"] == event.clicked, "word"].head(1)
            look_up(str(word))
            st.rerun()
    with numbers:
        word_table(table, f"collocates-table-{row.id}", _columns(), file="collocations", corpus=row.id, height=560)


def pairs(row: CorpusRow) -> None:
    """The strongest pairs of words side by side anywhere in the corpus."""
    st.markdown(_("**Strongest pairs** :gray[of words side by side, within a sentence]"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        score = choice(st.selectbox, _("Order by"), score_names(), "score", width=190)
        least = st.number_input(
            _("Together, at least"), 2, 10_000, 10, key="pairs-together", bind="query-params", width=140
        )
    found = answer("pairs", corpus_id=row.id, sort=score, min_count=int(least), most=500)
    if found is None:
        return
    table = pd.DataFrame(found.facts["table"])
    if table.empty:
        st.info(_("No pair occurs so often: lower the threshold."))
        return
    dense = row.facts["tokenizer"] in ("chinese", "characters")
    table.insert(0, "word", table["first"] + ("" if dense else " ") + table["second"])
    table["search"] = [f"{as_search(one)} {as_search(other)}" for one, other in zip(table["first"], table["second"])]
    columns = {name: column for name, column in _columns().items() if name in table}
    word_table(table, f"pairs-{row.id}", columns, file="pairs", corpus=row.id)


def _formula(place: Any, score: str) -> None:
    with place:
        st.latex(formulas()[score])
        st.caption(_(
            "O: how often the two stand within the window; E: how often by chance, from how often each occurs. "
            "logDice compares across corpora, log-likelihood says how sure the link is, PMI favours rare words, the "
            "t-score frequent ones."
        ))  # fmt: skip


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "word": st.column_config.TextColumn(_("word")), "count": number(_("together"), format="localized"),
        "left": number(_("left"), format="localized"), "right": number(_("right"), format="localized"),
        "frequency": number(_("in the corpus"), format="localized"),
        "expected": number(_("expected"), format="%.2f"), "log_dice": number("logDice", format="%.2f"),
        "log_likelihood": number("G²", format="%.1f"), "pmi": number("PMI", format="%.2f"),
        "t": number("t", format="%.2f"),
    }  # fmt: skip
