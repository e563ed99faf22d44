"""What is to be known of a word before its neighbours are believed: how often it occurs, how large the corpus is."""

from collections.abc import Sequence

import streamlit as st

from core.corpus import Vocab
from core.store import RunRow
from pages.widgets.i18n import _
from pages.widgets.state import store
from pages.widgets.tables import open_word
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

RARE = 30  # occurrences below which a vector is mostly chance
ANALOGIES = 10_000_000  # words of a corpus from which on analogies begin to hold


def counted(run: RunRow) -> bool:
    """Whether the counts of a run's words are counts: a file of vectors may know only their order."""
    return run.options.get("counts") != "rank"


def head(run: RunRow, vocab: Vocab, index: int) -> None:
    """A word with its count and its rank, and the ways to its contexts and to the map."""
    word = vocab.words[index]
    st.subheader(markdown_safe(word), anchor=False)
    if counted(run):
        said = _("{n} occurrences · word {rank} of {all} by frequency")
    else:
        said = _("word {rank} of {all} by frequency; the file says no counts")
    st.caption(said.format(n=f"{vocab.counts[index]:,}", rank=f"{index + 1:,}", all=f"{len(vocab):,}"))
    with st.container(horizontal=True):
        if corpus_is_there(run) and st.button(
            _("In its contexts"), icon=":material/segment:", type="tertiary", key="near-contexts"
        ):
            open_word(word, run.corpus_id)
        if st.button(_("On the map"), icon=":material/scatter_plot:", type="tertiary", key="near-map"):
            st.switch_page("pages/map.py", query_params={"run": run.id, "word": word})


def corpus_is_there(run: RunRow) -> bool:
    """Whether the corpus that a run learned from can be looked into."""
    row = store().corpus_row(run.corpus_id) if run.corpus_id else None
    return row is not None and row.state == "ready"


def doubt(run: RunRow, vocab: Vocab, words: Sequence[int]) -> None:
    """One line about the words that are too rare for their vectors to mean much."""
    rare = [i for i in dict.fromkeys(words) if vocab.counts[i] < RARE] if counted(run) else []
    if not rare:
        return
    said = _("{word} occurs {n} times in this corpus: its vector is mostly chance.")
    if len(rare) > 1:
        said = _("These words occur so rarely in this corpus that their vectors are mostly chance: {word}.")
    elif vocab.counts[rare[0]] == 1:
        said = _("{word} occurs once in this corpus: its vector is mostly chance.")
    named = [markdown_safe(vocab.words[i], 30) + (f" ({vocab.counts[i]})" if len(rare) > 1 else "") for i in rare]
    st.warning(said.format(word=", ".join(named), n=int(vocab.counts[rare[0]])), icon=":material/casino:")


def small_corpus(run: RunRow, vocab: Vocab) -> None:
    """A line where a corpus is too small for analogies."""
    if counted(run) and 0 < vocab.tokens < ANALOGIES:
        st.caption(_(
            "This run has read a corpus of {tokens} words. Analogies begin to hold from some 10 million on: with less, "
            "take an answer for a guess."
        ).format(tokens=count(vocab.tokens)))  # fmt: skip
