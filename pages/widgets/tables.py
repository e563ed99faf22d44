"""Tables whose words lead to their concordance, and whose numbers can be taken along."""

import re
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.explore.download import csv_bytes
from pages.widgets.i18n import _
from pages.widgets.state import choose

CONCORDANCE = "pages/concordance.py"
SIGNS = re.compile(r"([\\*|/\s])")  # what a search takes for more than itself


def word_table(
    frame: pd.DataFrame,
    key: str,
    columns: Mapping[str, Any],
    *,
    file: str,
    corpus: str,
    height: int | Literal["content"] = 420,
) -> None:
    """A table with a column "word"; a click on a row opens the word's concordance in this corpus.

    A column "search", which is not shown, says what is searched for instead.
    """
    event = st.dataframe(
        frame[list(columns)], hide_index=True, column_config=dict(columns), key=key, on_select="rerun",
        selection_mode="single-cell", height=height,
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells:
        row = frame.iloc[cells[0][0]]
        _open(str(row["search"]) if "search" in frame else as_search(str(row["word"])), corpus)
    csv_button(frame.drop(columns="search", errors="ignore"), file, f"{key}-csv")


def csv_button(frame: pd.DataFrame, file: str, key: str) -> None:
    """All rows as a file that a spreadsheet opens without running anything."""
    st.download_button(
        _("Table (CSV)"), lambda: csv_bytes(frame), f"{file}.csv", "text/csv", key=key, icon=":material/download:",
        on_click="ignore", type="tertiary",
    )  # fmt: skip


def open_word(word: str, corpus: str) -> None:
    """Go to where this word stands in its contexts."""
    _open(as_search(word), corpus)


def _open(search: str, corpus: str) -> None:
    link = {"corpus": corpus, "q": search, "mode": "words", "show": "lines"}
    for name, value in link.items():
        choose(name, value)
    st.switch_page(CONCORDANCE, query_params=link)


def look_up(word: str) -> None:
    """Search for this word."""
    choose("q", as_search(word))
    choose("mode", "words")


def as_search(word: str) -> str:
    """What finds this word and no other.

    >>> as_search("a*b")
    'a\\\\*b'
    """
    return SIGNS.sub(r"\\\1", word)
