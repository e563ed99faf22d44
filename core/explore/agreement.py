"""How far several spaces agree about words: which of a word's nearest they share (Hamilton et al. 2016; Antoniak &
Mimno 2018, who show how much two seeds of one training differ).

Neighbourhoods are compared over the words that all spaces know, so that a word is never missing in one only because of
another vocabulary.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.corpus import Vocab
from core.explore.graph import nearest, prepared, within
from core.problem import Problem

MOST_SPACES = 6


@dataclass(frozen=True)
class Agreement:
    """Of n words in r spaces. ids: int64 (r, n), each word's place in each vocabulary; near: int32 (r, n, k), the k
    nearest of each, places 0..n-1 in the order of the words; shared: float32 (n,), how many of the k two spaces share,
    the mean over pairs; jaccard: float32 (n,), shared over different ones, the mean over pairs."""

    ids: np.ndarray
    near: np.ndarray
    shared: np.ndarray
    jaccard: np.ndarray

    @property
    def chance(self) -> float:
        """How many of the k two spaces would share that have nothing to do with each other."""
        n, k = self.near.shape[1:]
        return k * k / max(n - 1, 1)


def common(vocabularies: Sequence[Vocab], most: int) -> np.ndarray:
    """int64 (r, n), n <= most: the places of the words that all vocabularies know, those most frequent in the first."""
    found = []
    for place, word in enumerate(vocabularies[0].words):
        places = [place, *(vocabulary.get(word) for vocabulary in vocabularies[1:])]
        if None not in places:
            found.append(places)
        if len(found) == most:
            break
    return np.array(found, np.int64).reshape(-1, len(vocabularies)).T


def agreement(spaces: Sequence[np.ndarray], ids: np.ndarray, k: int = 10) -> Generator[float, None, Agreement]:
    """Compare the k nearest, by cosine, of the same words in several spaces; yields the share done.

    spaces: float32 (V_i, d_i) each; ids: int64 (r, n) as `common` gives them. Raises Problem for fewer than two spaces
    or than three words in common.
    """
    if not 2 <= len(spaces) <= MOST_SPACES:
        raise Problem("2 to {most} runs are compared at a time, not {count}.", most=MOST_SPACES, count=len(spaces))
    if ids.shape[1] < 3:
        raise Problem("These runs have {count} words in common; comparing neighbours takes at least 3.",
                      count=ids.shape[1])  # fmt: skip
    k = min(k, ids.shape[1] - 1)
    near = np.empty((len(spaces), ids.shape[1], k), np.int32)
    for place, (vectors, own) in enumerate(zip(spaces, ids)):
        steps = nearest(prepared(vectors[own], "cosine"), k, "cosine")
        near[place], _distances = yield from within(steps, place / len(spaces), (place + 1) / len(spaces))
    shared = [_shared(near[one], near[other]) for one, other in combinations(range(len(spaces)), 2)]
    jaccard = [each / (2 * k - each) for each in shared]
    return Agreement(ids, near, np.mean(shared, axis=0).astype(np.float32), np.mean(jaccard, axis=0).astype(np.float32))


def _shared(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """int64 (n,): how many of the k of each row are in the same row of the other, both (n, k)."""
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    return (both[:, 1:] == both[:, :-1]).sum(axis=1)


def mean_shared(lists: Sequence[Sequence[str]]) -> float:
    """How many words two of these lists share, the mean over pairs.

    >>> mean_shared([["a", "b"], ["b", "c"], ["b", "a"]])
    1.3333333333333333
    """
    pairs = [len({*one} & {*other}) for one, other in combinations(lists, 2)]
    return sum(pairs) / len(pairs) if pairs else float(len(lists[0]) if lists else 0)
