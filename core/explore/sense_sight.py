"""What of its sentence a run may see of a word: one side alone, or all but the words that give its sense away.

Words are hidden with all their characters, so every run hides the same ones, however it cuts a text. Nothing here asks
a run: sentences are changed before they are read, and a `Veiled` vocabulary says what stands where a word is hidden.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.corpus.characters import fold
from core.corpus.tokenizers import HIDDEN
from core.encoders.base import Encoder
from core.explore.sense_groups import Context, told_apart
from core.problem import Problem

SIDES = ("both", "left", "right")
MOST = 40  # telling words that are listed
REST = "\ue001"  # the other characters of a hidden word
_PARTS = re.compile(f"{HIDDEN}{REST}*|[^{HIDDEN}{REST}]+")

Way = Literal["mask", "unknown", "cut"]


@dataclass(frozen=True)
class Sight:
    """side: what a run sees beside the word, "both", "left" or "right"; hidden: words, as the corpus cuts them, that it
    does not see. Raises Problem for another side."""

    side: str = "both"
    hidden: Collection[str] = ()

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise Problem("{side} is no side of a word; choose one of {known}.", side=str(self.side)[:40],
                          known=", ".join(SIDES))  # fmt: skip

    def of(self, frame: pd.DataFrame, vocab: Vocab) -> pd.DataFrame:
        """The frame of `core.explore.senses` with other sentences, first and last: cut on one side, each hidden word as
        HIDDEN and a filling, as long as it was. vocab: the corpus's, which says what is a word."""
        hidden = {fold(word, vocab.lowercase) for word in self.hidden}
        rows = []
        for text, first, last in frame[["sentence", "first", "last"]].itertuples(index=False):
            left = _veiled(text[:first], hidden, vocab) if self.side != "right" else ""
            right = _veiled(text[last:], hidden, vocab) if self.side != "left" else ""
            rows.append((left + text[first:last] + right, len(left), len(left) + last - first))
        changed = pd.DataFrame(rows, columns=["sentence", "first", "last"], index=frame.index)
        return frame.assign(**{name: changed[name] for name in changed})


def _veiled(text: str, hidden: Collection[str], vocab: Vocab) -> str:
    if not hidden:
        return text
    spans = vocab.spans(text)
    ends = [*(place for _word, place in spans[1:]), len(text)]
    letters = list(text)
    for (word, place), end in zip(spans, ends):
        if fold(word, vocab.lowercase) in hidden:
            last = max(place + 1, min(end, place + len(word.removeprefix("##"))))
            letters[place:last] = HIDDEN + REST * (last - place - 1)
    return "".join(letters)


class Veiled(Vocab):
    """A run's vocabulary that finds HIDDEN where a word is hidden, or with `cut` nothing at all: once a word, and where
    its tokens are characters, at each of them, as such a run learned to guess."""

    def __init__(self, vocab: Vocab, cut: bool):
        self.__dict__.update(vocab.__dict__)
        self._cut = cut

    def spans(self, text: str) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for part in _PARTS.finditer(text):
            if not part[0].startswith(HIDDEN):
                found += [(word, part.start() + place) for word, place in super().spans(part[0])]
            elif not self._cut:
                marks = len(part[0]) if self.tokenizer == "characters" else 1
                found += [(HIDDEN, part.start() + i) for i in range(marks)]
        return found

    def tokenize(self, text: str) -> list[str]:
        return [word for word, _place in self.spans(text)]


def way(encoder: Encoder) -> Way:
    """What stands for a hidden word in an encoder: [MASK]; the unknown word; or it is cut out, where neither is known:
    a vocabulary of bytes has a piece for everything."""
    if getattr(encoder, "hides", False):
        return "mask"
    vocab = encoder.vocab
    known = vocab.tokenizer == "pieces" and (vocab.encode(vocab.tokenize(HIDDEN)) < len(vocab)).any()
    return "cut" if known else "unknown"


def telling(contexts: Sequence[Context], groups: np.ndarray, skipped: set[str]) -> list[list[Any]]:
    """The words of the sentences that tell most about the group: up to 40 [word, group, occurrences of the group with
    it, of other groups, log-odds in bits, z], the surest first; a word once, with the group that it is surest for.

    See `core.explore.sense_groups.characteristic`, but for the whole sentence. skipped: words that are none (the word
    itself, those of grammar). Log-odds less than their error tell nothing, nor does anything of one group.
    """
    sets = [{*left, *right} - skipped for left, right in contexts]
    kinds = np.unique(groups[groups >= 0]).tolist()
    if len(kinds) < 2:
        return []
    rows = [[word, kind, *rest] for kind in kinds
            for word, *rest in told_apart(sets, groups == kind, groups >= 0, MOST) if rest[-1] >= 1]  # fmt: skip
    rows.sort(key=lambda row: (-row[5], row[0]))
    first: dict[str, list[Any]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return list(first.values())[:MOST]
