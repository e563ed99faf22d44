"""The history in one picture: the same dozen words under every encoder that was trained on the corpus in use."""

from typing import Any

import numpy as np
import streamlit as st

from core.encoders import ENCODERS
from core.encoders.base import Encoder
from core.explore.history import Panel, groups_of, panel, ring, turned_alike
from core.figures.history import Small, history, pixels
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import ACTIVE, CorpusRow, RunRow
from pages.widgets import forms, frame
from pages.widgets.i18n import _, sentence
from pages.widgets.live import state_name
from pages.widgets.plot import Words, plot
from pages.widgets.space_words import typed
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import duration

TICK_SECONDS = 2.0
PRESETS = (
    "king queen prince; river sea island; red green white; three four five",
    "mother father daughter; france germany italy; january july april; music song film",
    "king queen princess; bird horse cat; gold silver stone; three seven two",
    "国王 皇帝 王子; 红色 绿色 白色; 法国 德国 英国; 父亲 母亲 儿子",
    "狗 猫 马; 音乐 电影 歌曲; 数学 化学 物理; 战争 军队 战役",
    "贾母 太太 凤姐; 茶 酒 饭; 宝玉 黛玉 宝钗; 笑 哭 叹",
)


def show() -> None:
    """The words and their kinds, the picture, and a button for every encoder that is missing from it."""
    row = frame.corpus_in_use()
    if row is None:
        frame.no_corpus()
        return
    vocab = store().corpus(row.id).vocab
    best = max(PRESETS, key=lambda text: sum(word in vocab for group in groups_of(text) for word in group))
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        text = typed(_("Words, with a semicolon between two kinds"), "history-words", best)
    with right.popover(_("Examples"), icon=":material/lightbulb:", width="stretch"):
        for i, preset in enumerate(PRESETS):
            st.button(
                preset, key=f"history-preset-{i}", type="tertiary", on_click=choose, args=("history-words", preset)
            )
    try:
        groups = groups_of(text)
    except Problem as problem:
        st.error(sentence(problem))
        return
    active = any(run.state in ACTIVE for run in _of_corpus(row).values())
    st.fragment(_picture, run_every=TICK_SECONDS if active else None)(row.id, groups, active)


def shown_encoders() -> list[type[Encoder]]:
    """Those that place words, oldest first."""
    able = [each for each in ENCODERS.values() if {"WordVectors", "Distances"} & {*each.capabilities()}]
    return sorted(able, key=lambda each: each.year)


def _of_corpus(row: CorpusRow) -> dict[str, RunRow]:
    """Encoder -> its newest finished run on this corpus, or else the newest that waits or works."""
    found: dict[str, RunRow] = {}
    for run in store().runs():  # newest first
        if run.corpus_id == row.id and run.state in (*ACTIVE, "done", "stopped") and run.encoder in ENCODERS:
            before = found.get(run.encoder)
            if before is None or (before.state in ACTIVE and run.state not in ACTIVE):
                found[run.encoder] = run
    return found


def _picture(corpus_id: str, groups: list[list[str]], was_active: bool) -> None:
    row = store().corpus_row(corpus_id)
    if row is None:
        st.rerun()
    runs = _of_corpus(row)
    active = any(run.state in ACTIVE for run in runs.values())
    if active:
        ensure_supervisor(store())
    elif was_active:
        st.rerun()
    encoders = shown_encoders()
    words = [word for group in groups for word in group]
    kinds = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    panels = {each.name: _panel(runs.get(each.name), words, kinds) for each in encoders}
    drawn = {name: each for name, each in panels.items() if each is not None and len(each.rows) > 1}
    turned = dict(zip(drawn, turned_alike(list(drawn.values()))))
    smalls = [_small(each, runs.get(each.name), turned.get(each.name), len(words)) for each in encoders]
    title = _("The same words in {name}, from encoder to encoder").format(name=row.name)
    word = chosen("history-word")
    hot = words.index(word) if word in words else None
    figure, texts, colours = history(smalls, words, kinds, mode=frame.mode(), title=title, hot=hot)
    labels = Words(text=texts, colours=colours)
    event = plot(figure, key="history", height=pixels(len(smalls)), labels=labels)
    if event.fresh and event.clicked is not None and event.clicked < len(words):
        choose("history-word", None if event.clicked == hot else words[event.clicked])
        st.rerun()
    _missing(row, [each for each in encoders if each.name not in runs])
    _caption(groups)


