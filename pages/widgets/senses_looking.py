"""One word in one run: the cloud of its occurrences, its senses with their evidence, and its lines, all linked."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.corpus.occurrences import exported
from core.explore.download import csv_bytes
from core.explore.sense_edits import Sorted
from core.store import RunRow
from pages.widgets import senses_cloud, senses_sight, senses_sorting
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.lines import lines
from pages.widgets.senses_cloud import Places
from pages.widgets.senses_request import Bar, Found, Request, bold, fitting, guesser, line, row_in_use, said
from pages.widgets.senses_sorting import Sorting
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe

LINES = 60
SHOWN = 3  # sentences of an end of a sense
SHORT = 90  # letters of a sentence in the narrow column


def look(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """The page's first view."""
    laid = senses_cloud.tried(run, request)
    if isinstance(laid, str):
        st.info(laid)
        unsorted = Sorting(Sorted((-1,) * len(here.frame), ()), "", "", [])
        _concordance(request, here, unsorted, row_in_use(here), [])
        return
    if laid is None:
        return
    with bar:
        by, count = senses_sorting.control(request, here)
        base = _base(laid)
        if by in senses_sorting.CLUSTERS and base != senses_cloud.layer_in_use(laid):
            st.button(_("Group by this layer"), icon=":material/refresh:", on_click=_regroup, args=(laid,))
    sorting = senses_sorting.sorting(run, request, here, by, count, base)
    if sorting is None:
        return
    seen = senses_sight.control(run, request, sorting, laid, bar)
    shown = None if seen is None else laid if seen == request else senses_cloud.places(run, seen)
    if seen is None or shown is None:
        return
    layer = senses_cloud.layer_in_use(laid)
    whole = None if seen == request else senses_cloud.told(run, request, sorting.sorted, layer)
    laid, row = shown, row_in_use(here)
    near = _near(run, seen, laid, row)
    left, right = st.columns([2.35, 1], gap="medium")
    with left:
        head = st.container()
        event, about = senses_cloud.show(run, seen, here, laid, sorting, row, near[0] if near else [])
        if about is None:
            return
        with head:
            senses_cloud.headline(run, seen, laid, about)
            if whole is not None:
                _beside(seen, laid, whole, about)
        _caption(seen, here, laid, sorting)
        if laid.last:
            senses_cloud.layers(run, seen, laid, sorting, about, whole)
        _concordance(request, here, sorting, row, event.selected)
    if event.fresh and event.clicked is not None and event.clicked != row and event.clicked < len(here.frame):
        choose("at", str(event.clicked))
        st.rerun()
    with right, st.container(key="beside"):
        _problem()
        if row is not None:
            _one(here, sorting, row, near)
        if event.selected:
            _some(sorting, event.selected)
        _senses(request, here, sorting, about, guesser(run))
        _take(seen, here, sorting, about)


def _beside(seen: Request, laid: Places, whole: Answer, about: Answer) -> None:
    """The separation with everything in sight, next to the one without."""
    layer = senses_cloud.layer_in_use(laid)
    plain, here = (float(each.arrays["separation"][layer]) for each in (whole, about))
    said = senses_sight.beside(seen, plain, here)
    if said:
        st.markdown(f":material/visibility_off: {said}")


def _base(laid: Places) -> int:
    """The layer that clusters are made by: from the link, else the last."""
    asked = chosen("base") or ""
    return int(asked) if asked.isdigit() and int(asked) <= laid.last else laid.last


def _regroup(laid: Places) -> None:
    choose("base", str(senses_cloud.layer_in_use(laid)))


def _near(run: RunRow, request: Request, laid: Places, row: int | None) -> tuple[list[int], list[float]] | None:
    """The nearest contexts of the occurrence looked at, in the layer looked at."""
    if row is None or laid.kind != "contextual" or not laid.known[row]:
        return None
    found = answer("sense_near", run=run.id, word=request.word, layer=senses_cloud.layer_in_use(laid), row=row)
    if found is None:
        return None
    return found.arrays["rows"].tolist(), found.arrays["cosines"].tolist()


