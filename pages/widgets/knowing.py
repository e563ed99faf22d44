"""What a corpus holds: its size, its words, what a text of this size can carry, and what to do with it."""

import numpy as np
import streamlit as st

from core.corpus.advice import carries
from core.corpus.zipf import most_frequent, out_of_vocabulary
from core.figures import word_bars, zipf_curve
from core.jobs import ensure_supervisor
from core.store import CorpusRow
from core.store.samples import combine, samples
from pages.widgets import frame
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe
from pages.widgets.undo import offer, remember
from pages.widgets.units import count

SMALL = 200_000  # words from which word2vec finds neighbours


def show(row: CorpusRow) -> None:
    """Everything about the corpus in use."""
    corpus = store().corpus(row.id)
    facts, vocab = row.facts, corpus.vocab
    st.subheader(markdown_safe(row.name), anchor=False)
    _numbers(facts, len(vocab), out_of_vocabulary(vocab), corpus.min_count)
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        _zipf(row)
        _text(row)
    with right:
        _frequent(row)
        _carries(row)
        _actions(row)


def _numbers(facts: dict, kept: int, missed: float, min_count: int) -> None:
    numbers = [
        (_("documents"), f"{facts['documents']:,}"),
        (_("tokens"), count(facts["tokens"])),
        (_("types"), count(facts["types"])),
        (_("kept at min count {n}").format(n=min_count), count(kept)),
        (_("tokens not kept"), f"{missed:.1%}"),
        (_("language"), facts["language"]),
    ]
    for column, (label, value) in zip(st.columns(len(numbers)), numbers):
        column.metric(label, value)


def _zipf(row: CorpusRow) -> None:
    vocab = store().corpus(row.id, 1).vocab
    figure = zipf_curve(
        vocab.counts, vocab.words, mode=frame.mode(), title=_("Zipf curve"), x_title=_("rank"),
        y_title=_("occurrences"), law=_("Zipf's law: 1 / rank"),
    )  # fmt: skip
    plot(figure, key=f"zipf-{row.id}", height=330)
    st.caption(_("Each word by its rank; a straight line of this slope is Zipf's law."))


def _frequent(row: CorpusRow) -> None:
    vocab = store().corpus(row.id).vocab
    top = most_frequent(vocab, 15)
    figure = word_bars(
        [word for word, _count, _share in top],
        np.array([share for *_word, share in top]),
        mode=frame.mode(),
        title=_("Most frequent words"),
    )
    st.markdown(_("**Most frequent words** :gray[and their share of all tokens]"))
    plot(figure, key=f"frequent-{row.id}", height=24 * len(top) + 10)


def _carries(row: CorpusRow) -> None:
    """What a text of this size can carry."""
    st.markdown(_("**What a text of this size can carry**"))
    for use in carries(row.facts["tokens"], row.facts["documents"]):
        icon = ":material/check:" if use.reached else ":material/close:"
        line = _(use.text).format(needed=count(use.needed))
        st.markdown(f"{icon} {line}" if use.reached else f":gray[{icon} {line}]")


def _text(row: CorpusRow) -> None:
    """The first documents, as they were read."""
    documents = store().corpus(row.id).documents
    with st.expander(_("Read the documents"), icon=":material/article:"):
        number = st.number_input(
            _("Document of {n}").format(n=f"{len(documents):,}"), 1, len(documents), key=f"document-{row.id}"
        )
        st.text(documents[int(number) - 1][:3000])


def _actions(row: CorpusRow) -> None:
    with st.container(horizontal=True):
        if st.button(_("Train on it"), type="primary", icon=":material/play_circle:"):
            st.switch_page("pages/train.py", query_params={"corpus": row.id})
        with st.popover(_("More"), icon=":material/more_horiz:"):
            key = f"corpus-name-{row.id}"
            st.text_input(
                _("Name"),
                row.name,
                key=key,
                max_chars=80,
                on_change=lambda: store().rename_corpus(row.id, st.session_state[key].strip() or row.name),
            )
            st.button(_("Delete"), icon=":material/delete:", on_click=_delete, args=(row,), type="tertiary")
    if row.facts["tokens"] < SMALL and row.facts["tokenizer"] != "characters":
        _together(row)


def _together(row: CorpusRow) -> None:
    """The way out for a small text: train on it together with a sample."""
    alike = {
        name: sample.name for name, sample in samples().items() if sample.settings.tokenizer == row.facts["tokenizer"]
    }
    with st.popover(_("Train on it together with a sample"), icon=":material/library_add:"):
        st.caption(
            _(
                "This text alone is small for word vectors. Read together with a sample it becomes a new corpus; "
                "a column tells which document came from where."
            )
        )
        file = choice(st.selectbox, _("Sample"), alike, "sample")
        if st.button(_("Read them together"), type="primary"):
            st.session_state["reading"] = combine(store(), row.id, file)
            ensure_supervisor(store())
            st.rerun()


def _delete(row: CorpusRow) -> None:
    store().delete_corpus(row.id)
    choose("corpus", None)
    remember("corpus", row.id, row.name)


def undo() -> None:
    """The way back from a deletion, shown also where no corpus is left."""
    offer("corpus", _restore)


def _restore(corpus_id: str) -> None:
    store().restore_corpus(corpus_id)
    choose("corpus", corpus_id)
