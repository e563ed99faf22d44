"""How far back does it look? A word some places back is replaced, and what is expected next moves, or does not."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.language_models import Look, reach_curves
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.predict_runs import compared, heading, unit
from pages.widgets.predict_texts import readers, source, stretches
from pages.widgets.space_words import number
from pages.widgets.state import store
from pages.widgets.tables import csv_button

CHARACTERS = 450  # of a stretch, of which the beginning is read
DRAWS = 2  # words that are put in a word's place


def reach() -> None:
    """The runs and the text at the left, one curve a run at the right."""
    left, right = st.columns([1, 1.9], gap="large")
    with left:
        runs = compared()
        corpus = source(runs)
        count = number(_("Contexts"), "contexts", 4, 40, 12, 4)
        measures = {"bits": _("Jensen–Shannon, bits"), "moved": _("Total variation")}
        measure = choice(st.segmented_control, _("How much it moves"), measures, "moves", required=True)
        _explained(measure)
    with right:
        if corpus is None or not runs:
            st.info(_("Choose runs and a text: a curve of each appears here."))
            return
        texts = stretches(corpus, count, CHARACTERS)
        if not texts:
            return
        asked = [(run, answer("looked_back", run=run.id, texts=texts, draws=DRAWS, seed=0)) for run in runs]
        found = [(run, each) for run, each in asked if each is not None]
        if found:
            _curves(found, measure, measures[measure])
            readers(runs, corpus)


def _explained(measure: str) -> None:
    said = {
        "bits": _("0 bits: what is expected stays as it is; 1 bit: it shares no word with what was expected before."),
        "moved": _("The share of the probability that goes to other words, 0 to 1."),
    }
    st.caption(_(
        "In stretches of held-out text, the token d places back is replaced by another that is about as frequent ({n} "
        "of them, always the same ones), and what is expected next is compared with what was expected before."
    ).format(n=DRAWS) + " " + said[measure])  # fmt: skip


def _curves(found: Sequence[tuple[RunRow, Answer]], measure: str, title: str) -> None:
    looks, tables = [], []
    for run, each in found:
        values = each.arrays[measure].astype(np.float64)
        counted = np.maximum(1, (~np.isnan(values)).sum(0))
        mean = np.nansum(values, 0) / counted
        mean = np.where((~np.isnan(values)).any(0), mean, np.nan)
        half = 1.96 * np.sqrt(np.nansum((values - mean) ** 2, 0) / np.maximum(counted - 1, 1) / counted)
        looks.append(Look(f"{heading(run)} · {run.name}", mean, half))
        places = np.arange(1, len(mean) + 1)
        tables.append(pd.DataFrame({"run": run.name, "places_back": places, measure: mean, "half_interval": half}))
    figure = reach_curves(
        looks, mode=frame.mode(), title=_("How far back each run looks"),
        x_title=_("places back from the token that is guessed"), y_title=title, zero=_("exactly 0"),
    )  # fmt: skip
    plot(figure, key="reach", height=520)
    units = dict.fromkeys(unit(store().vocab(run.id)).name for run, _each in found)
    contexts = min(len(each.arrays[measure]) for _run, each in found)
    st.caption(_(
        "Means over {n} contexts; point at one for its 95 % interval. Open circles lie at exactly 0: there the model "
        "cannot look. Places are counted in the tokens of each run ({units})."
    ).format(n=contexts, units=", ".join(units)))  # fmt: skip
    csv_button(pd.concat(tables), "reach", "reach-csv")
