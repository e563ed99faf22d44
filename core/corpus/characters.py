"""What a character is to a tokeniser: one table of classes over all code points, used by the kernels and in Python.

A word is a letter or digit followed by letters, digits and marks; an apostrophe or an invisible joiner between two
of them belongs to the word (don't, l’eau, می‌خواهم); everything else, the hyphen too, parts words.
"""

import re
import unicodedata
from functools import cache

import numpy as np

OTHER, BLANK, NEWLINE, LETTER, LOWER, MARK, JOINER, STOP, WIDE_STOP, CLOSER, HAN = range(11)
CODE_POINTS = 0x110000
_LAST_ASSIGNED = 0x33480  # beyond the third plane only variation selectors (marks) matter here
_SPECIAL = {
    BLANK: " \t\r",
    NEWLINE: "\n\x0b\x0c\x85\u2028\u2029",
    JOINER: "'’\u00ad\u200c\u200d",
    STOP: ".!?…‽",
    WIDE_STOP: "。！？｡．؟।॥",
    CLOSER: '"”’»)]}』」）】》〉',
}
NEWLINES = frozenset(_SPECIAL[NEWLINE])
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20), (0x30000, 0x33480))


@cache
def classes() -> np.ndarray:
    """uint8 (0x110000,): the class of every code point."""
    table = np.zeros(CODE_POINTS, np.uint8)
    for code in range(_LAST_ASSIGNED):
        table[code] = _class(unicodedata.category(chr(code)))
    table[0xE0100:0xE01F0] = MARK
    for kind, members in _SPECIAL.items():
        for character in members:
            if table[ord(character)] != JOINER:  # ’ closes a quotation too, but first it joins
                table[ord(character)] = kind
    return table


@cache
def piece_classes() -> np.ndarray:
    """The same for text that is cut into pieces: Chinese characters each by itself, what cannot be seen as a blank."""
    table = classes().copy()
    for first, end in _HAN:
        part = table[first:end]
        part[part == LETTER] = HAN
    for code in np.flatnonzero(table == OTHER).tolist():
        if unicodedata.category(chr(code))[0] == "C":
            table[code] = BLANK
    return table


def _class(category: str) -> int:
    if category == "Ll":
        return LOWER
    if category[0] in "LN":
        return LETTER
    if category[0] == "M":
        return MARK
    return BLANK if category == "Zs" else OTHER


@cache
def word_pattern() -> re.Pattern[str]:
    """A regular expression that finds the same words as the kernel."""
    return re.compile(_words(classes()))


@cache
def every_pattern() -> re.Pattern[str]:
    """A regular expression that finds words, Chinese characters and every other character that can be seen."""
    table = piece_classes()
    unseen = (table == BLANK) | (table == NEWLINE) | (table == JOINER)
    unseen[[ord("'"), ord("’")]] = False
    return re.compile(f"{_words(table)}|[^{_ranges(unseen)}]")


def _words(table: np.ndarray) -> str:
    first = _ranges((table == LETTER) | (table == LOWER))
    inner = _ranges((table == LETTER) | (table == LOWER) | (table == MARK))
    joiner = _ranges(table == JOINER)
    return f"[{first}][{inner}]*(?:[{joiner}][{first}][{inner}]*)*"


@cache
def blank_pattern() -> re.Pattern[str]:
    """A regular expression that finds runs of white space."""
    table = classes()
    return re.compile(f"[{_ranges((table == BLANK) | (table == NEWLINE))}]+")


def _ranges(chosen: np.ndarray) -> str:
    """The inside of a regular expression's [...] for the code points that are true."""
    edges = np.flatnonzero(np.diff(chosen.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return "".join(f"{re.escape(chr(a))}-{re.escape(chr(b - 1))}" for a, b in edges)


def fold(words: str, lowercase: bool) -> str:
    """The form under which a word is counted: one apostrophe, composed letters (NFC), lower case if asked.

    Works on one word or on many in one string, one a line.
    """
    folded = unicodedata.normalize("NFC", words.replace("’", "'"))
    return unicodedata.normalize("NFC", folded.lower()) if lowercase else folded
