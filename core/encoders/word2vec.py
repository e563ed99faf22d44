"""word2vec: a word's vector is what predicts the words around it, or is predicted by them.

Mikolov, Chen, Corrado and Dean (2013), Efficient estimation of word representations in vector space: the continuous
skip-gram and bag-of-words (CBOW) architectures. Mikolov, Sutskever, Chen, Corrado and Dean (2013), Distributed
representations of words and phrases and their compositionality: negative sampling (eq. 4), subsampling of frequent
words (eq. 5, in the form of the authors' program). The arithmetic is in kernels/word2vec.py.
"""

import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Encoder, Estimate, Progress, WordVectors
from core.options import Options, option
from core.problem import Problem, marked

_CHUNK = 20_000  # tokens of one call of a kernel, a few milliseconds; fewer if they take longer than 50
_ROUND = 0.15  # seconds from one event to the next
_LOOK = 1.0  # seconds from one look at the held-out text to the next
_EVERY = 64  # blocks of which one is measured for the loss
_SWING = 2.0  # see _step
_RUNTIME = 150_000_000  # bytes of numba and its compiler
_FLOOR = 1e-4  # the learning rate ends at this share of its start, as in the authors' program


class Word2VecOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"dim": 50, "epochs": 3}, "balanced": {},
               "thorough": {"dim": 200, "epochs": 10, "negative": 10}}
    architecture: Literal["skip-gram", "cbow"] = option(
        "skip-gram", "Architecture",
        "Skip-gram guesses the neighbours from the word; CBOW guesses the word from its neighbours, which is faster.")
    # Hierarchical and full softmax: one more choice here, its kernels and its baseline in _Course.
    output: Literal["negative"] = option(
        "negative", "Output", "How a guess is scored: against a few random words (negative sampling).", advanced=True)
    dim: int = option(100, "Dimensions", "Numbers that stand for one word.", low=2, high=1000, step=10)
    window: int = option(5, "Window", "How many words away a neighbour may be.", low=1, high=50, step=1)
    negative: int = option(5, "Negative samples", "Random words set against a true neighbour.", low=1, high=50, step=1)
    sample: float = option(
        0.001, "Subsampling", "Words with a larger share of the text than this are skipped now and then; 0: none are.",
        low=0, high=1, step=0.0001, advanced=True)
    epochs: int = option(5, "Epochs", "How many times it reads the text.", low=1, high=1000, step=1)
    lr: float = option(
        0.05, "Learning rate", "The size of a step at the start; it falls to almost 0 by the end.",
        low=1e-5, high=1, step=0.005, advanced=True)
    threads: int = option(
        2, "Threads", "Processor cores to use. With one, the same seed gives the same numbers to the last bit.",
        low=1, high=64, step=1, advanced=True)
    seed: int = option(0, "Seed", "Where the random numbers begin.", low=0, high=2**31 - 1, step=1, advanced=True)
    # fmt: on


