"""What a language model expects next, word by word."""

from math import exp

import streamlit as st

from core.explore.next_words import entropy, next_words
from core.figures import word_bars
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import store

frame.heading(_("Predict"), _("What the model expects after your text, and how surprised it would be."))
run = frame.run_in_use(having="NextWord")
if run is None:
    frame.empty(_("No finished run predicts the next word yet."), _("Train a GPT"), "pages/train.py")

vocab = store().vocab(run.id)
gap = " " if vocab.tokenizer == "words" else ""
default = {"characters": "ROMEO:\nWhat", "chinese": "中国的"}.get(vocab.tokenizer, "in the")
text_side, bars_side = st.columns([1, 1.3], gap="large")
with text_side:
    st.session_state.setdefault("text", st.query_params.get("text", default))
    if "written" in st.session_state:
        st.session_state["text"] = st.session_state.pop("written")
    text = st.text_area(_("Text so far"), key="text", height=180)
    st.query_params["text"] = text
    shown = st.slider(_("Candidates"), 5, 40, 15, key="candidates", bind="query-params")
    tokens = vocab.tokenize(text)
    st.caption(_("{n} tokens · click a bar to write it").format(n=len(tokens)))
with bars_side:
    if not tokens:
        st.info(_("Type a beginning: the bars show what may follow."))
        st.stop()
    found = answer("next_word", run=run.id, context=tokens)
    if found is None:
        st.stop()
    table = next_words(found.arrays["answer"], vocab.words, shown)
    figure = word_bars(
        table["word"],
        table["probability"],
        ids=table["index"],
        mode=frame.mode(),
        title=_("The next token after your text"),
    )
    event = plot(figure, key="next", height=28 * shown + 20)
    nats = entropy(found.arrays["answer"])
    words = _(
        "Uncertainty {entropy} nats: as if choosing among {choices} equal candidates; "
        "knowing nothing, it would be {all}."
    )
    st.caption(words.format(entropy=f"{nats:.2f}", choices=f"{exp(nats):.1f}", all=f"{len(vocab):,}"))
    if event.fresh and event.clicked is not None:
        st.session_state["written"] = text + gap + vocab.words[event.clicked]
        st.rerun()
