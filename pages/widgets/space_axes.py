"""Semantic axes: words between poles that a person names, two axes as a plane or many as a wheel."""

import re
from contextlib import suppress
from math import acos, degrees
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.explore.axes import Axis, Usual, axis, ends, everywhere, usual
from core.explore.axes import places as placed
from core.explore.neighbours import Space
from core.figures.axes import axis_plane, axis_wheel
from core.problem import Problem
from core.store import RunRow
from pages.widgets import frame, mapping
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import Words, plot
from pages.widgets.space_words import fitting, frequent, known_words, number, typed
from pages.widgets.state import choose, chosen
from pages.widgets.tables import open_word, word_table
from pages.widgets.text import markdown_safe

EXAMPLES: list[tuple[str, ...]] = [
    ("woman - man", "queen - king"),
    ("she - he", "city - village"),
    ("mother + daughter - father - son", "war - peace"),
    ("new - old", "good - bad"),
    ("母亲 + 女儿 - 父亲 - 儿子", "现代 - 古代"),
    ("女性 - 男性", "城市 - 农村"),
    ("她 - 他", "老 - 小"),
    ("女 - 男", "新 - 旧"),
]
WHEELS: list[tuple[str, ...]] = [
    ("woman - man; new - old; war - peace; city - river; good - bad", "king queen mother soldier"),
    ("she - he; old - young; house - forest", "king queen mother wolf"),
    ("母亲 - 父亲; 现代 - 古代; 战争 - 和平; 城市 - 农村; 科学 - 艺术", "国王 皇帝 音乐 军队"),
    ("女 - 男; 新 - 旧; 高 - 低", "人 国 水 天"),
]
PEOPLE = (  # words to begin with
    "king queen prince princess emperor lord lady father mother son daughter brother sister husband wife uncle boy "
    "girl teacher doctor nurse soldier general priest writer poet actor actress singer player child",
    "国王 女王 皇帝 皇后 王子 公主 父亲 母亲 儿子 女儿 兄弟 姐妹 丈夫 妻子 男子 女子 "
    "老师 医生 护士 士兵 将军 作家 诗人 演员 歌手 球员 孩子",
    "老爷 太太 奶奶 姑娘 丫头 小厮 宝玉 黛玉 宝钗 贾母 凤姐 袭人 湘云 贾政 妙玉 晴雯",
)
MOST_AXES, MOST_SPOKES = 12, 8  # axes of a wheel; words on it
COMMON = 5000  # the most frequent words, of which those farthest out are looked for: rare ones lie anywhere


def show() -> None:
    """The run in use, then the plane or the wheel."""
    run = frame.run_in_use(having="WordVectors")
    if run is None:
        frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")
        return
    words = mapping.space(run.id)
    shapes = {"plane": _("Two axes"), "wheel": _("Many axes")}
    asked = "wheel" if chosen("axes") == "wheel" else "plane"
    sizes = {"plane": [1.25, 1.5, 1.5, 1.05, 1.4], "wheel": [1.25, 3.3, 2.15]}[asked]
    first, *rest = st.columns(sizes, vertical_alignment="bottom")
    with first:
        shape = choice(st.segmented_control, _("Picture"), shapes, "axes", required=True)
    {"plane": _plane, "wheel": _wheel}[shape](run, words, rest)


def _plane(run: RunRow, words: Space, places: list[Any]) -> None:
    across, up, which, more = places
    start = [*fitting(words.vocab, EXAMPLES), _any_axes(words, 2)][0]
    with across:
        x = typed(_("Across"), "axis-x", start[0], placeholder="woman - man")
    with up:
        y = typed(_("Upwards"), "axis-y", start[1], placeholder="queen - king")
    with which:
        ways = {"typed": _("typed"), "near": _("near a word"), "frequent": _("the most frequent"),
                "ends": _("farthest out")}  # fmt: skip
        way = choice(st.selectbox, _("Words"), ways, "axis-words")
    axes = _axes(words, [x, y])
    with more:
        rows = _chosen_words(words, way, axes)
    if axes is None:
        return
    if not rows:
        st.info(_("Type some words of this run to see where they lie."))
        return
    _picture(run, words, axes, rows)


