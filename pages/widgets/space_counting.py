"""Only counting: skip-gram's scores, pair by pair, against the PMI of the same pairs; a pair opens its lines."""

from typing import Any

import numpy as np
import streamlit as st

from core.figures.counting import counting_scatter
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import lines
from pages.widgets.plot import Words, plot
from pages.widgets.space_words import number, typed
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import CONCORDANCE, as_search, open_word
from pages.widgets.text import markdown_safe

LABELLED = 1500  # pairs that may be written on the scatter, the most frequent ones


def show() -> None:
    """The scatter, what it comes to, and the lines of the pair that is pointed at."""
    run = frame.run_in_use(having="PairScores")
    if run is None:
        frame.empty(
            _("No finished run tells how it scores pairs of words: train word2vec (skip-gram with negative sampling)."),
            _("Train word2vec"), "pages/train.py",
        )  # fmt: skip
        return
    first, second, third = st.columns([1.2, 1.4, 1.4], vertical_alignment="bottom")
    with first:
        least = number(_("Together at least"), "pairs-least", 2, 200, 10)
    with second:
        kinds = {"noise": _("as the noise is drawn"), "plain": _("as pairs occur")}
        kind = choice(st.segmented_control, _("P(c) in PMI"), kinds, "pmi", required=True)
    vocab = store().vocab(run.id)
    with third:
        only = typed(_("Only pairs with"), "pairs-with", "", placeholder=_("any word")).strip()
    picture, side = st.columns([2.4, 1], gap="large")
    found = answer("counted", run_id=run.id, least=least)
    if found is None:
        return
    arrays, facts = found.arrays, found.facts
    if not facts["drawn"]:
        st.info(_("No pair stands within the window so often: lower the threshold."))
        return
    rows = np.arange(len(arrays["first"]))
    if only:
        index = vocab.get(only)
        rows = rows[(arrays["first"] == index) | (arrays["second"] == index)] if index is not None else rows[:0]
        if not len(rows):
            st.info(_("No pair of {word} is among those that are drawn.").format(word=markdown_safe(only)))
            return
    pairs = [(vocab.words[a], vocab.words[b]) for a, b in zip(arrays["first"][rows], arrays["second"][rows])]
    with side:
        _numbers(facts, facts[kind])
    with picture:
        pair = _scatter(run, pairs, {name: array[rows] for name, array in arrays.items()}, facts, kind)
    if pair is not None:
        _lines(run, pair)


def _scatter(
    run: RunRow, pairs: list[tuple[str, str]], arrays: dict[str, Any], facts: dict[str, Any], kind: str
) -> tuple[str, str] | None:
    """The picture; returns the pair that is pointed at."""
    asked = chosen("pair-w"), chosen("pair-c")
    hot = next((i for i, pair in enumerate(pairs) if pair == asked), None)
    expected = arrays["expected" if kind == "noise" else "plain"]
    title = _("{n} pairs of words of {name}").format(n=f"{len(pairs):,}", name=run.name)
    figure = counting_scatter(
        expected, arrays["scores"], pairs, arrays["times"], mode=frame.mode(), title=title,
        x_title=_("counting: PMI(w, c) − log {k}").format(k=facts["negative"]), y_title=_("skip-gram: w · c"),
        line_name=_("where both agree"), times_name=_("times together:"), hot=hot,
    )  # fmt: skip
    order = np.argsort(-arrays["times"], kind="stable")[:LABELLED]
    labels = Words(text=[f"{first} {second}" for first, second in pairs], order=order, hot=[] if hot is None else [hot])
    event = plot(figure, key=f"counting-{run.id}", height=560, labels=labels, uirevision=f"{run.id}-{kind}")
    if event.fresh and event.clicked is not None and event.clicked < len(pairs):
        choose("pair-w", pairs[event.clicked][0])
        choose("pair-c", pairs[event.clicked][1])
        st.rerun()
    return pairs[hot] if hot is not None else None


def _numbers(facts: dict[str, Any], told: dict[str, Any]) -> None:
    """What the scatter comes to, over all pairs, and how the pairs were counted."""
    st.latex(r"\vec{w}\cdot\vec{c}\;\approx\;\mathrm{PMI}(w,c)-\log k")
    one, two = st.columns(2)
    one.metric(_("correlation r"), "–" if told["pearson"] is None else f"{told['pearson']:.2f}")
    two.metric(_("mean gap"), f"{told['gap']:.2f}", help=_("Of w · c and PMI; −log k is expected."))
    st.caption(_("−log {k} = {shift}: where the mean gap between w · c and PMI should be.").format(
        k=facts["negative"], shift=f"{facts['shift']:.2f}"))  # fmt: skip
    st.caption(_(
        "Levy and Goldberg (2014): skip-gram with k negative samples factorises a table of counts. If it had as many "
        "dimensions as words, each point would lie on the line; rare pairs stray, since few counts say little."
    ))  # fmt: skip
    st.caption(_(
        "{n} pairs of {rows} words chosen at random, all of their pairs that stand within the window often enough; "
        "{drawn} of them are drawn. Counted as training meets them: {window} words to each side, d words apart counts "
        "({window} − d + 1)/{window}, frequent words skipped as in training (mean of five draws). The noise is drawn "
        "by counts to the power 0.75, so P(c) is that share."
    ).format(n=f"{told['n']:,}", rows=f"{facts['rows']:,}", drawn=f"{facts['drawn']:,}",
             window=facts["window"]))  # fmt: skip


def _lines(run: RunRow, pair: tuple[str, str]) -> None:
    """Where the two stand within the window."""
    found = answer("pair_lines", run_id=run.id, first=pair[0], second=pair[1])
    if found is None:
        return
    hits, shown = found.facts["hits"], found.facts["lines"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**{first} … {second}** :gray[{n} places within the window]").format(
            first=markdown_safe(pair[0]), second=markdown_safe(pair[1]), n=f"{hits:,}"))  # fmt: skip
        for word in dict.fromkeys(pair):
            if st.button(markdown_safe(word), icon=":material/segment:", key=f"pair-{word}", type="tertiary"):
                open_word(word, run.corpus_id)
    click = lines([_line(line) for line in shown], f"pair-lines-{run.id}")
    if click.line:
        _open(run, pair[0], click.line)
    if len(shown) < hits:
        st.caption(_("The first {n} of {hits} lines.").format(n=f"{len(shown):,}", hits=f"{hits:,}"))


def _open(run: RunRow, word: str, line: str) -> None:
    """Go to the document of a line, "document.character"."""
    document, _dot, at = line.partition(".")
    link = {
        "corpus": run.corpus_id,
        "q": as_search(word),
        "mode": "words",
        "show": "reader",
        "document": document,
        "at": at,
    }
    for name, value in link.items():
        choose(name, value)
    st.switch_page(CONCORDANCE, query_params=link)


def _line(line: dict[str, Any]) -> dict[str, Any]:
    facts = [line.get(role) for role in ("title", "date", "group", "label")]
    return {
        "id": f"{line['document'] + 1}.{line['begin']}", "left": [[line["left"], -1]], "node": line["node"],
        "right": [[line["right"], -1]], "facts": " · ".join(dict.fromkeys(str(value) for value in facts if value)),
    }  # fmt: skip
