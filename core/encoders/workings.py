"""How the transformers among the encoders come to their guesses: what GPT and BERT share of `Workings`.

The logit lens (nostalgebraist 2020) reads each layer as if it were the last. Blank-out makes one piece unknown at a
time; gradients and it are what Abnar and Zuidema (2020), Quantifying attention flow in transformers, hold attention
against. Michel, Levy and Neubig (2019), Are sixteen heads really better than one?, silence heads to see what is lost.
"""

from abc import abstractmethod
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np

from core.encoders.base import Workings
from core.encoders.networks import pieces
from core.encoders.networks.rows import MASK, SPECIALS, Rows
from core.problem import Problem

_TOGETHER = 16  # texts that go through the network at once


class TransformerWorkings(Workings):
    """For subclasses of `Transformer`: they say what is guessed where, and how a word is hidden."""

    options: Any
    vocab: Any
    network_: Any

    @property
    @abstractmethod
    def room(self) -> int: ...
    @abstractmethod
    def _laid(self, texts: Sequence[np.ndarray]) -> tuple[Rows, np.ndarray]: ...
    @abstractmethod
    def _named(
        self, ids: np.ndarray, texts: list[list[list[str]]], begins: Sequence[int]
    ) -> tuple[np.ndarray, np.ndarray]: ...
    @abstractmethod
    def _silent(self, heads: Sequence[tuple[int, int]]) -> list[tuple[int, int]]: ...

    @property
    @abstractmethod
    def _blank(self) -> int:
        """The id that stands for nothing known."""

    @abstractmethod
    def _asked(
        self, words: list[np.ndarray], order: np.ndarray, draw: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of a text, the pieces of each word, and the order in which the words are to stand: what is read, int64 (n,);
        the places in it where something is guessed; and the ids that are right there, all of them known."""

    @abstractmethod
    def _hidden(self, words: list[np.ndarray], at: int | None) -> tuple[list[np.ndarray], int]:
        """The text made ready for one guess, and the piece where it is guessed. at None: a place of its own choice."""

    def lens(
        self,
        text: str,
        at: int | None = None,
        heads_off: Sequence[tuple[int, int]] = (),
        placed: bool = True,
        k: int = 5,
    ) -> dict[str, Any]:
        from core.encoders.networks import workings

        words = self._words(text)
        told, rows, _begin = self._row(text, words if at is None else self._hidden(words, at)[0])
        streams, looks = self.network_.look(rows, self._silent(heads_off), placed)
        ids, chances = workings.layers(self.network_, streams[:, 0], min(k, len(self.vocab)))
        attention = np.stack([look.attention[0].cpu().numpy() for look in looks])
        return told | {"ids": ids, "chances": chances, "attention": attention}

    def influence(self, text: str, at: int | None = None) -> dict[str, Any]:
        from core.encoders.networks import workings

        words, place = self._hidden(self._words(text), at)
        told, rows, begin = self._row(text, words)
        place += begin
        streams, looks = self.network_.look(rows)
        (_, ids), (_, chances) = (each[[0, -1]] for each in workings.layers(self.network_, streams[:, 0], 1))
        guess, count = int(ids[place, 0]), rows.ids.shape[1]
        compared = ~told["special"] & (rows.ids[0] != self._blank)
        turned = np.flatnonzero(compared)
        each = np.repeat(rows.ids, len(turned), 0)
        each[np.arange(len(turned)), turned] = self._blank
        blanked = Rows.looked_at(each, np.zeros_like(each), np.full(len(turned), count))
        where = np.stack([np.arange(len(turned)), np.full(len(turned), place)], 1)
        blank = np.zeros(count, np.float32)
        if len(turned):
            without = np.exp(workings.chances(self.network_, blanked, where, np.full(len(turned), guess)))
            blank[turned] = np.abs(float(chances[place, 0]) - without)
        return told | {
            "blank": blank, "slope": workings.slopes(self.network_, rows, place, guess), "compared": compared,
            "place": place, "guess": self.vocab.words[guess], "chance": float(chances[place, 0]),
            "attention": np.stack([look.attention[0].cpu().numpy() for look in looks]),
        }  # fmt: skip

    def losses(
        self, texts: Sequence[str], heads_off: Sequence[tuple[int, int]] = (), placed: bool = True,
        shuffled: bool = False, seed: int = 0,
    ) -> Generator[float, None, np.ndarray]:  # fmt: skip
        from core.encoders.networks import workings

        off, found = self._silent(heads_off), np.zeros((len(texts), 2))
        for first in range(0, len(texts), _TOGETHER):
            asked = [
                self._guesses(text, shuffled, seed + first + i) for i, text in enumerate(texts[first:][:_TOGETHER])
            ]
            rows, begins = self._laid([ids for ids, _places, _right in asked])
            where = [(row, begins[row] + place) for row, (_ids, places, _right) in enumerate(asked) for place in places]
            right = np.concatenate([right for _ids, _places, right in asked])
            if len(right):
                places = np.array(where, np.int64)
                nats = -workings.chances(self.network_, rows, places, right, off, placed)
                np.add.at(found, first + places[:, 0], np.stack([nats, np.ones_like(nats)], 1))
            yield min(1.0, (first + _TOGETHER) / len(texts))
        return found

    def _guesses(self, text: str, shuffled: bool, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The ids of one text as it is read, the places where something is guessed, and what is right there."""
        words, draw = self._words(text), np.random.default_rng(seed)
        order = np.random.default_rng([seed, 1]).permutation(len(words)) if shuffled else np.arange(len(words))
        return self._asked(words, order, draw)

    def _words(self, text: str) -> list[np.ndarray]:
        """The pieces of each word, as far as they fit. Raises Problem for no words."""
        words = [self.vocab.encode(word).astype(np.int64) for word in pieces.words_of(self.vocab, text)]
        fitting = next(pieces.windows(list(map(len, words)), self.room))[1] if words else 0
        if not fitting:
            raise Problem("There are no words to ask about: write some.")
        return [word[: self.room] for word in words[:fitting]]

    def _row(self, text: str, words: list[np.ndarray]) -> tuple[dict[str, Any], Rows, int]:
        """One text as a row, what its pieces are called, and where its first one stands."""
        rows, begins = self._laid([np.concatenate(words)])
        named = pieces.words_of(self.vocab, text)[: len(words)]
        shown = [
            word[: len(ids)] if np.array_equal(self.vocab.encode(word)[: len(ids)], ids) else [SPECIALS[MASK]]
            for word, ids in zip(named, words)
        ]
        names, whose = self._named(rows.ids[0], [shown], begins.tolist())
        return {"pieces": names, "word": whose, "special": whose < 0}, rows, int(begins[0])

    def _numbered(self, words: list[np.ndarray], at: int) -> int:
        if not 0 <= at < len(words):
            raise Problem("There is no word {i} among {count}: the first is 0.", i=at, count=len(words))
        return at
