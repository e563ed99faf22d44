"""How well word vectors do on a test set, beside chance and beside what frequency alone would score.

A score never stands by itself. Every one comes with how many of the set's questions it is about (those whose words
are all in the vocabulary), a 95 % interval, the score of guessing at random, and that of knowing only how often words
occur.
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import atanh, nan, sqrt, tanh
from typing import Any

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.explore.evaluation_sets import Benchmark, finder

NORMAL = 1.959964  # of a normal distribution, 95 % lies within so many standard deviations
SAME = 9  # decimals to which cosines that are equal but for rounding agree
DRAWS, WIDTH = 300, 50  # of random vectors, and how wide they are at most: more changes nothing


@dataclass(frozen=True)
class Baseline:
    """value, and where it varies the interval that 95 % of guesses fall into."""

    value: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True)
class Score:
    """measure: "spearman" (-1..1), "accuracy" or "purity" (0..1). known of `of` questions could be asked; value, low
    and high are not numbers where too few could. baselines: "random", "frequency" and, of analogies, "nearest"."""

    measure: str
    value: float
    low: float
    high: float
    known: int
    of: int
    baselines: dict[str, Baseline]
    tables: dict[str, pd.DataFrame]


Steps = Generator[float, None, Score]


def evaluate(vectors: np.ndarray, words: Vocab, benchmark: Benchmark, **how: Any) -> Steps:
    """The score of vectors float32 (V, d), a row a word, on a test set; yields the share done.

    how: for analogies method ("add" or "mul") and among, how many of the most frequent words may be the answer.
    """
    if benchmark.kind == "similarity":
        yield 0.0
        return similarity(vectors, words, benchmark)
    if benchmark.kind == "analogies":
        from core.explore.evaluation_analogies import analogies

        return (yield from analogies(vectors, words, benchmark, **how))
    from core.explore.evaluation_categories import categories

    yield 0.0
    return categories(vectors, words, benchmark)


def similarity(vectors: np.ndarray, words: Vocab, benchmark: Benchmark) -> Score:
    """Spearman's correlation of people's scores with cosines, over the pairs whose words are both known.

    Frequency: the correlation with -|ln f1 - ln f2|, words being alike that occur equally often. Random: 0, and the
    interval that vectors drawn at random fall into, which is wider than for independent pairs: pairs share words.
    Tables "pairs" and "missing".
    """
    find = finder(words)
    ids = [tuple(find(word) for word in row) for row in benchmark.rows]
    kept = [place for place, pair in enumerate(ids) if None not in pair]
    human = np.array([benchmark.scores[place] for place in kept], np.float64)
    places = np.array([ids[place] for place in kept], np.int64).reshape(-1, 2)
    model = cosines(vectors, places[:, 0], places[:, 1])
    logs = np.log(np.maximum(words.counts[places], 1).astype(np.float64))
    value = spearman(human, model)
    low, high = fisher_interval(value, len(kept))
    baselines = {
        "random": _chance(human, places, vectors.shape[1]),
        "frequency": Baseline(spearman(human, -np.abs(logs[:, 0] - logs[:, 1]))),
    }
    tables = {"pairs": _pairs(benchmark, kept, human, model), "missing": missing(benchmark, find)}
    return Score("spearman", value, low, high, len(kept), len(ids), baselines, tables)


def _chance(human: np.ndarray, places: np.ndarray, width: int) -> Baseline:
    """0, and the interval that 95 % of vectors drawn at random fall into."""
    if len(human) < 3:
        return Baseline(0.0)
    ids, inverse = np.unique(places, return_inverse=True)
    inverse, random = inverse.reshape(places.shape), np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        vectors = random.standard_normal((len(ids), min(width, WIDTH)), np.float32)
        drawn.append(spearman(human, cosines(vectors, inverse[:, 0], inverse[:, 1])))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Baseline(0.0, float(low), float(high))


def _pairs(benchmark: Benchmark, kept: list[int], human: np.ndarray, model: np.ndarray) -> pd.DataFrame:
    """The pairs, those first on which people and vectors differ most: by the shares of pairs that they rank below."""
    ranks = [(ranked(values) - 1) / max(1, len(kept) - 1) for values in (human, model)]
    table = pd.DataFrame({
        "first": [benchmark.rows[place][0] for place in kept], "second": [benchmark.rows[place][1] for place in kept],
        "human": human, "cosine": model, "human_rank": ranks[0], "cosine_rank": ranks[1],
        "difference": ranks[1] - ranks[0],
    })  # fmt: skip
    return table.iloc[np.argsort(-np.abs(ranks[1] - ranks[0]), kind="stable")].reset_index(drop=True)


def missing(benchmark: Benchmark, find: Any) -> pd.DataFrame:
    """The questions that cannot be asked, and their words that are not in the vocabulary."""
    rows = [(row, [word for word in row if find(word) is None]) for row in benchmark.rows]
    lost = [(" ".join(row), ", ".join(dict.fromkeys(unknown))) for row, unknown in rows if unknown]
    return pd.DataFrame(lost, columns=["question", "unknown"])


def cosines(vectors: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (n,): cosines of rows; 0 where one has no direction. Those equal but for rounding are equal."""
    one, other = (vectors[places].astype(np.float64) for places in (first, second))
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    products = np.einsum("nd,nd->n", one, other)
    return np.round(np.divide(products, lengths, out=np.zeros(len(one)), where=lengths > 0), SAME)


def ranked(values: np.ndarray) -> np.ndarray:
    """float64 (n,): ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - counts + 1 + last) / 2)[inverse]


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's rank correlation; 0 where one side is constant, which is what it says of the other; nan below two."""
    if len(first) < 2:
        return nan
    one, other = (ranks - ranks.mean() for ranks in (ranked(first), ranked(second)))
    spread = sqrt(float(one @ one) * float(other @ other))
    return min(1.0, max(-1.0, float(one @ other) / spread)) if spread else 0.0


def fisher_interval(value: float, n: int) -> tuple[float, float]:
    """95 % interval of a rank correlation of n pairs: Fisher's z with the variance of Bonett & Wright (2000)."""
    if n < 4 or value != value:
        return nan, nan
    z, spread = atanh(min(0.9999999, max(-0.9999999, value))), NORMAL * sqrt((1 + value**2 / 2) / (n - 3))
    return tanh(z - spread), tanh(z + spread)


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """95 % interval of a share of n (Wilson 1927)."""
    if not n:
        return nan, nan
    square = NORMAL**2
    middle, spread = share + square / (2 * n), NORMAL * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + square / n)), min(1.0, (middle + spread) / (1 + square / n))
