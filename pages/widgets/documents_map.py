"""The map of documents: its controls, the picture, the document pointed at, and what sets a selection apart."""

import json
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus import Corpus
from core.explore.document_map import DocumentMapOptions
from core.explore.documents import document_names
from core.explore.download import csv_bytes
from core.figures import Groups, Shade, word_map
from core.figures.terms import ranking_bars
from core.problem import Problem
from core.store import CorpusRow
from pages.widgets import documents_sources, forms, frame
from pages.widgets.asking import answer, first_picture
from pages.widgets.controls import choice
from pages.widgets.documents_sources import names, read_button
from pages.widgets.i18n import _, sentence
from pages.widgets.lines import page
from pages.widgets.plot import Words, plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import open_word, word_table
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

COLOURS = 7  # groups with a colour of their own, the others together have one
LABEL = 24  # characters of a document's name on the map
FEW = 30  # documents without a title that are named on it
HEIGHT = 620


@dataclass(frozen=True)
class Picture:
    """Where the documents stand: rows int (m,), which they are; xy float32 (m, 2 or 3); facts of the finished map."""

    rows: np.ndarray
    xy: np.ndarray
    names: list[str]
    options: DocumentMapOptions
    facts: dict[str, Any]
    finished: bool


def show(row: CorpusRow) -> None:
    """The map, the document in use beside it, and below what sets the selected documents apart."""
    corpus = store().corpus(row.id)
    source, paint, options = _controls(row, corpus)
    drawn = _picture(row, source, options)
    if drawn is None:
        return
    document = document_in_use(corpus)
    left, side = st.columns([2.1, 1], gap="medium")
    with side:
        near = _panel(row, corpus, source, document)
    with left:
        selected = _draw(row, corpus, source, drawn, document, near, paint)
    _selection(row, corpus, drawn, selected)


def _controls(row: CorpusRow, corpus: Corpus) -> tuple[str, str, DocumentMapOptions]:
    """One row: whose vectors, what the colours say, how the map is made."""
    first, second, third = st.columns([2, 1.6, 1], vertical_alignment="bottom")
    with first:
        source = choice(st.selectbox, _("Vectors of the documents"), documents_sources.vector_sources(row), "vectors")
    date = documents_sources.date_column(corpus)
    columns = [name for name in documents_sources.label_columns(row) if name != date]
    paints = {f"column:{name}": name for name in columns} | ({"date": date} if date else {})
    with second:
        paint = choice(st.selectbox, _("Colour by"), {**paints, "length": _("length in words")}, "paint")
    with third.popover(_("Projection"), icon=":material/tune:", width="stretch"):
        options = _settings(len(corpus.documents))
    return source, paint, options


def _settings(documents: int) -> DocumentMapOptions:
    current = _from_link(documents)
    with st.form("document-projection", border=False):
        changed = forms.grid(DocumentMapOptions, current)
        if st.form_submit_button(_("Draw the map"), type="primary", width="stretch"):
            try:
                current = DocumentMapOptions(**changed)
                choose("layout", current.model_dump_json(exclude_defaults=True))
            except Problem as problem:
                st.error(sentence(problem))
    return current


def _from_link(documents: int) -> DocumentMapOptions:
    try:
        return DocumentMapOptions(**json.loads(chosen("layout") or "{}"))
    except (ValueError, TypeError):
        return DocumentMapOptions(words=min(5000, max(10, documents)))


def _picture(row: CorpusRow, source: str, options: DocumentMapOptions) -> Picture | None:
    """The map as asked for; principal components of the same documents stand in while a slower one is computed."""
    quick = options.model_copy(update={"method": "pca"})
    asked: dict[str, Any] = {"corpus_id": row.id, "source": source}
    standing = answer("document_map", **asked, options=quick.model_dump())
    if standing is None:
        return None
    arrays, facts = standing.arrays, standing.facts
    if options.method == "pca":
        return Picture(arrays["rows"], arrays["xy"], facts["names"], options, facts, True)
    found = answer("document_map", **asked, options=options.model_dump())
    if found is not None:
        return Picture(found.arrays["rows"], found.arrays["xy"], facts["names"], options, found.facts, True)
    early = first_picture("document_map", **asked, options=options.model_dump()) or arrays
    return Picture(arrays["rows"], early["xy"], facts["names"], options if early is not arrays else quick, facts, False)


def document_in_use(corpus: Corpus) -> int | None:
    """The document in the link (counted from 1 there), if there is such a one."""
    asked = chosen("document") or ""
    return int(asked) - 1 if asked.isdigit() and 1 <= int(asked) <= len(corpus.documents) else None