@st.cache_data(show_spinner=False, max_entries=128)
def _placed(run_id: str, ring_: bool, words: tuple[str, ...], kinds: tuple[int, ...]) -> Panel:
    """The words that a run knows, on its small map."""
    vocab = store().vocab(run_id)
    known = [vocab.get(word) for word in words]
    rows = np.array([i for i, place in enumerate(known) if place is not None], np.int64)
    if ring_:
        return ring(rows, np.array(kinds)[rows])
    places = np.array([known[i] for i in rows.tolist()], np.int64)
    return panel(np.array(store().vectors(run_id)[places], np.float32), rows, np.array(kinds)[rows])


def _panel(run: RunRow | None, words: list[str], kinds: np.ndarray) -> Panel | None:
    if run is None or run.state in ACTIVE:
        return None
    try:
        return _placed(run.id, "WordVectors" not in run.capabilities, tuple(words), tuple(kinds.tolist()))
    except Problem:  # a run that was stopped before it had vectors
        return None


def _small(encoder: type[Encoder], run: RunRow | None, placed: Panel | None, words: int) -> Small:
    title = f"{_(encoder.title)} ({encoder.year})"
    if run is None:
        return Small(title, _("not trained on this corpus yet"))
    if run.state in ACTIVE:
        share = f" {run.step / run.total:.0%}" if run.total else ""
        return Small(title, state_name(run.state) + share)
    if placed is None:
        return Small(title, _("fewer than two of these words are known"))
    first = _("beside their own kind") if placed.explained is not None else _("all √2 apart")
    if len(placed.rows) < words:
        first = _("{n} of {all} words").format(n=len(placed.rows), all=words)
    chance = [] if placed.chance is None else [_("chance {chance}").format(chance=f"{placed.chance:.2f}")]
    number = "" if placed.purity is None else f"{placed.purity:.2f}"
    return Small(title, " · ".join([first, *chance]), placed.rows, placed.xy, placed.explained is None, number)


def _missing(row: CorpusRow, encoders: list[type[Encoder]]) -> None:
    """A button that trains each missing encoder with its quick preset on this corpus."""
    if not encoders:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for encoder in encoders:
            label = _("Train {title}").format(title=markdown_safe(_(encoder.title)))
            st.button(label, icon=":material/play_arrow:", key=f"history-{encoder.name}", help=_cost(encoder, row),
                      on_click=_train, args=(encoder.name, row))  # fmt: skip
        if len(encoders) > 1:
            st.button(_("Train all of them"), key="history-all", type="tertiary", on_click=_train_all,
                      args=([each.name for each in encoders], row))  # fmt: skip
    if "history-problem" in st.session_state:
        st.error(sentence(st.session_state.pop("history-problem")))


@st.cache_data(show_spinner=False, max_entries=64)
def _seconds(encoder: str, corpus_id: str, min_count: int) -> float:
    described = ENCODERS[encoder]
    corpus = store().corpus(corpus_id, min_count)
    return described.estimate(described.Options.preset("quick"), corpus).seconds


def _cost(encoder: type[Encoder], row: CorpusRow) -> str:
    try:
        seconds = _seconds(encoder.name, row.id, forms.proposed_min_count(row))
    except Problem as problem:
        return sentence(problem)
    return _("The quick preset on {name}: about {time}.").format(name=markdown_safe(row.name), time=duration(seconds))


def _train(encoder: str, row: CorpusRow) -> None:
    """Queue a quick training; what is wrong is told at the next drawing."""
    options: Any = ENCODERS[encoder].Options.preset("quick")
    try:
        store().queue_train(encoder, options, row.id, min_count=forms.proposed_min_count(row))
    except Problem as problem:
        st.session_state["history-problem"] = problem.to_dict()
        return
    ensure_supervisor(store())


def _train_all(encoders: list[str], row: CorpusRow) -> None:
    for encoder in encoders:
        _train(encoder, row)


def _caption(groups: list[list[str]]) -> None:
    sizes = [len(group) - 1 for group in groups if len(group) > 1]
    k = str(sizes[0]) if len(set(sizes)) == 1 else "g"
    st.caption(_(
        "The number: of each word's {k} nearest among these words (by cosine in the original space), how many are of "
        "its own kind; chance is what random vectors give, and ties count as chance. Each map is the plane of the two "
        "widest directions of these words alone, turned to lie like the last map. One-hot words are all equally far "
        "apart, which no plane can show, so they stand in a ring. Click a word to find it in every map; the buttons at "
        "the upper right save the picture."
    ).format(k=k))  # fmt: skip
