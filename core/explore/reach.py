"""How far back a language model looks: a word d places back is replaced, and what it expects next moves, or does not.

Khandelwal, He, Qi and Jurafsky (2018), Sharp nearby, fuzzy far away: how neural language models use context, change
contexts from d words back on; here one word alone is changed, for one as frequent, so that its place is what counts.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np

NextWord = Callable[[Sequence[str]], np.ndarray]  # the words before -> float (V,), sums to 1

FARTHEST = 40  # places back
LENGTH = 48  # tokens of a context
_NEAREST, _WITHIN = 5, 0.2  # ranks to both sides in which an equally frequent word is looked for, and the share of them


def reach(
    next_word: NextWord,
    words: Sequence[str],
    contexts: Sequence[Sequence[str]],
    ids: Sequence[np.ndarray],
    draws: int = 2,
    seed: int = 0,
    farthest: int = FARTHEST,
) -> Generator[Any, None, dict[str, np.ndarray]]:
    """float32 (contexts, farthest) each: bits, the Jensen-Shannon divergence between the two distributions, and moved,
    the probability that moved (their total variation), both 0 to 1, column d - 1 for d places back, means over `draws`
    other words; NaN where a context is shorter than d.

    words: the vocabulary, most frequent first; ids: of each context's words, len(words) for one that is unknown.
    Yields the share done, and after each context what is known so far.
    """
    found = {name: np.full((len(contexts), farthest), np.nan, np.float32) for name in ("bits", "moved")}
    for row, (context, known) in enumerate(zip(contexts, ids)):
        before = np.asarray(next_word(context), np.float64)
        for distance in range(1, min(farthest, len(context)) + 1):
            rank, moves = int(known[-distance]), []
            for other in replacements(rank, len(words), draws, (seed, row, distance)):
                changed = [*context[:-distance], words[other], *context[len(context) - distance + 1 :]]
                after = np.asarray(next_word(changed), np.float64)
                moves.append((jensen_shannon(before, after), total_variation(before, after)))
            found["bits"][row, distance - 1], found["moved"][row, distance - 1] = np.mean(moves, axis=0)
            yield (row + distance / farthest) / len(contexts)
        if row + 1 < len(contexts):
            yield {name: each[: row + 1].copy() for name, each in found.items()}
    return found


def replacements(rank: int, words: int, draws: int, seed: tuple[int, ...]) -> list[int]:
    """`draws` ranks of words about as frequent as the one of this rank, never itself; of an unknown word, rare ones."""
    here = min(rank, words - 1)
    wide = max(_NEAREST, int(_WITHIN * here))
    among = np.arange(max(0, here - wide), min(words, here + wide + 1))
    among = among[among != rank]
    drawn: list[int] = np.random.default_rng(seed).choice(among, draws, replace=len(among) < draws).tolist()
    return drawn


def jensen_shannon(first: np.ndarray, second: np.ndarray) -> float:
    """Of two distributions float64 (V,), in bits: 0 for the same, 1 for two that have no word in common."""
    middle = (first + second) / 2
    parts = [each[each > 0] * np.log2(each[each > 0] / middle[each > 0]) for each in (first, second)]
    return max(0.0, float(sum(part.sum() for part in parts)) / 2)


def total_variation(first: np.ndarray, second: np.ndarray) -> float:
    """The share of the probability that went to other words, 0 to 1."""
    return float(np.abs(first - second).sum() / 2)
