"""What would tell a word's senses apart without any model: baselines that decide whether anything was shown.

Each baseline is a vector for every occurrence, judged exactly as an encoder's vectors are (`senses_measures`): nothing
at all, the word's form, the words beside it, all words around it (a bag), the mean of their static vectors (Schütze
1998, Automatic word sense discrimination). An encoder that does not beat the best of them has shown nothing about
context. A facet that predicts the sense by itself (the form, a capital, the document) is a confound, and is told.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explore.senses_measures import Recall, credits, recall

NEAR = 10  # words to each side
MOST = 4000  # different words of a bag: those around the most occurrences
SHUFFLES = 20  # of the labels
NAMES = ("form", "neighbours", "near", "sentence")


@dataclass(frozen=True)
class Around:
    """What stands around n occurrences. forms: the word as it is written; left and right: the words before and after
    it, in the order of the text; documents: int (n,); columns: what else is known of each, by name."""

    forms: Sequence[str]
    left: Sequence[Sequence[str]]
    right: Sequence[Sequence[str]]
    documents: np.ndarray
    columns: Mapping[str, Sequence[str]]

    def bag(self, words: int | None = None) -> list[list[str]]:
        """The words around each, so many to each side, in small letters; all of them without a number."""
        if words is None:
            return [[word.lower() for word in (*left, *right)] for left, right in zip(self.left, self.right)]
        return [[word.lower() for word in (*left[len(left) - min(words, len(left)) :], *right[:words])]
                for left, right in zip(self.left, self.right)]  # fmt: skip

    def beside(self) -> tuple[list[str], list[str]]:
        """The word before each and the one after it; "" where there is none."""
        left = [words[-1].lower() if words else "" for words in self.left]
        return left, [words[0].lower() if words else "" for words in self.right]


def one_hot(values: Sequence[str]) -> np.ndarray:
    """float32 (n, m): a direction for each value that several have; what one alone has tells nothing: zeros."""
    codes, counts = np.unique(np.asarray(values, object).astype(str), return_inverse=True, return_counts=True)[1:]
    shared = np.flatnonzero(counts > 1)
    return (codes[:, None] == shared[None]).astype(np.float32)


def bag(words: Sequence[Sequence[str]]) -> np.ndarray:
    """float32 (n, m): the words around each occurrence, each by how few it is around, ln(n / df) (tf-idf).

    Of words around several occurrences, the commonest; the others tell nothing of another occurrence.
    """
    n, around = len(words), Counter(word for each in words for word in set(each))
    kept = sorted((word for word, times in around.items() if times > 1), key=lambda word: (-around[word], word))[:MOST]
    place = {word: number for number, word in enumerate(kept)}
    found = np.zeros((n, len(kept)), np.float32)
    for row, each in zip(found, words):
        for word in each:
            if word in place:
                row[place[word]] += 1
    return found * np.log(n / np.array([around[word] for word in kept], np.float32))


def averaged(words: Sequence[Sequence[str]], find: Callable[[str], int | None], vectors: np.ndarray) -> np.ndarray:
    """float32 (n, d): the mean of the static vectors of the words around each; zeros where none is known.

    find: the row of a word in vectors, float (V, d), or None.
    """
    found = np.zeros((len(words), vectors.shape[1]), np.float32)
    for row, each in zip(found, words):
        ids = [i for i in map(find, each) if i is not None]
        if ids:
            row[:] = vectors[ids].mean(axis=0)
    return found


def representations(around: Around) -> dict[str, np.ndarray]:
    """name → float32 (n, m), for the names of NAMES: the form; the word on each side; the words near; all words."""
    left, right = around.beside()
    return {
        "form": one_hot(around.forms),
        "neighbours": np.concatenate([one_hot(left), one_hot(right)], axis=1),
        "near": bag(around.bag(NEAR)),
        "sentence": bag(around.bag()),
    }


def chance(senses: np.ndarray) -> np.ndarray:
    """float64 (n,): the credits of vectors that are all alike."""
    return credits(np.ones((len(senses), 1)), senses)


def most_frequent(senses: np.ndarray) -> np.ndarray:
    """float64 (n,): the credits of always saying the most frequent sense; of k equally frequent ones each time 1/k."""
    sizes = np.bincount(senses)
    return np.where(sizes[senses] == sizes.max(), 1 / (sizes == sizes.max()).sum(), 0.0)


def shuffled(vectors: np.ndarray, senses: np.ndarray, shuffles: int = SHUFFLES, seed: int = 0) -> np.ndarray:
    """float64 (shuffles,): the mean per-sense recall with the labels dealt out anew; what an encoder with no idea of
    the senses scores by luck. vectors: float (n, d)."""
    found = []
    for number in range(shuffles):
        mixed = np.random.default_rng((seed, number)).permutation(senses)
        given = credits(vectors, mixed)
        found.append(recall(given, mixed, np.zeros((1, len(mixed)), np.float32)).value[0])
    return np.array(found)


def facets(around: Around) -> dict[str, Sequence[str]]:
    """name → what each occurrence is by it: its form, whether it begins with a capital, its neighbours, its document,
    its columns, but for one that says the same again."""
    left, right = around.beside()
    found: dict[str, Sequence[str]] = {
        "form": around.forms, "capital": [str(form[:1] != form[:1].lower()) for form in around.forms], "left": left,
        "right": right, "document": [str(each) for each in around.documents],
    }  # fmt: skip
    known = [list(values) for values in found.values()]
    return found | {f"column {name}": each for name, each in around.columns.items() if list(each) not in known}


def confounds(around: Around, senses: np.ndarray, times: np.ndarray) -> pd.DataFrame:
    """How well each facet alone predicts the sense, the best first: facet, values (different ones), recall, low, high,
    chance, and tells: whether the interval lies above chance. A facet with one value is left out."""
    level, rows = recall(chance(senses), senses, times).value[0], []
    for name, values in facets(around).items():
        different = len(set(values))
        if different < 2:
            continue
        found: Recall = recall(credits(one_hot(values), senses), senses, times)
        rows.append((name, different, found.value[0], found.low[0], found.high[0], level, found.low[0] > level))
    table = pd.DataFrame(rows, columns=["facet", "values", "recall", "low", "high", "chance", "tells"])
    return table.sort_values("recall", ascending=False, kind="stable", ignore_index=True)
