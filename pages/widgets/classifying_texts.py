"""Below the scores: errors to read, with the words that decided; each class's strongest words; a text of one's own."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.bars import word_bars
from core.figures.decision import decision_bars
from core.store import CorpusRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.documents_sources import names, read_button
from pages.widgets.i18n import _
from pages.widgets.lines import page
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button, open_word, word_table
from pages.widgets.text import markdown_safe

LISTED = 300  # documents of a cell, or errors
CLASSES = 12  # bars of a text's classes


def show(row: CorpusRow, arguments: dict[str, Any], found: Answer, which: int, cell: tuple[int, int] | None) -> None:
    """One of the three, as chosen."""
    table = found.facts["scores"]
    asked = {**arguments, "features": table["features"][which], "kind": table["method"][which]}
    parts = {"errors": _("Read the errors"), "words": _("Words of each class"), "text": _("Classify a text")}
    part = choice(st.segmented_control, _("Part"), parts, "part", required=True, label_visibility="collapsed")
    if part == "words":
        _words(row, asked)
    elif part == "text":
        _typed(row, asked)
    else:
        _errors(row, asked, found, which, cell)


def _errors(row: CorpusRow, asked: dict[str, Any], found: Answer, which: int, cell: tuple[int, int] | None) -> None:
    """The documents of a cell, or all errors, the most confident first; one of them to read."""
    listed = _listed(row, found, which, cell)
    classes = found.facts["classes"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if cell is None:
            st.caption(_("{n} errors, the surest first.").format(n=f"{listed.attrs['all']:,}"))
        else:
            said = _("{n} documents of {true} that were taken for {given}.")
            true, given = (markdown_safe(classes[i]) for i in cell)
            st.caption(said.format(n=f"{listed.attrs['all']:,}", true=true, given=given))
            st.button(_("All errors"), type="tertiary", icon=":material/close:", on_click=choose, args=("cell", None))
    if not len(listed):
        none = _("There are no errors: every held-out document was given its class.")
        st.info(none if cell is None else _("There is no such document."))
        return
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        columns = {
            "name": st.column_config.TextColumn(_("document"), width=150),
            "true": st.column_config.TextColumn(_("is"), width=90),
            "predicted": st.column_config.TextColumn(_("taken for"), width=90),
            "share": st.column_config.NumberColumn(_share_name(asked), format="%.2f", width=70),
        }  # fmt: skip
        event = st.dataframe(
            listed[list(columns)], hide_index=True, column_config=columns, key=f"errors-{which}-{cell}", height=430,
            on_select="rerun", selection_mode="single-cell",
        )  # fmt: skip
        csv_button(listed, "classified", "errors-csv")
    cells = event["selection"]["cells"]
    row_at = min(int(cells[0][0]), len(listed) - 1) if cells else 0
    with right:
        _document(row, asked, int(listed["document"].iloc[row_at]) - 1, str(listed["predicted"].iloc[row_at]))


def _share_name(asked: dict[str, Any]) -> str:
    return _("probability") if asked["kind"] == "logistic" else _("cosine")


def _listed(row: CorpusRow, found: Answer, which: int, cell: tuple[int, int] | None) -> pd.DataFrame:
    """document (from 1), name, true, predicted, share, share_true; attrs["all"]: how many there are."""
    arrays, classes = found.arrays, np.array(found.facts["classes"], object)
    targets, predicted, share = arrays["targets"], arrays["predicted"][which], arrays["share"][which]
    wanted = predicted != targets if cell is None else (targets == cell[0]) & (predicted == cell[1])
    rows = np.flatnonzero(wanted)
    rows = rows[np.argsort(-share[rows], kind="stable")]
    total, rows = len(rows), rows[:LISTED]
    documents = arrays["rows"][rows].tolist()
    listed = pd.DataFrame({
        "document": [each + 1 for each in documents], "name": names(store().corpus(row.id), documents),
        "true": classes[targets[rows]], "predicted": classes[predicted[rows]], "share": share[rows],
        "share_true": arrays["share_true"][which][rows],
    })  # fmt: skip
    listed.attrs["all"] = total
    return listed


def _document(row: CorpusRow, asked: dict[str, Any], document: int, predicted: str) -> None:
    """One held-out document: its text tinted by what decided, and the words as bars."""
    found = answer("decided", document=document, **asked)
    if found is None:
        return
    facts = found.facts
    st.markdown(f"**{markdown_safe(facts['name'])}**")
    said = _("It is **{true}** and was taken for **{given}**, by what the other folds taught.")
    if facts["chosen"] == facts["true"]:
        said = _("It is **{true}**, and was recognised; next came **{other}**.")
    st.markdown(said.format(
        true=markdown_safe(facts["true"]), given=markdown_safe(predicted), other=markdown_safe(facts["other"])
    ))  # fmt: skip
    _why(row, facts, f"decided-{document}")
    read_button(document, "read-error")


def _why(row: CorpusRow, facts: dict[str, Any], key: str) -> None:
    """The text with the words that spoke for one class or the other, and how much each gave."""
    if not facts["terms"]["word"]:
        st.caption(_("These features are vectors of whole documents, so no word can be said to have decided."))
        page([[text, kind] for text, kind, _weight in facts["runs"]], f"{key}-text", 220, row.facts["language"] or "")
        return
    sides = {"for": facts["chosen"], "against": facts["other"]}
    side = choice(st.segmented_control, _("Tint the words that spoke for"), sides, "spoke", required=True)
    sign = 1 if side == "for" else -1
    runs = [[text, kind, max(0.0, sign * weight)] for text, kind, weight in facts["runs"]]
    click = page(runs, f"{key}-text", 220, row.facts["language"] or "")
    figure = decision_bars(
        pd.DataFrame(facts["terms"]), mode=frame.mode(), title=_("What decided"),
        x_title=_("what the word adds to the difference of the two scores"), names=(facts["chosen"], facts["other"]),
    )  # fmt: skip
    event = plot(figure, key=f"{key}-bars", height=400)
    word = click.word if click.word is not None else event.clicked if event.fresh else None
    if word is not None:
        open_word(store().corpus(row.id).index.word(word), row.id)
    said = _("{n} known words and a constant of {bias} add up to a lead of {margin} for {chosen}.")
    st.caption(said.format(n=f"{facts['known']:,}", bias=f"{facts['bias']:+.3f}", margin=f"{facts['margin']:+.3f}",
                           chosen=markdown_safe(facts["chosen"])))  # fmt: skip


def _words(row: CorpusRow, asked: dict[str, Any]) -> None:
    """For each class the words that speak most for it."""
    found = answer("class_words", **asked)
    if found is None:
        return
    table = pd.DataFrame(found.facts["table"])
    if not len(table):
        st.info(_("These features are vectors of whole documents and not made of words; choose others above."))
        return
    runs: list[list[Any]] = []
    for name, part in table.groupby("class", sort=False):
        most = float(part["weight"].max()) or 1.0
        runs.append([f"{name}\n      ", -1])
        for word, kind, weight in zip(part["word"], part["id"], part["weight"]):
            runs += [[word, int(kind), round(0.15 + 0.85 * weight / most, 3)], ["   ", -1]]
        runs.append(["\n\n", -1])
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        click = page(runs, "class-words", 460, row.facts["language"] or "")
        if click.word is not None:
            open_word(store().corpus(row.id).index.word(click.word), row.id)
    with right:
        number = st.column_config.NumberColumn
        columns = {
            "class": st.column_config.TextColumn(_("class")), "word": st.column_config.TextColumn(_("word")),
            "weight": number(_("weight"), format="%.3f"), "documents": number(_("documents"), format="localized"),
        }  # fmt: skip
        word_table(table, "class-word-table", columns, file="class-words", corpus=row.id)
    st.caption(_(
        "Weight: what one unit of the word's weight adds to the score of the class, less the mean of all classes; "
        "learned from all labelled documents. The words that weigh most are those that tell this category from the "
        "others. Click a word to read its contexts."
    ))  # fmt: skip


def _typed(row: CorpusRow, asked: dict[str, Any]) -> None:
    """A text of one's own is classified at once."""
    text = st.text_area(
        _("A text to classify"), key="typed", height=110, placeholder=_("Type or paste a text, then press Ctrl+Enter.")
    )
    if not text.strip():
        if st.button(_("Try a document of the corpus"), icon=":material/casino:", on_click=_example, args=(row,)):
            st.rerun()
        return
    found = answer("classify_text", text=text[:20_000], **asked)
    if found is None:
        return
    facts = found.facts
    shares = np.array(facts["shares"])
    said = _("**{chosen}**, {share}; next {other}. {known} of {tokens} words are known.")
    if asked["kind"] == "centroid":
        said = _("**{chosen}**, cosine {cosine}; next {other}. {known} of {tokens} words are known.")
    best = float(shares.max())
    st.markdown(said.format(
        chosen=markdown_safe(facts["chosen"]), share=f"{best:.1%}", cosine=f"{best:.3f}",
        other=markdown_safe(facts["other"]), known=facts["known"], tokens=facts["tokens"],
    ))  # fmt: skip
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        order = np.argsort(-shares, kind="stable")[:CLASSES]
        figure = word_bars(
            [facts["classes"][i] for i in order], np.maximum(shares[order], 0), mode=frame.mode(),
            title=_("Classes"), ids=order, hot=int(order[0]),
        )  # fmt: skip
        plot(figure, key="typed-classes", height=60 + 30 * len(order))
    with right:
        _why(row, facts, "typed-why")


def _example(row: CorpusRow) -> None:
    """A document of the corpus into the box, the next one each time."""
    corpus = store().corpus(row.id)
    place = int(chosen("example") or 0) % len(corpus.documents)
    st.session_state["chosen_example"] = str(place + max(1, len(corpus.documents) // 7))
    st.session_state["typed"] = corpus.documents.slice(place, 0, 600)
