"""Pairs of a word's uses, judged from 1 (unrelated) to 4 (the same), and how far people and a run agree on them."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus.occurrences import exported
from core.explore import annotators
from core.explore.evaluation import fisher_interval, spearman
from core.figures import senses as figures
from core.store import RunRow
from core.store.judgements import Place
from pages.widgets import frame, senses_agreeing, senses_cloud
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.senses_request import Bar, Found, Request, bold
from pages.widgets.state import store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

COUNTS = (20, 50, 100, 200)
FEWEST = 4  # pairs of which a correlation is said
OTHER = {"document": "other_document", "start": "other_start", "end": "other_end"}


def judging(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """Pairs of uses, one after the other; or two people's labels of the same occurrences."""
    with bar:
        kinds = {"pairs": _("Pairs of uses"), "labels": _("Two people's labels")}
        kind = choice(st.segmented_control, _("What is compared"), kinds, "judge", required=True)
    if kind == "labels":
        senses_agreeing.show(request, here)
        return
    with bar:
        counts = {str(count): str(count) for count in COUNTS}
        count = int(choice(st.selectbox, _("How many pairs"), counts, "pairs", "50", width=110))
        author = " ".join(st.text_input(_("Your name"), key="judge-author", max_chars=60, width=180).split())
    places = _places(here)
    known = _known(request, places)
    pairs = [(int(i), int(j)) for i, j in annotators.drawn(len(places), count, request.seed)]
    mine = known[known["author"] == author]
    done = {*zip(mine["low"], mine["high"])}
    left = [pair for pair in pairs if (min(pair), max(pair)) not in done]
    if not pairs:
        st.info(_("A pair needs two occurrences: choose a more frequent word."))
        return
    _pair(request, here, left[0] if left else None, author, places)
    st.progress(1 - len(left) / len(pairs), _("{n} of {m} pairs judged, drawn with seed {seed}").format(
        n=len(pairs) - len(left), m=len(pairs), seed=request.seed))  # fmt: skip
    if len(mine):
        last = mine.iloc[-1]
        st.button(_("Take the last one back"), icon=":material/undo:", type="tertiary", on_click=_judge,
                  args=(request, author, places[last["low"]], places[last["high"]], None))  # fmt: skip
    if len(known):
        _agreement(run, request, here, known)


def scale() -> dict[int, str]:
    """What the judgements mean: the scale of DURel (Schlechtweg et al. 2018)."""
    return {1: _("1 · unrelated"), 2: _("2 · distantly related"), 3: _("3 · closely related"), 4: _("4 · identical"),
            0: _("cannot decide")}  # fmt: skip


def _places(here: Found) -> list[Place]:
    return [tuple(place) for place in here.frame[["document", "begin", "end"]].astype(int).to_numpy().tolist()]


def _known(request: Request, places: list[Place]) -> pd.DataFrame:
    """The judgements of pairs of these occurrences, with the rows of the two, low < high."""
    found, rows = store().judgements(request.corpus_id), {place: i for i, place in enumerate(places)}
    for name, columns in (("one", OTHER.keys()), ("two", OTHER.values())):
        found[name] = [rows.get(place, -1) for place in zip(*(found[column].tolist() for column in columns))]
    found = found[(found["one"] >= 0) & (found["two"] >= 0)].reset_index(drop=True)
    return found.assign(low=found[["one", "two"]].min(axis=1), high=found[["one", "two"]].max(axis=1))


def _pair(request: Request, here: Found, pair: tuple[int, int] | None, author: str, places: list[Place]) -> None:
    """Two uses, and what can be said of them."""
    if pair is None:
        st.success(_("All pairs are judged. Draw others with another seed, under Sampling, or take more of them."))
        return
    for place, row in zip(st.columns(2, gap="medium"), pair):
        with place, st.container(border=True, height="stretch"):
            st.markdown(bold(here.frame.iloc[row], 600))
    query = markdown_safe(request.query.strip("/"), 40)
    st.markdown(_("How alike are the two uses of **{word}** in meaning?").format(word=query))
    with st.container(horizontal=True):
        for value, name in scale().items():
            st.button(name, key=f"judge-{value}", disabled=not author, on_click=_judge,
                      args=(request, author, places[pair[0]], places[pair[1]], value))  # fmt: skip
    if not author:
        st.caption(_("Type your name first: two people's judgements are kept apart, and their agreement is told."))


