"""The words nearest to a word, in the original space: in one run with all numbers, or in up to six side by side."""

from typing import Any

import pandas as pd
import streamlit as st

from core.explore import Space
from core.problem import Problem
from core.store import RunRow
from pages.widgets import mapping, neighbour_beside, neighbour_runs
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.neighbour_doubt import doubt, head
from pages.widgets.neighbour_scope import How, Near, measures, plain_sentence, score_columns, walk_to, word_in_use
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe


def show(run: RunRow) -> None:
    """The word, the runs that are asked, and what is near it in them."""
    space = mapping.space(run.id)
    if not len(space.vocab):
        st.info(_("This run knows no words."))
        return
    word = word_in_use(space)
    how, others = _controls(run)
    runs = [run, *others]
    hubs = {each.id: _hubs(each) for each in runs} if how.measure == "csls" else {}
    if None in hubs.values():
        return
    found = [near(each, word, how, hubs.get(each.id)) for each in runs]
    if others:
        neighbour_beside.show(found, word, how.k)
    else:
        _alone(found[0], space, word, how)


def _controls(run: RunRow) -> tuple[How, list[RunRow]]:
    """One row: the word, how near is counted, how many, how frequent, and which other runs stand beside."""
    word, measure, many, often, beside, more = st.columns([1.5, 1.25, 0.8, 0.8, 1.9, 0.62], vertical_alignment="bottom")
    st.session_state["near-word"] = word_in_use(mapping.space(run.id))
    word.text_input(
        _("Word"), key="near-word", max_chars=100, icon=":material/search:",
        on_change=_typed,
    )  # fmt: skip
    with measure:
        name = choice(st.selectbox, _("Measure"), measures(), "metric")
    k = many.number_input(_("How many"), 3, 50, 10, key="k", bind="query-params")
    least = often.number_input(_("Occur at least"), 1, 1_000_000, 1, key="least", bind="query-params")
    with beside:
        others = neighbour_runs.beside(run)
    with more:
        explained()
    return How(name, int(k), int(least)), others


def _typed() -> None:
    """A word was typed; nothing typed leaves the one in use."""
    if text := st.session_state["near-word"].strip():
        walk_to(text)


def explained() -> None:
    """What the measures say, behind a button."""
    with st.popover("", icon=":material/functions:", help=_("How near is counted")):
        st.latex(r"\cos(x, y) = \frac{x \cdot y}{\lVert x \rVert\,\lVert y \rVert}")
        st.latex(r"\mathrm{CSLS}(x, y) = 2\cos(x, y) - r(x) - r(y)")
        st.caption(_(
            "All in the original space, nothing projected, every word compared. The cosine looks at directions only; "
            "the Euclidean distance and the dot product at lengths too, and frequent words often have longer vectors. "
            "r is a word's mean cosine to its 10 nearest: CSLS takes it away, so that hubs, words that are near very "
            "many others, come later (Conneau et al. 2018)."
        ))  # fmt: skip


def _hubs(run: RunRow) -> Any:
    """Every word's mean similarity to its nearest, computed once for a run; None while it is being computed."""
    return answer("hubs", run_id=run.id)


def near(run: RunRow, word: str, how: How, hubs: Any) -> Near:
    """What is near a word in one run; a word it has never seen may be composed of its parts, or is told of."""
    space = mapping.space(run.id)
    means = None if hubs is None else hubs.arrays["means"]
    query: Any = space.vocab.get(word)
    composed = query is None
    if composed:
        query = neighbour_runs.composed(run, word)
    if query is None:
        return Near(run, pd.DataFrame(), neighbour_runs.unseen(run, word))
    try:
        table = space.neighbours(query, how.k, how.measure, hubs=means,
                                 among=space.frequent(how.least) if how.least > 1 else None)  # fmt: skip
    except Problem as problem:
        return Near(run, pd.DataFrame(), plain_sentence(problem))
    if hubs is not None:
        table["times"] = hubs.arrays["times"][table["index"].to_numpy()]
    return Near(run, table, composed=composed)


def _alone(found: Near, space: Space, word: str, how: How) -> None:
    """One run: the table of neighbours, and beside it what is to be known of the word."""
    left, right = st.columns([1.45, 1], gap="large")
    with left if found.note else right:
        _about(found, space, word)
    with right:
        if space.vocab.get(word) is not None:
            neighbour_runs.seeds(found.run, word, how)
    with left:
        if len(found.table):
            _table(found, word, how)
        elif not found.note:
            st.info(_("No other word occurs so often: lower the threshold."))


def _about(found: Near, space: Space, word: str) -> None:
    """The word, its count and place, the ways on from here, and what makes its vector doubtful."""
    index = space.vocab.get(word)
    if index is None:
        st.subheader(markdown_safe(word), anchor=False)
        if found.composed:
            st.info(_(
                "{word} does not occur in what this run has read: its vector is composed of the vectors of its parts, "
                "the runs of letters that it shares with known words."
            ).format(word=markdown_safe(word)))  # fmt: skip
        else:
            st.info(markdown_safe(found.note, 400))
        _spelled(space, word)
        return
    head(found.run, space.vocab, index)
    if found.note:
        st.error(markdown_safe(found.note, 400))
    doubt(found.run, space.vocab, [index])
    _way_back()


def _spelled(space: Space, word: str) -> None:
    """Known words that are spelled nearly so."""
    spelled = space.vocab.near(word)
    if spelled:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Spelled nearly so:"), width="content")
            for each in spelled:
                st.button(markdown_safe(each), key=f"spelled-{space.vocab.index(each)}", type="tertiary",
                          on_click=walk_to, args=(each,))  # fmt: skip


def _way_back() -> None:
    """The words that led here, each a step back."""
    walk = st.session_state.get("walk", [])[:-1]
    if walk:
        with st.container(horizontal=True):
            for place, step in enumerate(walk):
                st.button(f"{markdown_safe(step, 20)} ›", key=f"walk-{place}", type="tertiary", on_click=walk_to,
                          args=(step,))  # fmt: skip


def _table(found: Near, word: str, how: How) -> None:
    """Rank, word, nearness as a bar, count; a click walks on."""
    table = found.table
    columns = score_columns(table, how.measure)
    if "times" in table:
        columns["times"] = st.column_config.NumberColumn(
            _("near to"), format="localized", width=90,
            help=_("Of how many words it is one of the 10 nearest: large for hubs."),
        )  # fmt: skip
    event = st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, on_select="rerun", selection_mode="single-cell",
        height=min(36 * len(table) + 38, 740), row_height=36,
        key=f"near-{found.run.id}-{mapping.space(found.run.id).vocab.get(word)}-{how}",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(table):
        walk_to(str(table["word"].iloc[cells[0][0]]))
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(table.drop(columns="index"), "neighbours", "near-csv")
        st.caption(_("Click a word to walk on. Exact, in the original space, {d} dimensions.").format(
            d=mapping.space(found.run.id).vectors.shape[1]))  # fmt: skip
