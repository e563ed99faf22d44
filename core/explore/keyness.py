"""Which words mark one corpus against another, or one group of documents against the rest: keyness.

A word that occurs a times among c tokens here and b times among d tokens there is expected E1 = c (a + b) / (c + d) and
E2 = d (a + b) / (c + d) times. Log-likelihood G² = 2 (a ln(a / E1) + b ln(b / E2)) says how sure the difference is
(Rayson & Garside 2000), the log-ratio log2((a / c) / (b / d)) how large (Hardie 2014; a zero counts as half an
occurrence). p is that of G² as chi-squared with one degree of freedom; because every word is a test, words count as key
by the false discovery rate of Benjamini & Hochberg (1995). Words of one document are not independent, so p flatters:
look at how many documents hold the word.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.overview import chunks, type_words
from core.problem import Problem


@dataclass(frozen=True)
class Side:
    """One of two to compare. counts, documents: int64 (types,), how often each type occurs and in how many documents;
    of n_tokens and n_documents in all."""

    corpus: Corpus
    counts: np.ndarray
    documents: np.ndarray
    n_tokens: int
    n_documents: int


def side(corpus: Corpus, chosen: np.ndarray | None = None) -> Generator[float, None, Side]:
    """Count the words of a corpus, or of the documents chosen, bool (documents,). Yields the share done.

    Raises Problem if the documents hold no words.
    """
    from core.explore.kernels.counting import tally

    offsets = np.ascontiguousarray(corpus.offsets)
    mask = np.ones(len(offsets) - 1, bool) if chosen is None else np.ascontiguousarray(chosen, bool)
    counts, documents = np.zeros(corpus.types, np.int64), np.zeros(corpus.types, np.int64)
    last = np.full(corpus.types, -1, np.int64)
    for begin, tokens in chunks(corpus.tokens, 1 << 22):
        document = int(np.searchsorted(offsets, begin, "right")) - 1
        tally(np.ascontiguousarray(tokens), begin, offsets, mask, document, counts, documents, last)
        yield (begin + len(tokens)) / len(corpus.tokens)
    if not counts.any():
        raise Problem("These documents hold no words; choose others to compare.")
    return Side(corpus, counts, documents, int(counts.sum()), int(mask.sum()))


def keyness(
    one: Side,
    other: Side,
    *,
    min_count: int = 5,
    min_documents: int = 1,
    rate: float = 0.05,
) -> pd.DataFrame:
    """The words that are more frequent in one than in the other first, by falling log-likelihood; those of the other
    last: read from the bottom, they are its keywords.

    Compared are words that occur min_count times in both together, in min_documents documents. Returns columns word, id
    (in the first corpus, -1: not in it), count, count_other, per_million, per_million_other, documents,
    documents_other, log_likelihood (negative: more frequent in the other), log_ratio, p, q (p as the smallest false
    discovery rate at which the word is key), key (q <= rate).
    Raises Problem if the corpora were not tokenised alike.
    """
    check_comparable(one.corpus, other.corpus)
    table = _joined(one, other, min_count, min_documents)
    a, b = table["count"].to_numpy(np.float64), table["count_other"].to_numpy(np.float64)
    c, d = float(one.n_tokens), float(other.n_tokens)
    likelihood = log_likelihood(a, b, c, d)
    p = np.array([math.erfc(math.sqrt(value / 2)) for value in likelihood.tolist()], np.float64)
    q = false_discovery(p)
    table["per_million"], table["per_million_other"] = 1e6 * a / c, 1e6 * b / d
    table["log_likelihood"] = np.where(a * d < b * c, -likelihood, likelihood)
    table["log_ratio"] = log_ratio(a, b, c, d)
    table["p"], table["q"], table["key"] = p, q, q <= rate
    order = np.argsort(-table["log_likelihood"].to_numpy(), kind="stable")
    names = [
        "word", "id", "count", "count_other", "per_million", "per_million_other", "documents", "documents_other",
        "log_likelihood", "log_ratio", "p", "q", "key",
    ]  # fmt: skip
    return table.iloc[order][names].reset_index(drop=True)


def log_likelihood(a: np.ndarray, b: np.ndarray, c: float, d: float) -> np.ndarray:
    """float64 (n,), at least 0: G² of words that occur a times among c tokens and b times among d (Rayson & Garside
    2000)."""
    total = np.zeros(len(a))
    for observed, size in ((a, c), (b, d)):
        expected = size * (a + b) / (c + d)
        filled = observed > 0
        total[filled] += 2 * observed[filled] * np.log(observed[filled] / expected[filled])
    return np.maximum(total, 0)


def log_ratio(a: np.ndarray, b: np.ndarray, c: float, d: float) -> np.ndarray:
    """float64 (n,): log2 of how many times more frequent, a zero taken for half an occurrence (Hardie 2014)."""
    return np.log2(np.where(a > 0, a, 0.5) / c) - np.log2(np.where(b > 0, b, 0.5) / d)


def false_discovery(p: np.ndarray) -> np.ndarray:
    """float64 (n,): for each of n tests, the smallest false discovery rate at which it is rejected: the smallest
    p[j] n / rank[j] of itself and all with a larger p (Benjamini & Hochberg 1995)."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q


