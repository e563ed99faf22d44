"""The Unigram model of subword pieces (Kudo 2018): begin with many pieces, drop those that the text misses least.

Kudo's algorithm as in SentencePiece, over the different words of a corpus and their counts. The tokenizers library has
a trainer too; it does not give the same pieces twice.
"""

from dataclasses import dataclass

import numpy as np

_LONGEST_PIECE = 16  # characters
_MOST_WORDS = 100_000  # different ones, the most frequent
_SEEDS = 20  # times as many pieces to begin with as are asked for
_KEPT = 0.75  # of the pieces in each round
_LEAST = 0.5  # expected occurrences of a piece that stays


@dataclass
class Lattice:
    """All words and the pieces that fit at each of their characters; see `core.corpus.kernels.unigram`."""

    counts: np.ndarray  # float64, of the words
    bounds: np.ndarray  # int64
    first: np.ndarray  # int64
    lengths: np.ndarray  # uint8
    ids: np.ndarray  # int32
    places: np.ndarray  # int64, a character where each piece begins
    sizes: np.ndarray  # uint8, the length of each piece

    def keep(self, chosen: np.ndarray) -> None:
        """Only these pieces (bool), in their order."""
        new = np.cumsum(chosen) - 1
        stays = chosen[self.ids]
        before = np.concatenate([[0], np.cumsum(stays)])
        self.first, self.lengths = before[self.first], self.lengths[stays]
        self.ids = new[self.ids[stays]].astype(np.int32)
        self.places, self.sizes = self.places[chosen], self.sizes[chosen]


def learn_unigram(words: list[tuple[str, int]], size: int) -> list[tuple[str, float]]:
    """About `size` pieces, all single characters among them, and their log probabilities, the likeliest first."""
    from core.corpus.kernels.unigram import LONGEST, best_counts, losses

    if not words:
        return []
    chosen = [(word[:LONGEST], count) for word, count in sorted(words, key=lambda item: -item[1])[:_MOST_WORDS]]
    text = "".join(word for word, _ in chosen)
    lattice, often = _seeds(chosen, text, _SEEDS * size)
    probabilities = often / often.sum()
    singles = int((lattice.sizes == 1).sum())
    while True:
        for _ in range(2):
            probabilities = _improved(lattice, probabilities)
        if len(probabilities) <= max(1.1 * size, singles):
            break
        used = best_counts(lattice.counts, lattice.bounds, lattice.first, lattice.lengths, lattice.ids, probabilities)
        loss = losses(lattice.places, lattice.sizes, used, lattice.first, lattice.lengths, lattice.ids, probabilities)
        stays = max(int(_KEPT * len(loss)), int(1.1 * size), singles)
        probabilities = _kept(lattice, probabilities, _highest(loss, stays))
    ranking = np.where(lattice.sizes == 1, np.inf, probabilities)
    probabilities = _kept(lattice, probabilities, _highest(ranking, max(size, singles)))
    order = np.argsort(-probabilities, kind="stable")
    spelt = [text[place : place + length] for place, length in zip(lattice.places.tolist(), lattice.sizes.tolist())]
    logs = np.log(probabilities)
    return [(spelt[i], float(logs[i])) for i in order.tolist()]


def _highest(values: np.ndarray, count: int) -> np.ndarray:
    """bool: the `count` highest, the first of equal ones."""
    chosen = np.zeros(len(values), np.bool_)
    chosen[np.argsort(-values, kind="stable")[:count]] = True
    return chosen


def _kept(lattice: Lattice, probabilities: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    lattice.keep(chosen)
    return probabilities[chosen] / probabilities[chosen].sum()


def _improved(lattice: Lattice, probabilities: np.ndarray) -> np.ndarray:
    """One step of expectation and maximisation; pieces that hardly occur are dropped."""
    from core.corpus.kernels.unigram import expected

    often, _ = expected(
        lattice.counts, lattice.bounds, lattice.first, lattice.lengths, lattice.ids, probabilities
    )  # fmt: skip
    chosen = (often >= _LEAST) | (lattice.sizes == 1)
    lattice.keep(chosen)
    often = np.maximum(often[chosen], _LEAST)
    # a sparse prior on the pieces, as in SentencePiece: exp(digamma(n)) in the place of n
    return np.exp(digamma(often) - digamma(np.array([often.sum()])))


def digamma(x: np.ndarray) -> np.ndarray:
    """The derivative of the logarithm of the gamma function, for x > 0."""
    result = np.zeros_like(x)
    x = x.copy()
    for _ in range(7):
        low = x < 7
        result[low] -= 1 / x[low]
        x[low] += 1
    y = 1 / (x * x)
    return result + np.log(x) - 0.5 / x - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)))


def _seeds(words: list[tuple[str, int]], text: str, most: int) -> tuple[Lattice, np.ndarray]:
    """The substrings that come at least twice, the `most` with the most characters in all; and how often each comes.

    Substrings of one length are numbered from those that are a character shorter and their last character: exact.
    """
    _, letters = np.unique(np.frombuffer(text.encode("utf-32-le"), np.uint32), return_inverse=True)
    bounds = np.concatenate([[0], np.cumsum([len(word) for word, _ in words])]).astype(np.int64)
    counts = np.array([count for _, count in words], np.float64)
    word = np.repeat(np.arange(len(words)), np.diff(bounds))
    ends, weights = bounds[1:][word], counts[word]
    alphabet, places, number = int(letters.max()) + 1, np.arange(len(text)), letters
    levels = []  # (the characters where they begin, their numbers, an example of each, how often each comes)
    for length in range(1, _LONGEST_PIECE + 1):
        if length > 1:
            inside = places + length <= ends[places]
            places, number = places[inside], number[inside]
            number = number * alphabet + letters[places + length - 1]
        _, example, number = np.unique(number, return_index=True, return_inverse=True)
        often = np.bincount(number, weights[places])
        again = (often >= 2) | (length == 1)
        renamed, stays = np.cumsum(again) - 1, again[number]
        levels.append((places[stays], renamed[number[stays]], places[example[again]], often[again]))
        places, number = levels[-1][0], levels[-1][1]
        if not len(places):
            break
    return _lattice(levels, counts, bounds, most)


def _lattice(
    levels: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]], counts: np.ndarray, bounds: np.ndarray,
    most: int,
) -> tuple[Lattice, np.ndarray]:  # fmt: skip
    """The pieces of all lengths in one numbering, by the characters where they begin; only the best `most`."""
    several = [len(often) for _, _, _, often in levels]
    bases = np.concatenate([[0], np.cumsum(several)])
    places = np.concatenate([level[0] for level in levels])
    ids = np.concatenate([level[1] + base for level, base in zip(levels, bases)]).astype(np.int32)
    lengths = np.repeat(np.arange(1, len(levels) + 1), [len(level[0]) for level in levels]).astype(np.uint8)
    order = np.argsort(places, kind="stable")
    first = np.searchsorted(places[order], np.arange(int(bounds[-1]) + 1)).astype(np.int64)
    sizes = np.repeat(np.arange(1, len(levels) + 1), several).astype(np.uint8)
    often = np.concatenate([level[3] for level in levels])
    examples = np.concatenate([level[2] for level in levels]).astype(np.int64)
    lattice = Lattice(counts, bounds, first, lengths[order], ids[order], examples, sizes)
    chosen = _highest(np.where(sizes == 1, np.inf, often * sizes), max(most, several[0]))
    lattice.keep(chosen)
    return lattice, often[chosen]
