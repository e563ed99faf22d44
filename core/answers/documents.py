"""Documents by the vectors that a method gives them: laid out on a map, their nearest, and what sets some apart.

A source of vectors is "tf-idf" (each word's count × idf, made here), "mean:RUN" (the words' vectors of a run, averaged
by idf) or "documents:RUN" (the vectors that a run itself gives documents). What was made of a source is kept from
question to question.
"""

import threading
from collections import OrderedDict
from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened, plain, table
from core.corpus import Corpus
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.explore.sparse import Sparse
    from core.store import Store

MOST_TERMS = 400  # told of what sets documents apart
NAME = 48  # characters of a document's name
_BATCH = 256  # documents that a run is asked for at once


class Kept:
    """The last few things that were made, by key; the one not asked for longest goes first."""

    def __init__(self, most: int):
        self.most, self._held = most, OrderedDict[Any, Any]()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        """What is kept under this key, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Any, value: Any) -> Any:
        """Keep this; returns it."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return value


_VECTORS, _COUNTS = Kept(3), Kept(2)


def document_map(store: "Store", corpus_id: str, source: str, options: Mapping[str, Any]) -> Steps:
    """Documents on a map; see `core.explore.document_map.document_map`. Facts also: names, one a point."""
    from core.explore.document_map import DocumentMapOptions
    from core.explore.document_map import document_map as laid_out

    vectors = yield from vectors_of(store, corpus_id, source)
    arrays, facts = yield from laid_out(vectors, DocumentMapOptions(**options))
    yield marked("Naming the documents")
    return arrays, plain({**facts, "names": names(opened(store, corpus_id), arrays["rows"].tolist())})


def near_documents(store: "Store", corpus_id: str, source: str, document: int, k: int = 10) -> Steps:
    """The k documents most similar to one of them by cosine, in the vectors as they are: document, name, cosine."""
    from core.explore.document_map import most_alike

    corpus = opened(store, corpus_id)
    check_document(corpus, document)
    vectors = yield from vectors_of(store, corpus_id, source)
    yield marked("Comparing documents")
    found, cosines = most_alike(vectors, document, k)
    rows = {"document": found.tolist(), "name": names(corpus, found.tolist()), "cosine": cosines.tolist()}
    return {}, plain({"table": rows, "name": names(corpus, [document])[0]})


def set_apart(store: "Store", corpus_id: str, documents: Sequence[int], min_documents: int = 2) -> Steps:
    """The words that these documents hold more often than the others; see `core.explore.selection.over_represented`.
    Facts: table (the surest), words (compared), key (of them below the false discovery rate), chosen, total."""
    from core.explore.selection import over_represented

    corpus = opened(store, corpus_id)
    for document in documents:
        check_document(corpus, document)
    yield marked("Counting words")
    counts = counted(corpus)
    chosen = np.zeros(len(counts), bool)
    chosen[np.asarray(documents, np.int64)] = True
    found = over_represented(counts, chosen, corpus.index.words.to_pylist(), min_documents=min_documents)
    surest = found[found["documents"] > found["expected"]].head(MOST_TERMS)
    facts = {"table": table(surest), "words": len(found), "key": int(found["key"].sum()),
             "chosen": int(chosen.sum()), "total": len(counts)}  # fmt: skip
    return {}, plain(facts)


def vectors_of(store: "Store", corpus_id: str, source: str) -> Generator[Any, None, "Sparse | np.ndarray"]:
    """The vector of every document of a corpus, (documents, d). Raises Problem for a source that there is not."""
    key = str(store.home), corpus_id, source
    kept = _VECTORS.get(key)
    if kept is not None:
        return kept
    corpus, (kind, _, run_id) = opened(store, corpus_id), source.partition(":")
    yield marked("Reading the documents' vectors")
    if source == "tf-idf":
        return _VECTORS.put(key, _weighed(corpus))
    if kind == "mean" and run_id:
        return _VECTORS.put(key, _averages(store, corpus, run_id))
    if kind == "documents" and run_id:
        vectors = yield from run_vectors(store, corpus, run_id)
        return _VECTORS.put(key, vectors)
    raise Problem("{source} gives documents no vectors; choose tf-idf or a run.", source=source[:80])


