"""What the Attention page looks at: a text that is typed or taken from the corpus, and a moment of the training."""

from typing import Any

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
LONGEST_TYPED = 6000
END = ""  # the moment that is no moment: the end of the training


def sentence(run: RunRow) -> tuple[str, str | None]:
    """The text in the link, with the corpus's own sentences beside its box; a second one where a run reads pairs."""
    vocab = store().vocab(run.id)
    pairs = reads_pairs(run)
    kind = vocab.tokenizer if vocab.tokenizer in EXAMPLES and vocab.language != "zh" else vocab.language
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = typed(_("Sentence"), "text", EXAMPLES.get(kind or "", EXAMPLES["en"]), max_chars=LONGEST_TYPED)
        _offered(run)
        more = (
            typed(_("Second sentence"), "second", "", placeholder=_("none"), max_chars=LONGEST_TYPED) if pairs else ""
        )
    return text, more.strip() or None


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
    first = default if default in names else END
    taken = choice(st.selectbox, label or _("Moment"), names, key, first, width=200)
    return int(taken) if taken else None


def named(run: RunRow, step: int) -> str:
    """A moment in words."""
    return _("step {step}").format(step=f"{step:,}") + (f" ({step / run.total:.0%})" if run.total else "")


def reads_pairs(run: RunRow) -> bool:
    """Whether this run has a second segment: a pre-trained one says so, of others those that guess hidden words do."""
    return bool(run.options.get("second", "MaskedWord" in run.capabilities))


def has_specials(run: RunRow) -> bool:
    """Whether it reads special symbols around a text: those that guess what comes next do not."""
    return "NextWord" not in run.capabilities


def ways(run: RunRow, second: str | None) -> dict[str, Any]:
    """Words or pieces, special symbols, and which sentence looks at which; each control where there is a choice."""
    whole, specials, pair = False, "", "all"
    if store().vocab(run.id).tokenizer == "pieces":
        names = {"pieces": _("Word pieces"), "words": _("Words")}
        whole = choice(st.selectbox, _("Units"), names, "unit", width=130) == "words"
    if has_specials(run):
        kept = {"": _("shown"), "hidden": _("hidden"), "left-out": _("hidden, rows sum to 1 again")}
        specials = choice(
            st.selectbox, _("Special symbols"), kept, "special", width=250,
            help=_("[CLS] and [SEP]. Hidden, what is looked at them is missing from the rows, or shared out again."),
        )  # fmt: skip
    if second is not None:
        sides = {"all": _("all"), "AA": "A → A", "AB": "A → B", "BA": "B → A", "BB": "B → B"}
        pair = choice(st.selectbox, _("Which looks at which"), sides, "pair", width=170)
    return {"whole": whole, "specials": not specials, "renormalise": specials == "left-out", "pair": pair}
