"""An encoder's form builds itself from its declared options: presets, basic options first, the rest folded away."""

import os
from typing import Any

import streamlit as st

from core.corpus import Corpus
from core.encoders.base import Encoder
from core.jobs.memory import too_much
from core.options import OptionField, Options
from core.problem import Problem
from core.store import CorpusRow
from pages.widgets.i18n import _, sentence
from pages.widgets.state import store
from pages.widgets.units import duration, size


def preset_names() -> dict[str, str]:
    return {"quick": _("Quick"), "balanced": _("Balanced"), "thorough": _("Thorough")}


def options_form(declared: type[Options], key: str) -> Options | None:
    """Widgets for every declared option; the validated options, or None after a sentence that says what is wrong."""
    names, preset = preset_names(), "balanced"
    if any(declared.presets.values()):
        preset = st.segmented_control(
            _("Preset"),
            names,
            format_func=lambda name: names[name],
            default="balanced",
            key=f"{key}-preset",
            required=True,
        )
    start = declared.preset(preset or "balanced").model_dump()
    fields = [field for field in declared.fields().values() if len(field.choices) != 1]
    values = _grid([field for field in fields if not field.advanced], start, f"{key}-{preset}")
    folded = [field for field in fields if field.advanced]
    if folded:
        with st.expander(_("More options")):
            values |= _grid(folded, start, f"{key}-{preset}")
    try:
        return declared(**{**start, **values})
    except Problem as problem:
        st.error(sentence(problem))
        return None


def grid(declared: type[Options], current: Options) -> dict[str, Any]:
    """Widgets for all options without presets, for a form that is sent as a whole; the values as they stand."""
    return _grid(list(declared.fields().values()), current.model_dump(), declared.__name__)


def _grid(fields: list[OptionField], start: dict[str, Any], key: str) -> dict[str, Any]:
    """Two options a row, aligned at the bottom."""
    values: dict[str, Any] = {}
    for left in range(0, len(fields), 2):
        for column, field in zip(st.columns(2, vertical_alignment="bottom"), fields[left : left + 2], strict=False):
            with column:
                values[field.name] = _widget(field, start[field.name], f"{key}-{field.name}")
    return values


def choice_names() -> dict[str, str]:
    """What choices of options are called on screen, where that is not the choice itself."""
    measures = {"cosine": _("cosine"), "euclidean": _("Euclidean"), "dot": _("dot product")}
    places = {
        "sentence": _("each sentence"), "document": _("each document"), "corpus": _("the whole corpus"),
        "occurrence": _("each occurrence"), "column": _("a column"), "left": _("all before it"),
        "right": _("all after it"), "outside a window": _("all outside a window"), "after": _("after the others"),
        "among": _("among the others"),
    }  # fmt: skip
    counting = {
        "counts": _("how often each word occurs"), "present": _("whether a word occurs"),
        "maximum likelihood": _("maximum likelihood"), "add-k": _("add-k"), "stupid back-off": _("stupid back-off"),
        "Katz back-off": _("Katz back-off"), "documents": _("words by documents"), "contexts": _("words by contexts"),
        "raw": _("raw counts"), "log": _("logarithmic"), "augmented": _("augmented"), "binary": _("present or not"),
        "smooth": _("smooth"), "plain": _("plain"), "plus one": _("plain, plus one"), "none": _("none"),
        "probabilistic": _("probabilistic"), "log-entropy": _("log-entropy"), "shifted ppmi": _("shifted PPMI"),
        "ppmi": "PPMI", "pmi": "PMI", "bm25": "BM25", "tf-idf": "TF-IDF", "l1": "L1", "l2": "L2",
    }  # fmt: skip
    near = {
        "least squares": _("least squares"), "svd": "SVD",
        "symmetric": _("both sides"), "left only": _("left side only"), "distance": _("1 / distance"),
        "flat": _("all alike"), "negative": _("negative sampling"), "hierarchical": _("hierarchical softmax"),
        "full": _("full softmax"),
    }  # fmt: skip
    sizes = {
        "tiny": _("tiny"), "small": _("small"), "medium": _("medium"), "in front": _("in front"), "behind": _("behind"),
        "words": _("one vector a word"), "letters": _("its letters"),
    }  # fmt: skip
    return measures | places | counting | near | sizes | {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP", "cbow": "CBOW"}


def _widget(field: OptionField, value: Any, key: str) -> Any:
    title, help_text = _(field.title), _(field.help)
    if field.choices:
        shown = {choice: choice_names().get(choice, str(choice)) for choice in field.choices}
        return st.selectbox(
            title,
            field.choices,
            field.choices.index(value),
            key=key,
            help=help_text,
            format_func=lambda choice: shown[choice],
        )
    if field.kind is bool:
        return st.toggle(title, value, key=key, help=help_text)
    if field.kind is int:
        return st.number_input(title, field.low, field.high, value, field.step or 1, key=key, help=help_text)
    if field.kind is float:
        low, high = (None if bound is None else float(bound) for bound in (field.low, field.high))
        return st.number_input(title, low, high, value, float(field.step or 0.01), format="%g", key=key, help=help_text)
    return st.text_input(title, value, key=key, help=help_text)


def proposed_min_count(row: CorpusRow) -> int:
    """How often a word must occur to be learned, by the size of the corpus."""
    tokens = row.facts["tokens"]
    return 1 if row.facts["tokenizer"] == "characters" or tokens < 20_000 else 2 if tokens < 200_000 else 5


def min_count(row: CorpusRow) -> int:
    """How often a word must occur to be learned; proposed by the size of the corpus, with what it leaves said."""
    key = f"min-count-{row.id}"
    value = st.number_input(
        _("Min count"),
        1,
        1_000_000,
        proposed_min_count(row),
        key=key,
        help=_("Words that occur less often are left out."),
    )
    try:
        kept = len(store().corpus(row.id, value).vocab)
    except Problem as problem:
        st.error(sentence(problem))
        st.stop()
    types = row.facts["types"]
    st.caption(
        _("{kept} of {types} types are learned; the rest occur less often.").format(
            kept=f"{kept:,}", types=f"{types:,}"
        )
    )
    return value


def preset_of(key: str) -> str:
    """The preset that the form of this key shows."""
    return str(st.session_state.get(f"{key}-preset") or "balanced")


def formula(options: Options) -> None:
    """What was chosen, as a formula, where there is one."""
    if options.formula():
        st.latex(options.formula())


def _busy() -> list[str]:
    """That it will take longer, where others are at work: `Estimate` is of a machine that has nothing else to do."""
    waiting = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    times = (waiting + 1) / (os.cpu_count() or 1)
    return [_("The processors are busy: it may take {n} times as long.").format(n=f"{times:.0f}")] * (times >= 2)


def estimate(encoder: type[Encoder], options: Options, corpus: Corpus) -> bool:
    """What it will cost, before the start; False, with a sentence, where the memory would not do, or nothing will."""
    try:
        encoder.check(options, corpus)
        cost = encoder.estimate(options, corpus)
    except Problem as problem:
        st.error(sentence(problem))
        return False
    text = _("About {time} and {memory} on this machine.").format(
        time=duration(max(1, cost.seconds)), memory=size(cost.bytes)
    )
    st.caption(" ".join([text, *_busy()]))
    excess = too_much(cost)
    if excess is not None:
        st.error(sentence(excess))
    return excess is None
