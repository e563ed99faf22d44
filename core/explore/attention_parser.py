"""Heads as parsers: which head looks from a word at its syntactic head, relation by relation, beside a fixed offset.

Clark, Khandelwal, Levy and Manning (2019), What does BERT look at?, section 4.2: a head's guess for a word is the other
word that it looks at most, or the one that looks at it most. They chose each best head on what they scored it on; here
it is chosen on every second sentence and scored on the others, and so is the offset. Punctuation is left out.

Shapes: L layers, H heads, T words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.explore.evaluation import wilson_interval
from core.problem import Problem

REACH = 5  # words that an offset may be away
OFFSETS = np.array([*range(-REACH, 0), *range(1, REACH + 1)])
ALL = "*"  # every relation together
MOST = 1000  # sentences


@dataclass(frozen=True)
class Parsed:
    """One sentence: words; heads int64 (T,), the place of each word's head, -1 for the root; relations, without what
    stands behind a colon."""

    words: list[str]
    heads: np.ndarray
    relations: list[str]


def read_conllu(lines: Iterable[str], name: str, most: int = MOST) -> list[Parsed]:
    """The first `most` sentences of a CoNLL-U file; words of several tokens and empty nodes are passed over.

    Raises Problem with the line that cannot be read, or if there is no sentence.
    """
    found: list[Parsed] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""], 1):
        line = line.rstrip("\r\n").lstrip("\ufeff")
        if not line.strip():
            if rows:
                found.append(_sentence(rows, name))
            rows = []
            if len(found) == most:
                break
        elif not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) != 10:
                raise Problem("Line {line} of {name} has {count} columns, and CoNLL-U has 10 with tabs between them.",
                              line=number, name=name, count=len(cells))  # fmt: skip
            if cells[0].isdigit():
                rows.append((number, cells))
    if not found:
        raise Problem("{name} holds no sentence: bring a CoNLL-U file.", name=name)
    return found


def _sentence(rows: list[tuple[int, list[str]]], name: str) -> Parsed:
    places = {cells[0]: place for place, (_number, cells) in enumerate(rows)} | {"0": -1}
    for number, cells in rows:
        if cells[6] not in places:
            raise Problem("Line {line} of {name} names the head {head}, which is no word of its sentence.",
                          line=number, name=name, head=cells[6][:20])  # fmt: skip
    return Parsed(
        [cells[1] for _number, cells in rows], np.array([places[cells[6]] for _number, cells in rows]),
        [cells[7].partition(":")[0] for _number, cells in rows],
    )  # fmt: skip


@dataclass
class Parsing:
    """Hits of every head and offset, sentence by sentence. Relation -> counts float64 (2,), one half of the sentences
    and the other; heads (2, L, H, 2), the last axis: the most looked at, the one that looks most; offsets (2, 10)."""

    sentences: int = 0
    counts: dict[str, np.ndarray] = field(default_factory=dict)
    heads: dict[str, np.ndarray] = field(default_factory=dict)
    offsets: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, attention: np.ndarray, parsed: Parsed) -> None:
        """attention: float (L, H, T, T) between the words of the sentence."""
        others = np.where(np.eye(len(parsed.words), dtype=bool), -1, attention)
        looked, looking = others.argmax(-1), others.argmax(-2)  # (L, H, T) each
        half = self.sentences % 2
        for word, (head, relation) in enumerate(zip(parsed.heads, parsed.relations)):
            if head < 0 or relation == "punct":
                continue
            hits = np.stack([looked[:, :, word] == head, looking[:, :, word] == head], -1)
            for name in (relation, ALL):
                if name not in self.counts:
                    self.counts[name], self.offsets[name] = np.zeros(2), np.zeros((2, len(OFFSETS)))
                    self.heads[name] = np.zeros((2, *hits.shape))
                self.counts[name][half] += 1
                self.heads[name][half] += hits
                self.offsets[name][half] += word + OFFSETS == head
        self.sentences += 1

    def table(self, fewest: int = 5) -> list[dict[str, Any]]:
        """A row a relation with at least so many words in both halves, the most frequent first: relation, n (words that
        are scored), layer, head, side (0: the most looked at, 1: the one that looks most), accuracy, low, high,
        offset, offset_accuracy. Chosen on the first half, scored on the second."""
        rows = []
        for name, counts in sorted(self.counts.items(), key=lambda each: -each[1].sum()):
            if counts.min() < fewest:
                continue
            layer, head, side = map(int, np.unravel_index(self.heads[name][0].argmax(), self.heads[name][0].shape))
            offset = int(self.offsets[name][0].argmax())
            hits, n = self.heads[name][1, layer, head, side], counts[1]
            low, high = wilson_interval(float(hits / n), int(n))
            rows.append({
                "relation": name, "n": int(n), "layer": layer, "head": head, "side": side, "accuracy": float(hits / n),
                "low": low, "high": high, "offset": int(OFFSETS[offset]),
                "offset_accuracy": float(self.offsets[name][1, offset] / n),
            })  # fmt: skip
        return rows
