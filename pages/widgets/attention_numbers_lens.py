"""What would be guessed if the network ended at each layer: the logit lens, over every piece of a text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.attention_numbers import lens_grid
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_words import cut_short, guesses_hidden, word_in_use
from pages.widgets.attention_numbers_words import words as words_of
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import store
from pages.widgets.tables import csv_button

MOST = 40  # pieces of a grid


def show(run: RunRow, text: str) -> None:
    """A row a layer, a column a piece; with one word hidden, if asked."""
    hidden = guesses_hidden(run)
    at = word_in_use(run, text, _("none: every word is seen")) if hidden else -1
    if at is None:
        return
    found = answer("lens", run=run.id, text=text, **({"at": at} if at >= 0 else {}))
    if found is None:
        return
    if not hidden:
        cut_short(run, text, len(words_of(found)))
    words = store().vocab(run.id).words
    _grid(run, found, words, hidden)
    said = _(
        "Each layer is read as if it were the last (the logit lens, nostalgebraist 2020): the likeliest word, the "
        "deeper the surer; point at it for the next ones. What is right is bold."
    )
    meant = _("Each cell guesses the word in its own place.") if hidden else _("Each cell guesses the piece behind it.")
    st.caption(f"{said} {meant}")


def _grid(run: RunRow, found: Answer, words: Sequence[str], hidden: bool) -> None:
    ids, chances = found.arrays["ids"][:, :MOST], found.arrays["chances"][:, :MOST]
    every = list(found.facts["pieces"])
    pieces = every[:MOST]
    truth = every[: len(pieces)] if hidden else [*every[1:], ""][: len(pieces)]
    best = [[words[i] for i in row] for row in ids[:, :, 0]]
    right = np.array([[word == true for word, true in zip(row, truth)] for row in best])
    layers = [_("embedding"), *(_("layer {n}").format(n=n) for n in range(1, len(ids)))]
    hover = [
        ["\n".join([f"{layer} · {piece}", *(f"{words[i]} {p:.1%}" for i, p in zip(some, shares))])
         for piece, some, shares in zip(pieces, row, row_chances)]
        for layer, row, row_chances in zip(layers, ids, chances)
    ]  # fmt: skip
    figure = lens_grid(best, chances[:, :, 0], pieces, mode=frame.mode(), title=_("The guess at every layer"),
                       layers=layers, hover=hover, right=right)  # fmt: skip
    plot(figure, key=f"lens-{run.id}", height=90 + 44 * len(layers))
    if len(every) > MOST:
        st.caption(_("The first {n} of {all} pieces are shown.").format(n=MOST, all=len(every)))
    rows: list[dict[str, Any]] = [
        {"layer": layer, "piece": piece, "guess": words[ids[layer, j, 0]], "probability": float(chances[layer, j, 0])}
        for layer in range(len(ids)) for j, piece in enumerate(pieces)
    ]  # fmt: skip
    csv_button(pd.DataFrame(rows), "lens", f"lens-csv-{run.id}")
