"""TF-IDF: a document is how often it uses each word, times how much it says that a document uses this word at all.

Spärck Jones (1972), A statistical interpretation of term specificity: the inverse document frequency. Salton and
Buckley (1988), Term-weighting approaches in automatic text retrieval: the variants of both factors, and the norm (table
1). Robertson and Zaragoza (2009), The probabilistic relevance framework: BM25 and beyond (section 3.4). The defaults
are those of scikit-learn's TfidfVectorizer. The arithmetic is in kernels/terms.py.
"""

import math
import os
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import DocVectors, Encoder, Estimate, Progress, TermRankings, TermWeights, WordVectors
from core.encoders.kernels import documents, rankings
from core.encoders.kernels.documents import Rows
from core.encoders.kernels.term_formulas import FORMULAS, SYMBOLS, filled, written
from core.options import Options, option
from core.problem import Problem, marked

DENSE = 64_000_000  # numbers of a table in memory, 256 MB
PROFILES = 32_000_000  # numbers of all word vectors, 128 MB
_RUNTIME = 150_000_000  # bytes of numba and its compiler
_TF, _NORM = ("raw", "log", "augmented", "binary", "bm25"), ("none", "l1", "l2")  # in the order of the kernels' codes


class TfIdfOptions(Options):
    """The defaults are the balanced preset, and those of TfidfVectorizer."""

    # fmt: off
    presets = {"quick": {"idf": "none", "norm": "none"}, "balanced": {},
               "thorough": {"tf": "bm25", "idf": "bm25", "norm": "none"}}
    tf: Literal["raw", "log", "augmented", "binary", "bm25"] = option(
        "raw", "Term frequency",
        "How a word's count in a document becomes a weight: as it is, as 1 + its logarithm, as a share of the "
        "document's largest count, as 1 for any count, or levelling off as in BM25.")
    idf: Literal["smooth", "plain", "plus one", "probabilistic", "bm25", "none"] = option(
        "smooth", "Inverse document frequency",
        "How much less a word counts that many documents use. Plain is 0 for a word in every document, smooth never.")
    norm: Literal["l2", "l1", "none"] = option(
        "l2", "Norm", "What a document's weights are divided by, so that long documents do not weigh more: the root of "
        "their squares' sum (l2), their sum (l1), or nothing.")
    k1: float = option(1.2, "BM25 k1", "How late BM25's term frequency levels off; 0: at once.",
                       low=0, high=10, step=0.1, advanced=True)
    b: float = option(0.75, "BM25 b", "How far BM25 allows for a document's length; 0: not at all, 1: in full.",
                      low=0, high=1, step=0.05, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on

    def formula(self) -> str:
        return written({part: getattr(self, part) for part in FORMULAS})


class TfIdf(Encoder, WordVectors, DocVectors, TermWeights, TermRankings):
    """Learned: counts_, Rows (documents, V) of the documents counted so far; df_, int64 (V,): documents that hold each
    word. Every answer is of these documents."""

    name, title, year = "tfidf", "TF-IDF", 1972
    paper = (
        "Spärck Jones (1972), A statistical interpretation of term specificity and its application in retrieval; "
        "Salton and Buckley (1988), Term-weighting approaches in automatic text retrieval; "
        "Robertson and Zaragoza (2009), The probabilistic relevance framework: BM25 and beyond"
    )
    Options = TfIdfOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self._parts, self.df_ = [Rows.none()], np.zeros(len(vocab), np.int64)

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """Count the documents, some million tokens an event; a step is a token. One pass, without a held-out part."""
        total, began, first = len(corpus.tokens), time.perf_counter(), len(self.counts_)
        before = int(corpus.offsets[min(first, len(corpus.offsets) - 1)])
        for part in documents.count(corpus.tokens, corpus.offsets, len(self.vocab), first, self.options.threads):
            self._add(part)
            first += len(part)
            step = int(corpus.offsets[first])
            speed = {"tokens_per_s": (step - before) / (time.perf_counter() - began)}
            yield Progress(marked("counting"), step, total, speed)
        yield Progress(marked("weighing"), total, total, note=self._note())

    def _note(self) -> str:
        if len(self.counts_) == 1:
            return marked("There is one document, so every word is in all documents and idf tells no words apart: "
                          "split the text into documents.")  # fmt: skip
        if len(self.counts_) > self._width:
            return marked("There are more documents than columns for a word's profile: in word vectors, documents "
                          "share columns at random, and nearness is approximate.")  # fmt: skip
        return ""

    def _add(self, part: Rows) -> None:
        from core.encoders.kernels import terms

        self._parts.append(part)
        terms.tally(part.indices, self.df_)
        self._forget()

    def _forget(self) -> None:
        for name in ("idf", "_mean"):
            self.__dict__.pop(name, None)

    @property
    def counts_(self) -> Rows:
        self._parts = [Rows.joined(self._parts)]
        return self._parts[0]

    @classmethod
    def from_texts(
        cls, texts: Sequence[str], options: Any = None, *, lowercase: bool = True, min_count: int = 1,
        language: str | None = None,
    ) -> "TfIdf":  # fmt: skip
        """Learn from texts, a document each, as from a corpus of them but without writing one; `sparse()` has their
        weights, and `vocab` the words. Raises Problem if there are no words."""
        options = cls.Options() if options is None else options
        if isinstance(texts, str):
            raise Problem("from_texts takes a list of texts, one a document; this was one text: put it in a list.")
        vocab, counts = documents.read(
            texts, lowercase=lowercase, min_count=min_count, language=language, threads=options.threads
        )
        encoder = cls(options, vocab)
        encoder._add(counts)
        return encoder

    def state(self, training: bool = True) -> dict[str, np.ndarray]:  # noqa: ARG002
        """indptr int64 (n + 1,), indices and counts int32 (entries,): the documents' words in the order in which they
        come first; df int64 (V,); idf float64 (V,). All of it answers."""
        counts = self.counts_
        return {"indptr": counts.indptr, "indices": counts.indices, "counts": counts.values, "df": self.df_.copy(),
                "idf": self.idf}  # fmt: skip

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state; counting goes on after its last document. Raises Problem if it is of another vocabulary."""
        if len(state["df"]) != len(self.vocab):
            raise Problem("This run counts {words} words and cannot go on with {V}.",
                          words=len(state["df"]), V=len(self.vocab))  # fmt: skip
        self._parts = [Rows(state["indptr"], state["indices"], state["counts"])]
        self.df_ = np.array(state["df"])
        self._forget()

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """From timings on one core; an entry is a pair of a document and a word. Word vectors are there thrice while
        they are saved."""
        tokens, cores = len(corpus.tokens), min(options.threads, os.cpu_count() or 1)
        words, n = len(corpus.vocab), len(corpus.offsets) - 1
        weighing = {"raw": 6e-9, "log": 14e-9}.get(options.tf, 9e-9) - 3e-9 * (options.norm == "none")
        weighing += 2e-9 * (options.idf != "none")
        entries = min(0.6 * tokens, words * n)
        numbers = words * min(n, _width(words))
        return Estimate(0.1 + (15e-9 * tokens + weighing * entries) / cores**0.8 + 2e-9 * numbers,
                        int(_RUNTIME + 24 * entries + 12 * numbers + 24 * words))  # fmt: skip

    @classmethod
    def warm(cls) -> None:
        """Compile the kernels, or load them from numba's cache."""
        from core.encoders.kernels import terms

        assert terms.count.signatures and terms.score.signatures

    # Weights.

    @cached_property
    def idf(self) -> np.ndarray:
        """float64 (V,): the inverse document frequency of every word, by the chosen formula."""
        return _idf(self.options.idf, self.df_, len(self.counts_))

    @cached_property
    def _mean(self) -> float:
        """The mean length of documents, in tokens of the vocabulary."""
        return max(1.0, float(self.counts_.values.sum(dtype=np.int64))) / max(1, len(self.counts_))

    @property
    def _width(self) -> int:
        return _width(len(self.vocab))

    def _weighed(self, counts: Rows, norm: str = "") -> Rows:
        """float32 weights in the place of counts."""
        from core.encoders.kernels import terms

        o, weights = self.options, np.empty(len(counts.indices), np.float32)
        fixed = self.idf, _TF.index(o.tf), self._mean, o.k1, o.b, _NORM.index(norm or o.norm)
        parts = counts.indptr, counts.indices, counts.values
        documents.over_rows(len(counts), o.threads, lambda a, b: terms.weigh(*parts, *fixed, a, b, weights))
        return Rows(counts.indptr, counts.indices, weights)

    def sparse(self, texts: Sequence[str] | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(indptr int64 (n + 1,), indices int32 (entries,), values float32 (entries,)): the weights of these documents,
        of those learned from without any: scipy's csr_matrix((values, indices, indptr), (n, V))."""
        counts = self.counts_ if texts is None else documents.encode(texts, self.vocab, self.options.threads)
        weights = self._weighed(counts)
        return weights.indptr, weights.indices, weights.values

    def doc_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, V). Raises Problem if that takes more than 256 MB; `sparse` has no such limit."""
        size = len(texts) * len(self.vocab)
        if size > DENSE:
            raise Problem(
                "{documents} documents x {words} words take {size} MB, and {limit} MB is the limit: ask for fewer "
                "documents at a time, or raise the min count.",
                documents=len(texts), words=len(self.vocab), size=4 * size // 1_000_000, limit=4 * DENSE // 1_000_000,
            )  # fmt: skip
        return _dense(Rows(*self.sparse(texts)), len(self.vocab))

    def term_weights(self, document: str) -> np.ndarray:
        return self.doc_vectors([document])[0]

    def word_vectors(self) -> np.ndarray:
        """float32 (V, d): each word's weights over the documents. d is the number of documents where V x d is at most
        32 million; else as many as that allows (at least 16), and documents share columns (`rankings.profiles`)."""
        return rankings.profiles(self._weighed(self.counts_), len(self.vocab), self._width)

    # Rankings.

    def top_terms(self, documents: Sequence[int], k: int = 10) -> dict[str, Any]:
        rows = self.counts_.take(self._rows(documents))
        ids, weights = rankings.best_terms(self._weighed(rows), k, self.options.threads)
        return {"ids": ids, "weights": weights}

    def class_terms(self, labels: Sequence[str], k: int = 10) -> dict[str, Any]:
        return rankings.class_terms(self.counts_, len(self.vocab), labels, k)

    def corpus_terms(self, k: int = 10) -> dict[str, Any]:
        weights, n = self._weighed(self.counts_), max(1, len(self.counts_))
        mean = np.bincount(weights.indices, weights.values, len(self.vocab)) / n
        ids = rankings.largest(mean, k)
        return {"ids": ids, "weights": mean[ids].astype(np.float32), "df": self.df_[ids], "idf": self.idf[ids],
                "counts": self.vocab.counts[ids], "n": n}  # fmt: skip

    def document_weights(self, document: int | str) -> dict[str, Any]:
        counts = self._counts_of(document)
        weights = self._weighed(counts).values
        order = np.argsort(-weights, kind="stable")
        ids = counts.indices[order]
        return {"ids": ids, "counts": counts.values[order], "weights": weights[order], "df": self.df_[ids],
                "idf": self.idf[ids]}  # fmt: skip

    def weight_table(self, documents: Sequence[int], words: Sequence[str]) -> np.ndarray:
        ids = np.array([self.vocab.index(word) for word in words], np.int64)
        rows = self._weighed(self.counts_.take(self._rows(documents)))
        place = np.full(len(self.vocab), -1, np.int64)
        place[ids] = np.arange(len(ids))
        kept = np.flatnonzero(place[rows.indices] >= 0)
        table = np.zeros((len(rows), len(ids)), np.float32)
        table[np.searchsorted(rows.indptr, kept, "right") - 1, place[rows.indices[kept]]] = rows.values[kept]
        return table[:, place[ids]]

    def explain(self, document: int | str, word: str) -> dict[str, Any]:
        i, counts, o = self.vocab.index(word), self._counts_of(document), self.options
        found = counts.values[counts.indices == i]
        f, most = int(found.sum()), int(counts.values.max(initial=0))
        length, df, n, idf = int(counts.values.sum()), int(self.df_[i]), len(self.counts_), float(self.idf[i])
        tf = _frequency(o.tf, f, most, length / self._mean, o.k1, o.b) if f else 0.0
        raw = self._weighed(counts, "none").values.astype(np.float64)
        norm = {"l1": float(np.abs(raw).sum()), "l2": math.sqrt(float((raw**2).sum()))}.get(o.norm, 1.0) or 1.0
        numbers = {"f": f, "most": most, "k": o.k1, "b": o.b, "length": length, "mean": round(self._mean, 4), "N": n,
                   "n": df}  # fmt: skip
        return {
            "word": self.vocab.words[i], "count": f, "most": most, "length": length, "mean_length": self._mean,
            "tf": tf, "df": df, "n": n, "idf": idf, "product": tf * idf, "norm": norm, "weight": tf * idf / norm,
            "formulas": self.formulas(), "worked": self.formulas({name: str(value) for name, value in numbers.items()}),
        }  # fmt: skip

    def formulas(self, symbols: dict[str, str] | None = None) -> dict[str, str]:
        """LaTeX of tf, idf and norm by the chosen options, in symbols or with numbers in their place (`SYMBOLS`)."""
        symbols = SYMBOLS if symbols is None else symbols
        return filled({part: getattr(self.options, part) for part in FORMULAS}, symbols)

    def search(self, query: str, k: int = 10) -> dict[str, Any]:
        spoken = [*dict.fromkeys(self.vocab.tokenize(query))]
        unknown = {word: self.vocab.near(word, 3) for word in spoken if word not in self.vocab}
        asked = documents.encode([query], self.vocab)
        if not len(asked.indices):
            self._nothing_known(query, unknown)
        ids, weights = asked.indices, self._weighed(asked).values
        inverse = _idf("bm25", self.df_[ids], len(self.counts_)) * asked.values
        saturation = self._mean, self.options.k1, self.options.b
        found = rankings.found_for(self.counts_, self._weighed(self.counts_), ids, weights, inverse, saturation,
                                   len(self.vocab), k)  # fmt: skip
        return {"words": [self.vocab.words[i] for i in ids.tolist()], "unknown": unknown, "df": self.df_[ids], **found}

    def _nothing_known(self, query: str, unknown: dict[str, list[str]]) -> None:
        """Raises Problem with the words that are spelt like those asked for."""
        near = ", ".join(dict.fromkeys(word for several in unknown.values() for word in several))
        if not unknown:
            raise Problem("There is no word in {query}: type one or more.", query=query[:80] or "-")
        if near:
            raise Problem("{query}: no word of this vocabulary; did you mean {near}?", query=query[:80], near=near)
        raise Problem("{query}: no word of this vocabulary; try more frequent words.", query=query[:80])

    def _rows(self, documents: Sequence[int]) -> np.ndarray:
        """The documents as numbers of rows. Raises Problem for one that there is not."""
        rows, n = np.asarray(documents, np.int64).reshape(-1), len(self.counts_)
        for row in rows[(rows < 0) | (rows >= n)].tolist():
            raise Problem("There is no document {number}; they are counted from 0 to {last}.", number=row, last=n - 1)
        return rows

    def _counts_of(self, document: int | str) -> Rows:
        """One document as a row: one of those learned from by its number, or any text."""
        if isinstance(document, str):
            return documents.encode([document], self.vocab)
        return self.counts_.take(self._rows([document]))


def _width(words: int) -> int:
    """Columns of a word vector at most."""
    return max(16, PROFILES // words)


def _dense(rows: Rows, words: int) -> np.ndarray:
    dense = np.zeros((len(rows), words), np.float32)
    dense[np.repeat(np.arange(len(rows)), np.diff(rows.indptr)), rows.indices] = rows.values
    return dense


def _idf(kind: str, df: np.ndarray, n: int) -> np.ndarray:
    """float64 (V,); a word in no document counted so far is taken as if it were in one."""
    df = np.maximum(df, 1).astype(np.float64)
    n = max(1, n)
    if kind == "smooth":
        return np.log((1 + n) / (1 + df)) + 1
    if kind in ("plain", "plus one"):
        return np.log(n / df) + (kind == "plus one")
    if kind == "probabilistic":
        return np.log(np.maximum(n - df, df) / df)
    return np.log1p((n - df + 0.5) / (df + 0.5)) if kind == "bm25" else np.ones(len(df))


def _frequency(kind: str, f: int, most: int, length: float, k1: float, b: float) -> float:
    """The weight of f occurrences, f > 0, as in `kernels.terms.frequency`; length: relative to the mean."""
    weights = {"raw": float(f), "log": 1 + math.log(f), "augmented": 0.5 + 0.5 * f / most, "binary": 1.0}
    return weights[kind] if kind in weights else f * (k1 + 1) / (f + k1 * (1 - b + b * length))
