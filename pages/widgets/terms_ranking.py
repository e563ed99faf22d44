"""Terms by weight as bars and a table, with the arithmetic of the one that is pointed at."""

from typing import Any

import pandas as pd
import streamlit as st

from core.explore.terms import group_arithmetic
from core.figures.terms import ranking_bars
from core.store import CorpusRow, RunRow
from pages.widgets import frame, terms_text
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose
from pages.widgets.tables import csv_button, word_table
from pages.widgets.terms_scope import (
    Ranking,
    Scope,
    corpus_of,
    name_of,
    pointed,
    ranking,
    scope,
    take_clicked,
    top,
    vocabulary,
)
from pages.widgets.text import markdown_safe

BAR, HEAD = 30, 12  # pixels of a bar, and above and below them all
GROUPS, BESIDE, IN_GROUP = 12, 3, 8  # groups at once, groups in a row, and words of each
COMPARE = "pages/compare.py"


def show(run: RunRow) -> None:
    """Whose terms, then the ranking of them."""
    row = corpus_of(run)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        where = scope(run, row)
        side_by_side = where.kind == "group" and not where.group
        k = IN_GROUP if side_by_side else top()
    if missing(where):
        return
    found = ranking(run, where, k)
    if found is None:
        return
    if side_by_side:
        _all_groups(found)
    elif where.kind == "group":
        _group(run, row, where, found)
    elif where.kind == "corpus":
        _corpus(run, row, found)
    else:
        _document(run, row, where, found)


def missing(where: Scope) -> bool:
    """Whether something has to be chosen first, which is then said."""
    if where.kind == "group" and not where.column:
        st.info(_(
            "This corpus has no column with two or more values that repeat, so its documents make no groups. Read it "
            "again with a column of labels, or rank the terms of a document."
        ))  # fmt: skip
        return True
    if where.document == "":
        st.info(_("Type a text: its words are weighed by the documents that the run learned from."))
        return True
    return False


def _document(run: RunRow, row: CorpusRow | None, where: Scope, found: Ranking) -> None:
    """One document's words: bars, the arithmetic of one of them, the text, the table."""
    facts = found.facts
    if facts["n"] == 1:
        one_document()
    if found.table.empty:
        st.info(_("No word here is one that the run knows, so nothing has a weight. Choose another document."))
        if row is not None and isinstance(where.document, int):
            terms_text.text_of(run, row, where.document, {}, [])
        return
    known = vocabulary(run.id)
    word = pointed(found.table, known)
    if known.index(word) not in found.weights:
        word = str(found.table["word"].iloc[0])
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        formula = _("tf {tf} × idf {idf} = {product}\n{product} / norm {norm} = {weight}")
        _bars(found.table, word, formula, "bars-document")
        said = _(
            "The {k} heaviest of {words} different words; {length} words in all. Weights compare within a document."
        )
        st.caption(said.format(k=len(found.table), words=f"{facts['words']:,}", length=f"{facts['length']:,}"))
    with right:
        terms_text.head(row, word)
        terms_text.arithmetic_of(run, where.document, word)
        if isinstance(where.document, str):
            terms_text.own_text(run, where.document, found.weights, word)
        elif row is not None:
            terms_text.text_of(run, row, where.document, found.weights, [word])
        st.caption(_("The darker a word, the more it weighs here. Click one to see why."))
    word_table(found.table, "table-document", _columns(found.table), file="terms", corpus=run.corpus_id)


def one_document() -> None:
    st.info(_(
        "The run learned from one document. Every word is in all documents, so idf is the same for each and tells no "
        "words apart: the ranking is that of the counts. Split the text into documents to change that."
    ))  # fmt: skip


def _bars(table: pd.DataFrame, word: str, formula: str, key: str) -> None:
    """The ranking; a click on a bar points at its word."""
    hot = table.loc[table["word"] == word, "id"]
    figure = ranking_bars(
        table, mode=frame.mode(), title=_("Terms by weight"), formula=formula,
        hot=int(hot.iloc[0]) if len(hot) else None, digits=_digits(table),
    )  # fmt: skip
    event = plot(figure, key=key, height=BAR * len(table) + HEAD)
    take_clicked(event, table)


def _digits(table: pd.DataFrame) -> int:
    """Digits after the point, so that small weights differ."""
    top_weight = float(table["weight"].max())
    return 3 if top_weight >= 0.05 else 5 if top_weight >= 0.0005 else 7


def _all_groups(found: Ranking) -> None:
    """Every group's words side by side."""
    facts = found.facts
    sizes = dict(zip(facts["groups"], facts["documents"]))
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:GROUPS]
    shown = [group for group in facts["groups"] if group in largest]
    digits = _digits(found.table) if len(found.table) else 3
    for start in range(0, len(shown), BESIDE):
        for place, group in zip(st.columns(BESIDE, gap="medium"), shown[start : start + BESIDE]):
            with place:
                _one_of_many(group, sizes[group], found.table[found.table["group"] == group], digits)
    _about_groups(facts)
    csv_button(found.table.drop(columns="id", errors="ignore"), "terms", "table-groups-csv")


