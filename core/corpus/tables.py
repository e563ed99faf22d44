"""One thread's table of the words it has met, for each tokeniser: blocks of text in, tokens with its own ids out."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from core.corpus.characters import CODE_POINTS, classes, fold, piece_classes
from core.corpus.tokenizers import chinese
from core.problem import Problem

MOST_TYPES = 4_000_000
ABBREVIATIONS = (
    "Mr Mrs Ms Dr Prof St Sr Jr Rev Hon Gen Col Capt Lt Sgt Maj Mt Messrs Esq Inc Ltd Co Corp vs cf al No Nos Vol "
    "vol pp Fig fig Eq approx ca Jan Feb Aug Sept Oct Nov Dec eg ie viz"
).split()
_SENTENCE_END = r"[。！？｡!?…]+[”’」』）】》)\"']*|\.(?=\s)|"


@dataclass(frozen=True)
class Block:
    """A stretch of text: its first byte in the whole, and the byte in it where each document ends.

    begun: the first document began before. goes_on: the last one goes on after it.
    """

    base: int
    text: np.ndarray
    ends: np.ndarray
    begun: bool
    goes_on: bool


@dataclass(frozen=True)
class Result:
    """A block's tokens (int32), their starts (uint32, characters of the document; of the block, if it had begun),
    the tokens that begin a sentence (int64), and the tokens and characters of each document (int64)."""

    tokens: np.ndarray
    starts: np.ndarray
    sentences: np.ndarray
    in_document: np.ndarray
    characters: np.ndarray


class Table(Protocol):
    """counts, firsts: int64, how often each type occurs and the byte where it came first; at least one a type."""

    counts: np.ndarray
    firsts: np.ndarray

    def tokenise(self, block: Block, newlines_needed: int) -> Result: ...

    def words(self, lowercase: bool) -> list[str]:
        """The types in the order of their ids, each in the form under which it is counted (so two may be equal)."""
        ...


def new_table(tokenizer: str) -> Table:
    return {"words": WordTable, "chinese": ChineseTable, "characters": CharacterTable}[tokenizer]()


class WordTable:
    """Words, by the compiled kernel."""

    every = False  # whether punctuation is a token too

    def __init__(self, room: int = 1 << 15) -> None:
        """room: types before the table is first doubled; a power of two."""
        self.used, self.classes = 0, piece_classes() if self.every else classes()
        self.slots, self.keys = np.zeros(2 * room, np.uint32), np.zeros(room, np.uint64)
        self.ends, self.pool = np.zeros(room + 1, np.int64), np.zeros(8 * room, np.uint8)
        self.counts, self.firsts = np.zeros(room, np.int64), np.zeros(room, np.int64)

    def tokenise(self, block: Block, newlines_needed: int) -> Result:
        from core.corpus import kernels

        full = True
        while full:
            *result, self.used, full = kernels.words(
                block.text, block.ends, block.begun, newlines_needed, block.base, self.every, self.classes,
                abbreviations(), self.used, self.slots, self.keys, self.ends, self.counts, self.firsts, self.pool,
            )  # fmt: skip
            _check(self.used)
            if full:
                self._grow(len(block.text))
        return Result(*result)

    def _grow(self, letters: int) -> None:
        """Twice the types, and room for another block's letters."""
        from core.corpus.kernels import filed

        room = len(self.keys)
        self.keys, self.counts, self.firsts = (
            np.concatenate([array, np.zeros(room, array.dtype)]) for array in (self.keys, self.counts, self.firsts)
        )
        self.ends = np.concatenate([self.ends, np.zeros(room, np.int64)])
        self.pool = np.concatenate([self.pool, np.zeros(len(self.pool) + letters, np.uint8)])
        self.slots = filed(self.keys, self.used, 4 * room)

    def words(self, lowercase: bool) -> list[str]:
        return fold(self.pool[: self.ends[self.used]].tobytes().decode(), lowercase).split("\n")[:-1]


