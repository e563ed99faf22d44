"""Chinese words: by jieba's dictionary and its hidden Markov model, and by a dictionary that a person gives."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

_ENTRY = re.compile(r"(\S.*?)(?:\s+\d+(?:\s+[a-z]+)?)?\s*")  # a word; with jieba's count and part of speech, if given


class Dictionary:
    """Words that stay whole wherever they stand: the longest that begins at a character wins, from left to right."""

    def __init__(self, words: tuple[str, ...]):
        self.words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(several, reverse=True) for first, several in lengths.items()}
        self._first = re.compile("[" + "".join(map(re.escape, sorted(lengths))) + "]" if lengths else "(?!)")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where its words begin and end in a text."""
        begin = 0
        while match := self._first.search(text, begin):
            begin = match.start()
            found = next((n for n in self._lengths[text[begin]] if text[begin : begin + n] in self.words), 0)
            if found:
                yield begin, begin + found
            begin += found or 1


@lru_cache(maxsize=4)
def dictionary(words: tuple[str, ...]) -> Dictionary:
    return Dictionary(words)


def dictionary_words(text: str) -> tuple[str, ...]:
    """The words of a dictionary that a person wrote, one a line, in jieba's form (word, count, part of speech) too."""
    found = (_ENTRY.fullmatch(line.strip()) for line in text.splitlines())
    return tuple(dict.fromkeys(match[1] for match in found if match))


def segments(text: str, kept: Dictionary | None = None) -> list[str]:
    """A text cut into words and what stands between them: together they are the text."""
    cut = segmenter().cut
    if kept is None or not kept.words:
        return list(cut(text))
    found: list[str] = []
    place = 0
    for begin, end in kept.find(text):
        if begin > place:
            found += cut(text[place:begin])
        found.append(text[begin:end])
        place = end
    return found + cut(text[place:]) if place < len(text) else found


def chinese(text: str, kept: Dictionary | None = None) -> list[tuple[str, int]]:
    """Chinese words, each with its first character's place; punctuation is left out."""
    found, start = [], 0
    for word in segments(text, kept):
        if is_word(word):
            found.append((word, start))
        start += len(word)
    assert start == len(text)
    return found


def is_word(segment: str) -> bool:
    return segment.isalnum() or any(map(str.isalnum, segment))


@cache
def segmenter() -> Any:
    import rjieba

    return rjieba
