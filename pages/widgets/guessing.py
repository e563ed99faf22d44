"""The parts of the Predict page, for any run that guesses the next word; two runs side by side where they can be."""

from math import exp, isfinite, log10
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.corpus import Vocab
from core.corpus.tokenizers import CONTINUES
from core.explore.next_words import entropy, next_words
from core.figures import word_bars
from core.figures.chain import chain_bars, surprised_runs
from core.figures.distances import possible_bars
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.lines import height_of, page
from pages.widgets.plot import plot
from pages.widgets.state import store
from pages.widgets.tables import csv_button, word_table
from pages.widgets.text import markdown_safe
from pages.widgets.units import count, power

CHAINED = 60  # words of a typed text whose chain is drawn
ACROSS = 70  # letters of a line of text
WRITTEN = "written"  # where a text that is to be written waits for its box


def next_word(run: RunRow) -> None:
    """Bars of what may follow; click one to write it. A second run stands beside the first."""
    vocab = store().vocab(run.id)
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        tokens = _text(vocab)
        back = _back(run)
        shown = st.slider(_("Candidates"), 5, 40, 15, key="candidates", bind="query-params")
        st.caption(_("{n} tokens · click a bar to write it").format(n=len(tokens)))
        beside = _beside(run)
    with right:
        if not tokens:
            st.info(_("Type a beginning: the bars show what may follow."))
            return
        runs = [run, beside] if beside else [run]
        for column, each in zip(st.columns(len(runs)), runs):
            with column:
                _bars(each, shown, len(runs) > 1, back)


def _back(run: RunRow) -> bool:
    """Whether the word before the text is to be guessed, where the run reads backward too."""
    if "PreviousWord" not in run.capabilities:
        return False
    ways = {"next": _("The next word →"), "previous": _("← The word before")}
    return choice(st.segmented_control, _("Direction"), ways, "direction", required=True) == "previous"


def _bars(run: RunRow, shown: int, named: bool, back: bool) -> None:
    vocab, key = store().vocab(run.id), "previous" if back else "next"
    key = f"{key}-{run.id}" if named else key
    text = st.session_state["text"]
    if named:
        st.markdown(f"**{markdown_safe(run.name)}**")
    if back and "PreviousWord" not in run.capabilities:
        st.caption(_("This run reads forward only: it guesses no word before a text."))
        return
    tokens = vocab.tokenize(text)
    asked = answer("previous_word", run=run.id, following=tokens) if back else None
    found = asked if back else answer("next_word", run=run.id, context=tokens)
    if found is None:
        return
    table = next_words(found.arrays["answer"], vocab.words, shown)
    title = _("The token before your text") if back else _("The next token after your text")
    figure = word_bars(table["word"], table["probability"], ids=table["index"], mode=frame.mode(), title=title)
    event = plot(figure, key=key, height=28 * shown + 20)
    nats = entropy(found.arrays["answer"])
    words = _(
        "Uncertainty {entropy} nats: as if choosing among {choices} equal candidates; "
        "knowing nothing, it would be {all}."
    )
    st.caption(words.format(entropy=f"{nats:.2f}", choices=f"{exp(nats):.1f}", all=f"{len(vocab):,}"))
    csv_button(table[["word", "probability"]], "next-words", f"{key}-csv")
    if event.fresh and event.clicked is not None:
        write_word(vocab, text, vocab.words[event.clicked], back)


def write_word(vocab: Vocab, text: str, word: str, back: bool = False) -> None:
    """Write this word behind the text, or before it; the page runs again with it."""
    part, word = word.startswith(CONTINUES), word.removeprefix(CONTINUES)
    gap = "" if part and not back else _gap(vocab, word if back else text)
    st.session_state[WRITTEN] = word + gap + text if back else text + gap + word
    st.rerun()


def _text(vocab: Vocab, height: int = 180) -> list[str]:
    """The box of the text; its tokens."""
    return vocab.tokenize(prompt(vocab.tokenizer, height))


def prompt(tokenizer: str, height: int) -> str:
    """The box of the text, kept in the link. tokenizer: what is shown at first is fit for it."""
    default = {"characters": "ROMEO:\nWhat", "chinese": "中国的"}.get(tokenizer, "in the")
    st.session_state.setdefault("text", st.query_params.get("text", default))
    if WRITTEN in st.session_state:
        st.session_state["text"] = st.session_state.pop(WRITTEN)
    text = st.text_area(_("Text so far"), key="text", height=height)
    st.query_params["text"] = text
    return text