def _judge(request: Request, author: str, first: Place, second: Place, value: int | None) -> None:
    store().judge(request.corpus_id, author, first, second, value)


def _agreement(run: RunRow, request: Request, here: Found, known: pd.DataFrame) -> None:
    """How far the people agree with each other, and their means with the cosines of the run."""
    decided = known[known["value"] != annotators.UNDECIDED]
    ratings = decided.pivot(index="author", columns=["low", "high"], values="value")
    people = known.groupby("author", sort=False)["value"]
    told = [f"**{markdown_safe(str(author), 40)}** {len(values)} :gray[Ø {values[values > 0].mean():.1f}]"
            for author, values in people]  # fmt: skip
    st.markdown(_("**Judged** {people}").format(people=" · ".join(told)))
    shared = int((ratings.notna().sum() > 1).sum())
    if shared:
        value = annotators.alpha(ratings.to_numpy(np.float64), ordinal=True)
        text = _("The people agree with **α = {alpha}** on the {n} pairs that several judged (Krippendorff's alpha for "
                 "ordered values: 1 is full agreement, 0 chance).")  # fmt: skip
        st.markdown(text.format(alpha=_signed(value), n=shared))
    first, second = (known[name].tolist() for name in ("low", "high"))
    found = answer("sense_pairs", run=run.id, word=request.word, first=first, second=second)
    if found is None:
        return
    cosines = found.arrays["cosines"]
    best = _layers(run, decided, cosines[decided.index], ratings)
    table = _table(request, here, known).assign(cosine=cosines[:, best].round(4), layer=best, run=run.name)
    csv_button(table, "judged-pairs", "pairs-csv")


def _layers(run: RunRow, decided: pd.DataFrame, cosines: np.ndarray, ratings: pd.DataFrame) -> int:
    """Spearman's correlation of the mean judgements with the cosines, layer by layer; returns the best layer."""
    means = ratings.mean()
    rows = [pair in means.index and not twice for pair, twice in zip(
        zip(decided["low"], decided["high"]), decided.duplicated(["low", "high"]))]  # fmt: skip
    one = decided[rows]
    judged = means[list(zip(one["low"], one["high"]))].to_numpy()
    near = cosines[np.array(rows, bool)]
    kept = np.isfinite(near).all(axis=1)
    if kept.sum() < FEWEST:
        st.caption(_("From {n} pairs on, the run's cosines are set beside the judgements.").format(n=FEWEST))
        return near.shape[1] - 1
    curve = np.array([spearman(judged[kept], near[kept, layer]) for layer in range(near.shape[1])])
    best = int(curve.argmax())
    low, high = fisher_interval(float(curve[best]), int(kept.sum()))
    text = _("**{run}** puts the pairs in the order of the mean judgements with **ρ = {value}** ({layer}; 95 % "
             "interval {low} to {high}, {n} pairs).")  # fmt: skip
    st.markdown(text.format(run=markdown_safe(run.name, 40), value=_signed(curve[best]), low=_signed(low),
                            layer=senses_cloud.layer_name(best), high=_signed(high), n=int(kept.sum())))  # fmt: skip
    if len(curve) > 1:
        drawn = figures.separation([figures.Curve(run.name, curve)], mode=frame.mode(), hot=best, x_title=_("layer"),
                                   title=_("Spearman's ρ, layer by layer"), y_title=_("Spearman's ρ"))  # fmt: skip
        plot(drawn, "judged-layers", height=210)
    st.caption(_("Spearman's correlation of the cosine of the two uses with the mean judgement. The best layer is "
                 "chosen by the same pairs, which flatters it a little."))  # fmt: skip
    return best


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _table(request: Request, here: Found, known: pd.DataFrame) -> pd.DataFrame:
    """The judged pairs as they can be cited: both uses in context with their places, who judged them and how."""
    corpus = store().corpus(request.corpus_id)

    def told(name: str) -> pd.DataFrame:
        rows: Any = here.frame.iloc[known[name]][["document", "begin", "end"]]
        return exported(corpus, rows.set_axis(["document", "start", "end"], axis=1).assign(label="")).drop(
            columns="label"
        )

    return pd.concat([told("low"), told("high").add_prefix("other_")], axis=1).assign(
        author=known["author"].to_numpy(), judgement=known["value"].to_numpy()
    )
