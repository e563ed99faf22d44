"""What stands behind one score: sections and answers, pairs, groups; and the words that are not known."""

from typing import Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.store import RunRow
from core.store.benchmarks import BenchmarkRow
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.tables import csv_button


def show(several: list[RunRow], sets: list[BenchmarkRow], found: dict[str, Answer]) -> None:
    """The details of a set and run that can be chosen."""
    st.subheader(_("Behind a score"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {row.id: row.name for row in sets}
        identity = choice(st.selectbox, _("Test set"), names, "score-set", width=280)
        of = several[0].id
        if len(several) > 1:
            of = choice(st.selectbox, _("Run"), {run.id: run.name for run in several}, "score-of", width=280)
    row = next(each for each in sets if each.id == identity)
    score = found[of].facts["scores"][identity]
    st.caption(" · ".join(part for part in (_(row.about), row.owed) if part))
    if score["value"] is None:
        text = _("Too few of its words are known to this run ({known} of {all} questions): there is no score.")
        st.info(text.format(known=score["known"], all=score["of"]))
    tables = {name: pd.DataFrame(columns) for name, columns in score["tables"].items()}
    left, right = st.columns([2.2, 1], gap="large")
    with left:
        SHOWN[row.kind](tables, identity)
    with right:
        _missing(tables["missing"], identity)


def _number(title: str, form: str = "%.3f", **more: Any) -> Any:
    return st.column_config.NumberColumn(title, format=form, **more)


def _pairs(tables: dict[str, pd.DataFrame], identity: str) -> None:
    """Where people and vectors differ most."""
    st.markdown(_("**Pairs** :gray[those first that people and vectors place most differently]"))
    shares = _("the share of pairs that are placed below this one")
    columns: dict[str, Any] = {
        "first": _("first word"), "second": _("second word"), "human": _number(_("people"), "%.2f"),
        "cosine": _number(_("cosine")), "human_rank": _number(_("place by people"), "percent", help=shares),
        "cosine_rank": _number(_("place by cosine"), "percent", help=shares),
    }  # fmt: skip
    _table(tables["pairs"], columns, f"pairs-{identity}")


def _analogies(tables: dict[str, pd.DataFrame], identity: str) -> None:
    """Each section with its baselines, then the answers, wrong ones first."""
    st.markdown(_("**Sections**"))
    sections = tables["sections"]
    if len(sections):
        sections["coverage"] = [_("{known} of {all}").format(known=known, all=of)
                                for known, of in zip(sections["known"], sections["of"])]  # fmt: skip
    columns: dict[str, Any] = {
        "section": _("section"), "value": _number(_("answered right"), "percent"), "low": _number(_("from"), "percent"),
        "high": _number(_("to"), "percent"), "coverage": _("known questions"),
        "frequency": _number(_("by frequency"), "percent", help=_("always the most frequent answer of the section")),
        "nearest": _number(_("nearest to c"), "percent", help=_("without an analogy (Linzen 2016)")),
    }  # fmt: skip
    _table(sections, columns, f"sections-{identity}")
    st.markdown(_("**Answers** :gray[the wrong ones first]"))
    columns = {
        "a": "a",
        "b": "b",
        "c": "c",
        "d": _("right answer"),
        "answer": _("was answered"),
        "section": _("section"),
    }
    _table(tables["answers"], columns, f"answers-{identity}")


def _categories(tables: dict[str, pd.DataFrame], identity: str) -> None:
    """The groups that the vectors form, and what is in the wrong one."""
    if "groups" not in tables:
        return
    st.markdown(_("**Groups** :gray[k-means over directions, as many groups as there are kinds]"))
    columns: dict[str, Any] = {
        "kind": _("mostly"), "pure": _("of that kind"), "size": _("words"), "words": _("its words"),
        "others": _("words of other kinds"),
    }  # fmt: skip
    _table(tables["groups"], columns, f"groups-{identity}")


def _missing(table: pd.DataFrame, identity: str) -> None:
    """The questions that could not be asked."""
    st.markdown(_("**Not in the vocabulary** :gray[left out of the score]"))
    if table.empty:
        st.caption(_("Every word of this set is known."))
        return
    _table(table, {"question": _("question"), "unknown": _("unknown words")}, f"missing-{identity}")


def _table(table: pd.DataFrame, columns: dict[str, Any], key: str) -> None:
    """A table of words and numbers, at most 420 pixels high, and its file."""
    if table.empty:
        st.caption("–")
        return
    tall: Any = "content" if len(table) <= 11 else 420
    st.dataframe(table[list(columns)], hide_index=True, column_config=columns, height=tall, key=key)
    csv_button(table, key, f"{key}-csv")


SHOWN = {"similarity": _pairs, "analogies": _analogies, "categories": _categories}