def _weighed(corpus: Corpus) -> "Sparse":
    """TF-IDF with TfidfVectorizer's defaults."""
    from core.explore.features import Fitted, idf

    counts = counted(corpus)
    return Fitted("raw", idf(counts)).term_weights(counts)


def _averages(store: "Store", corpus: Corpus, run_id: str) -> np.ndarray:
    """float32 (documents, d): the words' vectors of a run, averaged by idf, of length one."""
    from core.explore.features import averaged

    counts = counted(corpus)
    vectors = word_vectors(store, corpus, run_id, counts.width)
    return np.asarray(averaged(vectors).learn(counts)(counts), np.float32)


def run_vectors(
    store: "Store", corpus: Corpus, run_id: str, texts: Sequence[str] | None = None
) -> Generator[float, None, "Sparse | np.ndarray"]:
    """The vectors that a run gives the documents of a corpus, or these texts; sparse where it has them so."""
    from core.explore.sparse import Sparse

    encoder: Any = _VECTORS.get((str(store.home), run_id)) or _VECTORS.put(
        (str(store.home), run_id), store.encoder(run_id)
    )
    if not hasattr(encoder, "doc_vectors"):
        raise Problem("This run has no vectors of documents; choose another one.")
    given = list(corpus.documents) if texts is None else list(texts)
    if hasattr(encoder, "sparse"):
        indptr, indices, values = encoder.sparse(given)
        return Sparse(indptr, indices, values, len(encoder.vocab))
    parts = []
    for first in range(0, len(given), _BATCH):
        parts.append(np.asarray(encoder.doc_vectors(given[first : first + _BATCH]), np.float32))
        yield min(1.0, (first + _BATCH) / len(given)) * 0.5
    return np.concatenate(parts)


def word_vectors(store: "Store", corpus: Corpus, run_id: str, width: int) -> np.ndarray:
    """float32 (width, d): a run's word vectors in the order of the corpus's types; zeros for words that it lacks.

    Raises Problem if it knows none of them.
    """
    vectors, vocab = store.vectors(run_id), store.vocab(run_id)
    words = corpus.index.words[:width].to_pylist()
    places = {word: i for i, word in enumerate(words)}
    pairs = [(places[word], i) for i, word in enumerate(vocab.words) if word in places]
    if not pairs:
        raise Problem("This run knows no word of the corpus; choose one that was trained on it.")
    to, of = np.array(pairs, np.int64).T
    aligned = np.zeros((width, vectors.shape[1]), np.float32)
    aligned[to] = vectors[of]
    return aligned


def counted(corpus: Corpus, width: int = 0) -> "Sparse":
    """float32 (documents, width): how often each of the most frequent types (0: all) is in each document."""
    from core.explore.sparse import word_counts

    key = corpus.folder, width
    kept = _COUNTS.get(key)
    if kept is not None:
        return kept
    return _COUNTS.put(key, word_counts(corpus.tokens, corpus.offsets, width or len(corpus.index)))


def names(corpus: Corpus, documents: Sequence[int]) -> list[str]:
    """What to call these documents: their title, else their first words."""
    from core.explore.documents import document_names

    title = corpus.roles.get("title")
    cells = corpus.table[title] if title in corpus.table.columns else None
    texts = [corpus.documents.slice(document, 0, 4 * NAME) for document in documents]
    titles = None if cells is None else [cells.iloc[document] for document in documents]
    return document_names(texts, titles, NAME)


def check_document(corpus: Corpus, document: int) -> None:
    """Raises Problem for a document that there is not."""
    n = len(corpus.offsets) - 1
    if not 0 <= document < n:
        raise Problem("There is no document {number}; they are counted from 0 to {last}.", number=document, last=n - 1)
