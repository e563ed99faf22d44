"""Documents × terms as blocks, and the same weights as a cloud of words."""

from typing import Any

import streamlit as st

from core.figures.cloud import word_cloud
from core.figures.terms import term_heatmap
from core.store import CorpusRow, RunRow
from pages.widgets import frame, terms_text
from pages.widgets.asking import answer
from pages.widgets.comparing import group_columns
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen
from pages.widgets.tables import csv_button
from pages.widgets.terms_ranking import missing, one_document
from pages.widgets.terms_scope import Ranking, corpus_of, name_of, pointed, ranking, scope, take_clicked, vocabulary
from pages.widgets.text import markdown_safe

IN_CLOUD = 100  # words
CELL, AXES = 19, 120  # pixels of a row, and of the words above the rows


def show(run: RunRow) -> None:
    """Which picture, then the picture."""
    row = corpus_of(run)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pictures = {"blocks": _("Blocks"), "cloud": _("Cloud")}
        picture = choice(st.segmented_control, _("Picture"), pictures, "picture", required=True, width="content")
        if picture == "blocks":
            column, documents, terms = _spread(row)
        else:
            where = scope(run, row)
    if picture == "blocks":
        _blocks(run, row, column, documents, terms)
        return
    if missing(where):
        return
    found = ranking(run, where, IN_CLOUD)
    if found is not None:
        _cloud(run, row, found)


def _spread(row: CorpusRow | None) -> tuple[str, int, int]:
    """Over the groups of which column documents are chosen, how many of them, and how many terms."""
    columns = group_columns(row) if row is not None else {}
    ways = {name: name for name in columns} | {"": _("the whole corpus")}
    column = choice(st.selectbox, _("Documents spread over"), ways, "over", width=190)
    documents = int(st.number_input(_("Documents"), 5, 60, 30, 5, key="rows", bind="query-params", width=110))
    terms = int(st.number_input(_("Terms"), 5, 60, 30, 5, key="columns", bind="query-params", width=110))
    return column, documents, terms


def _blocks(run: RunRow, row: CorpusRow | None, column: str, documents: int, terms: int) -> None:
    """The matrix in the order in which blocks show; a click takes one weight apart."""
    found = answer("term_blocks", run_id=run.id, column=column, documents=documents, terms=terms)
    if found is None:
        return
    facts, values = found.facts, found.arrays["values"]
    if facts["n"] == 1:
        one_document()
    named = [name_of(row, document, 26) for document in facts["documents"]]
    left, right = st.columns([2.3, 1], gap="medium")
    with left:
        figure = term_heatmap(
            values, named, facts["words"], mode=frame.mode(), title=_("Documents × terms"), weight_name=_("weight"),
            bounds=(facts["bounds"][0], facts["bounds"][1]),
        )  # fmt: skip
        event = plot(figure, key="blocks", height=CELL * len(named) + AXES)
        if event.fresh and event.cell is not None:
            down, across = event.cell
            if down < len(named) and across < len(facts["words"]):
                choose("document", str(facts["documents"][down] + 1))
                choose("term", facts["words"][across])
                st.rerun()
        _about(facts, values.shape)
    with right, st.container(key="beside"):
        _cell(run, row, facts)
    if row is not None:
        _table(facts, values, named)


def _about(facts: dict[str, Any], shape: tuple[int, ...]) -> None:
    said = _(
        "{rows} of {n} documents, spread evenly, and the {columns} terms that tell them apart best. Documents that "
        "share terms stand together; a frame is a group."
    )
    strength = (
        _("Modularity {q}: 0 would be chance, 1 groups that share nothing.").format(q=f"{facts['modularity']:.2f}")
        if facts["bounds"][0]
        else _("No groups stand out more than chance would make them.")
    )
    st.caption(said.format(rows=shape[0], n=f"{facts['n']:,}", columns=shape[1]) + " " + strength)


def _cell(run: RunRow, row: CorpusRow | None, facts: dict[str, Any]) -> None:
    """The cell that was clicked: that word in that document."""
    asked, word = chosen("document") or "", chosen("term")
    known = vocabulary(run.id)
    inside = asked.isdigit() and int(asked) - 1 in facts["documents"]
    if not inside or word is None or known.get(word) is None:
        st.subheader(_("Point at a cell"), anchor=False)
        st.caption(_("Click a cell: why this word weighs so much in this document, and where it stands in it."))
        return
    document = int(asked) - 1
    terms_text.head(row, word)
    st.markdown(f"*{markdown_safe(name_of(row, document))}*")
    terms_text.arithmetic_of(run, document, word, narrow=True)
    found = answer("document_terms", run_id=run.id, document=document, k=1)
    if row is not None and found is not None:
        weights = dict(zip(found.arrays["ids"].tolist(), found.arrays["weights"].tolist()))
        terms_text.text_of(run, row, document, weights, [word], tallest=320)


def _table(facts: dict[str, Any], values: Any, named: list[str]) -> None:
    """The matrix as a file."""
    import pandas as pd

    table = pd.DataFrame(values, columns=facts["words"])
    table.insert(
        0, "document", [f"{i + 1} · {name}" for i, name in zip(facts["documents"], named)], allow_duplicates=True
    )
    csv_button(table, "documents-terms", "blocks-csv")


def _cloud(run: RunRow, row: CorpusRow | None, found: Ranking) -> None:
    """The words as large as they weigh; a click points at one."""
    table = found.table.drop_duplicates("id")
    if table.empty or float(table["weight"].max()) <= 0:
        st.info(_("No word here has a weight, so there is nothing to draw. Choose another document or group."))
        return
    word = pointed(table, vocabulary(run.id))
    hot = table.loc[table["word"] == word, "id"]
    figure = word_cloud(
        table["word"].tolist(), table["weight"].to_numpy(), mode=frame.mode(), title=_("Word cloud"),
        ids=table["id"].to_numpy(), width=1000, height=500, hot=int(hot.iloc[0]) if len(hot) else None,
        weight_name=_("weight"),
    )  # fmt: skip
    event = plot(figure, key="cloud", height=540)
    terms_text.head(row, word)
    take_clicked(event, table)
    st.caption(_(
        "The heaviest words, the root of a word's size as its weight; where a word stands means nothing. Sizes are "
        "hard to compare and long words look larger: the bars say it better."
    ))  # fmt: skip
