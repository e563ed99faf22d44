"""Running text that can be pointed at: concordance lines, and a page of a document with words tinted by a weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.widgets.assets import address

LOADER = """
export default async (component) => {
  const text = await import(new URL("%s", document.baseURI));
  return text.mount(component);
};
"""
COMPONENT = st.components.v2.component("text", js=LOADER % address("lines.js"), isolate_styles=False)

Run = Sequence[Any]  # text, its type or -1, a tint from 0 to 1, and 1 for a hit or 2 for the place looked at


@dataclass(frozen=True)
class Click:
    """What was clicked in this run of the page: the type of a word, or the id of a line."""

    word: int | None = None
    line: str | None = None


def lines(found: Sequence[dict[str, Any]], key: str, here: str | None = None, wide: bool = False) -> Click:
    """Concordance lines: id, left and right (runs), node and facts (texts). here: the id of the line looked at.

    wide: the lines are shown whole, to be scrolled to both sides; else what does not fit is faded out.
    """
    data = {"lines": list(found), "here": here, "wide": wide}
    return _click(COMPONENT(key=key, data=data, on_click_change=lambda: None))


def height_of(runs: Sequence[Run], tallest: int, across: int) -> int:
    """Pixels that a text takes, about, up to the tallest, in lines of so many letters."""
    text = "".join(run[0] for run in runs)
    wide = sum(1 + (letter > "\u2e7f") for letter in text)
    return min(tallest, 48 + 27 * (1 + wide // across + text.count("\n")))


def page(runs: Sequence[Run], key: str, height: int, language: str = "") -> Click:
    """A stretch of a document; it scrolls to the place looked at."""
    data = {"page": [list(run) for run in runs], "height": height, "language": language}
    return _click(COMPONENT(key=key, data=data, on_click_change=lambda: None))


def _click(result: Any) -> Click:
    click = result.get("click") or {}
    return Click(click.get("word"), click.get("line"))