class PieceTable(WordTable):
    """Words, and whatever else can be seen a character each, as they are spelt: pieces are cut from these."""

    every = True

    def words(self, lowercase: bool) -> list[str]:  # noqa: ARG002
        return self.pool[: self.ends[self.used]].tobytes().decode().split("\n")[:-1]


class CharacterTable:
    """Characters, by the compiled kernel."""

    def __init__(self) -> None:
        self.used, self.slots = 0, np.zeros(CODE_POINTS, np.uint32)
        self.codes, self.counts, self.firsts = (np.zeros(CODE_POINTS, np.int64) for _ in range(3))

    def tokenise(self, block: Block, newlines_needed: int) -> Result:
        from core.corpus import kernels

        *result, self.used, _ = kernels.characters(
            block.text, block.ends, block.begun, newlines_needed, block.base, classes(),
            self.used, self.slots, self.codes, self.counts, self.firsts,
        )  # fmt: skip
        return Result(*result)

    def words(self, lowercase: bool) -> list[str]:
        return [fold(chr(code), lowercase) for code in self.codes[: self.used].tolist()]


class ChineseTable:
    """Chinese words, by jieba's dictionary and its hidden Markov model for the words that are not in it."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.firsts = np.zeros(1 << 12, np.int64)
        self.counts = np.zeros(1 << 12, np.int64)

    def tokenise(self, block: Block, newlines_needed: int) -> Result:
        data, begin = block.text.tobytes(), 0
        words: list[str] = []
        starts: list[int] = []
        bases: list[int] = []
        sentences: list[int] = []
        lengths: list[int] = []
        characters: list[int] = []
        for number, end in enumerate(block.ends.tolist()):
            text = data[begin:end].decode()
            found = chinese(text)
            places = [start for _, start in found]
            fresh = not (block.begun and number == 0)
            sentences += [len(words) + k for k in sentence_starts(text, places, fresh, newlines_needed)]
            words += [word for word, _ in found]
            bases += [block.base + begin] * len(found)
            starts += places
            lengths.append(len(found))
            characters.append(len(text))
            begin = end
        return Result(
            self._count(words, np.array(bases, np.int64) + np.array(starts, np.int64)),
            np.array(starts, np.uint32), np.array(sentences, np.int64),
            np.array(lengths, np.int64), np.array(characters, np.int64),
        )  # fmt: skip

    def _count(self, words: list[str], places: np.ndarray) -> np.ndarray:
        """int32: the words' ids; new words are taken up with their place."""
        known = len(self.ids)
        tokens = np.array([self.ids.setdefault(word, len(self.ids)) for word in words], np.int32)
        _check(len(self.ids))
        while len(self.ids) > len(self.counts):
            self.counts, self.firsts = (np.concatenate([array, 0 * array]) for array in (self.counts, self.firsts))
        new, first = np.unique(tokens, return_index=True)
        self.firsts[new[new >= known]] = places[first[new >= known]]
        self.counts += np.bincount(tokens, minlength=len(self.counts))
        return tokens

    def words(self, lowercase: bool) -> list[str]:
        return [fold(word, lowercase) for word in self.ids]


def sentence_starts(text: str, places: list[int], fresh: bool, newlines_needed: int) -> list[int]:
    """Which of the tokens that begin at these characters begin a sentence; fresh: the first of all does."""
    pattern = re.compile(_SENTENCE_END + r"\n\s*" * newlines_needed)
    ends = [0] * fresh + [match.end() for match in pattern.finditer(text)]
    first = np.unique(np.searchsorted(places, ends))
    return first[first < len(places)].tolist()


@cache
def abbreviations() -> np.ndarray:
    """uint64: the keys of the words whose full stop ends no sentence."""
    from core.corpus.kernels import word_key

    encoded = (np.array(list(word.encode()), np.uint8) for word in ABBREVIATIONS)
    return np.array([word_key(word) for word in encoded], np.uint64)


def _check(types: int) -> None:
    if types > MOST_TYPES:
        raise Problem(
            "This text has more than {most} different words; is it text? Choose a smaller part of it.", most=MOST_TYPES
        )
