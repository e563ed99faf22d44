"""Split a word: half of its occurrences get a made-up name, the same encoder learns anew, and the name is looked for.

If company makes the word (Harris 1954; Firth 1957), the two halves, which mean the same, must come to lie together.
Each step is read off the store, so a closed page loses nothing: what was made, what is being trained, what came out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.encoders import ENCODERS
from core.explore.neighbours import Space
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import ACTIVE, CorpusRow, RunRow
from pages.widgets import frame, mapping
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.space_words import frequent, typed
from pages.widgets.state import choose, store
from pages.widgets.tables import open_word
from pages.widgets.text import markdown_safe
from pages.widgets.units import duration

OPERATION = "split word"
MANY = 300  # occurrences from which on a half has company enough
OFFERED = 12
TELLING = "king garden church horse river music water war island 国王 战争 音乐 电影 日本 岛 宝玉 太太"  # offered first
NEAREST = 10
COMPARED = 300  # words of about the same frequency: what a cosine is worth
TICK_SECONDS = 1.0
MADE_UP = {
    "words": ("zork", "blicket", "wuggle", "quorbly"), "chinese": ("佐克", "布利克", "乌格罗", "阔罗比"),
    "characters": ("㔻", "䕺", "㮰"),
}  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """A split that was asked for: the run that makes its corpus, the corpus once it is there, and its trainings."""

    made: RunRow
    corpus: CorpusRow | None
    trained: list[RunRow]

    @property
    def halves(self) -> tuple[str, str]:
        options = self.made.options["derived"]["options"]
        return str(options["first"]), str(options["second"])


def show() -> None:
    """The run whose corpus and options are used, then the three steps."""
    run = frame.run_in_use(having="WordVectors")
    if run is None:
        frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")
        return
    row = store().corpus_row(run.corpus_id)
    if row is None or row.state != "ready" or run.encoder not in ENCODERS:
        st.info(_("The corpus of this run is not here: choose a run whose corpus is, in the sidebar."))
        return
    st.caption(_(
        "Half of a word's occurrences, at random, are written as a word that does not exist; the encoder then learns "
        "from this text without being told. If a word is known by the company it keeps, the made-up word must land "
        "beside the one it was cut from."
    ))  # fmt: skip
    found = _experiments(row)
    one, two = st.columns([1, 1.7], gap="large")
    with one:
        _step(1, _("Split a word"))
        _form(run, row)
        current = _current(found)
    if current is not None:
        active = _at_work(current) or _waiting(current)
        with two:
            st.fragment(_rest, run_every=TICK_SECONDS if active else None)(current.made.id, run.id, active)


def _step(n: int, title: str) -> None:
    st.markdown(f":blue-badge[{n}] **{title}**")


def _experiments(row: CorpusRow) -> dict[str, Experiment]:
    """The splits of words of this corpus, newest first, by the id of the run that makes the corpus."""
    found, runs = dict[str, Experiment](), store().runs()
    for made in store().runs("derive"):
        derived = made.options.get("derived") or {}
        if derived.get("from") == row.id and derived.get("operation") == OPERATION:
            found[made.id] = _experiment(made, runs)
    standing = (*ACTIVE, "failed")
    return {key: each for key, each in found.items() if each.made.state in standing or each.corpus is not None}


def _experiment(made: RunRow, runs: list[RunRow]) -> Experiment:
    corpus = None if made.state in ACTIVE else store().corpus_row(made.corpus_id)
    here = {each.id for each in store().corpora()}
    corpus = corpus if corpus is not None and corpus.id in here else None  # not one that was deleted
    trained = [run for run in runs if corpus is not None and run.corpus_id == corpus.id and run.encoder in ENCODERS]
    return Experiment(made, corpus, trained)


def _form(run: RunRow, row: CorpusRow) -> None:
    """The word, what its made-up half is called, and the button that begins."""
    vocab = store().corpus(row.id, run.min_count).vocab
    offered = [word for word in TELLING.split() if word in vocab and vocab.counts[vocab.index(word)] >= MANY]
    offered += [vocab.words[i] for i in frequent(vocab, 400) if vocab.counts[i] >= MANY]
    offered = list(dict.fromkeys(offered or [vocab.words[i] for i in frequent(vocab, OFFERED)]))[:OFFERED]
    word = typed(_("Word"), "split-word", offered[0]).strip()
    with st.container(horizontal=True, gap="small"):
        for other in offered:
            st.button(markdown_safe(other), key=f"split-offer-{other}", type="tertiary", on_click=choose,
                      args=("split-word", other))  # fmt: skip
    second = typed(_("Name of the made-up half"), "split-name", _made_up(row)).strip()
    index = vocab.get(word)
    if index is None:
        st.error(sentence(_problem(vocab, word)))
        return
    times = int(vocab.counts[index])
    if times < MANY:
        st.caption(_("{word} occurs {n} times; below {many} each half has too little company to go by.").format(
            word=markdown_safe(word), n=f"{times:,}", many=MANY))  # fmt: skip
    else:
        said = _("{word} occurs {n} times; about {half} of them become {second}.")
        names = {"word": markdown_safe(word), "second": markdown_safe(second)}
        st.caption(said.format(n=f"{times:,}", half=f"{times // 2:,}", **names))
    st.button(
        _("Split it, then train"), type="primary", icon=":material/call_split:", key="split-go", on_click=_begin,
        args=(run, row, vocab.words[index], second),
    )  # fmt: skip
    if "split-problem" in st.session_state:
        st.error(sentence(st.session_state.pop("split-problem")))


def _made_up(row: CorpusRow) -> str:
    """A word that this text does not have, of as many letters as the tokeniser takes for one word."""
    names = MADE_UP.get(row.facts["tokenizer"], MADE_UP["words"])
    index = store().corpus(row.id).index
    return next((name for name in names if index.find(name) is None), names[0])


def _problem(vocab: Any, word: str) -> Problem:
    try:
        vocab.index(word)
    except Problem as problem:
        return problem
    raise AssertionError(word)


def _begin(run: RunRow, row: CorpusRow, word: str, second: str) -> None:
    """Queue the corpus, and note that it is to be trained on as the run was."""
    options = {"word": word, "first": word, "second": second}
    try:
        made = store().queue_derive(row.id, OPERATION, options)
    except Problem as problem:
        st.session_state["split-problem"] = problem.to_dict()
        return
    choose("split", made)
    st.session_state["split-then"] = (made, run.id)
    ensure_supervisor(store())


def _current(found: dict[str, Experiment]) -> Experiment | None:
    """The experiment in use, the newest if none was chosen."""
    if not found:
        return None
    names = {key: " → ".join([*each.halves]) + f" · {each.made.id}" for key, each in found.items()}
    return found[choice(st.selectbox, _("Words split so far"), names, "split")]


def _at_work(each: Experiment) -> bool:
    return each.made.state in ACTIVE or any(run.state in ACTIVE for run in each.trained)


def _waiting(each: Experiment) -> bool:
    """Whether this visit asked for a training that could not begin yet."""
    return st.session_state.get("split-then", ("", ""))[0] == each.made.id


def _rest(made_id: str, run_id: str, was_active: bool) -> None:
    """The second and the third step, as the store has them."""
    made, run = store().run(made_id), store().run(run_id)
    if made is None or run is None:
        st.rerun()
    each = _experiment(made, store().runs())
    if _waiting(each) and each.corpus is not None:
        then = store().run(st.session_state.pop("split-then")[1])
        if then is not None and not _same(each, then):
            _train(each, then)
        each = _experiment(made, store().runs())
    active = _at_work(each) or _waiting(each)
    if active:
        ensure_supervisor(store())
    elif was_active:
        st.rerun()
    _step(2, _("Learn from it"))
    _training(each, run)
    done = [trained for trained in each.trained if trained.state in ("done", "stopped") and trained.capabilities]
    if done:
        _step(3, _("See where it landed"))
        names = {trained.id: trained.name for trained in done}
        shown = names if len(names) > 1 else None
        picked = choice(st.selectbox, _("Training"), names, "split-run") if shown else done[0].id
        _landing(each, next(trained for trained in done if trained.id == picked))


def _same(each: Experiment, run: RunRow) -> list[RunRow]:
    """Trainings on the split corpus with just this run's encoder and options."""
    return [other for other in each.trained if (other.encoder, other.options) == (run.encoder, run.options)]


