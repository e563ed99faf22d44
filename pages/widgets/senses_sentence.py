"""One sentence that can be changed word by word, while its point walks from one sense to the other."""

import re

import numpy as np
import streamlit as st

from core.explore.sense_edits import Sorted
from core.figures import senses as figures
from core.store import RunRow
from pages.widgets import frame, senses_cloud, senses_sight, senses_sorting
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.senses_cloud import Places
from pages.widgets.senses_request import Bar, Found, Request
from pages.widgets.state import choose, chosen
from pages.widgets.text import markdown_safe

SHORT = 110  # letters of a sentence that is offered


def edit(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """The sentence, where its word stands among the occurrences, and which word of it decides."""
    laid = senses_cloud.places(run, request)
    if laid is None:
        return
    with bar:
        by, count = senses_sorting.control(request, here)
    if laid.kind != "contextual":
        st.info(_("This run has one vector a word: a sentence changes nothing there. Choose a run that reads contexts, "
                  "or train one."))  # fmt: skip
        return
    sorting = senses_sorting.sorting(run, request, here, by, count, laid.last)
    if sorting is None:
        return
    senses = sorting.sorted
    if senses.senses < 2:
        st.info(_("There is one sense here, so there is nothing to walk between: choose other senses above."))
        return
    seen = senses_sight.control(run, request, sorting, laid, bar)
    shown = None if seen is None else senses_cloud.places(run, seen)
    if seen is None or shown is None:
        return
    request, laid = seen, shown
    about = senses_cloud.told(run, request, senses, senses_cloud.layer_in_use(laid))
    if about is None:
        return
    sentence = _sentence(here, senses, about.arrays["likeness"])
    place = _place(sentence, here)
    if place is None:
        forms = ", ".join(sorted({*here.frame["form"]})[:5])
        st.error(_("The word is not in this sentence: put back {forms}.").format(forms=markdown_safe(forms, 80)))
        return
    layer = senses_cloud.layer_in_use(laid)
    moved = answer("sense_moved", run=run.id, word=request.word, layer=layer, groups=senses.groups,
                   sentence=sentence, first=place[0], last=place[1])  # fmt: skip
    if moved is None:
        return
    arrays = moved.arrays
    if request.sight:
        st.caption(senses_sight.described(request, laid))
    _bar(arrays["shares"], senses)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        _walk(run, request, here, laid, senses, arrays["xy"], layer)
    with right:
        _words(arrays["effects"], moved.facts["words"], senses.names[int(arrays["shares"].argmax())])


def _sentence(here: Found, senses: Sorted, likeness: np.ndarray) -> str:
    """The sentence as it is typed; at first one that is typical; one of each sense is offered."""
    typical = _typical(here, senses, likeness)
    first = next(iter(typical.values()), str(here.frame["sentence"].iloc[0]))
    st.session_state["senses-sentence"] = chosen("sentence") or first
    st.text_input(_("A sentence with the word"), key="senses-sentence", max_chars=400, on_change=_typed)
    with st.container(horizontal=True, gap="small"):
        for i, (name, text) in enumerate(typical.items()):
            st.button(
                f":gray[{markdown_safe(name, 30)}] {markdown_safe(text, 60)}", key=f"typical-{i}", type="tertiary",
                on_click=choose, args=("sentence", text),
            )  # fmt: skip
    return str(chosen("sentence") or first)


def _typed() -> None:
    choose("sentence", st.session_state["senses-sentence"].strip() or None)


def _typical(here: Found, senses: Sorted, likeness: np.ndarray) -> dict[str, str]:
    """One short, typical sentence of each of the first senses."""
    values, found = np.array(senses.values), {}
    lengths = here.frame["sentence"].str.len().to_numpy()
    for i, name in enumerate(senses.names[:3]):
        mine = np.flatnonzero((values == i) & np.isfinite(likeness))
        short = mine[lengths[mine] < SHORT]
        rows = short if len(short) else mine
        if len(rows):
            found[name] = str(here.frame["sentence"].iloc[rows[likeness[rows].argmax()]])
    return found


def _place(sentence: str, here: Found) -> tuple[int, int] | None:
    """Where the word stands: the longest of its forms that the sentence has, as a word of its own if it can be."""
    forms = sorted({*here.frame["form"]}, key=len, reverse=True)
    for edge in (r"\b", ""):
        for form in forms:
            found = re.search(edge + re.escape(form) + edge, sentence, re.IGNORECASE)
            if found:
                return found.span()
    return None


def _bar(shares: np.ndarray, senses: Sorted) -> None:
    said = " / ".join(f"{name} {share:.2f}" for name, share in zip(senses.names, shares.tolist()))
    plot(figures.share_bar(shares, senses.names, mode=frame.mode(), title=said), "senses-shares", height=44)
    st.caption(markdown_safe(said, 300) + _(" · by the nearest mean, as sharp as the occurrences themselves are told "
                                            "apart"))  # fmt: skip


def _walk(run: RunRow, request: Request, here: Found, laid: Places, senses: Sorted, xy: np.ndarray, layer: int) -> None:
    """The cloud, and the sentence's point: it glides from where it was."""
    key = f"senses-walk-{run.id}-{request.key}"
    before = st.session_state.get(key, (layer, xy))
    from_xy = before[1][layer] if before[1].shape == xy.shape else xy[layer]
    walk = np.stack([from_xy, xy[layer]])
    st.session_state[key] = (layer, xy)
    points = laid.xy[:, layer]
    figure = figures.cloud(
        points, senses_cloud.hovers(here, senses), senses_cloud.kinds(senses), room=np.concatenate([points, walk]),
        mode=frame.mode(), title=_("Where the word stands in this sentence"), walk=walk,
    )  # fmt: skip
    plot(figure, key, height=440, uirevision=f"{request.key}-{layer}")
    st.caption(_("The star is the word in your sentence, in {layer}; the dashed line is its way from the sentence "
                 "before.").format(layer=senses_cloud.layer_name(layer)))  # fmt: skip


def _words(effects: np.ndarray, words: list[str], sense: str) -> None:
    st.markdown(_("**What makes it {sense}**").format(sense=markdown_safe(sense, 40)))
    known = np.isfinite(effects)
    if not known.any():
        st.caption(_("There is no other word in this sentence."))
        return
    figure = figures.effects(words, effects, mode=frame.mode(), title=_("What each word brings"),
                             x_title=_("share lost without it"))  # fmt: skip
    plot(figure, "senses-effects", height=60 + 28 * min(10, int(known.sum())))
    top = int(np.nanargmax(np.abs(effects)))
    text = _("Without **{word}** the share of {sense} would change by {change}. Each word is left out once.")
    st.caption(text.format(word=markdown_safe(words[top], 30), sense=markdown_safe(sense, 40),
                           change=f"{-float(effects[top]):+.2f}".replace("-", "−")))  # fmt: skip
