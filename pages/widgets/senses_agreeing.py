"""Two people's labels of the same occurrences: how far they agree, and where they do not."""

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus.occurrences import exported
from core.explore import annotators
from pages.widgets import senses_sorting
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import lines
from pages.widgets.senses_request import Found, Request, line
from pages.widgets.state import choose, store
from pages.widgets.tables import csv_button

LINES = 60


def show(request: Request, here: Found) -> None:
    """The two sets of labels that are chosen, their agreement, and the lines on which they differ."""
    names = senses_sorting.label_sources(request, here)
    if len(names) < 2:
        st.info(_("Two sets of labels are needed, and there are {n}. Under Look, sort the occurrences and keep them as "
                  "labels under a name; labels of another person are brought in under Labels on the Corpus "
                  "page.").format(n=len(names)))  # fmt: skip
        if st.button(_("Bring in labels"), icon=":material/label:"):
            choose("view", "labels")
            st.switch_page("pages/corpus.py", query_params={"corpus": request.corpus_id, "view": "labels"})
        return
    with st.container(horizontal=True):
        one = choice(st.selectbox, _("One"), names, "one", width=320)
        rest = {key: name for key, name in names.items() if key != one}
        other = choice(st.selectbox, _("The other"), rest, "other", width=320)
    first, second = (np.array(senses_sorting.labels_of(key, here), object) for key in (one, other))
    rows = np.flatnonzero((first != "") & (second != ""))
    if not len(rows):
        st.info(_("No occurrence here has a label in both."))
        return
    first, second = first[rows], second[rows]
    _numbers(first, second, len(here.frame))
    table = pd.crosstab(pd.Series(first, name="one"), pd.Series(second, name="other"))
    st.dataframe(table.rename_axis(None, axis=1).rename_axis(names[one]), key="agreement-table", height="content")
    _differences(here, rows, first, second)
    places = here.frame.iloc[rows][["document", "begin", "end"]].set_axis(["document", "start", "end"], axis=1)
    found = exported(store().corpus(request.corpus_id), places.assign(label=first))
    csv_button(found.assign(other_label=second), "two-labels", "agreement-csv")


def _numbers(first: np.ndarray, second: np.ndarray, every: int) -> None:
    codes = np.unique(np.concatenate([first, second]).astype(str), return_inverse=True)[1].reshape(2, -1)
    text = _("**{n}** of {all} occurrences are labelled by both; **{share}** of them the same: Cohen's "
             "**κ = {kappa}**, Krippendorff's **α = {alpha}** (1 is full agreement, 0 chance).")  # fmt: skip
    st.markdown(text.format(
        n=f"{len(first):,}", all=f"{every:,}", share=f"{(first == second).mean():.0%}",
        kappa=f"{annotators.kappa(first.tolist(), second.tolist()):.2f}".replace("-", "−"),
        alpha=f"{annotators.alpha(codes.astype(np.float64)):.2f}".replace("-", "−"),
    ))  # fmt: skip


def _differences(here: Found, rows: np.ndarray, first: np.ndarray, second: np.ndarray) -> None:
    """The lines that the two label differently; a click looks at one."""
    apart = np.flatnonzero(first != second)
    if not len(apart):
        st.caption(_("They differ on no line."))
        return
    st.caption(_("{n} lines on which they differ").format(n=f"{len(apart):,}")
               + (_(", the first {n}").format(n=LINES) if len(apart) > LINES else ""))  # fmt: skip
    drawn = [line(here.frame.iloc[int(rows[i])], str(int(rows[i])), f"{first[i]} ≠ {second[i]}")
             for i in apart[:LINES].tolist()]  # fmt: skip
    event = lines(drawn, key="agreement-lines")
    if event.line is not None:
        choose("at", event.line)
        choose("senses", "look")
        st.rerun()
