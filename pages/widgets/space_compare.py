"""Two spaces laid upon each other: which two, the two maps or the one between them, and the words that moved."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explore.compare_spaces import CompareOptions
from core.figures import label_order
from core.figures.spaces import space_map
from core.problem import Problem
from core.store import RunRow
from pages.widgets import forms, frame
from pages.widgets.asking import answer, first_picture
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import Event, Morph, Words, plot
from pages.widgets.space_words import number
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button, open_word
from pages.widgets.text import markdown_safe

LISTED = 400  # words of the ranked table
NEAREST = 8
DOUBTFUL = 0.1  # a fit less than this above a shuffled one says nothing about single words
SHORT = 26
END = "end"


@dataclass(frozen=True)
class Place:
    """A space: a run, and the step of its training (None: the end)."""

    run: RunRow
    moment: int | None

    @property
    def named(self) -> list[Any]:
        return [self.run.id, self.moment]

    @property
    def name(self) -> str:
        """The run, and how far its training had come."""
        if self.moment is None:
            return self.run.name
        return _("{name} at {share}").format(name=self.run.name, share=_share(self.run, self.moment))


@dataclass(frozen=True)
class Compared:
    """What the answer says, word by word: words c, ids int (c, 2), drift and usual float (c,), counts int (c, 2); of
    the first n, before and after float (n, 2). facts of the finished map; finished, whether it is."""

    words: list[str]
    ids: np.ndarray
    counts: np.ndarray
    drift: np.ndarray
    usual: np.ndarray
    before: np.ndarray
    after: np.ndarray
    facts: dict[str, Any]
    finished: bool


def show() -> None:
    """Which two, their maps, the words that moved, and the one that is pointed at."""
    runs = {
        run.id: run for run in store().runs() if run.state in ("done", "stopped") and "WordVectors" in run.capabilities
    }
    if not runs:
        frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")
    first, second, look, options = _controls(runs)
    if first.named == second.named:
        st.info(_("These are one and the same space: choose another run, or another moment of this one."))
        return
    found = _compared(first, second, options)
    if found is None:
        return
    maps, side = st.columns([2.75, 1], gap="medium")
    with side:
        ranked = _ranking(found)
        word = _word_in_use(found)
        _table(found, ranked, (first, second))
    with maps:
        (_two_maps if look == "sides" else _one_map)(found, ranked, word, (first, second))
        _quality(found, options)
        if word is not None:
            _told(found, word, (first, second))


def _controls(runs: dict[str, RunRow]) -> tuple[Place, Place, str, CompareOptions]:
    """One row: the first space, the second, side by side or one between the two, and how it is made."""
    columns = st.columns([1.7, 0.85, 1.7, 0.85, 1.6, 1.15], vertical_alignment="bottom")
    second = _place(_("To"), "second", runs, next(iter(runs)), columns[2:4])
    first = _place(_("From"), "first", runs, _partner(runs, second.run.id), columns[:2], second)
    with columns[4]:
        looks = {"sides": _("Side by side"), "morph": _("In motion")}
        look = choice(st.segmented_control, _("Maps"), looks, "maps", required=True)
    with columns[5].popover(_("Projection"), icon=":material/tune:", width="stretch"):
        options = _settings()
    return first, second, look, options


def _partner(runs: dict[str, RunRow], run: str) -> str:
    """What to compare a run with at first: another of its corpus, else itself at its beginning."""
    alike = [other.id for other in runs.values() if other.corpus_id == runs[run].corpus_id and other.id != run]
    return alike[0] if alike else run


def _place(
    label: str, key: str, runs: dict[str, RunRow], default: str, columns: list[Any], other: Place | None = None
) -> Place:
    """A run, by default as it is at its end; where the other is just that, at the first moment that it kept."""
    with columns[0]:
        run = runs[choice(st.selectbox, label, {name: row.name for name, row in runs.items()}, key, default)]
    moments = store().moments(run.id)
    ends = {END: _("the end")} | {str(step): _share(run, step) for step in moments[:-1]}
    same = other is not None and other.named == [run.id, None] and len(moments) > 1
    with columns[1]:
        at = choice(st.selectbox, _("when"), ends, f"{key}-at", str(moments[0]) if same else END)
    return Place(run, None if at == END else int(at))


def _share(run: RunRow, step: int) -> str:
    share = step / max(1, run.total)
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"


def _settings() -> CompareOptions:
    try:
        current = CompareOptions(**json.loads(chosen("laid") or "{}"))
    except (ValueError, TypeError):
        current = CompareOptions()
    with st.form("laid-upon", border=False):
        changed = forms.grid(CompareOptions, current)
        if st.form_submit_button(_("Draw the maps"), type="primary", width="stretch"):
            try:
                current = CompareOptions(**changed)
                choose("laid", current.model_dump_json(exclude_defaults=True))
            except Problem as problem:
                st.error(sentence(problem))
    return current


def _compared(first: Place, second: Place, options: CompareOptions) -> Compared | None:
    """The two as asked for; principal components stand in while UMAP is at work."""
    asked: dict[str, Any] = {"first": first.named, "second": second.named}
    quick = options.model_copy(update={"method": "pca"})
    standing = answer("compared", **asked, options=quick.model_dump())
    if standing is None:
        return None
    arrays, facts, finished = standing.arrays, standing.facts, True
    if options.method != "pca":
        found = answer("compared", **asked, options=options.model_dump())
        finished = found is not None
        if found is not None:
            arrays, facts = found.arrays, found.facts
        else:
            arrays = arrays | (first_picture("compared", **asked, options=options.model_dump()) or {})
    ids, vocabs = arrays["rows"], [store().vocab(place.run.id) for place in (first, second)]
    counts = np.stack([vocab.counts[ids[:, i]] for i, vocab in enumerate(vocabs)], axis=1)
    words = [vocabs[0].words[row] for row in ids[:, 0].tolist()]
    return Compared(
        words, ids, counts, arrays["drift"], arrays["usual"], arrays["before"], arrays["after"], facts, finished
    )


def _word_in_use(found: Compared) -> int | None:
    word = chosen("word")
    return found.words.index(word) if word in found.words else None


def _ranking(found: Compared) -> np.ndarray:
    """The rows in the order that was asked for, of words that are frequent enough in both."""
    orders = {"moved": _("most moved"), "unusual": _("more than usual"), "stable": _("most stable")}
    order = choice(st.selectbox, _("Words in order"), orders, "drift-order")
    least = found.counts.min(axis=1)
    floor = number(
        _("In both at least"), "drift-least", 1, int(np.percentile(least, 99)), min(20, int(np.median(least)))
    )
    keys = {"moved": -found.drift, "unusual": found.usual - found.drift, "stable": found.drift}
    rows = np.argsort(keys[order], kind="stable")
    return rows[least[rows] >= floor]


def _table(found: Compared, ranked: np.ndarray, places: tuple[Place, Place]) -> None:
    """The ranked words; a click on one points at it."""
    rows = ranked[:LISTED]
    frame_ = pd.DataFrame({
        "word": [found.words[row] for row in rows.tolist()], "drift": found.drift[rows], "usual": found.usual[rows],
        "before": found.counts[rows, 0], "after": found.counts[rows, 1],
    })  # fmt: skip
    number_ = st.column_config.NumberColumn
    columns = {
        "word": st.column_config.TextColumn(_("word"), width=96), "drift": number_(_("moved"), format="%.2f", width=58),
        "usual": number_(_("usual"), format="%.2f", width=56),
    }  # fmt: skip
    event = st.dataframe(
        frame_[list(columns)], hide_index=True, column_config=columns, key="drift-table", on_select="rerun",
        selection_mode="single-cell", height=430,
    )  # fmt: skip
    cells, seen = event["selection"]["cells"], st.session_state.get("drift-seen")
    here = (cells[0][0], places[0].named, places[1].named) if cells else None
    if here is not None and here != seen:
        st.session_state["drift-seen"] = here
        choose("word", found.words[int(rows[cells[0][0]])])
        st.rerun()
    st.caption(_("{n} words frequent enough in both. Usual: the median drift of words as frequent.").format(
        n=f"{len(ranked):,}"))  # fmt: skip
    csv_button(frame_, "drift", "drift-csv")


def _figure(found: Compared, here: int, title: str, word: int | None, trails: list[int]) -> Any:
    n, points = len(found.before), (found.before, found.after)
    return space_map(
        points[here], points[1 - here], found.words[:n], mode=frame.mode(), title=title, drift=found.drift[:n],
        drift_title=_("moved, 1 − cosine"), numbers={_("moved"): found.drift[:n], _("count"): found.counts[:n, here]},
        chosen=word if word is not None and word < n else None, trails=trails,
    )  # fmt: skip


def _labels(found: Compared, word: int | None) -> Words:
    n = len(found.before)
    return Words(
        text=found.words[:n], order=label_order(found.words[:n]), hot=[word] if word is not None and word < n else []
    )


def _point_at(event: Event, found: Compared) -> None:
    if event.fresh and event.clicked is not None and event.clicked < len(found.words):
        choose("word", found.words[event.clicked])
        st.rerun()


def _two_maps(found: Compared, _ranked: np.ndarray, word: int | None, places: tuple[Place, Place]) -> None:
    """Both maps beside each other; what is pointed at in one is ringed in the other, and they are moved together."""
    revision = f"{places[0].named}-{places[1].named}-{found.facts.get('k')}-{len(found.before)}"
    for here, (column, place) in enumerate(zip(st.columns(2, gap="small"), places)):
        with column:
            st.markdown(f"**{markdown_safe(place.name, SHORT * 2)}**")
            figure = _figure(found, here, place.name, word, [])
            labels = _labels(found, word)
            event = plot(figure, key=f"space-{here}", height=470, labels=labels, uirevision=revision, link="spaces")
            _point_at(event, found)


def _one_map(found: Compared, ranked: np.ndarray, word: int | None, places: tuple[Place, Place]) -> None:
    """One map whose words go from the first space to the second, with the ways of those that lead the ranking."""
    n = len(found.before)
    with st.container(width=330):
        most = number(_("Ways of so many words, as the list has them"), "trails", 0, 200, 30, 5)
    trails = [row for row in ranked.tolist() if row < n][:most]
    title = _("From {first} to {second}").format(first=places[0].name, second=places[1].name)
    revision = f"{places[0].named}-{places[1].named}-{found.facts.get('k')}-{n}"
    start = st.session_state.setdefault(f"morph-{revision}", _between_0_and_1(chosen("morph")))
    after = np.asarray(found.after, np.float32)
    morph = Morph(x=after[:, 0].copy(), y=after[:, 1].copy(), at=start, first=places[0].name, last=places[1].name)
    event = plot(
        _figure(found, 0, title, word, trails), key="space-morph", height=480, labels=_labels(found, word),
        uirevision=revision, morph=morph,
    )  # fmt: skip
    if event.morph is not None:
        choose("morph", f"{event.morph:g}")
    _point_at(event, found)


def _between_0_and_1(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


def _quality(found: Compared, options: CompareOptions) -> None:
    """How well the one lies upon the other, beside what chance brings; how the picture was made."""
    facts = found.facts
    said = _(
        "{common} words in common. The {anchors} most frequent were laid upon each other by the best turn (orthogonal "
        "Procrustes): their mean cosine is {cosine}; of words left out of the fit {held_out}; of shuffled words "
        "{shuffled}. Residual {residual} of the norm."
    ).format(
        common=f"{facts['common']:,}", anchors=f"{facts['anchors']:,}", cosine=f"{facts['cosine']:.2f}",
        held_out=f"{facts['held_out']:.2f}", shuffled=f"{facts['shuffled']:.2f}", residual=f"{facts['residual']:.2f}",
    )  # fmt: skip
    parts = [forms.choice_names()[options.method if found.finished else "pca"], _("of both spaces together")]
    if facts["explained"] is not None:
        parts.append(_("{share} of the variance").format(share=f"{facts['explained']:.0%}"))
    kept = _("keeps {kept} of each word's {k} nearest (a random map {chance})")
    parts.append(kept.format(kept=f"{facts['kept']:.0%}", k=facts["k"], chance=f"{facts['chance']:.2%}"))
    if not found.finished:
        parts = [_("a first picture until the map is ready")]
    st.caption(said + " " + " · ".join(parts))
    if facts["held_out"] < facts["shuffled"] + DOUBTFUL:
        st.warning(_(
            "Words left out of the fit lie hardly nearer than shuffled ones: these two spaces do not fit upon each "
            "other, and what single words moved means little. Compare runs with more text, or more anchors."
        ))  # fmt: skip


def _told(found: Compared, word: int, places: tuple[Place, Place]) -> None:
    """The word that is pointed at: how far it moved, and its nearest words in each space by itself."""
    name, low = found.words[word], float((found.drift < found.drift[word]).mean())
    with st.container(border=True):
        head, button = st.columns([4, 1], vertical_alignment="center")
        head.markdown(_(
            "**{word}** :gray[moved {drift}, more than {share} of the words; words so frequent {usual}]"
        ).format(word=markdown_safe(name), drift=f"{found.drift[word]:.2f}", share=f"{low:.0%}",
                 usual=f"{found.usual[word]:.2f}"))  # fmt: skip
        if button.button(_("In context"), icon=":material/segment:", key="drift-context", type="tertiary"):
            open_word(name, places[1].run.corpus_id)
        near = answer("near_in_both", first=places[0].named, second=places[1].named, word=name, k=NEAREST)
        if near is None:
            return
        shared = set(near.facts["shared"])
        for column, place, key, here in zip(st.columns(2), places, ("first", "second"), (0, 1)):
            words = " · ".join(
                f"**{markdown_safe(each, 24)}**" if each in shared else markdown_safe(each, 24)
                for each in near.facts[key]["words"]
            )
            count = _("{n} occurrences").format(n=f"{found.counts[word, here]:,}")
            column.markdown(f":gray[{markdown_safe(place.name, SHORT)} · {count}]  \n{words}")
        st.caption(_("Nearest in the original space of each; in bold what they share."))
