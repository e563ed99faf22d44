"""Which runs the Predict page asks: the one in use, or several beside each other, the oldest paper first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.corpus import Vocab
from core.encoders import ENCODERS, encoder_named
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.controls import several
from pages.widgets.i18n import _
from pages.widgets.state import chosen, store
from pages.widgets.text import markdown_safe

MOST = 6  # runs beside each other


def able(capability: str) -> list[RunRow]:
    """The finished runs that have this capability, newest first."""
    return [run for run in store().runs() if run.state in ("done", "stopped") and capability in run.capabilities]


def fitting(parts: Mapping[str, str]) -> str:
    """The first part (its name → the capability that it needs) that the run in use can do; "" if there is none."""
    run = chosen("run")
    return next((name for name, capability in parts.items() if run in [row.id for row in able(capability)]), "")


def compared(capability: str = "NextWord") -> list[RunRow]:
    """Up to six runs that a person chose; by default one of each encoder, all of one corpus where they can be."""
    runs = {run.id: run for run in sorted(able(capability), key=_age)}
    first = [run.id for run in one_each(able(capability))][:MOST]
    names = {key: f"{heading(run)} · {run.name}" for key, run in runs.items()}
    taken = several(
        _("Runs, up to six"), list(runs), "predict-runs", capability, default=first, max_selections=MOST, wrap=True,
        format_func=lambda key: names[key],
    )  # fmt: skip
    return [run for key, run in runs.items() if key in taken]


def one_each(runs: Sequence[RunRow]) -> list[RunRow]:
    """The newest run of each encoder, of the corpus that most of them learned from where it can be; old papers first.

    runs: newest first.
    """
    common = Counter(corpus for corpus, _encoder in dict.fromkeys((run.corpus_id, run.encoder) for run in runs))
    home = max(common, key=lambda corpus: common[corpus], default="")
    found: dict[str, RunRow] = {}
    for run in sorted(runs, key=lambda run: run.corpus_id != home):
        found.setdefault(run.encoder, run)
    return sorted(found.values(), key=_age)


def _age(run: RunRow) -> tuple[int, int]:
    """The year of its paper, and its place in the list of encoders, which is in order within a year."""
    names = [*ENCODERS]
    return encoder_named(run.encoder).year, names.index(run.encoder) if run.encoder in ENCODERS else len(names)


def heading(run: RunRow) -> str:
    """ "GPT (2018)"."""
    encoder = encoder_named(run.encoder)
    return f"{_(encoder.title)} ({encoder.year})"


@dataclass(frozen=True)
class Unit:
    """What a model guesses one by one: words, pieces of words or characters."""

    name: str
    kind: int


def unit(vocab: Vocab) -> Unit:
    """The unit of this vocabulary, in the reader's language, and a number for its colour."""
    if vocab.tokenizer == "characters":
        return Unit(_("characters"), 1)
    return Unit(_("pieces of words"), 2) if vocab.tokenizer == "pieces" else Unit(_("whole words"), 0)


def named(run: RunRow) -> None:
    """A run's paper and name, above what it says."""
    st.markdown(f"**{markdown_safe(heading(run))}** :gray[{markdown_safe(run.name, 40)}]")


def nobody(capability: str) -> None:
    """No finished run can answer this: the way to one; then stop."""
    missing = {
        "NextWord": (_("No finished run predicts the next word yet."), _("Train a language model"), "gpt"),
        "Chain": (_("No finished run counts sequences of words yet."), _("Train n-grams"), "ngram"),
        "MaskedWord": (_("No finished run guesses a hidden word yet."), _("Train BERT"), "bert"),
        "NextSentence": (_("No finished run judges which sentence follows which yet."), _("Train BERT"), "bert"),
        "Translation": (
            _("No finished run translates yet: it takes a corpus of sentence pairs."),
            _("Train CoVe"),
            "cove",
        ),
    }
    text, button, encoder = missing.get(capability, missing["NextWord"])
    frame.empty(text, button, "pages/train.py", takes={"encoder": encoder})
