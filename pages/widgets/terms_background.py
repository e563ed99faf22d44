"""Cats among cats: what a word weighs depends on the company; and what a norm does for a document pasted twice."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.encoders import ENCODERS
from core.figures.company import company_lines
from core.figures.terms import ranking_bars
from core.jobs import ensure_supervisor
from core.store import CorpusRow
from core.store.samples import read_sample, samples
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _, language, sentence
from pages.widgets.plot import Event, plot
from pages.widgets.state import store
from pages.widgets.tables import csv_button, open_word, word_table
from pages.widgets.terms_scope import names
from pages.widgets.units import count

FILES = {"en": ("en-cats.tsv.gz", "cat"), "zh": ("zh-cats.tsv.gz", "猫")}
SHOWN, CURVES = 14, 5  # words as bars, and as curves
BAR, HEAD = 28, 12


def show() -> None:
    """The corpus of cats, read on demand; then both experiments."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        spoken = {"en": "English", "zh": "中文"}
        code = choice(st.segmented_control, _("Cats in"), spoken, "cats", default=language(), required=True,
                      width="content")  # fmt: skip
        options = {"tf": _tf(), "idf": _idf(), "norm": _norm()}
        with st.popover(_("Formula"), icon=":material/functions:"):
            st.latex(ENCODERS["tfidf"].Options(**options).formula())
    file, word = FILES[code]
    row = _read(file)
    if row is None:
        _reading(file)
        return
    found = answer("company", corpus_id=row.id, options=options)
    if found is None:
        return
    _company(row, found, word, options)
    st.divider()
    _pasted(row, found.facts["size"], options)


def _tf() -> str:
    kinds = {"raw": _("raw count"), "log": _("1 + logarithm"), "augmented": _("share of the largest"),
             "binary": _("there or not"), "bm25": "BM25"}  # fmt: skip
    return choice(st.selectbox, _("Term frequency"), kinds, "tf", width=180)


def _idf() -> str:
    kinds = {"plain": "ln(N / n)", "smooth": "ln((1 + N) / (1 + n)) + 1", "plus one": "ln(N / n) + 1",
             "probabilistic": "ln((N − n) / n)", "bm25": "BM25", "none": _("none")}  # fmt: skip
    return choice(st.selectbox, _("Inverse document frequency"), kinds, "idf", width=250)


def _norm() -> str:
    kinds = {"none": _("none"), "l1": _("sum (l1)"), "l2": _("length (l2)")}
    return choice(st.selectbox, _("Norm"), kinds, "norm", width=140)


def _read(file: str) -> CorpusRow | None:
    """The corpus that was read from this sample as it is, if it is here."""
    settings = samples()[file].settings
    for row in store().corpora():
        files = row.settings.get("files") or []
        same = all(row.facts.get(name) == getattr(settings, name) for name in ("tokenizer", "lowercase"))
        if row.state == "ready" and same and [each[0] for each in files] == [f"sample:{file}"]:
            return row
    return None


def _reading(file: str) -> None:
    """Read the sample, and wait for it."""
    run = store().run(st.session_state.get("cats-run", ""))
    if run is not None and run.state in ("queued", "running"):
        ensure_supervisor(store())
        st.fragment(_waiting, run_every=0.5)(run.id)
        return
    if run is not None and run.message:
        st.error(sentence(run.message))
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(_(
            "Sixteen paragraphs about cats, and fifty about anything else: a small corpus that comes with the app. It "
            "takes a moment to read."
        ))  # fmt: skip
        if st.button(_("Read the cats"), type="primary", icon=":material/pets:"):
            st.session_state["cats-run"] = read_sample(store(), file)
            ensure_supervisor(store())
            st.rerun()


def _waiting(run_id: str) -> None:
    run = store().run(run_id)
    if run is None or run.state not in ("queued", "running"):
        st.rerun()
    st.progress(min(1.0, run.step / run.total) if run.total else 0.0, _(run.phase) or _("waiting for its turn"))


