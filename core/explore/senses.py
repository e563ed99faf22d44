"""Every place where a word stands, as what can be compared: its sentence, its form, its neighbours, its document.

The places do not depend on any run's vocabulary: they are characters of documents. What is looked for is a word, a
pattern of words, or a string of the text itself, inside longer words too (see `core.explore.query`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.inflection import inflected
from core.explore.matches import Hits
from core.explore.matches import find as find_hits
from core.explore.query import parse
from core.explore.sense_facets import Keep, counted, narrowed
from core.explore.sense_rows import placed
from core.problem import Problem

MOST = 5000  # occurrences that are looked at together
LIMIT = 2000


@dataclass(frozen=True)
class Occurrences:
    """n of `total` occurrences in the order of the text, which stand in `documents` documents; without the filter
    there are `whole`.

    frame: a row each. document int64; begin, end int64, characters of the document; token int64, of the corpus, that
    the place lies in; sentence str; first, last int64, characters of the sentence; form str, as it is written; left and
    right str, the neighbours ("" at an edge; of a string in a longer word, what goes on there); capital bool; place
    float, where in the sentence, 0 to 1; label str, of the corpus's label column ("": none).
    columns: the document's columns, a row each.
    """

    total: int
    documents: int
    seed: int
    frame: pd.DataFrame
    columns: pd.DataFrame
    whole: int

    def __len__(self) -> int:
        return len(self.frame)


def find(
    corpus: Corpus,
    query: str,
    limit: int = LIMIT,
    seed: int = 0,
    *,
    mode: str = "words",
    within: np.ndarray | None = None,
    keep: Keep | None = None,
) -> Occurrences:
    """The occurrences of a query, a sample of them if there are more than `limit` (see `sampled`).

    mode: "words", "forms" (every English word as any of its forms) or "text". within: documents to look in. keep: a
    filter (see `core.explore.sense_facets`), which may leave none; the sample is drawn from what it leaves. Raises
    Problem for what cannot be searched, and for a word that does not occur.
    """
    if not 1 <= limit <= MOST:
        raise Problem("1 to {most} occurrences are looked at together; not {n}.", most=MOST, n=limit)
    every = _hits(corpus, query, mode, within)
    hits = narrowed(corpus, every, keep) if keep else every
    chosen = hits.chosen(sampled(_strata(corpus, hits), limit, seed))
    return Occurrences(len(hits), hits.documents_total(), seed, *placed(corpus, chosen), len(every))


def facets(
    corpus: Corpus, query: str, *, mode: str = "words", keep: Keep | None = None
) -> tuple[int, dict[str, dict[str, Any]]]:
    """How many occurrences a query has without a filter, and what each facet can be narrowed to, see
    `core.explore.sense_facets.counted`. Raises Problem as `find` does."""
    hits = _hits(corpus, query, mode, None)
    return len(hits), dict(counted(corpus, hits, keep or {}))


def _hits(corpus: Corpus, query: str, mode: str, within: np.ndarray | None) -> Hits:
    query, mode = (inflected(query), "words") if mode == "forms" else (query, mode)
    hits = find_hits(corpus, parse(corpus, query, mode), within)
    if not len(hits):
        raise Problem("{query} does not occur in this corpus: try another form, search in the text itself, or choose "
                      "another corpus.", query=query[:80])  # fmt: skip
    return hits


def sampled(strata: np.ndarray, limit: int, seed: int = 0) -> np.ndarray:
    """int64, rising: at most `limit` of n, from each stratum as many as the square root of its size has weight, so that
    one frequent pattern does not fill the sample. strata: int (n,)."""
    if len(strata) <= limit:
        return np.arange(len(strata))
    draw = np.random.default_rng(seed)
    shuffled = draw.permutation(len(strata))
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    _, begins, sizes = np.unique(strata[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(begins, sizes) + draw.random(len(order))
    first = np.argsort(rank / np.sqrt(np.repeat(sizes, sizes)), kind="stable")[:limit]
    return np.sort(order[first])


def _strata(corpus: Corpus, hits: Hits) -> np.ndarray:
    """int64 (n,): occurrences alike in the word that they begin in and in the word behind them."""
    tokens, last = np.asarray(corpus.tokens), len(corpus.tokens) - 1
    here = tokens.take(np.minimum(hits.first - (hits.lengths == 0), last))
    behind = tokens.take(np.minimum(hits.after, last))
    return here.astype(np.int64) * (corpus.types + 1) + behind
