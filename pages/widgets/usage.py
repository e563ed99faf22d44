"""Where words are used: their frequency along the corpus, over documents, dates or groups, and every place of one."""

import re
from typing import Any

import pandas as pd
import streamlit as st

from core.explore.trends import MOST_WORDS
from core.figures.trends import barcode_strips, trend_lines
from core.store import CorpusRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.contexts import Search
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.state import choose, store
from pages.widgets.tables import csv_button, word_table

COMMA = re.compile("[,，、]")
JOINED = ("segments", "documents", "dates")


def show(row: CorpusRow, query: Search) -> None:
    """The curves of the word looked for and of those it is compared with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by, column = _places(row)
        segments = 20
        if by in ("segments", "dates"):
            segments = int(st.number_input(_("At most so many places"), 2, 200, 20, key="segments", width=170))
        others = st.text_input(
            _("Compare with"),
            key="with",
            bind="query-params",
            placeholder=_("other words, parted by commas"),
            width=320,
        )
    words = [query.text, *(word.strip() for word in COMMA.split(others or "") if word.strip())]
    words = list(dict.fromkeys(words))[:MOST_WORDS]
    found = answer(
        "trends", corpus_id=row.id, queries=words, by=by, segments=segments, column=column, mode=query.mode
    )  # fmt: skip
    if found is None:
        return
    for problem in found.facts["missing"]:
        st.warning(sentence(problem))
    if "table" not in found.facts:
        return
    table = pd.DataFrame(found.facts["table"])
    figure = trend_lines(
        table, mode=frame.mode(), title=_("Trends"), x_title=_titles()[by], y_title=_("occurrences per million words"),
        hover=_("{count} of {total} words"), joined=by in JOINED, named=by in ("documents", "groups"),
    )  # fmt: skip
    plot(figure, key=f"trends-{row.id}", height=400)
    st.caption(_("Bands and bars: the 95 % interval, as if words came independently; words of one topic do not."))
    csv_button(table, "trends", f"trends-csv-{row.id}")
    _spread(row, found.facts["spread"])
    _strips(row, found.facts)


def _titles() -> dict[str, str]:
    return {"segments": _("equal parts of the corpus, in order"), "documents": _("documents"), "dates": _("year"),
            "groups": _("group")}  # fmt: skip


def _places(row: CorpusRow) -> tuple[str, str]:
    """What the curve runs over: ("segments" "documents" "dates" "groups", the column of the last two)."""
    corpus = store().corpus(row.id)
    ways = {"segments": _("equal parts")}
    if 2 <= row.facts["documents"] <= 2000:
        ways["documents"] = _("documents")
    if "date" in corpus.roles:
        ways["dates"] = _("dates ({column})").format(column=corpus.roles["date"])
    for name in corpus.table.columns:
        ways[f"groups:{name}"] = _("groups ({column})").format(column=name)
    first = "dates" if "date" in corpus.roles else "segments"
    way = choice(st.selectbox, _("Over"), ways, "over", default=first, width=240)
    return ("groups", way.partition(":")[2]) if way.startswith("groups:") else (way, "")


def _spread(row: CorpusRow, spread: dict[str, dict[str, Any]]) -> None:
    """How evenly each word is spread; a click leads to its lines."""
    table = pd.DataFrame([{"word": word, "search": word, **numbers} for word, numbers in spread.items()])
    names: dict[str, Any] = {
        "word": _("word"), "within": _("parts with it"), "n": _("parts"),
        "dp": st.column_config.NumberColumn(_("DP (0 even, 1 clumped)"), format="%.3f"),
        "juilland": st.column_config.NumberColumn(_("Juilland's D (1 even)"), format="%.3f"),
    }  # fmt: skip
    word_table(table, f"spread-{row.id}", names, file="spread", corpus=row.id, height="content")


def _strips(row: CorpusRow, facts: dict[str, Any]) -> None:
    """Every place of the first word, document by document."""
    table = pd.DataFrame(facts["barcode"])
    if table.empty:
        return
    st.markdown(_("**Where it stands** :gray[each stroke is a place; the documents that hold it most]"))
    figure = barcode_strips(
        table, _names(facts["names"], table), mode=frame.mode(), title=_("Where it stands"),
        x_title=_("share of the document"),
    )  # fmt: skip
    height = 30 * int(table["document"].nunique()) + 70
    event = plot(figure, key=f"strips-{row.id}", height=height)
    if event.fresh and event.clicked is not None:
        stroke = table.iloc[event.clicked]
        length = store().corpus(row.id).documents.length(int(stroke["document"]))
        choose("document", str(int(stroke["document"]) + 1))
        choose("at", str(int(stroke["share"] * length)))
        choose("show", "reader")
        st.rerun()


def _names(names: list[str], table: pd.DataFrame) -> list[str]:
    """What each document is called, by its number; those far down by the number itself."""
    last = int(table["document"].max())
    return [names[i] if i < len(names) else str(i + 1) for i in range(last + 1)]
