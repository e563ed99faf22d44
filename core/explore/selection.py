"""What sets some documents apart from the rest: the words that more of them hold than chance would give them.

If K of N documents hold a word, and n of the N are chosen at random, the number of chosen ones that hold it is
hypergeometric; p is the chance of as many as there are, or more (Fisher's exact test, one-sided; Fisher 1922). Every
word is a test, so q is the smallest false discovery rate at which the word counts (Benjamini & Hochberg 1995). That
counts documents, each once; the other view counts tokens (log-likelihood and log-ratio, see `core.explore.keyness`),
where one long document can carry a word.
"""

import numpy as np
import pandas as pd

from core.explore.keyness import false_discovery, log_likelihood, log_ratio
from core.explore.sparse import Sparse
from core.problem import Problem

NEGLIGIBLE = 1e-17  # of a sum: what further terms would add


def over_represented(
    counts: Sparse, chosen: np.ndarray, words: list[str], *, min_documents: int = 2, rate: float = 0.05
) -> pd.DataFrame:
    """The words that the chosen documents hold more often than the others, the surest first.

    counts: float (documents, V), tokens of each word; chosen: bool (documents,); words: V. Compared are words that
    min_documents documents hold. Returns columns word, id, documents, documents_other (that hold it), expected (chosen
    documents that would by chance), odds (log2 of the odds ratio, each cell with half a document more), p, q, key
    (q <= rate), count, count_other (tokens), log_likelihood (negative: more frequent in the others), log_ratio.
    Words that are as frequent or less have large p and stand last. Raises Problem if all or no documents are chosen.
    """
    mask = np.asarray(chosen, bool)
    n, total = int(mask.sum()), len(counts)
    if not 0 < n < total:
        raise Problem(
            "Choose some of the {total} documents, not {n}, so that there are others to compare with.", total=total, n=n
        )
    ours, theirs = counts.rows(mask), counts.rows(~mask)
    here, there = ours.document_frequency(), theirs.document_frequency()
    ids = np.flatnonzero(here + there >= max(min_documents, 1))
    a, b = here[ids], there[ids]
    p = at_least(a, n, a + b, total)
    q = false_discovery(p)
    count, other = ours.column_sums()[ids], theirs.column_sums()[ids]
    sizes = float(max(ours.values.sum(), 1)), float(max(theirs.values.sum(), 1))
    likelihood = log_likelihood(count, other, *sizes)
    table = pd.DataFrame({
        "word": [words[i] for i in ids], "id": ids, "documents": a, "documents_other": b,
        "expected": (a + b) * (n / total), "odds": log_odds(a, n, b, total - n), "p": p, "q": q, "key": q <= rate,
        "count": count.astype(np.int64), "count_other": other.astype(np.int64),
        "log_likelihood": np.where(count * sizes[1] < other * sizes[0], -likelihood, likelihood),
        "log_ratio": log_ratio(count, other, *sizes),
    })  # fmt: skip
    order = np.lexsort((ids, -table["odds"].to_numpy(), p))
    return table.iloc[order].reset_index(drop=True)


def log_odds(a: np.ndarray, n: int, b: np.ndarray, m: int) -> np.ndarray:
    """float64 (k,): log2 of how many times better the odds are that a chosen document holds a word (a of n) than that
    another does (b of m); each cell half a document more, so that zeros have odds too (Haldane 1956)."""
    return np.log2((a + 0.5) / (n - a + 0.5)) - np.log2((b + 0.5) / (m - b + 0.5))


def at_least(found: np.ndarray, drawn: int, marked: np.ndarray, total: int) -> np.ndarray:
    """float64 (k,): P(X >= found) where X counts the marked among `drawn` of `total`, drawn without replacement.

    found, marked: int (k,). Equal pairs are computed once; each tail is summed from its largest term on.
    """
    pairs, place = np.unique(np.stack([found, marked]), axis=1, return_inverse=True)
    x, k = pairs.astype(np.float64)
    n, size = float(drawn), float(total)
    upper = x > n * k / size  # where it is the smaller tail, and its terms fall
    log_mass = _log_mass(np.where(upper, pairs[0], pairs[0] - 1), drawn, pairs[1], total)
    term, sums = np.ones(len(x)), np.ones(len(x))
    i = np.where(upper, x, x - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        while np.any(term > NEGLIGIBLE * sums):
            up = (n - i) * (k - i) / ((i + 1) * (size - n - k + i + 1))
            down = i * (size - n - k + i) / ((n - i + 1) * (k - i + 1))
            term = np.maximum(np.nan_to_num(term * np.where(upper, up, down)), 0)
            sums, i = sums + term, i + np.where(upper, 1, -1)
    tail = np.exp(log_mass) * sums
    p = np.where(upper, tail, 1 - tail)
    return np.clip(np.where(x <= np.maximum(0, n + k - size), 1, p), 0, 1)[place.reshape(-1)]


def _log_mass(x: np.ndarray, n: int, k: np.ndarray, size: int) -> np.ndarray:
    """float64: the log of the chance of exactly x; -inf where that cannot be."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1, dtype=np.float64)))])  # of factorials
    parts = (x, k - x, n - x, size - n - k + x)
    possible = np.logical_and.reduce([part >= 0 for part in parts])
    inside = sum(logs[np.clip(part, 0, size)] for part in parts)
    whole = logs[k] + logs[size - k] + logs[n] + logs[size - n] - logs[size]
    return np.where(possible, whole - inside, -np.inf)
