"""GloVe: a word's vector is what, with another's, makes up the logarithm of how often the two stand near each other.

Pennington, Socher and Manning (2014), GloVe: global vectors for word representation: counts weighted by 1 / distance
(section 4.2), the weighted least squares of w_i c_j + b_i + b_j against ln X_ij over the cells that are not 0 (eq. 8,
weights of eq. 9), by AdaGrad in random order (in the form of the authors' program); a word's vector is w + c. The
singular value decomposition of the same matrix is not GloVe, but what the paper compares it with (section 4.3: SVD).
The counting is in kernels/cooccurrence.py, the descent in kernels/glove.py.
"""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Cooccurrences, Encoder, Estimate, Progress, WordVectors
from core.encoders.kernels.cells import KEPT, Cells, Step, different_pairs, kept, ticking
from core.encoders.kernels.documents import Rows
from core.options import Options, option
from core.problem import Problem, marked

_ROUND = 0.15  # seconds from one event to the next
_LOOK = 1.0  # seconds from one look at the cells held out to the next
_LOOKED = 100_000  # cells held out that are looked at
_OVERSAMPLES = 10  # dimensions of the SVD beyond those asked for, which make them exact sooner
_RUNTIME = 190_000_000  # bytes of numba and its compiler


class GloVeOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"dim": 50, "epochs": 5, "iterations": 4}, "balanced": {},
               "thorough": {"dim": 200, "epochs": 30, "iterations": 10}}
    method: Literal["least squares", "svd"] = option(
        "least squares", "Method",
        "Weighted least squares is GloVe. The singular value decomposition (SVD) of the same counts is not: it is what "
        "GloVe is compared with.")
    transform: Literal["ppmi", "log", "raw"] = option(
        "ppmi", "Transform for SVD",
        "What of the counts is decomposed: how much more often than by chance two words meet (PPMI), the logarithm of "
        "the count, or the count.")
    window: int = option(10, "Window", "How many words away a context word may be.", low=1, high=50, step=1)
    side: Literal["symmetric", "left only"] = option(
        "symmetric", "Context", "Whether the words to the right are a word's context too, or only those to its left.")
    weighting: Literal["distance", "flat"] = option(
        "distance", "Weighting", "What a context word counts: less the farther away it is (1/distance), or always 1.")
    dim: int = option(100, "Dimensions", "Numbers that stand for one word.", low=2, high=1000, step=10)
    epochs: int = option(15, "Epochs", "How many times it goes through the cells of the matrix.",
                         low=1, high=1000, step=1)
    x_max: float = option(
        10.0, "Full weight from", "Counts from here on weigh fully, smaller ones less: x_max. The paper has 100 for "
        "billions of words; a small text needs less.", low=1, high=1e6, step=10)
    alpha: float = option(
        0.75, "Power of the weight", "A count x below that weighs (x / x_max) to this power.",
        low=0, high=2, step=0.05, advanced=True)
    lr: float = option(
        0.05, "Learning rate", "The size of a step at the start; AdaGrad makes it smaller for what has moved much.",
        low=1e-5, high=1, step=0.005, advanced=True)
    power: float = option(
        0.5, "Power of singular values", "Of the SVD: what the dimensions are scaled by. 1: as in the matrix, the "
        "first ones largest; 0: all alike.", low=0, high=1, step=0.5, advanced=True)
    iterations: int = option(6, "Iterations of SVD", "How often the dimensions of the SVD are refined.",
                             low=1, high=100, step=1, advanced=True)
    memory: int = option(
        2000, "Memory for counts (MB)", "Counts beyond this lie in temporary files: slower, with the same result.",
        low=1, high=1_000_000, step=500, advanced=True)
    threads: int = option(
        2, "Threads", "Processor cores to use. With one, the same seed gives the same numbers to the last bit.",
        low=1, high=64, step=1, advanced=True)
    seed: int = option(0, "Seed", "Where the random numbers begin.", low=0, high=2**31 - 1, step=1, advanced=True)
    # fmt: on


