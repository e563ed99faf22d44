"""What documents can be told apart by: methods made on the spot, the runs trained on their corpus; their columns."""

import pandas as pd
import streamlit as st

from core.corpus import Corpus
from core.corpus.roles import year_of
from core.explore.documents import document_names
from core.store import CorpusRow, RunRow
from pages.widgets.comparing import group_columns
from pages.widgets.i18n import _
from pages.widgets.state import choose, store

NAME = 48  # characters of a document's name
PROFILES = ("TermRankings", "Distances")  # whose word vectors say nothing new when they are averaged


def runs_of(row: CorpusRow) -> list[RunRow]:
    """The finished runs on this corpus, the newest first."""
    return [run for run in store().runs() if run.corpus_id == row.id and run.state in ("done", "stopped")]


def vector_sources(row: CorpusRow) -> dict[str, str]:
    """Where documents can get vectors from, for a map: source → what it is called."""
    found = {"tf-idf": _("TF-IDF (made here)")}
    for run in runs_of(row):
        if "DocVectors" in run.capabilities:
            found[f"documents:{run.id}"] = run.name
        elif averageable(run):
            found[f"mean:{run.id}"] = _("{run}: averaged word vectors").format(run=run.name)
    return found


def feature_sets(row: CorpusRow) -> dict[str, str]:
    """What classifiers can be given: set of features → what it is called."""
    found = {"one-hot": _("one-hot"), "counts": _("counts"), "tf-idf": "TF-IDF", "lsa": "LSA"}
    for run in runs_of(row):
        if averageable(run):
            found[f"mean:{run.id}"] = _("mean of {run}").format(run=run.name)
        if "DocVectors" in run.capabilities and "TermRankings" not in run.capabilities:
            found[f"documents:{run.id}"] = run.name
    return found


def averageable(run: RunRow) -> bool:
    """Whether the mean of its word vectors is a vector for a document."""
    return "WordVectors" in run.capabilities and not any(name in run.capabilities for name in PROFILES)


def label_columns(row: CorpusRow) -> list[str]:
    """The columns that could hold classes: the label first, whatever is in it, then those whose values repeat."""
    label = store().corpus(row.id).roles.get("label")
    return list(dict.fromkeys([*([label] if label else []), *group_columns(row)]))


def date_column(corpus: Corpus) -> str | None:
    """The column that dates documents, if it does."""
    column = corpus.roles.get("date", "")
    return column if column in corpus.table.columns and years(corpus, column).notna().any() else None


def years(corpus: Corpus, column: str) -> pd.Series:
    """float64 (documents,): the year of each; NaN where none is told."""
    return corpus.table[column].map(lambda cell: year_of(cell) if isinstance(cell, str) else None).astype("float64")


def names(corpus: Corpus, documents: list[int]) -> list[str]:
    """What these documents are called: their title, else their first words."""
    title = corpus.roles.get("title")
    cells = corpus.table[title] if title in corpus.table.columns else None
    texts = [corpus.documents.slice(document, 0, 4 * NAME) for document in documents]
    titles = None if cells is None else [cells.iloc[document] for document in documents]
    return document_names(texts, titles, NAME)


def read_button(document: int, key: str) -> None:
    """To the document in the reader of the concordance."""
    if st.button(_("Read the document"), icon=":material/menu_book:", key=key, type="tertiary"):
        for name, value in (("show", "reader"), ("document", str(document + 1)), ("at", None)):
            choose(name, value)
        st.switch_page("pages/concordance.py", query_params={"show": "reader", "document": str(document + 1)})
