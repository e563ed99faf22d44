"""Terms ranked by weight, and documents ranked for a query: what the compiled kernels of terms.py are called for."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.encoders.kernels.documents import Rows, over_rows
from core.problem import Problem

MOST_CLASSES = 1000


def best_terms(weights: Rows, k: int, threads: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """(int32 (n, k) the terms of the largest weights above 0 in each row, -1 where there are fewer; float32 (n, k))."""
    from core.encoders.kernels import terms

    found, values = np.full((len(weights), k), -1, np.int32), np.zeros((len(weights), k), np.float32)
    parts = weights.indptr, weights.indices, weights.values
    over_rows(len(weights), threads, lambda first, last: terms.best(*parts, first, last, found, values))
    return found, values


def largest(values: np.ndarray, k: int) -> np.ndarray:
    """int64 (at most k,): the places of the largest values above 0, the largest first, then in their order."""
    places = np.flatnonzero(values > 0)
    if len(places) > k:
        least = np.partition(values[places], len(places) - k)[len(places) - k]
        above, equal = places[values[places] > least], places[values[places] == least]
        places = np.sort(np.concatenate([above, equal[: k - len(above)]]))
    return places[np.argsort(-values[places], kind="stable")]


def class_terms(counts: Rows, words: int, labels: Sequence[str], k: int) -> dict[str, Any]:
    """c-TF-IDF (Grootendorst 2022): all documents of a label as one.

    weight(t, c) = f(t, c) / |c| * ln(1 + A / f(t)), where f counts occurrences, |c| is the length of the class and A
    the mean length of a class. Returns labels, list in order of the label; documents int64 (C,); ids int32 (C, k),
    filled with -1; weights, shares f(t, c) / |c| float32 (C, k) and counts int64 (C, k).
    """
    names = _classes(labels, len(counts))
    known = {name: i for i, name in enumerate(names)}
    of = np.array([known[label] for label in labels])
    total = np.bincount(counts.indices, counts.values, words)
    inverse = np.log1p(total.sum() / len(names) / np.maximum(total, 1))
    shape = len(names), k
    ids, found = np.full(shape, -1, np.int32), np.zeros(shape, np.int64)
    weights, shares = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for i in range(len(names)):
        rows = counts.take(np.flatnonzero(of == i))
        here = np.bincount(rows.indices, rows.values, words)
        share = here / max(1.0, here.sum())
        best = largest(share * inverse, k)
        m = len(best)
        ids[i, :m], weights[i, :m], shares[i, :m], found[i, :m] = best, (share * inverse)[best], share[best], here[best]
    documents = np.bincount(of, minlength=len(names))
    return {"labels": names, "documents": documents, "ids": ids, "weights": weights, "shares": shares, "counts": found}


def _classes(labels: Sequence[str], documents: int) -> list[str]:
    """The labels there are, in order. Raises Problem if they do not make classes to compare."""
    if len(labels) != documents:
        raise Problem("There are {labels} labels for {documents} documents: give one each.",
                      labels=len(labels), documents=documents)  # fmt: skip
    names = sorted(set(labels))
    if len(names) < 2:
        raise Problem("All documents have one label, {label}: choose a column with two or more.",
                      label=str(names[0])[:80] if names else "-")  # fmt: skip
    if len(names) > MOST_CLASSES:
        raise Problem("There are {classes} labels; the limit is {limit}: choose a column with fewer.",
                      classes=len(names), limit=MOST_CLASSES)  # fmt: skip
    return names


def found_for(
    counts: Rows, weights: Rows, ids: np.ndarray, query: np.ndarray, asked: np.ndarray,
    saturation: tuple[float, float, float], words: int, k: int,
) -> dict[str, np.ndarray]:  # fmt: skip
    """The k documents nearest to a query by cosine and by BM25, each with what every term of the query gives.

    counts, weights: of the same documents. ids int32 (t,): the query's terms; query (t,): their weights; asked (t,):
    their idf times their count in the query. saturation: the mean length of documents, k1 and b. Returns for both
    kinds documents int64 (m,), scores float32 (m,) and terms float32 (m, t), which sum to the scores.
    """
    from core.encoders.kernels import terms

    slots = np.full(words, -1, np.int32)
    slots[ids] = np.arange(len(ids))
    query = query.astype(np.float64)
    query = query / max(1e-30, float(np.sqrt(query @ query)))
    cosine, bm25 = np.zeros(len(counts)), np.zeros(len(counts))
    terms.score(counts.indptr, counts.indices, counts.values, weights.values, slots, query, asked, *saturation,
                cosine, bm25)  # fmt: skip
    answer: dict[str, np.ndarray] = {}
    for name, scores in (("cosine", cosine), ("bm25", bm25)):
        rows = largest(scores, k)
        answer |= {f"{name}_documents": rows, f"{name}_scores": scores[rows].astype(np.float32)}
        parts = np.zeros((len(rows), len(ids)), np.float32)
        for part, row in zip(parts, rows.tolist()):
            each = _cosine_parts if name == "cosine" else _bm25_parts
            each(part, slots, counts.row(row), weights.row(row)[1], query, asked, saturation)
        answer[f"{name}_terms"] = parts
    return answer


def _cosine_parts(part, slots, row, weights, query, asked, saturation) -> None:  # noqa: ARG001
    length = np.sqrt((weights.astype(np.float64) ** 2).sum())
    inside = np.flatnonzero(slots[row[0]] >= 0)
    at = slots[row[0][inside]]
    part[at] = weights[inside] * query[at] / max(1e-30, length)


def _bm25_parts(part, slots, row, weights, query, asked, saturation) -> None:  # noqa: ARG001
    from core.encoders.kernels.terms import SATURATED, frequency

    mean, k1, b = saturation
    length = row[1].sum() / mean
    for i in np.flatnonzero(slots[row[0]] >= 0).tolist():
        at = slots[row[0][i]]
        part[at] = asked[at] * frequency(SATURATED, int(row[1][i]), 1, length, k1, b)


def profiles(weights: Rows, words: int, width: int) -> np.ndarray:
    """float32 (words, width): each term's weights over documents, a document a column.

    Where there are more documents than columns, each is added to a random column with a random sign (Weinberger et al.
    2009), so that inner products of two terms stay the same on average, with a standard deviation of about
    1 / sqrt(width) for terms of length 1.
    """
    from core.encoders.kernels import terms

    n, draw = len(weights), np.random.default_rng(0)
    columns, signs = np.arange(n, dtype=np.int32), np.ones(n, np.float32)
    if n > width:
        columns = draw.integers(0, width, n, dtype=np.int32)
        signs = (2 * draw.integers(0, 2, n) - 1).astype(np.float32)
    found = np.zeros((words, min(n, width)), np.float32)
    terms.fold(weights.indptr, weights.indices, weights.values, columns, signs, found)
    return found
