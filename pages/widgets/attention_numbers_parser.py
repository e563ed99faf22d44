"""Heads as parsers: the best one for each relation of parsed sentences, beside the best fixed offset."""

from typing import Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.attention_heads import label
from core.store import RunRow
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_heads import take
from pages.widgets.controls import choice
from pages.widgets.drop import drop
from pages.widgets.i18n import _
from pages.widgets.state import store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

ALL = "*"
ENDINGS = ["conllu", "conll", "txt", "gz", "xz"]


def show(run: RunRow) -> None:
    """Where the parsed sentences come from, then a row for each relation."""
    left, right = st.columns([1, 1.9], gap="large")
    with left:
        asked = _source(run)
    with right:
        if asked is None:
            st.info(
                _("Bring a CoNLL-U file, such as a treebank of Universal Dependencies, to see which head parses it.")
            )
            return
        found = answer("parser", run=run.id, **asked)
        if found is not None:
            _table(run, found)
    _told()


def _source(run: RunRow) -> dict[str, Any] | None:
    """The sample in the run's language, or a file of the person's own; None while there is none."""
    ways = {"sample": _("A small sample"), "file": _("A file")}
    way = choice(st.segmented_control, _("Parsed sentences"), ways, "parsed", required=True)
    if way == "sample":
        st.caption(_("A few short sentences written for this page: enough to see how it works, too few to trust."))
        return {"sample": "zh" if store().vocab(run.id).language == "zh" else "en"}
    given = drop(_("CoNLL-U"), "conllu-file", accept=ENDINGS, most_files=1)
    st.caption(_("The first 1,000 sentences are read; longer ones than the run can see are left out."))
    return {"path": str(given[0].path), "name": given[0].name} if given else None


def _table(run: RunRow, found: Answer) -> None:
    facts = found.facts
    if not facts["rows"]:
        st.info(_("No relation occurs five times in both halves of these sentences: bring more."))
        return
    sides = {0: _("word → its head"), 1: _("head → its word")}
    rows = pd.DataFrame([
        {
            "relation": _("all relations") if row["relation"] == ALL else row["relation"], "n": row["n"],
            "head": label(row["layer"], row["head"]), "side": sides[row["side"]],
            "accuracy": 100 * row["accuracy"], "interval": f"{100 * row['low']:.0f} – {100 * row['high']:.0f}",
            "offset": row["offset"], "offset_accuracy": 100 * row["offset_accuracy"],
            "gain": 100 * (row["accuracy"] - row["offset_accuracy"]),
        }
        for row in facts["rows"]
    ])  # fmt: skip
    number = lambda name, form: st.column_config.NumberColumn(name, format=form)  # noqa: E731
    columns: dict[str, Any] = {
        "relation": _("relation"), "n": number(_("words"), "localized"), "head": _("best head"),
        "side": _("looks from"),
        "accuracy": number(_("right"), "%.0f %%"), "interval": _("95 %"), "offset": number(_("best offset"), "%+d"),
        "offset_accuracy": number(_("right with it"), "%.0f %%"), "gain": number(_("gained"), "%+.0f"),
    }  # fmt: skip
    key = f"parser-{run.id}"
    event = st.dataframe(rows, hide_index=True, column_config=columns, key=key, on_select="rerun",
                         selection_mode="single-row", height=min(440, 38 + 35 * len(rows)))  # fmt: skip
    chosen = event["selection"]["rows"]
    if chosen and st.session_state.get(f"{key}-row") != chosen[0]:
        best = facts["rows"][chosen[0]]
        take(best["layer"], best["head"])
    st.session_state[f"{key}-row"] = chosen[0] if chosen else None
    said = _("{n} sentences; {left} left out as too long. {unknown} of the words are unknown to the run.")
    st.caption(said.format(n=f"{facts['sentences']:,}", left=f"{facts['left_out']:,}",
                           unknown=f"{facts['unknown']:.0%}"))  # fmt: skip
    if facts["unknown"] > 0.3:
        st.warning(_("So many words are unknown to {run} that this says little of its heads.").format(
            run=markdown_safe(run.name)))  # fmt: skip
    csv_button(rows, "parser", f"parser-csv-{run.id}")


def _told() -> None:
    with st.expander(_("How a head parses, and what was found in BERT"), icon=":material/account_tree:"):
        st.markdown(_(
            "For each word that has a syntactic head, the other word that it looks at most is the guess (or the one "
            "that looks at it most: the better direction is taken). Beside it stands the best fixed offset, such as "
            "“the next word”. Both are chosen on every second sentence and scored on the others, so the best of many "
            "heads is not favoured by chance. Punctuation is left out; a row chooses the head for *Look*.\n\n"
            "Clark et al. (2019) found heads of BERT-base that are right for determiners 94 % of the time (best "
            "offset 52 %), direct objects 87 % (40 %), passive auxiliaries 94 % (83 %), possessives 81 % (48 %); but "
            "no single head parses: over all relations the best has 35 %, the best offset 27 %.\n\n"
            "all-MiniLM-L6-v2, a small BERT of six layers, shows the same on sentences of up to 40 words among "
            "the first 500 of English web text (UD EWT, dev): determiners 79 % (57 %), "
            "objects 67 % (31 %), over all relations 42 % (33 %)."
        ))  # fmt: skip
