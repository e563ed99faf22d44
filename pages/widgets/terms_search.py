"""A query: documents by cosine and by BM25 side by side, and which of its words gave how much to each."""

from typing import Any

import pandas as pd
import streamlit as st

from core.figures.terms import query_rankings
from core.store import CorpusRow, RunRow
from pages.widgets import frame, terms_text
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen
from pages.widgets.tables import csv_button
from pages.widgets.terms_scope import corpus_of, name_of, vocabulary
from pages.widgets.text import markdown_safe

ROW, HEAD = 46, 90  # pixels of a document, and above them all


def show(run: RunRow) -> None:
    """The query, then what was found for it."""
    row = corpus_of(run)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["asked"] = chosen("query") or ""
        st.text_input(
            _("Query"), key="asked", max_chars=400, width=560, placeholder=_("a few words, or a whole sentence"),
            icon=":material/search:", on_change=lambda: choose("query", st.session_state["asked"].strip() or None),
        )  # fmt: skip
        k = int(st.number_input(_("Documents"), 3, 30, 10, key="found", bind="query-params", width=110))
    query = chosen("query")
    if not query:
        st.info(_("Type a query: the documents are ranked in two ways, with what each word of it gave."))
        return
    found = answer("term_search", run_id=run.id, query=query, k=k)
    if found is None:
        return
    _unknown(found.facts["unknown"])
    tables = tuple(pd.DataFrame(found.facts[name]) for name in ("cosine", "bm25"))
    if all(table.empty for table in tables):
        st.info(_("No document has a score above 0: the query's words weigh nothing by this run's idf."))
        return
    if tables[0].empty:
        st.info(_(
            "By cosine nothing is found: this run's idf gives the query's words no weight. BM25 has an idf of its "
            "own."
        ))  # fmt: skip
    _found(run, row, found.facts, tables)


def _unknown(unknown: dict[str, list[str]]) -> None:
    """Words of the query that no document has, with words spelled nearly so."""
    for word, near in unknown.items():
        said = _("No document has {word}; it is left out. Spelled nearly so: {near}.")
        rare = _("No document has {word}; it is left out.")
        shown = ", ".join(markdown_safe(each) for each in near)
        st.caption((said if near else rare).format(word=markdown_safe(word), near=shown))


def _found(run: RunRow, row: CorpusRow | None, facts: dict[str, Any], tables: Any) -> None:
    """Both rankings; the document that was clicked beside them, else the first."""
    documents = list(dict.fromkeys(int(each) for table in tables if len(table) for each in table["document"]))
    asked = chosen("document") or ""
    hot = int(asked) - 1 if asked.isdigit() and int(asked) - 1 in documents else documents[0]
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        figure = query_rankings(
            tables, {each: name_of(row, each, 28) for each in documents}, mode=frame.mode(),
            title=_("Documents that answer the query"), names=(_("Cosine of TF-IDF"), "BM25"), hot=hot,
        )  # fmt: skip
        rows = max(int(table["rank"].max()) for table in tables if len(table))
        event = plot(figure, key="search-answers", height=ROW * rows + HEAD)
        if event.fresh and event.clicked is not None:
            choose("document", str(event.clicked + 1))
            st.rerun()
        st.caption(_(
            "Cosine: the angle between query and document, by this run's weights, from 0 to 1. BM25: sums what the "
            "words are worth, levelling off with their number and allowing for length; it has no upper end."
        ))  # fmt: skip
        csv_button(_file(row, tables), "search", "search-csv")
    with right, st.container(key="beside"):
        _document(run, row, hot, facts)


def _file(row: CorpusRow | None, tables: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """Both rankings, a row a document and word that gives something."""
    both = pd.concat([table.assign(by=by) for by, table in zip(("cosine", "BM25"), tables) if len(table)])
    both.insert(0, "by", both.pop("by"))
    both.insert(3, "name", [name_of(row, each, 60) for each in both["document"]])
    return both.assign(document=both["document"] + 1)


def _document(run: RunRow, row: CorpusRow | None, document: int, facts: dict[str, Any]) -> None:
    """The document that is pointed at, its words tinted, those of the query marked."""
    st.subheader(markdown_safe(name_of(row, document), 80), anchor=False)
    found = answer("document_terms", run_id=run.id, document=document, k=1)
    if found is None:
        return
    weights = dict(zip(found.arrays["ids"].tolist(), found.arrays["weights"].tolist()))
    if row is not None:
        rarest = sorted(facts["words"], key=dict(zip(facts["words"], facts["df"])).__getitem__)
        known = vocabulary(run.id)
        here = [word for word in rarest if known.index(word) in weights]
        terms_text.text_of(run, row, document, weights, here)
    st.caption(_("Marked: the words of the query. The darker a word, the more it weighs in this document."))
    if st.button(_("Rank its terms"), icon=":material/bar_chart:"):
        for name, value in {"terms": "rankings", "of": "document", "document": str(document + 1)}.items():
            choose(name, value)
        st.rerun()
