"""word2vec: a word's vector is what predicts the words around it, or is predicted by them.

Mikolov, Chen, Corrado and Dean (2013), Efficient estimation of word representations in vector space: the continuous
skip-gram and bag-of-words (CBOW) architectures, hierarchical softmax. Mikolov, Sutskever, Chen, Corrado and Dean
(2013), Distributed representations of words and phrases and their compositionality: negative sampling (eq. 4),
subsampling of frequent words (eq. 5, in the form of the authors' program). Bojanowski, Grave, Joulin and Mikolov
(2017), Enriching word vectors with subword information: words made of n-grams. The arithmetic: kernels/word2vec*.py.
"""

import math
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.corpus.characters import fold
from core.encoders.base import Encoder, Estimate, PairScores, Paths, Progress, SubwordVectors, WordVectors
from core.encoders.kernels import word2vec_plan as plan
from core.encoders.kernels.word2vec_course import Course
from core.encoders.kernels.word2vec_huffman import Huffman
from core.encoders.kernels.word2vec_ngrams import ngram_buckets, word_parts
from core.encoders.kernels.word2vec_objectives import TEXTS, objective, spare_rows
from core.options import Options, option
from core.problem import Problem, marked

_ROUND = 0.15  # seconds from one event to the next
_PAIRS = 100_000  # multiplied at once
_LOOK = 1.0  # seconds from one look at the held-out text to the next
_RUNTIME = 150_000_000  # bytes of numba and its compiler


class Word2VecOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"dim": 50, "epochs": 3}, "balanced": {},
               "thorough": {"dim": 200, "epochs": 10, "negative": 10}}
    architecture: Literal["skip-gram", "cbow"] = option(
        "skip-gram", "Architecture",
        "Skip-gram guesses the neighbours from the word; CBOW guesses the word from its neighbours, which is faster.")
    output: Literal["negative", "hierarchical", "full"] = option(
        "negative", "Output",
        "How a guess is scored: against a few random words (negative sampling), turn by turn down a tree of all words "
        "(hierarchical softmax), or against every word (full softmax: the textbook, slow, for small vocabularies).")
    dim: int = option(100, "Dimensions", "Numbers that stand for one word.", low=2, high=1000, step=10)
    window: int = option(5, "Window", "How many words away a neighbour may be.", low=1, high=50, step=1)
    negative: int = option(5, "Negative samples", "Random words set against a true neighbour.", low=1, high=50, step=1)
    subwords: bool = option(
        False, "Parts of words", "A word's vector is the mean of its own and of those of its n-grams of letters, as in "
        "fastText: words never seen have vectors too. With negative sampling.")
    min_n: int = option(3, "Shortest part", "Letters of the shortest n-gram, the marks < and > of a word's ends among "
                        "them. For Chinese, 1.", low=1, high=20, step=1, advanced=True)
    max_n: int = option(6, "Longest part", "Letters of the longest n-gram, likewise. For Chinese, 3.",
                        low=1, high=20, step=1, advanced=True)
    buckets: int = option(
        100_000, "Buckets of parts", "How many different n-grams are told apart; more of them share vectors.",
        low=100, high=10_000_000, step=10_000, advanced=True)
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

    def __init__(self, **values: Any):
        super().__init__(**values)
        if self.subwords and self.output != "negative":
            raise Problem("Parts of words are learned with negative sampling: choose it as output, or whole words.")
        if self.min_n > self.max_n:
            raise Problem(
                "The shortest part, {least} letters, is longer than the longest, {most}: change one.",
                least=self.min_n,
                most=self.max_n,
            )


