"""The component that draws attention: all heads are sent once, and every later choice is drawn in the browser.

attention.js has the views. Two messages: `board`, a text's attention in all heads (some frames of it: sides, or moments
of the training), and `in_full`, single heads that the board was sent rounded, and the parts that a head is made of.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.answers import Answer
from core.figures.palette import Mode, palette
from pages.widgets.assets import address
from pages.widgets.attention_texts import texts
from pages.widgets.plot import LOADER, packed

COMPONENT = st.components.v2.component("attention", js=LOADER % address("attention.js"), isolate_styles=False)
VIEWS = ("grid", "map", "lines", "neuron")
Head = tuple[int, int]


def board(message: bytes, key: str) -> dict[str, Any]:
    """Draw it; what a person has chosen since, as `state` of `message`, {} at first.

    In an AppTest: `at.session_state[key] = {"state": {…}}`.
    """
    result = COMPONENT(key=key, data=message, on_state_change=lambda: None)
    return dict(result.get("state") or {})


def message(
    frames: Sequence[tuple[str, Answer]], *, name: str, text: str, mode: str, state: dict[str, Any], theme: Mode
) -> bytes:  # fmt: skip
    """frames: a title, and what `looked` answered. text: what tells one text from another. mode: "one", "two" (sides),
    "heads" (two heads of one text) or "time" (moments). state: view, picks, heads, top, moment, piece, right."""
    content = {
        "board": name, "text": text, "mode": mode, "state": state, "texts": texts(),
        "colours": colours(theme), "frames": [{"title": title, **each.facts, **laid(each)} for title, each in frames],
    }  # fmt: skip
    return packed(content)


def laid(found: Answer) -> dict[str, np.ndarray]:
    """The arrays of one answer, as they travel."""
    return {name: found.arrays[name] for name in ("rows", "columns", "maps", "step") if name in found.arrays}


def in_full(found: Sequence[tuple[int, Head, Answer]], *, name: str, text: str) -> bytes:
    """found: frame, (layer, head), and what `one_head` answered."""
    return packed({"board": name, "text": text, "exact": [_full(*each) for each in found], "texts": {"failed": ""}})


def _full(frame: int, head: Head, found: Answer) -> dict[str, Any]:
    arrays = found.arrays
    parts = {name: arrays[name] for name in ("query", "key", "value", "attention") if name in arrays}
    more: dict[str, Any] = {"parts": {**parts, "pieces": found.facts["pieces"]}} if parts else {}
    return {"frame": frame, "layer": head[0], "head": head[1], "weights": arrays["weights"], **more}


def hand_over(full: bytes, key: str) -> None:
    """Send heads in full; nothing is drawn in this place."""
    COMPONENT(key=key, data=full)


def colours(mode: Mode) -> dict[str, Any]:
    """What the views paint with."""
    found = palette(mode)
    return {
        "background": found.background, "panel": found.panel, "border": found.border, "ink": found.ink,
        "quiet": found.quiet, "accent": found.accent, "dense": found.dense, "hot": found.hot,
        "hotText": found.hot_text, "categories": list(found.categories),
    }  # fmt: skip
