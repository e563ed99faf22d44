"""GPT: a causal transformer guesses each next token from the tokens before it, over the corpus's own vocabulary.

Radford, Narasimhan, Salimans and Sutskever (2018), Improving language understanding by generative pre-training: the
sum of log P(token | the `context` tokens before it) (eq. 1), and blocks over token and position embeddings with a
tied output (eq. 2). As in the paper, windows of text run on over the ends of documents.
"""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Attention, ContextVectors, Encoder, Estimate, NextWord, Progress, WordVectors
from core.options import Options, option
from core.problem import Problem, marked

_LOOK = 25  # steps from one look at the held-out loss to the next; it costs little more than a step
_TOGETHER = 64  # occurrences that go through the network at once


class GPTOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"steps": 1500, "layers": 2, "context": 64, "lr": 0.005}, "balanced": {},
               "thorough": {"steps": 6000, "layers": 6, "heads": 8, "width": 256, "lr": 0.001}}
    steps: int = option(3000, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    layers: int = option(4, "Layers", "Blocks of attention, one upon the other.", low=1, high=12, step=1)
    heads: int = option(4, "Heads", "Ways to look back in each layer; must divide the width.", low=1, high=16, step=1)
    width: int = option(128, "Width", "Numbers that stand for one token.", low=8, high=768, step=8)
    context: int = option(128, "Context", "Tokens that it can look back on.", low=2, high=1024, step=16)
    batch: int = option(16, "Batch", "Windows of text in one step.", low=1, high=256, step=8, advanced=True)
    lr: float = option(0.003, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on

    def __init__(self, **values: Any):
        super().__init__(**values)
        if self.width % self.heads:
            raise Problem("{heads} heads do not divide width {width}: change one.", heads=self.heads, width=self.width)


class GPT(Encoder, WordVectors, NextWord, ContextVectors, Attention):
    """A word outside the vocabulary is read as one extra symbol, which is never guessed."""

    name, title, year = "gpt", "GPT", 2018
    paper = "Radford et al. (2018), Improving language understanding by generative pre-training"
    objective = marked("Nats to guess the next token from all tokens before it, among the whole vocabulary.")
    Options = GPTOptions

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """One event a step. Raises Problem if the text is shorter than a window, or the loss is no longer a number."""
        from core.encoders.networks import use_threads

        options, words = self.options, len(self.vocab)
        pieces = ([corpus.tokens[:0], *(corpus.tokens[a:b] for a, b in ranges)] for ranges in corpus.split())
        text, held = (np.minimum(np.concatenate(piece), words) for piece in pieces)  # V for every word outside
        if len(text) <= options.context or len(held) < 2:
            sentence = marked("A window takes {window} of {tokens} tokens: choose a longer text, or a smaller context.")
            raise Problem(sentence, tokens=len(text) + len(held), window=options.context + 1)
        use_threads(options.threads)
        if not hasattr(self, "network_"):
            self._build()
        while self.descent_.done < options.steps:
            began, draw = time.perf_counter(), np.random.default_rng((options.seed, self.descent_.done))
            starts = draw.integers(0, len(text) - options.context, options.batch)
            metrics = {"loss": self.descent_.step(self.network_.loss(text, starts, options.context))}
            metrics["tokens_per_s"] = options.batch * options.context / (time.perf_counter() - began)
            if self.descent_.done % _LOOK == 0 or self.descent_.done == options.steps:
                metrics |= self._held_out(text, held)
            yield Progress(marked("learning"), self.descent_.done, options.steps, metrics)

    def _build(self) -> None:
        import torch

        from core.encoders.networks import descent, gpt

        options = self.options
        torch.manual_seed(options.seed)
        self.network_ = gpt.Network(len(self.vocab), options.width, options.context, options.layers, options.heads)
        self.descent_ = descent.Descent(self.network_, options.lr, options.steps)

    def _held_out(self, text: np.ndarray, held: np.ndarray) -> dict[str, float]:
        """The loss on fixed windows of the held-out text, and that of guessing by the frequencies of `text`."""
        length, known = min(self.options.context, len(held) - 1), held[held < len(self.vocab)]
        counts = np.bincount(text, minlength=len(self.vocab) + 1)[:-1] + 1
        baseline = np.log(counts.sum() / counts[known]).sum() / max(1, len(known))
        starts = np.linspace(0, len(held) - length - 1, 4 * self.options.batch).astype(np.int64)
        return {"held_out": self.network_.measure(held, starts, length).item(), "baseline": float(baseline)}

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        return self.descent_.state(training)

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self._build()
        self.descent_.restore(state)

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds fitted to 13 sizes on one thread of a processor with bfloat16; two threads are 1.6 times as fast."""
        tokens, width, looks = options.batch * options.context, options.width, options.heads * options.context
        layer = 2.3e-3 + tokens * (1.9e-10 * width**2 + 3.7e-8 * width + 4.5e-9 * looks)
        step = options.layers * layer + 1.2e-8 * tokens * len(corpus.vocab)
        kept = tokens * (options.layers * (75 * width + 12 * looks) + 28 * len(corpus.vocab))
        weights = width * (12 * options.layers * width + options.context + len(corpus.vocab))
        seconds = 3 + options.steps * step / min(options.threads, os.cpu_count() or 1) ** 0.65
        return Estimate(seconds, 350_000_000 + kept + 20 * weights + 8 * len(corpus.tokens))

    def word_vectors(self) -> np.ndarray:
        """float32 (V, width): the token embedding, which is the output's too."""
        return self.network_.embedding.detach().numpy()[:-1].copy()

    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, after the last `options.context` of these words."""
        streams, _ = self._look(context[-self.options.context :])
        return self.network_.logits(streams[-1][0, -1]).softmax(-1).detach().numpy()

    def context_vectors(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L + 1, T, width). A text longer than the context is cut into windows that do not see each other."""
        starts = range(0, max(1, len(tokens)), self.options.context)
        looks = (self._look(tokens[start : start + self.options.context])[0] for start in starts)
        return np.concatenate([np.concatenate(streams) for streams in looks], axis=1)

    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        """Each token behind the (up to `options.context` - 1) tokens before it: it cannot see what comes after."""
        texts = [words[: place + 1][-self.options.context :] for words, place in zip(sentences, positions)]
        vectors = np.empty((len(texts), self.options.layers + 1, self.options.width), np.float32)
        for start in range(0, len(texts), _TOGETHER):
            some = texts[start : start + _TOGETHER]
            streams = np.stack(self._look(*some)[0], axis=1)  # (B, L + 1, T, D)
            vectors[start : start + len(some)] = streams[range(len(some)), :, [len(text) - 1 for text in some]]
            yield (start + len(some)) / len(texts)
        return vectors

    def attention(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L, H, T, T), zero above the diagonal."""
        return np.concatenate(self._look(tokens)[1])

    def _look(self, *texts: Sequence[str]) -> Any:
        """The network's streams and attentions. Raises Problem for a text that is empty or longer than the context."""
        wrong = [len(text) for text in texts if not 1 <= len(text) <= self.options.context]
        if wrong:
            sentence = marked("There are {tokens} tokens, and this model looks at 1 to {context}: change the text.")
            raise Problem(sentence, tokens=wrong[0], context=self.options.context)
        return self.network_.look([self.vocab.encode(text) for text in texts])