class GloVe(Encoder, WordVectors, Cooccurrences):
    """Learned: cells_, what is kept of the counts; by least squares weights_ (kernels.glove.Weights, float32 (V, D), D
    being dim filled up with zeros), position_ and chunks_, the chunks of cells done and those of one epoch; by SVD
    left_ float32 (V, dim + 10), singular_ float64 (dim + 10,) and iteration_. The counts are made anew when a run goes
    on: they are the same to the bit, and larger than all else."""

    name, title, year = "glove", "GloVe", 2014
    paper = "Pennington, Socher and Manning (2014), GloVe: global vectors for word representation"
    objective = marked(
        "The weighted squared error of a cell of the matrix, f(x) (w·c + b + b − ln x)², in squared nats, not in nats; "
        "the mean over cells that are not 0. The baseline is the best that one number a word can do, b + b without "
        "vectors; one cell in 200 is held out."
    )
    unit = marked("squared nats")
    Options = GloVeOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.cells_ = Cells.none(len(vocab))
        self.weights_: Any = None
        self.position_ = self.chunks_ = self.iteration_ = 0
        self.left_, self.singular_ = np.zeros((len(vocab), 0), np.float32), np.zeros(0)

    @property
    def _squares(self) -> bool:
        return self.options.method == "least squares"

    @property
    def _done(self) -> float:
        """The epochs, or iterations, behind it, the counting being one; 0 before the first."""
        done = self.position_ / max(1, self.chunks_) if self._squares else self.iteration_
        return 1 + done if done else 0

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """A step is a token; each epoch, or iteration of the SVD, counts as many as the text has. Raises Problem if
        there is nothing to count, or if the vectors are no longer numbers."""
        if len(self.vocab) < 2:
            raise Problem("The vocabulary holds one word; GloVe needs two: lower the min count or take more text.")
        options, tokens, note = self.options, len(corpus.tokens), self._note(corpus)
        parts = 1 + (options.epochs if self._squares else options.iterations)
        self._begin()
        if self._done < parts:
            for phase, done, metrics in self._descend(corpus) if self._squares else self._decompose(corpus):
                yield Progress(phase, int(tokens * max(done, self._done)), tokens * parts, metrics, note)
        else:
            yield Progress(marked("learning"), tokens * parts, tokens * parts, note=note)

    def _begin(self) -> None:
        """Raises Problem if what was taken up cannot go on so."""
        if self.iteration_ and self._squares or self.weights_ is not None and not self._squares:
            raise Problem("This run was begun by the other method and cannot go on by this one: start a new one.")
        if self._squares:
            from core.encoders.kernels import glove as kernels

            weights = self.weights_ or kernels.begin(len(self.vocab), self.options.dim, self.options.seed)
            if len(weights) < len(_ARRAYS):
                raise Problem("Only the word vectors of this run were kept, so it cannot go on: start a new one.")
            self.weights_ = kernels.laid(*weights)

    def _note(self, corpus: Corpus) -> str:
        if int(np.diff(corpus.offsets).max()) - 1 > self.options.window:
            return ""
        return marked("The window is wider than every document, so each word's context is its whole document: choose a "
                      "smaller window to tell near from far.")  # fmt: skip

    def _counting(self, corpus: Corpus) -> Generator[Step, None, Rows]:
        """Returns the matrix, of which it keeps some in cells_."""
        from core.encoders.kernels import cooccurrence

        options, both, counts = self.options, self.options.side == "symmetric", Rows.none()
        for event in cooccurrence.count(
            corpus.tokens, corpus.offsets, len(self.vocab), options.window, options.threads, both=both,
            nearer=options.weighting == "distance", memory=1e6 * options.memory,
        ):  # fmt: skip
            counts = event if isinstance(event, Rows) else counts
            yield marked("counting"), 0.5 * (event / len(corpus.tokens) if isinstance(event, int) else 1), {}
        if not len(counts.indices):
            raise Problem(
                "No document holds two words of the vocabulary side by side: lower the min count or take longer texts."
            )
        self.cells_ = yield from ticking(kept(counts, both), marked("counting"), 0.5)
        return counts

    # Weighted least squares.

    def _descend(self, corpus: Corpus) -> Generator[Step, None, None]:
        from core.encoders.kernels import glove as kernels
        from core.encoders.kernels import glove_tiles

        options, counts = self.options, (yield from self._counting(corpus))
        shuffling = glove_tiles.shuffled(
            counts, options.x_max, options.alpha, options.seed, options.threads, 0.6e6 * options.memory
        )
        del counts  # they go when they are shuffled
        tiles = yield from ticking(shuffling, marked("shuffling"), 0.5)
        course = kernels.Course(tiles, options.seed, options.lr)
        if self.chunks_:  # taken up, perhaps from other options
            self.position_ = self.position_ * course.chunks // self.chunks_
        self.chunks_ = course.chunks
        least = kernels.biases_only(tiles, len(self.vocab), options.threads)
        baseline = yield from ticking(least, marked("shuffling"), 1)
        yield from self._learn(course, len(corpus.tokens), {"baseline": baseline})

    def _learn(self, course: Any, tokens: int, constant: dict[str, float]) -> Generator[Step, None, None]:
        """One event each 0.15 seconds; between two of them nothing moves."""
        threads, looked, end = self.options.threads, -np.inf, self.chunks_ * self.options.epochs
        size = threads
        with ThreadPoolExecutor(threads) as pool:
            while self.position_ < end:
                began, before = time.perf_counter(), self.position_
                self.position_, loss = course.round(before, size, self.weights_, pool, threads)
                seconds = max(time.perf_counter() - began, 1e-6)
                size = min(self.chunks_, max(threads, min(4 * size, round(size * _ROUND / seconds))))
                metrics = {"loss": loss, "tokens_per_s": tokens * (self.position_ - before) / self.chunks_ / seconds}
                look = self.position_ >= end or began - looked > _LOOK
                self._check(loss, len(self.vocab) if look else 100)
                if look:
                    metrics |= constant | course.held_out(self.weights_, _LOOKED)
                    looked = began
                yield marked("learning"), self._done, metrics

    def _check(self, loss: float, rows: int) -> None:
        """Raises Problem if the loss or the first `rows` vectors are no longer numbers."""
        with np.errstate(all="ignore"):
            total = self.weights_.main[:rows].sum() + self.weights_.context[:rows].sum() + loss
        if not np.isfinite(total):
            raise Problem("In epoch {epoch} the vectors grew out of bounds: choose a learning rate below {lr}.",
                          epoch=int(self._done), lr=self.options.lr)  # fmt: skip

    # The singular value decomposition.

    def _decompose(self, corpus: Corpus) -> Generator[Step, None, None]:
        from core.encoders.kernels import sparse

        options, words = self.options, len(self.vocab)
        counts = yield from self._counting(corpus)
        weighed = self.cells_.weighed(counts, options.transform, 0.4e6 * options.memory)
        rows = columns = yield from ticking(weighed, marked("weighing"), 1)
        if options.side != "symmetric":
            columns = yield from ticking(sparse.transposed(rows, words), marked("weighing"), 1)
        width = min(options.dim + _OVERSAMPLES, words)
        start = np.random.default_rng(options.seed).standard_normal((words, width), np.float32)
        start[:, : self.left_.shape[1]] = self.left_[:, :width]  # those found before, if this goes on
        self.left_ = start
        with ThreadPoolExecutor(options.threads) as pool:
            for done in range(self.iteration_, options.iterations):
                steps = sparse.iteration(rows, columns, self.left_, pool, options.threads)
                found = yield from ticking(steps, marked("finding dimensions"), 1 + done)
                self.left_, self.singular_, self.iteration_ = found.left, found.singular, done + 1
                yield marked("finding dimensions"), self._done, {}

    # The state.

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        """What is kept of the counts, see `Cells.arrays`. By least squares main, context float32 (V, dim) and biases
        (V, 2), with `training` their squares and position: position_ and chunks_. By SVD iteration, and once there are
        dimensions left float32 (V, d) and singular float64 (d,), with `training` d including the oversamples."""
        dim, state = self.options.dim, self.cells_.arrays()
        if self.weights_ is not None:
            names = _ARRAYS if training else _ARRAYS[:3]
            state |= {name: np.array(array[:, :dim]) for name, array in zip(names, self.weights_)}
            return state | ({"position": np.array([self.position_, self.chunks_])} if training else {})
        width = self.left_.shape[1] if training else dim
        if self.iteration_:
            state |= {"left": self.left_[:, :width].copy(), "singular": self.singular_[:width].copy()}
        return state | {"iteration": np.array([self.iteration_])}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary or number of dimensions."""
        words, dim = state.get("main", state["counted_sums"].T).shape
        if words != len(self.vocab) or ("main" in state and dim != self.options.dim):
            raise Problem("This run holds {words} words in {dim} dimensions and cannot go on with {V} in {asked}.",
                          words=words, dim=dim, V=len(self.vocab), asked=self.options.dim)  # fmt: skip
        self.cells_ = Cells.of(state)
        self.position_, self.chunks_ = state["position"].tolist() if "position" in state else (0, 0)
        self.iteration_ = int(state["iteration"][0]) if "iteration" in state else 0
        self.weights_ = [state[name] for name in _ARRAYS if name in state] or None
        if self.iteration_:
            self.left_, self.singular_ = state["left"], state["singular"]

    @classmethod
    def exact(cls, options: Any) -> bool:
        """With one thread, or by SVD. Two threads step on the same vectors without waiting for each other."""
        return options.threads == 1 or options.method == "svd"

    @classmethod
    def warm(cls) -> None:
        """Compile the kernels, or load them from numba's cache."""
        from core.encoders.kernels import cooccurrence, sparse
        from core.encoders.kernels.glove import warm

        assert cooccurrence.rows.signatures and sparse.multiply.signatures
        warm()

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """From timings on one core, and how many cells there would be if words met by chance, less a fifth."""
        tokens, words, cores = len(corpus.tokens), len(corpus.vocab), min(options.threads, os.cpu_count() or 1)
        met = tokens * options.window * (2 if options.side == "symmetric" else 1)
        cells, wide = 0.79 * different_pairs(corpus.vocab.counts, met), options.dim + _OVERSAMPLES
        seconds, arrays = 4e-9 * met + 60e-9 * cells, 16 * words * wide
        if options.method == "least squares":
            seconds += options.epochs * cells * (20e-9 + 0.7e-9 * options.dim)
            arrays = 32 * words * wide
        else:
            seconds += options.iterations * (2 * cells * (3e-9 + 1.3e-10 * wide) + 3e-10 * words * wide**2)
        counts = min(1e6 * options.memory, 20 * cells + 8 * tokens)
        return Estimate(0.5 + seconds / cores**0.8, int(_RUNTIME + counts + 30 * min(cells, KEPT) + arrays))

    # Answers.

    def word_vectors(self) -> np.ndarray:
        """float32 (V, dim): w + c; by SVD the left singular vectors times a power of their values, (V, 2) of 0 before
        there are any."""
        if self.weights_ is not None:
            return np.asarray(self.weights_[0][:, : self.options.dim] + self.weights_[1][:, : self.options.dim])
        if not self.iteration_:
            return np.zeros((len(self.vocab), 2), np.float32)
        singular = self.singular_[: self.options.dim]
        scale = np.where(singular > 0, np.maximum(singular, 1e-30) ** self.options.power, 0)
        return np.asarray(self.left_[:, : self.options.dim] * scale.astype(np.float32))

    def counted(self) -> dict[str, Any]:
        """Facts of the whole matrix, see `Cells.facts`; symmetric, window, fits."""
        return {**self.cells_.facts(), "symmetric": self.options.side == "symmetric",
                "window": self.options.window, "fits": self._squares}  # fmt: skip

    def among(self, words: Sequence[str], transform: str = "raw") -> np.ndarray:
        """float32 (n, n): how often each of these words (rows) has each (columns) near it: "raw", "log" or "ppmi"."""
        ids = np.array([self._kept(word) for word in words])
        return self.cells_.transformed(transform, self.cells_.among(ids), ids[:, None], ids)

    def strongest(self, word: str, k: int = 10, order: str = "count") -> dict[str, np.ndarray]:
        """ids int32 (k,): the words most often near this one, or with order "pmi" most above chance; their counts,
        weights f(x) and pmi, float32."""
        found = self.cells_.strongest(self._kept(word), k, order)
        return {**found, "weights": self._weight(found["counts"])}

    def fitted(self, k: int = 2000) -> dict[str, np.ndarray]:
        """Some cells that are kept: rows and columns int32 (m,), float32 logs of the counts, what w·c + b + b makes of
        them, and weights; none by SVD, which fits something else."""
        rows, columns, counts = self.cells_.sample(k if self.weights_ is not None else 0, self.options.seed)
        predicted = np.zeros(len(rows), np.float32)
        if len(rows):
            main, context, biases = (array[:, : self.options.dim] for array in self.weights_[:3])
            predicted = np.einsum("ij,ij->i", main[rows], context[columns]) + biases[rows, 0] + biases[columns, 1]
        return {"rows": rows, "columns": columns, "logs": np.log(counts), "predicted": predicted,
                "weights": self._weight(counts)}  # fmt: skip

    def _weight(self, counts: np.ndarray) -> np.ndarray:
        """f(x) of eq. 9."""
        return np.minimum(1, (counts / np.float32(self.options.x_max)) ** np.float32(self.options.alpha))

    def _kept(self, word: str) -> int:
        """The word's id. Raises Problem if it is unknown, or none of those whose counts are kept."""
        index, K = self.vocab.index(word), len(self.cells_.rows)
        if not K:
            raise Problem("Nothing is counted yet; ask again when the counting is done.")
        if index >= K:
            raise Problem("{word} is word {rank} by frequency; only counts among the first {K} are kept: choose a more "
                          "frequent word.", word=word, rank=index + 1, K=K)  # fmt: skip
        return index


_ARRAYS = "main", "context", "biases", "main_squares", "context_squares", "bias_squares"