def _caption(request: Request, here: Found, laid: Places, sorting: Sorting) -> None:
    layer = senses_cloud.layer_in_use(laid)
    text = said(request, here)
    if laid.kind == "static":
        st.caption(text + _(" · this run has one vector a word: every occurrence is the same point."))
        row = store().corpus_row(request.corpus_id)
        if row and (other := fitting(row)):
            st.button(_("Read it in context: {run}").format(run=markdown_safe(other.name, 40)), on_click=choose,
                      args=("run", other.id), icon=":material/bubble_chart:")  # fmt: skip
        return
    if request.sight:
        text += " · " + senses_sight.described(request, laid)
    text += _(" · two principal components of {layer}, {share} of its variance").format(
        layer=senses_cloud.layer_name(layer), share=f"{float(laid.explained[layer]):.0%}"
    )
    missing = int((~laid.known).sum())
    if laid.unread > missing:
        text += _(" · {n} are words that this run never learned: it sees their context alone").format(
            n=f"{laid.unread:,}"
        )
    if missing:
        text += _(" · {n} without a vector in this run").format(n=f"{missing:,}")
    if sorting.by in senses_sorting.CLUSTERS:
        text += _(" · clusters are found, not given: look at their lines before you believe in them")
    st.caption(text)


def _problem() -> None:
    text = st.session_state.pop("senses-said", None)
    if text:
        st.error(text)


def _one(here: Found, sorting: Sorting, row: int, near: tuple[list[int], list[float]] | None) -> None:
    """The occurrence that is looked at, and the contexts nearest to it."""
    record = here.frame.iloc[row]
    with st.container(border=True):
        st.markdown(bold(record, 400))
        facts = [f"{name}: {value}" for name, value in here.columns.iloc[row].items() if str(value)][:4]
        st.caption(markdown_safe(" · ".join(facts), 160))
        with st.container(horizontal=True, vertical_alignment="center"):
            senses_sorting.mover(sorting, [row])
            st.button(_("Edit it"), icon=":material/edit:", type="tertiary", on_click=_edit, args=(record["sentence"],))
            st.button(_("Close"), icon=":material/close:", type="tertiary", on_click=choose, args=("at", None))
        if near:
            st.markdown(_("**Nearest contexts**"))
            for other, cosine in list(zip(*near))[:5]:
                _line(here, int(other), f"{cosine:.2f}", f"near-{other}")


def _edit(sentence: str) -> None:
    choose("sentence", sentence)
    choose("senses", "sentence")


def _line(here: Found, row: int, note: str, key: str) -> None:
    """A short line that leads to its point."""
    record = here.frame.iloc[row]
    text = f":gray[{note}] {bold(record, SHORT)}"
    st.button(text, key=key, type="tertiary", on_click=choose, args=("at", str(row)))


def _some(sorting: Sorting, rows: list[int]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_("**{n} selected**").format(n=len(rows)))
        senses_sorting.mover(sorting, rows, "move-some")


def _senses(request: Request, here: Found, sorting: Sorting, about: Answer, guessing: RunRow | None) -> None:
    """Each sense: its name, which can be changed, its size, the words that set it apart, typical and doubtful lines."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Senses**"))
        senses_sorting.undo_button(sorting)
    instead = _substitutes(request, sorting, guessing)
    values = np.array(sorting.sorted.values)
    for i in range(len(sorting.sorted.names)):
        mine = np.flatnonzero(values == i)
        evidence = sorting.evidence[i] if i < len(sorting.evidence) else senses_sorting.NO_WORDS
        with st.container(border=True):
            senses_sorting.name_field(sorting, i, len(mine))
            if i >= sorting.sorted.senses:
                st.caption(_("A label, and no sense: it stays out of every number."))
                continue
            st.markdown(_words(evidence["words"]) or _(":gray[no word sets it apart]"))
            if i < len(instead):
                st.markdown(_(":gray[in its place] {words}").format(words=_guesses(instead[i])))
                senses_sorting.name_button(sorting, i, " · ".join(row[0] for row in instead[i][:2]))
            with st.expander(_("Evidence")):
                for title, view in ((_("before it"), "left"), (_("behind it"), "right")):
                    if evidence[view]:
                        st.markdown(f":gray[{title}] {_words(evidence[view])}")
                _ends(here, about, i, mine, sorting.sorted.senses > 1)


def _substitutes(request: Request, sorting: Sorting, guessing: RunRow | None) -> list[list[list]]:
    """What a run would put in the word's place, sense by sense, if that is asked for."""
    if guessing is None or not st.toggle(_("What else could stand here?"), key="substitutes", bind="query-params",
                                         help=_("Hides the word in 20 occurrences of each sense and lets {run} "
                                                "guess.").format(run=markdown_safe(guessing.name, 40))):  # fmt: skip
        return []
    found = answer("sense_substitutes", run=guessing.id, word=request.word, groups=sorting.sorted.groups)
    return [] if found is None else found.facts["groups"]