def check_comparable(one: Corpus, other: Corpus) -> None:
    """Raises Problem, saying what differs, if the words of two corpora were not made in the same way."""
    if one.id == other.id:
        return
    here, there = one.facts, other.facts
    if here["tokenizer"] != there["tokenizer"]:
        raise Problem(
            "{one} was cut into tokens by another tokeniser ({first}) than {other} ({second}); read one of them again "
            "with the other's, so that their words can be compared.",
            one=here["name"], other=there["name"], first=here["tokenizer"], second=there["tokenizer"],
        )  # fmt: skip
    if here["lowercase"] != there["lowercase"]:
        folded, kept = (here, there) if here["lowercase"] else (there, here)
        raise Problem(
            "Case is folded in {folded} and kept in {kept}; read one of them again, so that words can be compared.",
            folded=folded["name"], kept=kept["name"],
        )  # fmt: skip
    if here["tokenizer"] == "pieces":
        raise Problem(
            "{one} and {other} have subword pieces of their own, which cannot be compared; read both with words.",
            one=here["name"], other=there["name"],
        )  # fmt: skip


def _joined(one: Side, other: Side, min_count: int, min_documents: int) -> pd.DataFrame:
    """The words to compare: word, id, count, documents, count_other, documents_other."""
    if one.corpus.id == other.corpus.id:
        found = np.flatnonzero(one.counts + other.counts >= min_count)
        table = pd.DataFrame({"id": found, "word": type_words(one.corpus, found)})
        theirs = found
    else:
        table, theirs = _matched(one, other)
    both = np.append(other.counts, 0), np.append(other.documents, 0)  # the id -1 takes the zeros
    ours = np.append(one.counts, 0), np.append(one.documents, 0)
    ids = table["id"].to_numpy()
    table["count"], table["documents"] = ours[0][ids], ours[1][ids]
    table["count_other"], table["documents_other"] = both[0][theirs], both[1][theirs]
    kept = table["count"] + table["count_other"] >= max(min_count, 1)
    return table[kept & (table["documents"] + table["documents_other"] >= min_documents)].reset_index(drop=True)


def _matched(one: Side, other: Side) -> tuple[pd.DataFrame, np.ndarray]:
    """The words of two vocabularies: word and id (in the first, or -1), and int64 (n,), each one's id in the other."""
    mine, yours = np.flatnonzero(one.counts), np.flatnonzero(other.counts)
    first = pd.Series(mine, index=type_words(one.corpus, mine))
    second = pd.Series(yours, index=type_words(other.corpus, yours))
    words = first.index.append(second.index.difference(first.index, sort=False))
    table = pd.DataFrame({"word": words, "id": first.reindex(words, fill_value=-1).to_numpy(np.int64)})
    return table, second.reindex(words, fill_value=-1).to_numpy(np.int64)
