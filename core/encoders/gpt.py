"""GPT: a causal transformer guesses each next token from the tokens before it, over the corpus's own vocabulary.

Radford, Narasimhan, Salimans and Sutskever (2018), Improving language understanding by generative pre-training: the
sum of log P(token | the `context` tokens before it) (eq. 1), and blocks over token and position embeddings with a
tied output (eq. 2). As in the paper, windows of text run on over the ends of documents.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Estimate, NextWord
from core.encoders.contextual import Transformer, TransformerOptions
from core.encoders.networks.rows import Rows
from core.encoders.stepwise import Course, RunningText, enough
from core.encoders.workings import TransformerWorkings
from core.options import option
from core.problem import marked


class GPTOptions(TransformerOptions):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"size": "tiny", "steps": 1500, "context": 64, "lr": 0.005}, "balanced": {},
               "thorough": {"size": "medium", "steps": 6000, "lr": 0.001}}
    context: int = option(128, "Context", "Tokens that it can look back on.", low=8, high=1024, step=16)
    batch: int = option(16, "Batch", "Windows of text in one step.", low=1, high=256, step=8, advanced=True)
    # fmt: on


class GPT(Transformer, TransformerWorkings, NextWord):
    """A word outside the vocabulary is read as one extra symbol, which is never guessed."""

    name, title, year = "gpt", "GPT", 2018
    paper = "Radford et al. (2018), Improving language understanding by generative pre-training"
    objective = marked("Nats to guess the next token from all tokens before it, among the whole vocabulary.")
    Options = GPTOptions
    specials, ahead = 0, False

    def _network(self) -> Any:
        from core.encoders.networks.gpt import Network

        layers, heads, width = self.options.shape
        return Network(len(self.vocab), width, self.options.context, layers, heads, self.options.norm == "in front")

    def _course(self, corpus: Corpus) -> Course:
        return _Course(self.options, self.vocab, corpus)

    def _laid(self, texts: Sequence[np.ndarray]) -> tuple[Rows, np.ndarray]:
        """Texts filled up behind, where none looks."""
        lengths = np.array([len(text) for text in texts])
        ids = np.full((len(texts), int(lengths.max())), len(self.vocab), np.int64)
        for row, text in zip(ids, texts):
            row[: len(text)] = text
        return Rows.looked_at(ids, np.zeros_like(ids), lengths), np.zeros(len(texts), np.int64)

    @classmethod
    def check(cls, options: Any, corpus: Corpus) -> None:
        enough(corpus.tokens, corpus.split(), options.context)

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        return cls._cost(options, corpus, 1.0)

    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, after the last `options.context` tokens of these words."""
        return self.guesser()(context)

    def guesser(self) -> Callable[[Sequence[str]], np.ndarray]:
        """`next_word` that computes only what is new, as long as the text is no longer than the context."""
        from core.encoders.networks.transformer import Past

        seen, past = np.zeros(0, np.int64), list[Past]()

        def guess(context: Sequence[str]) -> np.ndarray:
            nonlocal seen, past
            ids = np.concatenate(self._cut(context[-self.room :]))[-self.room :]
            if not past or len(ids) <= len(seen) or (ids[: len(seen)] != seen).any():
                seen, past = ids[:0], [Past() for _ in range(self.options.shape[0])]
            chances = self.network_.follow(ids[len(seen) :], past)
            seen = ids
            found: np.ndarray = chances.cpu().numpy()
            return found

        return guess

    # What is guessed, for those who ask why.

    @property
    def _blank(self) -> int:
        return len(self.vocab)

    def _hidden(self, words: list[np.ndarray], at: int | None) -> tuple[list[np.ndarray], int]:
        """What follows the word `at`, else the last: the text up to there."""
        at = len(words) - 1 if at is None else self._numbered(words, at)
        return words[: at + 1], sum(map(len, words[: at + 1])) - 1

    def _asked(
        self, words: list[np.ndarray], order: np.ndarray, draw: np.random.Generator  # noqa: ARG002
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
        """Every piece but the first, from those before it."""
        ids = np.concatenate([words[i] for i in order])
        places = np.flatnonzero(ids[1:] < len(self.vocab))
        return ids, places, ids[places + 1]


class _Course(RunningText):
    """Windows of the text, and fixed ones of its held-out part."""

    def learn(self, network: Any, draw: np.random.Generator) -> tuple[Any, dict[str, float], int]:
        loss = network.loss(self.text, self.starts(draw), self.options.context)
        return loss, {"loss": loss.item()}, self.options.batch * self.options.context

    def look(self, network: Any) -> dict[str, float]:
        held = network.measure(self.held, *self.held_starts(4 * self.options.batch))
        return {"held_out": held.item(), "baseline": self.baseline}
