"""The words of a text as a run reads them, and which one is asked about."""

import streamlit as st

from core.answers import Answer
from core.store import RunRow
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.state import store

MARK = "##"  # a piece that goes on with a word


def read(run: RunRow, text: str) -> Answer | None:
    """The text as the run reads it; see `Workings.lens`."""
    return answer("lens", run=run.id, text=text)


def words(found: Answer) -> list[str]:
    """The words of what was read, each from its pieces."""
    told: dict[int, str] = {}
    for piece, whose in zip(found.facts["pieces"], found.arrays["word"].tolist()):
        if whose >= 0:
            told[whose] = told.get(whose, "") + (piece.removeprefix(MARK) if whose in told else piece)
    return [told[i] for i in sorted(told)]


def guesses_hidden(run: RunRow) -> bool:
    """Whether the run guesses hidden words, from both sides; else the next one."""
    return "MaskedWord" in run.capabilities


def word_in_use(run: RunRow, text: str, none: str = "") -> int | None:
    """The number of the word that is asked about: hidden and guessed, or the one after which is guessed.

    none: what it is called to ask about no word; -1 then. None while the text is being read.
    """
    found = read(run, text)
    if found is None:
        return None
    names = {str(i): f"{i + 1} · {word}" for i, word in enumerate(words(found))}
    cut_short(run, text, len(names))
    first = str(len(names) // 2 if guesses_hidden(run) else len(names) - 1)
    label = _("Hide and guess the word") if guesses_hidden(run) else _("Guess what follows the word")
    names = ({"-1": none} if none else {}) | names
    with st.container(width=300):
        return int(choice(st.selectbox, label, names, "word-at", default="-1" if none else first))


def cut_short(run: RunRow, text: str, seen: int) -> None:
    """What is said where a text is longer than the run can see."""
    vocab = store().vocab(run.id)
    count = int(sum(vocab.word_starts(vocab.tokenize(text))))
    if count > seen:
        st.caption(_("Only the first {n} of {all} words fit into what this run sees.").format(n=seen, all=count))
