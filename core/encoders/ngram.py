"""N-grams: the next word as often as it followed the last few words.

Shannon (1948), A mathematical theory of communication, section 3: English approximated by the frequencies of words
after words. What to say of words that never followed: add-k; Katz (1987), Estimation of probabilities from sparse
data; Kneser and Ney (1995) in the interpolated, modified form of Chen and Goodman (1999), An empirical study of
smoothing techniques, eq. 20-26; Brants et al. (2007), Large language models in machine translation, eq. 5.

Each stretch of the text (a document, or what the held-out split leaves of it together) is read as one text: an n-gram
may go over the end of a sentence, whose mark is a word, but not over an edge of a stretch. The edge is a symbol that
stands before the first word and is to be guessed after the last; a word outside the vocabulary is one more symbol.
Neither is ever an answer: what is told is the probability among the V words. A context is taken to stand in the
middle of a text. The arithmetic is in kernels/ngram.py and kernels/ngram_scores.py.
"""

import math
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Chain, Encoder, Estimate, NextWord, Progress
from core.encoders.kernels.ngram_smoothing import ADD, COUNTS, KNESER_NEY, METHODS, Smoothing
from core.options import Options, option
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.encoders.kernels.ngram import Counting, Level

_ROUND = 0.15  # seconds from one event to the next
_SCORED = 1 << 15  # held-out tokens scored in one step
_MOST = 2**31 - 2  # symbols of a text
_RUNTIME = 150_000_000  # bytes of numba and its compiler
_DIFFERENT = 0.02, 0.35, 0.75, 0.95, 1.0, 1.0  # of each order, how many n-grams of a token: for estimates


class NGramOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"order": 2}, "balanced": {}, "thorough": {"order": 5}}
    order: int = option(
        3, "N-gram order", "Words of an n-gram: the word to guess and those before it.", low=1, high=6, step=1)
    smoothing: Literal["maximum likelihood", "add-k", "stupid back-off", "Katz back-off", "Kneser-Ney"] = option(
        "Kneser-Ney", "Smoothing", "What is said of words that never followed these words in the text.")
    k: float = option(0.01, "Added count", "What add-k adds to every count.", low=0.0001, high=10, step=0.01)
    alpha: float = option(0.4, "Back-off factor", "What stupid back-off multiplies the score of a shorter context by.",
                          low=0.01, high=1, step=0.05, advanced=True)
    held_out: float = option(0.02, "Held-out share", "The part of the text that is kept aside to measure on.",
                             low=0, high=0.5, step=0.01, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on


class NGram(Encoder, NextWord, Chain):
    """Learned: levels_, one a counted order (see kernels.ngram.Level); often_ int32 (V + 2,), the count of each symbol;
    tallies_ int64 (orders, 7), how many n-grams were counted 0, 1, …, 6 times; unseen_ float64 (orders,), the share of
    held-out n-grams that the text never had; distinct_ int64 (orders,), how many different ones it has."""

    name, title, year = "ngram", "N-gram", 1948
    paper = (
        "Shannon (1948), A mathematical theory of communication; Chen and Goodman (1999), An empirical study of "
        "smoothing techniques for language modeling"
    )
    Options = NGramOptions

    def __init__(self, options: Any, vocab: Vocab):
        super().__init__(options, vocab)
        self._smoothing = Smoothing(options.smoothing, len(vocab), options.k, options.alpha)
        self.levels_: list[Level] = []
        self._cuts: list[np.ndarray] = []  # float64 (7,) an order: see Smoothing.cuts
        self.often_, self.tallies_ = np.zeros(len(vocab) + 2, np.int32), np.zeros((0, COUNTS), np.int64)
        self.unseen_, self.distinct_ = np.zeros(0), np.zeros(0, np.int64)
        self.counted_ = 0, False  # symbols, and whether by different symbols to the left

    # Learning.

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """An event after each order, and each 0.15 seconds between; a step is a token read for one order.

        After each event the encoder is a whole model of the orders counted so far. A run that was broken off counts
        again from the first order. Metrics at the end: held_out and baseline in nats for each held-out word of the
        vocabulary; `impossible`, the share of them that have probability 0, and then no held_out, which is infinite.
        Raises Problem if no stretch of the text is as long as the order.
        """
        train, held = corpus.split(self.options.held_out)
        _check(train, self.options.order)
        size = int((train[:, 1] - train[:, 0]).sum()) + len(train)
        total, began, last = size * (self.options.order + 1), time.perf_counter(), time.perf_counter()
        for share, phase, whole in self._count(corpus, train, size):
            now, step = time.perf_counter(), int(size * share)
            if whole or now - last > _ROUND:
                speed = step / (self.options.order + 1) / (now - began)
                yield Progress(phase, step, total, {"tokens_per_s": speed} if step else {})
                last = time.perf_counter()
        counted, metrics = time.perf_counter() - began, dict[str, float]()
        for part in self._measure(corpus, held):
            metrics |= part
            if time.perf_counter() - last > _ROUND:
                yield Progress(marked("measuring"), total - size, total)
                last = time.perf_counter()
        yield Progress(marked("measuring"), total, total, metrics | {"tokens_per_s": size / counted})

    def _count(self, corpus: Corpus, ranges: np.ndarray, size: int) -> Iterator[tuple[float, str, bool]]:
        """Count all orders, if that is not done; yields (orders done, phase, whether one was just completed)."""
        yield 0, marked("reading"), True  # loading the kernels takes half a second
        from core.encoders.kernels import ngram as kernels

        order, different = self.options.order, self.options.smoothing == KNESER_NEY
        if len(self.levels_) == order and self.counted_ == (size, different):
            return
        text, words = np.empty(size, np.int32), len(self.vocab)
        for _ in kernels.laid(corpus.tokens, ranges, words, text):
            yield 0, marked("reading"), False
        with ThreadPoolExecutor(self.options.threads) as pool:
            counting = kernels.Counting(text, words, different, pool, self.options.threads)
            for done in range(order):
                for share in counting.next_order():
                    yield done + share, marked("counting"), False
                self.counted_ = size, different
                self._take(counting)
                yield done + 1, marked("counting"), True

    def _take(self, counting: "Counting") -> None:
        """Become the model of the orders that are counted."""
        self.levels_, self.often_, self.unseen_ = counting.levels, counting.raw, np.zeros(0)
        self.tallies_, self.distinct_ = np.stack(counting.tallies), np.array(counting.distinct, np.int64)
        self._cuts = [self._smoothing.cuts(tally) for tally in self.tallies_]

    def _measure(self, corpus: Corpus, ranges: np.ndarray) -> Iterator[dict[str, float]]:
        """Learn unseen_; yields parts of the metrics, the first ones empty."""
        from core.encoders.kernels import ngram as kernels

        if not len(ranges):
            return
        text = np.empty(int((ranges[:, 1] - ranges[:, 0]).sum()) + len(ranges), np.int32)
        for _ in kernels.laid(corpus.tokens, ranges, len(self.vocab), text):
            yield {}
        text = np.append(text[1:], text[0])
        scores, unseen = np.empty((len(text), 5)), np.zeros(len(self.levels_))
        for _ in self._scores(text, scores, unseen):
            yield {}
        self.unseen_ = unseen
        known = text < len(self.vocab)
        if known.any():
            often = self.often_[:-2] + 1.0
            yield {"baseline": float(np.log(often.sum() / often[text[known]]).mean())}
            yield _nats(scores[known])

    def _scores(self, text: np.ndarray, scores: np.ndarray, unseen: np.ndarray) -> Iterator[None]:
        """Fill scores (n, 5) (see kernels.ngram_scores) of a text that ends with an edge, and unseen (orders,)."""
        from core.encoders.kernels import ngram_scores as kernels

        edge, method = len(self.vocab) + 1, METHODS.index(self.options.smoothing)
        strength = self.options.k if self.options.smoothing == ADD else self.options.alpha
        root, unit = self._smoothing.root(self.levels_[0].counts, self._cuts[0])
        scores[:, 0], scores[:, 1:] = root[text], (root[-2], root[-1], root.sum(), unit)
        shorter, contexts = np.zeros(len(text), np.int32), np.append(np.int32(edge), text[:-1])
        inside = _inside(text, edge)  # words from the last edge on
        found = np.empty_like(text)
        unseen[0] = _share(self.levels_[0].counts[text] == 0, inside > 0)
        for i, (lower, level) in enumerate(zip(self.levels_, self.levels_[1:])):
            different, rows = np.unique(contexts, return_inverse=True)
            memo, rows = np.zeros((len(different), 3)), rows.astype(np.int32)
            for begin in range(0, len(text), _SCORED):
                kernels.one_order(method, strength, len(self.vocab), text, contexts, shorter, rows, *level,
                                  self._cuts[i + 1], *lower, self._cuts[i], memo, begin,
                                  min(len(text), begin + _SCORED), scores, found)  # fmt: skip
                yield
            unseen[i + 1] = _share(found == kernels.UNSEEN, inside > i + 1)
            after = np.where(text[:-1] == edge, kernels.OUTSIDE, found[:-1])
            shorter, contexts = contexts, np.append(kernels.OUTSIDE, after).astype(np.int32)

    # Answering.

    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1, after the last `order - 1` of these words; less of them if these were never seen.

        Maximum likelihood keeps to the longest context that a word of the vocabulary followed; add-k, which knows no
        shorter one, then finds all words equal."""
        if not self.levels_:  # nothing is counted yet, so nothing speaks for any word
            return np.full(len(self.vocab), 1 / len(self.vocab), np.float32)
        return self._distribution(self._contexts(context), len(context)).astype(np.float32)

    def chain(self, words: Sequence[str]) -> dict[str, np.ndarray]:
        """How a text is guessed, one row a word: word; known, whether it is in the vocabulary; probability after the
        words before it (NaN for one that is not known); order, the longest with which it was counted after them, 0 for
        a word that the text never had; count, of that n-gram, and of, of all with its context, both as the smoothing
        counts: for Kneser-Ney below the highest order, different words to the left."""
        rows = [self._link(words[:i], word) for i, word in enumerate(words)]
        names = {"probability": np.float64, "order": np.int64, "count": np.int64, "of": np.int64}
        columns = {name: np.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(names.items())}
        known = self.vocab.encode(words) < len(self.vocab)
        columns["probability"][~known] = math.nan
        return {"word": np.array(list(words), str), "known": known, **columns}

    def unseen(self) -> dict[str, np.ndarray]:
        """One row an order: order; unseen, the share of held-out n-grams that the text never had (NaN if nothing was
        held out); distinct, how many different ones it has; possible, V to the power of the order."""
        order = np.arange(1, len(self.levels_) + 1)
        unseen = self.unseen_ if len(self.unseen_) else np.full(len(order), math.nan)
        return {"order": order, "unseen": unseen, "distinct": self.distinct_,
                "possible": float(len(self.vocab)) ** order}  # fmt: skip

    def _link(self, before: Sequence[str], word: str) -> tuple[float, int, int, int]:
        """(probability, order, count, of) of a word; see `chain`."""
        contexts, symbol = self._contexts(before), int(self.vocab.encode([word])[0])
        probability = self._distribution(contexts, len(before))[min(symbol, len(self.vocab) - 1)]
        for order in range(len(contexts), 0, -1):
            words, counts = contexts[order - 1]
            at = int(np.searchsorted(words, symbol))
            if at < len(words) and words[at] == symbol:
                return float(probability), order, int(counts[at]), int(counts.sum())
        return float(probability), 0, 0, 0

    def _contexts(self, before: Sequence[str]) -> "list[Followers]":
        """(words, counts) of what followed the last 0, 1, … of these words, up to the first that nothing followed."""
        if not self.levels_:
            raise Problem("Nothing is counted yet: ask again when the first order is.")
        reach = len(self.levels_) - 1
        symbols = self.vocab.encode(before[-reach:]).tolist() if reach else []
        seen = np.flatnonzero(self.levels_[0].counts)
        found = [(seen, self.levels_[0].counts[seen])]
        for length in range(1, len(symbols) + 1):
            children = self._children(symbols[-length:])
            if children is None:
                break
            found.append(children)
        return found

    def _children(self, symbols: list[int]) -> "Followers | None":
        """(words, counts) of what followed these symbols; None if nothing did."""
        node = symbols[0]
        for level, symbol in zip(self.levels_[1:], [*symbols[1:], -1]):
            begin, end = int(level.first[node]), int(level.first[node + 1])
            if symbol < 0 or begin == end:
                break
            node = begin + int(np.searchsorted(level.words[begin:end], symbol))
            if node == end or level.words[node] != symbol:
                return None
        return (level.words[begin:end], level.counts[begin:end]) if begin < end else None

    def _distribution(self, contexts: "list[Followers]", before: int) -> np.ndarray:
        """float64 (V,), sums to 1: each word after these contexts; `before` words stand before it in all."""
        scores, _ = self._smoothing.root(self.levels_[0].counts, self._cuts[0])
        if self.options.smoothing == ADD and len(contexts) <= min(before, len(self.levels_) - 1):
            scores[:] = 1
        else:
            for (words, counts), cut in zip(contexts[1:], self._cuts[1:]):
                scores, _ = self._smoothing.step(scores, words, counts, cut)
        among_words: np.ndarray = scores[:-2] / scores[:-2].sum()
        return among_words

    # Keeping.

    def state(self, training: bool = True) -> dict[str, np.ndarray]:  # noqa: ARG002 (all of it is needed to answer)
        """counted: symbols of the text and how they were counted; often, tallies, unseen and distinct as learned;
        words_n, first_n and counts_n of each order n counted so far. Nothing is changed once it is there."""
        counted = np.array(self.counted_, np.int64)
        state: dict[str, np.ndarray] = {"counted": counted, "often": self.often_, "tallies": self.tallies_}
        state |= {"unseen": self.unseen_, "distinct": self.distinct_}
        for order, level in enumerate(self.levels_, 1):
            state |= {f"words_{order}": level.words, f"first_{order}": level.first, f"counts_{order}": level.counts}
        return state

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state. Raises Problem if it is of another vocabulary."""
        from core.encoders.kernels.ngram import Level

        if len(state["often"]) != len(self.vocab) + 2:
            raise Problem(
                "This run counted {words} words and cannot go on with {V}: start a new one.",
                words=len(state["often"]) - 2,
                V=len(self.vocab),
            )
        orders = range(1, len(state["tallies"]) + 1)
        self.levels_ = [Level(*(state[f"{name}_{order}"] for name in Level._fields)) for order in orders]
        self.often_, self.tallies_, self.unseen_ = state["often"], state["tallies"], state["unseen"]
        self.distinct_, self.counted_ = state["distinct"], (int(state["counted"][0]), bool(state["counted"][1]))
        self._cuts = [self._smoothing.cuts(tally) for tally in self.tallies_]

    @classmethod
    def warm(cls) -> None:
        """Compile the kernels, or load them from numba's cache: importing does it."""
        from core.encoders.kernels import ngram, ngram_scores

        assert ngram.lay.signatures and ngram_scores.one_order.signatures

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Bytes: the compiler, 18 a token to sort with, 12 an n-gram, of whose number text of one kind tells most."""
        tokens, cores = len(corpus.tokens), min(options.threads, os.cpu_count() or 1)
        seconds = tokens * (6e-8 + 7e-8 * options.order) / cores**0.7
        grams = tokens * sum(_DIFFERENT[: options.order]) + len(corpus.vocab)
        return Estimate(1 + seconds, _RUNTIME + int(22 * tokens + 12 * grams))


Followers = tuple[np.ndarray, np.ndarray]  # the symbols counted after a context, sorted, and their counts, int32 both


def _check(ranges: np.ndarray, order: int) -> None:
    """Raises Problem if the order is larger than the text, or the text too large to number."""
    lengths = ranges[:, 1] - ranges[:, 0]
    if lengths.max(initial=0) < order:
        raise Problem(
            "The longest stretch of text to learn from has {tokens} words, too few for n-grams of order {order}: "
            "choose a lower order, or longer documents.",
            tokens=int(lengths.max(initial=0)),
            order=order,
        )
    if lengths.sum() + len(lengths) > _MOST:
        raise Problem("The text has {tokens} words; n-grams are counted of 2 billion at most: take a part of it.",
                      tokens=int(lengths.sum()))  # fmt: skip


def _inside(text: np.ndarray, edge: int) -> np.ndarray:
    """int64 (n,): how many words since the last edge, up to and with this one; 0 at an edge."""
    place = np.arange(1, len(text) + 1)
    last = np.maximum.accumulate(np.where(text == edge, place, 0))
    inside: np.ndarray = place - last
    return inside


def _share(found: np.ndarray, among: np.ndarray) -> float:
    return float(found[among].mean()) if among.any() else 0.0


def _nats(scores: np.ndarray) -> dict[str, float]:
    """The metrics of known words from their scores (n, 5)."""
    probability = scores[:, 0] / (scores[:, 3] - scores[:, 1] - scores[:, 2])
    impossible = float((probability <= 0).mean())
    if impossible:
        return {"impossible": impossible}
    return {"held_out": float(-np.log(probability).mean())}
