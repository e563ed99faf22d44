"""The concordance: a search, how often it is met, and its lines with the words around it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from core.corpus.stop_words import LISTS, stop_words
from core.explore.download import csv_bytes
from core.store import CorpusRow
from pages.widgets.asking import answer
from pages.widgets.comparing import group_columns
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import Click, lines
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import as_search, look_up
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

PAGE = 100  # lines
FITTING = 10  # words to each side that a line has room for, about
SUGGESTED = 12  # words of an empty search
LONGER = 8  # longer words named beside the count


@dataclass(frozen=True)
class Search:
    """What is looked for. mode: "words", or "text" for the text itself, across words."""

    text: str
    mode: str = "words"


def search() -> tuple[str, Search]:
    """The view and the search, both in the link."""
    views = {
        "lines": _("Lines"), "collocations": _("Collocations"), "trends": _("Trends"), "reader": _("Read"),
    }  # fmt: skip
    modes = {"words": _("Words"), "text": _("Text")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["search"] = chosen("q") or ""
        st.text_input(
            _("Word, phrase or pattern"), key="search", max_chars=200,
            placeholder=_("bank · river bank · bank* · a * of · cat|dog · /^un.*able$/"),
            on_change=lambda: choose("q", st.session_state["search"].strip() or None),
        )  # fmt: skip
        mode = choice(
            st.segmented_control, _("Search in"), modes, "mode", required=True, width="content",
            help=_("Words of the tokenisation, or the text itself, across its words."),
        )  # fmt: skip
        view = choice(
            st.segmented_control, _("View"), views, "show", required=True, width="content",
            label_visibility="collapsed",
        )  # fmt: skip
    text = chosen("q") or ""
    if text:
        choose("q", text)
    return view, Search(text, mode)


def empty(row: CorpusRow) -> None:
    """Nothing is looked for yet: what could be."""
    st.markdown(_("Type a word to see every place where it stands, or take one of these:"))
    frequent = store().corpus(row.id).vocab.words[:400]
    common = {*stop_words(row.facts["language"])} if row.facts["language"] in LISTS else set()
    words = [word for word in frequent if len(word) > (1 if _dense(row) else 4) and word not in common] or frequent
    with st.container(horizontal=True):
        for word in words[:SUGGESTED]:
            st.button(markdown_safe(word, 24), key=f"suggested-{word}", on_click=look_up, args=(word,))


def _dense(row: CorpusRow) -> bool:
    """Whether words are written in few characters."""
    return row.facts["language"] in ("zh", "ja", "ko") or row.facts["tokenizer"] == "characters"


def show(row: CorpusRow, query: Search) -> None:
    """The counts, the lines, and the paragraph around the line that is pointed at."""
    counted(row, query)
    how = _controls(row)
    place = st.session_state.get("lines-page", 0) if st.session_state.get("lines-of") == (row.id, query, how) else 0
    asked = {**dict(how), "page": place, "size": PAGE}
    found = answer("concordance", corpus_id=row.id, query=query.text, mode=query.mode, **asked)
    if found is None:
        return
    facts = found.facts
    said = _("{hits} lines in {documents} documents").format(
        hits=f"{facts['hits']:,}", documents=f"{facts['documents']:,}"
    )
    left, right = st.columns([2.6, 1], gap="medium")
    with left:
        st.caption(said + _paging(facts["hits"], place))
        rows = [_line(line, row) for line in facts["lines"]]
        here = _here(facts["lines"])
        event = lines(rows, key=f"lines-{row.id}", here=here, wide=dict(how)["window"] > FITTING)
        _pages(row, query, how, facts["hits"], place)
    _clicked(row, query, event, here)
    with right, st.container(key="beside"):
        _around(row, facts["lines"], here)
        _download(row, query, how, facts["hits"])


def _clicked(row: CorpusRow, query: Search, event: Click, here: str | None) -> None:
    """A word that was clicked is looked up, a line looked at."""
    if event.word is not None:
        word = store().corpus(row.id, 1).vocab.words[event.word]
        if as_search(word) != query.text:
            look_up(word)
            st.rerun()
    if event.line is not None and event.line != here:
        choose("line", event.line)
        st.rerun()


def counted(row: CorpusRow, query: Search) -> None:
    """As a word, inside longer words, across words: three numbers, the longer words one click away."""
    if any(mark in query.text for mark in "*|/"):
        return
    found = answer("occurrences", corpus_id=row.id, text=query.text)
    if found is None:
        return
    facts = found.facts
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        single = _("**{text}** :orange-badge[{n} as a word]").format(
            text=markdown_safe(query.text), n=f"{facts['as_word']:,}"
        )
        inside = _(":gray-badge[{n} inside {words} longer words]").format(
            n=f"{facts['in_longer']:,}", words=f"{facts['longer_words']:,}"
        )
        across = _(":gray-badge[{n} across words]").format(n=f"{facts['across']:,}")
        st.markdown(
            " ".join([single, *([inside] if facts["in_longer"] else []), *([across] if facts["across"] else [])])
        )
        for word, times in facts["inside"][:LONGER]:
            st.button(
                f"{markdown_safe(word, 30)} {count(times)}", key=f"longer-{word}", type="tertiary", on_click=look_up,
                args=(word,),
            )  # fmt: skip


def _controls(row: CorpusRow) -> tuple[tuple[str, Any], ...]:
    """How wide the lines are and in which order they stand."""
    columns = [str(name) for name in store().corpus(row.id).table.columns]
    orders = {
        "text": _("as in the text"), "left": _("by the words to the left"), "right": _("by the words to the right"),
        "document": _("by document"), "random": _("at random"),
    }  # fmt: skip
    orders |= {name: _("by {column}").format(column=name) for name in columns if name not in orders}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sort = choice(st.selectbox, _("Order"), orders, "sort", width=230)
        window = st.number_input(_("Words to each side"), 1, 50, 8, key="window", bind="query-params", width=150)
        down = st.toggle(_("From the end"), key="down", bind="query-params") if sort not in ("random",) else False
        seed = (
            st.number_input(_("Seed"), 0, 9999, 0, key="lines-seed", bind="query-params", width=110)
            if sort == "random"
            else 0
        )
        only = _only(row)
    how = (("window", int(window)), ("sort", sort), ("descending", bool(down)), ("seed", int(seed)))
    return (*how, ("only", only)) if only else how


def _only(row: CorpusRow) -> tuple[str, str] | None:
    """One value of a column, if only its documents are to be looked in."""
    columns = group_columns(row)
    if not columns:
        return None
    names = {"": _("all documents")} | {column: column for column in columns}
    column = choice(st.selectbox, _("Only documents by"), names, "only", width=190)
    if not column:
        return None
    return column, choice(st.selectbox, column, {value: value for value in columns[column]}, "only-value", width=190)


def _line(line: dict[str, Any], row: CorpusRow) -> dict[str, Any]:
    facts = [line.get(role) for role in ("title", "date", "group", "label")]
    named = [str(value) for value in facts if value]
    return {
        "id": _name(line), "left": line["left_runs"], "node": line["node"], "right": line["right_runs"],
        "facts": " · ".join(dict.fromkeys(named)) or (f"#{line['document'] + 1}" if row.facts["documents"] > 1 else ""),
    }  # fmt: skip


def _name(line: dict[str, Any]) -> str:
    """What a line is called in the link: its document, and the character that it was found at."""
    return f"{line['document'] + 1}.{line['begin']}"


def _here(found: list[dict[str, Any]]) -> str | None:
    """The line that is pointed at, if it is on this page; else the first."""
    names = [_name(line) for line in found]
    return chosen("line") if chosen("line") in names else names[0] if names else None


def _paging(hits: int, place: int) -> str:
    if hits <= PAGE:
        return ""
    last = min(hits, (place + 1) * PAGE)
    return " · " + _("lines {first} to {last}").format(first=f"{place * PAGE + 1:,}", last=f"{last:,}")


def _pages(row: CorpusRow, query: Search, how: tuple, hits: int, place: int) -> None:
    """A hundred lines back, or on."""

    def go(to: int) -> None:
        st.session_state["lines-of"], st.session_state["lines-page"] = (row.id, query, how), to

    if hits <= PAGE:
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        back, on = _("Before"), _("Next {n}").format(n=PAGE)
        st.button(back, icon=":material/chevron_left:", disabled=not place, on_click=go, args=(place - 1,))
        st.button(
            on, icon=":material/chevron_right:", disabled=(place + 1) * PAGE >= hits, on_click=go, args=(place + 1,)
        )


def _around(row: CorpusRow, found: list[dict[str, Any]], here: str | None) -> None:
    """The paragraph of the line pointed at, and the way into its document."""
    line = next((line for line in found if _name(line) == here), None)
    if line is None:
        return
    where = {name: line[name] for name in ("position", "length", "document", "begin", "end")}
    part = answer("passage", corpus_id=row.id, **where, characters=150 if _dense(row) else 400)
    if part is None:
        return
    facts = part.facts
    text, begin, end = facts["text"], facts["begin"], facts["end"]
    with st.container(border=True):
        st.markdown(
            f"{markdown_safe(text[:begin], 2000)}:orange[**{markdown_safe(text[begin:end], 400)}**]"
            f"{markdown_safe(text[end:], 2000)}"
        )
        named = [str(line[role]) for role in ("title", "label", "date", "group") if line.get(role)]
        st.caption(" · ".join([_("Document {n}").format(n=f"{line['document'] + 1:,}"), *map(markdown_safe, named)]))
        st.button(_("Open the document here"), icon=":material/article:", on_click=_open, args=(line,))


def _open(line: dict[str, Any]) -> None:
    choose("document", str(line["document"] + 1))
    choose("at", str(line["begin"]))
    choose("show", "reader")


def _download(row: CorpusRow, query: Search, how: tuple, hits: int) -> None:
    """All lines as a file, made when asked for."""
    if not st.toggle(_("Take the lines along"), key="take"):
        return
    asked = {name: value for name, value in how}
    found = answer("all_lines", corpus_id=row.id, query=query.text, mode=query.mode, **asked)
    if found is None:
        return
    table = pd.DataFrame(found.facts["table"])
    if len(table) < hits:
        st.caption(_("The first {n} of {hits} lines, in this order.").format(n=f"{len(table):,}", hits=f"{hits:,}"))
    st.download_button(
        _("{n} lines (CSV)").format(n=f"{len(table):,}"), lambda: csv_bytes(table), "concordance.csv", "text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
