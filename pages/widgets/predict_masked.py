"""A hidden word: click one of a sentence, see what would be put there, and what an edit of the sentence changes."""

import re

import numpy as np
import streamlit as st

from core.answers import Answer
from core.corpus import Vocab
from core.explore.masking import Place, before_after, places, same_place, standing
from core.explore.next_words import next_words
from core.figures import word_bars
from core.figures.guesses import dumbbells
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.space_words import number
from pages.widgets.state import choose, chosen, store
from pages.widgets.tables import csv_button, open_word
from pages.widgets.text import markdown_safe

SHOWN = 120  # words of a sentence that can be clicked
SENTENCES = {
    "zh": "从前有一个国王，他有一个美丽的女儿。",
    "": "The king had a daughter who was so beautiful that everyone loved her.",
}


def masked(run: RunRow) -> None:
    """The sentence, its words to click, and bars; with an edited sentence, both guesses on one line a word."""
    vocab = store().vocab(run.id)
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        text = _line(_("Sentence"), "sentence", SENTENCES["zh" if vocab.language == "zh" else ""])
        words = places(vocab, text)
        here = _chips(words[:SHOWN])
        if len(words) > SHOWN:
            st.caption(_("Only the first {n} words are taken.").format(n=SHOWN))
        edited = _line(_("Edited sentence"), "edited", "", placeholder=_("the same sentence with other words"))
        shown = number(_("Candidates"), "fillings", 5, 30, 12)
    with right:
        if here is None:
            st.info(_("Type a sentence, and click the word to hide."))
            return
        if edited:
            _beside(run, vocab, words, here, places(vocab, edited), shown)
        else:
            _alone(run, vocab, words, here, shown)


def _line(label: str, key: str, default: str, placeholder: str | None = None) -> str:
    """A sentence that lives in the link under `key`."""
    drawn = f"{key}_typed"
    st.session_state[drawn] = default if chosen(key) is None else chosen(key)
    st.text_area(
        label, key=drawn, height=84, max_chars=3000, placeholder=placeholder,
        on_change=lambda: choose(key, st.session_state[drawn].strip()),
    )  # fmt: skip
    return str(st.session_state[drawn]).strip()


def _chips(words: list[Place]) -> int | None:
    """The words, one of them hidden; its number lives in the link, and is that of the longest, no sign, until one is
    clicked."""
    if not words:
        return None
    asked = chosen("place") or ""
    words_first = [(any(map(str.isalnum, word.written)), len(word.written)) for word in words]
    longest = max(range(len(words)), key=lambda i: (words_first[i], i))
    here = int(asked) if re.fullmatch(r"[0-9]{1,4}", asked) and int(asked) < len(words) else longest
    st.session_state["place_chips"] = here
    st.pills(
        _("Click the word to hide"), range(len(words)), format_func=lambda i: markdown_safe(words[i].written, 40),
        key="place_chips", required=True, wrap=True,
        on_change=lambda: choose("place", str(st.session_state["place_chips"])),
    )  # fmt: skip
    return here


def _asked(run: RunRow, words: list[Place], here: int) -> Answer | None:
    return answer("hidden_word", run=run.id, tokens=[place.word for place in words], i=here)


def _alone(run: RunRow, vocab: Vocab, words: list[Place], here: int, shown: int) -> None:
    found = _asked(run, words, here)
    if found is None:
        return
    st.markdown(_gapped(vocab, words, here))
    chances, true = found.arrays["answer"], vocab.get(words[here].word)
    table = next_words(chances, vocab.words, shown)
    figure = word_bars(
        table["word"], table["probability"], ids=table["index"], mode=frame.mode(), hot=true,
        title=_("What would be put in the gap"),
    )  # fmt: skip
    event = plot(figure, key=f"masked-{run.id}", height=28 * shown + 20)
    st.caption(_true(vocab, words[here], chances) + " " + _window(found, words, here))
    csv_button(table[["rank", "word", "probability"]], "hidden-word", f"masked-csv-{run.id}")
    if event.fresh and event.clicked is not None and store().corpus_row(run.corpus_id):
        open_word(vocab.words[event.clicked], run.corpus_id)


