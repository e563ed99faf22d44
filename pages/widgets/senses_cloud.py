"""The cloud of a word's occurrences, which flows from layer to layer, and under it all layers and their separation."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.answers import Answer
from core.explore.sense_edits import Sorted
from core.figures import senses as figures
from core.figures.palette import palette
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import Event, Morph, Words, plot
from pages.widgets.senses_request import Found, Request
from pages.widgets.senses_sorting import Sorting
from pages.widgets.state import choose, chosen
from pages.widgets.text import markdown_safe

HEIGHT = 520


@dataclass(frozen=True)
class Places:
    """xy: float32 (n, S, 2). known: bool (n,), whether the run has a token there. explained: (S,). kind: "contextual"
    or "static". unread: how many are words that the run never learned. hides: see `core.explore.sense_sight.way`."""

    xy: np.ndarray
    known: np.ndarray
    explained: np.ndarray
    kind: str
    unread: int
    hides: str

    @property
    def last(self) -> int:
        return self.xy.shape[1] - 1


def places(run: RunRow, request: Request, moment: int | None = None) -> Places | None:
    """Where the occurrences lie in each layer, or None while that is worked out. Where that cannot be, the page stops
    with the reason."""
    found = tried(run, request, moment)
    if isinstance(found, str):
        st.error(found)
        st.stop()
    return found


def tried(run: RunRow, request: Request, moment: int | None = None) -> Places | str | None:
    """The same, or why this run cannot say."""
    found = answer("sense_map", run=run.id, moment=moment, word=request.word)
    if found is None:
        return None
    if "problem" in found.facts:
        return sentence(found.facts["problem"])
    arrays = found.arrays
    return Places(arrays["xy"], arrays["known"], arrays["explained"], found.facts["kind"], int(found.facts["unread"]),
                  found.facts["hides"])  # fmt: skip


def told(run: RunRow, request: Request, sorted_: Sorted, layer: int, moment: int | None = None) -> Answer | None:
    """How far apart the senses are in each layer, and how well each occurrence sits in its sense in this one."""
    return answer(
        "sense_told", run=run.id, moment=moment, word=request.word, layer=layer, groups=sorted_.groups
    )  # fmt: skip


def layer_name(layer: int) -> str:
    return _("Input") if layer == 0 else _("Layer {n}").format(n=layer)


def layer_in_use(laid: Places) -> int:
    """The layer looked at: from the link, else the last."""
    asked = chosen("layer") or ""
    layer = int(asked) if asked.isdigit() and int(asked) <= laid.last else laid.last
    return layer


def hovers(here: Found, sorted_: Sorted) -> list[str]:
    """What is shown when a point is pointed at: its sentence, and its sense."""
    rows = here.frame[["sentence", "first", "last"]].itertuples(index=False)
    names = [sorted_.names[value] if value >= 0 else "" for value in sorted_.values]
    return [figures.hover(text, first, last, name) for (text, first, last), name in zip(rows, names)]


def kinds(sorted_: Sorted) -> figures.Kinds:
    return figures.Kinds(np.array(sorted_.values, np.int64), sorted_.names)


def words(sorted_: Sorted, likeness: np.ndarray) -> Words:
    """The senses' names, each written at its most typical occurrence."""
    values = np.array(sorted_.values)
    text, colours = [""] * len(values), [""] * len(values)
    shades = palette(frame.mode()).categories
    middles = []
    for i, name in enumerate(sorted_.names):
        mine = np.flatnonzero((values == i) & np.isfinite(likeness))
        if len(mine):
            middles.append(int(mine[likeness[mine].argmax()]))
            text[middles[-1]], colours[middles[-1]] = name, shades[i % len(shades)]
    others = np.setdiff1d(np.arange(len(values)), middles)
    return {"text": text, "order": np.array([*middles, *others], np.int32), "colours": colours}


def star(xy: np.ndarray, request: Request) -> go.Figure | None:
    """One star, where all the places float (n, 2) are one; else None."""
    if float(np.nanmax(np.abs(xy), initial=0)) > 1e-6:
        return None
    title = _("{word}, every occurrence a point").format(word=request.query)
    text = _("one vector: all {n} occurrences are here").format(n=len(xy))
    return figures.star(mode=frame.mode(), title=title, number=len(xy), text=text)


