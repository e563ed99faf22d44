"""What is lost without a head: each switched off in turn over a sample, and any set of them on one text."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.attention_heads import head_grid, label
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_heads import take
from pages.widgets.attention_numbers_sample import sample
from pages.widgets.attention_numbers_words import guesses_hidden, read, word_in_use
from pages.widgets.controls import several
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import chosen, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe
from pages.widgets.units import duration

PATIENCE = 10.0  # seconds that are taken without asking


def show(run: RunRow, text: str) -> None:
    """A chosen set of heads, on a sample and on one text; beside it every head alone."""
    found = read(run, text)
    if found is None:
        return
    shape = found.arrays["attention"].shape[:2]
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        off = _chosen(run, shape)
        _on_one_text(run, text, off)
        _on_a_pair(run, text, off)
    with right:
        texts = sample(run, (25, 50, 200), 50)
        together = _together(run, texts, off)
        if together is not None:
            _every(run, texts, shape, together)


def _chosen(run: RunRow, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """The heads that are switched off, as the link has them."""
    heads = {label(i, j): (i, j) for i, j in np.ndindex(shape[0], shape[1])}
    taken = several(_("Switch off these heads"), [*heads], "off", run.id, placeholder=_("none yet: layer.head"))
    return [heads[name] for name in taken]


def _on_one_text(run: RunRow, text: str, off: list[tuple[int, int]]) -> None:
    """The likeliest words at one place, with and without the heads."""
    at = word_in_use(run, text)
    if at is None:
        return
    asked: dict[str, Any] = {"at": at} if guesses_hidden(run) else {}
    if not guesses_hidden(run):
        text = _up_to(run, text, at)
    whole = answer("lens", run=run.id, text=text, **asked)
    without = answer("lens", run=run.id, text=text, heads_off=off, **asked) if off else whole
    if whole is None or without is None:
        return
    vocab = store().vocab(run.id)
    columns = {"whole": _guesses(whole, vocab.words, asked)} | (
        {"without": _guesses(without, vocab.words, asked)} if off else {}
    )
    names = {"whole": _("with all heads"), "without": _("without them")}
    st.dataframe(pd.DataFrame(columns), hide_index=True, height="content", column_config=names, width="stretch")
    if not off:
        st.caption(_("Choose heads to see what changes."))


def _up_to(run: RunRow, text: str, at: int) -> str:
    """The text to the end of a word."""
    spans = store().vocab(run.id).spans(text)
    starts = [first for piece, first in spans if not piece.startswith("##")]
    return text[: starts[at + 1]].rstrip() if at + 1 < len(starts) else text


def _guesses(found: Answer, words: list[str], asked: dict[str, Any]) -> list[str]:
    """The likeliest words where it is guessed, each with its probability."""
    whose = found.arrays["word"]
    place = int(np.flatnonzero(whose == asked["at"])[0]) if asked else len(whose) - 1
    ids, chances = found.arrays["ids"][-1, place], found.arrays["chances"][-1, place]
    return [f"{words[i]} · {chance:.1%}" for i, chance in zip(ids, chances)]


def _on_a_pair(run: RunRow, text: str, off: list[tuple[int, int]]) -> None:
    """Whether the second sentence, which the page has a box for, follows, with and without the heads."""
    if "NextSentence" not in run.capabilities:
        return
    second = chosen("second") or ""
    if not second.strip():
        st.caption(_("With a second sentence, whether it follows is judged here too."))
        return
    whole = answer("next_sentence", run=run.id, first=text, second=second)
    without = answer("next_sentence", run=run.id, first=text, second=second, heads_off=off) if off else whole
    if whole is None or without is None:
        return
    one, other = (float(each.arrays["answer"]) for each in (whole, without))
    said = _("It follows with a probability of **{p}**.") if not off else _(
        "It follows with a probability of **{p}**; without these heads **{q}**.")  # fmt: skip
    st.markdown(said.format(p=f"{one:.1%}", q=f"{other:.1%}"))


def _together(run: RunRow, texts: list[str], off: list[tuple[int, int]]) -> Answer | None:
    """The loss over the sample, with and without the chosen heads."""
    found = answer("lesioned", run=run.id, texts=texts, heads_off=off)
    if found is None:
        return None
    facts = found.facts
    said = _("Loss **{loss}** nats a guess, over {n} guesses.")
    if off:
        names = ", ".join(label(*head) for head in off)
        said += " " + _("Without {heads}: **{without}**, that is {change} ± {spread}.").format(
            heads=markdown_safe(names, 80), without=f"{facts['without']:.3f}", change=f"{facts['change']:+.3f}",
            spread="–" if facts["spread"] is None else f"{facts['spread']:.3f}",
        )  # fmt: skip
    st.markdown(said.format(loss=f"{facts['loss']:.3f}", n=f"{facts['guesses']:,}"))
    return found


def _every(run: RunRow, texts: list[str], shape: tuple[int, ...], together: Answer) -> None:
    """Every head alone, after a click where that takes long."""
    heads, cost = shape[0] * shape[1], float(together.facts["once"]) * shape[0] * shape[1]
    asked = f"lesions-{run.id}-{len(texts)}"
    if cost > PATIENCE and not st.session_state.get(asked):
        said = _("{heads} heads × {n} sentences: about {time}.")
        st.caption(said.format(heads=heads, n=len(texts), time=duration(cost)))
        if not st.button(_("Switch off each head in turn"), icon=":material/play_arrow:"):
            return
        st.session_state[asked] = True
    found = answer("lesions", run=run.id, texts=texts)
    if found is None:
        return
    st.markdown(_("**Each head alone** :gray[nats more a guess without it; a click chooses the head]"))
    change, low, high = (found.arrays[name] for name in ("change", "low", "high"))
    hover = [[f"{label(i, j)} · {change[i, j]:+.4f} ({low[i, j]:+.4f} … {high[i, j]:+.4f})"
              for j in range(shape[1])] for i in range(shape[0])]  # fmt: skip
    figure = head_grid(change, mode=frame.mode(), title=_("Loss without each head"), layer=_("layer"), head=_("head"),
                       hover=hover)  # fmt: skip
    event = plot(figure, key=f"lesion-{run.id}", height=70 + 46 * shape[0])
    if event.fresh and event.cell is not None:
        take(*event.cell)
        st.rerun()
    sure = int(((low > 0) | (high < 0)).sum())
    said = _(
        "Of {heads} heads, {sure} change the loss by more than chance would (95 % interval over sentences, one head at "
        "a time: of {heads} without any effect, about {chance} would look so). Michel et al. (2019) found in BERT and "
        "translation models that most heads can go one by one, and many together."
    )
    st.caption(said.format(heads=heads, sure=sure, chance=f"{0.05 * heads:.0f}"))
    rows = [{"head": label(i, j), "change": change[i, j], "low": low[i, j], "high": high[i, j]}
            for i, j in np.ndindex(shape[0], shape[1])]  # fmt: skip
    csv_button(pd.DataFrame(rows), "lesions", f"lesions-csv-{run.id}")