def _beside(run: RunRow, vocab: Vocab, words: list[Place], here: int, edited: list[Place], shown: int) -> None:
    there = same_place([place.word for place in words], [place.word for place in edited], here)
    if there is None:
        st.info(_("The edited sentence has no word in that place: click another one."))
        return
    before, after = _asked(run, words, here), _asked(run, edited, there)
    if before is None or after is None:
        return
    first, second = before.arrays["answer"], after.arrays["answer"]
    st.markdown(_gapped(vocab, words, here) + "  \n" + _gapped(vocab, edited, there))
    table = before_after(first, second, vocab.words, shown)
    figure = dumbbells(
        table["word"], table["before"].to_numpy(), table["after"].to_numpy(), table["index"].to_numpy(np.int32),
        mode=frame.mode(), title=_("What would be put in the gap, before and after"),
        names=(_("before"), _("after")), hot=vocab.get(words[here].word),
    )  # fmt: skip
    plot(figure, key=f"masked-both-{run.id}", height=26 * len(table) + 80)
    moved = float(np.abs(first.astype(np.float64) - second).sum() / 2)
    st.caption(_("{share} of the probability went to other words.").format(share=f"{moved:.1%}"))
    st.caption(f"{_('before')}: {_true(vocab, words[here], first)} {_window(before, words, here)}")
    st.caption(f"{_('after')}: {_true(vocab, edited[there], second)} {_window(after, edited, there)}")
    csv_button(table[["word", "before", "after"]], "hidden-word", f"masked-both-csv-{run.id}")


def _true(vocab: Vocab, place: Place, chances: np.ndarray) -> str:
    """The rank and the probability of the word that stood there."""
    word, index = markdown_safe(place.written, 30), vocab.get(place.word)
    if index is None and len(place.pieces) > 1:
        text = _("**{word}** is {n} pieces ({pieces}), and a gap is one: it cannot be guessed whole.")
        return text.format(word=word, n=len(place.pieces), pieces=markdown_safe(" ".join(place.pieces)))
    if index is None:
        return _("**{word}** is not in the vocabulary: it can never be guessed.").format(word=word)
    rank, chance = standing(chances, index)
    text = _("**{word}** stood there: rank {rank} of {v}, probability {p}; by frequency alone rank {often}, {share}.")
    share = vocab.counts[index] / max(1, int(vocab.counts.sum()))
    return text.format(
        word=word,
        rank=f"{rank:,}",
        v=f"{len(vocab):,}",
        p=f"{chance:.3%}",
        often=f"{index + 1:,}",
        share=f"{share:.3%}",
    )


def _window(found: Answer, words: list[Place], here: int) -> str:
    """Which part of the sentence was read, and how many of its words are cut, or not known."""
    facts, said = found.facts, []
    if facts["last"] - facts["first"] < facts["words"]:
        said.append(_("Read with it: words {first} to {last} of {n}, as many as fit into the context.").format(
            first=facts["first"] + 1, last=facts["last"], n=facts["words"]))  # fmt: skip
    cut = sum(len(place.pieces) > 1 for i, place in enumerate(words) if i != here)
    if cut:
        said.append(_("{n} words are read in pieces.").format(n=cut))
    return " ".join(said)


def _gapped(vocab: Vocab, words: list[Place], here: int) -> str:
    """The sentence around the gap, as Markdown."""
    gap = "" if vocab.tokenizer in ("characters", "chinese") else " "
    before = markdown_safe(gap.join(place.written for place in words[max(0, here - 14) : here]), 160)
    after = markdown_safe(gap.join(place.written for place in words[here + 1 : here + 15]), 160)
    return f"{before} **:orange[\\[ ? \\]]** {after}"