def _train(each: Experiment, run: RunRow) -> None:
    """Queue the run's encoder with its options on the split corpus."""
    assert each.corpus is not None
    try:
        name = f"{run.name}: {' / '.join(each.halves)}"
        store().queue_train(run.encoder, run.options, each.corpus.id, min_count=run.min_count, name=name)
    except Problem as problem:
        st.session_state["split-problem"] = problem.to_dict()
        return
    ensure_supervisor(store())


def _training(each: Experiment, run: RunRow) -> None:
    """How far the corpus and the trainings are, and the button for one that is missing."""
    if each.made.state in ACTIVE:
        share = each.made.step / each.made.total if each.made.total else 0.0
        words = _(each.made.phase) if each.made.phase else _("waiting for its turn")
        st.progress(min(1.0, share), f"{_('The text is being written anew')} · {words}")
        return
    if each.made.state == "failed" or each.corpus is None:
        st.error(sentence(each.made.message) if each.made.message else _("The corpus is no longer here."))
        return
    for trained in each.trained:
        if trained.state in ACTIVE:
            share = trained.step / trained.total if trained.total else 0.0
            left = trained.seconds * (1 - share) / share if share > 0.01 and trained.seconds else 0.0
            more = [_("{time} left").format(time=duration(left))] if left else []
            parts = [markdown_safe(trained.name), _(trained.phase) if trained.phase else _("waiting for its turn")]
            st.progress(min(1.0, share), " · ".join([*parts, *more]))
        elif trained.state == "failed" and trained.message:
            st.error(sentence(trained.message))
    if _same(each, run):
        names = ", ".join(markdown_safe(trained.name) for trained in each.trained if trained.state not in ACTIVE)
        if names:
            st.caption(_("Trained: {names}").format(names=names))
        return
    label = _("Train as {name} was").format(name=markdown_safe(run.name))
    st.button(label, icon=":material/play_arrow:", key="split-train", on_click=_train, args=(each, run))