def _draw(
    row: CorpusRow, corpus: Corpus, source: str, drawn: Picture, document: int | None, near: list[int], paint: str
) -> list[int]:
    """The picture; a click chooses a document. Returns the documents that are selected."""
    colour, told = _colour(corpus, drawn.rows, paint)
    sizes = np.diff(corpus.offsets)[drawn.rows]
    words = [f"{name} · {group}" if group else name for name, group in zip(drawn.names, told)]
    title = _("{n} of {all} documents of {name}").format(
        n=f"{len(drawn.rows):,}", all=f"{drawn.facts['documents']:,}", name=row.name
    )
    figure = word_map(
        drawn.xy, words, mode=frame.mode(), title=title, ids=drawn.rows, numbers={_("words"): sizes}, colour=colour,
        chosen=document, neighbours=near,
    )  # fmt: skip
    figure.update_traces(showlegend=False, selector={"mode": "lines"})
    place = {int(each): i for i, each in enumerate(drawn.rows)}
    hot = [place[each] for each in ([] if document is None else [document, *near]) if each in place]
    order = np.random.default_rng(0).permutation(len(drawn.rows))
    most = len(order) if "title" in corpus.roles else FEW  # beginnings of texts say less, and hide the points
    labels = Words(text=[_short(name) for name in drawn.names], order=order[:most], hot=hot)
    revision = f"{row.id}-{source}-{drawn.options.model_dump_json()}"
    event = plot(figure, key=f"documents-of-{row.id}", height=HEIGHT, labels=labels, uirevision=revision)
    if event.fresh and event.clicked is not None and event.clicked != document:
        choose("document", str(event.clicked + 1))
        st.rerun()
    st.caption(" · ".join([markdown_safe(title, 200), *_trust(drawn)]))
    return event.selected


