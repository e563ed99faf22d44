"""The parts of classifying: how well each set of features does, and what is confused with what."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.confusion import classes_shown, classifier_dots, confusion_matrix
from core.store import CorpusRow
from pages.widgets import classifying_texts, frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.documents_sources import feature_sets, label_columns
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

AT_ONCE = 20_000  # documents: more are classified when a person says so
FIRST = ("one-hot", "counts", "tf-idf", "lsa")
BESIDE = 12  # classes: a larger matrix has the whole width
NONE = "none"  # of the features, in the link


@dataclass(frozen=True)
class Asked:
    """What is classified by what: the arguments of the question, and what the sets of features are called."""

    row: CorpusRow
    arguments: dict[str, Any]
    sets: list[str]
    names: dict[str, str]


def method_names() -> dict[str, str]:
    return {"logistic": _("logistic regression"), "centroid": _("nearest centroid")}


def show(row: CorpusRow) -> None:
    """All of it: the scores, what was confused, then errors, words, or a text of one's own."""
    columns = label_columns(row)
    if not columns:
        _no_labels()
        return
    asked = _controls(row, columns)
    if not asked.sets:
        st.info(_("Choose at least one set of features."))
        return
    if row.facts["documents"] > AT_ONCE and not _agreed(row, asked):
        return
    found = answer("classify", sets=asked.sets, **asked.arguments)
    if found is None:
        return
    _headline(asked, found.facts)
    which = _scores(asked, found.facts)
    cell = _confusion(asked, found, which)
    classifying_texts.show(asked.row, asked.arguments, found, which, cell)


def _no_labels() -> None:
    st.info(_(
        "This corpus has no column whose values repeat, so there are no classes to tell apart. Add a table with a "
        "column of labels, or try one of the samples with topics."
    ))  # fmt: skip
    if st.button(_("Add a corpus"), type="primary", icon=":material/add:"):
        choose("view", "add")
        st.switch_page("pages/corpus.py", query_params={"view": "add"})


def _controls(row: CorpusRow, columns: list[str]) -> Asked:
    """One row: the column of the classes, the features, and how they are held against each other."""
    first, second, third = st.columns([1.2, 3, 0.9], vertical_alignment="bottom")
    with first:
        column = choice(st.selectbox, _("Classes"), {name: name for name in columns}, "label")
    names = feature_sets(row)
    with second:
        sets = _sets(names)
    with third.popover(_("Settings"), icon=":material/tune:", width="stretch"):
        folds = st.slider(
            _("Folds"), 2, 10, 5, key="folds", bind="query-params",
            help=_("Each document is classified by what was learned from the other folds."),
        )  # fmt: skip
        balanced = st.toggle(
            _("Rare classes count as much"), key="balanced", bind="query-params",
            help=_("Logistic regression weighs documents so that every class has the same weight."),
        )  # fmt: skip
    return Asked(row, {"corpus_id": row.id, "column": column, "folds": folds, "balanced": balanced}, sets, names)


def _sets(names: dict[str, str]) -> list[str]:
    """The sets of features chosen, in the order in which they are offered; kept in the link."""
    newest = [name for name in names if name.startswith("mean:")][:1]
    asked = chosen("sets")
    current = [name for name in names if name in asked.split(",")] if asked else []
    st.session_state["sets_choice"] = current if current or asked == NONE else [*FIRST, *newest]

    def take() -> None:
        choose("sets", ",".join(st.session_state["sets_choice"]) or NONE)

    taken = st.multiselect(
        _("Features"), list(names), key="sets_choice", format_func=lambda name: names[name], on_change=take
    )
    return [name for name in names if name in taken]


def _agreed(row: CorpusRow, asked: Asked) -> bool:
    """Many documents take minutes: a person says when."""
    key = f"classify-{row.id}-{asked.arguments['column']}"
    if st.session_state.get(key):
        return True
    st.info(_("Classifying {n} documents takes some minutes.").format(n=f"{row.facts['documents']:,}"))
    if st.button(_("Classify them"), type="primary", icon=":material/play_circle:"):
        st.session_state[key] = True
        st.rerun()
    return False


