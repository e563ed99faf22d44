"""Next sentence: does the second follow the first? One pair by hand, and many out of a corpus, beside a tossed coin."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explore.evaluation import wilson_interval
from core.figures.guesses import coin_dots
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.space_words import number
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

MANY = 40  # pairs of each kind
KEPT = 12  # pairs that were tried, the newest first
PAIRS = {
    "zh": ("战争在春天开始了。", "它持续了三年。"),
    "": ("The war began in the spring of that year.", "It lasted until the city was taken."),
}


def pair(run: RunRow) -> None:
    """One pair that a person writes or takes from the corpus, or many pairs of each kind."""
    views = {"one": _("A pair"), "many": _("Many pairs: order or topic?")}
    view = choice(st.segmented_control, _("Pairs"), views, "pairs", required=True, label_visibility="collapsed")
    {"one": _one, "many": _many}[view](run)


def _kinds() -> dict[str, str]:
    return {
        "follows": _("the sentence that follows"), "swapped": _("the two in reverse order"),
        "document": _("one of the same document"), "elsewhere": _("one of another document"),
    }  # fmt: skip


def _one(run: RunRow) -> None:
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        _examples(run)
        first, second = _box(_("First sentence"), "first"), _box(_("Second sentence"), "second")
    with right:
        if not first or not second:
            st.info(_("Write two sentences, or take a pair from the corpus."))
            return
        found = answer("next_sentence", run=run.id, first=first, second=second)
        if found is None:
            return
        chance = float(found.arrays["answer"])
        st.metric(_("probability that the second follows the first"), f"{chance:.1%}")
        st.caption(_(
            "Half of the pairs it learned from belong together: 50 % is what a tossed coin says. Of two texts too long "
            "for the context, the end of the first and the beginning of the second are read."
        ))  # fmt: skip
        _history(run, first, second, chance)


def _box(label: str, key: str) -> str:
    """A sentence that lives in the link under `key`."""
    drawn = f"{key}_typed"
    st.session_state[drawn] = chosen(key) or ""
    st.text_area(
        label, key=drawn, height=96, max_chars=2000,
        on_change=lambda: choose(key, st.session_state[drawn].strip() or None),
    )  # fmt: skip
    return str(st.session_state[drawn]).strip()


def _examples(run: RunRow) -> None:
    """A pair of each kind out of the corpus that the run learned from, another at every click."""
    row, untouched = store().corpus_row(run.corpus_id), not chosen("first") and not chosen("second")
    untouched = untouched and "first_typed" not in st.session_state
    if row is None or row.state != "ready":
        if untouched:
            _take(*PAIRS["zh" if store().vocab(run.id).language == "zh" else ""], 0)
        return
    drawn = int(st.session_state.get("pair-seed", 0))
    found = answer("sentence_pairs", corpus_id=row.id, count=1, seed=drawn)
    if found is None:
        return
    pairs: dict[str, list[list[str]]] = found.facts["pairs"]
    if not pairs:
        st.caption(_("The corpus of this run has no two sentences one after the other to take as an example."))
        return
    if untouched:
        _take(pairs["follows"][0][0], pairs["follows"][0][1], drawn)
    st.caption(_("Take from the corpus, out of text that was held out: a sentence, and …"))
    with st.container(horizontal=True):
        for kind, name in _kinds().items():
            if kind in pairs:
                first, second = pairs[kind][0]
                st.button(name, key=f"pair-{kind}", on_click=_take, args=(first, second, drawn + 1))


def _take(first: str, second: str, seed: int) -> None:
    """Put a pair into the boxes; the next examples are others."""
    choose("first", first)
    choose("second", second)
    st.session_state["pair-seed"] = seed


def _history(run: RunRow, first: str, second: str, chance: float) -> None:
    """The pairs that were tried in this visit, the newest on top."""
    tried: list[dict[str, Any]] = st.session_state.setdefault("pairs-tried", [])
    here = {"run": run.name, "first": first, "second": second, "probability": chance}
    if here not in tried:
        tried.insert(0, here)
        del tried[KEPT:]
    figure = coin_dots(
        [_short(each["second"]) for each in tried], np.array([each["probability"] for each in tried]),
        mode=frame.mode(), title=_("The pairs that were tried"), hot=tried.index(here), coin=_("a coin: 50 %"),
        x_title=_("probability that the second follows the first"),
    )  # fmt: skip
    plot(figure, key=f"tried-{len(tried)}", height=44 * len(tried) + 90)
    st.caption(_("The pairs of this visit by their second sentence; the one in the boxes is orange."))
    csv_button(pd.DataFrame(tried), "pairs", "pairs-csv")


def _short(text: str, longest: int = 34) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _many(run: RunRow) -> None:
    """Pairs of each kind out of the corpus: what the run tells apart, and what it takes for the same."""
    row = store().corpus_row(run.corpus_id)
    if row is None or row.state != "ready":
        st.info(_("The corpus of this run is gone, so there are no pairs to take from it."))
        return
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        count = number(_("Pairs of each kind"), "pairs-count", 10, 80, MANY, 10)
        st.markdown(_(
            "Of each first sentence, the second is the one that **follows**, the two in **reverse order**, one from "
            "elsewhere in the **same document**, or one of **another document**. A model that knows order holds the "
            "first kind likely and the second unlikely; one that knows topics alone holds the first three alike."
        ))  # fmt: skip
    with right:
        drawn = answer("sentence_pairs", corpus_id=row.id, count=count, seed=0)
        if drawn is None:
            return
        pairs: dict[str, list[list[str]]] = drawn.facts["pairs"]
        if not pairs:
            st.info(_("The corpus of this run has no two sentences one after the other to take as an example."))
            return
        every = [each for some in pairs.values() for each in some]
        found = answer("judged", run=run.id, pairs=every)
        if found is not None:
            _kinds_apart(run, pairs, found.arrays["answer"])


def _kinds_apart(run: RunRow, pairs: dict[str, list[list[str]]], chances: np.ndarray) -> None:
    names, sizes = [_kinds()[kind] for kind in pairs], [len(some) for some in pairs.values()]
    parts = np.split(chances, np.cumsum(sizes)[:-1])
    taken = np.array([(part > 0.5).mean() for part in parts])
    limits = np.array([wilson_interval(float((part > 0.5).mean()), len(part)) for part in parts])
    figure = coin_dots(
        names, taken, low=limits[:, 0], high=limits[:, 1], mode=frame.mode(), coin=_("a coin: 50 %"),
        title=_("Which pairs are taken to belong together"), x_title=_("share taken to follow"),
    )  # fmt: skip
    plot(figure, key=f"kinds-{run.id}", height=60 * len(names) + 90)
    st.caption(_(
        "The share of the pairs of each kind that {name} gives more than 50 %, with its 95 % interval (Wilson); {n} "
        "pairs of each kind, out of held-out text where it has enough."
    ).format(name=markdown_safe(run.name), n=max(sizes)))  # fmt: skip
    kinds = np.repeat([*pairs], sizes)
    every = [each for some in pairs.values() for each in some]
    table = pd.DataFrame({"kind": kinds, "first": [one for one, _two in every], "second": [two for _one, two in every],
                          "probability": chances})  # fmt: skip
    csv_button(table, "pairs", f"kinds-csv-{run.id}")
