"""What a person types into a search, as patterns of words.

apple               a word, its case folded as the corpus folds
new york            a phrase: words one after the other, whatever punctuation stands between
bank*  *ing  b*k    words with anything, or nothing, in the place of *
a * of              * by itself: any one word
cat|dog food        either word
/^un.*able$/        words in which a pattern (RE2) is found
\\*  \\|  \\/  \\ with a blank: the character itself

In "text" mode the text itself is searched, across words: as it is typed, or for a /pattern/ within lines. A blank
stands for any white space there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from core.corpus import Corpus
from core.corpus.characters import fold
from core.problem import Problem

MODES = ("words", "text")
LONGEST = 200  # characters
MOST_SLOTS = 20  # words of a phrase
MOST_TYPES = 50_000  # different words that one place of a pattern may be
MOST_PATTERNS = 64

Slot = np.ndarray | None
"""int64 (k,), the ids of the types that may stand here, in rising order; None: any."""
Pattern = tuple[Slot, ...]

_PART = re.compile(r"/(?:\\.|[^/\\])+/(?=[\s|]|$)|(?:\\.|[^\s|])+", re.DOTALL)
_PIECE = re.compile(r"\\(.)|(\*)|(.)", re.DOTALL)


@dataclass(frozen=True)
class Query:
    """A search that can be asked of the corpus it was made for.

    patterns: in "words" mode, each a sequence of slots; a hit is where any of them fits. expression: in "text" mode,
    what RE2 is to find.
    """

    text: str
    mode: str
    patterns: tuple[Pattern, ...] = ()
    expression: str = ""


def parse(corpus: Corpus, text: str, mode: str = "words") -> Query:
    """The query that a person typed. Raises Problem for what is empty, unknown, too wide or no pattern."""
    if mode not in MODES:
        raise Problem("{mode} is no way to search; choose one of {known}.", mode=mode, known=", ".join(MODES))
    if len(text) > LONGEST:
        raise Problem("This search is {n} characters long; the limit is {limit}.", n=len(text), limit=LONGEST)
    if not text.strip():
        raise Problem("Type a word, a phrase or a pattern to search for.")
    if mode == "text":
        return Query(text, mode, expression=_expression(corpus, text))
    patterns = _Parser(corpus).patterns(text)
    if all(slot is None for pattern in patterns for slot in pattern):
        raise Problem("{text} would find every word: put at least one word, or a part of one, beside *.", text=text)
    return Query(text, mode, patterns)


class _Parser:
    """Reads the items of one query, each an item of alternatives."""

    def __init__(self, corpus: Corpus):
        self.corpus, self.index, self.lowercase = corpus, corpus.index, bool(corpus.facts["lowercase"])

    def patterns(self, text: str) -> tuple[Pattern, ...]:
        items = list(_items(text))
        if not items:
            raise Problem("Type a word, a phrase or a pattern to search for.")
        whole = self._whole(text, items)
        if whole and self.corpus.facts["tokenizer"] == "characters":
            return (whole,)  # blanks are tokens there
        if whole and not all(any(map(self._part, item)) for item in items):
            return (whole,)  # words that only occur together, as one token
        found = [self._item(item) for item in items]
        made = 1 + int(np.prod([len(item) for item in found]))
        if made > MOST_PATTERNS:
            raise Problem("{text} stands for {n} phrases; the limit is {limit}: give fewer alternatives.",
                          text=text, n=made, limit=MOST_PATTERNS)  # fmt: skip
        patterns = [sum(parts, ()) for parts in product(*found)]
        if whole and not any(_same(whole, other) for other in patterns):
            patterns.append(whole)
        longest = max(map(len, patterns))
        if longest > MOST_SLOTS:
            raise Problem("This phrase has {n} words; the limit is {limit}.", n=longest, limit=MOST_SLOTS)
        return tuple(patterns)

    def _whole(self, text: str, items: list[list[str]]) -> Pattern | None:
        """The whole text as the corpus's tokeniser cuts it, where no part of it is a pattern and all is known."""
        if any(len(item) > 1 or _is_pattern(item[0]) for item in items):
            return None
        return self._tokens(_plain(text.strip()))

    def _item(self, item: list[str]) -> list[Pattern]:
        """The ways in which one item can stand in the text: first as one word, then as several."""
        found = [pattern for part in item for pattern in self._part(part)]
        if not found:
            raise self._unknown(item)
        if any(pattern[0] is None for pattern in found):
            return [(None,)]
        single = [pattern[0] for pattern in found if len(pattern) == 1 and pattern[0] is not None]
        merged: list[Pattern] = [(np.unique(np.concatenate(single)),)] if single else []
        return merged + [pattern for pattern in found if len(pattern) > 1]

    def _part(self, part: str) -> list[Pattern]:
        if part == "*":
            return [(None,)]
        if _is_expression(part):
            return self._matching(part, part[1:-1].replace("\\/", "/"))
        if _is_pattern(part):
            return self._matching(part, _glob(part, self.lowercase))
        word = _plain(part)
        known = self.index.find(fold(word, self.lowercase))
        ways: list[Pattern] = [] if known is None else [(np.array([known]),)]
        cut = self._tokens(word)
        return ways if cut is None or any(_same(cut, way) for way in ways) else [*ways, cut]

    def _tokens(self, text: str) -> Pattern | None:
        """The text as the tokeniser cuts it; None if a word is not known or is left out, or there is none."""
        tokens = self.corpus.vocab.tokenize(text)
        ids = [self.index.find(token) for token in tokens]
        if not ids or None in ids or _letters("".join(tokens)) != _letters(fold(text, self.lowercase)):
            return None
        return tuple(np.array([i]) for i in ids)

    def _matching(self, part: str, expression: str) -> list[Pattern]:
        import pyarrow.compute as pc

        found = matching(self.index.words, expression, pc.match_substring_regex, self.lowercase)
        ids = np.flatnonzero(found.to_numpy(zero_copy_only=False))
        if len(ids) > MOST_TYPES:
            raise Problem("{part} fits {n} different words; the limit is {limit}: type more of the word.",
                          part=part, n=len(ids), limit=MOST_TYPES)  # fmt: skip
        return [(ids,)] if len(ids) else []

    def _unknown(self, item: list[str]) -> Problem:
        vocab = self.corpus.vocab
        if any(map(_is_pattern, item)):
            return Problem("No word of this corpus fits {part}: type less of it.", part="|".join(item))
        word = _plain(item[0])
        several = vocab.tokenize(word)
        word = next((token for token in several if self.index.find(token) is None), word)
        near = ", ".join(vocab.near(word, 3))
        if near:
            return Problem("{word} does not occur in this corpus; did you mean {near}?", word=word, near=near)
        return Problem("{word} does not occur in this corpus: type less of it with * in place of the rest, or search "
                       "the text itself.", word=word)  # fmt: skip


