"""What the views of the Neighbours page share: the word in use and the way to it, the measures, what was found."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explore import Space
from core.explore.neighbours import MEASURES
from core.problem import Problem
from core.store import RunRow
from pages.widgets import forms
from pages.widgets.i18n import _
from pages.widgets.space_words import fitting, frequent
from pages.widgets.state import choose, chosen

STEPS = 8  # of the way that is remembered
EXAMPLES: list[tuple[str, ...]] = [(word,) for word in ("war", "king", "river", "战争", "国王", "黛玉", "水")]


@dataclass(frozen=True)
class How:
    """What is asked of every run: the measure, how many words, and that they occur at least so often."""

    measure: str
    k: int
    least: int


@dataclass(frozen=True)
class Near:
    """The neighbours of a word in one run, or why there are none, as plain text. table: rank, word, index, score, count
    and, by CSLS, times, of how many words each is one of the nearest; composed: the word's vector is made of its parts.
    """

    run: RunRow
    table: pd.DataFrame
    note: str = ""
    composed: bool = False


def word_in_use(space: Space) -> str:
    """The one in the link, else one to begin with, else a frequent one that says something."""
    known = [word for (word,) in fitting(space.vocab, EXAMPLES)]
    return chosen("word") or [*known, space.vocab.words[(frequent(space.vocab, 80) or [0])[0]]][0]


def walk_to(word: str) -> None:
    """Look at this word, and remember the way."""
    walk: list[str] = st.session_state.setdefault("walk", [])
    for step in (chosen("word"), word):
        if step and step in walk:
            del walk[walk.index(step) :]
        if step:
            walk.append(step)
    del walk[:-STEPS]
    choose("word", word)


def measures() -> dict[str, str]:
    return {name: "CSLS" if name == "csls" else forms.choice_names()[name] for name in MEASURES}


def plain_sentence(problem: Problem) -> str:
    """A problem in the reader's language, for a place that reads no markup."""
    return _(problem.template).format(**problem.values)


def score_columns(table: pd.DataFrame, measure: str) -> dict[str, Any]:
    """How the columns of a table of neighbours are shown."""
    scores = table["score"].to_numpy(np.float64)
    return {
        "word": st.column_config.TextColumn(_("word")),
        "score": score_column(scores, measures()[measure], measure in ("cosine", "csls")),
        "count": st.column_config.NumberColumn(_("count"), format="localized", width=90),
    }  # fmt: skip


def score_column(scores: np.ndarray, title: str, bar: bool = True) -> Any:
    """A score as a bar from 0 to 1, or as far as there are scores; or as a number."""
    if not bar:
        return st.column_config.NumberColumn(title, format="%.3f")
    low, high = float(scores.min(initial=0)), float(scores.max(initial=1))
    return st.column_config.ProgressColumn(title, format="%.3f", min_value=low, max_value=high)
