"""Whose terms: of one document, of a text typed in, of a group of documents, of the whole corpus."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.explore.documents import document_names
from core.store import CorpusRow, RunRow
from pages.widgets.asking import answer
from pages.widgets.comparing import group_columns
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import Event
from pages.widgets.state import choose, chosen, store

MOST_NAMED = 3000  # documents that are offered by their names
OPENING = 160  # characters of a document without a title that may become its name


@dataclass(frozen=True)
class Scope:
    """kind: "document" (its number, from 0, or the text typed in), "group" (a value of a column; "" for all of them) or
    "corpus". within: the share of documents that a word may be in to be listed."""

    kind: str
    document: int | str = 0
    column: str = ""
    group: str = ""
    within: float = 1.0


@dataclass(frozen=True)
class Ranking:
    """Words by weight: table with word, id, weight and its parts; weights: of all words of a document by id."""

    table: pd.DataFrame
    facts: dict[str, Any]
    weights: dict[int, float] = field(default_factory=dict)


def empty() -> None:
    """No run ranks terms yet: train one, or see without one what it is about."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(_("No finished run ranks terms yet. TF-IDF takes seconds, also on a large corpus."))
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(_("Train TF-IDF"), type="primary", icon=":material/play_circle:"):
                choose("encoder", "tfidf")
                st.switch_page("pages/train.py", query_params={"encoder": "tfidf"})
            if st.button(_("See it with cats"), icon=":material/pets:"):
                choose("terms", "background")
                st.rerun()


def corpus_of(run: RunRow) -> CorpusRow | None:
    """The corpus that a run learned from, unless it is gone."""
    row = store().corpus_row(run.corpus_id)
    return row if row is not None and row.state == "ready" else None


@st.cache_resource(show_spinner=False, max_entries=4)
def vocabulary(run_id: str) -> Vocab:
    """The words that a run knows."""
    return store().vocab(run_id)


@st.cache_resource(show_spinner=False, max_entries=4)
def names(corpus_id: str) -> list[str]:
    """What each document is called: its title, else how it begins; of large corpora its number."""
    corpus = store().corpus(corpus_id)
    n = len(corpus.documents)
    titles = [str(name) for name in corpus.table.columns if str(name).casefold() == "title"]
    column = corpus.roles.get("title", titles[0] if titles else "")
    given = corpus.table[column].tolist() if column else None
    if given is None and n > MOST_NAMED:
        return [str(i) for i in range(1, n + 1)]
    titled = [isinstance(title, str) and bool(title.strip()) for title in given] if given else [False] * n
    texts = ["" if titled[i] else corpus.documents.slice(i, 0, OPENING) for i in range(n)]
    return [narrowed(name, 40) for name in document_names(texts, given)]


def narrowed(name: str, cells: int) -> str:
    """A name cut to so many cells; a letter of Chinese takes two."""
    wide = [1 + (letter > "\u2e7f") for letter in name]
    if sum(wide) <= cells:
        return name
    kept = [letter for letter, end in zip(name, accumulate(wide)) if end < cells]
    return "".join(kept).rstrip(" …") + "…"


def name_of(row: CorpusRow | None, document: int, cells: int = 40) -> str:
    """What a document is called, or its number."""
    return narrowed(names(row.id)[document], cells) if row is not None else str(document + 1)


def document(run: RunRow, row: CorpusRow | None) -> int:
    """The document in use, counted from 0: by its name, or by its number where there are many."""
    n = len(names(row.id)) if row is not None else int(_learned(run))
    if row is not None and n <= MOST_NAMED:
        known = {str(i): f"{i} · {name}" for i, name in enumerate(names(row.id), 1)}
        return int(choice(st.selectbox, _("Document"), known, "document", width=340)) - 1
    asked = chosen("document") or "1"
    st.session_state["document-weighed"] = min(max(1, int(asked)), n) if asked.isdigit() and len(asked) < 10 else 1
    number = st.number_input(
        _("Document of {n}").format(n=f"{n:,}"), 1, n, key="document-weighed", width=180,
        on_change=lambda: choose("document", str(st.session_state["document-weighed"])),
    )  # fmt: skip
    return int(number) - 1


def _learned(run: RunRow) -> int:
    """Documents that a run learned from, where its corpus is gone."""
    found = answer("corpus_terms", run_id=run.id, k=1)
    if found is None:
        st.stop()
    return found.facts["n"]


def scope(run: RunRow, row: CorpusRow | None) -> Scope:
    """The controls that say whose terms."""
    kinds = {"document": _("Document"), "group": _("Groups"), "corpus": _("Corpus"), "text": _("Your text")}
    if row is None:
        del kinds["group"]
    kind = choice(st.segmented_control, _("Terms of"), kinds, "of", required=True, width="content")
    if kind == "document":
        return Scope(kind, document(run, row))
    if kind == "text":
        text = st.text_input(_("Your text"), key="own", bind="query-params", max_chars=2000, width=520)
        return Scope("document", text or "")
    if kind == "corpus" or row is None:
        return Scope("corpus", within=_within(10))
    columns = group_columns(row)
    if not columns:
        return Scope(kind)
    column = choice(st.selectbox, _("Column"), {name: name for name in columns}, "column", width=150)
    groups = {"": _("all groups")} | {value: value for value in columns[column]}
    group = choice(st.selectbox, _("Group"), groups, "group", width=160)
    return Scope(kind, column=column, group=group, within=_within(10))


def _within(share: int) -> float:
    """Words that are everywhere can be kept out of a list; what the others weigh stays as it is."""
    shares = {str(percent): f"{percent} %" for percent in (5, 10, 20, 50, 100)}
    text = _("Words that more documents use are not listed. What the others weigh does not change.")
    asked = choice(
        st.selectbox, _("In at most"), shares, "within", default=str(share), width=105, help=text
    )  # fmt: skip
    return int(asked) / 100


def top() -> int:
    """How many words are ranked."""
    return int(st.number_input(_("Words"), 5, 60, 15, 5, key="top", bind="query-params", width=110))


def ranking(run: RunRow, where: Scope, k: int) -> Ranking | None:
    """The k heaviest words there; None while they are being worked out."""
    if where.kind == "group":
        found = answer("group_terms", run_id=run.id, column=where.column, k=k, within=where.within)
    elif where.kind == "corpus":
        found = answer("corpus_terms", run_id=run.id, k=k, within=where.within)
    else:
        found = answer("document_terms", run_id=run.id, document=where.document, k=k)
    if found is None:
        return None
    table = pd.DataFrame(found.facts["table"])
    if where.group:
        table = table[table["group"] == where.group].reset_index(drop=True)
    weights = dict(zip(found.arrays["ids"].tolist(), found.arrays["weights"].tolist())) if "ids" in found.arrays else {}
    return Ranking(table, found.facts, weights)


def take(word: str) -> None:
    """Point at a word, and show it."""
    if word != st.query_params.get("term"):
        choose("term", word)
        st.rerun()


def take_clicked(event: Event, table: pd.DataFrame) -> None:
    """Point at the word of this table that was clicked in a picture."""
    found = table.loc[table["id"] == event.clicked, "word"].tolist() if event.fresh else []
    if found:
        take(str(found[0]))


def pointed(ranked: pd.DataFrame, known: Vocab) -> str:
    """The word in use: one that was pointed at, else the heaviest."""
    asked = chosen("term")
    if asked is not None and known.get(asked) is not None:
        return known.words[known.index(asked)]
    return str(ranked["word"].iloc[0])
