"""What can be asked of a run that weighs terms: rankings with their arithmetic, blocks, search, other company.

A run that has the capability TermRankings. Each function takes the store and JSON; tables travel as facts.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened, plain, table
from core.encoders.base import TermRankings
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.corpus import Corpus
    from core.store import Store

CANDIDATES = 60  # words of each document that may enter a picture of documents and terms
PARTS = ("word", "count", "tf", "df", "idf", "product", "norm", "weight")


@lru_cache(maxsize=2)
def weigher(store: "Store", run_id: str) -> Any:
    """The encoder of a run that has ended, kept from question to question. Raises Problem if it ranks no terms."""
    encoder = store.encoder(run_id)
    if not isinstance(encoder, TermRankings):
        row = store.run(run_id)
        raise Problem("{name} does not rank terms; choose another run.", name=row.name if row else run_id)
    return encoder


def document_terms(store: "Store", run_id: str, document: int | str, k: int = 20) -> Steps:
    """The k heaviest words of one document, by its number, or of a text: a row each with every part of its weight.

    Arrays ids int32 (t,) and weights float32 (t,): all its words. Facts: table; n, documents learned from; words, of
    this one; formulas.
    """
    yield marked("Weighing words")
    encoder = weigher(store, run_id)
    found = encoder.document_weights(document)
    words, ids = encoder.vocab.words, found["ids"]
    rows = [encoder.explain(document, words[i]) for i in ids[:k].tolist()]
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in PARTS} | {"id": ids[:k].tolist()}
    learned = encoder.explain(document, words[0])
    facts = {"table": columns, "n": learned["n"], "length": learned["length"], "words": len(ids),
             "formulas": learned["formulas"]}  # fmt: skip
    return {"ids": ids, "weights": found["weights"]}, plain(facts)


def explained(store: "Store", run_id: str, document: int | str, word: str) -> Steps:
    """The numbers that make one weight; see `TermRankings.explain`."""
    yield marked("Weighing words")
    return {}, plain(weigher(store, run_id).explain(document, word))


def corpus_terms(store: "Store", run_id: str, k: int = 20, within: float = 1.0) -> Steps:
    """The k words of the largest mean weight over all documents, of those in at most this share of the documents.

    Facts: table with word, id, count, df, idf, weight; n, documents; hidden, words in more of them."""
    yield marked("Weighing words")
    encoder = weigher(store, run_id)
    found = encoder.corpus_terms(len(encoder.vocab))
    rare = found["df"] <= within * found["n"]
    kept = np.flatnonzero(rare)[:k]
    ids = found["ids"][kept].tolist()
    columns = {"id": ids, "word": [encoder.vocab.words[i] for i in ids], "count": found["counts"][kept].tolist(),
               "df": found["df"][kept].tolist(), "idf": found["idf"][kept].tolist(),
               "weight": found["weights"][kept].tolist()}  # fmt: skip
    return {}, plain({"table": columns, "n": found["n"], "hidden": int((~rare).sum())})


def word_documents(store: "Store", run_id: str, word: str, k: int = 8) -> Steps:
    """The k documents in which a word weighs most: arrays documents int64, weights float32."""
    yield marked("Weighing words")
    encoder = weigher(store, run_id)
    n = encoder.explain("", word)["n"]
    weights = encoder.weight_table(range(n), [word])[:, 0]
    best = np.argsort(-weights, kind="stable")[:k]
    best = best[weights[best] > 0]
    return {"documents": best, "weights": weights[best]}, {"n": n, "with": int(np.count_nonzero(weights))}


def group_terms(store: "Store", run_id: str, column: str, k: int = 20, within: float = 1.0) -> Steps:
    """The k words that mark each group of documents, by a column: class-based TF-IDF, each weight with its parts.

    within: only words in at most this share of all documents are listed. Facts: groups, names; documents, lengths, a
    number each; mean, of the lengths; hidden, words not listed; table with group, word, id, count (in the group),
    share, total (in all), inverse, weight.
    """
    yield marked("Weighing words")
    encoder = weigher(store, run_id)
    common = _common(encoder, within)
    found = encoder.class_terms(_labels(store, run_id, column), k + int(common.sum()))
    listed = (found["ids"] >= 0) & ~common[found["ids"]]
    group, place = np.nonzero(listed & (np.cumsum(listed, axis=1) <= k))
    ids, count = found["ids"][group, place], found["counts"][group, place]
    weight, share = (found[name][group, place].astype(np.float64) for name in ("weights", "shares"))
    total = encoder.vocab.counts[ids]
    mean = float(encoder.vocab.counts.sum()) / len(found["labels"])
    lengths = [round(float(np.max(found["counts"][i] / np.maximum(found["shares"][i], 1e-30), initial=0)))
               for i in range(len(found["labels"]))]  # fmt: skip
    columns = {"group": [found["labels"][i] for i in group.tolist()], "id": ids.tolist(),
               "word": [encoder.vocab.words[i] for i in ids.tolist()], "count": count.tolist(),
               "share": share.tolist(), "total": total.tolist(), "inverse": np.log1p(mean / total).tolist(),
               "weight": weight.tolist()}  # fmt: skip
    return {}, plain({"groups": found["labels"], "documents": found["documents"].tolist(), "lengths": lengths,
                      "mean": mean, "hidden": int(common.sum()), "table": columns})  # fmt: skip


def _common(encoder: Any, within: float) -> np.ndarray:
    """bool (V,): the words in more than this share of the documents, those that weigh nothing anywhere included."""
    common = np.zeros(len(encoder.vocab), bool)
    if within < 1:
        found = encoder.corpus_terms(len(encoder.vocab))
        common[:] = True
        common[found["ids"]] = found["df"] > within * found["n"]
    return common


def _labels(store: "Store", run_id: str, column: str) -> list[str]:
    corpus = _corpus(store, run_id)
    if column not in corpus.table.columns:
        known = ", ".join(map(str, corpus.table.columns)) or "-"
        raise Problem("There is no column {name}; there are: {known}.", name=column[:80], known=known)
    return [str(cell) for cell in corpus.table[column].fillna("").tolist()]


def _corpus(store: "Store", run_id: str) -> "Corpus":
    row = store.run(run_id)
    if row is None:
        raise Problem("There is no run called {run}; choose another on the Runs page.", run=run_id[:60])
    return opened(store, row.corpus_id)


def term_blocks(store: "Store", run_id: str, column: str = "", documents: int = 40, terms: int = 40) -> Steps:
    """Documents × terms in an order in which blocks show; see `core.explore.heatmap.blocks`. column: whose groups the
    documents are spread over. Array values float32 (r, c); facts documents, words, ids, bounds, modularity."""
    from core.explore.heatmap import blocks, spread
    from core.explore.sparse import Sparse

    yield marked("Weighing words")
    encoder = weigher(store, run_id)
    n = encoder.explain("", encoder.vocab.words[0])["n"]
    rows = spread(n, _labels(store, run_id, column) if column else None, documents)
    ids = np.unique(encoder.top_terms(rows.tolist(), CANDIDATES)["ids"])
    ids = ids[ids >= 0]
    words = [encoder.vocab.words[i] for i in ids.tolist()]
    yield marked("Putting in order")
    found = blocks(Sparse.of(encoder.weight_table(rows.tolist(), words)), np.arange(len(rows)), None, documents, terms)
    facts = {"documents": rows[found.documents].tolist(), "words": [words[i] for i in found.terms.tolist()],
             "ids": ids[found.terms].tolist(), "bounds": [bound.tolist() for bound in found.bounds],
             "modularity": found.modularity, "n": n}  # fmt: skip
    return {"values": found.values}, plain(facts)


def term_search(store: "Store", run_id: str, query: str, k: int = 10) -> Steps:
    """The documents that answer a query, by cosine and by BM25, a table each as `core.explore.terms.parts` gives it."""
    from core.explore.terms import parts

    yield marked("Looking up")
    encoder = weigher(store, run_id)
    found = encoder.search(query, k)
    tables = {name: table(parts(found[f"{name}_documents"], found[f"{name}_scores"], found[f"{name}_terms"],
                                found["words"])) for name in ("cosine", "bm25")}  # fmt: skip
    facts = {"words": found["words"], "unknown": found["unknown"], "df": found["df"].tolist(), **tables}
    return {}, plain(facts)


def company(store: "Store", corpus_id: str, options: dict[str, Any]) -> Steps:
    """What the words of a corpus's first group of documents weigh when the others join it one by one, by TF-IDF.

    The first documents with one label are the group; options are those of the encoder. Arrays, of the words of the
    group: ids int32 (w,), counts int64 (w,) in it; means float32 (m + 1, w), the mean weight in its documents when
    0..m others are counted too; df int64 (m + 1, w). Facts: group, size, others, words.
    """
    corpus = opened(store, corpus_id)
    size, others = _first_group(corpus)
    yield marked("Counting")
    whole = _learned(corpus, options)
    state = whole.state()
    here = state["indices"][: state["indptr"][size]]
    counts = np.bincount(here, state["counts"][: len(here)], len(corpus.vocab)).astype(np.int64)
    ids = np.flatnonzero(counts)
    words = [corpus.vocab.words[i] for i in ids.tolist()]
    means, df = np.zeros((others + 1, len(ids)), np.float32), np.zeros((others + 1, len(ids)), np.int64)
    for more in range(others + 1):
        part = type(whole)(whole.options, corpus.vocab)
        part.restore(_first(state, size + more))
        means[more] = part.weight_table(range(size), words).mean(axis=0)
        df[more] = part.state()["df"][ids]
        yield more / (others + 1)
    facts = {"words": words, "size": size, "others": others}
    return {"ids": ids.astype(np.int32), "counts": counts[ids], "means": means, "df": df}, facts


def pasted(store: "Store", corpus_id: str, document: int, times: int, options: dict[str, Any], k: int = 10) -> Steps:
    """A document of a corpus, pasted so many times one after the other: its k words of the largest TF-IDF weight.

    Facts: table with word, id, count and, by the norm, the weights none, l1 and l2; length, in words.
    """
    corpus = opened(store, corpus_id)
    if not 0 <= document < len(corpus.documents):
        raise Problem("There is no document {number}; the corpus has {n}.", number=document, n=len(corpus.documents))
    yield marked("Counting")
    text = "\n".join([corpus.documents[document]] * times)
    found = {norm: _learned(corpus, {**options, "norm": norm}).document_weights(text) for norm in ("none", "l1", "l2")}
    first = found["none"]
    ids = first["ids"][:k]
    columns: dict[str, list[Any]] = {"word": [corpus.vocab.words[i] for i in ids.tolist()], "id": ids.tolist(),
                                     "count": first["counts"][:k].tolist()}  # fmt: skip
    for norm, weights in found.items():
        known = dict(zip(weights["ids"].tolist(), weights["weights"].tolist()))
        columns[norm] = [known[i] for i in ids.tolist()]
    return {}, plain({"table": columns, "length": int(first["counts"].sum())})


def _first_group(corpus: "Corpus") -> tuple[int, int]:
    """How many documents begin the corpus with one label, and how many others follow."""
    labels: Sequence[str] = corpus.labels or []
    size = next((i for i, label in enumerate(labels) if label != labels[0]), len(labels))
    if not size or size == len(labels):
        raise Problem("This corpus has no labels that tell a first group of documents from others; choose another.")
    return size, len(labels) - size


def _learned(corpus: "Corpus", options: dict[str, Any]) -> Any:
    """TF-IDF with these options over a whole corpus."""
    from core.encoders import ENCODERS

    described = ENCODERS["tfidf"]
    encoder = described(described.Options(**options), corpus.vocab)
    for _progress in encoder.train(corpus):
        pass
    return encoder


def _first(state: dict[str, np.ndarray], documents: int) -> dict[str, np.ndarray]:
    """The state of an encoder that has counted only the first documents."""
    end = int(state["indptr"][documents])
    indices = state["indices"][:end]
    return {"indptr": state["indptr"][: documents + 1], "indices": indices, "counts": state["counts"][:end],
            "df": np.bincount(indices, minlength=len(state["df"]))}  # fmt: skip
