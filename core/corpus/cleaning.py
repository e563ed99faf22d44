"""Cleaning: what a person asked to be taken out of the texts, between their documents and the writer.

The order is fixed: boilerplate (of a whole file, before it is split into documents), tags, addresses, full width,
script, numbers, punctuation, and last, duplicates of what is then left (by the writer). Texts are cleaned in blocks of
about BLOCK characters that are cut at white space and outside tags, so memory is bounded and the result does not depend
on where a file was cut; only in a megabyte without any white space may a number or an address be cut in two.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from core.corpus import steps
from core.corpus.boilerplate import without_boilerplate
from core.corpus.settings import ReadSettings
from core.corpus.splitting import Piece
from core.corpus.writing import sayable
from core.problem import Problem

BLOCK = 1 << 20  # characters
STEPS = ("strip_boilerplate", "strip_tags", "strip_urls", "half_width", "script", "strip_numbers", "strip_punctuation",
         "drop_duplicates")  # fmt: skip
Step = Callable[[str], tuple[str, int]]
_PLAIN: dict[str, Step] = {
    "strip_tags": steps.strip_tags, "strip_urls": steps.strip_urls, "half_width": steps.half_width,
    "strip_numbers": steps.strip_numbers, "strip_punctuation": steps.strip_punctuation,
}  # fmt: skip
_OF_TITLES = ("strip_tags", "half_width", "script")
_WORD = re.compile(r"[^\W_]")


def chosen(settings: ReadSettings) -> tuple[str, ...]:
    """The steps that are asked for, in order."""
    fields = ReadSettings.fields()
    return tuple(name for name in STEPS if getattr(settings, name) != fields[name].default)


def step(name: str, settings: ReadSettings) -> Step:
    """What a step other than the first and the last does to a text."""
    if name == "script":
        return steps.to_traditional if settings.script == "traditional" else steps.to_simplified
    return _PLAIN[name]


class Cleaner:
    """Cleans the documents of a corpus. changed: how many places (of boilerplate: lines) each step has changed."""

    def __init__(self, settings: ReadSettings):
        self.chosen = chosen(settings)
        self.changed: Counter[str] = Counter()
        self._steps = [(name, step(name, settings)) for name in self.chosen if name in _PLAIN or name == "script"]
        self._framed = "strip_boilerplate" in self.chosen
        self._with_words: set[str] = set()  # the steps after which there was a word; "": before the first

    def file(self, pieces: Iterator[str]) -> Iterator[str]:
        """The text of a file before it is split into documents."""
        if not self._framed:
            return pieces
        return self._watched("strip_boilerplate", without_boilerplate(self._watched("", pieces), self.changed))

    def documents(self, events: Iterator[Piece], *, rows: bool = False) -> Iterator[Piece]:
        """The documents, cleaned. rows: of a table, so that each may have a frame of its own."""
        if not self.chosen:
            yield from events
            return
        for event in _blocks(self._each_framed(events) if rows and self._framed else events):
            if isinstance(event, str):
                yield self.text(event)
            else:
                yield event if rows else self._titled(event)

    def text(self, text: str) -> str:
        """A block of text after every step that looks at characters."""
        text = sayable(text)
        self._watch("" if not self._framed else "strip_boilerplate", text)
        for name, clean in self._steps:
            text, count = clean(text)
            self.changed[name] += count
            self._watch(name, text)
        return text

    def counts(self, duplicates: int) -> dict[str, int]:
        """How much each chosen step has changed, in order; duplicates: how many documents were left out as such."""
        return {name: duplicates if name == "drop_duplicates" else self.changed[name] for name in self.chosen}

    def check_left(self, name: str) -> None:
        """Raise Problem if a step has left no word of any text, and there were some."""
        for step in self.chosen if "" in self._with_words else ():
            if step not in self._with_words and step != "drop_duplicates":
                raise nothing_left(step, name)

    def _titled(self, row: dict[str, str | None]) -> dict[str, str | None]:
        """A row made by a split, its title (a line of the text) as the text is."""
        title = row.get("title")
        for name, clean in self._steps if title else ():
            title = clean(title)[0] if title and name in _OF_TITLES else title
        return {**row, "title": title} if title else row

    def _each_framed(self, events: Iterator[Piece]) -> Iterator[Piece]:
        """Documents, each without its own frame."""
        rows: list[dict[str, str | None]] = []

        def text() -> Iterator[str]:
            for event in events:
                if isinstance(event, dict):
                    rows.append(event)
                    return
                yield event

        while True:
            yield from without_boilerplate(self._watched("", text()), self.changed, notices=False)
            if not rows:
                return
            yield rows.pop()

    def _watched(self, name: str, pieces: Iterable[str]) -> Iterator[str]:
        for piece in pieces:
            self._watch(name, piece)
            yield piece

    def _watch(self, name: str, text: str) -> None:
        if name not in self._with_words and _WORD.search(text):
            self._with_words.add(name)


def _blocks(events: Iterable[Piece]) -> Iterator[Piece]:
    """The same documents in pieces of about BLOCK characters, each cut where no step looks across."""
    parts: list[str] = []
    held = 0
    for event in events:
        if isinstance(event, str):
            parts.append(event)
            held += len(event)
            if held >= BLOCK:
                text = "".join(parts)
                place = _cut(text)
                yield text[:place]
                parts, held = [text[place:]], len(text) - place
        else:
            if held:
                yield "".join(parts)
            parts, held = [], 0
            yield event


def _cut(text: str) -> int:
    """The last place in the second half of a text that stands after white space and within no tag; else its end."""
    place = len(text)
    for marks in ("\n", " \t\u3000", "。！？，、；"):
        last = max(text.rfind(mark) for mark in marks) + 1
        if last > len(text) // 2:
            place = last
            break
    for begin, end in steps.hidden(text, place):
        if end < 0 and place - begin < steps.LONGEST_HIDDEN:
            return begin
    begin = text.rfind("<", max(0, place - steps.LONGEST_TAG), place)
    return begin if begin >= 0 and text.find(">", begin, place) < 0 else place


def nothing_left(step: str, name: str) -> Problem:
    """That a step has left no word of what is called `name`."""
    title = ReadSettings.fields()[step].title
    return Problem("Cleaning ({step}) leaves no word of {name}: switch it off.", step=title, name=name)
