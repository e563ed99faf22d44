"""One thread's table of the words it has met, for each tokeniser: blocks of text in, tokens with its own ids out."""

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Protocol

import numpy as np

from core.corpus.characters import CODE_POINTS, classes, fold, piece_classes
from core.corpus.chinese import dictionary, is_word, segments
from core.corpus.sentences import ABBREVIATIONS, sentence_starts
from core.corpus.tokenizers import Tokenization
from core.problem import Problem

MOST_TYPES = 4_000_000


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
    """used: types. counts, firsts: int64, how often each occurs and the byte where it came first; at least one each."""

    counts: np.ndarray
    firsts: np.ndarray

    @property
    def used(self) -> int: ...

    def tokenise(self, block: Block, newlines_needed: int) -> Result: ...

    def take_up(self, other: Any) -> np.ndarray:
        """The ids of another table's types in this one; new ones get a count of 0."""
        ...

    def words(self, lowercase: bool) -> list[str]:
        """The types in the order of their ids, each in the form under which it is counted (so two may be equal)."""
        ...


def new_table(how: Tokenization) -> Table:
    if how.tokenizer == "chinese":
        return ChineseTable(how.dictionary)
    return {"words": WordTable, "pieces": PieceTable, "characters": CharacterTable}[how.tokenizer]()


