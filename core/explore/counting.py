"""How often words stand near each other, counted as skip-gram meets them, and the PMI that this comes to.

Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization: at its optimum, skip-gram with k
negative samples has w . c = PMI(w, c) - log k. The pairs (w, c) are those of the training: words that are not learned
are left out before windows are laid, frequent words are skipped now and then (Mikolov et al. 2013, eq. 5, as their
program has it), and since the reach of a window is drawn from 1 .. window, a pair d words apart is met in
(window - d + 1) / window of the cases. With noise drawn by counts to the power 0.75, P(c) in PMI is that of the noise.
"""

from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import numpy as np

from core.corpus import Corpus

BLOCK = 2_000_000  # tokens at a time
CELLS = 16_000_000  # of the table of pairs: 192 MB
MOST_ROWS = 1000  # words whose company is counted
DRAWS = 5  # how many times the skipped words are drawn


class Text(NamedTuple):
    """What an encoder learned from: tokens int (n,), ranges int64 (p, 2) in them, counts (V,) of the words it knows."""

    tokens: np.ndarray
    ranges: np.ndarray
    counts: np.ndarray


class Pairs(NamedTuple):
    """m pairs of words. first, second: int32 (m,); times: int64 (m,), how often they stand within the window;
    weight: float64 (m,), how often training meets them in one reading; pmi, pmi_noise: float64 (m,), in nats, with
    P(second) as it occurs in pairs, and as the noise draws it. rows: how many words `first` was chosen from."""

    first: np.ndarray
    second: np.ndarray
    times: np.ndarray
    weight: np.ndarray
    pmi: np.ndarray
    pmi_noise: np.ndarray
    rows: int


def kept_share(counts: np.ndarray, sample: float) -> np.ndarray:
    """float64 (V,): in which share of the cases each word is not skipped; sample 0: none ever is."""
    if not sample:
        return np.ones(len(counts))
    ratio = sample * counts.sum() / counts
    return np.minimum(np.sqrt(ratio) + ratio, 1.0)


