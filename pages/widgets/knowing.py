"""What a corpus holds: its size, its words and documents, what a text of this size can carry, what to do with it."""

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.corpus.advice import carries
from core.corpus.counter import OPERATIONS
from core.corpus.settings import ReadSettings
from core.corpus.zipf import most_frequent, out_of_vocabulary
from core.explore.download import csv_bytes
from core.figures import word_bars, zipf_curve
from core.figures.corpus import growth_curve, lengths_histogram
from core.jobs import ensure_supervisor
from core.store import CorpusRow
from core.store.samples import combine, samples
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.plot import Event, plot
from pages.widgets.state import choose, store
from pages.widgets.tables import csv_button, open_word
from pages.widgets.text import markdown_safe
from pages.widgets.undo import offer, remember
from pages.widgets.units import count, power

SMALL = 200_000  # words from which word2vec finds neighbours


def show(row: CorpusRow) -> None:
    """Everything about the corpus in use."""
    corpus = store().corpus(row.id)
    facts, vocab = row.facts, corpus.vocab
    st.subheader(markdown_safe(row.name), anchor=False)
    _numbers(facts, len(vocab), out_of_vocabulary(vocab), corpus.min_count)
    _cleaned(row)
    found = answer("overview", corpus_id=row.id)
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        _zipf(row, found)
        if found is not None:
            _growth(row, found)
    with right:
        _frequent(row)
        _carries(row)
        _actions(row)
    if found is not None:
        _documents(row, found)


def _numbers(facts: dict, kept: int, missed: float, min_count: int) -> None:
    numbers = [
        (_("documents"), f"{facts['documents']:,}"),
        (_("tokens"), count(facts["tokens"])),
        (_("types"), count(facts["types"])),
        (_("kept at min count {n}").format(n=min_count), count(kept)),
        (_("tokens not kept"), f"{missed:.1%}"),
        (_("language"), facts["language"]),
    ]
    for column, (label, value) in zip(st.columns(len(numbers)), numbers):
        column.metric(label, value)


def _cleaned(row: CorpusRow) -> None:
    """What was taken away before this text was kept, and what it was derived from."""
    fields = ReadSettings.fields()
    steps = row.facts.get("cleaned") or {}
    if steps:
        said = " · ".join(f"{_(fields[step].title)} {count(times)}" for step, times in steps.items() if step in fields)
        st.caption(_("Cleaned: {steps}").format(steps=said))
    derived = row.settings.get("derived")
    if derived:
        parent = store().corpus_row(derived["from"])
        known = OPERATIONS.get(derived["operation"])
        operation = _(known.title) if known else "?"
        name = markdown_safe(parent.name) if parent else _("a corpus that is gone")
        st.caption(_("Made of {name}: {operation}").format(name=name, operation=operation))


def _zipf(row: CorpusRow, found: Answer | None) -> None:
    vocab = store().corpus(row.id, 1).vocab
    figure = zipf_curve(
        vocab.counts, vocab.words, mode=frame.mode(), title=_("Zipf curve"), x_title=_("rank"),
        y_title=_("occurrences"), law=_("Zipf's law: 1 / rank"),
    )  # fmt: skip
    _lead(plot(figure, key=f"zipf-{row.id}", height=330), row)
    text = _("Each word by its rank; a straight line of this slope is Zipf's law.")
    zipf = found.facts["zipf"] if found else {}
    if zipf.get("s") is not None:
        fitted = _("Fitted over {n} ranks: occurrences ∝ rank{power} (R² {r2}).")
        text += " " + fitted.format(n=f"{zipf['ranks']:,}", power=power(-zipf["s"]), r2=f"{zipf['r2']:.3f}")
    st.caption(text)


def _growth(row: CorpusRow, found: Answer) -> None:
    """How the vocabulary grows, with Heaps' law."""
    growth, richness = found.facts["growth"], found.facts["richness"]
    tokens, types = found.arrays["tokens"], found.arrays["types"]
    if len(tokens) < 2:
        return
    fitted = growth["beta"] is not None
    law = growth["k"] * tokens.astype(np.float64) ** growth["beta"] if fitted else np.full(len(tokens), np.nan)
    name = _("Heaps' law: {k} · n{power}").format(k=f"{growth['k']:.3g}", power=power(growth["beta"])) if fitted else ""
    figure = growth_curve(
        tokens, types, law, mode=frame.mode(), title=_("Growth of the vocabulary"), x_title=_("tokens read"),
        y_title=_("different words so far"), law_name=name, first=growth["first"],
    )  # fmt: skip
    plot(figure, key=f"growth-{row.id}", height=300)
    parts = [_("{n} words occur once").format(n=count(richness["hapaxes"]))]
    if richness["standardised"] is not None:
        share = _("{share} of {n} running words are different, on average (a plain type-token ratio falls with length)")
        parts.append(share.format(share=f"{richness['standardised']:.1%}", n=f"{richness['window']:,}"))
    st.caption(" · ".join(parts))