class WordTable:
    """Words, by the compiled kernel."""

    every = False  # whether punctuation is a token too

    def __init__(self, room: int = 1 << 18) -> None:
        """room: types before the table is first doubled; a power of two."""
        self._room = [np.empty(0, kind) for kind in (np.uint32, np.uint32, np.uint32, np.int64)]  # for a block
        self.used, self.classes = 0, piece_classes() if self.every else classes()
        self.slots, self.seconds = np.zeros(4 * room, np.uint64), np.zeros(room, np.uint64)
        self.ends, self.pool = np.zeros(room + 1, np.int64), np.zeros(8 * room, np.uint8)
        self.counts, self.firsts = np.zeros(room, np.int64), np.zeros(room, np.int64)

    def tokenise(self, block: Block, newlines_needed: int) -> Result:
        from core.corpus import kernels

        room = (len(block.text) if self.every else len(block.text) // 2) + len(block.ends) + 1
        if room > len(self._room[0]):
            self._room = [np.empty(room, array.dtype) for array in self._room]
        begins, ends, starts, sentences = self._room
        found, fresh, in_document, characters = kernels.words(
            block.text, block.ends, block.begun, newlines_needed, self.every, self.classes, abbreviations(),
            *self._room,
        )  # fmt: skip
        tokens, done = np.empty(found, np.int32), 0
        while True:
            self.used, done = kernels.look_up(
                block.text, begins, ends, done, found, block.base,
                self.used, self.slots, self.seconds, self.ends, self.counts, self.firsts, self.pool, tokens,
            )  # fmt: skip
            _check(self.used)
            if done == found:
                return Result(tokens, starts[:found].copy(), sentences[:fresh].copy(), in_document, characters)
            self._grow(len(block.text))

    def _grow(self, letters: int) -> None:
        """Twice the types, and room for another block's letters."""
        from core.corpus.kernels import filed

        room = len(self.counts)
        self.seconds, self.counts, self.firsts = (
            np.concatenate([array, np.zeros(room, array.dtype)]) for array in (self.seconds, self.counts, self.firsts)
        )
        self.ends = np.concatenate([self.ends, np.zeros(room, np.int64)])
        self.pool = np.concatenate([self.pool, np.zeros(len(self.pool) + letters, np.uint8)])
        self.slots = filed(self.ends, self.pool, self.used, 4 * room)

    def words(self, lowercase: bool) -> list[str]:
        return fold(self.pool[: self.ends[self.used]].tobytes().decode(), lowercase).split("\n")[:-1]

    def folded(self, lowercase: bool) -> tuple["WordTable", np.ndarray | None]:
        """(the types as they are counted, each once; int32 the id there of each of these, None if it is its own)."""
        spelt = self.pool[: self.ends[self.used]].tobytes()
        letters = fold(spelt.decode(), lowercase).encode()
        if letters == spelt:
            return self, None
        lines = WordTable(0)
        lines.pool, lines.used = np.frombuffer(letters + bytes(8), np.uint8).copy(), self.used
        lines.ends = np.concatenate([[0], np.flatnonzero(lines.pool == 10) + 1])
        once = WordTable(len(self.counts))
        return once, once.take_up(lines)

    def as_json(self, order: np.ndarray) -> bytes:
        """The types with these ids as a JSON list."""
        from core.corpus.kernels import listed

        return b"[%s]" % listed(self.pool, self.ends, order).tobytes()

    def take_up(self, other: "WordTable") -> np.ndarray:
        """The ids of another table's types in this one; new ones get a count of 0."""
        from core.corpus.kernels import merge

        while True:
            ids, self.used, full = merge(
                other.used, other.ends, other.pool,
                self.used, self.slots, self.seconds, self.ends, self.counts, self.firsts, self.pool,
            )  # fmt: skip
            _check(self.used)
            if not full:
                return ids
            self._grow(len(other.pool))


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

    def take_up(self, other: "CharacterTable") -> np.ndarray:
        codes = other.codes[: other.used]
        for code in codes[self.slots[codes] == 0].tolist():
            self.codes[self.used], self.firsts[self.used] = code, np.iinfo(np.int64).max
            self.used += 1
            self.slots[code] = self.used
        return self.slots[codes].astype(np.int64) - 1

    def words(self, lowercase: bool) -> list[str]:
        return [fold(chr(code), lowercase) for code in self.codes[: self.used].tolist()]


class ChineseTable:
    """Chinese words, by jieba's dictionary and its hidden Markov model for the words that are not in it."""

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        """words: of a person's own dictionary."""
        self.kept = dictionary(words)
        self.ids = _Ids()
        self.spoken = np.zeros(1 << 12, np.bool_)  # of every segment that was met, whether it is a word
        self.firsts = np.zeros(1 << 12, np.int64)
        self.counts = np.zeros(1 << 12, np.int64)

    def tokenise(self, block: Block, newlines_needed: int) -> Result:
        data, begins = block.text.tobytes(), [0, *block.ends.tolist()]
        texts = [data[begin:end].decode() for begin, end in zip(begins, begins[1:])]
        parts, edges = list[str](), [0]  # of all documents at once: there may be a thousand in a block
        for text in texts:
            parts += segments(text, self.kept)
            edges.append(len(parts))
        tokens, starts, ends = self._words(parts, np.array(edges), block.base + np.array(begins[:-1]))
        sentences = []
        for number, (text, first, last) in enumerate(zip(texts, ends.tolist(), ends[1:].tolist())):
            fresh = not (block.begun and number == 0)
            found = sentence_starts(text, starts[first:last], fresh, newlines_needed)
            sentences.append(first + np.array(found, np.int64))
        return Result(tokens, starts, np.concatenate(sentences), np.diff(ends),
                      np.array([len(text) for text in texts], np.int64))  # fmt: skip

    def _words(self, parts: list[str], edges: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, ...]:
        """(int32 the ids of the words, uint32 where they begin in their document, int64 the words before each document
        and in all); new ones are taken up. parts: what documents were cut into; edges: int64, the parts before each and
        in all; places: int64, the byte where each begins."""
        known = len(self.ids)
        ids = np.fromiter(map(self.ids.__getitem__, parts), np.int32, len(parts))
        before = np.concatenate([[0], np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))])
        each = np.repeat(np.arange(len(places)), np.diff(edges))  # the document of each part
        starts = before[:-1] - before[edges[:-1]][each]
        self._grow(known)
        new, first = np.unique(ids, return_index=True) if len(self.ids) > known else (ids[:0], ids[:0])
        self.firsts[new[new >= known]] = (places[each] + starts)[first[new >= known]]
        chosen = self.spoken[ids]
        np.add.at(self.counts, ids[chosen], 1)
        words = np.concatenate([[0], np.cumsum(chosen)])[edges]
        return ids[chosen], starts[chosen].astype(np.uint32), words.astype(np.int64)

    @property
    def used(self) -> int:
        return len(self.ids)

    def take_up(self, other: "ChineseTable") -> np.ndarray:
        known = len(self.ids)
        ids = np.fromiter(map(self.ids.__getitem__, other.ids), np.int64, len(other.ids))
        self._grow(known)
        self.firsts[known : len(self.ids)] = np.iinfo(np.int64).max
        return ids

    def _grow(self, known: int) -> None:
        _check(len(self.ids))
        while len(self.ids) > len(self.counts):
            self.counts, self.firsts, self.spoken = (
                np.concatenate([array, np.zeros_like(array)]) for array in (self.counts, self.firsts, self.spoken)
            )
        for word in islice(reversed(self.ids), len(self.ids) - known):
            self.spoken[self.ids[word]] = is_word(word)

    def words(self, lowercase: bool) -> list[str]:
        return [fold(word, lowercase) for word in self.ids]


class _Ids(dict[str, int]):
    """Numbers the keys in the order in which they are first asked for."""

    def __missing__(self, key: str) -> int:
        self[key] = number = len(self)
        return number


def join(tables: list[Table]) -> list[np.ndarray]:
    """Take all types up into the first table; returns the ids there of each table's types."""
    first, *others = tables
    ids = [np.arange(first.used)]
    for other in others:
        ids.append(first.take_up(other))
        first.counts[ids[-1]] += other.counts[: other.used]
        first.firsts[ids[-1]] = np.minimum(first.firsts[ids[-1]], other.firsts[: other.used])
    return ids


@cache
def abbreviations() -> np.ndarray:
    """uint64: the letters, eight at most, of the words whose full stop ends no sentence; the first one lowest."""
    return np.array([int.from_bytes(word.encode(), "little") for word in sorted(ABBREVIATIONS)], np.uint64)


def _check(types: int) -> None:
    if types > MOST_TYPES:
        raise Problem(
            "This text has more than {most} different words; is it text? Choose a smaller part of it.", most=MOST_TYPES
        )