def _one_of_many(group: str, documents: int, table: pd.DataFrame, digits: int) -> None:
    name = f"**{markdown_safe(group or _('without a value'), 40)}** :gray[{documents:,}]"
    if st.button(name, key=f"group-{group}", type="tertiary", icon=":material/zoom_in:"):
        choose("group", group)
        st.rerun()
    figure = ranking_bars(
        table, mode=frame.mode(), title=group, formula=_("tf {share} × idf {inverse} = {weight}"), digits=digits
    )
    event = plot(figure, key=f"bars-{group}", height=24 * len(table) + HEAD)
    if event.fresh and event.clicked is not None:
        choose("group", group)
        take_clicked(event, table)
        st.rerun()


def _about_groups(facts: dict[str, Any]) -> None:
    said = _(
        "Class-based TF-IDF: all documents of a group as one, a word's share of it times how rare the word is in all. "
        "{hidden} words that stand in more documents than chosen are not listed."
    )
    st.caption(said.format(hidden=f"{facts['hidden']:,}"))


def _group(run: RunRow, row: CorpusRow | None, where: Scope, found: Ranking) -> None:
    """One group's words, and why."""
    facts = found.facts
    if found.table.empty:
        st.info(_("No word of this group is in so few documents: allow words in more of them."))
        return
    place = facts["groups"].index(where.group)
    table = found.table.assign(length=facts["lengths"][place], mean=facts["mean"])
    word = pointed(table, vocabulary(run.id))
    word = word if word in set(table["word"]) else str(table["word"].iloc[0])
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        _bars(table, word, _("tf {share} × idf {inverse} = {weight}"), "bars-group")
    with right:
        terms_text.head(row, word)
        line = table[table["word"] == word].to_dict("records")[0]
        st.latex(group_arithmetic(line))
        said = _("f: {f} times in the group of {length} words, {total} times in all · A: the mean length of a group")
        st.caption(said.format(f=f"{line['count']:,}", length=f"{line['length']:,}", total=f"{line['total']:,}"))
        _about_groups(facts)
        if st.button(_("Compare with the others by log-likelihood"), icon=":material/compare_arrows:"):
            link = {"corpus": run.corpus_id, "way": "groups", "column": where.column}
            for name, value in link.items():
                choose(name, value)
            st.switch_page(COMPARE, query_params=link)
    word_table(table, "table-group", _columns(table), file="terms", corpus=run.corpus_id)


def _corpus(run: RunRow, row: CorpusRow | None, found: Ranking) -> None:
    """The words of the largest mean weight, and the documents in which one of them weighs most."""
    facts = found.facts
    if facts["n"] == 1:
        one_document()
    if found.table.empty:
        st.info(_("No word with a weight is in so few documents: allow words in more of them."))
        return
    word = pointed(found.table, vocabulary(run.id))
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        _bars(found.table, word, _("in {df} documents, idf {idf}\nmean weight {weight}"), "bars-corpus")
        said = _(
            "The mean of each word's weight over {n} documents. Words that are everywhere weigh by their number; "
            "{hidden} words in more documents than chosen are not listed."
        )
        st.caption(said.format(n=f"{facts['n']:,}", hidden=f"{facts['hidden']:,}"))
    with right:
        terms_text.head(row, word)
        _where(run, row, word)
    word_table(found.table, "table-corpus", _columns(found.table), file="terms", corpus=run.corpus_id)


def _where(run: RunRow, row: CorpusRow | None, word: str) -> None:
    """The documents in which a word weighs most, a click away, and its arithmetic in the first of them."""
    found = answer("word_documents", run_id=run.id, word=word)
    if found is None:
        return
    documents, weights = found.arrays["documents"].tolist(), found.arrays["weights"].tolist()
    if not documents:
        st.caption(_("It weighs nothing in any document."))
        return
    said = _("It weighs something in {some} of {n} documents; most in these:")
    st.caption(said.format(some=f"{found.facts['with']:,}", n=f"{found.facts['n']:,}"))
    with st.container(gap=None):
        for document, weight in zip(documents, weights):
            name = f"{markdown_safe(name_of(row, document))} :gray[{weight:.3f}]"
            if st.button(name, key=f"in-{document}", type="tertiary", icon=":material/description:"):
                choose("of", "document")
                choose("document", str(document + 1))
                choose("term", word)
                st.rerun()
    st.caption(_("In the first of them:"))
    terms_text.arithmetic_of(run, documents[0], word)


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    """The columns there are, in the order in which the arithmetic goes."""
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    every: dict[str, Any] = {
        "word": text(_("word")), "count": number(_("count f"), format="localized"),
        "length": number(_("words of the group"), format="localized"), "share": number("tf = f / |c|", format="%.6f"),
        "total": number(_("count in all"), format="localized"), "inverse": number("idf", format="%.4f"),
        "tf": number("tf", format="%.4g"), "df": number(_("documents n"), format="localized"),
        "idf": number("idf", format="%.4f"), "product": number("tf × idf", format="%.4f"),
        "norm": number(_("norm"), format="%.4f"), "weight": number(_("weight"), format="%.5f"),
    }  # fmt: skip
    return {name: column for name, column in every.items() if name in table.columns}
