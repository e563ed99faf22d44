"""The tree of hierarchical softmax: the way to one word, turn by turn, and how long the ways of all words are."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.figures.paths import ROW, length_scatter, path_tree
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.space_words import frequent, known_words, typed
from pages.widgets.state import choose, store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

BANDS = (0, 10, 100, 1000, 10_000)  # ranks at which a band of words begins


def show(run: RunRow) -> None:
    """The word and what guesses it; its path; the lengths of all paths."""
    vocab = store().vocab(run.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = typed(_("Word"), "tree-word", vocab.words[frequent(vocab, 40)[-1]], width=280)
        around = typed(
            _("Guessed from"), "tree-given", "", width=360,
            help=_("Words around it, as many as you like; their mean says how probable each turn is."),
        )  # fmt: skip
    words, given = known_words(vocab, text), known_words(vocab, around)
    if not words:
        st.info(_("Type a word of this run."))
        return
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        _path(run, vocab, words[0], [vocab.words[row] for row in given])
    with right:
        _lengths(run, vocab, words[0])


def _path(run: RunRow, vocab: Vocab, row: int, given: list[str]) -> None:
    word = vocab.words[row]
    found = answer("path", run=run.id, word=word, given=given)
    if found is None:
        return
    told, shares = found.arrays, found.arrays["shares"].astype(np.float64)
    chances = told["chances"].astype(np.float64) if "chances" in told else shares
    code = "".join(map(str, told["codes"]))
    st.markdown(_("**{word}** :gray[code {code}, {n} turns]").format(word=markdown_safe(word), code=code, n=len(code)))
    figure = path_tree(
        told["codes"], [_percent(chance) for chance in chances], _beside(told, vocab), word=word, mode=frame.mode(),
        title=_("The path of {word}").format(word=word),
    )  # fmt: skip
    plot(figure, key=f"path-{run.id}-{len(code)}", height=ROW * (len(code) + 1) + 24)
    if given:
        whole, often = _percent(float(chances.prod())), _percent(float(shares.prod()))
        text = _("Multiplied, the turns give {word} a probability of {p}; it has {share} of the text.")
        st.caption(text.format(word=markdown_safe(word), p=whole, share=often))
    else:
        st.caption(_(
            "Beside each turn stands the share of the words below it, as they occur in the text, that lies on the side "
            "taken. Words that guess it make probabilities of the shares."
        ))  # fmt: skip
    table = pd.DataFrame({"turn": range(1, len(code) + 1), "side": told["codes"], "share": shares, "chance": chances})
    csv_button(table if given else table.drop(columns="chance"), "path", f"path-csv-{run.id}")


def _beside(told: dict[str, np.ndarray], vocab: Vocab) -> list[str]:
    """What hangs on the other side of each turn: its most frequent words, and how many more there are."""
    lines = []
    for rows, hanging in zip(told["beside"], told["hanging"].tolist()):
        names = [vocab.words[row] for row in rows[:3] if row >= 0]
        more = hanging - len(names)
        lines.append(", ".join(name[:14] for name in names) + (f" + {more:,}" if more else ""))
    return lines


def _percent(share: float) -> str:
    """At two digits, also of a very small one."""
    return f"{share:.0%}" if share >= 0.1 else f"{100 * share:.2g} %".replace("e-0", "e-")


def _lengths(run: RunRow, vocab: Vocab, row: int) -> None:
    found = answer("code_lengths", run=run.id)
    if found is None:
        return
    lengths, facts = found.arrays["lengths"], found.facts
    for place, (name, value) in zip(st.columns(3), _levels(facts).items()):
        place.metric(name, f"{value:.1f}")
    figure = length_scatter(
        lengths, vocab.words, [(facts["log2"], _("log₂ V")), (facts["mean"], _("mean of the text"))], mode=frame.mode(),
        title=_("Turns of every word"), x_title=_("rank by frequency"), y_title=_("turns"), hot=row,
    )  # fmt: skip
    event = plot(figure, key=f"lengths-{run.id}", height=340)
    if event.fresh and event.clicked is not None and event.clicked < len(vocab):
        choose("tree-word", vocab.words[event.clicked])
        st.rerun()
    st.caption(_(
        "A full softmax would score all {v} words at each guess; the tree asks {n} times for a word of this text, on "
        "average. Frequent words are near the root. Click a point for its path."
    ).format(v=f"{len(vocab):,}", n=f"{facts['mean']:.1f}"))  # fmt: skip
    _bands(vocab, lengths)


def _levels(facts: dict[str, Any]) -> dict[str, float]:
    return {_("turns of a word of the text"): facts["mean"], _("entropy (bits): the least"): facts["entropy"],
            _("log₂ V: if all were equal"): facts["log2"]}  # fmt: skip


def _bands(vocab: Vocab, lengths: np.ndarray) -> None:
    """Where the turns of training are spent: words by rank, their share of the text and of all turns."""
    begins = [band for band in BANDS if band < len(vocab)]
    ends = [*begins[1:], len(vocab)]
    spent = lengths * vocab.counts
    rows = [(f"{a + 1:,} – {b:,}", f"{lengths[a:b].min()} – {lengths[a:b].max()}",
             vocab.counts[a:b].sum() / vocab.counts.sum(), spent[a:b].sum() / spent.sum())
            for a, b in zip(begins, ends)]  # fmt: skip
    table = pd.DataFrame(rows, columns=[_("rank"), _("turns"), _("of the text"), _("of all turns")])
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, width="small")
    st.dataframe(table, hide_index=True, column_config={_("of the text"): share, _("of all turns"): share})