def matching(texts: Any, expression: str, kernel: Any, ignore_case: bool) -> Any:
    """What one of Arrow's kernels for regular expressions says. Raises Problem for one that RE2 cannot read."""
    import pyarrow as pa

    try:
        return kernel(texts, expression, ignore_case=ignore_case)
    except pa.ArrowInvalid as error:
        reason = str(error).removeprefix("Invalid regular expression: ")[:200]
        raise Problem(
            "{pattern} cannot be searched for ({reason}): a special character meant as itself needs a backslash before "
            "it; look-around and back-references are not available.",
            pattern=expression,
            reason=reason,
        ) from None


def escaped(text: str) -> str:
    """The expression of RE2 that finds this text."""
    return "".join(c if c.isalnum() or ord(c) > 127 else "\\x00" if c == "\0" else "\\" + c for c in text)


def literal(text: str) -> str:
    """The expression that finds this text in a raw text: any white space in the place of blanks."""
    return r"\s+".join(map(escaped, text.split()))


def _expression(corpus: Corpus, text: str) -> str:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = text.strip()
    if not _is_expression(text):
        return literal(text)
    expression = text[1:-1].replace("\\/", "/")
    matching(pa.array([""]), expression, pc.match_substring_regex, bool(corpus.facts["lowercase"]))
    return expression


def _items(text: str) -> Iterator[list[str]]:
    """The items of a query, each a list of alternatives as they were typed."""
    item: list[str] = []
    end = 0
    for found in _PART.finditer(text):
        if item and "|" not in text[end : found.start()]:
            yield item
            item = []
        item.append(found[0])
        end = found.end()
    if item:
        yield item


def _is_expression(part: str) -> bool:
    return len(part) > 2 and part[0] == part[-1] == "/"


def _is_pattern(part: str) -> bool:
    return _is_expression(part) or any(star for _, star, _ in _PIECE.findall(part))


def _plain(part: str) -> str:
    """What was typed without the backslashes before special characters."""
    return _PIECE.sub(lambda piece: piece[1] or piece[0], part)


def _glob(part: str, lowercase: bool) -> str:
    """The expression for a word with * in it."""
    marked = _PIECE.sub(lambda piece: "\0" if piece[2] else piece[1] or piece[0], part)
    return "(?s)^" + ".*".join(escaped(fold(text, lowercase)) for text in marked.split("\0")) + "$"


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _same(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns are the same."""
    return len(one) == len(other) and all(
        (a is None) == (b is None) and (a is None or b is None or np.array_equal(a, b)) for a, b in zip(one, other)
    )