class Word2Vec(Encoder, WordVectors):
    """Learned: inputs_ and outputs_, float32 (V, D), where D is dim filled up with zeros; position_, the chunks done;
    chunks_, those of one epoch."""

    name, title, year = "word2vec", "word2vec", 2013
    paper = (
        "Mikolov, Chen, Corrado and Dean (2013), Efficient estimation of word representations in vector space; "
        "Mikolov, Sutskever, Chen, Corrado and Dean (2013), Distributed representations of words and phrases and their "
        "compositionality"
    )
    objective = marked(
        "Nats to tell one true pair of word and neighbour (in CBOW: one word amid its neighbours) from as many random "
        "ones as there are negative samples: -log of the probability that each is judged rightly, summed."
    )
    Options = Word2VecOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.inputs_: Any = None
        self.outputs_: Any = None
        self.position_, self.chunks_ = 0, 0

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """One event each 0.15 seconds; between two of them nothing moves. A step is a token read.

        Words below min_count are left out before windows are laid; a window ends where its document ends, or the range
        of the split. Raises Problem if the text has no pair to learn from, or if the vectors are no longer numbers.
        """
        course, options = _Course(self.options, self.vocab, corpus), self.options
        self._begin(course)
        size, looked, last = options.threads, -math.inf, False
        with ThreadPoolExecutor(options.threads) as pool:
            while not last:
                began = time.perf_counter()
                metrics = self._round(pool, course, min(size, course.chunks - self.position_))
                now, step = time.perf_counter(), course.tokens_before(self.position_)
                size = max(options.threads, min(4 * size, round(size * _ROUND / (now - began))))
                last = self.position_ >= course.chunks
                look = last or now - looked > _LOOK
                self._check(step, metrics.get("loss", 0.0), len(self.vocab) if look else 100)
                if look:
                    metrics |= course.measure(self.inputs_, self.outputs_)
                    looked = time.perf_counter()
                yield Progress(marked("learning"), step, max(step, course.total), metrics)

    def _begin(self, course: "_Course") -> None:
        """Vectors as in the authors' program: inputs uniform in +-0.5 / dim, outputs zero. A position taken up from
        other options may count chunks of another size."""
        if self.inputs_ is None:
            shape = len(self.vocab), self.options.dim
            start = (np.random.default_rng(self.options.seed).random(shape, np.float32) - 0.5) / self.options.dim
            self.inputs_, self.outputs_ = _padded(start), _padded(np.zeros(shape, np.float32))
        elif self.chunks_:
            self.position_ = self.position_ * course.chunks_of_epoch // self.chunks_
        self.chunks_ = course.chunks_of_epoch
        if self.outputs_ is None:
            raise Problem("Only the word vectors of this run were kept, so it cannot go on: start a new one.")

    def _round(self, pool: ThreadPoolExecutor, course: "_Course", count: int) -> dict[str, float]:
        """Train on the next `count` chunks; the loss, if a block of them was measured, and the speed."""
        began, position = time.perf_counter(), self.position_
        chunks = iter(range(position, position + count))  # next() on it is atomic: each thread takes its own

        def work() -> np.ndarray:
            totals, block = np.zeros(2), course.block()
            for chunk in chunks:
                course.learn(chunk, self.inputs_, self.outputs_, block, totals)
            return totals

        workers = [pool.submit(work) for _ in range(self.options.threads)]
        nats, pairs = np.sum([worker.result() for worker in workers], axis=0)
        if count <= 0:
            return {}
        self.position_ += count
        tokens = course.tokens_before(self.position_) - course.tokens_before(position)
        speed = {"tokens_per_s": tokens / (time.perf_counter() - began)}
        return speed | ({"loss": float(nats / pairs)} if pairs else {})

    def _check(self, step: int, loss: float, rows: int) -> None:
        """Raises Problem if the first `rows` vectors are no longer numbers, or the loss is thrice that of a coin."""
        with np.errstate(all="ignore"):
            total = self.inputs_[:rows].sum() + self.outputs_[:rows].sum()
        if not np.isfinite(total) or loss > 3 * math.log(2) * (1 + self.options.negative):
            raise Problem(
                "At word {step} the vectors grew out of bounds: choose a learning rate below {lr}.",
                step=step,
                lr=self.options.lr,
            )

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        """Copies: input float32 (V, dim); with `training` also output (V, dim) and position: position_ and chunks_."""
        assert self.inputs_ is not None, "train or restore first"
        dim = self.options.dim
        state = {"input": self.inputs_[:, :dim].copy()}
        if training and self.outputs_ is not None:
            state |= {"output": self.outputs_[:, :dim].copy(), "position": np.array([self.position_, self.chunks_])}
        return state

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary or number of dimensions."""
        shape = len(self.vocab), self.options.dim
        if state["input"].shape != shape:
            raise Problem(
                "This run holds {words} words in {dim} dimensions and cannot go on with {V} in {asked}.",
                **dict(zip(("words", "dim"), state["input"].shape)),
                **dict(zip(("V", "asked"), shape)),
            )
        self.inputs_ = _padded(state["input"])
        self.outputs_ = _padded(state["output"]) if "output" in state else None
        self.position_, self.chunks_ = state["position"].tolist() if "position" in state else (0, 0)

    def word_vectors(self) -> np.ndarray:
        """float32 (V, dim), read-only: a view, which goes on moving while training does; copy it to keep it."""
        assert self.inputs_ is not None, "train or restore first"
        vectors = self.inputs_[:, : self.options.dim]
        vectors.flags.writeable = False
        return vectors

    @classmethod
    def exact(cls, options: Any) -> bool:
        """With one thread. Two threads add to the same rows without waiting for each other."""
        return options.threads == 1

    @classmethod
    def warm(cls) -> None:
        """Compile both kernels, or load them from numba's cache."""
        from core.encoders.kernels.word2vec import warm

        warm()

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Bytes: the compiler, both matrices, one copy of them for saving, and the tables."""
        counts, cores = corpus.vocab.counts, min(options.threads, os.cpu_count() or 1)
        kept = float((counts * (_keep(counts, options.sample) / 0xFFFFFFFF)).sum())
        seconds = options.epochs * (kept * _seconds(options, counts) + 5e-9 * len(corpus.tokens)) / cores**0.8
        arrays = 4 * len(counts) * (2 * _width(options.dim) + 2 * options.dim + 3)
        return Estimate(1 + seconds, _RUNTIME + arrays)


class _Course:
    """What is fixed for one training: which tokens each chunk holds, the tables of the words, the kernel."""

    def __init__(self, options: Any, vocab: Vocab, corpus: Corpus):
        from core.encoders.kernels import word2vec as kernels

        train, held = corpus.split()
        self.options, self.counts, self._tokens = options, vocab.counts, np.asarray(corpus.tokens)
        chunk = max(100, min(_CHUNK, int(0.05 / _seconds(options, self.counts))))
        self._pieces = _cut(train, chunk)  # (p, 2)
        self._held = _spread(_cut(held, max(10, chunk // 10)), chunk)
        _check_text(len(vocab), self._tokens, self._pieces)
        self._before = np.append(0, np.cumsum(self._pieces[:, 1] - self._pieces[:, 0]))  # tokens before each piece
        _, first = np.unique(self._before[:-1] // chunk, return_index=True)
        self._first = np.append(first, len(self._pieces))  # the first piece of each chunk
        self.chunks_of_epoch = len(first)
        self.chunks, self.total = self.chunks_of_epoch * options.epochs, int(self._before[-1]) * options.epochs
        self._step = _step(options, self.counts)
        known = {("skip-gram", "negative"): kernels.skip_gram, ("cbow", "negative"): kernels.cbow}
        self._kernel, self._prepare = known[options.architecture, options.output], kernels.prepare
        self._tables = _keep(self.counts, options.sample), *kernels.alias_table(self.counts**0.75)

    def tokens_before(self, chunk: int) -> int:
        """How many tokens the chunks before this one hold, over all epochs."""
        epoch, place = divmod(chunk, self.chunks_of_epoch)
        return int(self._before[-1]) * epoch + int(self._before[self._first[place]])

    def block(self) -> Any:
        """Memory for one thread to work in."""
        longest = max(np.diff(self._before[self._first]).max(), (self._held[:, 1] - self._held[:, 0]).sum())
        return self._prepare(int(longest), self.options.dim, self.options.window, _shared(self.options))

    def learn(self, chunk: int, inputs: np.ndarray, outputs: np.ndarray, block: Any, totals: np.ndarray) -> None:
        """One chunk; its random numbers and its learning rate depend on nothing but its place."""
        place = chunk % self.chunks_of_epoch
        pieces = self._pieces[self._first[place] : self._first[place + 1]]
        rates = [self._rate(self.tokens_before(c)) for c in (chunk, chunk + 1)]
        self._run(pieces, inputs, outputs, block, rates, chunk + 1, _EVERY, totals)

    def measure(self, inputs: np.ndarray, outputs: np.ndarray) -> dict[str, float]:
        """The baseline, and the loss on the held-out sample (if it holds a pair), each time with the same draws."""
        totals = np.zeros(2)
        self._run(self._held, inputs, outputs, self.block(), [0.0, 0.0], 0, 1, totals)
        return {"baseline": self.baseline} | ({"held_out": float(totals[0] / totals[1])} if totals[1] else {})

    def _run(self, pieces, inputs, outputs, block, rates, stream, every, totals) -> None:
        options, seed = self.options, np.uint64(_mixed(self.options.seed, stream))
        self._kernel(self._tokens, pieces, self._tables, inputs, outputs, block, options.window, options.negative,
                     self._step, tuple(map(np.float32, rates)), seed, every, totals)  # fmt: skip

    def _rate(self, tokens: int) -> float:
        return self.options.lr * max(_FLOOR, 1 - tokens / self.total)

    @cached_property
    def baseline(self) -> float:
        """The least loss of scores that know only how frequent a word is.

        A true neighbour (or a word to predict) is c with probability q, a random word with p: the best score of c has
        sigmoid = q / (q + negative p).
        """
        true = self.counts * (self._tables[0] / 0xFFFFFFFF)
        true, noise = true / true.sum(), self.options.negative * self.counts**0.75 / (self.counts**0.75).sum()
        return float(-(true * np.log(true / (true + noise)) + noise * np.log(noise / (true + noise))).sum())


def _check_text(words: int, tokens: np.ndarray, pieces: np.ndarray) -> None:
    """Raises Problem if there is no pair of words to learn from."""
    if words < 2:
        raise Problem("The vocabulary holds one word; word2vec needs two: lower the min count or take more text.")
    for first, last in pieces:
        if np.count_nonzero(tokens[first:last] < words) > 1:
            return
    raise Problem(
        "No document holds two words of the vocabulary side by side: lower the min count or take longer texts."
    )


def _keep(counts: np.ndarray, sample: float) -> np.ndarray:
    """uint32 (V,): how often a word is kept, of 2**32 - 1 times; (sqrt(f / sample) + 1) sample / f, f its share."""
    if not sample:
        return np.full(len(counts), 0xFFFFFFFF, np.uint32)
    ratio = sample * counts.sum() / counts
    return (np.minimum(np.sqrt(ratio) + ratio, 1.0) * 0xFFFFFFFF).astype(np.uint32)


def _shared(options: Any) -> int:
    """How many negatives a block shares: a word meets as many as in the papers, in CBOW thrice as many."""
    met = (options.window + 1) * options.negative if options.architecture == "skip-gram" else 3 * options.negative
    return max(16, min(256, -(-met // 4) * 4))


def _seconds(options: Any, counts: np.ndarray) -> float:
    """For one kept word on one thread; fitted within a tenth to 24 timings on a server core with AVX-512."""
    vectors, shared, reach = _width(options.dim) / 16, _shared(options), 2 * options.window + 4
    if options.architecture == "skip-gram":
        nanoseconds = 52 + vectors * (0.86 * shared + 1.27 * reach) + 0.7 * shared
    else:
        nanoseconds = 45 + vectors * (0.9 * shared + 0.5 * reach + 15)
    return nanoseconds * 1e-9 * 32 / _step(options, counts)


def _step(options: Any, counts: np.ndarray) -> int:
    """How many inputs of a block, at most 32, are learned from at once.

    Their gradients are taken at the same vectors, so the sum that falls upon one vector must stay small, or it swings
    ever wider: that of the most frequent word of a small vocabulary, or of any negative at a high rate.
    """
    kept, noise = counts * (_keep(counts, options.sample) / 0xFFFFFFFF), counts**0.75
    often = (1 + options.negative) * max(kept.max() / kept.sum(), noise.max() / noise.sum())
    drawn = options.negative / _shared(options) if options.architecture == "skip-gram" else 0
    return int(max(1, min(32, _SWING / (options.lr * (options.window + 1) * max(often, drawn)))))


def _cut(ranges: np.ndarray, most: int) -> np.ndarray:
    """int64 (p, 2): the ranges, each cut into the fewest parts of at most `most` tokens."""
    lengths = ranges[:, 1] - ranges[:, 0]
    parts = np.maximum(1, -(-lengths // most))
    place = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    first, length, parts = (np.repeat(array, parts) for array in (ranges[:, 0], lengths, parts))
    return np.stack([first + length * place // parts, first + length * (place + 1) // parts], 1)


def _spread(pieces: np.ndarray, tokens: int) -> np.ndarray:
    """About so many tokens of the pieces, evenly chosen."""
    stride = max(1, round((pieces[:, 1] - pieces[:, 0]).sum() / tokens))
    return np.ascontiguousarray(pieces[::stride])


def _mixed(seed: int, stream: int) -> int:
    """A well mixed 64-bit number, never 0 (splitmix64, Steele et al. 2014)."""
    z = (seed * 0xD1342543DE82EF95 + stream * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return (z ^ (z >> 31)) or 1


def _width(dim: int) -> int:
    return -(-dim // 16) * 16


def _padded(vectors: np.ndarray) -> np.ndarray:
    """The same rows, filled up with zeros and laid for the kernels."""
    from core.encoders.kernels.tiles import aligned

    padded = aligned(*vectors.shape)
    padded[:, : vectors.shape[1]] = vectors
    return padded
