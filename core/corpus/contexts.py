"""Words in their contexts, found again in a corpus: (left, keyword, right) -> (document, start, end).

Contexts are compared without their white space, so that a line broken or set with blanks otherwise is found, and
from the word outwards, so that each side may be cut anywhere.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.corpus.corpus import Corpus

_KEY = 6  # characters of a context by which lines are looked up


@dataclass
class Line:
    """One line: its number, the word in its context, and its label; where it was found, two places at most.

    own: where it was found in the document of its own number, as when the lines were read as a corpus.
    """

    number: int
    left: str
    keyword: str
    right: str
    label: str
    places: list[tuple[int, int, int]] = field(default_factory=list)
    own: tuple[int, int, int] | None = None


def locate(corpus: Corpus, lines: Sequence[Line]) -> None:
    """Find the places of all lines, in one pass over the text for each different keyword.

    Time: the text is searched about a gigabyte a second for each different keyword. Memory: the longest document.
    """
    groups: dict[str, _Keyword] = {}
    for line in lines:
        groups.setdefault("".join(line.keyword.split()), _Keyword(line.keyword)).add(line)
    groups.pop("", None)
    for document, text in enumerate(corpus.documents):
        for group in groups.values():
            if group.first in text:
                group.look(document, text)


class _Keyword:
    """The lines with one keyword, by the last characters before it."""

    def __init__(self, keyword: str):
        parts = keyword.split()
        self.first = parts[0] if parts else ""
        self.pattern = re.compile(r"\s*".join(map(re.escape, parts)))
        self.lines: dict[int, dict[str, list[tuple[str, str, Line]]]] = defaultdict(lambda: defaultdict(list))

    def add(self, line: Line) -> None:
        left = "".join(line.left.split()).removeprefix("…").removeprefix("...")
        right = "".join(line.right.split()).removesuffix("…").removesuffix("...")
        size = min(_KEY, len(left))
        self.lines[size][left[len(left) - size :]].append((left, right, line))

    def look(self, document: int, text: str) -> None:
        found = self.pattern.search(text)
        while found:
            self._compare(document, text, *found.span())
            found = self.pattern.search(text, found.start() + 1)

    def _compare(self, document: int, text: str, start: int, end: int) -> None:
        near = before(text, start, _KEY)
        for size, lines in self.lines.items():
            for left, right, line in lines.get(near[len(near) - size :], ()) if size <= len(near) else ():
                if len(line.places) > 1 and document != line.number - 1:
                    continue
                if before(text, start, len(left)) == left and after(text, end, len(right)) == right:
                    line.places = [*line.places[:1], (document, start, end)]
                    line.own = (document, start, end) if document == line.number - 1 else line.own


def before(text: str, place: int, count: int) -> str:
    """Up to `count` characters before a place, white space left out."""
    reach = count + count // 4 + 8
    found = "".join(text[max(0, place - reach) : place].split())
    while len(found) < count and reach < place:
        reach *= 2
        found = "".join(text[max(0, place - reach) : place].split())
    return found[len(found) - count :] if len(found) > count else found


def after(text: str, place: int, count: int) -> str:
    """Up to `count` characters after a place, white space left out."""
    reach = count + count // 4 + 8
    found = "".join(text[place : place + reach].split())
    while len(found) < count and place + reach < len(text):
        reach *= 2
        found = "".join(text[place : place + reach].split())
    return found[:count]
