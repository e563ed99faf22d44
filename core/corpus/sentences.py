"""Where a sentence begins, in plain Python: for Chinese text, and for words as their kernel finds it."""

import re
from collections.abc import Sequence

import numpy as np

from core.corpus.characters import BLANK, CLOSER, JOINER, LOWER, NEWLINE, STOP, WIDE_STOP, classes

ABBREVIATIONS = frozenset(
    (
        "Mr Mrs Ms Dr Prof St Sr Jr Rev Hon Gen Col Capt Lt Sgt Maj Mt Messrs Esq Inc Ltd Co Corp vs cf al No Nos Vol "
        "vol pp Fig fig Eq approx ca Jan Feb Aug Sept Oct Nov Dec eg ie viz"
    ).split()
)
_SENTENCE_END = r"[。！？｡!?…]+[”’」』）】》)\"']*|\.(?=\s)|"
_WITHIN, _STOPPED, _QUOTED, _FRESH_QUOTED, _FRESH, _FIRST = range(6)  # as in the kernel


def sentence_starts(text: str, places: Sequence[int] | np.ndarray, fresh: bool, newlines_needed: int) -> list[int]:
    """Which of the tokens that begin at these characters begin a sentence; fresh: the first of all does."""
    pattern = re.compile(_SENTENCE_END + r"\n\s*" * newlines_needed)
    ends = [0] * fresh + [match.end() for match in pattern.finditer(text)]
    first = np.unique(np.searchsorted(places, ends))
    return first[first < len(places)].tolist()


def word_sentence_starts(text: str, words: list[tuple[str, int]], newlines_needed: int) -> list[int]:
    """The same for words, each with its first character, by the rules of `core.corpus.kernels.words`."""
    table, found, state, place, before = classes(), [], _FIRST, 0, ""
    for number, (word, begin) in enumerate(words):
        newlines = 0
        for i in range(place, begin):
            kind = int(table[ord(text[i])])
            newlines += kind == NEWLINE
            if not (text[i] == "." and i == place and _ends_no_sentence(before)):
                state = _between(state, kind, newlines, newlines_needed)
        if state > _FRESH_QUOTED or (state == _FRESH_QUOTED and table[ord(word[0])] != LOWER):
            found.append(number)
        state, place, before = _WITHIN, begin + len(word), word
    return found


def _ends_no_sentence(word: str) -> bool:
    return word in ABBREVIATIONS or (len(word) == 1 and "A" <= word <= "Z")


def _between(state: int, kind: int, newlines: int, newlines_needed: int) -> int:
    """The state after a character that is not part of a word."""
    if kind == WIDE_STOP:
        return max(state, _FRESH)
    if kind == STOP:
        return max(state, _STOPPED)
    if kind == NEWLINE:
        return max(state, _FRESH) if state > _WITHIN or newlines >= newlines_needed else state
    if state in (_STOPPED, _QUOTED):
        if kind == BLANK:
            return _FRESH if state == _STOPPED else _FRESH_QUOTED
        return _QUOTED if kind in (CLOSER, JOINER) else _WITHIN
    return state
