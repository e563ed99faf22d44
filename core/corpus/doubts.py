"""What a person should be told about a text before it is read."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from core.problem import Problem

_SMALL = 1000  # words
_FEW = 10  # different words
_SPLITS = ("chapters", "headings", "blank lines", "words")  # the best first


def doubts(
    text: str, tokens: Sequence[str], words: int, documents: int, language: str, tokenizer: str,
    splits: Sequence[dict[str, Any]],
) -> list[Problem]:  # fmt: skip
    """text: the head of it; tokens: of the head; words and documents: in all; splits: what each split would give."""
    spaced = tokenizer != "words" or not _unspaced(tokens)
    found = [] if spaced else [_no_spaces(language)]
    if documents == 1 and words >= _SMALL:
        found += _one_document(splits)
    if not unicodedata.is_normalized("NFC", text):
        found.append(Problem(
            "Some letters are written in two parts, a letter and an accent: such words are counted together with the "
            "same words in one part."
        ))  # fmt: skip
    if words < _SMALL and spaced:
        found.append(Problem(
            "This text has about {words} words: too few to train on. Bring more, or add a sample.", words=words
        ))  # fmt: skip
    elif len(set(tokens)) < _FEW:
        found.append(Problem(
            "This text has only {types} different words: there is nothing to learn from it.", types=len(set(tokens))
        ))  # fmt: skip
    return found


def _no_spaces(language: str) -> Problem:
    if language == "zh":
        return Problem(
            "This Chinese text has no spaces between its words: choose the tokeniser chinese (words by a dictionary) "
            "or characters."
        )
    return Problem("This text has no spaces between its words: choose the tokeniser characters.")


def _one_document(splits: Sequence[dict[str, Any]]) -> list[Problem]:
    counts = {split["split"]: split["documents"] for split in splits}
    for name in _SPLITS:
        if counts.get(name, 0) > 2:
            return [Problem(
                "This is one document, and what compares documents needs many: split it by {split} into {documents}.",
                split=name, documents=counts[name],
            )]  # fmt: skip
    return []


def _unspaced(tokens: Sequence[str]) -> bool:
    """Whether runs of a script that is written without spaces (Chinese, Japanese, Thai, …) came out as words."""
    runs = [len(token) for token in tokens if "\u0e00" <= token[0] <= "\u0eff" or "\u3040" <= token[0] <= "\u9fff"]
    return len(runs) > len(tokens) / 3 and sum(runs) / len(runs) > 3.5