def _headline(asked: Asked, facts: dict[str, Any]) -> None:
    """The best in one sentence, beside the baseline; what was left out."""
    table, best = facts["scores"], facts["best"]
    said = _(
        "**{features}** with **{method}** names the right one of {k} classes for **{share}** of {n} held-out "
        "documents; always naming the most frequent class is right for {baseline}."
    )
    st.markdown(said.format(
        features=markdown_safe(asked.names[table["features"][best]]), method=method_names()[table["method"][best]],
        share=f"{table['accuracy'][best]:.1%}", k=len(facts["classes"]), n=f"{sum(facts['sizes']):,}",
        baseline=f"{facts['majority']:.1%}",
    ))  # fmt: skip
    left = []
    if facts["unlabelled"]:
        left.append(_("{n} documents without a label are left out").format(n=f"{facts['unlabelled']:,}"))
    if facts["left_out"]:
        alone = ", ".join(markdown_safe(name, 30) for name in facts["left_out"][:5])
        said = _("{n} classes with one document cannot be learned and are left out ({names})")
        left.append(said.format(n=len(facts["left_out"]), names=alone))
    if left:
        st.caption(" · ".join(left))


def _scores(asked: Asked, facts: dict[str, Any]) -> int:
    """Every set with every method, as dots with their intervals; which result is looked into."""
    table = pd.DataFrame(facts["scores"])
    named = table.assign(features=[asked.names[name] for name in table["features"]])
    results = {f"{row.features}|{row.method}": i for i, row in enumerate(table.itertuples())}
    asked_for = chosen("result")
    which = results.get(asked_for or "", facts["best"])
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        measures = {"accuracy": _("accuracy"), "macro_f1": _("macro-F1")}
        measure = choice(
            st.segmented_control, _("Measure"), measures, "score", required=True, label_visibility="collapsed"
        )
        baseline = facts["majority"] if measure == "accuracy" else facts["majority_f1"]
        figure = classifier_dots(
            named, measure, mode=frame.mode(), title=_("Classifiers"), x_title=measures[measure], baseline=baseline,
            baseline_name=_("most frequent class"), methods=method_names(),
        )  # fmt: skip
        figure.update_layout(legend_y=1.06 + 0.1 / len(asked.sets), margin_t=66)  # above the baseline's name
        event = plot(figure, key="class-dots", height=140 + 62 * len(asked.sets))
        if event.fresh and event.clicked is not None and event.clicked < len(table):
            choose("result", list(results)[event.clicked])
            st.rerun()
        said = _(
            "{folds}-fold cross-validation, the same folds for all; idf, SVD and weights are learned from the other "
            "folds only. Lines: 95 % intervals of the mean (Nadeau and Bengio). Click a dot to look into it."
        )
        st.caption(" ".join([said.format(folds=facts["folds"]), *_about_runs(asked)]))
    with right:
        _paired(asked, facts)
    return which


def _about_runs(asked: Asked) -> list[str]:
    """Runs have read the held-out documents too, though not their labels."""
    if not any(":" in name for name in asked.sets):
        return []
    return [_("Runs have read all documents of the corpus, though not their labels.")]


