"""Documents as things to find, to compare and to name: ranked by a query, ordered by likeness, labelled on a map."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explore.sparse import Sparse
from core.problem import Problem

MOST_ORDERED = 2000  # documents that are put into an order by likeness


@dataclass(frozen=True)
class Ranked:
    """Documents found for a query. documents: int64 (k,), the best first; scores: float64 (k,); parts: float64 (k, t),
    what each term of the query gives to each score, terms: int64 (t,), their columns. found: of all documents, those
    with a score above 0."""

    documents: np.ndarray
    scores: np.ndarray
    terms: np.ndarray
    parts: np.ndarray
    found: int

    def table(self, words: Sequence[str]) -> pd.DataFrame:
        """A row a document and term that gives something: rank (from 1), document, score, word, id, part."""
        rows, columns = np.nonzero(self.parts)
        return pd.DataFrame({
            "rank": rows + 1, "document": self.documents[rows], "score": self.scores[rows],
            "word": [words[i] for i in self.terms[columns]], "id": self.terms[columns],
            "part": self.parts[rows, columns],
        })  # fmt: skip


def ranked(weights: Sparse, query: Sparse, k: int = 10) -> Ranked:
    """The k documents with the largest weights · query, and why: the sum taken apart by terms.

    weights: float (n, V): rows of length one and a query of length one give cosines; BM25 weights and a query of counts
    give BM25. query: (1, V). Documents with a score of 0 are not found; of equal ones the first stands first.
    Raises Problem if the query holds no known term.
    """
    terms, given = query.indices.astype(np.int64), query.values.astype(np.float64)
    if not len(terms):
        raise Problem("No word of this query occurs in the corpus; type other words.")
    place = np.full(weights.width, -1, np.int64)
    place[terms] = np.arange(len(terms))
    inside = np.flatnonzero(place[weights.indices] >= 0)
    row, column = np.searchsorted(weights.indptr, inside, "right") - 1, place[weights.indices[inside]]
    part = weights.values[inside] * given[column]
    scores = np.bincount(row, part, len(weights))
    best = np.argsort(-scores, kind="stable")[: max(k, 0)]
    best = best[scores[best] > 0]
    rank = np.full(len(weights), -1, np.int64)
    rank[best] = np.arange(len(best))
    shown = rank[row] >= 0
    parts = np.zeros((len(best), len(terms)))
    parts[rank[row[shown]], column[shown]] = part[shown]
    return Ranked(best, scores[best], terms, parts, int((scores > 0).sum()))


def nearest(vectors: np.ndarray, query: np.ndarray, k: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """The k documents most similar to a vector by cosine: int64 (k,), float64 (k,). vectors: float (n, d), query (d,).

    Documents without a direction stand last, with 0. Raises Problem if the query has none.
    """
    length = float(np.linalg.norm(query))
    if not np.isfinite(length) or not length:
        raise Problem("This query has no vector: none of its words is known; type other words.")
    lengths = np.linalg.norm(vectors, axis=1)
    scores = np.nan_to_num(vectors @ query / np.where(lengths > 0, lengths, 1) / length).astype(np.float64)
    best = np.argsort(-scores, kind="stable")[:k]
    return best, scores[best]


def likeness_order(vectors: np.ndarray) -> np.ndarray:
    """int64 (n,): documents in an order in which similar ones are near each other.

    The leaves of a tree of average cosine distances, turned so that neighbours fit best (Bar-Joseph et al. 2001); of
    more than 500 the tree as it is. vectors: float (n, d), n at most 2,000 (else a Problem).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    if len(vectors) > MOST_ORDERED:
        raise Problem(
            "At most {most} documents can be ordered by likeness, not {n}; choose fewer.",
            most=MOST_ORDERED, n=len(vectors),
        )  # fmt: skip
    if len(vectors) < 3:
        return np.arange(len(vectors))
    distances = squareform(1 - likeness(vectors), checks=False)
    tree = linkage(distances, "average")
    return leaves_list(optimal_leaf_ordering(tree, distances) if len(vectors) <= 500 else tree).astype(np.int64)


def likeness(vectors: np.ndarray) -> np.ndarray:
    """float64 (n, n): cosines, 1 on the diagonal; 0 with documents that have no direction."""
    clean = np.nan_to_num(np.asarray(vectors, np.float64))
    lengths = np.linalg.norm(clean, axis=1, keepdims=True)
    rows = clean / np.where(lengths > 0, lengths, 1)
    cosines = np.clip(rows @ rows.T, -1, 1)
    np.fill_diagonal(cosines, 1)
    return cosines


def document_names(texts: Sequence[str], titles: Sequence[str | None] | None = None, longest: int = 40) -> list[str]:
    """What to call each document: its title, or its first words, up to `longest` characters; "3" if it has neither
    (counted from 1)."""
    names = []
    for i, text in enumerate(texts):
        title = titles[i] if titles is not None else None
        chosen = title if isinstance(title, str) and title.strip() else text[: 4 * longest]
        names.append(_shortened(re.sub(r"\s+", " ", chosen).strip(), longest) or str(i + 1))
    return names


def _shortened(text: str, longest: int) -> str:
    """The first words that fit, with "…" where some are missing; scripts without spaces are cut anywhere."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > longest // 2 else cut).rstrip(" ,;:.，。；：、") + "…"