def _frequent(row: CorpusRow) -> None:
    vocab = store().corpus(row.id).vocab
    top = most_frequent(vocab, 15)
    figure = word_bars(
        [word for word, _count, _share in top],
        np.array([share for *_word, share in top]),
        mode=frame.mode(),
        title=_("Most frequent words"),
    )
    st.markdown(_("**Most frequent words** :gray[and their share of all tokens]"))
    _lead(plot(figure, key=f"frequent-{row.id}", height=24 * len(top) + 10), row)
    st.caption(_("Click a word to see it in its contexts."))
    st.download_button(
        _("All words (CSV)"), lambda: csv_bytes(_all_words(row)), "words.csv", "text/csv", key=f"words-csv-{row.id}",
        icon=":material/download:", on_click="ignore", type="tertiary",
    )  # fmt: skip


def _all_words(row: CorpusRow) -> pd.DataFrame:
    """Every word of the corpus with its rank, its count and how often it comes in a million."""
    vocab = store().corpus(row.id, 1).vocab
    ranks = np.arange(1, len(vocab) + 1)
    million = 1e6 * vocab.counts / max(1, row.facts["tokens"])
    return pd.DataFrame({"rank": ranks, "word": vocab.words, "count": vocab.counts, "per_million": million.round(3)})


def _lead(event: Event, row: CorpusRow) -> None:
    """A word that was clicked in a picture leads to its contexts."""
    if event.fresh and event.clicked is not None:
        open_word(store().corpus(row.id, 1).vocab.words[event.clicked], row.id)


def _documents(row: CorpusRow, found: Answer) -> None:
    """The documents: how long they and their sentences are, their languages, twins and columns."""
    st.markdown(_("**Documents**"))
    titles = {"documents": _("Tokens a document"), "sentences": _("Tokens a sentence")}
    for column, (unit, title) in zip(st.columns(2, gap="large"), titles.items()):
        with column:
            _lengths(row, found, unit, title)
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        _languages(found.facts["languages"])
        _duplicates(found.facts["duplicates"])
    with right:
        _columns(row, found.facts["columns"])


def _lengths(row: CorpusRow, found: Answer, unit: str, title: str) -> None:
    facts = found.facts["lengths"][unit]
    if facts["without_ends"]:
        st.markdown(f"**{title}**")
        st.caption(_("No sentence ends were found in this text: nothing to measure."))
        return
    middle = _("median {n}").format(n=f"{facts['median']:,.0f}") if facts["median"] is not None else ""
    figure = lengths_histogram(
        found.arrays[f"{unit}_edges"], found.arrays[f"{unit}_counts"], mode=frame.mode(), title=title,
        x_title=_("tokens"), y_title=_("documents") if unit == "documents" else _("sentences"),
        logarithmic=facts["logarithmic"], median=facts["median"], median_name=middle,
    )  # fmt: skip
    st.markdown(f"**{title}**")
    plot(figure, key=f"{unit}-{row.id}", height=240)
    said = _("{n} in all · shortest {least}, mean {mean}, longest {most} tokens")
    mean = "–" if facts["mean"] is None else f"{facts['mean']:,.1f}"
    st.caption(said.format(n=f"{facts['n']:,}", least=f"{facts['least']:,}", mean=mean, most=f"{facts['most']:,}"))


def _languages(facts: dict) -> None:
    unit = _("documents") if facts["unit"] == "documents" else _("passages")
    st.markdown(_("**Languages** :gray[of {n} {unit} looked at]").format(n=f"{facts['n']:,}", unit=unit))
    names = {"unknown": _("not known")}
    shares = [f"{names.get(code, code)} {_share(number / max(1, facts['n']))}"
              for code, number in facts["counts"].items()]  # fmt: skip
    st.caption(" · ".join(shares) or "–")


def _share(share: float) -> str:
    return "< 1%" if 0 < share < 0.005 else f"{share:.0%}"


