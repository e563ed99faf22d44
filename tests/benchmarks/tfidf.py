"""TF-IDF beside scikit-learn's TfidfVectorizer, from raw text; LSA beside its TruncatedSVD, on the same matrix.

python -m tests.benchmarks.tfidf [--corpus FILE] [--words 300] [--pairs 5] [--megabytes 100] [--skip-lsa]

Fit and transform: a list of strings in, the weights of every document as a sparse matrix out. Ours is
TfIdf.from_texts(texts).sparse(): folding of case, tokenising, the vocabulary, counting and weighing are all in its
time, in a plain process, with nothing read from or written to disk; the corpus on disk that a run trains on is timed
apart. scikit-learn's is TfidfVectorizer().fit_transform(texts), told by its token_pattern to count words of one letter
too, as ours does; the text is of a-z and blanks, where both then see the same words. The matrices are compared entry
by entry. Both in one process, one after the other, in turns; the ratio that counts on a busy machine is that of CPU
seconds (all threads). Kernels are compiled before. BLAS has one thread, for both, as in the app's processes.
"""

import argparse
import lzma
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from core.corpus import Corpus
from core.encoders.kernels.documents import Rows
from core.encoders.lsa import LSA
from core.encoders.tfidf import TfIdf

DEFAULT = Path(__file__).parents[3] / "shared/data/en-wiki-text8like/text8-like.txt.xz"
Timed = tuple[float, float]


def timed(work: Callable[[], Any]) -> tuple[Timed, Any]:
    """((wall, CPU) seconds of a call, what it returned)."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - wall, time.process_time() - cpu), result


def pieces(path: Path, words: int, megabytes: int) -> list[str]:
    """The text in documents of so many words."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        text = file.read()[: megabytes * 1_000_000].split()
    return [" ".join(text[i : i + words]) for i in range(0, len(text), words)]


def shown(name: str, seconds: Timed) -> None:
    print(f"  {name:<34} {seconds[0]:7.2f} s wall {seconds[1]:7.2f} s CPU   load {os.getloadavg()[0]:.1f}", flush=True)


def ratios(name: str, ours: list[Timed], theirs: list[Timed]) -> None:
    """The medians of theirs / ours over pairs, wall and CPU."""
    for kind, place in (("wall", 0), ("CPU", 1)):
        each = [them[place] / us[place] for us, them in zip(ours, theirs)]
        print(
            f"  {name}: {statistics.median(each):.1f} times as fast by {kind} ({', '.join(f'{r:.1f}' for r in each)})"
        )


def difference(encoder: TfIdf, vectorizer: TfidfVectorizer, theirs: csr_matrix) -> float:
    """The largest difference of an entry of both matrices."""
    indptr, indices, values = encoder.sparse()
    columns = np.array([vectorizer.vocabulary_[word] for word in encoder.vocab.words], np.int32)
    ours = csr_matrix((values.astype(np.float64), columns[indices], indptr), theirs.shape)
    assert ours.nnz == theirs.nnz and len(encoder.vocab) == theirs.shape[1]
    return float(abs(ours - theirs).max())


def fit_transform(texts: list[str], pairs: int) -> None:
    ours: list[Timed] = []
    theirs: list[Timed] = []
    for pair in range(pairs):
        vectorizer = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b")
        seconds, matrix = timed(lambda v=vectorizer: v.fit_transform(texts))
        theirs.append(seconds)
        shown("TfidfVectorizer.fit_transform", seconds)

        def work() -> TfIdf:
            encoder = TfIdf.from_texts(texts)
            encoder.sparse()
            return encoder

        seconds, encoder = timed(work)
        ours.append(seconds)
        shown("TfIdf.from_texts and sparse", seconds)
        if pair == 0:
            print(f"  {len(encoder.vocab)} words, {matrix.nnz} entries; largest difference of an entry "
                  f"{difference(encoder, vectorizer, matrix):.1e}")  # fmt: skip
    ratios("fit and transform", ours, theirs)


def on_disk(texts: list[str]) -> Corpus:
    seconds, corpus = timed(lambda: Corpus.from_texts(texts, language="en"))
    shown("a corpus on disk, indexed", seconds)
    encoder = TfIdf(TfIdf.Options(), corpus.vocab)
    seconds, _ = timed(lambda: [*encoder.train(corpus)])
    shown("TfIdf.train on it", seconds)
    many = range(min(20_000, len(corpus.documents)))
    for _ in range(2):
        seconds, _ = timed(lambda: encoder.top_terms(many, 10))
        shown(f"top 10 terms of {len(many)} documents", seconds)
    seconds, _ = timed(lambda: encoder.search("the king of france"))
    shown("a search by cosine and BM25", seconds)
    return corpus


def reduced(encoder: LSA, matrix: Rows) -> np.ndarray:
    for _ in encoder._iterations(matrix):
        pass
    return encoder.singular_[:100]


def lsa(corpus: Corpus, pairs: int) -> None:
    """100 dimensions of the TF-IDF matrix of words that come five times; TruncatedSVD in float32, and as it comes."""
    corpus = corpus.cut(5)
    encoder = TfIdf(TfIdf.Options(), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    matrix = Rows(*encoder.sparse())
    print(f"LSA: {len(matrix)} documents x {len(corpus.vocab)} words, {len(matrix.indices)} entries")
    ours: list[Timed] = []
    others: dict[str, list[Timed]] = {"float32": [], "float64": []}
    for _ in range(pairs):
        model = LSA(LSA.Options(weights="tf-idf"), corpus.vocab)
        seconds, singular = timed(lambda m=model: reduced(m, matrix))
        ours.append(seconds)
        shown("LSA, 100 dimensions", seconds)
        for kind, several in others.items():
            table = csr_matrix((matrix.values.astype(kind), matrix.indices, matrix.indptr),
                               (len(matrix), len(corpus.vocab)))  # fmt: skip
            svd = TruncatedSVD(100, random_state=0)
            seconds, _ = timed(lambda s=svd, t=table: s.fit(t))
            several.append(seconds)
            shown(f"TruncatedSVD, {kind}", seconds)
        print(f"  sum of squares of singular values, ours / theirs: "
              f"{(singular**2).sum() / (svd.singular_values_.astype(float) ** 2).sum():.6f}")  # fmt: skip
    for kind, several in others.items():
        ratios(f"LSA beside {kind}", ours, several)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT)
    parser.add_argument("--words", type=int, default=300, help="words a document")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--skip-lsa", action="store_true")
    given = parser.parse_args()
    texts = pieces(given.corpus, given.words, given.megabytes)
    print(f"{len(texts)} documents, {sum(map(len, texts)) / 1e6:.1f} MB", flush=True)
    for paper in (TfIdf, LSA):
        paper.warm()
    TfIdf.from_texts(texts[:100]).sparse()
    fit_transform(texts, given.pairs)
    corpus = on_disk(texts)
    if not given.skip_lsa:
        lsa(corpus, min(3, given.pairs))


if __name__ == "__main__":
    main()
