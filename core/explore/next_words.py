"""The most probable words of a distribution over the vocabulary."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def next_words(distribution: np.ndarray, words: Sequence[str], k: int = 10) -> pd.DataFrame:
    """The k most probable words: columns rank, word, index, probability, surprisal (-ln p, in nats).

    distribution: float (V,), sums to 1; distribution[i] is the probability of words[i].
    """
    probabilities = np.asarray(distribution, np.float64)
    found = np.argsort(-probabilities, kind="stable")[: max(k, 0)]
    with np.errstate(divide="ignore"):
        surprisal = -np.log(probabilities[found])
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(found) + 1),
            "word": [words[i] for i in found],
            "index": found,
            "probability": probabilities[found],
            "surprisal": surprisal,
        }
    )


def entropy(distribution: np.ndarray) -> float:
    """How uncertain a distribution over words, float (V,), is, in nats; exp of it is a number of equal candidates."""
    probabilities = np.asarray(distribution, np.float64)
    known = probabilities[probabilities > 0]
    return -float((known * np.log(known)).sum())
