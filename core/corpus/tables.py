"""One thread's table of the words it has met, for each tokeniser: blocks of text in, tokens with this table's ids out."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np

from core.corpus.characters import classes
from core.corpus.tokenizers import chinese
from core.problem import Problem

MOST_TYPES = 4_000_000
_ABBREVIATIONS = (
    "Mr Mrs Ms Dr Prof St Sr Jr Rev Hon Gen Col Capt Lt Sgt Maj Mt Messrs Esq Inc Ltd Co Corp vs cf al No Nos Vol "
    "vol pp Fig fig Eq approx ca Jan Feb Aug Sept Oct Nov Dec eg ie viz"
).split()
_SENTENCE_END = re.compile(r"[。！？｡!?…]+[”’」』）】》)\"']*|\.(?=\s)|\n")


@dataclass(frozen=True)
class Result:
    """A block's tokens (int32), their starts (uint32, characters of the document), the tokens that begin a sentence
    (int64), and how many tokens and characters each of its documents has."""

    tokens: np.ndarray
    starts: np.ndarray
    sentences: np.ndarray
    in_document: np.ndarray
    characters: np.ndarray


@dataclass(frozen=True)
class Types:
    """The words of a table as they stand in the text, how often, and the byte where each came first."""

    words: list[str]
    counts: np.ndarray
    firsts: np.ndarray


class Table(Protocol):
    def tokenise(self, text: np.ndarray, ends: np.ndarray, begun: bool, base: int, newlines_needed: int) -> Result: ...

    def types(self) -> Types: ...


def new_table(tokenizer: str) -> Table:
    return ChineseTable() if tokenizer == "chinese" else KernelTable(tokenizer)


class KernelTable:
    """Words or characters, by the compiled kernels."""

    def __init__(self, tokenizer: str):
        from core.corpus import kernels

        self.kernel: Any = kernels.words if tokenizer == "words" else kernels.characters
        self.tokenizer, self.state = tokenizer, kernels.empty_table(tokenizer)

    def tokenise(self, text: np.ndarray, ends: np.ndarray, begun: bool, base: int, newlines_needed: int) -> Result:
        done = self.kernel(text, ends, classes(), abbreviations(), newlines_needed, begun, base, *self.state)
        self.state = done[5:]
        _check(self.state[0])
        return Result(*done[:5])

    def types(self) -> Types:
        types, _, hashes, ends, counts, firsts, pool = self.state
        if self.tokenizer == "characters":
            words = [chr(code) for code in hashes[:types].tolist()]
        else:
            places = np.concatenate([[0], ends[:types]]).tolist()
            data = pool.tobytes()
            words = [data[a:b].decode() for a, b in zip(places, places[1:])]
        return Types(words, counts[:types], firsts[:types])


class ChineseTable:
    """Chinese words, by jieba's dictionary and its hidden Markov model for the words that are not in it."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.counts: list[int] = []
        self.firsts: list[int] = []

    def tokenise(self, text: np.ndarray, ends: np.ndarray, begun: bool, base: int, newlines_needed: int) -> Result:
        data, begin = text.tobytes(), 0
        parts: list[tuple[list[int], list[int], np.ndarray, int]] = []
        for number, end in enumerate(ends.tolist()):
            parts.append(self._document(data[begin:end].decode(), begun and number == 0, base + begin))
            begin = end
        in_document = np.array([len(part[0]) for part in parts], np.int64)
        before = np.cumsum(in_document) - in_document
        return Result(
            np.array([token for part in parts for token in part[0]], np.int32),
            np.array([start for part in parts for start in part[1]], np.uint32),
            np.concatenate([part[2] + n for part, n in zip(parts, before)] or [np.zeros(0)]).astype(np.int64),
            in_document,
            np.array([part[3] for part in parts], np.int64),
        )

    def _document(self, text: str, begun: bool, base: int) -> tuple[list[int], list[int], np.ndarray, int]:
        found = chinese(text)
        starts = [start for _, start in found]
        tokens = [self._id(word, base + start) for word, start in found]
        ends = [] if begun else [0]
        ends += [match.end() for match in _SENTENCE_END.finditer(text)]
        sentences = np.unique(np.searchsorted(starts, ends)) if starts else np.zeros(0, np.int64)
        return tokens, starts, sentences[sentences < len(starts)], len(text)

    def _id(self, word: str, place: int) -> int:
        found = self.ids.setdefault(word, len(self.ids))
        if found == len(self.counts):
            self.counts.append(0)
            self.firsts.append(place)
            _check(found)
        self.counts[found] += 1
        return found

    def types(self) -> Types:
        return Types(list(self.ids), np.array(self.counts, np.int64), np.array(self.firsts, np.int64))


@cache
def abbreviations() -> np.ndarray:
    """uint64: the hashes of the words whose full stop ends no sentence."""
    from core.corpus.kernels import word_hash

    encoded = (np.array(list(word.encode()), np.uint8) for word in _ABBREVIATIONS)
    return np.array([word_hash(word, 0, len(word)) for word in encoded], np.uint64)


def _check(types: int) -> None:
    if types > MOST_TYPES:
        raise Problem(
            "This text has more than {most} different words; is it text? Choose a smaller part of it.", most=MOST_TYPES
        )
