"""The parts of the map page: its controls, the picture, the panel of the word in use, the table of a selection."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.explore import table
from core.explore.download import csv_bytes
from core.explore.neighbours import METRICS, Space
from core.explore.projection import ProjectionOptions
from core.explore.search import search
from core.figures import Groups, Shade, label_order, word_map
from core.problem import Problem
from core.store import RunRow
from pages.widgets import forms, frame
from pages.widgets.asking import answer, first_picture
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import Words, plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

CLUSTERS = 8
SELECTION_SHOWN = 2000


@dataclass(frozen=True)
class Projection:
    """Where the words stand: xy float32 (n, 2 or 3), the options of the map, and its facts once it is finished."""

    xy: np.ndarray
    options: ProjectionOptions
    facts: dict[str, Any] | None


@st.cache_resource(show_spinner=False, max_entries=8)
def space(run_id: str) -> Space:
    """The word vectors of a run, memory-mapped, and their words."""
    return Space(store().vectors(run_id), store().vocab(run_id))


def controls(words: Space) -> tuple[tuple[str, str], str, ProjectionOptions]:
    """One row: what to search for and how, what to colour by, and how the map is made."""
    find, how, paint, make = st.columns([2.2, 1.1, 1.3, 1.1], vertical_alignment="bottom")
    modes = {"prefix": _("begins with"), "contains": _("contains"), "regex": _("pattern")}
    text = find.text_input(_("Find a word"), key="q", bind="query-params", icon=":material/search:")
    with how:
        mode = choice(st.selectbox, _("Match"), modes, "match")
    colours = {"count": _("frequency"), "cluster": _("cluster"), "likeness": _("nearness to the word")}
    with paint:
        colour = choice(st.selectbox, _("Colour by"), colours, "colour")
    with make.popover(_("Projection"), icon=":material/tune:", width="stretch"):
        options = _settings(len(words.vectors))
    return (text.strip(), mode), colour, options


def _settings(size: int) -> ProjectionOptions:
    """The projection's options: changed in a form, so that nothing is computed before they are all chosen."""
    current = _from_link(size)
    with st.form("projection", border=False):
        changed = forms.grid(ProjectionOptions, current)
        if st.form_submit_button(_("Draw the map"), type="primary", width="stretch"):
            try:
                current = ProjectionOptions(**changed)
                choose("map", current.model_dump_json(exclude_defaults=True))
            except Problem as problem:
                st.error(sentence(problem))
    return current


def _from_link(size: int) -> ProjectionOptions:
    try:
        return ProjectionOptions(**json.loads(chosen("map") or "{}"))
    except (ValueError, TypeError):
        return ProjectionOptions(words=min(5000, max(10, size)))


def projection(run_id: str, options: ProjectionOptions) -> Projection:
    """The map as asked for; principal components stand in while a slower one is computed."""
    quick = options.model_copy(update={"method": "pca"})
    found = answer("projection", run_id=run_id, options=options.model_dump())
    if found is not None:
        return Projection(found.arrays["xy"], options, found.facts)
    early = first_picture("projection", run_id=run_id, options=options.model_dump())
    if early is None and options.method != "pca":
        standing = answer("projection", run_id=run_id, options=quick.model_dump())
        early = standing.arrays if standing else None
    if early is None:
        st.stop()
    return Projection(early["xy"], quick, None)


def word_in_use(words: Space) -> int | None:
    """The chosen word's place in the vocabulary; an exact search chooses too."""
    typed = st.session_state.get("q", "").strip()
    if typed and typed != st.session_state.get("found_word") and words.vocab.get(typed) is not None:
        st.session_state["found_word"] = typed
        walk_to(words, words.vocab.index(typed))
    word = chosen("word")
    return None if word is None else words.vocab.get(word)


def walk_to(words: Space, index: int) -> None:
    """Choose a word, and remember the way."""
    word = words.vocab.words[index]
    walk: list[str] = st.session_state.setdefault("walk", [])
    if word in walk:
        del walk[walk.index(word) :]
    walk.append(word)
    del walk[:-8]
    choose("word", word)


def hits(words: Space, asked: tuple[str, str]) -> np.ndarray:
    """The words that match the search; where none does, the words that are spelled nearly so, as buttons."""
    text, mode = asked
    if not text:
        return np.zeros(0, np.int64)
    try:
        found = search(words.vocab.words, text, mode)
    except Problem as problem:
        st.error(sentence(problem))
        return np.zeros(0, np.int64)
    if not len(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("No word of this run matches {text}. Did you mean:").format(text=markdown_safe(text)))
            for near in words.vocab.near(text):
                index = words.vocab.index(near)
                st.button(
                    markdown_safe(near), key=f"near-{index}", type="tertiary", on_click=walk_to, args=(words, index)
                )
    return found


def draw(
    run: RunRow, words: Space, projected: Projection, word: int | None, found: np.ndarray, colour: str
) -> list[int]:
    """The picture; a click walks to a word. Returns the ids that are selected."""
    n = len(projected.xy)
    names, counts = words.vocab.words[:n], words.vocab.counts[:n]
    near = [] if word is None else words.neighbours(word, neighbours_shown(), metric_in_use())["index"].tolist()
    title = _("{n} of {all} words of {name}").format(n=f"{n:,}", all=f"{len(words.vocab):,}", name=run.name)
    figure = word_map(
        projected.xy, names, mode=frame.mode(), title=title, numbers={_("count"): counts},
        colour=_colour(run, words, n, word, colour), chosen=word, neighbours=near, hits=found[found < n].tolist(),
    )  # fmt: skip
    hot = [index for index in ([] if word is None else [word, *near]) if index < n]
    labels = Words(text=names, order=label_order(names), hot=hot + found[found < n][:30].tolist())
    revision = f"{run.id}-{projected.options.model_dump_json()}"
    event = plot(figure, key=f"map-of-{run.id}", height="fill", labels=labels, uirevision=revision)
    if event.fresh and event.clicked is not None and event.clicked != word:
        walk_to(words, event.clicked)
        st.rerun()
    st.caption(" · ".join([title, *_trust(projected)]))
    return event.selected


