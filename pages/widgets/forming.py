"""What a contextual run shows of itself while it trains: what it would write or fill in, and its attention forming."""

from typing import Any

import numpy as np
import streamlit as st

from core.encoders import ENCODERS
from core.figures.attention import attention_grid
from core.figures.curves import Baseline, Curve, loss_curves
from core.jobs import ensure_supervisor
from core.store import RunRow, Snapshot
from core.store.rows import ACTIVE
from pages.widgets import frame, translating
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe


def probe_line(probe: dict[str, Any]) -> str | None:
    """What a run writes or fills in, as Markdown; None for a probe of another kind."""
    if probe["kind"] == "written":
        return f"{markdown_safe(probe['context'][-40:], 40)} **{markdown_safe(probe['text'], 300)}**"
    if probe["kind"] == "masked":
        before, after = (markdown_safe(probe[side], 80) for side in ("before", "after"))
        guesses = zip(probe["words"][:6], probe["probabilities"])
        bars = " · ".join(f"{markdown_safe(word, 20)} {chance:.0%}" for word, chance in guesses)
        return f"{before} **\\[ ? \\]** {after}  \n{bars}"
    return None


def attention(run: RunRow, snapshot: Snapshot | None) -> None:
    """The attention of the sentence that is watched, a tile for each head, as it forms; or its translation."""
    translating.forming(run, snapshot)
    words = (
        next((probe["words"] for probe in snapshot.probes if probe["kind"] == "attention"), None) if snapshot else None
    )
    if snapshot is None or words is None or snapshot.attention is None:
        return
    layers, heads, count, _tokens = snapshot.attention.shape
    title = _("Attention of {name}, a tile for each head").format(name=run.name)
    figure = attention_grid(snapshot.attention, words, mode=frame.mode(), title=title, layer=_("layer"), head=_("head"))
    height = int(np.clip(layers * 110, 220, 620))
    plot(figure, key=f"attention-{run.id}", height=height, tick=str(snapshot.step), uirevision=run.id)
    st.caption(" · ".join(markdown_safe(word, 20) for word in words))
    st.caption(_(
        "Rows are layers, columns heads; in a tile, each row is a word of the sentence that is watched and shows where "
        "it looks, from its first word at the left to its last at the right."
    ))  # fmt: skip


def accuracies(run: RunRow) -> None:
    """How many hidden words, and which sentences, are guessed right, beside guessing without looking."""
    if "masked_accuracy" not in run.metrics:
        return
    names = {"masked_accuracy": _("hidden words"), "next_sentence_accuracy": _("next sentences")}
    series = store().metrics(run.id)
    curves = [
        Curve(title, 100 * series[name][0] / max(run.total, 1), 100 * series[name][1], run=name)
        for name, title in names.items()
        if name in series
    ]
    level = 100 * run.metrics.get("masked_baseline", 0.0)
    figure = loss_curves(
        curves, mode=frame.mode(), title=_("Guesses of {name} that are right").format(name=run.name),
        x_title=_("% of training"), y_title=_("right (%)"),
        baseline=Baseline(_("always the most frequent word"), level),
    )  # fmt: skip
    plot(figure, key=f"right-{run.id}", height=240, uirevision=run.id)
    said = [
        _("Hidden words guessed right: {share} of 100.").format(share=f"{100 * run.metrics['masked_accuracy']:.1f}")
    ]
    if "next_sentence_accuracy" in run.metrics:
        share, nats = 100 * run.metrics["next_sentence_accuracy"], run.metrics["next_sentence_loss"]
        said.append(_(
            "Next sentences judged right: {share} of 100 (a coin: 50); loss {nats} nats (a coin: 0.693)."
        ).format(share=f"{share:.1f}", nats=f"{nats:.3f}"))  # fmt: skip
    st.caption(" ".join(said))


def beginning(run: RunRow) -> None:
    """What the run began with, if not with random numbers."""
    before = store().run(run.start_from) if run.start_from else None
    if before is not None and before.encoder != run.encoder:
        st.caption(
            _("Its words began as the vectors of {name}, brought to its width.").format(name=markdown_safe(before.name))
        )
    if "new_head" in run.options and run.kind == "train":
        said = [_("It goes on from the weights of {name}.").format(name=markdown_safe(before.name))] if before else []
        st.caption(" ".join(said + [new_head()] * run.options["new_head"]))


def new_head() -> str:
    """Why a model begins by guessing by frequency though it has learned before."""
    return _(
        "Its weights held no head that guesses masked words, so one begins anew: it compares what the model says of a "
        "gap with each word, and has to learn that first."
    )


def start_from(encoder: Any, corpus_id: str, min_count: int, preset: str) -> str | None:
    """The run whose word vectors a new run is to begin with; in the quick preset, the newest that learned words alone:
    those of another contextual run are offered too."""
    if not encoder.starts_from_vectors:
        return None
    fitting = {
        run.id: run for run in store().runs()
        if "WordVectors" in run.capabilities and run.state in ("done", "stopped") and run.encoder != encoder.name
        and _place(run) == (corpus_id, min_count)
    }  # fmt: skip
    static = [run.id for run in fitting.values() if "ContextVectors" not in run.capabilities]
    if not static:
        _none_fitting(corpus_id, min_count)
    if not fitting:
        return None
    names = {"": _("nothing: random numbers")} | {key: run.name for key, run in fitting.items()}
    first = static[0] if static and preset == "quick" else ""
    chosen = st.selectbox(
        _("Begin with the word vectors of"), list(names), list(names).index(first), format_func=lambda run: names[run],
        key=f"begin-{encoder.name}-{preset}-{corpus_id}-{min_count}",
        help=_("The token embedding begins as these vectors instead of random numbers."),
    )  # fmt: skip
    return chosen or None


def _none_fitting(corpus_id: str, min_count: int) -> None:
    """What word vectors would be good for, and a click that has them made."""
    here = (corpus_id, min_count)
    if any(run.encoder == "word2vec" and run.state in ACTIVE for run in store().runs() if _place(run) == here):
        st.caption(_("word2vec is learning from this corpus: once it has, this can begin with its word vectors."))
        return
    st.caption(_(
        "Train word2vec on this corpus with the same min count first, and this can begin with its word vectors: it "
        "then learns something to be seen much sooner."
    ))  # fmt: skip
    st.button(_("Train word2vec first"), icon=":material/stairs:", key="word2vec-first", on_click=_word2vec, args=here)


def _word2vec(corpus_id: str, min_count: int) -> None:
    options = ENCODERS["word2vec"].Options.preset("quick")
    choose("watch", store().queue_train("word2vec", options, corpus_id, min_count=min_count))
    ensure_supervisor(store())


def _place(run: RunRow) -> tuple[str, int]:
    """What vocabulary a run has: its corpus and min count."""
    return run.corpus_id, run.min_count
