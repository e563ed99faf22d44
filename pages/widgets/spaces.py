"""The parts of the Dimensions page: one-hot's equal distances, and the dimensions of a decomposition."""

from math import sqrt

import numpy as np
import pandas as pd
import streamlit as st

from core.figures.dimensions import end_bars, explained_bars
from core.figures.distances import equal_distances
from core.problem import Problem
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button, open_word

MOST_WORDS = 4  # that stand equally far from each other in three dimensions
ENDS = 12  # words at each end of a dimension


def distances(run: RunRow) -> None:
    """A few words at their true distances: all the same, whatever the words mean."""
    vocab = store().vocab(run.id)
    long = 1 if vocab.tokenizer in ("chinese", "characters") else 3
    common = [word for word in vocab.words[:300] if len(word) > long and word.isalpha()] or vocab.words
    start = chosen("words") or " ".join(common[:3])
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        text = st.text_input(_("Two to four words"), start, key="one-hot-words", max_chars=120)
        choose("words", text)
        try:
            words = list(dict.fromkeys(vocab.words[vocab.index(word)] for word in text.split()))[:MOST_WORDS]
        except Problem as problem:
            st.error(sentence(problem))
            return
        st.caption(_(
            "Each word is a vector of {v} numbers, 1 in its own place and 0 everywhere else. So every two words are "
            "√2 ≈ {d} apart, and at a right angle: cat is as far from dog as from Tuesday. More than four such points "
            "have no place in three dimensions; a projection would invent a structure that is not there."
        ).format(v=f"{len(vocab):,}", d=f"{sqrt(2):.3f}"))  # fmt: skip
        for word in words:
            place = vocab.index(word)
            st.text(_("{word}: 1 in place {n} of {v}").format(word=word, n=f"{place + 1:,}", v=f"{len(vocab):,}"))
    with right:
        if len(words) < 2:
            st.info(_("Type two to four words of this vocabulary."))
            return
        found = answer("distances", run=run.id, words=words)
        if found is None:
            return
        figure = equal_distances(words, found.arrays["answer"], mode=frame.mode(), title=_("True distances"))
        plot(figure, key=f"distances-{len(words)}", height=500)


def dimensions(run: RunRow) -> None:
    """How much each dimension explains; the words at the two ends of the one that is pointed at."""
    vocab = store().vocab(run.id)
    found = answer("explained", run=run.id)
    if found is None:
        return
    shares = found.arrays["answer"]
    asked = chosen("dimension") or "1"
    here = min(max(1, int(asked)), len(shares)) - 1 if asked.isdigit() else 0
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        figure = explained_bars(
            shares, mode=frame.mode(), title=_("Explained variance"), x_title=_("dimension"),
            y_title=_("share of the variance (%)"), hot=here,
        )  # fmt: skip
        event = plot(figure, key=f"explained-{run.id}", height=380)
        if event.fresh and event.clicked is not None:
            choose("dimension", str(event.clicked + 1))
            st.rerun()
        text = _("{n} dimensions explain {share} of the variance. Click one to see its words.")
        st.caption(text.format(n=f"{len(shares):,}", share=f"{float(shares.sum()):.1%}"))
        table = pd.DataFrame({"dimension": np.arange(1, len(shares) + 1), "share": shares})
        csv_button(table, "explained", f"explained-csv-{run.id}")
    with right:
        _ends(run, here, vocab.words, float(shares[here]))


def _ends(run: RunRow, here: int, words: list[str], share: float) -> None:
    st.markdown(_("**Dimension {i}** :gray[{share} of the variance]").format(i=here + 1, share=f"{share:.2%}"))
    found = answer("dimension", run=run.id, i=here, k=ENDS)
    if found is None:
        return
    arrays = found.arrays
    ids = np.concatenate([arrays["positive"], arrays["negative"][::-1]])
    values = np.concatenate([arrays["positive_values"], arrays["negative_values"][::-1]])
    figure = end_bars([words[i] for i in ids], values, ids, mode=frame.mode(), title=_("The two ends of a dimension"))
    event = plot(figure, key=f"ends-{run.id}", height=25 * max(1, len(ids)) + 40)
    st.caption(
        _("A dimension's sign means nothing by itself; what stands at one end is told from what stands at the other.")
    )
    table = pd.DataFrame({"word": [words[i] for i in ids], "coordinate": values})
    csv_button(table, f"dimension-{here + 1}", f"ends-csv-{run.id}")
    if event.fresh and event.clicked is not None:
        open_word(words[event.clicked], run.corpus_id)
