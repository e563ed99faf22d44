"""The scores of the Evaluate page: which runs and sets, a figure, a table, and what stands behind one score."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.explore.agreement import MOST_SPACES
from core.figures.scores import height, score_dots
from core.store import RunRow
from core.store.benchmarks import BenchmarkRow, benchmarks
from pages.widgets import evaluating_details, frame, mapping
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.neighbour_runs import beside
from pages.widgets.plot import plot
from pages.widgets.state import choose, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

AMONG = {"300000": 300_000, "30000": 30_000}
COLUMNS = ("value", "low", "high")


def measures() -> dict[str, str]:
    return {"spearman": _("Spearman's ρ"), "accuracy": _("accuracy"), "purity": _("purity")}


def languages() -> dict[str, str]:
    return {"en": _("English sets"), "zh": _("Chinese sets")}


def runs(run: RunRow) -> list[RunRow]:
    """The run in use and those beside it."""
    return [run, *beside(run)][:MOST_SPACES]


def language_of(run: RunRow) -> str:
    """ "zh" for a run whose words are Chinese, else "en"."""
    return "zh" if mapping.space(run.id).vocab.language == "zh" else "en"


def sets_of(language: str) -> list[BenchmarkRow]:
    """The test sets for a language, a person's own included."""
    return [row for row in benchmarks(store().home) if row.language in (language, "")]