def _company(row: CorpusRow, found: Answer, cat: str, options: dict[str, str]) -> None:
    """What the words of the cat documents weigh in more and more company."""
    facts, words = found.facts, found.facts["words"]
    more = st.slider(
        _("Background documents, beside {n} about cats").format(n=facts["size"]), 0, facts["others"], 0,
        key="background", bind="query-params",
    )  # fmt: skip
    means, df = found.arrays["means"], found.arrays["df"]
    place = words.index(cat)
    order = np.argsort(-means[more], kind="stable")[:SHOWN]
    order = order if place in order else np.append(order[:-1], place)
    n = facts["size"] + more
    table = pd.DataFrame({
        "word": [words[i] for i in order], "id": found.arrays["ids"][order], "count": found.arrays["counts"][order],
        "df": df[more][order], "n": n, "weight": means[more][order].astype(np.float64),
    })  # fmt: skip
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        figure = ranking_bars(
            table, mode=frame.mode(), title=_("Mean weight in the documents about cats"),
            formula=_("{count} times about cats\nin {df} of {n} documents\nmean weight {weight}"),
            hot=int(found.arrays["ids"][place]),
        )  # fmt: skip
        event = plot(figure, key=f"company-{row.id}", height=BAR * len(table) + HEAD)
    with right:
        lines = [place, *[i for i in np.argsort(-means[-1], kind="stable").tolist() if i != place][:CURVES]]
        figure = company_lines(
            means[:, lines].T, [words[i] for i in lines], mode=frame.mode(), here=more, hot=0,
            title=_("Weight by background"), x_title=_("background documents"), y_title=_("mean weight"),
        )  # fmt: skip
        plot(figure, key=f"curves-{row.id}", height=BAR * len(table) + HEAD)
    _lead(event, table, row)
    _told(cat, int(df[more][place]), n, float(means[more][place]), options)
    word_table(table, f"company-table-{row.id}", _columns(), file="background", corpus=row.id, height=300)


def _lead(event: Event, table: pd.DataFrame, row: CorpusRow) -> None:
    """A word that was clicked leads to its contexts."""
    found = table.loc[table["id"] == event.clicked, "word"].tolist() if event.fresh else []
    if found:
        open_word(str(found[0]), row.id)


def _told(cat: str, df: int, n: int, weight: float, options: dict[str, str]) -> None:
    """What the picture shows, with its numbers."""
    if df == n and weight == 0:
        said = _(
            "**{word}** stands in all {n} documents, so its idf is ln({n} / {n}) = 0 and it weighs exactly nothing, "
            "though it is what they are about. Add background documents: it rises to the top."
        )
    elif df == n:
        said = _(
            "**{word}** stands in all {n} documents, and weighs {weight} all the same: this idf is never 0, so even a "
            "word that tells no document from another counts."
        )
    elif options["idf"] == "none":
        said = _("Without idf the company does not matter: **{word}** weighs {weight} in any.")
    else:
        said = _(
            "**{word}** stands in {df} of {n} documents. In this company it tells these documents from the others, and "
            "weighs {weight}."
        )
    st.markdown(said.format(word=cat, n=n, df=df, weight=f"{weight:.3f}"))


def _columns() -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {"word": text(_("word")), "count": number(_("times about cats")), "df": number(_("documents n")),
            "n": number(_("of N")), "weight": number(_("mean weight"), format="%.4f")}  # fmt: skip


def _pasted(row: CorpusRow, size: int, options: dict[str, str]) -> None:
    """A document pasted several times: what doubles, and what stands still."""
    st.subheader(_("Paste a document twice"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        known = {str(i): names(row.id)[i - 1] for i in range(1, size + 1)}
        document = int(choice(st.selectbox, _("Document"), known, "cat", width=300)) - 1
        how = {"1": _("once"), "2": _("twice"), "3": _("three times")}
        times = int(choice(st.segmented_control, _("Pasted"), how, "times", required=True, width="content"))
    part = {name: options[name] for name in ("tf", "idf")}
    found = answer("pasted", corpus_id=row.id, document=document, times=times, options=part)
    widest = answer("pasted", corpus_id=row.id, document=document, times=3, options=part)
    if found is None or widest is None:
        return
    table, most = pd.DataFrame(found.facts["table"]), pd.DataFrame(widest.facts["table"])
    titles = {"count": _("Counts"), "none": _("tf × idf, no norm"), "l1": _("divided by their sum (l1)"),
              "l2": _("divided by their length (l2)")}  # fmt: skip
    for place, (weight, title) in zip(st.columns(4, gap="medium"), titles.items()):
        place.markdown(f"**{title}**")
        figure = ranking_bars(
            table, mode=frame.mode(), title=title, weight=weight, digits=0 if weight == "count" else 3
        )
        figure.update_xaxes(range=[0, max(float(most[weight].max()), float(table[weight].max()), 1e-9)])
        with place:
            event = plot(figure, key=f"pasted-{weight}-{row.id}", height=BAR * len(table) + HEAD)
        _lead(event, table, row)
    csv_button(table.drop(columns="id", errors="ignore"), "pasted", f"pasted-csv-{row.id}")
    said = _("{n} words. What is not divided by the document's own size grows with it, and a long document would win "
             "every comparison; what is divided stands still.")  # fmt: skip
    bent = _("With this term frequency, weights do not double with the counts, so the shares shift a little.")
    st.caption(" ".join([said.format(n=count(found.facts["length"])), *([] if options["tf"] == "raw" else [bent])]))