def _short(name: str) -> str:
    """A name for the map; Chinese characters are twice as wide as letters."""
    wide = sum(east_asian_width(letter) in "WF" for letter in name[:LABEL])
    return document_names([name], None, LABEL // 2 if 2 * wide > min(len(name), LABEL) else LABEL)[0]


def _colour(corpus: Corpus, rows: np.ndarray, paint: str) -> tuple[Shade | Groups, list[str]]:
    """What the points are coloured by, and what of it is said beside a document's name."""
    kind, _colon, column = paint.partition(":")
    if kind == "date":
        name = corpus.roles["date"]
        years = documents_sources.years(corpus, name)
        found = years.to_numpy()[rows]
        told = ["" if year != year else f"{year:.0f}" for year in found]
        return Shade(np.nan_to_num(found, nan=float(years.min())), name, "likeness"), told
    if kind == "column" and column in corpus.table.columns:
        cells = corpus.table[column].iloc[rows].fillna("").astype(str).tolist()
        frequent = [value for value in pd.Series(cells).value_counts().index if value]
        shown = frequent if len(frequent) <= COLOURS + 1 else frequent[:COLOURS]
        rest = [_("others")] if len(shown) < len(frequent) or "" in cells else []
        number = {value: i for i, value in enumerate(shown)}
        values = np.array([number.get(cell, len(shown)) for cell in cells], np.int32)
        return Groups(values, [str(value) for value in shown] + rest), cells
    return Shade(np.maximum(np.diff(corpus.offsets)[rows], 1), _("length in words")), [""] * len(rows)


def _trust(drawn: Picture) -> list[str]:
    """How the picture was made, what was left out, and how much of the original neighbourhoods it keeps."""
    facts, options, parts = drawn.facts, drawn.options, []
    if facts["empty"]:
        parts.append(_("{n} without a known word are not on it").format(n=f"{facts['empty']:,}"))
    if facts["reduced"]:
        said = _("{all} dimensions reduced to {d} by truncated SVD, which hold {share} of the squares")
        parts.append(said.format(all=count(facts["dimensions"]), d=facts["reduced"], share=f"{facts['squares']:.0%}"))
    else:
        parts.append(_("{d} dimensions").format(d=facts["dimensions"]))
    parts.append(_("{method}, seed {seed}").format(method=forms.choice_names()[options.method], seed=options.seed))
    if not drawn.finished:
        return [*parts, _("a first picture until the map is ready")]
    if facts["explained"] is not None:
        parts.append(_("{share} of the variance").format(share=f"{facts['explained']:.0%}"))
    kept = _("keeps {kept} of each document's {k} nearest (a random map {chance})")
    parts.append(kept.format(kept=f"{facts['kept']:.0%}", k=facts["k"], chance=f"{facts['chance']:.2%}"))
    return parts


def _panel(row: CorpusRow, corpus: Corpus, source: str, document: int | None) -> list[int]:
    """The document in use: its text with what marks it, and its nearest ones. Returns these."""
    if document is None:
        st.subheader(_("Point at a document"), anchor=False)
        st.caption(_(
            "Click a document on the map: its text and its nearest documents appear here. Draw a lasso or a box to see "
            "which words set some documents apart from the others."
        ))  # fmt: skip
        return []
    st.subheader(markdown_safe(names(corpus, [document])[0]), anchor=False)
    st.caption(" · ".join(_facts(corpus, document)))
    found = answer("page", corpus_id=row.id, document=document, tint="key" if len(corpus.documents) > 1 else "")
    if found is not None:
        if not found.facts["runs"]:
            st.info(_("This document is empty."))
        else:
            click = page(found.facts["runs"], f"document-{row.id}", 250, row.facts["language"] or "")
            if click.word is not None:
                open_word(corpus.index.word(click.word), row.id)
    read_button(document, "read-on-map")
    return _nearest(row, source, document)


def _facts(corpus: Corpus, document: int) -> list[str]:
    """What is known of a document: its words, and the cells of the columns with a role."""
    size = int(corpus.offsets[document + 1] - corpus.offsets[document])
    known = [_("document {n}").format(n=f"{document + 1:,}"), _("{n} words").format(n=f"{size:,}")]
    for role in ("label", "group", "date"):
        column = corpus.roles.get(role)
        cell = corpus.table[column].iloc[document] if column in corpus.table.columns else None
        if isinstance(cell, str) and cell:
            known.append(markdown_safe(cell, 40))
    return known


def _nearest(row: CorpusRow, source: str, document: int) -> list[int]:
    corpus = store().corpus(row.id)
    if corpus.offsets[document] == corpus.offsets[document + 1]:
        st.caption(_("It has no words, so no document is near it."))
        return []
    found = answer("near_documents", corpus_id=row.id, source=source, document=document, k=8)
    if found is None:
        return []
    near = pd.DataFrame(found.facts["table"])
    columns = {
        "name": st.column_config.TextColumn(_("nearest documents"), width=148),
        "cosine": st.column_config.NumberColumn(_("cosine"), format="%.3f", width=56),
    }
    event = st.dataframe(
        near[["name", "cosine"]], hide_index=True, column_config=columns, key=f"near-documents-{document}",
        on_select="rerun", selection_mode="single-cell", height="content",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells:
        choose("document", str(int(near["document"].iloc[cells[0][0]]) + 1))
        st.rerun()
    return [int(each) for each in near["document"]]


def _selection(row: CorpusRow, corpus: Corpus, drawn: Picture, selected: list[int]) -> None:
    """What sets the documents inside a lasso or box apart, and a file of them."""
    if drawn.xy.shape[1] == 3:
        st.caption(_("Drag to turn the map. To select documents with a lasso or a box, draw it in two dimensions."))
        return
    if not selected:
        st.caption(_("Draw a lasso or a box on the map to see which words set the documents inside it apart."))
        return
    st.subheader(_("What sets {n} documents apart").format(n=count(len(selected))), anchor=False)
    st.download_button(
        _("These documents (CSV)"), lambda: csv_bytes(_listed(corpus, drawn, selected)), "documents.csv", "text/csv",
        key="selected-documents", icon=":material/download:", on_click="ignore", type="tertiary",
    )  # fmt: skip
    found = answer("set_apart", corpus_id=row.id, documents=sorted(selected))
    if found is None:
        return
    facts, table = found.facts, pd.DataFrame(found.facts["table"])
    if not len(table):
        st.info(_("No word is more frequent among these documents than among the others."))
        return
    table["surprise"] = -np.log10(np.maximum(table["p"].to_numpy(np.float64), 1e-300))
    bars, listed = st.columns([1, 1.4], gap="large")
    with bars:
        formula = _("in {documents} of the documents chosen, {expected} expected by chance\np {p} · FDR {q}")
        figure = ranking_bars(
            table.head(18), mode=frame.mode(), title=_("Over-represented words"), formula=formula, weight="surprise",
            digits=1,
        )  # fmt: skip
        event = plot(figure, key="apart-bars", height=480)
        if event.fresh and event.clicked is not None:
            open_word(corpus.index.word(event.clicked), row.id)
    with listed:
        word_table(table, "apart-table", _columns(), file="over-represented", corpus=row.id, height=400)
    said = _(
        "Bars: −log₁₀ p of Fisher's exact test, that by chance at least as many of the {chosen} chosen of {total} "
        "documents hold the word. Of {words} words compared, {key} stay below a false discovery rate of 5 %."
    )
    st.caption(said.format(chosen=f"{facts['chosen']:,}", total=f"{facts['total']:,}", words=f"{facts['words']:,}",
                           key=f"{facts['key']:,}"))  # fmt: skip


def _listed(corpus: Corpus, drawn: Picture, selected: list[int]) -> pd.DataFrame:
    """The selected documents: number, name, place on the map, and the file's columns."""
    place = {int(each): i for i, each in enumerate(drawn.rows)}
    rows = [each for each in sorted(selected) if each in place]
    points = drawn.xy[[place[each] for each in rows]]
    own = pd.DataFrame({
        "document": [each + 1 for each in rows], "name": [drawn.names[place[each]] for each in rows],
        "x": points[:, 0], "y": points[:, 1],
    })  # fmt: skip
    return pd.concat([own, corpus.table.iloc[rows].reset_index(drop=True).add_prefix("column ")], axis=1)


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "word": st.column_config.TextColumn(_("word")), "documents": number(_("chosen with it"), format="localized"),
        "expected": number(_("expected"), format="%.1f"),
        "documents_other": number(_("others with it"), format="localized"),
        "odds": number(_("log₂ odds"), format="%.2f", help=_("1: the odds of holding the word are twice as good.")),
        "p": number("p", format="%.2g"), "q": number(_("false discovery rate"), format="%.2g"),
    }  # fmt: skip
