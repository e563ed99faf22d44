"""The same occurrences in several runs: a star where it has one vector, a cloud where it is read in context."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.encoders import encoder_named
from core.explore.sense_edits import Sorted
from core.explore.sense_layout import turned
from core.figures import senses as figures
from core.store import RunRow
from pages.widgets import frame, senses_cloud, senses_corpora, senses_sight, senses_sorting
from pages.widgets.controls import choice, several
from pages.widgets.i18n import _
from pages.widgets.plot import Morph, plot
from pages.widgets.senses_cloud import Places
from pages.widgets.senses_request import (
    Bar,
    Found,
    Request,
    contextual,
    row_in_use,
    said,
    static_runs,
    with_vectors,
)
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe

MOST = 4
HEIGHT = 380
INPUT = "input"  # in place of a moment: the run's own vectors of words, before it reads what is around them


@dataclass(frozen=True)
class Side:
    """One of several runs. source: as the link has it; moment: of its training, None for its end. layer: that is shown,
    where the senses are farthest apart, or its input. plain: its silhouette with everything in sight."""

    source: str
    name: str
    run: RunRow
    moment: int | None
    laid: Places
    curve: np.ndarray
    layer: int
    plain: float

    @property
    def whole(self) -> bool:
        """Whether its layers are looked at, not its input alone."""
        return self.laid.last > 0 and not self.source.endswith(f"@{INPUT}")

    @property
    def number(self) -> float:
        """The silhouette; of one vector for all, 0."""
        value = float(self.curve[self.layer])
        return value if np.isfinite(value) else 0.0


def beside(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """The runs side by side, then the history as one animation; or two corpora."""
    with bar:
        kinds = {"runs": _("Several runs"), "corpora": _("Two corpora")}
        kind = choice(st.segmented_control, _("Set beside each other"), kinds, "sides", required=True)
    if kind == "corpora":
        senses_corpora.show(run, request, here, bar)
        return
    with bar:
        by, count = senses_sorting.control(request, here)
    names = _sources(run)
    chosen = several(_("Runs, and moments of training"), list(names), "beside", "senses", _default(run, names),
                     format_func=names.get, max_selections=MOST)  # fmt: skip
    laid = senses_cloud.places(run, request)
    sorting = None if laid is None else senses_sorting.sorting(run, request, here, by, count, laid.last)
    seen = None if laid is None or sorting is None else senses_sight.control(run, request, sorting, laid, bar)
    if laid is None or sorting is None or seen is None:
        return
    found = {source: _side(source, names[source], request, seen, sorting.sorted) for source in chosen}
    if not found or any(side is None for side in found.values()):
        return
    row, last = row_in_use(here), [source for source, side in found.items() if isinstance(side, Side)][-1:]
    for place, (source, side) in zip(st.columns(len(found), gap="small"), found.items()):
        with place:
            if isinstance(side, Side):
                _one(side, seen, here, sorting.sorted, row, [source] == last)
            else:
                st.markdown(f"**{markdown_safe(names[source], 40)}**")
                st.info(str(side))
    if row is not None:
        st.markdown(markdown_safe(str(here.frame["sentence"].iloc[row]), 400))
    sides = [side for side in found.values() if isinstance(side, Side)]
    if not sides:
        return
    st.caption(said(request, here) + _(" · each run in the layer where these senses are farthest apart; point at an "
                                       "occurrence in one to see it in all"))  # fmt: skip
    if seen != request:
        st.caption(senses_sight.described(seen, laid))
    _curves(sides)
    _history(sides, seen, here, sorting.sorted)


def _sources(run: RunRow) -> dict[str, str]:
    """What can be chosen: "run", "run@moment" or "run@input" -> its name."""
    names = {each.id: each.name for each in with_vectors()}
    moments = store().moments(run.id)
    if "ContextVectors" in run.capabilities:
        names[f"{run.id}@{INPUT}"] = f"{run.name} · {senses_cloud.layer_name(0)}"
    return names | {f"{run.id}@{step}": _("{run} at step {step}").format(run=run.name, step=f"{step:,}")
                    for step in moments[:-1]}  # fmt: skip


def _default(run: RunRow, names: dict[str, str]) -> list[str]:
    """A run with one vector a word, of the same language, without one the input of the run in use; then those that read
    contexts, the one in use last."""
    static = [each.id for each in static_runs(run)][:1] or [f"{run.id}@{INPUT}"]
    others = [each.id for each in contextual() if each.id != run.id and each.corpus_id == run.corpus_id][:1]
    return [key for key in dict.fromkeys([*static, *others, run.id]) if key in names]


def _side(source: str, name: str, request: Request, seen: Request, sorted_: Sorted) -> Side | str | None:
    """A run's side, why it has none, or None while it is worked out."""
    run_id, _at, step = source.partition("@")
    run, moment = store().run(run_id), int(step) if step and step != INPUT else None
    assert run is not None
    seen = seen if "ContextVectors" in run.capabilities else request
    laid = senses_cloud.tried(run, seen, moment)
    if laid is None or isinstance(laid, str):
        return laid
    about = senses_cloud.told(run, seen, sorted_, laid.last, moment)
    whole = about if seen == request else senses_cloud.told(run, request, sorted_, laid.last, moment)
    if about is None or whole is None:
        return None
    curve = about.arrays["separation"]
    best = int(np.nanargmax(curve)) if np.isfinite(curve).any() else laid.last
    layer = best if laid.last and step != INPUT else 0
    return Side(source, name, run, moment, laid, curve, layer, float(whole.arrays["separation"][layer]))


