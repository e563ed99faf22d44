"""One analogy: a is to b as c is to what? By sum and by product, with the parallelogram and every word's count."""

from typing import Any

import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.explore import Space
from core.explore.analogies import answers, plane
from core.figures.neighbours import parallelogram
from core.problem import Problem
from core.store import RunRow
from pages.widgets import frame, mapping
from pages.widgets.i18n import _, sentence
from pages.widgets.neighbour_doubt import counted, doubt, small_corpus
from pages.widgets.plot import Words, plot
from pages.widgets.space_words import fitting, frequent, typed
from pages.widgets.state import choose
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

EXAMPLES: list[tuple[str, ...]] = [
    ("man", "king", "woman"), ("boy", "man", "girl"), ("he", "his", "she"), ("day", "night", "summer"),
    ("男人", "国王", "女人"), ("男性", "父亲", "女性"), ("父亲", "儿子", "母亲"), ("日本", "东京", "中国"),
    ("爷爷", "奶奶", "老爷"), ("他", "哥哥", "她"), ("男", "父", "女"),
]  # fmt: skip
OTHERS = 4  # answers that the picture shows besides the first


def show(run: RunRow) -> None:
    """The question, its answers by both methods, and the picture."""
    space = mapping.space(run.id)
    question, keep, k, least = _question(space)
    words = _known(space, question)
    if words is None:
        return
    try:
        tables = answers(space, words, k, keep=keep, among=space.frequent(least) if least > 1 else None)
    except Problem as problem:
        st.error(sentence(problem))
        return
    if not len(tables[0]):
        st.info(_("No other word occurs so often: lower the threshold."))
        return
    _told(run, space, words, tables)
    picture, right = st.columns([1.15, 1.25], gap="large")
    with right:
        _tables(tables)
    with picture:
        _picture(space, words, tables[0])
    doubt(run, space.vocab, [*words, int(tables[0]["index"][0])])
    small_corpus(run, space.vocab)


def _question(space: Space) -> tuple[list[str], bool, int, int]:
    """a, b, c as typed; whether they may be answers; how many answers, and how frequent."""
    start = [*fitting(space.vocab, EXAMPLES), _any_three(space.vocab)][0]
    texts = []
    columns = st.columns([1.2, 1.2, 1.2, 0.7, 0.8, 1.3], vertical_alignment="bottom")
    for place, label in enumerate((_("a …"), _("… is to b …"), _("… as c is to …"))):
        with columns[place]:
            texts.append(typed(label, f"analogy-{'abc'[place]}", start[place]))
    k = columns[3].number_input(_("How many"), 3, 50, 10, key="k", bind="query-params")
    least = columns[4].number_input(_("Occur at least"), 1, 1_000_000, 1, key="least", bind="query-params")
    keep = columns[5].toggle(_("Keep a, b and c"), key="keep", bind="query-params",
                             help=_("By custom the three words asked with are left out of the answers."))  # fmt: skip
    return texts, bool(keep), int(k), int(least)


def _any_three(vocab: Vocab) -> tuple[str, ...]:
    """Three words of a vocabulary that has none of the examples."""
    found = [vocab.words[i] for i in frequent(vocab, 3)] or vocab.words[:3]
    return tuple((found * 3)[:3]) if found else ("", "", "")


def _known(space: Space, texts: list[str]) -> tuple[int, int, int] | None:
    """The indices of the three words; None after a sentence for each that is not known."""
    found: list[int] = []
    for text in texts:
        try:
            found.append(space.vocab.index(text))
        except Problem as problem:
            st.error(sentence(problem))
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _told(run: RunRow, space: Space, words: tuple[int, int, int], tables: list[pd.DataFrame]) -> None:
    """The question with its answer, each word with its count; what it means where the answer is one of the three."""
    found = [int(table["index"][0]) for table in tables]
    a, b, c = (_with_count(run, space.vocab, word) for word in words)
    first, second = (_with_count(run, space.vocab, each) for each in found)
    said = _("{a} is to {b} as {c} is to :orange[**{d}**]")
    both = _("{a} is to {b} as {c} is to :orange[**{d}**] by 3CosAdd, :orange[**{e}**] by 3CosMul")
    st.markdown("##### " + (said if first == second else both).format(a=a, b=b, c=c, d=first, e=second))
    if found[0] in words:
        st.info(_(
            "With the three words kept, 3CosAdd answers with one of them: {word}. The difference of the other two is "
            "so small that the sum still lies nearest to it. That is why the three are left out by custom, and why a "
            "right answer says less than it seems."
        ).format(word=markdown_safe(space.vocab.words[found[0]])))  # fmt: skip


def _with_count(run: RunRow, vocab: Vocab, word: int) -> str:
    name = markdown_safe(vocab.words[word], 30)
    return f"{name} :gray[:small[{vocab.counts[word]:,}]]" if counted(run) else name


def _tables(tables: list[pd.DataFrame]) -> None:
    """The answers of both methods side by side."""
    titles = {"3CosAdd": _("the cosine to b − a + c"), "3CosMul": _("cos b · cos c ÷ cos a")}
    number = st.column_config.NumberColumn
    for column, table, (title, score) in zip(st.columns(2), tables, titles.items()):
        with column:
            st.markdown(f"**{title}** :gray[:small[{score}]]")
            columns: dict[str, Any] = {
                "word": st.column_config.TextColumn(_("word"), width=115),
                "score": number(_("score"), format="%.3f", width=60),
                "count": number(_("count"), format="localized", width=65),
            }  # fmt: skip
            st.dataframe(table[list(columns)], hide_index=True, column_config=columns, height="content",
                         key=f"answers-{title}")  # fmt: skip
            csv_button(table.drop(columns="index"), title, f"{title}-csv")


def _picture(space: Space, words: tuple[int, int, int], table: pd.DataFrame) -> None:
    """The parallelogram: where b - a + c lies, and where the answer."""
    first, *rest = table["index"].tolist()
    shown = [first, *[each for each in rest if each not in words][:OTHERS]]
    points, share = plane(space, words, shown)
    ids = [*words, *shown]
    names = [space.vocab.words[i] for i in ids]
    figure = parallelogram(
        points, names, ids, mode=frame.mode(), title=_("The parallelogram"),
        goal="b − a + c", others=len(shown) - 1,
    )  # fmt: skip
    named = Words(
        trace=len(figure.data) - 1,
        text=["" if i < 3 and ids[i] == first else name for i, name in enumerate(names)],
        hot=[3],
    )
    event = plot(figure, key="parallelogram", height=430, labels=named)
    st.caption(_(
        "The dotted arrow is the step from a to b taken from c; the full one leads to the answer by 3CosAdd. The plane "
        "of the two largest principal components of these five points in the original space, each word of length one: "
        "it holds {share} of their variance. Click a word to see its neighbours."
    ).format(share=f"{share:.0%}"))  # fmt: skip
    if event.fresh and event.clicked is not None:
        choose("word", space.vocab.words[event.clicked])
        choose("near", "words")
        st.rerun()