def pairs(
    text: Text, window: int, sample: float, least: int, most: int = 100_000, draws: int = DRAWS, seed: int = 0
) -> Generator[float, None, Pairs]:
    """At most `most` of the pairs that stand within the window at least `least` times, each as likely as any other.

    Yields the share done. The first words are a random choice of those that occur `least` times, as many as memory
    allows; all their pairs are looked at.
    """
    random, size = np.random.default_rng(seed), len(text.counts)
    known = np.flatnonzero(text.counts >= least)
    rows = np.sort(random.permutation(known)[: max(1, min(MOST_ROWS, CELLS // size))])
    table = _Table(rows, size, window)
    yield from table.fill(text, kept_share(text.counts, sample), draws, random)
    place, second = np.nonzero((table.times >= least) & (table.weights > 0))
    if len(place) > most:
        chosen = np.sort(random.permutation(len(place))[:most])
        place, second = place[chosen], second[chosen]
    weight = table.weights[place, second].astype(np.float64) / draws
    first = rows[place]
    marginal = table.marginal / draws
    noise = text.counts**0.75 / (text.counts**0.75).sum()
    together = np.log(weight) - np.log(marginal[first])
    return Pairs(first.astype(np.int32), second.astype(np.int32), table.times[place, second].astype(np.int64), weight,
                 together - np.log(marginal[second] / marginal.sum()), together - np.log(noise[second]),
                 len(rows))  # fmt: skip


class _Table:
    """The company of some words. times int32 (r, V): as the text has it; weights float32 (r, V) and marginal
    float64 (V,): as training meets it, over all draws."""

    def __init__(self, rows: np.ndarray, size: int, window: int):
        self.window, self.size = window, size
        self.place = np.full(size, -1, np.int32)
        self.place[rows] = np.arange(len(rows), dtype=np.int32)
        self.times, self.weights = np.zeros((len(rows), size), np.int32), np.zeros((len(rows), size), np.float32)
        self.marginal = np.zeros(size)

    def fill(self, text: Text, keep: np.ndarray, draws: int, random: np.random.Generator) -> Iterator[float]:
        total, done = int((text.ranges[:, 1] - text.ranges[:, 0]).sum()), 0
        for ids, piece in blocks(text):
            self._count(ids, piece, self.times, False)
            for _ in range(draws):
                kept = random.random(len(ids), np.float32) < keep[ids]
                self._count(ids[kept], piece[kept], self.weights, True)
                yield min(1.0, (done + len(ids) * 0.5) / max(1, total))
            done += len(ids)

    def _count(self, ids: np.ndarray, piece: np.ndarray, table: np.ndarray, weighted: bool) -> None:
        """Add the pairs of a stretch to a table: each word of ours, with what stands up to `window` from it."""
        cells = table.reshape(-1)
        places = self.place[ids]
        for d in range(1, self.window + 1):
            weight = table.dtype.type((self.window - d + 1) / self.window if weighted else 1)
            same = piece[:-d] == piece[d:]
            for words, others in ((slice(None, -d), slice(d, None)), (slice(d, None), slice(None, -d))):
                ours = np.flatnonzero(same & (places[words] >= 0))
                keys = places[words][ours].astype(np.int64) * self.size + ids[others][ours]
                np.add.at(cells, keys, weight)
                if weighted:
                    self.marginal += weight * np.bincount(ids[words][same], minlength=self.size)


def blocks(text: Text, size: int = BLOCK) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """ids int32 (n,) of the known words of some ranges, one after the other, and piece int32 (n,), the range of each.

    A range longer than a block is cut: windows end there.
    """
    ids: list[np.ndarray] = []
    pieces: list[np.ndarray] = []
    held = 0
    for number, (first, last) in enumerate(_cut(text.ranges, size)):
        part = np.asarray(text.tokens[first:last])
        part = part[part < len(text.counts)]
        ids.append(part)
        pieces.append(np.full(len(part), number, np.int32))
        held += len(part)
        if held >= size:
            yield np.concatenate(ids), np.concatenate(pieces)
            ids, pieces, held = [], [], 0
    if held:
        yield np.concatenate(ids), np.concatenate(pieces)


def _cut(ranges: np.ndarray, size: int) -> Iterator[tuple[int, int]]:
    for first, last in ranges.tolist():
        for begin in range(first, last, size):
            yield begin, min(last, begin + size)


def agreement(scores: np.ndarray, pmi: np.ndarray) -> dict[str, Any]:
    """pearson: of scores and PMI (None for fewer than two different ones); gap: the mean of scores less PMI; n."""
    told = len(scores) > 1 and float(np.std(scores)) > 0 and float(np.std(pmi)) > 0
    return {
        "pearson": float(np.corrcoef(scores, pmi)[0, 1]) if told else None,
        "gap": float(np.mean(scores - pmi)) if len(scores) else None, "n": len(scores),
    }  # fmt: skip


def near_each_other(corpus: Corpus, first: int, second: int, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the second word stands at most `window` known words from the first, in one document.

    first, second: types, the ids of a vocabulary's words; known words are those of `corpus.vocab`. Returns the token
    where each such stretch begins and how many tokens it takes from the one word to the other, int64 (n,) each, in the
    order of the text.
    """
    places = corpus.index.positions(first).astype(np.int64)
    tokens, reach = np.asarray(corpus.tokens), 3 * window  # unknown words may stand between
    document, begins, sizes = corpus.document_of(places), list[np.ndarray](), list[np.ndarray]()
    low, high = corpus.offsets[document], corpus.offsets[document + 1]
    for side in (-1, 1):
        known = np.zeros(len(places), np.int64)
        for d in range(1, reach + 1):
            there = places + side * d
            inside = (there >= low) & (there < high)
            word = np.where(inside, tokens[np.clip(there, 0, len(tokens) - 1)], len(corpus.index))
            known += word < len(corpus.vocab)
            hit = np.flatnonzero((word == second) & (known <= window))
            begins.append(np.minimum(places[hit], there[hit]))
            sizes.append(np.full(len(hit), d + 1, np.int64))
    begin, size = np.concatenate(begins), np.concatenate(sizes)
    order = np.lexsort((size, begin))
    if first == second:  # each pair is met from both of its words
        order = order[::2]
    return begin[order], size[order]
