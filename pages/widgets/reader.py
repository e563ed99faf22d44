"""A document to read: page by page, what was looked for marked, its words tinted by a weight, each a click away."""

from typing import Any

import streamlit as st

from core.store import CorpusRow
from pages.widgets.asking import answer
from pages.widgets.contexts import Search
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import height_of, page
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import look_up
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

PAGE = 8000  # characters
TALLEST, ACROSS = 560, 130  # pixels of a page, letters of a line
CHEVRON = ":material/chevron_"
BEFORE = 1500  # characters shown before the place that was asked for


def show(row: CorpusRow, query: Search) -> None:
    """The document in use at the place in use."""
    corpus = store().corpus(row.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        document = _document(len(corpus.documents))
        tints = {"": _("none"), "rare": _("rare in the corpus"), "key": _("marks this document")}
        tints |= {"near": _("goes with {word}").format(word=query.text)} if query.text else {}
        tint = choice(st.selectbox, _("Tint words by"), tints, "tint", width=250)
    at = _at()
    first = min(_first(at, (row.id, document)), max(0, corpus.documents.length(document - 1) - 1))
    found = answer(
        "page", corpus_id=row.id, document=document - 1, first=first, query=query.text, mode=query.mode, tint=tint
    )  # fmt: skip
    if found is None:
        return
    facts = found.facts
    if st.session_state.pop("reader-seek", False) and facts["places"]:
        choose("at", str(facts["places"][0]))
        st.rerun()
    _named(row, document)
    _walk(facts, query, at, (row.id, document))
    runs = [list(run) for run in facts["runs"]]
    _mark(runs, facts["first"], at)
    click = page(runs, f"reader-{row.id}", height_of(runs, TALLEST, ACROSS), row.facts["language"] or "")
    if click.word is not None:
        look_up(store().corpus(row.id, 1).vocab.words[click.word])
        choose("show", "lines")
        st.rerun()
    st.caption(_("Click a word to see every place where it stands."))


def _document(documents: int) -> int:
    asked = chosen("document") or "1"
    current = min(max(1, int(asked)), documents) if asked.isdigit() else 1
    st.session_state["document-shown"] = current

    def take() -> None:
        choose("document", str(st.session_state["document-shown"]))
        choose("at", None)

    st.number_input(
        _("Document of {n}").format(n=f"{documents:,}"), 1, documents, key="document-shown", on_change=take, width=180
    )
    return current


def _at() -> int:
    asked = chosen("at") or ""
    return int(asked) if asked.isdigit() else -1


def _first(at: int, which: tuple[str, int]) -> int:
    """Where the page begins: before the place that was asked for, else where it was turned to."""
    if at >= 0:
        return max(0, at - BEFORE)
    return int(st.session_state["reader-first"]) if st.session_state.get("reader-of") == which else 0


def _named(row: CorpusRow, document: int) -> None:
    """What is known of the document."""
    table = store().corpus(row.id).table
    cells = [(str(name), table[name].iloc[document - 1]) for name in table.columns]
    known = [f"{name}: {str(cell)[:80]}" for name, cell in cells if isinstance(cell, str) and cell]
    if known:
        st.text(" · ".join(known))


def _walk(facts: dict[str, Any], query: Search, at: int, which: tuple[str, int]) -> None:
    """Back and on: page by page, from hit to hit, and to the next document with one."""

    def turn(to: int) -> None:
        choose("at", None)
        st.session_state["reader-first"], st.session_state["reader-of"] = to, which

    def leaf(to: int) -> None:
        choose("at", None)
        choose("document", str(to + 1))
        st.session_state["reader-seek"] = True

    first, last, length = facts["first"], facts["last"], facts["length"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if first or last < length:
            back, on = _("Page before"), _("Next page")
            st.button(back, icon=CHEVRON + "left:", disabled=not first, on_click=turn, args=(max(0, first - PAGE),))
            st.button(on, icon=CHEVRON + "right:", disabled=last >= length, on_click=turn, args=(last,))
            said = _("characters {first} to {last} of {length}")
            st.caption(said.format(first=f"{first + 1:,}", last=f"{last:,}", length=count(length)))
        if query.text:
            times = _("**{word}** {n} times in this document")
            st.markdown(times.format(word=markdown_safe(query.text), n=f"{facts['found']:,}"))
            earlier = [place for place in facts["places"] if place < (at if at >= 0 else first)]
            later = [place for place in facts["places"] if place > (at if at >= 0 else first - 1)]
            _step(_("Place before"), "arrow_upward", earlier[-1] if earlier else None, choose, "at")
            _step(_("Next place"), "arrow_downward", later[0] if later else None, choose, "at")
            if facts["before"] is not None:
                st.button(_("Document before"), icon=":material/first_page:", on_click=leaf, args=(facts["before"],))
            if facts["after"] is not None:
                st.button(_("Next document"), icon=":material/last_page:", on_click=leaf, args=(facts["after"],))


def _step(label: str, icon: str, to: int | None, act: Any, name: str) -> None:
    st.button(label, icon=f":material/{icon}:", disabled=to is None, on_click=act, args=(name, str(to)))


def _mark(runs: list[list], first: int, at: int) -> None:
    """The run at the place that was asked for is the one to scroll to."""
    place = first
    for run in runs:
        if place <= at < place + len(run[0]):
            run[3] = 2
            return
        place += len(run[0])
