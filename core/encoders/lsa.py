"""LSA: a word is the documents that it is in, or the words that it stands near, in as few numbers as keep the most.

Deerwester, Dumais, Furnas, Landauer and Harshman (1990), Indexing by latent semantic analysis: the truncated singular
value decomposition of a terms x documents matrix, X = T S D' (section 4), words as rows of T S^p, documents as rows of
D S^p, and new documents folded in, q' T S^-1. Dumais (1991), Improving the retrieval of information from external
sources: log-entropy weights. Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization: the same
of words x context words, with (shifted positive) PMI; Levy, Goldberg and Dagan (2015): smoothed contexts.
"""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Dimensions, DocVectors, Encoder, Estimate, Progress, WordVectors
from core.encoders.kernels import documents, weighing
from core.encoders.kernels.documents import Rows
from core.options import Options, option
from core.problem import Problem, marked

_OVERSAMPLES = 10  # dimensions beyond those asked for, which make them exact sooner
_RUNTIME = 190_000_000  # bytes of numba, its compiler and scipy's linear algebra
_EVENT = 0.1  # seconds from one event to the next


class LSAOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"dim": 50, "iterations": 4}, "balanced": {}, "thorough": {"dim": 300, "iterations": 10}}
    matrix: Literal["documents", "contexts"] = option(
        "documents", "Matrix", "What a word is told by: the documents that it is in, or the words within its window.")
    weights: Literal["log-entropy", "tf-idf", "raw"] = option(
        "log-entropy", "Weights in documents",
        "Log-entropy: the logarithm of the count, times how unevenly documents share the word; TF-IDF; or the count.")
    association: Literal["ppmi", "pmi", "shifted ppmi", "log", "raw"] = option(
        "ppmi", "Weights in contexts",
        "How much more often two words meet than by chance: its logarithm (PMI), without what is less often (PPMI), "
        "shifted down; or the logarithm of the count; or the count.")
    window: int = option(5, "Window", "How many words away a context word may be.", low=1, high=50, step=1)
    dim: int = option(100, "Dimensions", "Numbers that are kept of a word.", low=2, high=1000, step=10)
    power: float = option(
        0.5, "Power of singular values",
        "What the dimensions are scaled by. 1: vectors as in the matrix, the first dimensions largest; 0: all alike; "
        "0.5: words and documents lie in one space.", low=0, high=1, step=0.5)
    smoothing: float = option(
        0.75, "Context smoothing", "The power of a context word's frequency in PMI: below 1, rare contexts count less.",
        low=0.1, high=1, step=0.05, advanced=True)
    shift: float = option(
        5.0, "Shift", "Shifted PPMI takes the logarithm of this off, as so many negative samples would.",
        low=1, high=100, step=1, advanced=True)
    iterations: int = option(6, "Iterations", "How often the dimensions are refined.", low=1, high=100, step=1,
                             advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    seed: int = option(0, "Seed", "Where the random numbers begin.", low=0, high=2**31 - 1, step=1, advanced=True)
    # fmt: on


class LSA(Encoder, WordVectors, DocVectors, Dimensions):
    """Learned, of l = dim + 10 dimensions, the last 10 to be more exact: left_ float32 (V, l), singular_ float64 (l,),
    iteration_; global_ float64 (V,), what folding in multiplies a word by; of documents, right_ float32 (n, d);
    explained_ float32 (d,). d is dim, or less where the matrix has fewer dimensions."""

    name, title, year = "lsa", "LSA", 1990
    paper = (
        "Deerwester et al. (1990), Indexing by latent semantic analysis; Dumais (1991), Improving the retrieval of "
        "information from external sources; Levy and Goldberg (2014), Neural word embedding as implicit matrix "
        "factorization"
    )
    Options = LSAOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.iteration_, self.left_ = 0, np.zeros((len(vocab), 0), np.float32)
        self.singular_, self.global_ = np.zeros(0), np.ones(len(vocab))
        self._kept: dict[str, np.ndarray] = {}

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """A step is a token; each iteration counts as many as the text has. The matrix is counted anew after a pause
        in another process, which takes no step. Raises Problem if it holds nothing to tell words apart by."""
        tokens, options = len(corpus.tokens), self.options
        total, note = tokens * (1 + options.iterations), self._note(corpus)
        if self.iteration_ < options.iterations:
            counted = 0 if not self.iteration_ else tokens * (1 + self.iteration_)
            columns = Rows.none()
            for event in self._matrix(corpus):
                columns = event if isinstance(event, Rows) else columns
                step = max(event if isinstance(event, int) else tokens, counted)
                yield Progress(marked("counting" if isinstance(event, int) else "weighing"), step, total, note=note)
            for share in self._iterations(columns):
                yield Progress(marked("finding dimensions"), int(tokens * (1 + share)), total, note=note)
        yield Progress(marked("finding dimensions"), total, total, self._metrics(), note)

    def _note(self, corpus: Corpus) -> str:
        if self.options.matrix == "documents" and len(corpus.offsets) == 2:
            return marked("There is one document, so words differ by their count alone: split the text into documents, "
                          "or choose the matrix of contexts.")  # fmt: skip
        return ""

    def _metrics(self) -> dict[str, float]:
        return {"explained": float(self.explained().sum())}

    # The matrix, by columns: documents x words, or contexts x words.

    def _matrix(self, corpus: Corpus) -> Iterator[int | Rows | None]:
        """Yields the tokens counted, then None while it weighs, and at the end the matrix. Sets global_."""
        options, words = self.options, len(self.vocab)
        counts = Rows.none()
        for event in self._counted(corpus):
            counts = event if isinstance(event, Rows) else counts
            if isinstance(event, int):
                yield event
        yield None
        parts = [Rows(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))]
        if options.matrix == "documents":
            self.global_ = yield from weighing.global_weights(options.weights, counts, words)
        else:
            marginal = yield from weighing.column_sums(counts, lambda block: block.values, words)
        for first, block in counts.blocks():
            if options.matrix == "documents":
                parts.append(self._weighed(block))
            else:
                parts.append(
                    weighing.associations(block, first, marginal, options.association, options.smoothing, options.shift)
                )
            yield None
        weights = Rows.joined(parts)
        if not weights.values.any():
            raise Problem("These weights leave no number above 0 in the matrix: choose other weights, a smaller shift, "
                          "or a longer text.")  # fmt: skip
        yield weights

    def _counted(self, corpus: Corpus) -> Iterator[int | Rows]:
        """Yields the tokens counted, and at the end the counts."""
        options, words = self.options, len(self.vocab)
        if options.matrix == "contexts":
            from core.encoders.kernels import cooccurrence

            yield from cooccurrence.count(corpus.tokens, corpus.offsets, words, options.window, options.threads)
            return
        parts, first = [Rows.none()], 0
        for part in documents.count(corpus.tokens, corpus.offsets, words, 0, options.threads):
            parts.append(part)
            first += len(part)
            yield int(corpus.offsets[first])
        yield Rows.joined(parts)

    def _weighed(self, counts: Rows) -> Rows:
        """float32 weights of documents' counts: local times global, as the option says."""
        values = counts.values.astype(np.float64)
        if self.options.weights == "log-entropy":
            values = np.log2(1 + values)
        values *= self.global_[counts.indices]
        if self.options.weights == "tf-idf":
            row = np.repeat(np.arange(len(counts)), np.diff(counts.indptr))
            norms = np.sqrt(np.bincount(row, values**2, len(counts)))
            values /= norms[row]
        return Rows(counts.indptr, counts.indices, values.astype(np.float32))

    def _iterations(self, columns: Rows) -> Generator[float, None, None]:
        """Refine the dimensions; yields the iterations done and the share of the one at work."""
        from core.encoders.kernels import sparse

        words, options = len(self.vocab), self.options
        turning = sparse.transposed(columns, words)
        rows = yield from _ticking(turning, self.iteration_)
        total = yield from _ticking(
            weighing.variance(columns if options.matrix == "documents" else rows), self.iteration_
        )
        width = min(options.dim + _OVERSAMPLES, words, len(columns))
        start = np.random.default_rng(options.seed).standard_normal((words, width), np.float32)
        start[:, : self.left_.shape[1]] = self.left_[:, :width]  # those found before, if this goes on
        self.left_ = start
        with ThreadPoolExecutor(options.threads) as pool:
            for done in range(self.iteration_, options.iterations):
                steps, said = sparse.iteration(rows, columns, self.left_, pool, options.threads), 0.0
                while True:
                    try:
                        share = next(steps)
                    except StopIteration as end:
                        self._take(end.value, done + 1, total, pool)
                        break
                    if time.monotonic() > said + _EVENT:
                        said = time.monotonic()
                        yield done + share
                if self.iteration_ < options.iterations:
                    yield float(self.iteration_)

    def _take(self, found: Any, iteration: int, variance: float, pool: ThreadPoolExecutor) -> None:
        self.left_, self.singular_, self.iteration_ = found.left, found.singular, iteration
        right = found.right(self._dim, pool)
        samples = (right if self.options.matrix == "documents" else self.left_[:, : self._dim]) * self._scale(1.0)
        explained = samples.var(0, dtype=np.float64) / max(variance, 1e-30)
        self._kept = {"explained": explained.astype(np.float32)}
        if self.options.matrix == "documents":
            self._kept["right"] = right

    # The state.

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        """iteration; once there are dimensions: left float32 (V, d), singular float64 (d,), global float64 (V,),
        explained float32 (d,) and, of documents, right float32 (n, d). With `training`, d includes the oversamples."""
        state = {"iteration": np.array([self.iteration_])}
        if not self.iteration_:
            return state
        width = self.left_.shape[1] if training else self._dim
        return state | {"left": self.left_[:, :width].copy(), "singular": self.singular_[:width].copy(),
                        "global": self.global_.copy(), **self._kept}  # fmt: skip

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary."""
        self.iteration_ = int(state["iteration"][0])
        if not self.iteration_:
            return
        if len(state["left"]) != len(self.vocab):
            raise Problem("This run holds {words} words and cannot go on with {V}.",
                          words=len(state["left"]), V=len(self.vocab))  # fmt: skip
        self.left_, self.singular_, self.global_ = state["left"], state["singular"], state["global"]
        self._kept = {name: state[name] for name in ("explained", "right") if name in state}

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """From timings on one core: an entry is a pair of a word and a document or context, about 0.6 a token of short
        documents, and with contexts what is left of each token's window once the same pairs are one."""
        tokens, cores = len(corpus.tokens), min(options.threads, os.cpu_count() or 1)
        words, width = len(corpus.vocab), options.dim + _OVERSAMPLES
        entries, columns, counting = 0.6 * tokens, len(corpus.offsets) - 1, 15e-9 * tokens
        if options.matrix == "contexts":
            met = 2.0 * tokens * options.window
            entries, columns, counting = min(met, 12 * met**0.8, words**2), words, 6e-9 * met
        entries = min(entries, words * columns)
        narrow = (words + columns) * min(width, words, columns)
        pass_ = 2 * entries * (3e-9 + 1.3e-10 * width) + 1.5e-10 * narrow * width
        seconds = 0.2 + (counting + 40e-9 * entries + options.iterations * pass_) / cores**0.8
        return Estimate(seconds, int(_RUNTIME + 30 * entries + 16 * narrow))

    @classmethod
    def warm(cls) -> None:
        """Compile the kernels, or load them from numba's cache."""
        from core.encoders.kernels import cooccurrence, sparse, terms

        assert terms.count.signatures and sparse.multiply.signatures and cooccurrence.rows.signatures

    # Answers.

    @cached_property
    def _no_vectors(self) -> np.ndarray:
        return np.zeros((len(self.vocab), 2), np.float32)

    @property
    def _dim(self) -> int:
        """The dimensions to show: those asked for, or those that the matrix has."""
        real = int(np.count_nonzero(self.singular_[: self.options.dim]))
        return max(1, real)

    def _scale(self, power: float) -> np.ndarray:
        """float32 (d,): singular values to a power."""
        singular = self.singular_[: self._dim]
        return np.where(singular > 0, np.maximum(singular, 1e-30) ** power, 0).astype(np.float32)

    def word_vectors(self) -> np.ndarray:
        """float32 (V, d): rows of T S^power; before there are dimensions, all 0."""
        if not self.iteration_:
            return self._no_vectors
        return np.asarray(self.left_[:, : self._dim] * self._scale(self.options.power))

    def doc_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, d): new documents folded in, q' T S^(power - 1), so that one learned from gets the vector that it
        has; from contexts, the mean of the vectors of its words."""
        counts = documents.encode(texts, self.vocab, self.options.threads)
        if not self.iteration_:
            return np.zeros((len(texts), 2), np.float32)
        if self.options.matrix == "documents":
            weights, vectors = self._weighed(counts), self.left_[:, : self._dim] * self._scale(self.options.power - 1)
        else:
            lengths = np.maximum(1, np.add.reduceat(np.append(counts.values, 0), counts.indptr[:-1]))
            share = counts.values / np.repeat(lengths, np.diff(counts.indptr))
            weights, vectors = Rows(counts.indptr, counts.indices, share.astype(np.float32)), self.word_vectors()
        return _times(weights, np.ascontiguousarray(vectors))

    def corpus_vectors(self) -> np.ndarray:
        """float32 (n, d): the documents learned from, rows of D S^power. Raises Problem if it learned from contexts."""
        if "right" not in self._kept:
            raise Problem("This run tells words by their contexts and has no vectors of documents; ask for texts'.")
        return np.asarray(self._kept["right"][:, : self._dim] * self._scale(self.options.power))

    def explained(self) -> np.ndarray:
        """float32 (d,): the share of the matrix's variance over documents (or words) that each dimension explains, as
        scikit-learn's TruncatedSVD has it."""
        return self._kept.get("explained", np.zeros(2, np.float32))[: self.options.dim]

    def dimension(self, i: int, k: int = 10) -> dict[str, Any]:
        """The words at both ends of dimension i, counted from 0; raises Problem if there is none."""
        vectors = self.word_vectors()
        if not 0 <= i < vectors.shape[1]:
            raise Problem("There is no dimension {i}; they are counted from 0 to {last}.",
                          i=i, last=vectors.shape[1] - 1)  # fmt: skip
        ends: dict[str, np.ndarray] = {}
        for name, sign in (("positive", 1), ("negative", -1)):
            order = np.argsort(-sign * vectors[:, i], kind="stable")[:k]
            order = order[sign * vectors[order, i] > 0]
            ends |= {name: order.astype(np.int32), f"{name}_values": vectors[order, i]}
        return ends


def _ticking(steps: weighing.Ticks, iteration: int) -> Generator[float, None, Any]:
    """The same, yielding the iterations done."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield float(iteration)


def _times(weights: Rows, vectors: np.ndarray) -> np.ndarray:
    from core.encoders.kernels import sparse

    found = np.empty((len(weights), vectors.shape[1]), np.float32)
    sparse.multiply(weights.indptr, weights.indices, weights.values, vectors, 0, len(weights), found)
    return found