def _colour(run: RunRow, words: Space, n: int, word: int | None, colour: str) -> Shade | Groups | None:
    if colour == "likeness" and word is not None:
        return Shade(
            words.similarity_to(word)[:n], _("cosine to {word}").format(word=words.vocab.words[word]), "likeness"
        )
    if colour == "cluster":
        found = answer("clusters", run_id=run.id, words=n, count=min(CLUSTERS, max(2, n // 10)))
        return Groups(found.arrays["labels"], found.facts["names"]) if found else None
    return Shade(words.vocab.counts[:n], _("occurrences"))


def _trust(projected: Projection) -> list[str]:
    """How the picture was made, and how much of the original neighbourhoods it keeps."""
    options = projected.options
    names = forms.choice_names()
    parts = [names[options.method]]
    if options.method == "umap":
        parts.append(
            _("{k} neighbours, {metric}, seed {seed}").format(
                k=options.neighbours, metric=names[options.metric], seed=options.seed
            )
        )
    if options.method == "tsne":
        parts.append(
            _("perplexity {p}, {metric}, seed {seed}").format(
                p=options.perplexity, metric=names[options.metric], seed=options.seed
            )
        )
    facts = projected.facts
    if facts is None:
        return [*parts, _("a first picture until the map is ready")]
    if facts["explained"] is not None:
        parts.append(_("{share} of the variance").format(share=f"{facts['explained']:.0%}"))
    kept = _("keeps {kept} of each word's {k} nearest (a random map {chance})")
    parts.append(kept.format(kept=f"{facts['kept']:.0%}", k=facts["k"], chance=f"{facts['chance']:.2%}"))
    if options.method != "pca":
        parts.append(_("distances between far groups mean little"))
    return parts


def neighbours_shown() -> int:
    return int(st.session_state.get("k", 12))


def metric_in_use() -> str:
    asked = chosen("metric")
    return asked if asked in METRICS else "cosine"


def word_panel(words: Space, word: int | None) -> None:
    """The chosen word's nearest words in the original space, and the way that led here."""
    if word is None:
        st.subheader(_("Point at a word"), anchor=False)
        st.caption(
            _(
                "Click a word on the map, or find one: its nearest words in the original space appear here, "
                "and you can walk on from each."
            )
        )
        return
    st.subheader(markdown_safe(words.vocab.words[word]), anchor=False)
    facts = _("in the original space, {d} dimensions · {count} occurrences")
    st.caption(facts.format(d=words.vectors.shape[1], count=f"{words.vocab.counts[word]:,}"))
    near = words.neighbours(word, neighbours_shown(), metric_in_use())
    top = float(max(near["score"].max(), 1e-9)) if len(near) else 1.0
    columns = {
        "word": st.column_config.TextColumn(_("word"), width=84),
        "score": st.column_config.ProgressColumn(
            forms.choice_names()[metric_in_use()], format="%.3f", min_value=0.0, max_value=max(1.0, top), width=84
        ),
        "count": st.column_config.NumberColumn(_("count"), format="localized", width=52),
    }
    event = st.dataframe(
        near[["word", "score", "count"]], hide_index=True, column_config=columns, key=f"near-table-{word}",
        on_select="rerun", selection_mode="single-cell", height="content",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells:
        walk_to(words, int(near["index"].iloc[cells[0][0]]))
        st.rerun()
    with st.container(horizontal=True):
        for place, step in enumerate(st.session_state.get("walk", [])[:-1]):
            index = words.vocab.get(step)
            if index is not None:
                st.button(
                    f"{markdown_safe(step, 20)} ›",
                    key=f"walk-{place}",
                    type="tertiary",
                    on_click=walk_to,
                    args=(words, index),
                )
    with st.popover(_("How near is counted"), icon=":material/tune:"):
        st.slider(_("Neighbours"), 3, 50, 12, key="k", bind="query-params")
        measures = {name: forms.choice_names()[name] for name in METRICS}
        choice(st.segmented_control, _("Measure"), measures, "metric", required=True)


def selection_table(run: RunRow, words: Space, projected: Projection, selected: list[int]) -> None:
    """The words inside a lasso or box: a table, and files with their names and vectors."""
    inside = np.asarray([index for index in selected if index < len(projected.xy)], np.int64)
    if projected.xy.shape[1] == 3:
        st.caption(_("Drag to turn the map. To select words with a lasso or a box, draw it in two dimensions."))
        return
    if not len(inside):
        st.caption(_("Draw a lasso or a box on the map to list the words inside it and take them with you."))
        return
    chosen_words = table.table(inside, words.vocab.words, words.vocab.counts, None, projected.xy)
    st.subheader(_("{n} words selected").format(n=count(len(inside))), anchor=False)
    st.dataframe(chosen_words.head(SELECTION_SHOWN), hide_index=True, height=280)
    with st.container(horizontal=True):
        st.download_button(
            _("Table (CSV)"),
            lambda: csv_bytes(chosen_words),
            f"{run.id}-words.csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            _("Vectors (TSV)"), lambda: table.vectors_tsv(inside, words.vocab.words, words.vectors),
            f"{run.id}-vectors.tsv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
