"""A word that is hidden in a sentence: which words can be, what was guessed for them, and what an edit changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.corpus.tokenizers import CONTINUES


@dataclass(frozen=True)
class Place:
    """A word of a text that can be hidden: as it is counted, as it is written, and the pieces it is cut into."""

    word: str
    written: str
    pieces: tuple[str, ...]


def places(vocab: Vocab, text: str) -> list[Place]:
    """The words of a text, in order; pieces of one word are together."""
    spans = vocab.spans(text)
    begins = vocab.word_starts([token for token, _ in spans])
    groups: list[list[tuple[str, int]]] = []
    for span, fresh in zip(spans, begins):
        if fresh or not groups:
            groups.append([])
        groups[-1].append(span)
    return [_place(text, group) for group in groups]


def _place(text: str, group: list[tuple[str, int]]) -> Place:
    pieces = tuple(token for token, _ in group)
    end = group[-1][1] + len(pieces[-1].removeprefix(CONTINUES))
    word = pieces[0] + "".join(piece.removeprefix(CONTINUES) for piece in pieces[1:])
    return Place(word, text[group[0][1] : end], pieces)


def same_place(words: Sequence[str], edited: Sequence[str], i: int) -> int | None:
    """Where word i of a sentence stands in an edited one; None where nothing corresponds to it.

    A word in whose place another was put corresponds to that one.
    """
    for kind, first, last, other, end in SequenceMatcher(None, list(words), list(edited), autojunk=False).get_opcodes():
        if first <= i < last:
            found = other + i - first
            return found if kind in ("equal", "replace") and found < end else None
    return None


def standing(distribution: np.ndarray, index: int) -> tuple[int, float]:
    """The rank of a word, 1 for the most probable, and its probability; distribution: float (V,)."""
    chance = float(distribution[index])
    return 1 + int((np.asarray(distribution) > chance).sum()), chance


def before_after(before: np.ndarray, after: np.ndarray, words: Sequence[str], k: int = 10) -> pd.DataFrame:
    """The words among the k most probable of two distributions, float (V,): columns word, index, before, after.

    The most probable of either comes first.
    """
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    best = np.unique([np.argsort(-each, kind="stable")[:k] for each in (first, second)])
    order = best[np.argsort(-np.maximum(first[best], second[best]), kind="stable")]
    return pd.DataFrame(
        {"word": [words[i] for i in order], "index": order, "before": first[order], "after": second[order]}
    )
