"""NNLM: a word is guessed from the vectors of the words before it, and the vectors learn by being of use there.

Bengio, Ducharme, Vincent and Jauvin (2003), A neural probabilistic language model. x = (C(w_{t-1}), ..., C(w_{t-n}))
are the vectors of the words before, side by side; y = b + W x + U tanh(d + H x) scores every word of the vocabulary
(eq. 1, W the direct connections, which may be left out), and P(w_t | w_{t-1}, ..., w_{t-n}) = exp(y_{w_t}) / sum_i
exp(y_i). Learned is by the mean of -log P and a decay of the weights (section 2); here AdamW takes the steps, and b
begins as the logs of the words' frequencies. The arithmetic is in networks/nnlm.py.
"""

import os
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Encoder, Estimate, NextWord, Progress, WordVectors
from core.options import Options, option
from core.problem import Problem, marked

if TYPE_CHECKING:
    from torch import Tensor

_LOOK = 50  # steps from one look at the held-out loss to the next, which costs about as much as one
_LOOKED_AT = 4  # batches of held-out words
_STRETCH, _STRETCHES = 16, 1 << 22  # words that are read together, more of them where a text has more stretches


class NNLMOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"dim": 50, "hidden": 50, "epochs": 2, "steps": 1500}, "balanced": {},
               "thorough": {"dim": 150, "hidden": 200, "steps": 30_000}}
    context: int = option(5, "Context", "Words before it that a word is guessed from.", low=1, high=50, step=1)
    dim: int = option(100, "Dimensions", "Numbers that stand for one word.", low=2, high=1000, step=10)
    hidden: int = option(100, "Hidden units", "What the context is boiled down to before the guess.",
                         low=1, high=1000, step=10)
    direct: bool = option(
        False, "Direct connections", "The vectors of the context also speak straight to each word of the vocabulary; "
        "this takes several times as long.", advanced=True)
    epochs: int = option(3, "Epochs", "How many times it reads the text.", low=1, high=1000, step=1)
    steps: int = option(
        6000, "Steps at most", "Of a text so long that to read it would take more batches than this, it reads a part.",
        low=1, high=1_000_000, step=500)
    batch: int = option(512, "Batch", "Words that it guesses in one step.", low=1, high=8192, step=64, advanced=True)
    lr: float = option(0.005, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    decay: float = option(
        0.1, "Weight decay", "How strongly weights are drawn to zero, so that what is rare is not learned by heart.",
        low=0, high=10, step=0.05, advanced=True)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on


class NNLM(Encoder, WordVectors, NextWord):
    """Learned: network_ and descent_, which holds the steps done. A word outside the vocabulary is read as one extra
    word, which is never guessed; a place before the beginning of a text is a vector of zeros."""

    name, title, year = "nnlm", "NNLM", 2003
    paper = "Bengio, Ducharme, Vincent and Jauvin (2003), A neural probabilistic language model"
    objective = marked("Nats to guess a word from the words of its context, among the whole vocabulary.")
    Options = NNLMOptions

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """One event a step. Metrics beside the usual ones: output_share, the part of the time that the output layer
        took since the last look, and output_multiplications, its part of all multiplications.

        A context does not go over the beginning of a document, or of a range of the split. Raises Problem if there is
        nothing to learn, or if the loss is no longer a number.
        """
        from core.encoders.networks import use_threads

        text, held = (_Text(corpus, ranges) for ranges in corpus.split())
        self._check(len(text))
        use_threads(self.options.threads)
        if not hasattr(self, "network_"):
            self._build()
        descent, total, spent, outer = self.descent_, _steps(self.options, len(text)), 0.0, 0.0
        descent.steps = total
        while descent.done < total:
            began = time.perf_counter()
            metrics = self._step(text)
            spent, outer = spent + time.perf_counter() - began, outer + descent.seconds
            if descent.done % _LOOK == 0 or descent.done == total:
                metrics |= self._look(held) | {"output_share": outer / spent}
                spent, outer = 0.0, 0.0
            yield Progress(marked("learning"), descent.done, total, metrics)

    def _check(self, words: int) -> None:
        """Raises Problem for a text shorter than a context and the word after it, or a vocabulary without a choice."""
        if words <= self.options.context:
            sentence = marked("A window takes {window} of {tokens} tokens: choose a longer text, or a smaller context.")
            raise Problem(sentence, tokens=words, window=self.options.context + 1)
        if len(self.vocab) < 2:
            raise Problem("The vocabulary holds one word, so there is nothing to guess: lower the min count.")

    def _build(self) -> None:
        import torch

        from core.encoders.networks import nnlm, transformer

        options, counts = self.options, self.vocab.counts
        torch.manual_seed(options.seed)
        sizes = options.dim, options.context, options.hidden, options.direct
        self.network_ = nnlm.Network(counts / counts.sum(), *sizes).to(transformer.device())
        self.descent_ = nnlm.Learning(self.network_, options.lr, options.steps, options.decay)

    def _step(self, text: "_Text") -> dict[str, float]:
        """Learn from one batch; which words it holds depends on nothing but the seed and the step."""
        began, options = time.perf_counter(), self.options
        numbers = text.drawn(options.seed, self.descent_.done, options.batch)
        contexts, targets = text.windows(numbers, options.context)
        if not len(targets):  # all of them outside the vocabulary
            self.descent_.done += 1
            return {}
        loss = self.descent_.learn(self._tensor(contexts), self._tensor(targets))
        return {"loss": loss, "tokens_per_s": len(numbers) / (time.perf_counter() - began)}

    def _look(self, held: "_Text") -> dict[str, float]:
        """The loss of some held-out words, always the same, and that of guessing these by how frequent words are."""
        options = self.options
        numbers = np.unique(np.linspace(0, len(held) - 1, min(len(held), _LOOKED_AT * options.batch)).astype(np.int64))
        contexts, targets = held.windows(numbers, options.context)
        metrics = {"output_multiplications": _multiplications(options, len(self.vocab))}
        if len(targets):
            parts = range(0, len(targets), options.batch)
            each = [self._nats(contexts[i : i + options.batch], targets[i : i + options.batch]) for i in parts]
            counts = self.vocab.counts - held.counts + 1
            metrics["held_out"] = sum(each) / len(targets)
            metrics["baseline"] = float(np.log(counts.sum() / counts[targets]).mean())
        return metrics

    def _nats(self, contexts: np.ndarray, targets: np.ndarray) -> float:
        nats: float = self.network_.nats(self._tensor(contexts), self._tensor(targets)).sum().item()
        return nats

    def _tensor(self, ids: np.ndarray) -> "Tensor":
        import torch

        return torch.from_numpy(ids).to(self.network_.lookup.device)

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        return self.descent_.state(training)

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self._build()
        self.descent_.restore(state)

    @classmethod
    def exact(cls, options: Any) -> bool:
        """On a processor; a GPU adds up the vectors of a batch in any order."""
        return True

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds fitted to 14 sizes on one thread of a processor with bfloat16; bytes: torch, the weights with what
        AdamW keeps of them, their gradient and a copy for saving, and what one batch makes of every word."""
        words, inputs, batch = len(corpus.vocab), options.context * options.dim, options.batch
        features = options.hidden + (inputs if options.direct else 0)
        outer = batch * words * (2.1e-9 + 3.2e-11 * features) + 1.4e-9 * words * features
        step = 2.2e-3 + outer + batch * inputs * (4.6e-9 + 6.3e-11 * options.hidden)
        seconds = (
            3 + 1.04 * _steps(options, len(corpus.tokens)) * step / min(options.threads, os.cpu_count() or 1) ** 0.65
        )
        weights = words * (features + options.dim) + options.hidden * inputs
        return Estimate(seconds, 350_000_000 + 28 * weights + 4 * batch * (words + 4 * inputs))

    def word_vectors(self) -> np.ndarray:
        """float32 (V, dim): the rows of C."""
        vectors: np.ndarray = self.network_.lookup.detach().cpu().numpy()[: len(self.vocab)].copy()
        return vectors

    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, after the last `options.context` of these words; of fewer, or of none, too."""
        size = self.options.context
        ids = np.full((1, size), len(self.vocab) + 1, np.int64)
        known = self.vocab.encode(context[-size:])
        ids[0, size - len(known) :] = known
        chances: np.ndarray = self.network_.guess(self._tensor(ids))[0].cpu().numpy()
        return chances


def _steps(options: Any, tokens: int) -> int:
    """How many steps a training on so many tokens takes."""
    return min(options.steps, max(1, options.epochs * max(1, tokens // options.batch)))


def _multiplications(options: Any, words: int) -> float:
    """The part of the output layer in the multiplications of one guess; the way back takes twice as many in each."""
    inputs = options.context * options.dim
    outer = words * (options.hidden + (inputs if options.direct else 0))
    return outer / (outer + options.hidden * inputs)


class _Text:
    """The tokens of some ranges, numbered through; none is copied until it is asked for."""

    def __init__(self, corpus: Corpus, ranges: np.ndarray):
        self._tokens, self._ranges, self._words = corpus.tokens, ranges, len(corpus.vocab)
        self._before = np.append(0, np.cumsum(ranges[:, 1] - ranges[:, 0]))  # tokens before each range
        self._order: tuple[Any, np.ndarray] = None, np.zeros(0, np.int64)

    def __len__(self) -> int:
        return int(self._before[-1])

    @property
    def counts(self) -> np.ndarray:
        """int64 (V,): how often each word of the vocabulary occurs."""
        pieces = [self._tokens[first:last] for first, last in self._ranges]
        tokens = np.concatenate([self._tokens[:0], *pieces])
        return np.bincount(tokens[tokens < self._words], minlength=self._words)

    def drawn(self, seed: int, step: int, batch: int) -> np.ndarray:
        """int64, at most `batch`: the tokens of one step. All of them come before one comes again; short stretches are
        read in order, and the stretches in a new order each time the text is gone through."""
        length = min(batch, max(_STRETCH, len(self) // _STRETCHES))
        stretches = -(-len(self) // length)
        epoch, place = divmod(step, max(1, len(self) // batch))
        if self._order[0] != (seed, epoch, length):
            order = np.random.default_rng((seed, epoch)).permutation(stretches)
            self._order = (seed, epoch, length), order
        places = place * batch + np.arange(min(batch, stretches * length))
        numbers = self._order[1][places // length] * length + places % length
        return numbers[numbers < len(self)]

    def windows(self, numbers: np.ndarray, context: int) -> tuple[np.ndarray, np.ndarray]:
        """The words with these numbers that are in the vocabulary, int64 (b,), and the `context` words before each,
        (b, context): V for a word outside the vocabulary, V + 1 for a place before the beginning of its range."""
        ranges = np.searchsorted(self._before, numbers, "right") - 1
        first = self._ranges[ranges, 0]
        places = first + numbers - self._before[ranges]
        targets = self._tokens[places].astype(np.int64)
        known = targets < self._words
        around = places[known, None] + np.arange(-context, 0)
        words = np.minimum(self._tokens[np.maximum(around, 0)], self._words).astype(np.int64)
        words[around < first[known, None]] = self._words + 1
        return words, targets[known]
