"""What the views of the Spaces page share: lines and numbers that live in the link, words of a vocabulary."""

import re
from typing import Any

import streamlit as st

from core.corpus import Vocab
from core.corpus.stop_words import stop_words
from core.figures import label_order
from pages.widgets.i18n import _
from pages.widgets.state import choose, chosen
from pages.widgets.text import markdown_safe

PARTED = re.compile(r"[\s,，、;；]+")
MOST_TYPED = 200


def typed(label: str, key: str, default: str, **more: Any) -> str:
    """A line of text that lives in the link under `key`; until it is changed it is `default`."""
    drawn = f"{key}_typed"
    st.session_state[drawn] = chosen(key) or default
    more.setdefault("max_chars", 600)
    st.text_input(label, key=drawn, on_change=lambda: choose(key, st.session_state[drawn].strip() or None), **more)
    return chosen(key) or default


def number(label: str, key: str, low: int, high: int, default: int, step: int = 1, **more: Any) -> int:
    """A whole number that lives in the link under `key`; one that is out of bounds there is brought within them."""
    drawn, high = f"{key}_number", max(low + 1, high)
    asked = chosen(key) or ""
    value = int(asked) if re.fullmatch(r"[0-9]{1,9}", asked) else default
    st.session_state[drawn] = min(max(low, value), high)
    st.slider(
        label, low, high, step=step, key=drawn, on_change=lambda: choose(key, str(st.session_state[drawn])), **more
    )
    return int(min(max(low, value), high))


def known_words(vocab: Vocab, text: str) -> list[int]:
    """The rows of the words in a text, in its order; those that are not in the vocabulary are named on the page."""
    asked = list(dict.fromkeys(word for word in PARTED.split(text) if word))
    found = {word: vocab.get(word) for word in asked[:MOST_TYPED]}
    missing = [word for word, row in found.items() if row is None]
    if missing:
        shown = ", ".join(markdown_safe(word, 30) for word in missing[:8]) + (" …" if len(missing) > 8 else "")
        st.caption(_("Not among the words of this run: {words}").format(words=shown))
    if len(asked) > MOST_TYPED:
        st.caption(_("Only the first {n} words are taken.").format(n=MOST_TYPED))
    return list(dict.fromkeys(row for row in found.values() if row is not None))


def frequent(vocab: Vocab, n: int) -> list[int]:
    """The rows of the n most frequent words that say something: function words and numbers come last."""
    weak, words = set(stop_words(vocab.language or "")), vocab.words[: 10 * n + 600]
    order = label_order(words).tolist()
    return sorted(order, key=lambda row: words[row] in weak)[:n]


def fitting(vocab: Vocab, examples: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The examples of which the vocabulary has every word."""

    def known(text: str) -> bool:
        return all(vocab.get(word) is not None for word in re.split(r"[\s;+]+|\s-\s", text) if word not in ("", "-"))

    return [each for each in examples if all(known(text) for text in each)]