def _one(side: Side, request: Request, here: Found, sorted_: Sorted, row: int | None, legend: bool) -> None:
    encoder = encoder_named(side.run.encoder)
    st.markdown(f"**{markdown_safe(side.name, 40)}** :gray[{_(encoder.title)}, {encoder.year}]")
    title = _("{word}, every occurrence a point").format(word=request.query)
    xy = side.laid.xy[:, side.layer]
    figure = senses_cloud.star(xy, request)
    same = figure is not None
    if figure is None:
        figure = figures.cloud(xy, senses_cloud.hovers(here, sorted_), senses_cloud.kinds(sorted_), room=xy,
                               mode=frame.mode(), title=title, legend=legend, chosen=row)  # fmt: skip
    event = plot(figure, f"beside-{side.source}-{request.key}", height=HEIGHT, link="senses")
    where = _("one vector a word") if same or not side.laid.last else senses_cloud.layer_name(side.layer)
    st.markdown(_(":orange-badge[silhouette {value}] :gray[{layer}]").format(value=f"{side.number:.2f}", layer=where))
    note = senses_sight.beside(request, side.plain, side.number)
    if note and "ContextVectors" in side.run.capabilities:
        st.markdown(f":material/visibility_off: {note}")
    if not same and event.fresh and event.clicked not in (None, row) and event.clicked < len(here.frame):
        choose("at", str(event.clicked))
        st.rerun()


def _curves(sides: list[Side]) -> None:
    deep = [side for side in sides if side.whole]
    if not deep:
        return
    curves = [figures.Curve(side.name, side.curve) for side in deep]
    figure = figures.separation(
        curves, mode=frame.mode(), title=_("How far apart the senses are, layer by layer"), x_title=_("layer"),
        y_title=_("silhouette"), hot=deep[0].layer,
    )  # fmt: skip
    plot(figure, "beside-curves", height=210)


def _history(sides: list[Side], request: Request, here: Found, sorted_: Sorted) -> None:
    """From one dot to clouds: the runs by year, each contextual one layer by layer, turned onto the next."""
    sides = [side for side in sides if side.whole or not side.laid.last] or sides
    if len(sides) < 2 and not sides[0].whole:
        return
    query = request.query.strip("/")
    st.subheader(_("Split {word}").format(word=markdown_safe(query, 40)), anchor=False)
    stops: list[tuple[str, np.ndarray]] = []
    ordered = sorted(sides, key=lambda each: (encoder_named(each.run.encoder).year, each.moment or 10**12))
    for side in ordered:
        for layer in range(side.laid.last + 1) if side is ordered[-1] else [side.layer]:
            value = side.curve[layer]
            number = f"{value:.2f}" if np.isfinite(value) else "0.00"
            where = f" · {senses_cloud.layer_name(layer)}" if side.laid.last else ""
            stops.append((f"{side.name}{where} · {number}", np.nan_to_num(side.laid.xy[:, layer])))
    xy = [stops[-1][1]]
    for _name, each in reversed(stops[:-1]):
        xy.insert(0, turned(each, xy[0]))
    figure = figures.cloud(
        xy[0], senses_cloud.hovers(here, sorted_), senses_cloud.kinds(sorted_), room=np.concatenate(xy),
        mode=frame.mode(), title=_("The history of a word's vectors"),
    )  # fmt: skip
    rest = np.stack(xy[1:]) if len(xy) > 1 else np.stack(xy)
    morph: Morph = {"x": np.ascontiguousarray(rest[..., 0]), "y": np.ascontiguousarray(rest[..., 1]), "at": 0.0,
                    "first": "", "last": "", "names": [name for name, _xy in stops]}  # fmt: skip
    key = "-".join(side.source for side in sides)
    plot(figure, f"history-{request.key}-{key}", height=460, morph=morph)
    st.caption(_("Play: the runs by their year, from one vector a word to the layers of the last; the number is the "
                 "silhouette of the same senses."))  # fmt: skip