def _guesses(rows: list[list]) -> str:
    return " ".join(f"**{markdown_safe(word, 24)}** :gray[{share:.0%}]" for word, share, _ratio in rows[:6]) or "–"


def _ends(here: Found, about: Answer, i: int, mine: np.ndarray, several: bool) -> None:
    """The lines in the middle of a sense, and those at its border."""
    silhouette, likeness = about.arrays["silhouette"], about.arrays["likeness"]
    known = mine[np.isfinite(likeness[mine])]
    st.caption(_("Most typical"))
    for row in known[np.argsort(-likeness[known], kind="stable")][:SHOWN]:
        _line(here, int(row), f"{likeness[row]:.2f}", f"typical-{i}-{row}")
    doubtful = known[np.isfinite(silhouette[known])]
    if several and len(doubtful):
        st.caption(_("Nearest to the border (silhouette)"))
        for row in doubtful[np.argsort(silhouette[doubtful], kind="stable")][:SHOWN]:
            _line(here, int(row), f"{silhouette[row]:.2f}", f"doubtful-{i}-{row}")


def _words(rows: list[list]) -> str:
    """Words with how many occurrences hold them here and in the other senses."""
    return " ".join(f"**{markdown_safe(word, 24)}** :gray[{here}:{there}]" for word, here, there, *_rest in rows[:7])


def _take(request: Request, here: Found, sorting: Sorting, about: Answer) -> None:
    """The labelled sentences as a file, and as labels of the corpus."""
    table = sorting.sorted.table(here.frame)
    if not len(table):
        return

    def written() -> bytes:
        values = np.array(sorting.sorted.values) >= 0
        corpus = store().corpus(request.corpus_id)
        lines_ = exported(corpus, table.sort_values(["document", "start"]))
        score = pd.Series(about.arrays["silhouette"][values].round(4), name="silhouette")
        return csv_bytes(senses_sight.noted(lines_.assign(silhouette=score.to_numpy()), request))

    with st.container(horizontal=True):
        st.download_button(
            _("Labelled sentences (CSV)"), written, "senses.csv", "text/csv", key="senses-csv", on_click="ignore",
            icon=":material/download:", type="tertiary",
        )  # fmt: skip
        with st.popover(_("Keep as labels"), icon=":material/label:"):
            name = st.text_input(_("Name"), request.query[:60], key="keep-name")
            author = st.text_input(_("Your name"), key="keep-author", max_chars=60)
            st.button(_("Keep these labels"), type="primary", on_click=_keep, args=(request, table, name, author))


def _keep(request: Request, table: pd.DataFrame, name: str, author: str) -> None:
    kept = store().add_labels(request.corpus_id, name, table, author)
    st.toast(_("{n} labels are kept with the corpus.").format(n=f"{kept.occurrences:,}"))


def _concordance(request: Request, here: Found, sorting: Sorting, row: int | None, selected: list[int]) -> None:
    """The lines of what is selected, or of all, sense by sense; a click on one looks at its point."""
    values = np.array(sorting.sorted.values)
    order = np.argsort(np.where(values < 0, len(values), values), kind="stable")
    wanted = {*selected}
    rows = [int(i) for i in order if not wanted or int(i) in wanted]
    if row is not None and row in rows[LINES:]:
        rows.insert(0, rows.pop(rows.index(row)))
    shown = rows[:LINES]
    what = _("{n} lines of the points selected") if wanted else _("{n} lines, sense by sense")
    what = what if sorting.sorted.names else _("{n} lines")
    st.caption(what.format(n=f"{len(rows):,}") + (_(", the first {n}").format(n=LINES) if len(rows) > LINES else ""))
    drawn = [_drawn(here, sorting, i) for i in shown]
    event = lines(drawn, key=f"senses-lines-{request.key}", here=None if row is None else str(row))
    if event.line is not None and event.line != str(row):
        choose("at", event.line)
        st.rerun()


def _drawn(here: Found, sorting: Sorting, row: int) -> dict[str, Any]:
    value = sorting.sorted.values[row]
    return line(here.frame.iloc[row], str(row), sorting.sorted.names[value] if value >= 0 else "")