def _paired(asked: Asked, facts: dict[str, Any]) -> None:
    """The best against each other result, on the same documents."""
    table, methods = pd.DataFrame(facts["paired"]), method_names()
    if not len(table):
        st.caption(_("With a second set of features, the two are compared here document by document."))
        return
    best = facts["scores"]["features"][facts["best"]], facts["scores"]["method"][facts["best"]]
    st.markdown(_("Against {features}, {method}").format(
        features=markdown_safe(asked.names[best[0]]), method=methods[best[1]]
    ))  # fmt: skip
    shown = pd.DataFrame({
        "features": [f"{asked.names[name]}, {methods[method]}"
                     for name, method in zip(table["features"], table["method"])],
        "difference": 100 * table["accuracy"],
        "p": table["p_holm"],
        "interval": [f"{100 * low:+.1f} … {100 * high:+.1f}"
                     for low, high in zip(table["accuracy_low"], table["accuracy_high"])],
        "only_this": table["only_this"], "only_best": table["only_reference"],
    })  # fmt: skip
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "features": text(_("features"), width=178),
        "difference": number(_("points"), format="%+.1f", help=_("Percentage points of accuracy."), width=58),
        "p": number("p", format="%.1g", width=64), "interval": text(_("95 %"), width=108),
        "only_this": number(_("only this right"), help=_("Documents that only this one classifies rightly.")),
        "only_best": number(_("only the best right")),
    }  # fmt: skip
    st.dataframe(
        shown, hide_index=True, column_config=columns, height="content" if len(shown) < 12 else 440, key="paired"
    )
    st.caption(_(
        "p: exact McNemar tests over documents, allowing for their number (Holm); the interval: a bootstrap over "
        "documents."
    ))  # fmt: skip
    csv_button(pd.DataFrame(facts["scores"]), "classifiers", "scores-csv")


def _confusion(asked: Asked, found: Answer, which: int) -> tuple[int, int] | None:
    """What was taken for what, by the result that is looked into; the cell that was clicked."""
    facts, table = found.facts, found.facts["scores"]
    features, method = asked.names[table["features"][which]], method_names()[table["method"][which]]
    st.subheader(_("{features}, {method}").format(features=markdown_safe(features), method=method), anchor=False)
    confusion = found.arrays["confusion"][which]
    shown = classes_shown(confusion)
    narrow = len(shown) <= BESIDE
    picture, about = st.columns([1.6, 1], gap="large") if narrow else (st.container(), st.container())
    with picture:
        hover = _("{count} of {total} documents of {true} are taken for {predicted} ({share})")
        figure = confusion_matrix(
            confusion[np.ix_(shown, shown)], [facts["classes"][i] for i in shown], mode=frame.mode(),
            title=_("Confusion matrix"), x_title=_("class given"), y_title=_("true class"), hover=hover,
            sizes=confusion.sum(axis=1)[shown],
        )  # fmt: skip
        event = plot(figure, key=f"confusion-{which}", height=min(760, 170 + 44 * len(shown)))
        if event.fresh and event.cell is not None and max(event.cell) < len(shown):
            choose("cell", "-".join(str(shown[place]) for place in event.cell))
            choose("part", "errors")
            st.rerun()
    with about:
        st.markdown(_said(confusion, facts["classes"]))
        if len(shown) < len(facts["classes"]):
            said = _("Of {all} classes, the {n} with the most errors are shown.")
            st.caption(said.format(all=f"{len(facts['classes']):,}", n=len(shown)))
        st.caption(_(
            "Rows are the true classes; blue cells were classified rightly, orange ones wrongly. Click a cell to read "
            "its documents."
        ))  # fmt: skip
    return _cell(len(facts["classes"]))


def _said(confusion: np.ndarray, classes: list[str]) -> str:
    """What is recognised best and worst, and what is confused most, as sentences."""
    totals, right = confusion.sum(axis=1), np.diagonal(confusion)
    shares = right / np.maximum(totals, 1)
    wrong = confusion - np.diag(right)
    best, worst = int(shares.argmax()), int(shares.argmin())
    sentences = (_("Recognised best: **{name}**, {share}."), best), (_("Worst: **{name}**, {share}."), worst)
    lines = [said.format(name=markdown_safe(classes[i]), share=f"{shares[i]:.0%}") for said, i in sentences]
    if wrong.any():
        i, j = np.unravel_index(int(wrong.argmax()), wrong.shape)
        lines.append(_("Confused most: {n} documents of **{true}** were taken for **{given}**.").format(
            n=int(wrong[i, j]), true=markdown_safe(classes[i]), given=markdown_safe(classes[j])
        ))  # fmt: skip
    return "  \n".join(lines)


def _cell(classes: int) -> tuple[int, int] | None:
    parts = (chosen("cell") or "").split("-")
    if len(parts) != 2 or not all(part.isdigit() and int(part) < classes for part in parts):
        return None
    return int(parts[0]), int(parts[1])
