"""The matrix of words near words: some of its cells, what stands most near a word, and what is learned instead."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.figures.cooccurrence import count_heatmap
from core.figures.counting import counting_scatter
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import lines
from pages.widgets.plot import Words, plot
from pages.widgets.space_words import frequent, known_words, typed
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import open_word, word_table
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

MOST, FIRST = 40, 12  # words of the picture; of those that it begins with
COLUMNS = 200  # of a row, in the table
FITTED, LABELLED = 3000, 600  # cells of the scatter, and of those that may be written on it
EXAMPLES = (  # words of which some go together
    "new york united states world war prime minister university school water river",
    "中国 人民 美国 总统 世界 大战 大学 学院 城市 人口 音乐 电影",
    "宝玉 黛玉 宝钗 贾母 凤姐 袭人 姑娘 太太 老爷 丫头 银子 茶",
)


def show(run: RunRow) -> None:
    """The controls, then the matrix and the row of the word that is pointed at; the cell's lines; the fit."""
    vocab = store().vocab(run.id)
    kinds = {"raw": _("raw counts"), "log": _("ln (1 + count)"), "ppmi": "PPMI"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = typed(_("Words"), "words", _start(vocab), width=640)
        kind = choice(st.segmented_control, _("What a cell shows"), kinds, "cells", required=True)
        order = choice(st.segmented_control, _("Order of a row"), {"count": _("count"), "pmi": "PMI"}, "row-order",
                       required=True)  # fmt: skip
    found = answer("counted", run=run.id)
    if found is None:
        return
    facts = found.facts
    words = _kept(vocab, text, facts["kept"])
    if len(words) < 2:
        st.info(_("Type two words of this run or more, with blanks or commas between them."))
        return
    one, other = (vocab.get(chosen(key) or "") for key in ("one", "other"))
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _matrix(run, facts, words, kind, kinds[kind], (one, other))
    with right:
        row = one if one is not None and one < facts["kept"] else words[0]
        _row(run, vocab, row, order, facts["fits"])
    if one is not None and other is not None:
        _pair(run, vocab.words[one], vocab.words[other])
    if facts["fits"]:
        _fit(run, vocab)
    else:
        st.caption(_("This run has decomposed its counts by SVD. That is not GloVe, but what GloVe is compared with."))


def _start(vocab: Vocab) -> str:
    """All words of a small vocabulary, else an example that it knows well, else frequent words that say something."""
    if len(vocab) <= FIRST:
        return " ".join(vocab.words)
    known = max(([word for word in each.split() if word in vocab] for each in EXAMPLES), key=len)
    if len(known) >= FIRST - 2:
        return " ".join(known)
    return " ".join(vocab.words[row] for row in frequent(vocab, FIRST))


def _kept(vocab: Vocab, text: str, kept: int) -> list[int]:
    """The words of a text whose counts are kept; the others are named on the page."""
    known = known_words(vocab, text)
    rare = [vocab.words[row] for row in known if row >= kept]
    if rare:
        shown = ", ".join(markdown_safe(word, 30) for word in rare[:8])
        st.caption(_("Counts are kept among the {n} most frequent words, without: {words}").format(
            n=f"{kept:,}", words=shown))  # fmt: skip
    if len(known) > MOST:
        st.caption(_("Only the first {n} words are taken.").format(n=MOST))
    return [row for row in known if row < kept][:MOST]


def _matrix(run: RunRow, facts: dict[str, Any], words: list[int], kind: str, name: str, pair: tuple[Any, Any]) -> None:
    names = [store().vocab(run.id).words[row] for row in words]
    found = answer("among", run=run.id, words=names, transform=kind)
    if found is None:
        return
    hot = (words.index(pair[0]), words.index(pair[1])) if {*pair} <= {*words} else None
    whole = kind == "raw" and run.options.get("weighting") == "flat"
    near = _("what stands near it") if facts["symmetric"] else _("what stands left of it")
    figure = count_heatmap(
        found.arrays["answer"], names, mode=frame.mode(), title=_("Co-occurrence matrix"), value_name=name,
        x_title=near, whole=whole, hot=hot,
    )  # fmt: skip
    event = plot(figure, key=f"cells-{run.id}-{len(words)}", height=max(300, min(780, 110 + 34 * len(words))))
    if event.fresh and event.cell is not None and max(event.cell) < len(words):
        for key, place in zip(("one", "other"), event.cell):
            choose(key, names[place])
        st.rerun()
    st.caption(_caption(run, facts) + " " + _("Click a cell for its row, and for where the two words meet."))


def _caption(run: RunRow, facts: dict[str, Any]) -> str:
    """What the whole matrix is."""
    text = _("The whole matrix has {v} × {v} cells, of which {cells} are not 0; {zeros} are.").format(
        v=f"{facts['words']:,}", cells=count(facts["cells"]), zeros=f"{facts['zeros']:.1%}")  # fmt: skip
    weighted = run.options.get("weighting") != "flat"
    how = _("Within a window of {window}, a neighbour d words away counts 1/d.") if weighted else \
        _("Within a window of {window}, each neighbour counts 1.")  # fmt: skip
    return f"{text} {how.format(window=facts['window'])}"


def _row(run: RunRow, vocab: Vocab, row: int, order: str, fits: bool) -> None:
    """The strongest cells of one row."""
    word = vocab.words[row]
    st.markdown(_("**{word}** :gray[its row]").format(word=markdown_safe(word)))
    found = answer("strongest", run=run.id, word=word, k=COLUMNS, order=order)
    if found is None:
        return
    table = pd.DataFrame(found.arrays)
    table.insert(0, "word", [vocab.words[i] for i in table.pop("ids")])
    number = st.column_config.NumberColumn
    columns = {
        "word": st.column_config.TextColumn(_("word")), "counts": number(_("count"), format="%.2f"),
        "weights": number("f", format="%.2f", help=_("The weight f(x) of the cell's error: 1 from x_max on.")),
        "pmi": number("PMI", format="%.2f", help=_("ln of how much more often than by chance; below 0 less often.")),
    }  # fmt: skip
    if not fits:
        columns.pop("weights")
    height: Any = 430 if len(table) > 11 else "content"
    word_table(table, f"row-{run.id}", columns, file="row", corpus=run.corpus_id, height=height)


def _pair(run: RunRow, one: str, other: str) -> None:
    """Where the two words of a cell meet, and the way to the contexts of each."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**{one}** and **{other}**").format(one=markdown_safe(one), other=markdown_safe(other)))
        for word in dict.fromkeys((one, other)):
            st.button(_("All contexts of {word}").format(word=markdown_safe(word, 30)), key=f"cell-contexts-{word}",
                      icon=":material/segment:", type="tertiary", on_click=_remember, args=(word,))  # fmt: skip
    if st.session_state.get("cell-open"):
        open_word(st.session_state.pop("cell-open"), run.corpus_id)
    if store().corpus_row(run.corpus_id) is None:
        st.caption(_("The corpus that this run learned from is not here: there are no contexts to show."))
        return
    found = answer("pair_lines", run_id=run.id, first=one, second=other)
    if found is None:
        return
    hits, told = found.facts["hits"], found.facts["lines"]
    lines([_line(line) for line in told], f"cell-lines-{run.id}")
    st.caption(_("They stand within {window} words of each other {hits} times; here are {n}.").format(
        window=run.options["window"], hits=f"{hits:,}", n=len(told)) if hits else
        _("They never stand within {window} words of each other.").format(window=run.options["window"]))  # fmt: skip


def _remember(word: str) -> None:
    st.session_state["cell-open"] = word


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{line['document'] + 1}.{line['begin']}", "left": [[line["left"], -1]], "node": line["node"],
            "right": [[line["right"], -1]], "facts": ""}  # fmt: skip


def _fit(run: RunRow, vocab: Vocab) -> None:
    """What w·c + b + b has come to for some cells, against the logarithm of their counts."""
    st.subheader(_("What is learned instead"), anchor=False)
    found = answer("fitted", run=run.id, k=FITTED)
    if found is None:
        return
    arrays = found.arrays
    pairs = [(vocab.words[i], vocab.words[j]) for i, j in zip(arrays["rows"], arrays["columns"])]
    counts = np.exp(arrays["logs"].astype(np.float64))
    picture, side = st.columns([1.7, 1], gap="large")
    with picture:
        figure = counting_scatter(
            arrays["logs"], arrays["predicted"], pairs, counts.round(2), mode=frame.mode(),
            title=_("{n} cells of {name}").format(n=f"{len(pairs):,}", name=run.name), x_title=_("ln x: counted"),
            y_title=_("w · c + b + b: learned"), line_name=_("where both agree"), times_name=_("count"),
        )  # fmt: skip
        labels = Words(text=[f"{one} {other}" for one, other in pairs], order=np.argsort(-counts)[:LABELLED], hot=[])
        event = plot(figure, key=f"fitted-{run.id}", height=460, labels=labels, uirevision=run.id)
        if event.fresh and event.clicked is not None and event.clicked < len(pairs):
            for key, word in zip(("one", "other"), pairs[event.clicked]):
                choose(key, word)
            st.rerun()
    with side:
        _fit_numbers(arrays)


def _fit_numbers(arrays: dict[str, np.ndarray]) -> None:
    st.latex(r"w_i \cdot c_j + b_i + \tilde b_j \;\approx\; \ln X_{ij}")
    error = arrays["predicted"] - arrays["logs"]
    full = arrays["weights"] >= 1
    one, two = st.columns(2)
    one.metric(_("correlation r"), f"{np.corrcoef(arrays['predicted'], arrays['logs'])[0, 1]:.2f}")
    two.metric(_("typical error"), f"{np.sqrt(np.average(error**2, weights=arrays['weights'])):.2f}",
               help=_("Root of the mean squared error, each cell with its weight, in nats."))  # fmt: skip
    st.caption(_(
        "{n} cells drawn at random among those that are kept; {full} have a count of x_max or more and weigh fully. "
        "Rare pairs weigh little, so they may lie far from the line. Cells that are 0 are never learned from: GloVe is "
        "not told which words never meet. Click a point for where its two words meet."
    ).format(n=f"{len(error):,}", full=f"{full.mean():.0%}"))  # fmt: skip
