"""A map of documents: their vectors, from any source, laid out like words; sparse ones are first made short.

TF-IDF gives a document as many numbers as there are words, nearly all of them zero. They are never written out: the
leading singular directions (randomised SVD, Halko, Martinsson & Tropp 2011) hold as much of their squares as so few
numbers can, and the map is made from those. Documents without a direction (no word is known) have no place on it.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.explore.graph import Step
from core.explore.projection import LEAST, ProjectionOptions, project
from core.explore.sparse import Sparse
from core.options import option
from core.problem import Problem, marked

DIMENSIONS = 100  # of what sparse vectors are reduced to


class DocumentMapOptions(ProjectionOptions):
    """What a person chooses before a map of documents is computed."""

    words: int = option(
        5000, "Documents", "How many documents are on the map; of more, a sample drawn by the seed.",
        low=LEAST, high=50_000, step=500,
    )  # fmt: skip
    neighbours: int = option(
        15, "Neighbours (UMAP)",
        "How many documents count as a document's neighbourhood: few show detail, many the large picture.",
        low=2, high=200, step=1,
    )  # fmt: skip
    min_dist: float = option(
        0.1, "Smallest distance (UMAP)", "How close two documents may lie: small values draw tight clumps.",
        low=0.0, high=0.99, step=0.05,
    )  # fmt: skip
    perplexity: float = option(
        30.0, "Perplexity (t-SNE)", "About how many documents count as a document's neighbourhood.",
        low=2.0, high=100.0, step=1.0,
    )  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """rows: int64 (m,), the documents on the map, by number, in order; empty: how many have no direction."""

    rows: np.ndarray
    empty: int


def chosen_documents(vectors: Sparse | np.ndarray, most: int, seed: int = 0) -> Chosen:
    """At most `most` of the documents whose vectors, (n, d), have a length; a sample of more is drawn by the seed.

    Raises Problem where there are fewer than a map needs.
    """
    squares = lengths(vectors)
    rows = np.flatnonzero(np.isfinite(squares) & (squares > 0))
    empty = len(squares) - len(rows)
    if len(rows) < LEAST:
        raise Problem(
            "A map of documents needs at least {least} documents with known words; there are {n}. Read the text again "
            "split into more documents, or choose another corpus.", least=LEAST, n=len(rows),
        )  # fmt: skip
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).permutation(rows)[:most])
    return Chosen(rows, empty)


def lengths(vectors: Sparse | np.ndarray) -> np.ndarray:
    """float64 (n,): the length of each row."""
    if isinstance(vectors, Sparse):
        return np.sqrt(np.bincount(vectors.row_of(), vectors.values.astype(np.float64) ** 2, len(vectors)))
    return np.linalg.norm(np.asarray(vectors, np.float64), axis=1)


def reduced(rows: Sparse, dimensions: int = DIMENSIONS, seed: int = 0) -> tuple[np.ndarray, float]:
    """Sparse rows (n, width) along their leading singular directions: float32 (n, d), and the share of all squares that
    these hold. d is `dimensions`, or one less than there are rows or columns; the same seed gives the same numbers."""
    from sklearn.utils.extmath import randomized_svd

    most = max(1, min(dimensions, len(rows) - 1, rows.width - 1))
    matrix = rows.scipy().astype(np.float32)
    left, singular, _ = randomized_svd(matrix, most, n_iter=4, random_state=seed)
    total = float(np.sum(np.square(rows.values, dtype=np.float64)))
    return np.asarray(left * singular, np.float32), min(1.0, float(np.square(singular).sum()) / (total or 1.0))


def document_map(
    vectors: Sparse | np.ndarray, options: ProjectionOptions
) -> Generator[Step, None, tuple[dict[str, np.ndarray], dict[str, Any]]]:
    """Documents laid out by their vectors, float (n, d); see `core.explore.projection.project` for what is yielded.

    Early pictures and the result hold also rows, int32 (m,), the documents that the m points are. Facts are those of
    `project` and documents (n), empty (left out), dimensions (of the vectors), reduced (to so many, or None) and
    squares (the share that these hold, or None).
    """
    chosen = chosen_documents(vectors, options.words, options.seed)
    dense, share = None, None
    if isinstance(vectors, Sparse):
        yield marked("Reducing the documents' vectors")
        dense, share = reduced(vectors.rows(chosen.rows), seed=options.seed)
    else:
        dense = np.nan_to_num(np.asarray(vectors[chosen.rows], np.float32))
    rows = {"rows": chosen.rows.astype(np.int32)}
    yield marked("Laying out the documents")
    arrays, facts = yield from _with(project(dense, options), rows)
    width = vectors.width if isinstance(vectors, Sparse) else vectors.shape[1]
    told = {"documents": len(vectors), "empty": chosen.empty, "dimensions": width, "squares": share,
            "reduced": None if share is None else dense.shape[1]}  # fmt: skip
    return {**arrays, **rows}, {**facts, **told}


def _with(steps: Generator[Step, None, Any], rows: dict[str, np.ndarray]) -> Generator[Step, None, Any]:
    """The steps of a projection, each early picture with its documents."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        yield {**step, **rows} if isinstance(step, dict) else step


def most_alike(vectors: Sparse | np.ndarray, document: int, k: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """The k documents most similar to one of them by cosine: int64 (k,), float64 (k,), the best first, itself left out.

    Raises Problem if it has no direction, as a document without a known word.
    """
    sizes = lengths(vectors)
    if not sizes[document]:
        raise Problem("No word of this document is known here, so no other is near it; choose another document.")
    if isinstance(vectors, Sparse):
        rows = vectors.scipy()
        products = np.asarray((rows @ rows[[document]].T).todense(), np.float64).ravel()
    else:
        products = np.asarray(vectors @ vectors[document], np.float64)
    cosines = products / np.where(sizes > 0, sizes, 1) / sizes[document]
    cosines[document] = -np.inf
    best = np.argsort(-cosines, kind="stable")[: min(k, len(cosines) - 1)]
    return best, cosines[best]
