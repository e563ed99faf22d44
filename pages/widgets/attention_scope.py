"""What the Attention page looks at: a text that is typed or taken from the corpus, and a moment of the training."""

import streamlit as st

from core.explore.attention_sample import sentences
from core.store import RunRow
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.space_words import typed
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe

EXAMPLES = {
    "characters": "ROMEO: I love the night.",
    "zh": "国王和他的女儿一起走到河边。",
    "en": "The king and his daughter walked to the river.",
}
OFFERED = 8  # sentences of the corpus at a time
LONGEST = 300  # characters of a sentence that is offered
END = ""  # the moment that is no moment: the end of the training


def sentence(run: RunRow) -> str:
    """The text in the link, with the corpus's own sentences beside its box."""
    vocab = store().vocab(run.id)
    kind = vocab.tokenizer if vocab.tokenizer in EXAMPLES else vocab.language
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = typed(_("Sentence"), "text", EXAMPLES.get(kind or "", EXAMPLES["en"]))
        _offered(run)
    return text


def _offered(run: RunRow) -> None:
    """Sentences by lot, to be taken with a click."""
    if store().corpus_row(run.corpus_id) is None:
        return
    with st.popover(_("From the corpus"), icon=":material/menu_book:"):
        draw = int(st.session_state.setdefault("attention-draw", 0))
        found = sentences(store().corpus(run.corpus_id, run.min_count), 4 * OFFERED, draw).texts
        for place, text in enumerate([text for text in found if len(text) <= LONGEST][:OFFERED]):
            st.button(
                markdown_safe(text, 110), key=f"sentence-{place}", type="tertiary", on_click=choose, args=("text", text)
            )
        if st.button(_("Others"), icon=":material/casino:", key="sentence-others"):
            st.session_state["attention-draw"] = draw + 1
            st.rerun()


def moment(run: RunRow, key: str = "at", label: str = "", default: str = END) -> int | None:
    """A moment of the training that was kept, or None for its end."""
    steps = store().moments(run.id)[:-1]
    names = {END: _("the end")} | {str(step): named(run, step) for step in steps}
    taken = choice(st.selectbox, label or _("Moment"), names, key, default if default in names else END)
    return int(taken) if taken else None


def named(run: RunRow, step: int) -> str:
    """A moment in words."""
    return _("step {step}").format(step=f"{step:,}") + (f" ({step / run.total:.0%})" if run.total else "")


def second(run: RunRow) -> str | None:
    """The second sentence of a pair, if this run reads pairs and one was typed."""
    if "MaskedWord" not in run.capabilities:
        return None
    return typed(_("Second sentence"), "second", "", placeholder=_("none")).strip() or None