def show(run: RunRow) -> None:
    """Scores of the runs on the sets of a language."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        language = choice(st.segmented_control, _("Test sets"), languages(), "tests", default=language_of(run),
                          required=True)  # fmt: skip
        with st.container(width=420):
            several = runs(run)
        with st.popover(_("How analogies are answered"), icon=":material/tune:"):
            how = _how()
    sets = sets_of(language)
    found = {}
    for each in several:
        scores = answer("evaluated", run_id=each.id, sets=[row.id for row in sets], **how)
        if scores is not None:
            found[each.id] = scores
    if not found:
        return
    table = _table([each for each in several if each.id in found], sets, found)
    _figure(table, found)
    _numbers(table)
    evaluating_details.show([each for each in several if each.id in found], sets, found)


def _how() -> dict[str, Any]:
    """How the best answer to an analogy is found."""
    names = {"add": "3CosAdd", "mul": "3CosMul"}
    formula = choice(st.segmented_control, _("Formula"), names, "formula", required=True)
    words = {"300000": _("all words"), "30000": _("the 30,000 most frequent")}
    among = choice(st.selectbox, _("Answers are looked for among"), words, "answers-among")
    st.caption(_(
        "a : b :: c : ? is answered by the word nearest to b − a + c, a, b and c left out. 3CosMul multiplies the "
        "three cosines instead (Levy & Goldberg 2014). Among fewer words fewer answers are wrong, and fewer questions "
        "known."
    ))  # fmt: skip
    return {"formula": formula, "among": AMONG[among]}


def labels(several: list[RunRow]) -> dict[str, str]:
    """What each run is called, no two the same."""
    names = [run.name for run in several]
    return {run.id: run.name if names.count(run.name) == 1 else f"{run.name} ({run.id})" for run in several}


def _table(several: list[RunRow], sets: list[BenchmarkRow], found: dict[str, Answer]) -> pd.DataFrame:
    """A row for each set and run with what the figure and the table show."""
    rows, names = [], labels(several)
    for each in sets:
        for run in several:
            score = found[run.id].facts["scores"][each.id]
            rows.append({"set_id": each.id, "run_id": run.id, "set": each.name, "run": names[run.id], **_row(score)})
    return pd.DataFrame(rows)


def _row(score: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: _float(score[name]) for name in COLUMNS}
    baselines = score["baselines"]
    random = baselines["random"]
    numbers |= {"random": _float(random["value"]), "random_low": _float(random["low"]),
                "random_high": _float(random["high"])}  # fmt: skip
    for name in ("frequency", "nearest"):
        numbers[name] = _float(baselines.get(name, {}).get("value"))
    figures = " · ".join(f"{one['value']:.3f} ({count(one['tokens'])})" for one in score["published"])
    return {"measure": score["measure"], "known": score["known"], "of": score["of"], **numbers, "published": figures}


def _float(value: float | None) -> float:
    return math.nan if value is None else value


def _figure(table: pd.DataFrame, found: dict[str, Answer]) -> None:
    """The dots; a click on one shows what stands behind it."""
    names = _("guessing at random"), _("by frequency alone"), _("published")
    marks = _published(table, found)
    figure = score_dots(table, mode=frame.mode(), title=_("Scores on test sets"), names=names, published=marks)
    tall = height(table["set"].nunique(), table["run"].nunique())
    event = plot(figure, key=f"scores-{len(found)}", height=tall)
    if event.fresh and event.clicked is not None:
        choose("score-set", str(table["set_id"][event.clicked]))
        choose("score-of", str(table["run_id"][event.clicked]))
        st.rerun()
    st.caption(_(
        "A dot is a score with its 95 % interval, as if questions came independently; those of one set share words. "
        "Shaded: where guessing at random lands; a score inside the shade says nothing. Click a dot for what stands "
        "behind it."
    ))  # fmt: skip
    if len(marks):
        told = [f"{value:.3f}: {text}" for value, text in dict.fromkeys(zip(marks["value"], marks["text"]))]
        told.append(_("Scores grow with the corpus: figures of corpora of other sizes do not compare."))
        st.caption("  \n".join(told))


def _published(table: pd.DataFrame, found: dict[str, Answer]) -> pd.DataFrame:
    """The figures of others, each on the line of the run whose method it is of."""
    rows = [
        (row.set, row.run, one["value"], _source(one["source"], one["tokens"]))
        for row in table.itertuples()
        for one in found[str(row.run_id)].facts["scores"][row.set_id]["published"]
    ]
    return pd.DataFrame(rows, columns=["set", "run", "value", "text"])


def _source(source: str, tokens: float) -> str:
    return _("{source}, {tokens} words of text").format(source=_(source), tokens=count(tokens))


def _numbers(table: pd.DataFrame) -> None:
    """The same as a table."""
    shown = table.assign(
        measure=[measures()[name] for name in table["measure"]],
        interval=[f"{low:.3f} – {high:.3f}" if low == low else "–" for low, high in zip(table["low"], table["high"])],
        coverage=[_("{known} of {all}").format(known=known, all=of) for known, of in zip(table["known"], table["of"])],
    )
    number = st.column_config.NumberColumn
    random, often = _("what guessing reaches on average"), _("what knowing only how often words occur reaches")
    columns: dict[str, Any] = {
        "set": _("test set"), "run": _("run"), "measure": _("measure"),
        "value": number(_("score"), format="%.3f"), "interval": _("95 % interval"),
        "coverage": st.column_config.TextColumn(_("known questions"), help=_("those whose words are all known")),
        "random": number(_("at random"), format="%.3f", help=random),
        "frequency": number(_("by frequency"), format="%.3f", help=often),
        "published": st.column_config.TextColumn(_("published (corpus)"), help=_("see the sources above")),
    }  # fmt: skip
    st.dataframe(shown[list(columns)], hide_index=True, column_config=columns, height="content", key="scores-table")
    csv_button(shown.drop(columns=["set_id", "run_id"]), "scores", "scores-csv")


def summary(run: RunRow) -> None:
    """The scores of one run in short, for the page of runs."""
    if run.state not in ("done", "stopped") or "WordVectors" not in run.capabilities:
        return
    sets = sets_of(language_of(run))
    st.markdown(_("**Scores** :gray[beside guessing at random and what frequency alone reaches]"))
    found = answer("evaluated", run_id=run.id, sets=[row.id for row in sets], formula="add", among=AMONG["300000"])
    if found is None:
        return
    table = _table([run], sets, {run.id: found})
    st.page_link("pages/evaluate.py", label=_("Evaluate {name}").format(name=markdown_safe(run.name)),
                 icon=":material/fact_check:", query_params={"run": run.id})  # fmt: skip
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "set": _("test set"), "value": number(_("score"), format="%.3f"),
        "coverage": _("known questions"), "random": number(_("at random"), format="%.3f"),
        "frequency": number(_("by frequency"), format="%.3f"),
    }  # fmt: skip
    known = [_("{known} of {all}").format(known=known, all=of) for known, of in zip(table["known"], table["of"])]
    shown = table.assign(coverage=known)[list(columns)]
    st.dataframe(shown, hide_index=True, column_config=columns, height="content", key=f"scores-of-{run.id}")