def _gap(vocab: Vocab, text: str) -> str:
    """What stands between two tokens when they are written."""
    return " " if vocab.tokenizer in ("words", "pieces") and text and not text[-1].isspace() else ""


def _beside(run: RunRow) -> RunRow | None:
    """A second run to look at beside the first, if one is asked for."""
    others = {
        each.id: each for each in store().runs()
        if each.state in ("done", "stopped") and "NextWord" in each.capabilities and each.id != run.id
    }  # fmt: skip
    if not others:
        return None
    names = {"": _("none")} | {key: each.name for key, each in others.items()}
    return others.get(choice(st.selectbox, _("Beside it"), names, "beside"))


def surprise(run: RunRow) -> None:
    """Every word of a text, the deeper tinted the more it surprised; its perplexity, beside a second run's."""
    vocab = store().vocab(run.id)
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        tokens = _text(vocab, 260)
        beside = _beside(run)
        st.caption(_(
            "Surprise is −ln p in nats: 0 for what was certain. Perplexity is e to their mean: among how many equally "
            "likely words one might as well have guessed."
        ))  # fmt: skip
    with right:
        if not tokens:
            st.info(_("Type or paste a text: each word is tinted by how much it surprises the model."))
            return
        for each in [run, beside] if beside else [run]:
            _surprised(each)


def _surprised(run: RunRow) -> None:
    vocab, text = store().vocab(run.id), st.session_state["text"]
    st.markdown(f"**{markdown_safe(run.name)}**")
    spans = vocab.spans(text)
    words = [word for word, _first in spans]
    found = answer("surprise", run=run.id, words=words)
    if found is None:
        return
    surprisal = found.arrays["surprisal"]
    runs = surprised_runs(*_pieces(text, spans, surprisal))
    page(runs, f"surprise-{run.id}", height_of(runs, 320, ACROSS), vocab.language or "")
    st.caption(_perplexity(found.facts, vocab, text))
    table = pd.DataFrame({
        "word": words, "nats": surprisal, "probability": found.arrays["probability"], "rank": found.arrays["rank"],
    })  # fmt: skip
    names: dict[str, Any] = {
        "word": _("word"), "nats": st.column_config.NumberColumn(_("surprise (nats)"), format="%.2f"),
        "probability": st.column_config.NumberColumn(_("probability"), format="%.3g"),
        "rank": st.column_config.NumberColumn(_("rank among all words"), format="localized"),
    }  # fmt: skip
    with st.expander(_("Word by word"), icon=":material/table_rows:"):
        word_table(table, f"surprise-table-{run.id}", names, file="surprise", corpus=run.corpus_id, height=260)


def _pieces(text: str, spans: list[tuple[str, int]], surprisal: np.ndarray) -> tuple[list, list]:
    """The text cut at its tokens, and each part's surprise; NaN for what stands between tokens."""
    pieces: list[tuple[str, int]] = []
    nats: list[float] = []
    done = 0
    for place, (word, first) in enumerate(spans):
        length = len(word.removeprefix("##")) if word.startswith("##") else len(word)
        end = min(first + length, spans[place + 1][1] if place + 1 < len(spans) else len(text))
        if first > done:
            pieces.append((text[done:first], -1))
            nats.append(float("nan"))
        pieces.append((text[first:end], place))
        nats.append(float(surprisal[place]))
        done = end
    return [*pieces, (text[done:], -1)], [*nats, float("nan")]


def _perplexity(facts: dict[str, Any], vocab: Vocab, text: str) -> str:
    """Perplexity per token, and bits per character, which compares runs of different vocabularies."""
    unknown = _("{n} unknown words are not counted").format(n=facts["unknown"]) if facts["unknown"] else ""
    if facts["given"]:
        unknown = " · ".join(part for part in (unknown, _("the first token is given")) if part)
    if facts["perplexity"] is None or not isfinite(facts["perplexity"]):
        said = _(
            "It held a word for impossible: its perplexity is infinite. Choose a smoothing that leaves some chance."
        )
        return " · ".join(part for part in (said, unknown) if part)
    said = _("perplexity {p} a token (guessing blindly: {v}) · {bits} bits a character")
    bits = facts["nats"] / np.log(2) / max(1, len(text))
    told = said.format(p=f"{facts['perplexity']:,.1f}", v=f"{len(vocab):,}", bits=f"{bits:.2f}")
    return " · ".join(part for part in (told, unknown) if part)


