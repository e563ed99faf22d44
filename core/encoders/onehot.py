"""One-hot: a word is its own place in the vocabulary, 1 there and 0 everywhere else, so no two words are alike.

The vocabulary is all that there is to learn. Two different words are always sqrt(2) apart and at a right angle; a
document is the sum of its words, or which of them it has. Nothing here ever holds V x V numbers: row i is a view into
2 V - 1 numbers of which one is 1. The oldest encoding has no paper; Harris (1954), Distributional structure, is where
the bag of words gets its name.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Distances, DocVectors, Encoder, Estimate, Progress, TermWeights
from core.encoders.kernels import documents
from core.options import Options, option
from core.problem import Problem, marked

DENSE = 64_000_000  # numbers of a table in memory, 256 MB


class OneHotOptions(Options):
    """The defaults are the one preset: there is nothing to make quicker or more thorough."""

    # fmt: off
    document: Literal["counts", "present"] = option(
        "counts", "A document", "How often it has each word (a bag of words), or whether it has it.")
    # fmt: on


class OneHot(Encoder, DocVectors, TermWeights, Distances):
    """Learned: nothing; words_, how many words the state is of, 0 before training."""

    name, title, year = "onehot", "One-hot", 1954
    paper = "Harris (1954), Distributional structure"
    Options = OneHotOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self.words_ = 0

    def train(self, corpus: Corpus) -> Iterator[Progress]:  # noqa: ARG002
        """One event: every word has its place."""
        self.words_ = len(self.vocab)
        note = marked("There is nothing to learn: each word's place in the vocabulary is its vector.")
        yield Progress(marked("numbering words"), self.words_, self.words_, note=note)

    def state(self, training: bool = True) -> dict[str, np.ndarray]:  # noqa: ARG002
        return {"words": np.array([self.words_])}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary."""
        words = int(state["words"][0])
        if words not in (0, len(self.vocab)):
            raise Problem("This run holds {words} words and cannot go on with {V}.", words=words, V=len(self.vocab))
        self.words_ = words

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:  # noqa: ARG003
        """A moment, and one row of numbers."""
        return Estimate(0.01, 8 * len(corpus.vocab))

    def word_vectors(self) -> np.ndarray:
        """float32 (V, V), read-only: the identity as a view of 2 V - 1 numbers. Copying or writing it makes V x V."""
        words = len(self.vocab)
        line = np.zeros(2 * words - 1, np.float32)
        line[words - 1] = 1
        return np.lib.stride_tricks.as_strided(line[words - 1 :], (words, words), (-4, 4), writeable=False)

    def distances(self, words: Sequence[str]) -> np.ndarray:
        """float32 (n, n): sqrt(2) between any two different words. Raises Problem for an unknown one."""
        ids = np.array([self.vocab.index(word) for word in words], np.int64)
        return np.where(ids[:, None] == ids, 0, np.sqrt(2)).astype(np.float32)

    def sparse(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(indptr int64 (n + 1,), indices int32 (entries,), values float32 (entries,)), as scipy's csr_matrix has."""
        rows = documents.encode(texts, self.vocab)
        counts = rows.values if self.options.document == "counts" else np.ones_like(rows.values)
        return rows.indptr, rows.indices, counts.astype(np.float32)

    def doc_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, V). Raises Problem if that takes more than 256 MB; `sparse` has no such limit."""
        size = len(texts) * len(self.vocab)
        if size > DENSE:
            raise Problem(
                "{documents} documents x {words} words take {size} MB, and {limit} MB is the limit: ask for fewer "
                "documents at a time, or raise the min count.",
                documents=len(texts), words=len(self.vocab), size=4 * size // 1_000_000, limit=4 * DENSE // 1_000_000,
            )  # fmt: skip
        indptr, indices, values = self.sparse(texts)
        dense = np.zeros((len(texts), len(self.vocab)), np.float32)
        dense[np.repeat(np.arange(len(texts)), np.diff(indptr)), indices] = values
        return dense

    def term_weights(self, document: str) -> np.ndarray:
        return self.doc_vectors([document])[0]
