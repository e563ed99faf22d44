"""Free arithmetic with words: king - man + woman, with numbers and brackets; what is nearest to the result."""

import numpy as np
import pandas as pd
import streamlit as st

from core.explore import Space
from core.explore.arithmetic import Term, combined, parse
from core.explore.neighbours import METRICS
from core.problem import Problem
from core.store import RunRow
from pages.widgets import mapping
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.neighbour_doubt import doubt, small_corpus
from pages.widgets.neighbour_scope import measures, score_column, score_columns, walk_to
from pages.widgets.space_words import fitting, frequent, typed
from pages.widgets.state import choose
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

EXAMPLES: list[tuple[str, ...]] = [
    ("king - man + woman",), ("(king + queen) - 2 * (man + woman) + child",), ("mother - woman + man",),
    ("国王 - 男人 + 女人",), ("父亲 - 男性 + 女性",), ("东京 - 日本 + 中国",), ("母亲 - 父亲 + 儿子",),
]  # fmt: skip


def show(run: RunRow) -> None:
    """The expression, how it was read, and the words nearest to what it comes to."""
    space = mapping.space(run.id)
    text, measure, k, keep = _controls(space)
    try:
        terms = parse(text, lambda word: space.vocab.get(word) is not None)
        vector, ids = combined(space, terms)
        table = space.neighbours(vector, k, measure, without=() if keep else ids)
    except Problem as problem:
        st.error(sentence(problem))
        return
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        _nearest(table, measure)
    with right:
        _read(space, terms, ids, vector)
        if keep and len(table) and int(table["index"][0]) in ids:
            st.info(_("With its own words kept, the sum is nearest to one of them: it has hardly moved from there."))
        doubt(run, space.vocab, ids)
        small_corpus(run, space.vocab)


def _controls(space: Space) -> tuple[str, str, int, bool]:
    any_two = [f'"{space.vocab.words[i]}"' for i in frequent(space.vocab, 2)]
    start = [*(each[0] for each in fitting(space.vocab, EXAMPLES)), " + ".join(any_two)][0]
    line, measure, many, own = st.columns([3.2, 1.1, 0.8, 1.2], vertical_alignment="bottom")
    with line:
        text = typed(
            _("Expression"), "sum", start, icon=":material/function:", placeholder="2 * (king - man) + woman",
            help=_("Words with + and −, numbers as weights, brackets; full-width signs too. A hyphen is part of a word "
                   "where the vocabulary has that word, else a minus. Any word can be put in quotation marks."),
        )  # fmt: skip
    with measure:
        metric = choice(st.selectbox, _("Measure"), {name: measures()[name] for name in METRICS}, "metric")
    k = many.number_input(_("How many"), 3, 50, 10, key="k", bind="query-params")
    keep = own.toggle(_("Keep its own words"), key="keep", bind="query-params")
    return text, metric, int(k), bool(keep)


def _nearest(table: pd.DataFrame, measure: str) -> None:
    """The words nearest to the result; a click leads to a word's own neighbours."""
    columns = score_columns(table, measure)
    event = st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, on_select="rerun", selection_mode="single-cell",
        height=min(36 * len(table) + 38, 740), row_height=36,
        key=f"sum-{measure}-{'-'.join(map(str, table['index'][:6]))}",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(table):
        walk_to(str(table["word"].iloc[cells[0][0]]))
        choose("near", "words")
        st.rerun()
    csv_button(table.drop(columns="index"), "arithmetic", "sum-csv")


def _read(space: Space, terms: list[Term], ids: list[int], vector: np.ndarray) -> None:
    """How the expression was read: every word, its weight, its count, and how near the result still is to it."""
    st.markdown(_("**As it was read** :gray[every word's vector of length one, times its weight]"))
    st.markdown(" ".join(_spelled(term, first) for term, first in zip(terms, [True] + [False] * len(terms))))
    cosines = space.similarity_to(vector)
    table = pd.DataFrame({
        "word": [space.vocab.words[i] for i in ids], "weight": [term.weight for term in terms],
        "score": [float(cosines[i]) for i in ids], "count": space.vocab.counts[ids],
    })  # fmt: skip
    columns = {
        "word": st.column_config.TextColumn(_("word"), width=90),
        "weight": st.column_config.NumberColumn(_("weight"), format="%.3g", width=55),
        "score": score_column(table["score"].to_numpy(), _("cosine to the sum")),
        "count": st.column_config.NumberColumn(_("count"), format="localized", width=60),
    }  # fmt: skip
    st.dataframe(table, hide_index=True, column_config=columns, height="content", key="sum-read")


def _spelled(term: Term, first: bool) -> str:
    """A term as people write it: "− 2 man"."""
    size = abs(term.weight)
    number = "" if abs(size - 1) < 1e-9 else f"{size:.3g} "
    sign = "− " if term.weight < 0 else "" if first else "+ "
    return f"{sign}{number}**{markdown_safe(term.word, 30)}**"
