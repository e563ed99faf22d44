"""One word in two corpora by one run: one picture of both, how far they lie apart, and what is typical of each."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.explore.sense_edits import Sorted
from core.figures import sense_change as change_figures
from core.figures import senses as figures
from core.store import CorpusRow, RunRow
from pages.widgets import frame, senses_cloud, senses_filter
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import lines
from pages.widgets.plot import Morph, plot
from pages.widgets.senses_request import Bar, Found, Request, found, line, said
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

HEIGHT = 480
SHOWN = 6  # typical sentences of each corpus


@dataclass(frozen=True)
class Side:
    """A corpus, what is looked up in it, and what was found."""

    row: CorpusRow
    request: Request
    here: Found


def show(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """The second corpus and what is dealt out in the bar; then picture, numbers and sentences."""
    first = store().corpus_row(request.corpus_id)
    assert first is not None
    with bar:
        row = _second(first)
        by = _dealing()
    if row is None or "ContextVectors" not in run.capabilities:
        text = _("This run has one vector a word, the same in every corpus: choose a run that reads contexts.")
        st.info(text if row else _("There is no other corpus to look in: read one on the Corpus page."))
        return
    other = _asked(request, row)
    there = found(other)
    if there is None:
        return
    if not there.total:
        senses_filter.nothing_left(other.filters, there.whole)
        return
    sides = Side(first, request, here), Side(row, other, there)
    told = answer("sense_change", run=run.id, word=request.word, other=other.word, documents=by == "documents")
    if told is not None:
        _shown(run, sides, told, by)


def _second(first: CorpusRow) -> CorpusRow | None:
    """Another corpus, at first one of the same language."""
    rows = [row for row in store().corpora() if row.state == "ready" and row.id != first.id]
    rows.sort(key=lambda row: row.facts["language"] != first.facts["language"])
    if not rows:
        return None
    names = {row.id: row.name for row in rows}
    taken = choice(st.selectbox, _("Second corpus"), names, "other", width=280)
    return next(row for row in rows if row.id == taken)


def _dealing() -> str:
    names = {"occurrences": _("single occurrences"), "documents": _("whole documents")}
    return choice(
        st.segmented_control, _("Dealt out anew"), names, "deal", required=True,
        help=_("Each number stands beside what it is when the corpora are dealt out anew, 999 times. Single "
               "occurrences are dealt out as if none had to do with another; whole documents keep together what one "
               "text says again and again, which is the stricter test."),
    )  # fmt: skip


def _asked(request: Request, row: CorpusRow) -> Request:
    """The same word there, with the filters that this corpus has."""
    filters = {facet: values for facet, values in senses_filter.kept(row).items() if facet != "document"}
    return replace(request, corpus_id=row.id, keep=senses_filter.written(filters))


def _shown(run: RunRow, sides: tuple[Side, Side], told: Answer, by: str) -> None:
    table, xy = pd.DataFrame(told.facts["layers"]), told.arrays["xy"]
    layer = _layer(len(table))
    _headline(run, sides[0].request, table.iloc[layer], layer, by, told.facts["deals"])
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _cloud(run, sides, xy, table, layer)
        _said(sides, told.facts["unread"])
    with right:
        _numbers(table, layer)
    typical = answer("sense_typical", run=run.id, word=sides[0].request.word, other=sides[1].request.word, layer=layer)
    if typical is not None:
        _sentences(sides, typical.arrays["typical"])
    _source(table)


def _layer(count: int) -> int:
    asked = chosen("layer") or ""
    return int(asked) if asked.isdigit() and int(asked) < count else count - 1


def _headline(run: RunRow, request: Request, row: Any, layer: int, by: str, deals: int) -> None:
    """What the numbers say: whether the uses lie farther apart than chance lays them."""
    word, where = markdown_safe(request.query.strip("/"), 40), senses_cloud.layer_name(layer)
    st.markdown(_(
        "**{word}** :orange-badge[APD {apd}] :orange-badge[cosine of the means {cosine}, PRT {prt}] :gray-badge[within "
        "the first {first}, the second {second}] :gray[{layer}, by {run}]"
    ).format(word=word, apd=f"{row['apd']:.3f}", cosine=f"{row['cosine']:.3f}", prt=f"{row['prt']:.3f}",
             first=f"{row['first_within']:.3f}", second=f"{row['second_within']:.3f}", layer=where,
             run=markdown_safe(run.name, 40)))  # fmt: skip
    known = {"prt": f"{row['prt']:.3f}", "low": f"{row['prt_low']:.3f}", "high": f"{row['prt_high']:.3f}",
             "p": f"{row['prt_p']:.3f}", "excess": f"{row['excess']:+.3f}", "n": f"{deals:,}",
             "what": _("single occurrences") if by == "occurrences" else _("whole documents")}  # fmt: skip
    if row["prt_p"] <= 0.05:
        text = ":material/check_circle: " + _(
            "The uses differ: PRT {prt}, where {n} deals of {what} give {low} to {high} (p = {p}). Two occurrences lie "
            "{excess} farther apart between the corpora than within them."
        )
    else:
        text = ":material/error: " + _(
            "No difference is shown: PRT {prt} lies among what {n} deals of {what} give, {low} to {high} (p = {p})."
        )
    st.markdown(text.format(**known))


def _cloud(run: RunRow, sides: tuple[Side, Side], xy: np.ndarray, table: pd.DataFrame, layer: int) -> None:
    """Both corpora in one frame, which flows from layer to layer."""
    first, second = sides
    count = len(first.here.frame)
    sorted_ = Sorted((0,) * count + (1,) * len(second.here.frame), _names(sides))
    each = (Sorted((i,) * len(side.here.frame), sorted_.names) for i, side in enumerate(sides))
    hovers = [text for side, own in zip(sides, each) for text in senses_cloud.hovers(side.here, own)]
    key = f"{first.request.key}-{second.request.key}-{run.id}"
    figure = figures.cloud(
        xy[:, 0], hovers, senses_cloud.kinds(sorted_), room=xy.reshape(-1, 2), mode=frame.mode(),
        title=_("{word}, every occurrence a point").format(word=first.request.query), chosen=_at(sides),
    )  # fmt: skip
    jumps = st.session_state.get("corpora-jumps", 0)
    at = st.session_state.setdefault(f"corpora-at-{key}-{jumps}", layer)
    morph: Morph = {
        "x": np.ascontiguousarray(xy[:, 1:, 0].T), "y": np.ascontiguousarray(xy[:, 1:, 1].T), "at": at, "first": "",
        "last": "", "names": [f"{senses_cloud.layer_name(i)} · APD {apd:.2f}" for i, apd in enumerate(table["apd"])],
    }  # fmt: skip
    event = plot(figure, f"corpora-{key}", height=HEIGHT, uirevision=f"{key}-{jumps}", morph=morph)
    if event.fresh and event.clicked is not None and event.clicked < len(xy):
        choose("two", str(event.clicked))
        st.rerun()
    if event.morph is not None and event.morph != st.session_state.get("corpora-rested"):
        st.session_state["corpora-rested"] = event.morph
        if round(event.morph) != layer:
            choose("layer", str(min(xy.shape[1] - 1, round(event.morph))))
            st.rerun()


def _said(sides: tuple[Side, Side], unread: int) -> None:
    """How many occurrences each corpus has, and of how many the run knows the context alone."""
    text = [f"**{markdown_safe(side.row.name, 60)}**: {said(side.request, side.here)}" for side in sides]
    if unread:
        text.append(_("{n} are words that this run never learned: it sees their context alone").format(n=f"{unread:,}"))
    st.caption("  \n".join(text))


def _names(sides: tuple[Side, Side]) -> tuple[str, str]:
    """The corpora's names, told apart where they are called alike."""
    first, second = (side.row.name for side in sides)
    return first, second if second != first else f"{second} (2)"