def _any_axes(words: Space, n: int) -> list[str]:
    """Axes for a vocabulary that has none of the examples: between frequent words that do not lie in one place."""
    names = [f'"{words.vocab.words[row]}"' for row in frequent(words.vocab, 4 * n)]
    found: list[str] = []
    for first, second in zip(names[::2], names[1::2]):
        with suppress(Problem):
            axis(words, f"{second} - {first}")
            found.append(f"{second} - {first}")
    return (found + names * n)[:n]


def _people(vocab: Vocab) -> str:
    """Words to begin with: those of people that the vocabulary has, else frequent ones."""
    known = [[word for word in each.split() if vocab.get(word) is not None] for each in PEOPLE]
    most = max(known, key=len)
    return " ".join(most if len(most) > 5 else [vocab.words[row] for row in frequent(vocab, 24)])


def _axes(words: Space, texts: list[str]) -> list[Axis] | None:
    """The axes that were typed; None after a sentence that says what is wrong."""
    try:
        return [axis(words, text) for text in texts]
    except Problem as problem:
        st.error(sentence(problem))
        return None


def _chosen_words(words: Space, way: str, axes: list[Axis] | None) -> list[int]:
    """The rows to be placed, by one of four ways."""
    vocab = words.vocab
    if way == "typed":
        return known_words(vocab, typed(_("Words to place"), "axis-typed", _people(vocab)))
    if way == "near":
        word = typed(_("Near this word"), "axis-near", vocab.words[frequent(vocab, 1)[0]])
        row = vocab.get(word.strip())
        if row is None:
            return known_words(vocab, word)
        try:
            return [row, *words.neighbours(row, 40)["index"].tolist()]
        except Problem as problem:
            st.error(sentence(problem))
            return []
    n = number(_("How many"), "axis-n", 10, min(400, max(11, len(vocab))), 80, 10)
    if way == "ends":
        return ends(words, axes, max(3, n // 4), COMMON) if axes else []
    return frequent(vocab, n)


def _picture(run: RunRow, words: Space, axes: list[Axis], rows: list[int]) -> None:
    vocab = words.vocab
    poles = [vocab.index(word) for each in axes for _weight, word in each.words]
    rows = list(dict.fromkeys([*poles, *rows]))
    found, measured = placed(words, rows, axes), usual(words, axes)
    names = [vocab.words[row] for row in rows]
    word = chosen("axis-word")
    hot = names.index(word) if word in names else None
    said = [f"{x:.3f} · {y:.3f}" for x, y in found.tolist()]
    title = _("{n} words of {name} between {poles}").format(
        n=len(rows), name=run.name, poles=", ".join(f"{each.low} … {each.high}" for each in axes)
    )
    figure = axis_plane(
        found, names, [(each.low, each.high) for each in axes],
        list(zip(measured.mean.tolist(), measured.deviation.tolist())), mode=frame.mode(), title=title, numbers=said,
        makers=len(dict.fromkeys(poles)), hot=hot,
    )  # fmt: skip
    labels = Words(text=names, hot=[] if hot is None else [hot])
    revision = f"{run.id}-{axes[0].low}-{axes[0].high}-{axes[1].low}-{axes[1].high}"
    event = plot(figure, key=f"axis-plane-{run.id}", height="fill", labels=labels, uirevision=revision)
    if event.fresh and event.clicked is not None and event.clicked < len(names):
        choose("axis-word", names[event.clicked])
        st.rerun()
    if hot is not None:
        _told(run, words, axes, rows[hot])
    _caption(measured)
    columns = {"word": names, "x": found[:, 0], "y": found[:, 1],
               "count": vocab.counts[rows].tolist()}  # fmt: skip
    number_ = st.column_config.NumberColumn
    heads = {
        "word": st.column_config.TextColumn(_("word")), "x": number_(_ends_of(axes[0]), format="%.3f"),
        "y": number_(_ends_of(axes[1]), format="%.3f"), "count": number_(_("count"), format="localized"),
    }  # fmt: skip
    with st.expander(_("As a table")):
        word_table(pd.DataFrame(columns), f"axis-table-{run.id}", heads, file="axes", corpus=run.corpus_id)


def _ends_of(each: Axis) -> str:
    return f"{each.low} … {each.high}" if each.low else each.high


def _told(run: RunRow, words: Space, axes: list[Axis], row: int) -> None:
    """Where the word that is pointed at lies among all words, and the way to its contexts."""
    everybody, mine = everywhere(words, axes), placed(words, [row], axes)[0]
    parts = []
    for i, each in enumerate(axes):
        share = float((everybody[:, i] < mine[i]).mean())
        high = markdown_safe(each.high, 40)
        parts.append(_("{value} towards {pole}, more than {share} of all words").format(
            value=f"{mine[i]:+.3f}", pole=high, share=f"{share:.0%}"))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        word = words.vocab.words[row]
        st.markdown(f"**{markdown_safe(word)}** :gray[{' · '.join(parts)}]")
        if st.button(_("In context"), icon=":material/segment:", key="axis-context", type="tertiary"):
            open_word(word, run.corpus_id)


def _caption(measured: Usual) -> None:
    cosine = float(measured.cosines[0, 1])
    angle = degrees(acos(min(1.0, max(-1.0, cosine))))
    st.caption(_(
        "A word's place is its cosine with each axis, in the original space. The bands hold the mean of all words, one "
        "standard deviation to each side: a word inside them leans no more than most. The axes themselves stand at "
        "{angle}° to each other (cosine {cosine}); the picture draws them at 90°."
    ).format(angle=f"{angle:.0f}", cosine=f"{cosine:.2f}".replace("-", "−")))  # fmt: skip


def _wheel(run: RunRow, words: Space, places: list[Any]) -> None:
    first, second = places
    three = " ".join(words.vocab.words[row] for row in frequent(words.vocab, 3))
    start = [*fitting(words.vocab, WHEELS), ("; ".join(_any_axes(words, 4)), three)][0]
    with first:
        text = typed(_("Axes, with semicolons between them"), "axes-of-wheel", start[0])
    with second:
        rows = known_words(words.vocab, typed(_("A few words"), "words-of-wheel", start[1]))[:MOST_SPOKES]
    texts = [part.strip() for part in re.split(r"[;；\n]", text) if part.strip()]
    if not 3 <= len(texts) <= MOST_AXES:
        st.info(_("A wheel has 3 to {most} axes; there are {n}.").format(most=MOST_AXES, n=len(texts)))
        return
    axes = _axes(words, texts)
    if axes is None:
        return
    if not rows:
        st.info(_("Type some words of this run to see where they lie."))
        return
    measured, found = usual(words, axes), placed(words, rows, axes)
    spread = np.maximum(measured.deviation, 1e-9)
    names = [words.vocab.words[row] for row in rows]
    title = _("{words} on {n} axes in {name}").format(words=", ".join(names), n=len(axes), name=run.name)
    figure = axis_wheel(
        (found - measured.mean) / spread, names, [(each.low, each.high) for each in axes], mode=frame.mode(),
        title=title, cosines=found,
    )  # fmt: skip
    event = plot(figure, key=f"axis-wheel-{run.id}", height="fill")
    if event.fresh and event.clicked is not None and event.clicked < len(names):
        open_word(names[event.clicked], run.corpus_id)
    st.caption(_(
        "Each spoke is an axis; its outer end is the first pole, its middle the second. Places are in standard "
        "deviations (σ) of all words of the vocabulary from their mean, which is the dotted ring, and end at ±3. Click "
        "a word's corner to see it in context."
    ))  # fmt: skip