def _duplicates(facts: dict) -> None:
    st.markdown(_("**Duplicates**"))
    if not facts["repeated"] and not facts["nearly"]:
        st.caption(_("None of the {n} documents repeats another.").format(n=f"{facts['n']:,}"))
        return
    said = _("{same} documents repeat an earlier one word for word, {nearly} nearly so. Reading again can drop them.")
    st.caption(said.format(same=f"{facts['repeated']:,}", nearly=f"{facts['nearly']:,}"))
    groups = pd.DataFrame(facts["groups"])
    names = {"document": _("first document"), "documents": _("documents"), "same": _("word for word")}
    groups["document"] += 1
    st.dataframe(groups.head(8), hide_index=True, height="content", column_config=names)
    csv_button(groups, "duplicates", "duplicates-csv")


def _columns(row: CorpusRow, columns: list[dict]) -> None:
    """The columns of the table: what each holds and how it is used."""
    st.markdown(_("**Columns**"))
    if not columns:
        st.caption(_("The files had no columns beside the text."))
        return
    roles = {"label": _("label"), "title": _("title"), "date": _("date"), "group": _("group")}
    kinds = {
        "empty": _("empty"),
        "number": _("number"),
        "date": _("date"),
        "category": _("category"),
        "text": _("text"),
    }
    rows = [
        {
            "column": item["column"], "kind": kinds[item["kind"]],
            "roles": ", ".join(roles[role] for role in item["roles"]),
            "filled": item["filled"], "different": item["different"],
            "values": ", ".join(f"{value} ({times:,})" for value, times in item["frequent"][:5]),
        }
        for item in columns
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    names = {"column": _("column"), "kind": _("kind"), "roles": _("used as"), "filled": _("filled"),
             "different": _("different"), "values": _("most frequent values")}  # fmt: skip
    st.dataframe(table, hide_index=True, height="content", column_config=names)
    csv_button(table, "columns", f"columns-csv-{row.id}")


def _carries(row: CorpusRow) -> None:
    """What a text of this size can carry."""
    st.markdown(_("**What a text of this size can carry**"))
    for use in carries(row.facts["tokens"], row.facts["documents"]):
        icon = ":material/check:" if use.reached else ":material/close:"
        line = _(use.text).format(needed=count(use.needed))
        st.markdown(f"{icon} {line}" if use.reached else f":gray[{icon} {line}]")


def _actions(row: CorpusRow) -> None:
    with st.container(horizontal=True):
        if st.button(_("Train on it"), type="primary", icon=":material/play_circle:"):
            st.switch_page("pages/train.py", query_params={"corpus": row.id})
        if st.button(_("Read the documents"), icon=":material/article:", key="read-documents"):
            choose("show", "reader")
            st.switch_page("pages/concordance.py", query_params={"corpus": row.id, "show": "reader"})
        with st.popover(_("More"), icon=":material/more_horiz:"):
            key = f"corpus-name-{row.id}"
            st.text_input(
                _("Name"),
                row.name,
                key=key,
                max_chars=80,
                on_change=lambda: store().rename_corpus(row.id, st.session_state[key].strip() or row.name),
            )
            st.button(_("Delete"), icon=":material/delete:", on_click=_delete, args=(row,), type="tertiary")
    if row.facts["tokens"] < SMALL and row.facts["tokenizer"] != "characters":
        _together(row)


def _together(row: CorpusRow) -> None:
    """The way out for a small text: train on it together with a sample."""
    alike = {
        name: sample.name for name, sample in samples().items() if sample.settings.tokenizer == row.facts["tokenizer"]
    }
    with st.popover(_("Train on it together with a sample"), icon=":material/library_add:"):
        st.caption(
            _(
                "This text alone is small for word vectors. Read together with a sample it becomes a new corpus; "
                "a column tells which document came from where."
            )
        )
        file = choice(st.selectbox, _("Sample"), alike, "sample")
        if st.button(_("Read them together"), type="primary"):
            st.session_state["reading"] = combine(store(), row.id, file)
            ensure_supervisor(store())
            st.rerun()


def _delete(row: CorpusRow) -> None:
    store().delete_corpus(row.id)
    choose("corpus", None)
    remember("corpus", row.id, row.name)


def undo() -> None:
    """The way back from a deletion, shown also where no corpus is left."""
    offer("corpus", _restore)


def _restore(corpus_id: str) -> None:
    store().restore_corpus(corpus_id)
    choose("corpus", corpus_id)
