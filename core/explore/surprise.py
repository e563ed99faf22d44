"""How surprising each word of a text is to whoever guesses the next word, and its perplexity."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from core.problem import Problem

NextWord = Callable[[Sequence[str]], np.ndarray]  # the words before -> float (V,), sums to 1


def surprise(next_word: NextWord, words: Sequence[str], ids: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """One row a word: place, word, index, probability after all words before it, surprisal (-ln p, in nats, infinite
    for probability 0), rank (1 for the word that was held most likely).

    ids: the place of each word in the answers of next_word, len(vocab) or more for one that is not known: its index is
    -1, its probability and surprisal are missing, its rank is 0; it still stands before the others.
    """
    return pd.DataFrame(list(rows(next_word, words, ids)), columns=COLUMNS).astype(
        {"place": np.int64, "index": np.int64, "probability": float, "surprisal": float, "rank": np.int64}
    )


COLUMNS = ["place", "word", "index", "probability", "surprisal", "rank"]


def rows(next_word: NextWord, words: Sequence[str], ids: Sequence[int] | np.ndarray) -> Iterator[tuple]:
    """The rows of `surprise`, one at a time, for a text that takes a while."""
    for place, (word, index) in enumerate(zip(words, ids)):
        found = np.asarray(next_word(words[:place]), np.float64)
        if not 0 <= index < len(found):
            yield place, word, -1, math.nan, math.nan, 0
            continue
        probability = float(found[index])
        surprisal = -math.log(probability) if probability > 0 else math.inf
        yield place, word, int(index), probability, surprisal, 1 + int((found > probability).sum())


def perplexity(surprisals: Sequence[float] | np.ndarray) -> float:
    """exp of the mean surprisal of the words that are known: among how many equal words one might as well have guessed.

    Infinite if one of them was held impossible; NaN if none is known.
    """
    known = np.asarray(surprisals, np.float64)
    known = known[~np.isnan(known)]
    return float(np.exp(known.mean())) if len(known) else math.nan


def begins(next_word: NextWord) -> bool:
    """Whether a word is guessed with nothing before it."""
    try:
        next_word([])
    except Problem:
        return False
    return True
