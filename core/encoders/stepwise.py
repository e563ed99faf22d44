"""What the encoders share that learn by steps of gradient descent: batches out of a course, held-out looks, a start.

Subclasses say which network it is (`_network`) and what one step learns from (`_course`).
"""

import time
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Encoder, Progress
from core.problem import Problem, marked

_LOOK = 25  # steps from one look at the held-out loss to the next; it costs little more than a step
_PLATEAU = 0.97  # of the loss of guessing by frequency: above it, nothing else has been learned
_WAITING = marked(
    "Still on the plateau of guessing by frequency: every network begins there, and leaves it when it finds what the "
    "words around a word tell of it."
)


class Course(Protocol):
    """What one training learns from."""

    def learn(self, network: Any, draw: np.random.Generator) -> tuple[Any, dict[str, float], int]:
        """The loss of one batch, as a tensor to go down; its metrics; how many tokens of text it has."""

    def look(self, network: Any) -> dict[str, float]:
        """The metrics on held-out text, and those of guessing by frequency."""


def enough(tokens: np.ndarray, ranges: tuple[np.ndarray, np.ndarray], context: int) -> None:
    """Raises Problem for a text whose learned part is shorter than a window, or that leaves nothing to hold out."""
    learned, held = (int((some[:, 1] - some[:, 0]).sum()) for some in ranges)
    if learned <= context or held < 2:
        sentence = marked("A window takes {window} of {tokens} tokens: choose a longer text, or a smaller context.")
        raise Problem(sentence, tokens=len(tokens), window=context + 1)


class RunningText:
    """The text of a corpus, learned from and held out, in which windows run on over the ends of documents.

    text and held: int32, V for every word outside the vocabulary; counts (V,): how often each word is in the text, and
    once more; baseline: nats to guess the held-out words by these counts. Raises Problem for too short a text.
    """

    def __init__(self, options: Any, vocab: Vocab, corpus: Corpus):
        self.options, words, ranges = options, len(vocab), corpus.split()
        enough(corpus.tokens, ranges, options.context)
        parts = (np.concatenate([corpus.tokens[a:b] for a, b in some]) for some in ranges)
        self.text, self.held = (np.minimum(part, words) for part in parts)
        self.counts = np.bincount(self.text, minlength=words + 1)[:-1] + 1
        known = self.held[self.held < words]
        self.baseline = float(np.log(self.counts.sum() / self.counts[known]).sum() / max(1, len(known)))

    def starts(self, draw: np.random.Generator) -> np.ndarray:
        """int64 (B,): where the windows of one batch begin."""
        return draw.integers(0, len(self.text) - self.options.context, self.options.batch)

    def held_starts(self, count: int) -> tuple[np.ndarray, int]:
        """int64 (count,): where windows of the held-out text begin, always the same; and their length."""
        length = min(self.options.context, len(self.held) - 1)
        return np.linspace(0, len(self.held) - length - 1, count).astype(np.int64), length


class Stepwise(Encoder):
    """Learned: network_ and descent_, which holds the steps done. start_: vectors to begin with."""

    starts_from_vectors = True

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.start_: np.ndarray | None = None
        self._waits = False

    @abstractmethod
    def _network(self) -> Any:
        """A new network, from torch's random numbers as they are seeded."""

    @abstractmethod
    def _course(self, corpus: Corpus) -> Course:
        """Raises Problem for a corpus that this encoder cannot learn from."""

    def start(self, vectors: np.ndarray) -> None:
        """Begin with these word vectors, float32 (V, d), for the token embedding, brought to its width and scale."""
        if len(vectors) != len(self.vocab):
            sentence = marked(
                "These are vectors of {words} words, and there are {V}: take a run of the same vocabulary."
            )
            raise Problem(sentence, words=len(vectors), V=len(self.vocab))
        self.start_ = np.asarray(vectors, np.float32)

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """One event a step. Raises Problem if the corpus does not do, or the loss is no longer a number."""
        from core.encoders.networks import use_threads

        course = self._course(corpus)
        use_threads(self.options.threads)
        if not hasattr(self, "network_"):
            self._build()
        yield from self._learn(course)

    def _learn(self, course: Course) -> Iterator[Progress]:
        """The steps that are left."""
        options = self.options
        while self.descent_.done < options.steps:
            began, draw = time.perf_counter(), np.random.default_rng((options.seed, self.descent_.done))
            loss, metrics, tokens = course.learn(self.network_, draw)
            self.descent_.step(loss)
            metrics["tokens_per_s"] = tokens / (time.perf_counter() - began)
            if self.descent_.done % _LOOK == 0 or self.descent_.done == options.steps:
                metrics |= course.look(self.network_)
                self._waits = metrics["held_out"] > _PLATEAU * metrics["baseline"]
            note = _WAITING if self._waits else ""
            yield Progress(marked("learning"), self.descent_.done, options.steps, metrics, note)

    def _build(self) -> None:
        import torch

        from core.encoders.networks import descent, transformer

        torch.manual_seed(self.options.seed)
        self.network_ = self._network().to(transformer.device())
        if self.start_ is not None:
            transformer.start(self.network_.embedding, self.start_)
        self.descent_ = descent.Descent(self.network_, self.options.lr, self.options.steps)

    def untrained(self, seed: int = 0) -> "Stepwise":
        """One like this, of the same options and words, whose network has learned nothing: random numbers by `seed`."""
        import torch

        from core.encoders.networks import transformer

        fresh = type(self)(self.options, self.vocab)
        torch.manual_seed(seed)
        fresh.network_ = fresh._network().to(transformer.device())
        return fresh

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        return self.descent_.state(training)

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self._build()
        self.descent_.restore(state)
