"""Contexts cut: what stands before, after, or far from a word goes."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.counter.operation import FROM, Ending, Label, Made, Operation, Parents, ids_of
from core.corpus.counter.replacing import CHANGED
from core.corpus.counter.stretches import Stretch, opening, stretches, token_end
from core.options import option
from core.problem import marked

_GAP = " … "  # in the place of what was cut between two parts of a sentence; it ends a sentence


class CutContext(Operation):
    """In each sentence with the word, the words before it, after it, or more than a window away are cut.

    Where the word comes several times in a sentence, each occurrence keeps what lies between it and the next one on
    the side that is kept. The occurrences are labelled with their word; a document counts its cut sentences. A
    sentence of more than a megabyte is cut by pieces.
    """

    name = "cut context"
    title = marked("Cut the context")
    help = marked("What stands before or after a word is cut away: which side tells a model what it means?")
    shrinks = True

    word: str = option("", "Word", "A word of the corpus, or several forms of it parted by blanks.")
    cut: Literal["left", "right", "outside a window"] = option(
        "left", "Cut", "All before the word, all after it, or all that is farther away than the window."
    )
    window: int = option(5, "Window", "Words kept on each side, for a window.", low=0, high=50, step=1)
    others: bool = option(True, "Other sentences", "Keep the sentences without the word as they are.")

    def check(self, corpus: Corpus, _other: Corpus | None = None) -> None:
        ids_of(corpus, self.word, self.fields()["word"].title)

    def called(self, name: str) -> str:
        side = {"left": "cut before", "right": "cut after"}.get(self.cut, "cut around")
        return f"{name}, {side} {self.word.split()[0]}"

    def made(self, parents: Parents) -> Iterator[Made]:
        corpus = parents.own
        asked, words = ids_of(corpus, self.word, self.fields()["word"].title), corpus.cut(1).vocab.words
        table = np.zeros(corpus.types, bool)
        table[list(asked)] = True
        length = cuts = 0
        for stretch in stretches(corpus):
            sentences = _Sentences(corpus, stretch, table, words)
            parts: list[str] = []
            for sentence in sentences.found():
                parts.append(sentences.before(sentence) if self.others else "")
                length += len(parts[-1])
                for text, places in sentences.cut(sentence, self.cut, self.window):
                    for token, begin, end in places:
                        yield Label(length + begin, length + end, words[int(corpus.tokens[token])])
                    parts.append(text)
                    length += len(text)
                cuts += 1
            parts.append(sentences.rest() if self.others else "")
            length += len(parts[-1])
            yield "".join(parts)
            if stretch.ends:
                yield Ending(stretch.document, {FROM: str(stretch.document), CHANGED: str(cuts)})
                length = cuts = 0


class _Sentences:
    """The sentences of a stretch that hold one of the words; each is a range of tokens (first, last)."""

    def __init__(self, corpus: Corpus, stretch: Stretch, table: np.ndarray, words: list[str]):
        self.corpus, self.stretch, self.text, self.words = corpus, stretch, stretch.text, words
        self.places = np.flatnonzero(table[corpus.tokens[stretch.first : stretch.last]]) + stretch.first
        low, high = np.searchsorted(corpus.sentences, [stretch.first, stretch.last])
        self.edges = np.unique([stretch.first, *corpus.sentences[low:high].tolist(), stretch.last])
        self.done = 0  # characters of the stretch that were written or left out

    def found(self) -> Iterator[tuple[int, int]]:
        for k in np.unique(np.searchsorted(self.edges, self.places, "right")).tolist():
            yield int(self.edges[k - 1]), int(self.edges[k])

    def before(self, sentence: tuple[int, int]) -> str:
        """The text up to the sentence."""
        return self.text[self.done : self._begin(sentence[0])]

    def rest(self) -> str:
        return self.text[self.done :]

    def cut(
        self, sentence: tuple[int, int], side: str, window: int
    ) -> Iterator[tuple[str, list[tuple[int, int, int]]]]:
        """The parts that are left of a sentence, each with its occurrences: (token, first character, end) in it."""
        first, last = sentence
        places = self.places[slice(*np.searchsorted(self.places, [first, last]))].tolist()
        ranges = _ranges(places, first, last, side, window)
        begin, end = self._begin(first), self._begin(last) if last < self.stretch.last else len(self.text)
        for number, (low, high) in enumerate(ranges):
            start = begin if low == first else self._start(low)
            final = number == len(ranges) - 1
            stop = self._end(high - 1)
            text = self.text[start:stop] + (self.text[max(stop, self._tail(start, end)) : end] if final else _GAP)
            inside = [token for token in places if low <= token < high]
            yield text, [(token, self._start(token) - start, self._end(token) - start) for token in inside]
        self.done = end

    def _tail(self, start: int, end: int) -> int:
        """Where the marks and the white space begin that end a sentence."""
        while end > start and not self.text[end - 1].isalnum():
            end -= 1
        return end

    def _start(self, token: int) -> int:
        return int(self.corpus.starts[token]) - self.stretch.base

    def _begin(self, token: int) -> int:
        """Where the sentence that begins with this token begins, with the marks that open it."""
        if token >= self.stretch.last:
            return len(self.text)
        return self._start(token) - opening(self.text, self._start(token))

    def _end(self, token: int) -> int:
        limit = self._start(token + 1) if token + 1 < self.stretch.last else len(self.text)
        word = self.words[int(self.corpus.tokens[token])]
        return token_end(self.text, self._start(token), word, limit, self.corpus.facts["lowercase"])


def _ranges(places: list[int], first: int, last: int, side: str, window: int) -> list[tuple[int, int]]:
    """The token ranges of a sentence that are kept."""
    if side == "left":
        return list(zip(places, [*places[1:], last]))
    if side == "right":
        return list(zip([first, *(place + 1 for place in places[:-1])], (place + 1 for place in places)))
    ranges: list[tuple[int, int]] = []
    for place in places:
        low, high = max(first, place - window), min(last, place + window + 1)
        if ranges and low <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], high)
        else:
            ranges.append((low, high))
    return ranges
