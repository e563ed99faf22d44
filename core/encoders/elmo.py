"""ELMo: two language models read a text from its two ends; what their layers say of a word there is its vector.

Peters, Neumann, Iyyer, Gardner, Clark, Lee and Zettlemoyer (2018), Deep contextualized word representations: the sum of
the log likelihoods of both directions (section 3.1), with the token layer and the softmax shared, over words or over
their letters. As in GPT here, windows of text run on over the ends of documents. The mix of the layers that a task
learns (equation 1) is `core.explore.layer_mix`.
"""

from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import ContextVectors, Estimate, NextWord, PreviousWord, WordVectors
from core.encoders.networks import pieces
from core.encoders.stepwise import Course, RunningText, Stepwise, enough
from core.options import Options, option
from core.problem import Problem, marked

SIZES = {"tiny": (2, 64), "small": (2, 128), "medium": (2, 256)}  # layers, width
_LONGEST = 18  # letters of a word that are spelled, the marks of its beginning and end among them
_PADDING, _UNKNOWN, _BEGIN, _END = range(4)  # then the letters of the vocabulary
_WORTH = 4  # times as many words as are drawn: for fewer the whole softmax is as fast
_TOGETHER = 64  # occurrences that go through the network at once


class ELMoOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"size": "tiny", "steps": 1000}, "balanced": {},
               "thorough": {"size": "medium", "steps": 12_000, "lr": 0.002}}
    steps: int = option(3000, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    size: Literal["tiny", "small", "medium"] = option(
        "small", "Size", "Two layers in each direction, 64, 128 or 256 wide.")
    input: Literal["words", "letters"] = option(
        "words", "Input", "A word as one unit, or spelled, so that words never met have a vector too.")
    layers: int = option(
        0, "Layers", "LSTM layers of each direction. 0: as the size says. Each has its own vectors; their learned mix "
        "(equation 1 of the paper) is on the page Senses, under Measure.", low=0, high=6, step=1, advanced=True)
    width: int = option(0, "Width", "Numbers that stand for one token in each direction. 0: as the size says.",
                        low=0, high=768, step=8, advanced=True)
    context: int = option(32, "Context", "Tokens of a stretch of text that it learns from.", low=2, high=512, step=8)
    batch: int = option(64, "Batch", "Stretches of text in one step.", low=1, high=512, step=8, advanced=True)
    samples: int = option(
        512, "Sampled words", "Words that a true word is told from while it learns; 0: all words, slower.",
        low=0, high=8192, step=128, advanced=True)
    lr: float = option(0.004, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(
        1, "Threads", "Processor cores to use; its steps are small, so that a second one gains little.",
        low=1, high=64, step=1, advanced=True)
    # fmt: on

    @property
    def shape(self) -> tuple[int, int]:
        """Layers and width: what was asked for, the rest by the size."""
        layers, width = SIZES[self.size]
        return self.layers or layers, self.width or width


class ELMo(Stepwise, WordVectors, NextWord, PreviousWord, ContextVectors):
    """A word outside the vocabulary is read as one extra symbol, or with letters as it is spelled; none is guessed."""

    name, title, year = "elmo", "ELMo", 2018
    paper = "Peters et al. (2018), Deep contextualized word representations"
    objective = marked(
        "Nats to guess a word from all words before it, and from all words behind it: the mean of the two, among the "
        "whole vocabulary. While it learns, the loss is estimated from a sample of the words."
    )
    Options = ELMoOptions

    def _network(self) -> Any:
        from core.encoders.networks.elmo import Network

        layers, width = self.options.shape
        return Network(len(self.vocab), width, layers, len(self._alphabet) + 4 if self._spells else 0)

    def _course(self, corpus: Corpus) -> Course:
        return _Course(self.options, self.vocab, corpus, self._spelling)

    @classmethod
    def check(cls, options: Any, corpus: Corpus) -> None:
        enough(corpus.tokens, corpus.split(), options.context)

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds fitted on one thread of a processor with bfloat16; more threads do not shorten them."""
        (layers, width), words = options.shape, len(corpus.vocab)
        tokens, whole = options.batch * options.context, options.samples == 0 or words < _WORTH * options.samples
        compared = words if whole else options.samples
        step = 2 * layers * (1.6e-4 + options.context * 2e-5 + tokens * (8e-11 * width**2 + 2.4e-8 * width))
        step += tokens * (compared + 0.027 * words) * (6.5e-9 + 3.8e-11 * width) + 1e-8 * words * width  # looks, too
        step += 3e-5 * min(tokens, words) if options.input == "letters" else 0
        weights = width * (words + 16 * layers * width)
        kept = 4 * tokens * (2 * layers * 8 * width + 3 * min(compared, 4096)) + 40 * min(1 << 22, 4 * tokens * words)
        return Estimate(3 + options.steps * step, int(430_000_000 + kept + 40 * weights + 8 * len(corpus.tokens)))

    # Letters.

    @property
    def _spells(self) -> bool:
        return bool(self.options.input == "letters")

    @cached_property
    def _alphabet(self) -> dict[str, int]:
        """Every letter of the vocabulary and its number."""
        return {letter: 4 + i for i, letter in enumerate(sorted(set("".join(self.vocab.words))))}

    @cached_property
    def _spelling(self) -> np.ndarray | None:
        """int64 (V + 1, C): the letters of each word, and last of what stands for words outside the vocabulary."""
        if not self._spells:
            return None
        return np.stack([*map(self._spelled, self.vocab.words), np.full(_LONGEST, _PADDING)])

    def _spelled(self, word: str) -> np.ndarray:
        """int64 (C,): of a longer word the beginning."""
        letters = [self._alphabet.get(letter, _UNKNOWN) for letter in word[: _LONGEST - 2]]
        return np.array([_BEGIN, *letters, _END] + [_PADDING] * (_LONGEST - 2 - len(letters)))

    # What it answers.

    def word_vectors(self) -> np.ndarray:
        """float32 (V, width): the token layer."""
        spelling = self._spelling
        layer = self.network_.embedding[:-1].detach() if spelling is None else self._tokens(spelling[None, :-1])[0]
        vectors: np.ndarray = layer.cpu().numpy().copy()
        return vectors

    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, after all of these words."""
        return self.guesser()(context)

    def previous_word(self, following: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, before all of these words."""
        chances: np.ndarray = self.network_.follow(self._read(following)[0], None, back=True)[0].cpu().numpy()
        return chances

    def guesser(self) -> Callable[[Sequence[str]], np.ndarray]:
        """`next_word` that reads only what is new, as long as a text grows."""
        seen: list[str] = []
        states: Any = None

        def guess(context: Sequence[str]) -> np.ndarray:
            nonlocal seen, states
            if states is None or len(context) <= len(seen) or list(context[: len(seen)]) != seen:
                seen, states = [], None
            chances, states = self.network_.follow(self._read(context[len(seen) :])[0], states)
            seen = list(context)
            found: np.ndarray = chances.cpu().numpy()
            return found

        return guess

    def context_vectors(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L + 1, T, 2 width): forward beside backward, the mean over a word's pieces; layer 0 is the token
        layer, twice. A text of any length is read as one."""
        x, word = self._read(tokens)
        return pieces.of_words(self.network_.look(x)[:, 0].cpu().numpy(), word, len(tokens))

    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        """Each token amid its whole sentence; sentences of one length are read together."""
        texts = [self._pieces(words) for words in sentences]
        layers, width = self.options.shape
        vectors = np.empty((len(texts), layers + 1, 2 * width), np.float32)
        order, done = sorted(range(len(texts)), key=lambda i: len(texts[i][0])), 0
        for _, same in groupby(order, key=lambda i: len(texts[i][0])):
            rows = list(same)
            for first in range(0, len(rows), _TOGETHER):
                some = rows[first : first + _TOGETHER]
                streams = self.network_.look(self._tokens(np.stack([texts[i][0] for i in some]))).cpu().numpy()
                for place, i in enumerate(some):
                    vectors[i] = streams[:, place, texts[i][1] == positions[i]].mean(1)
                done += len(some)
                yield done / len(texts)
        return vectors

    def _read(self, tokens: Sequence[str]) -> tuple[Any, np.ndarray]:
        """The token layer (1, P, D) of one text, and whose each piece is. Raises Problem for no words."""
        text, word = self._pieces(tokens)
        return self._tokens(text[None]), word

    def _pieces(self, tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """A text as ids (P,), or with letters spelled (P, C), and the word int64 (P,) that each piece is of."""
        if not len(tokens):
            raise Problem("There are no words: write some.")
        parts = pieces.cut(self.vocab, tokens, len(tokens) + 64)
        word, ids = np.repeat(np.arange(len(parts)), list(map(len, parts))), np.concatenate(parts)
        if not self._spells:
            return ids, word
        known = self.vocab.words
        spelled = [
            self._spelled(known[i] if i < len(known) else tokens[whose])
            for i, whose in zip(ids.tolist(), word.tolist())
        ]
        return np.stack(spelled), word

    def _tokens(self, texts: np.ndarray) -> Any:
        """The token layer (B, T, D) of texts (B, T), or spelled (B, T, C)."""
        import torch

        from core.encoders.networks import transformer

        given = torch.from_numpy(texts).to(transformer.device())
        with torch.no_grad():
            if not self._spells:
                return self.network_.tokens(given)
            layer = torch.cat([self.network_.letters(part) for part in given.flatten(0, 1).split(4096)])
            return layer.unflatten(0, given.shape[:2])


class _Course(RunningText):
    """Windows of the text with a sample of the words, and fixed ones of its held-out part."""

    def __init__(self, options: Any, vocab: Vocab, corpus: Corpus, spelling: np.ndarray | None):
        import torch

        from core.encoders.networks import transformer

        super().__init__(options, vocab, corpus)
        few = options.samples and len(vocab) >= _WORTH * options.samples
        self._chances = (self.counts**0.75 / (self.counts**0.75).sum()).astype(np.float32)
        self._drawn, self._sums = options.samples if few else 0, np.cumsum(self._chances, dtype=np.float64)
        self._spelling = None if spelling is None else torch.from_numpy(spelling).to(transformer.device())

    def learn(self, network: Any, draw: np.random.Generator) -> tuple[Any, dict[str, float], int]:
        starts, length = self.starts(draw), self.options.context
        drawn = np.searchsorted(self._sums, draw.random(self._drawn) * self._sums[-1], "right")
        loss, nats = network.loss(_windows(self.text, starts, length), self._spelling, drawn, self._chances)
        return loss, {"loss": nats.item()}, len(starts) * length

    def look(self, network: Any) -> dict[str, float]:
        held = network.measure(_windows(self.held, *self.held_starts(2 * self.options.batch)), self._spelling)
        return {"held_out": held.item(), "baseline": self.baseline}


def _windows(text: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """int64 (B, length + 1)."""
    windows: np.ndarray = text[starts[:, None] + np.arange(length + 1)].astype(np.int64)
    return windows
