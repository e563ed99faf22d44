"""The same occurrences in several runs: a star where it has one vector, a cloud where it is read in context."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.encoders import encoder_named
from core.explore.sense_edits import Sorted
from core.explore.sense_layout import turned
from core.figures import senses as figures
from core.store import RunRow
from pages.widgets import frame, senses_cloud, senses_corpora, senses_sorting
from pages.widgets.controls import choice, several
from pages.widgets.i18n import _
from pages.widgets.plot import Morph, plot
from pages.widgets.senses_cloud import Places
from pages.widgets.senses_request import Bar, Found, Request, said, with_vectors
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe

MOST = 4
HEIGHT = 380


@dataclass(frozen=True)
class Side:
    """One of several runs, at a moment of its training or at its end. layer: where the senses are farthest apart."""

    name: str
    run: RunRow
    moment: int | None
    laid: Places
    curve: np.ndarray
    layer: int

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
    if sorting is None:
        return
    sides = [side for side in (_side(source, names[source], request, sorting.sorted) for source in chosen) if side]
    if len(sides) < len(chosen) or not sides:
        return
    shown = st.columns(len(sides), gap="small")
    for place, side in zip(shown, sides):
        with place:
            _one(side, request, here, sorting.sorted)
    st.caption(said(request, here) + _(" · each run in the layer where these senses are farthest apart; point at an "
                                       "occurrence in one to see it in all"))  # fmt: skip
    _curves(sides)
    _history(sides, request, here, sorting.sorted)


def _sources(run: RunRow) -> dict[str, str]:
    """What can be chosen: "run" or "run@moment" -> its name."""
    names = {each.id: each.name for each in with_vectors()}
    moments = store().moments(run.id)
    return names | {f"{run.id}@{step}": _("{run} at step {step}").format(run=run.name, step=f"{step:,}")
                    for step in moments[:-1]}  # fmt: skip


def _default(run: RunRow, names: dict[str, str]) -> list[str]:
    """The newest run with one vector a word, then those that read contexts, the one in use last."""
    runs = with_vectors()
    static = [each.id for each in runs if "ContextVectors" not in each.capabilities and each.encoder != "onehot"][:1]
    others = [each.id for each in runs if "ContextVectors" in each.capabilities and each.id != run.id
              and each.corpus_id == run.corpus_id][:1]  # fmt: skip
    return [key for key in dict.fromkeys([*static, *others, run.id]) if key in names]


def _side(source: str, name: str, request: Request, sorted_: Sorted) -> Side | None:
    run_id, _at, step = source.partition("@")
    run, moment = store().run(run_id), int(step) if step else None
    assert run is not None
    laid = senses_cloud.places(run, request, moment)
    about = None if laid is None else senses_cloud.told(run, request, sorted_, laid.last, moment)
    if laid is None or about is None:
        return None
    curve = about.arrays["separation"]
    best = int(np.nanargmax(curve)) if np.isfinite(curve).any() else laid.last
    return Side(name, run, moment, laid, curve, best if laid.last else 0)


def _one(side: Side, request: Request, here: Found, sorted_: Sorted) -> None:
    encoder = encoder_named(side.run.encoder)
    st.markdown(f"**{markdown_safe(side.name, 40)}** :gray[{_(encoder.title)}, {encoder.year}]")
    title = _("{word}, every occurrence a point").format(word=request.query)
    xy = side.laid.xy[:, side.layer]
    same = float(np.nanmax(np.abs(xy), initial=0)) < 1e-6
    if same:
        figure = figures.star(mode=frame.mode(), title=title, number=len(xy),
                              text=_("one vector: all {n} occurrences are here").format(n=len(xy)))  # fmt: skip
    else:
        figure = figures.cloud(xy, senses_cloud.hovers(here, sorted_), senses_cloud.kinds(sorted_), room=xy,
                               mode=frame.mode(), title=title, legend=False)  # fmt: skip
    event = plot(figure, f"beside-{side.run.id}-{side.moment}-{request.key}", height=HEIGHT, link="senses")
    where = senses_cloud.layer_name(side.layer) if side.laid.last else _("one vector a word")
    st.markdown(_(":orange-badge[silhouette {value}] :gray[{layer}]").format(value=f"{side.number:.2f}", layer=where))
    if event.fresh and event.clicked is not None and event.clicked < len(here.frame):
        choose("at", str(event.clicked))
        record = here.frame.iloc[event.clicked]
        st.caption(markdown_safe(str(record["sentence"]), 300))


def _curves(sides: list[Side]) -> None:
    deep = [side for side in sides if side.laid.last]
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
    if len(sides) < 2 and not sides[0].laid.last:
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
    key = "-".join(f"{side.run.id}@{side.moment}" for side in sides)
    plot(figure, f"history-{request.key}-{key}", height=460, morph=morph)
    st.caption(_("Play: the runs by their year, from one vector a word to the layers of the last; the number is the "
                 "silhouette of the same senses."))  # fmt: skip
