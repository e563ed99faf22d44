"""The runs beside the one in use: chosen ones, and those that differ only in their seed."""

from typing import Any

import numpy as np
import streamlit as st

from core.encoders import ENCODERS, encoder_named
from core.explore.agreement import MOST_SPACES, mean_shared
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import ACTIVE, RunRow
from pages.widgets import mapping
from pages.widgets.asking import answer
from pages.widgets.i18n import _, sentence
from pages.widgets.neighbour_doubt import corpus_is_there
from pages.widgets.neighbour_scope import How
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import duration

SEEDS = 5


def comparable(run: RunRow) -> list[RunRow]:
    """The other runs with word vectors that have ended."""
    return [row for row in store().runs()
            if row.id != run.id and row.state in ("done", "stopped") and "WordVectors" in row.capabilities]  # fmt: skip


def beside(run: RunRow) -> list[RunRow]:
    """Up to five other runs, chosen by name; the choice lives in the link."""
    rows = {row.id: row for row in comparable(run)}
    asked = [name for name in (chosen("beside") or "").split(",") if name in rows][: MOST_SPACES - 1]
    st.session_state["beside-runs"] = asked
    st.multiselect(
        _("Beside"), list(rows), format_func=lambda name: rows[name].name, key="beside-runs", disabled=not rows,
        max_selections=MOST_SPACES - 1, placeholder=_("other runs") if rows else _("there is no other run"),
        on_change=lambda: choose("beside", ",".join(st.session_state["beside-runs"]) or None),
    )  # fmt: skip
    return [rows[name] for name in asked]


def composed(run: RunRow, word: str) -> np.ndarray | None:
    """float32 (d,): the vector of a word that a run has never seen, where it can make one of the word's parts."""
    if "SubwordVectors" not in run.capabilities:
        return None
    found = answer("subword_vectors", run=run.id, words=[word[:100]])
    if found is None:
        st.stop()
    vector: np.ndarray = found.arrays["answer"][0]
    return vector if vector.any() else None


def unseen(run: RunRow, word: str) -> str:
    """That a run does not know a word, and why, as plain text."""
    text = _("{word} does not occur in what {run} has read, or less than {least} times: it has no vector there.")
    if run.min_count <= 1:
        text = _("{word} does not occur in what {run} has read: it has no vector there.")
    return text.format(word=word[:60], run=run.name, least=run.min_count)


def siblings(run: RunRow, states: tuple[str, ...]) -> list[RunRow]:
    """The runs in these states that differ from this one in nothing but the seed, one for each other seed."""
    mine = run.options.get("seed")
    found = {row.options["seed"]: row for row in store().runs()
             if row.state in states and _kind(row) == _kind(run) and row.options.get("seed") != mine}  # fmt: skip
    return [found[seed] for seed in sorted(found)] if mine is not None else []


def _kind(row: RunRow) -> tuple[Any, ...]:
    """All that makes a training what it is, but its seed; an option that is younger than the run is at its default."""
    fields = encoder_named(row.encoder).Options.fields()
    options = {name: row.options.get(name, field.default) for name, field in fields.items() if name != "seed"}
    return row.encoder, row.corpus_id, row.min_count, row.start_from, options


def seeds(run: RunRow, word: str, how: How) -> None:
    """How much of a word's neighbourhood is the throw of a seed; runs with other seeds, and how to get them."""
    if "seed" not in run.options or run.encoder not in ENCODERS or run.start_from is not None:
        return
    trained, waiting = siblings(run, ("done", "stopped")), siblings(run, ACTIVE)
    with st.container(border=True):
        st.markdown(_("**The same word under other seeds**"))
        if trained:
            _shared([run, *trained[: MOST_SPACES - 1]], word, how)
        else:
            st.caption(_(
                "Every training begins with a throw of the dice, its seed. The same text with another seed gives other "
                "vectors: what stays near a word under all of them can be relied on."
            ))  # fmt: skip
        if waiting:
            st.caption(_("Being trained: {n} more.").format(n=len(waiting)))
        missing = missing_seeds(run, [*trained, *waiting])
        if missing and corpus_is_there(run):
            text = _("Train {n} more seeds").format(n=len(missing))
            cost = _("Each takes about {time}, like this run.").format(time=duration(run.seconds))
            st.button(text, icon=":material/casino:", help=cost, on_click=_queue, args=(run, missing), key="more-seeds")
        if st.session_state.get("seeds-failed"):
            st.error(st.session_state.pop("seeds-failed"))


def _shared(runs: list[RunRow], word: str, how: How) -> None:
    """How many neighbours two of these runs share, for this word, and the way to see them side by side."""
    spaces = [mapping.space(run.id) for run in runs]
    try:
        lists = [space.neighbours(word, how.k, "cosine", among=space.frequent(how.least))["word"].tolist()
                 for space in spaces]  # fmt: skip
    except Problem:
        lists = []
    if lists and lists[0]:
        st.markdown(_("Of the {k} nearest to {word}, two of {n} seeds share **{shared}** on average.").format(
            k=len(lists[0]), word=markdown_safe(word), n=len(runs), shared=f"{mean_shared(lists):.1f}"))  # fmt: skip
    names = ",".join(run.id for run in runs[1:])
    st.button(_("Side by side"), icon=":material/view_column:", on_click=choose, args=("beside", names),
              key="seeds-beside")  # fmt: skip


def missing_seeds(run: RunRow, others: list[RunRow]) -> list[int]:
    """The seeds that five runs still lack: the smallest numbers that none of these has."""
    taken = {run.options["seed"], *(row.options["seed"] for row in others)}
    free = [seed for seed in range(SEEDS + len(taken)) if seed not in taken]
    return free[: max(0, SEEDS - len(taken))]


def _queue(run: RunRow, missing: list[int]) -> None:
    """Queue the same training with each of these seeds."""
    for seed in missing:
        name = _("{run} · seed {seed}").format(run=run.name, seed=seed)[:80]
        try:
            store().queue_train(run.encoder, {**run.options, "seed": seed}, run.corpus_id, min_count=run.min_count,
                                name=name)  # fmt: skip
        except Problem as problem:
            st.session_state["seeds-failed"] = sentence(problem)
            return
    ensure_supervisor(store())