def show(
    run: RunRow, request: Request, here: Found, laid: Places, sorting: Sorting, chosen_row: int | None, near: list[int]
) -> tuple[Event, Answer | None]:
    """The cloud with its slider of layers; what was done to it, and how far apart the senses are."""
    layer = layer_in_use(laid)
    about = told(run, request, sorting.sorted, layer)
    if about is None:
        return Event(), None
    if not laid.last and (figure := star(laid.xy[:, 0], request)):
        plot(figure, f"senses-{run.id}-{request.key}", height=HEIGHT // 2)
        return Event(), about
    curve = about.arrays["separation"]
    figure = figures.cloud(
        laid.xy[:, 0], hovers(here, sorting.sorted), kinds(sorting.sorted), room=laid.xy.reshape(-1, 2),
        mode=frame.mode(), title=_("{word}, every occurrence a point").format(word=request.query), chosen=chosen_row,
        near=near,
    )  # fmt: skip
    jumps = st.session_state.get("senses-jumps", 0)
    first = st.session_state.setdefault(f"senses-at-{request.key}-{run.id}-{jumps}", layer)
    morph: Morph = {
        "x": np.ascontiguousarray(laid.xy[:, 1:, 0].T), "y": np.ascontiguousarray(laid.xy[:, 1:, 1].T), "at": first,
        "first": "", "last": "",
        "names": [f"{layer_name(i)} · {_number(value)}" for i, value in enumerate(curve.tolist())],
    }  # fmt: skip
    names = words(sorting.sorted, about.arrays["likeness"])
    event = plot(
        figure, f"senses-{run.id}-{request.key}", height=HEIGHT, labels=names,
        uirevision=f"{request.key}-{jumps}", morph=morph if laid.last else None,
    )  # fmt: skip
    _follow(event, laid, layer)
    return event, about


def _number(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "–"


def _follow(event: Event, laid: Places, layer: int) -> None:
    """The layer at which the slider came to rest is the one looked at."""
    if event.morph is None or event.morph == st.session_state.get("senses-rested"):
        return
    st.session_state["senses-rested"] = event.morph
    if round(event.morph) != layer:
        choose("layer", str(min(laid.last, round(event.morph))))
        st.rerun()


def jump(layer: int) -> None:
    """Look at another layer, from outside the slider."""
    choose("layer", str(layer))
    st.session_state["senses-jumps"] = st.session_state.get("senses-jumps", 0) + 1
    st.rerun()


def layers(
    run: RunRow, request: Request, laid: Places, sorting: Sorting, about: Answer, whole: Answer | None = None
) -> None:
    """All layers small, each a click away, and the separation over the layers; whole: with everything in sight."""
    layer = layer_in_use(laid)
    titles = [layer_name(i) for i in range(laid.last + 1)]
    st.caption(_("All layers, each turned onto the one above it; a click goes there."))
    small = figures.small_multiples(
        laid.xy, kinds(sorting.sorted), titles, mode=frame.mode(), title=_("All layers"), hot=layer, seed=request.seed
    )
    event = plot(small, f"senses-small-{run.id}", height=150)
    curve = [figures.Curve(run.name if whole is None else _("as seen here"), about.arrays["separation"])]
    if whole is not None:
        curve.append(figures.Curve(_("with everything in sight"), whole.arrays["separation"]))
    drawn = figures.separation(
        curve, mode=frame.mode(), title=_("How far apart the senses are, layer by layer"), x_title=_("layer"),
        y_title=_("silhouette"), hot=layer,
    )  # fmt: skip
    other = plot(drawn, f"senses-curve-{run.id}", height=190)
    for each in (event, other):
        if each.fresh and each.clicked is not None and each.clicked != layer:
            jump(each.clicked)


def headline(run: RunRow, request: Request, laid: Places, about: Answer) -> None:
    """The number: how far apart the senses are in the layer looked at, and where they are farthest."""
    layer, curve = layer_in_use(laid), about.arrays["separation"]
    query = markdown_safe(request.query.strip("/"), 40)
    if not np.isfinite(curve).any():
        st.markdown(_("**{word}** :gray-badge[one sense: nothing to tell apart]").format(word=query))
        return
    best = int(np.nanargmax(curve))
    text = _(
        "**{word}** :orange-badge[silhouette {value} in {layer}] :gray-badge[most in {best}: {top}] :gray[by {run}]"
    )
    st.markdown(text.format(
        word=query, value=_number(float(curve[layer])), layer=layer_name(layer), run=markdown_safe(run.name, 40),
        best=layer_name(best), top=_number(float(curve[best])),
    ))  # fmt: skip