class Word2Vec(Encoder, WordVectors, Paths, SubwordVectors, PairScores):
    """Learned: inputs_, float32 (V, D), with subwords (V + buckets, D), where D is dim filled up with zeros; outputs_,
    float32, a row a word, or an inner node of the tree, and then rows that are the kernels' own; position_, the chunks
    done; chunks_, those of one epoch. scorers_: outputs as halves, of a run that can answer and not go on."""

    name, title, year = "word2vec", "word2vec", 2013
    paper = (
        "Mikolov, Chen, Corrado and Dean (2013), Efficient estimation of word representations in vector space; "
        "Mikolov, Sutskever, Chen, Corrado and Dean (2013), Distributed representations of words and phrases and their "
        "compositionality; with parts of words: Bojanowski, Grave, Joulin and Mikolov (2017), Enriching word vectors "
        "with subword information"
    )
    objective = TEXTS["negative"]
    Options = Word2VecOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.inputs_: Any = None
        self.outputs_: Any = None
        self.scorers_: Any = None
        self.position_, self.chunks_ = 0, 0

    @cached_property
    def tree(self) -> Huffman | None:
        """Of a hierarchical output."""
        return Huffman(self.vocab.counts) if self.options.output == "hierarchical" else None

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray] | None:
        """With subwords: (starts, rows), the rows of inputs_ that make up each word."""
        options = self.options
        return word_parts(self.vocab.words, options.min_n, options.max_n, options.buckets) if options.subwords else None

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """One event each 0.15 seconds; between two of them nothing moves. A step is a token read.

        Words below min_count are left out before windows are laid; a window ends where its document ends, or the range
        of the split. Raises Problem if the text has no pair to learn from, or if the vectors are no longer numbers.
        """
        options = self.options
        plan.check_vocabulary(options, len(self.vocab))
        course = Course(options, corpus, objective(options, self.vocab.counts, self.tree, self.parts))
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
                self._check(step, metrics.get("loss", 0.0) / course.objective.start, len(self.vocab) if look else 100)
                if look:
                    metrics |= course.measure(self.inputs_, self.outputs_)
                    looked = time.perf_counter()
                yield Progress(marked("learning"), step, max(step, course.total), metrics)

    def _begin(self, course: Course) -> None:
        """Vectors as in the authors' program: inputs uniform in +-0.5 / dim (0 for a bucket without n-gram), outputs
        zero. A position taken up from other options may count chunks of another size."""
        if self.inputs_ is None:
            rows, dim = len(self.vocab) + (self.options.buckets if self.parts else 0), self.options.dim
            start = (np.random.default_rng(self.options.seed).random((rows, dim), np.float32) - 0.5) / dim
            if self.parts:
                start[np.setdiff1d(np.arange(rows), self.parts[1])] = 0
            self.inputs_ = _padded(start)
            self.outputs_ = self._outputs(np.zeros((plan.output_rows(self.options, len(self.vocab)), dim), np.float32))
        elif self.chunks_:
            self.position_ = self.position_ * course.chunks_of_epoch // self.chunks_
        self.chunks_ = course.chunks_of_epoch
        if self.outputs_ is None:
            raise Problem("Only the word vectors of this run were kept, so it cannot go on: start a new one.")

    def _outputs(self, vectors: np.ndarray) -> np.ndarray:
        """Output vectors laid for the kernels, with their spare rows."""
        return _padded(vectors, spare_rows(self.options, len(self.vocab)))

    def _round(self, pool: ThreadPoolExecutor, course: Course, count: int) -> dict[str, float]:
        """Train on the next `count` chunks; the loss, if a block of them was measured, and the speed."""
        began, position = time.perf_counter(), self.position_
        chunks = iter(range(position, position + count))  # next() on it is atomic: each thread takes its own

        def work(slot: int) -> np.ndarray:
            totals, block = np.zeros(2), course.block(slot)
            for chunk in chunks:
                course.learn(chunk, self.inputs_, self.outputs_, block, totals)
            return totals

        workers = [pool.submit(work, slot) for slot in range(self.options.threads)]
        nats, pairs = np.sum([worker.result() for worker in workers], axis=0)
        if count <= 0:
            return {}
        self.position_ += count
        tokens = course.tokens_before(self.position_) - course.tokens_before(position)
        speed = {"tokens_per_s": tokens / (time.perf_counter() - began)}
        return speed | ({"loss": float(nats / pairs)} if pairs else {})

    def _check(self, step: int, loss: float, rows: int) -> None:
        """Raises Problem if the first `rows` vectors are no longer numbers, or the loss thrice that of knowing nothing.
        loss: as a share of that."""
        with np.errstate(all="ignore"):
            total = self.inputs_[:rows].sum() + self.outputs_[:rows].sum()
        if not np.isfinite(total) or loss > 3:
            raise Problem(
                "At word {step} the vectors grew out of bounds: choose a learning rate below {lr}.",
                step=step,
                lr=self.options.lr,
            )

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        """Copies: input float32 (V, dim), ngrams (buckets, dim) with subwords; output float32 (rows, dim) and position:
        position_ and chunks_. Without `training` there is no position, and output, where scores are answered, is
        float16: half the bytes, and three digits are enough for those."""
        assert self.inputs_ is not None, "train or restore first"
        dim, words = self.options.dim, len(self.vocab)
        state = {"input": self.inputs_[:words, :dim].copy()}
        if self.options.subwords:
            state["ngrams"] = self.inputs_[words:, :dim].copy()
        if training and self.outputs_ is not None:
            rows = plan.output_rows(self.options, words)
            return state | {"output": self.outputs_[:rows, :dim].copy(),
                            "position": np.array([self.position_, self.chunks_])}  # fmt: skip
        scorers = self._scorers()
        return state | ({} if scorers is None else {"output": scorers})

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary, number of dimensions or output."""
        plan.check_state(state, self.options, len(self.vocab))
        self.inputs_ = _padded(np.concatenate([state["input"], *([state["ngrams"]] if self.options.subwords else [])]))
        output, self.outputs_, self.scorers_ = state.get("output"), None, None
        if output is not None and output.dtype == np.float32:
            self.outputs_ = self._outputs(output)
        elif output is not None:
            self.scorers_ = output.copy()
        self.position_, self.chunks_ = state["position"].tolist() if "position" in state else (0, 0)

    def _scorers(self) -> np.ndarray | None:
        """float16 (rows, dim): what inputs are multiplied with to score a guess; None where that is not answered."""
        if self.outputs_ is None or self.options.output == "full":
            return self.scorers_
        rows = plan.output_rows(self.options, len(self.vocab))
        return np.asarray(self.outputs_[:rows, : self.options.dim], np.float16)

    def word_vectors(self) -> np.ndarray:
        """float32 (V, dim), read-only: a view, which goes on moving while training does (copy it to keep it); with
        subwords composed anew."""
        assert self.inputs_ is not None, "train or restore first"
        vectors = self.inputs_[: len(self.vocab), : self.options.dim]
        if self.parts:
            from core.encoders.kernels.word2vec_subwords import composed

            vectors = composed(self.inputs_, *self.parts)[:, : self.options.dim]
        vectors.flags.writeable = False
        return vectors

    def subword_vectors(self, words: Sequence[str]) -> np.ndarray:
        """float32 (n, dim): of known words as in word_vectors; of others the mean of their n-grams' vectors, 0 if none
        of their n-grams was met. Raises Problem where no parts of words were learned."""
        if not self.parts:
            raise Problem(
                "This run has learned whole words only: train one with parts of words, and unseen ones have vectors."
            )
        from core.encoders.kernels.word2vec_subwords import composed

        rows = [self._rows(word) for word in words]
        return composed(self.inputs_, np.cumsum([0, *map(len, rows)]), np.concatenate(rows))[:, : self.options.dim]

    def _rows(self, word: str) -> np.ndarray:
        """The rows of inputs_ that make up a word, known or not."""
        assert self.parts is not None
        (starts, rows), known, options = self.parts, self.vocab.get(word), self.options
        if known is not None:
            return rows[starts[known] : starts[known + 1]]
        folded = [fold(word, self.vocab.lowercase)]
        return len(self.vocab) + ngram_buckets(folded, options.min_n, options.max_n, options.buckets)[1]

    def pair_scores(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """float32 (n,): input vector of word first[i] times output vector of word second[i]; both int (n,), by number.

        Output vectors are taken as float16, as they are kept for answering. Raises Problem where they were not kept."""
        scorers = self._scorers()
        if scorers is None or self.options.output != "negative":
            raise Problem("This run kept no scores of pairs of words: train one with negative sampling.")
        vectors, scores = self.word_vectors(), np.zeros(len(first), np.float32)
        for begin in range(0, len(first), _PAIRS):
            part = slice(begin, begin + _PAIRS)
            outputs = scorers[second[part]].astype(np.float32)
            np.einsum("ij,ij->i", vectors[first[part]], outputs, out=scores[part])
        return scores

    def path(self, word: str, given: Sequence[str] = ()) -> dict[str, Any]:
        """As in the contract. Raises Problem for an unknown word, or where the output is no tree."""
        tree = self._tree()
        told, scorers = tree.described(self.vocab.index(word)), self._scorers()
        if given and scorers is not None:
            around = self.word_vectors()[[self.vocab.index(other) for other in given]].mean(0)
            scores = scorers[told["nodes"]].astype(np.float32) @ around
            told["chances"] = 1 / (1 + np.exp(np.where(told["codes"] == 0, -scores, scores)))
        return told

    def code_lengths(self) -> dict[str, Any]:
        """As in the contract. Raises Problem where the output is no tree."""
        lengths, counts = self._tree().lengths, self.vocab.counts
        return {
            "lengths": lengths.astype(np.int32),
            "mean": float((lengths * counts).sum() / counts.sum()),
            "entropy": plan.entropy(counts) / math.log(2),
            "log2": math.log2(len(counts)),
        }

    def _tree(self) -> Huffman:
        if self.tree is None:
            raise Problem("This run has no tree of words: train one whose output is hierarchical softmax.")
        return self.tree

    @classmethod
    def capabilities(cls, options: Any = None) -> tuple[str, ...]:
        """Paths, SubwordVectors and PairScores only where the options make them."""
        options = options or cls.Options()
        made = {"Paths": options.output == "hierarchical", "SubwordVectors": options.subwords,
                "PairScores": options.output == "negative"}  # fmt: skip
        return tuple(name for name in super().capabilities() if made.get(name, True))

    @classmethod
    def objective_of(cls, options: Any) -> str:
        """That of the output."""
        return TEXTS[options.output]

    @classmethod
    def exact(cls, options: Any) -> bool:
        """With one thread. Two threads add to the same rows without waiting for each other."""
        return options.threads == 1

    @classmethod
    def warm(cls) -> None:
        """Compile all kernels, or load them from numba's cache."""
        from core.encoders.kernels import word2vec, word2vec_full, word2vec_subwords, word2vec_tree

        for kernels in (word2vec, word2vec_subwords, word2vec_tree, word2vec_full):
            kernels.warm()

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds and bytes, as word2vec_plan has them. Raises Problem where the vocabulary is too large for a full
        softmax."""
        plan.check_vocabulary(options, len(corpus.vocab))
        counts, cores = corpus.vocab.counts, min(options.threads, os.cpu_count() or 1)
        kept = float(plan.kept_counts(counts, options.sample).sum())
        seconds = options.epochs * (kept * plan.seconds(options, counts) + 5e-9 * len(corpus.tokens)) / cores**0.8
        return Estimate(1 + seconds, _RUNTIME + plan.memory(options, len(counts)))


def _padded(vectors: np.ndarray, spare: int = 0) -> np.ndarray:
    """The same rows, filled up with zeros and laid for the kernels, with `spare` rows of zeros after them."""
    from core.encoders.kernels.tiles import aligned

    padded = aligned(len(vectors) + spare, vectors.shape[1])
    padded[: len(vectors), : vectors.shape[1]] = vectors
    return padded
