"""What is fixed for one training of word2vec: which tokens each chunk holds, its random numbers, its learning rate."""

from typing import Any

import numpy as np

from core.corpus import Corpus
from core.encoders.kernels import word2vec_plan as plan
from core.encoders.kernels.word2vec_objectives import Objective
from core.problem import Problem

CHUNK = 20_000  # tokens of one call of a kernel, a few milliseconds; fewer if they take longer than 50
EVERY = 64  # blocks of which one is measured for the loss
_FLOOR = 1e-4  # the learning rate ends at this share of its start, as in the authors' program


class Course:
    """The way through a corpus, chunk by chunk, for all epochs."""

    def __init__(self, options: Any, corpus: Corpus, objective: Objective):
        train, held = corpus.split()
        self.options, self.objective, counts = options, objective, corpus.vocab.counts
        self._tokens = np.asarray(corpus.tokens)
        chunk = max(100, min(CHUNK, int(0.05 / plan.seconds(options, counts))))
        self.pieces = cut(train, chunk)  # (p, 2)
        self._held = _spread(cut(held, max(10, chunk // 10)), chunk)
        _check_text(len(counts), self._tokens, self.pieces)
        self._before = np.append(0, np.cumsum(self.pieces[:, 1] - self.pieces[:, 0]))  # tokens before each piece
        _, first = np.unique(self._before[:-1] // chunk, return_index=True)
        self._first = np.append(first, len(self.pieces))  # the first piece of each chunk
        self.chunks_of_epoch = len(first)
        self.chunks, self.total = self.chunks_of_epoch * options.epochs, int(self._before[-1]) * options.epochs

    def tokens_before(self, chunk: int) -> int:
        """How many tokens the chunks before this one hold, over all epochs."""
        epoch, place = divmod(chunk, self.chunks_of_epoch)
        return int(self._before[-1]) * epoch + int(self._before[self._first[place]])

    def block(self, slot: int = 0) -> Any:
        """Memory for the thread of this number to work in."""
        longest = max(np.diff(self._before[self._first]).max(), (self._held[:, 1] - self._held[:, 0]).sum())
        return self.objective.block(int(longest), slot)

    def learn(self, chunk: int, inputs: np.ndarray, outputs: np.ndarray, block: Any, totals: np.ndarray) -> None:
        """One chunk; its random numbers and its learning rate depend on nothing but its place."""
        place = chunk % self.chunks_of_epoch
        pieces = self.pieces[self._first[place] : self._first[place + 1]]
        rates = [self.rate(self.tokens_before(c)) for c in (chunk, chunk + 1)]
        self.run(pieces, inputs, outputs, block, rates, chunk + 1, EVERY, totals)

    def measure(self, inputs: np.ndarray, outputs: np.ndarray) -> dict[str, float]:
        """The baseline, and the loss on the held-out sample (if it holds a pair), each time with the same draws."""
        totals = np.zeros(2)
        self.run(self._held, inputs, outputs, self.block(), [0.0, 0.0], 0, 1, totals)
        held_out = {"held_out": float(totals[0] / totals[1])} if totals[1] else {}
        return {"baseline": self.objective.baseline} | held_out

    def run(self, pieces, inputs, outputs, block, rates, stream, every, totals) -> None:
        """Call the kernel; stream: of the random numbers, one for each chunk."""
        seed, objective = np.uint64(mixed(self.options.seed, stream)), self.objective
        objective.kernel(self._tokens, pieces, objective.tables, inputs, outputs, block, self.options.window,
                         tuple(map(np.float32, rates)), seed, every, totals, *objective.more)  # fmt: skip

    def rate(self, tokens: int) -> float:
        """The learning rate after so many tokens."""
        return self.options.lr * max(_FLOOR, 1 - tokens / self.total)


def _check_text(words: int, tokens: np.ndarray, pieces: np.ndarray) -> None:
    """Raises Problem if there is no pair of words to learn from."""
    for first, last in pieces:
        if np.count_nonzero(tokens[first:last] < words) > 1:
            return
    raise Problem(
        "No document holds two words of the vocabulary side by side: lower the min count or take longer texts."
    )


def cut(ranges: np.ndarray, most: int) -> np.ndarray:
    """int64 (p, 2): the ranges, each cut into the fewest parts of at most `most` tokens."""
    lengths = ranges[:, 1] - ranges[:, 0]
    parts = np.maximum(1, -(-lengths // most))
    place = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    first, length, parts = (np.repeat(array, parts) for array in (ranges[:, 0], lengths, parts))
    return np.stack([first + length * place // parts, first + length * (place + 1) // parts], 1)


def _spread(pieces: np.ndarray, tokens: int) -> np.ndarray:
    """About so many tokens of the pieces, evenly chosen."""
    stride = max(1, round((pieces[:, 1] - pieces[:, 0]).sum() / tokens))
    return np.ascontiguousarray(pieces[::stride])


def mixed(seed: int, stream: int) -> int:
    """A well mixed 64-bit number, never 0 (splitmix64, Steele et al. 2014)."""
    z = (seed * 0xD1342543DE82EF95 + stream * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return (z ^ (z >> 31)) or 1