def write(run: RunRow) -> None:
    """What the model writes on from the text: by temperature, top-k and top-p, the same for the same seed."""
    vocab = store().vocab(run.id)
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        _text(vocab, 130)
        one, other = st.columns(2)
        temperature = one.slider(_("Temperature"), 0.0, 2.0, 1.0, 0.05, key="temperature", bind="query-params")
        top_p = other.slider("Top-p", 0.05, 1.0, 1.0, 0.05, key="top-p", bind="query-params")
        top_k = one.number_input("Top-k", 0, 10_000, 0, key="top-k", bind="query-params", help=_("0: all words"))
        length = other.number_input(_("Tokens to write"), 1, 500, 80, key="length", bind="query-params")
        seed = one.number_input(_("Seed"), 0, 99_999, 0, key="write-seed", bind="query-params")
        beside = _beside(run)
    with right:
        for each in [run, beside] if beside else [run]:
            how = {"temperature": float(temperature), "top_k": int(top_k), "top_p": float(top_p), "seed": int(seed)}
            _written(each, int(length), how)


def _written(run: RunRow, length: int, how: dict[str, Any]) -> None:
    vocab, text = store().vocab(run.id), st.session_state["text"]
    st.markdown(f"**{markdown_safe(run.name)}**")
    found = answer("generated", run=run.id, context=vocab.tokenize(text), length=length, **how)
    if found is None:
        return
    gap = " " if vocab.tokenizer == "words" else ""
    words = found.facts["words"]
    if vocab.tokenizer == "pieces":
        words = [word.removeprefix("##") if word.startswith("##") else f" {word}" for word in words]
    more = gap.join(words)
    runs = [[text + _gap(vocab, text), -1, 0, 0], [more, 0, 0.5, 0]]
    page(runs, f"written-{run.id}", height_of(runs, 420, ACROSS), vocab.language or "")
    st.caption(_("{n} tokens, drawn one after another; seed {seed}").format(n=len(words), seed=how["seed"]))
    if st.button(_("Take it over"), key=f"take-{run.id}", icon=":material/edit_note:"):
        st.session_state[WRITTEN] = text + _gap(vocab, text) + more
        st.rerun()


def seen(run: RunRow) -> None:
    """The chain of a text: each word's probability and how far back the count reaches; and how much was never seen."""
    vocab = store().vocab(run.id)
    tokens = _text(vocab, 90)[:CHAINED]
    if tokens:
        _chain(run, tokens)
    found = answer("unseen", run=run.id)
    if found is None:
        return
    st.markdown(_("**The curse of dimension** :gray[how many sequences there could be, and how many were seen]"))
    arrays = found.arrays
    orders = arrays["order"].tolist()
    names = (_("possible: {v} words to the power of the order"), _("different ones seen in training"))
    figure = possible_bars(
        orders, [order * log10(len(vocab)) for order in orders], arrays["distinct"].tolist(), arrays["unseen"].tolist(),
        mode=frame.mode(), title=_("Possible and seen"), x_title=_("order"), y_title=_("sequences"),
        names=(names[0].format(v=f"{len(vocab):,}"), names[1]), unseen=_("{share} of held-out ones unseen"),
    )  # fmt: skip
    plot(figure, key=f"possible-{run.id}", height=330)
    columns = {name: arrays[name] for name in ("order", "possible", "distinct", "unseen")}
    csv_button(pd.DataFrame(columns), "orders", f"orders-csv-{run.id}")


def _chain(run: RunRow, tokens: list[str]) -> None:
    found = answer("chain", run=run.id, words=tokens)
    if found is None:
        return
    arrays = found.arrays
    orders = arrays["order"].tolist()
    probability = np.nan_to_num(arrays["probability"])
    said = [_("{n} of {of}").format(n=f"{n:,}", of=f"{of:,}") for n, of in zip(arrays["count"], arrays["of"])]
    names = {0: _("never seen")} | {n: _("order {n}").format(n=n) for n in range(1, max([*orders, 1]) + 1)}
    figure = chain_bars(
        tokens, probability, orders, mode=frame.mode(), title=_("The chain of conditional probabilities"),
        y_title=_("probability after the words before"), order_names=names, hover=said,
    )  # fmt: skip
    plot(figure, key=f"chain-{run.id}", height=340)
    known = probability[probability > 0]
    whole = float(np.log(known).sum())
    text = _("The text's probability is the product of these: e{power}. Colour: the longest sequence that was counted.")
    st.caption(text.format(power=power(whole)) + " " + _("{n} tokens").format(n=count(len(tokens))))
    columns = {name: arrays[name] for name in ("probability", "order", "count", "of")}
    csv_button(pd.DataFrame({"word": tokens} | columns), "chain", f"chain-csv-{run.id}")
