"""What the transformers among the encoders share: the dial of their size, how they learn, how they are looked at.

Subclasses say which network it is (`_network`), what one step learns from (`_course`), and how text is laid before it.
A word that is cut into pieces is answered for as a word: see `networks/pieces.py`.
"""

import os
from abc import abstractmethod
from collections.abc import Generator, Sequence
from itertools import chain
from typing import Any, ClassVar, Literal

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Attention, ContextVectors, Estimate, Reading, WordVectors
from core.encoders.networks import pieces
from core.encoders.networks.rows import SPECIALS, Rows
from core.encoders.stepwise import Stepwise
from core.options import Options, option
from core.problem import Problem, marked

SIZES = {"tiny": (2, 2, 128), "small": (4, 4, 128), "medium": (6, 8, 256)}  # layers, heads, width
_TOKENS = 1024  # that go through the network at once, where occurrences are looked at
_LOOKS = 1 << 24  # weights of attention that are held at once, of one layer


class TransformerOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    steps: int = option(3000, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    size: Literal["tiny", "small", "medium"] = option(
        "small", "Size", "2 layers of 2 heads, 4 of 4, both 128 wide; or 6 of 8, 256 wide.")
    layers: int = option(0, "Layers", "Blocks of attention, one upon the other. 0: as the size says.",
                         low=0, high=12, step=1, advanced=True)
    heads: int = option(0, "Heads", "Ways to look in each layer; must divide the width. 0: as the size says.",
                        low=0, high=16, step=1, advanced=True)
    width: int = option(0, "Width", "Numbers that stand for one token. 0: as the size says.",
                        low=0, high=768, step=8, advanced=True)
    context: int = option(64, "Context", "Tokens that it sees together.", low=8, high=1024, step=16)
    batch: int = option(32, "Batch", "Stretches of text in one step.", low=1, high=256, step=8, advanced=True)
    lr: float = option(0.003, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    norm: Literal["in front", "behind"] = option(
        "in front", "Norm", "Where each part of a layer is normalised: behind it, as in the paper, or in front of it, "
        "which learns more steadily.", advanced=True)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on

    def __init__(self, **values: Any):
        super().__init__(**values)
        _, heads, width = self.shape
        if width % heads:
            raise Problem("{heads} heads do not divide width {width}: change one.", heads=heads, width=width)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Layers, heads and width: what was asked for, the rest by the size. Heads by the size divide the width."""
        layers, heads, width = SIZES[self.size]
        width = self.width or width
        return self.layers or layers, self.heads or next(n for n in range(heads, 0, -1) if width % n == 0), width


class Transformer(Stepwise, WordVectors, ContextVectors, Attention, Reading):
    """What it answers, piece by piece and word by word."""

    specials: ClassVar[int]  # special symbols around one text
    ahead: ClassVar[bool]  # whether a token sees those behind it

    @abstractmethod
    def _laid(self, texts: Sequence[np.ndarray]) -> tuple[Rows, np.ndarray]:
        """Texts of ids as the network reads them, and the place of each one's first token, int64 (B,)."""

    @classmethod
    def _cost(cls, options: Any, corpus: Corpus, guessed: float) -> Estimate:
        """guessed: the share of the tokens that are guessed. Fitted on one thread of a processor with bfloat16."""
        layers, heads, width = options.shape
        tokens, looks, words = options.batch * options.context, heads * options.context, len(corpus.vocab)
        layer = 2.3e-3 + tokens * (3e-10 * width**2 + 1.8e-8 * width + 4.5e-9 * looks)
        step = layers * layer + tokens * guessed * words * (3e-11 * width + 3.5e-9)
        kept = tokens * (layers * (90 * width + 14 * looks) + 24 * looks)
        kept += 40 * min(1 << 22, int(tokens * guessed) * words)  # scores of words, a part of the rows at a time
        weights = width * (12 * layers * width + options.context + words)
        seconds = 3 + options.steps * step / min(options.threads, os.cpu_count() or 1) ** 0.65
        return Estimate(seconds, 480_000_000 + kept + 20 * weights + 8 * len(corpus.tokens))

    # What it answers.

    def word_vectors(self) -> np.ndarray:
        """float32 (V, width): the token embedding, which is the output's too."""
        return self.network_.embedding.detach().cpu().numpy()[: len(self.vocab)].copy()

    @property
    def room(self) -> int:
        """Pieces of one text that the network sees together."""
        return int(self.options.context) - self.specials

    def context_vectors(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L + 1, T, width), the mean over a word's pieces; layer 0 is the token embedding alone.

        A text longer than the context is cut into windows that do not see each other.
        """
        parts = self._cut(tokens)
        found = [self._vectors(parts[first:last]) for first, last in pieces.windows(list(map(len, parts)), self.room)]
        return np.concatenate(found, axis=1)

    def _vectors(self, parts: list[np.ndarray]) -> np.ndarray:
        streams, _, word = self._seen(parts)
        return pieces.of_words(streams, word, len(parts))

    def window(self, tokens: Sequence[str], i: int) -> tuple[int, int]:
        """The words that fit into the context around word i, for which one piece stands: first, and behind the last."""
        lengths = list(map(len, self._cut(tokens)))
        return pieces.around([*lengths[:i], 1, *lengths[i + 1 :]], i, self.room, self.ahead)

    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        """Each token among as many around it as fit into the context (for GPT: before it); texts of about one length
        are read together."""
        from core.encoders.networks.transformer import streams_at

        texts, places = self._occurrences(sentences, positions)
        layers, heads, width = self.options.shape
        vectors = np.empty((len(texts), layers + 1, width), np.float32)
        order, done = sorted(range(len(texts)), key=lambda i: len(texts[i])), 0
        while done < len(order):
            some = order[done : done + self._together([len(texts[i]) for i in order[done : done + _TOKENS]])]
            rows, begins = self._laid([texts[i] for i in some])
            asked, shares = pieces.spread([places[i] for i in some])
            streams = streams_at(self.network_, rows, begins[:, None] + asked).cpu().numpy()  # (L + 1, B, R, D)
            vectors[some] = np.einsum("lbrd,br->bld", streams, shares)
            done += len(some)
            yield done / len(texts)
        return vectors

    def _occurrences(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> tuple[list[np.ndarray], list[tuple[int, int]]]:
        """What is read of each sentence, int64 (P,), and where in it the pieces asked for begin and end."""
        texts, places = [], []
        for words, place in zip(sentences, positions):
            parts = self._cut(words)
            first, last = pieces.around(list(map(len, parts)), place, self.room, self.ahead)
            before = sum(map(len, parts[first:place]))
            texts.append(np.concatenate(parts[first:last]))
            places.append((before, before + len(parts[place])))
        return texts, places

    def _together(self, lengths: list[int]) -> int:
        """How many of these texts, the short ones first, go through the network at once: at least one."""
        long = np.array(lengths) + self.specials
        count = np.arange(1, len(long) + 1)
        fits = (count * long <= _TOKENS) & (count * self.options.shape[1] * long**2 <= _LOOKS)
        return max(1, int(fits.sum()))

    def attention(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L, H, T, T). Raises Problem for a text longer than the context."""
        parts = self._cut(tokens)
        self._fits(sum(map(len, parts)))
        _, looks, word = self._seen(parts)
        attention = np.stack([look.attention[0].cpu().numpy() for look in looks])
        return pieces.between_words(attention, word, len(parts))

    def _cut(self, tokens: Sequence[str]) -> list[np.ndarray]:
        """The pieces of each word. Raises Problem for no words."""
        if not len(tokens):
            self._fits(0)
        return pieces.cut(self.vocab, tokens, self.room)

    def _fits(self, count: int) -> None:
        if not 1 <= count <= self.room:
            sentence = marked("There are {tokens} tokens, and this model looks at 1 to {context}: change the text.")
            raise Problem(sentence, tokens=count, context=self.room)

    def _seen(self, parts: list[np.ndarray]) -> tuple[np.ndarray, list[Any], np.ndarray]:
        """Streams (L + 1, P, D) and what each block did, for one text; the word that each piece belongs to, or -1."""
        rows, begins = self._laid([np.concatenate(parts)])
        word = np.full(rows.ids.shape[1], -1)
        whose = np.repeat(np.arange(len(parts)), list(map(len, parts)))
        word[begins[0] : begins[0] + len(whose)] = whose
        streams, looks = self.network_.look(rows)
        return streams[:, 0].cpu().numpy(), looks, word

    def read(
        self, first: str, second: str | None = None, heads_off: Sequence[tuple[int, int]] = (), begin: int = 0,
        parts: bool = False,
    ) -> dict[str, np.ndarray]:  # fmt: skip
        texts = [pieces.words_of(self.vocab, text) for text in (first, second) if text is not None]
        window = self._window(texts, begin)
        texts[0] = texts[0][slice(*window[:2])]
        rows, begins = self._segments([self.vocab.encode(chain(*text)).astype(np.int64) for text in texts])
        names, whose = self._named(rows.ids[0], texts, begins)
        streams, looks = self.network_.look(rows, self._silent(heads_off))
        told = ("attention", "query", "key", "value") if parts else ("attention",)
        return {
            "pieces": names, "word": whose, "special": whose < 0, "segment": rows.segments[0],
            "words": np.array([pieces.joined(word) for text in texts for word in text]),
            "window": np.array(window), "vectors": streams[:, 0].cpu().numpy(),
            **{name: np.stack([getattr(look, name)[0].cpu().numpy() for look in looks]) for name in told},
        }  # fmt: skip

    def _window(self, texts: list[list[list[str]]], begin: int) -> tuple[int, int, int]:
        """The first word read, the one behind the last, and how many there are. Raises Problem if nothing fits."""
        sizes = [[len(word) for word in text] for text in texts]
        for size in sizes:
            if not size:
                self._fits(0)
        if len(texts) > 1:
            if sum(map(sum, sizes)) > self.room - 1:
                sentence = marked("Two texts of {tokens} tokens together are too long: this model takes {context}.")
                raise Problem(sentence, tokens=sum(map(sum, sizes)), context=self.room - 1)
            return 0, len(sizes[0]), len(sizes[0])
        begin = min(max(0, begin), len(sizes[0]) - 1)
        fitting = next(pieces.windows(sizes[0][begin:], self.room))[1]
        return begin, begin + fitting, len(sizes[0])

    def _segments(self, texts: list[np.ndarray]) -> tuple[Rows, Sequence[int]]:
        """Rows of one text, or of two where the network has a second segment, and where each text begins."""
        if len(texts) > 1:
            raise Problem("{title} reads one text: leave the second one out.", title=self.title)
        rows, begins = self._laid([texts[0][: self.room]])
        return rows, begins.tolist()

    def _named(
        self, ids: np.ndarray, texts: list[list[list[str]]], begins: Sequence[int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The name of each piece of a row, and the word that it belongs to; -1 for special symbols."""
        names: list[str] = [SPECIALS[i - len(self.vocab)] if i >= len(self.vocab) else "" for i in ids]
        whose, count = np.full(len(ids), -1), 0
        for text, begin in zip(texts, begins):
            inside = list(chain(*text))[: len(ids) - begin]
            names[begin : begin + len(inside)] = inside
            number = np.repeat(np.arange(len(text)), [len(word) for word in text])[: len(inside)]
            whose[begin : begin + len(inside)] = count + number
            count += len(text)
        return np.array(names), whose

    def _silent(self, heads: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        layers, each, _ = self.options.shape
        for layer, head in heads:
            if not (0 <= layer < layers and 0 <= head < each):
                raise Problem(
                    "There is no head {head} in layer {layer}: both are counted from 0.", head=head, layer=layer
                )
        return [(int(layer), int(head)) for layer, head in heads]
