"""A word's weight taken apart, and the document with its words tinted by what they weigh."""

from typing import Any

import streamlit as st

from core.explore.terms import arithmetic, spelt, tinted
from core.store import CorpusRow, RunRow
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.lines import height_of, page
from pages.widgets.state import store
from pages.widgets.tables import as_search, open_word
from pages.widgets.terms_scope import take, vocabulary
from pages.widgets.text import markdown_safe

PAGE = 8000  # characters of a document shown at once
ACROSS = 58  # letters of a line
BEFORE = 1000  # characters shown before the word that was pointed at
CHEVRON = ":material/chevron_"


def arithmetic_of(run: RunRow, document: int | str, word: str, narrow: bool = False) -> None:
    """How a word's weight in a document comes about, with its numbers."""
    found = answer("explained", run_id=run.id, document=document, word=word)
    if found is None:
        return
    st.latex(arithmetic(found.facts, narrow))
    said = _("f: here {f} times · N: {n} documents · n: {df} of them use it")
    facts = found.facts
    st.caption(said.format(f=f"{facts['count']:,}", n=f"{facts['n']:,}", df=f"{facts['df']:,}"))


def head(row: CorpusRow | None, word: str) -> None:
    """The word that is pointed at, and the way to its contexts."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(markdown_safe(word), anchor=False, width="content")
        if row is not None and st.button(
            _("In its contexts"), icon=":material/segment:", type="tertiary", key="contexts"
        ):
            open_word(word, row.id)


def text_of(
    run: RunRow, row: CorpusRow, document: int, weights: dict[int, float], words: list[str], tallest: int = 380
) -> None:
    """A document, its words tinted by weight, these words marked; a click points at a word."""
    known = vocabulary(run.id)
    marked = [known.index(word) for word in words if known.get(word) is not None]
    place = (row.id, document, *words)
    facts = _page(row, document, words[0] if words else "", place)
    if facts is None:
        return
    if not facts["length"]:
        st.caption(_("This document is empty."))
        return
    runs = tinted(facts["runs"], weights, marked)
    click = page(runs, f"weighed-{row.id}", height_of(facts["runs"], tallest, ACROSS), row.facts["language"] or "")
    _leaves(facts, place)
    _clicked(run, row, click.word)


def _page(row: CorpusRow, document: int, word: str, place: tuple[Any, ...]) -> dict[str, Any] | None:
    """The page that was turned to, else the one with the word."""
    turned = st.session_state.get("weighed-first")
    first = turned[1] if turned and turned[0] == place else 0
    search: dict[str, Any] = {"query": as_search(word)} if word else {}
    found = answer("page", corpus_id=row.id, document=document, first=first, **search)
    if found is None or turned and turned[0] == place:
        return found.facts if found else None
    places = found.facts["places"]
    if places and places[0] >= found.facts["last"]:
        found = answer("page", corpus_id=row.id, document=document, first=max(0, places[0] - BEFORE), **search)
    return found.facts if found else None


def _leaves(facts: dict[str, Any], place: tuple[Any, ...]) -> None:
    """Back and on in a long document."""

    def turn(to: int) -> None:
        st.session_state["weighed-first"] = place, to

    first, last, length = facts["first"], facts["last"], facts["length"]
    if not first and last >= length:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Page before"), icon=CHEVRON + "left:", disabled=not first, on_click=turn,
                  args=(max(0, first - PAGE),))  # fmt: skip
        st.button(_("Next page"), icon=CHEVRON + "right:", disabled=last >= length, on_click=turn, args=(last,))
        said = _("characters {first} to {last} of {length}")
        st.caption(said.format(first=f"{first + 1:,}", last=f"{last:,}", length=f"{length:,}"))


def _clicked(run: RunRow, row: CorpusRow, kind: int | None) -> None:
    """Point at the word that was clicked, if the run knows it."""
    if kind is None:
        return
    words = vocabulary(run.id).words
    if kind < len(words):
        take(words[kind])
    word = store().corpus(row.id, 1).vocab.words[kind]
    st.caption(_("**{word}** has no weight: it occurs less often than the run's min count, {least}.").format(
        word=markdown_safe(word), least=run.min_count))  # fmt: skip


def own_text(run: RunRow, text: str, weights: dict[int, float], word: str) -> None:
    """A text that was typed in, its words tinted."""
    known = vocabulary(run.id)
    ids = {each: known.index(each) for each, _place in known.tokenization.spans(text) if known.get(each) is not None}
    runs = tinted(spelt(text, known.tokenization.spans(text), ids), weights, [ids[word]] if word in ids else [])
    click = page(runs, f"weighed-own-{run.id}", height_of(runs, 200, ACROSS))
    if click.word is not None:
        take(known.words[click.word])
