"""Neighbours in several runs side by side, and the words on which those runs differ most."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explore.agreement import mean_shared
from core.figures.neighbours import Column, neighbour_columns
from pages.widgets import frame, mapping
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.neighbour_doubt import doubt, head
from pages.widgets.neighbour_scope import Near, walk_to
from pages.widgets.plot import plot
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

ROW = 29  # pixels
WORDS = 2000  # over which runs are compared at first
LISTED = 3  # runs whose own neighbours the list of changes has room for


def show(found: list[Near], word: str, k: int) -> None:
    """The word, its neighbours in every run, and below the words to look at next."""
    first = mapping.space(found[0].run.id)
    index = first.vocab.get(word)
    wide = len(found) > LISTED
    left, right = st.columns([1, 1] if wide else [1, 3], gap="medium")
    with left:
        if index is None:
            st.subheader(markdown_safe(word), anchor=False)
        else:
            head(found[0].run, first.vocab, index)
        _doubts(found, word)
    with right if wide else left:
        _shared([each.table["word"].tolist() for each in found if len(each.table)], k)
        for each in found:
            if not len(each.table):
                st.caption(markdown_safe(each.note or _("No other word occurs so often: lower the threshold."), 400))
    with st.container() if wide else right:
        _columns(found, word)
    _changes(found, k)


def _shared(lists: list[list[str]], k: int) -> None:
    if len(lists) > 1:
        st.markdown(_("Two runs share **{shared}** of the {k} nearest on average.").format(
            shared=f"{mean_shared(lists):.1f}", k=min(k, max(map(len, lists)))))  # fmt: skip
        st.caption(_("A word that is near in several runs has one colour in all of them. Click a word to walk on."))


def _doubts(found: list[Near], word: str) -> None:
    """The rarest occurrence of the word in these runs is what one is warned of."""
    known = [(each.run, mapping.space(each.run.id).vocab) for each in found]
    rare = [(int(vocab.counts[vocab.index(word)]), run, vocab) for run, vocab in known if vocab.get(word) is not None]
    if rare:
        _times, run, vocab = min(rare, key=lambda each: each[0])
        doubt(run, vocab, [vocab.index(word)])


def _columns(found: list[Near], word: str) -> None:
    """A column a run."""
    words = list(dict.fromkeys(each for near in found for each in (near.table["word"] if len(near.table) else ())))
    ids = {each: i for i, each in enumerate(words)}
    columns = [_column(near, ids, (90 if len(found) <= LISTED else 78) // len(found)) for near in found]
    rows = max([len(near.table) for near in found] + [3])
    figure = neighbour_columns(columns, mode=frame.mode(), title=_("Neighbours of {word}").format(word=word))
    event = plot(figure, key=f"columns-{len(found)}", height=ROW * rows + 42)
    if event.fresh and event.clicked is not None and event.clicked < len(words):
        walk_to(words[event.clicked])
        st.rerun()


def shortened(name: str, longest: int) -> str:
    """A name cut in its middle: runs often differ at the end of theirs."""
    kept = max(2, longest - 1)
    return name if len(name) <= longest else f"{name[: kept - kept // 2]}…{name[-(kept // 2) :]}"


def _column(near: Near, ids: dict[str, int], letters: int) -> Column:
    table, name = near.table, shortened(near.run.name, letters)
    if not len(table):
        return Column(name, [], [], np.zeros(0), [], "–")
    scores = table["score"].to_numpy(np.float64)
    longest = max(1.0, float(np.abs(scores).max())) if (scores <= 1).all() else float(scores.max())
    numbers = [f"{score:.2f}" for score in scores]
    said = [
        f"{score:.3f} · {_('{n} occurrences').format(n=f'{count:,}')}" for score, count in zip(scores, table["count"])
    ]
    return Column(name, table["word"].tolist(), [ids[each] for each in table["word"]],
                  scores / longest, numbers, hover=said)  # fmt: skip


def _changes(found: list[Near], k: int) -> None:
    """The words that these runs disagree on most, to begin from."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(_("**Words whose neighbours differ most** :gray[between these runs]"), width="stretch")
        words = st.number_input(_("Among the most frequent"), 100, 20_000, WORDS, step=500, key="changed-among",
                                width=190)  # fmt: skip
    runs = [each.run for each in found]
    changed = answer("changed", run_id=runs[0].id, others=[run.id for run in runs[1:]], k=min(k, 25), words=int(words))
    if changed is None:
        return
    facts = changed.facts
    table = pd.DataFrame(facts["table"])
    names = {f"near_{i}": _("only in {run}").format(run=shortened(run.name, 30)) for i, run in enumerate(runs)}
    columns: dict[str, Any] = {
        "word": st.column_config.TextColumn(_("word"), width=120),
        "shared": st.column_config.ProgressColumn(
            _("shared of {k}").format(k=facts["k"]), format="%.1f", min_value=0, max_value=facts["k"], width=120
        ),
        "jaccard": st.column_config.NumberColumn("Jaccard", format="%.2f", width=80),
        "count": st.column_config.NumberColumn(_("count"), format="localized", width=80),
    }  # fmt: skip
    if len(runs) <= LISTED:
        columns |= {name: st.column_config.ListColumn(title, width=300) for name, title in names.items()}
    event = st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, on_select="rerun", selection_mode="single-cell",
        height=380, key=f"changed-{'-'.join(run.id for run in runs)}-{k}-{words}",
        width="stretch" if len(runs) <= LISTED else "content",
    )  # fmt: skip
    _follow(event, table)
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(_flat(table), "changed", "changed-csv")
        st.caption(_(
            "Over the {n} most frequent words that these runs have in common, two runs share {mean} of {k} neighbours "
            "on average; by chance it would be {chance}. Click a row to look at its word."
        ).format(
            n=f"{facts['n']:,}", mean=f"{facts['mean']:.1f}", k=facts["k"], chance=f"{facts['chance']:.2f}"
        ))  # fmt: skip


def _follow(event: Any, table: pd.DataFrame) -> None:
    """Look at the word of the row that was clicked, once."""
    cells = event["selection"]["cells"]
    picked = str(table["word"].iloc[cells[0][0]]) if cells and cells[0][0] < len(table) else None
    if picked is not None and st.session_state.get("changed-picked") != picked:
        st.session_state["changed-picked"] = picked
        walk_to(picked)
        st.rerun()
    st.session_state["changed-picked"] = picked


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """The table for a file: lists as text."""
    lists = {name: table[name].map(" ".join) for name in table if str(name).startswith("near_")}
    return table.drop(columns="id").assign(**lists)
