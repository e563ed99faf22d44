"""A few words among themselves: how alike every two are, in an order that shows groups; and which does not belong."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explore import Space
from core.explore.likeness import odd_one_out, seriated, similarities
from core.figures.neighbours import similarity_heatmap
from core.figures.terms import ranking_bars
from core.problem import Problem
from core.store import RunRow
from pages.widgets import frame, mapping
from pages.widgets.asking import answer
from pages.widgets.i18n import _, sentence
from pages.widgets.lines import lines
from pages.widgets.neighbour_doubt import corpus_is_there, doubt
from pages.widgets.plot import plot
from pages.widgets.space_words import frequent, known_words, typed
from pages.widgets.state import choose, chosen
from pages.widgets.tables import as_search, csv_button, open_word
from pages.widgets.text import markdown_safe

MOST = 40
LINES = 6  # of each concordance
EXAMPLES = (
    "king queen prince princess father mother son daughter cat dog horse bird river sea mountain bread milk wine",
    "国王 女王 王子 公主 父亲 母亲 儿子 女儿 猫 狗 马 鸟 河流 海洋 山 面包 牛奶 酒",
    "宝玉 黛玉 宝钗 贾母 凤姐 袭人 父亲 母亲 老爷 太太 酒 茶 饭 花 月 雪 风 雨",
)


def show(run: RunRow) -> None:
    """The words, the matrix, the odd one, and the contexts of the two words that were pointed at."""
    space = mapping.space(run.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = typed(_("Words"), "words", _start(space), width=760)
        ordered = st.toggle(_("Put like beside like"), True, key="seriate", bind="query-params")
    words = known_words(space.vocab, text)
    if len(words) > MOST:
        st.caption(_("Only the first {n} words are taken.").format(n=MOST))
    words = words[:MOST]
    if len(words) < 2:
        st.info(_("Type two words of this run or more, with blanks or commas between them."))
        return
    try:
        matrix = similarities(space, words)
        odd = odd_one_out(space, words) if len(words) > 2 else None
    except Problem as problem:
        st.error(sentence(problem))
        return
    order = seriated(matrix) if ordered else np.arange(len(words))
    words, matrix = [words[i] for i in order], matrix[np.ix_(order, order)]
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _matrix(space, words, matrix)
    with right:
        if odd is not None:
            _odd(odd)
        doubt(run, space.vocab, words)
    _pair(run, space)


def _start(space: Space) -> str:
    """Words to begin with: an example that the vocabulary knows most of, else frequent words with their nearest."""
    known = [[word for word in each.split() if space.vocab.get(word) is not None] for each in EXAMPLES]
    most = max(known, key=len)
    if len(most) > 8:
        return " ".join(most)
    found: list[str] = []
    for index in frequent(space.vocab, 4):
        try:
            found += [space.vocab.words[index], *space.neighbours(index, 3)["word"]]
        except Problem:
            found.append(space.vocab.words[index])
    return " ".join(dict.fromkeys(found or space.vocab.words[:12]))


def _matrix(space: Space, words: list[int], matrix: np.ndarray) -> None:
    names = [space.vocab.words[i] for i in words]
    figure = similarity_heatmap(matrix, names, mode=frame.mode(), title=_("Similarity matrix"), x_title=_("cosine"))
    event = plot(figure, key=f"matrix-{len(words)}", height=max(320, min(780, 100 + 28 * len(words))))
    if event.fresh and event.cell is not None and max(event.cell) < len(words):
        for key, place in zip(("one", "other"), event.cell):
            choose(key, names[place])
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(pd.DataFrame(matrix, columns=names).assign(word=names)[["word", *dict.fromkeys(names)]],
                   "similarities", "matrix-csv")  # fmt: skip
        st.caption(_("Cosines in the original space. Click a cell to see both words in their contexts."))


def _odd(odd: pd.DataFrame) -> None:
    """Every word by how well it fits to the others, the least fitting first."""
    word = str(odd["word"][0])
    st.markdown(_("**Odd one out** :orange[{word}]").format(word=markdown_safe(word)))
    table = odd.rename(columns={"index": "id"})
    figure = ranking_bars(table, mode=frame.mode(), title=_("Odd one out"), weight="score", hot=int(odd["index"][0]),
                          formula=_("cosine to the mean of the others") + " {score}")  # fmt: skip
    plot(figure, key=f"odd-{len(odd)}", height=24 * len(odd) + 20)
    st.caption(_("The cosine of each word to the mean of all the others: the least is the one that does not belong."))
    csv_button(odd.drop(columns="index"), "odd-one-out", "odd-csv")


def _pair(run: RunRow, space: Space) -> None:
    """The two words of a cell, each in its contexts."""
    pair = [chosen(key) for key in ("one", "other")]
    if not all(word is not None and space.vocab.get(word) is not None for word in pair):
        return
    one, other = (str(word) for word in pair)
    cosine = float(space.similarity_to(one)[space.vocab.index(other)])
    st.markdown(_("**{one}** and **{other}** :gray[cosine {cosine}]").format(
        one=markdown_safe(one), other=markdown_safe(other), cosine=f"{cosine:.3f}"))  # fmt: skip
    if not corpus_is_there(run):
        st.caption(_("The corpus that this run learned from is not here: there are no contexts to show."))
        return
    for place, (column, word) in enumerate(zip(st.columns(2, gap="large"), dict.fromkeys([one, other]))):
        with column:
            st.button(_("All contexts of {word}").format(word=markdown_safe(word, 30)), key=f"contexts-{place}",
                      icon=":material/segment:", type="tertiary", on_click=_remember, args=(word,))  # fmt: skip
            _contexts(run, word, place)
    if st.session_state.get("matrix-open"):
        open_word(st.session_state.pop("matrix-open"), run.corpus_id)


def _remember(word: str) -> None:
    st.session_state["matrix-open"] = word


def _contexts(run: RunRow, word: str, place: int) -> None:
    """The first lines of a word's concordance."""
    found = answer("concordance", corpus_id=run.corpus_id, query=as_search(word), window=6, size=LINES, sort="random")
    if found is None:
        return
    told: list[dict[str, Any]] = [
        {"id": f"{line['document']}.{line['begin']}", "left": line["left_runs"], "node": line["node"],
         "right": line["right_runs"], "facts": ""}
        for line in found.facts["lines"]
    ]  # fmt: skip
    lines(told, f"pair-lines-{place}")
    st.caption(_("{n} of {all} places, at random").format(n=len(told), all=f"{found.facts['hits']:,}"))