def _at(sides: tuple[Side, Side]) -> int | None:
    asked = chosen("two") or ""
    count = sum(len(side.here.frame) for side in sides)
    return int(asked) if asked.isdigit() and int(asked) < count else None


def _numbers(table: pd.DataFrame, layer: int) -> None:
    """One measure layer by layer in the band of chance."""
    names = {"apd": "APD", "prt": "PRT", "excess": _("APD less the distance within")}
    name = choice(st.segmented_control, _("Measure"), names, "measure", "prt", required=True)
    values, *chance = (table[column].to_numpy(np.float64) for column in (name, *(f"{name}_{part}" for part in (
        "mean", "low", "high"))))  # fmt: skip
    drawn = change_figures.change(
        values, chance, (_("between the corpora"), _("dealt out anew, 95 %")), mode=frame.mode(), title=names[name],
        x_title=_("layer"), y_title=names[name], hot=layer,
    )  # fmt: skip
    event = plot(drawn, f"corpora-{name}", height=260)
    if event.fresh and event.clicked is not None and event.clicked != layer:
        choose("layer", str(event.clicked))
        st.session_state["corpora-jumps"] = st.session_state.get("corpora-jumps", 0) + 1  # the slider goes there too
        st.rerun()
    low, high, p = (f"{float(table[f'{name}_{part}'].iloc[layer]):.3f}" for part in ("low", "high", "p"))
    text = _("{layer}: {name} {value}; dealt out anew {low} to {high}, p = {p}")
    st.caption(text.format(layer=senses_cloud.layer_name(layer), name=names[name], value=f"{values[layer]:.3f}",
                           low=low, high=high, p=p))  # fmt: skip


def _sentences(sides: tuple[Side, Side], typical: np.ndarray) -> None:
    """What each corpus says that the other does not: the occurrences farthest on its own side."""
    start = 0
    for place, side in zip(st.columns(2, gap="large"), sides):
        count = len(side.here.frame)
        mine, here = typical[start : start + count], _at(sides)
        known = np.flatnonzero(np.isfinite(mine))
        order = known[np.argsort(-mine[known], kind="stable")][:SHOWN]
        with place:
            st.markdown(_("**Most typical of {corpus}**").format(corpus=markdown_safe(side.row.name, 60)))
            event = lines([_line(side, int(i), start, float(mine[i])) for i in order],
                          key=f"corpora-lines-{start > 0}-{side.request.key}",
                          here=None if here is None else str(here))  # fmt: skip
        if event.line is not None and event.line != str(here):
            choose("two", event.line)
            st.rerun()
        start += count


def _line(side: Side, i: int, start: int, nearer: float) -> dict[str, Any]:
    return line(side.here.frame.iloc[i], str(start + i), f"{nearer:+.2f}")


def _source(table: pd.DataFrame) -> None:
    st.caption(_(
        "APD: the average pairwise cosine distance between occurrences of the two corpora; PRT: 1 / the cosine of "
        "their mean vectors (Kutuzov and Giulianelli 2020). p: the share of deals at least as high. The number beside "
        "a sentence: how much nearer it is to the mean of its own corpus. A difference may be one of topic, style or "
        "spelling: read the sentences."
    ))  # fmt: skip
    table = table.assign(layer=np.arange(len(table)))
    csv_button(table[["layer", *table.columns.drop("layer")]], "senses-two-corpora", "corpora-csv")