def _landing(each: Experiment, trained: RunRow) -> None:
    """The rank of each half among the other's neighbours, their cosine, and the words around them."""
    words = mapping.space(trained.id)
    first, second = (words.vocab.get(half) for half in each.halves)
    if first is None or second is None:
        st.warning(
            _("One of the halves is too rare to be learned: split a more frequent word, or lower the min count.")
        )
        return
    near = words.similarity_to(first)
    cosine = float(near[second])
    rank, back = _rank(near, first, second), _rank(words.similarity_to(second), second, first)
    usual = _usual(words, near, first, second)
    one, two, three = st.columns(3)
    one.metric(_("{word} near {other}").format(word=each.halves[1], other=each.halves[0]),
               _("number {rank}").format(rank=f"{rank:,}"))  # fmt: skip
    two.metric(_("the other way round"), _("number {rank}").format(rank=f"{back:,}"))
    three.metric(_("cosine"), f"{cosine:.2f}")
    st.caption(_(
        "Of {n} words. By chance it would be number {middle} on average; {others} words about as frequent have a mean "
        "cosine of {usual} with it, and the nearest of them {highest}."
    ).format(n=f"{len(words.vocab) - 1:,}", middle=f"{len(words.vocab) // 2:,}", others=f"{len(usual):,}",
             usual=f"{usual.mean():.2f}" if len(usual) else "–",
             highest=f"{usual.max():.2f}" if len(usual) else "–"))  # fmt: skip
    _tables(each, trained, words, (first, second))


def _rank(near: np.ndarray, own: int, other: int) -> int:
    """Which neighbour the other word is, 1 the nearest."""
    nearer = near > near[other]
    nearer[own] = False
    return int(nearer.sum()) + 1


def _usual(words: Space, near: np.ndarray, first: int, second: int) -> np.ndarray:
    """The cosines of the words that are about as frequent as the made-up half."""
    order = np.argsort(
        np.abs(np.log(words.vocab.counts + 1.0) - np.log(words.vocab.counts[second] + 1.0)), kind="stable"
    )
    alike = np.array([row for row in order[: COMPARED + 2].tolist() if row not in (first, second)], np.int64)
    return near[alike[:COMPARED]]


def _tables(each: Experiment, trained: RunRow, words: Space, halves: tuple[int, int]) -> None:
    """The nearest words of each half; a click leads to a word's contexts in the split text."""
    columns = st.columns(2, gap="medium")
    for column, half, row, other in zip(columns, each.halves, halves, each.halves[::-1]):
        near = words.neighbours(row, NEAREST)
        with column:
            times = _("{n} occurrences").format(n=f"{words.vocab.counts[row]:,}")
            st.markdown(f"**{markdown_safe(half)}** :gray[{times}]")
            shown = pd.DataFrame({"word": [f"● {word}" if word == other else word for word in near["word"]],
                                  "score": near["score"]})  # fmt: skip
            config = {
                "word": st.column_config.TextColumn(_("word"), width=130),
                "score": st.column_config.ProgressColumn(_("cosine"), format="%.3f", min_value=0.0, max_value=1.0),
            }
            event = st.dataframe(
                shown, hide_index=True, column_config=config, key=f"split-near-{trained.id}-{row}", on_select="rerun",
                selection_mode="single-cell", height="content",
            )  # fmt: skip
            cells = event["selection"]["cells"]
            if cells:
                open_word(str(near["word"].iloc[cells[0][0]]), trained.corpus_id)
