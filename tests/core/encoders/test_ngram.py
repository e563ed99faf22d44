"""N-grams: counts and smoothings against dictionaries and by hand, the held-out text, what a person can put right."""

from collections import Counter

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.kernels import ngram as kernels
from core.encoders.kernels.ngram_smoothing import METHODS
from core.encoders.ngram import NGram, NGramOptions

EDGE, UNKNOWN = "<edge>", "<unknown>"
every_smoothing = pytest.mark.parametrize("smoothing", METHODS)
every_order = pytest.mark.parametrize("order", range(1, 7))


def texts(seed: int, documents: int = 40, types: int = 9) -> list[str]:
    """Documents of 1 to 14 words, a few of them frequent, the next one leaning on the last."""
    draw = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(types)]
    made = []
    for length in draw.integers(1, 15, documents):
        at, document = 0, []
        for _ in range(length):
            at = int((at + draw.geometric(0.4)) % types if draw.random() < 0.7 else draw.zipf(2) % types)
            document.append(words[at])
        made.append(" ".join(document))
    return made


def trained(corpus: Corpus, state=None, **options) -> NGram:
    encoder = NGram(NGramOptions(**({"threads": 1} | options)), corpus.vocab)
    if state is not None:
        encoder.restore(state)
    for _ in encoder.train(corpus):
        pass
    return encoder


def stretches(corpus: Corpus, held: bool = False, share: float = 0.02) -> list[list[str]]:
    """The words of each range of the split, UNKNOWN for those that are not kept."""
    names = [*corpus.vocab.words, UNKNOWN]
    symbols = np.minimum(corpus.tokens, len(corpus.vocab))
    return [[names[i] for i in symbols[a:b]] for a, b in corpus.split(share)[held]]


class Slow:
    """The formulas of the papers, read aloud: dictionaries, one probability at a time."""

    def __init__(self, text: list[list[str]], words: list[str], order: int, smoothing: str, k: float, alpha: float):
        self.events, self.smoothing, self.k, self.alpha = [*words, UNKNOWN, EDGE], smoothing, k, alpha
        framed = [[EDGE, *stretch, EDGE] for stretch in text]
        self.counts = {n: Counter(tuple(f[i : i + n]) for f in framed for i in range(len(f) - n + 1))
                       for n in range(1, order + 1)}  # fmt: skip
        self.counts[1][EDGE,] = len(text)
        if smoothing == "Kneser-Ney":
            self.counts = {n: self.counts[n] if n == order else self.different(n) for n in self.counts}
        self.often = {n: Counter(counts.values()) for n, counts in self.counts.items()}

    def different(self, n: int) -> Counter:
        """How many words stand before each n-gram; what begins a text has none, and keeps its count."""
        found = Counter(gram[1:] for gram in self.counts[n + 1])
        kept = {gram: count for gram, count in self.counts[n].items() if gram[0] == EDGE and n > 1}
        return Counter(found | kept)

    def after(self, context: tuple) -> dict[str, int]:
        counts = self.counts.get(len(context) + 1, {})
        return {word: counts[*context, word] for word in self.events if (*context, word) in counts}

    def score(self, word: str, context: tuple, top: bool = True) -> float:
        seen = self.after(context)
        lower = lambda w: self.score(w, context[1:], False) if context else 1 / len(self.events)  # noqa: E731
        if self.smoothing == "add-k":
            return (seen.get(word, 0) + self.k) / (sum(seen.values()) + self.k * len(self.events))
        if not seen or (self.smoothing == "maximum likelihood" and not set(seen) - {UNKNOWN, EDGE}):
            return lower(word)
        count, total = seen.get(word, 0), sum(seen.values())
        if self.smoothing == "maximum likelihood":
            return count / total
        if self.smoothing == "stupid back-off":
            return count / total if count else self.alpha * lower(word)
        if self.smoothing == "Katz back-off":
            return self.katz(word, seen, total, len(context) + 1, lower)
        taken = self.kneser_ney(len(context) + 1)
        freed = sum(taken(c) for c in seen.values())
        return (count - taken(count)) / total + freed / total * lower(word)

    def kneser_ney(self, n: int):
        n1, n2, n3, n4 = (self.often[n][c] for c in (1, 2, 3, 4))
        discounts = [0.5, 1, 1.5]
        if n1 and n2 and n3:
            y = n1 / (n1 + 2 * n2)
            found = [1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
            discounts = found if all(0 < d < c for c, d in enumerate(found, 1)) else discounts
        return lambda count: 0 if count == 0 else discounts[min(count, 3) - 1]

    def katz(self, word: str, seen: dict, total: int, n: int, lower) -> float:
        often, discounts = self.often[n], {}
        for r in range(1, 6):
            if often[1] and often[r] and often[1] != 6 * often[6]:
                beyond = 6 * often[6] / often[1]
                discounts[r] = ((r + 1) * often[r + 1] / often[r] / r - beyond) / (1 - beyond)
        if len(discounts) < 5 or not all(0 < d < 1 for d in discounts.values()):
            discounts = {r: (r - 0.5) / r for r in range(1, 6)}
        if len(seen) == len(self.events):
            return seen[word] / total
        if all(count > 5 for count in seen.values()):
            total += 1
        if word in seen:
            return discounts.get(seen[word], 1) * seen[word] / total
        left = 1 - sum(discounts.get(c, 1) * c / total for c in seen.values())
        return left * lower(word) / (1 - sum(lower(w) for w in seen))

    def distribution(self, context: tuple) -> np.ndarray:
        """Among the words alone, after the last words that the order allows."""
        reach = len(self.counts) - 1
        scores = np.array([self.score(word, context[-reach:] if reach else ()) for word in self.events])
        return scores[:-2] / scores[:-2].sum()


# Counting.


@pytest.mark.parametrize("threads", [1, 3])
@every_order
def test_counts_are_those_of_a_dictionary(order, threads):
    corpus = Corpus.from_texts(texts(order), min_count=3)
    encoder = trained(corpus, order=order, smoothing="add-k", threads=threads)
    slow = Slow(stretches(corpus), corpus.vocab.words, order, "add-k", 1, 1)
    grams = [(event,) for event in slow.events]
    for n, level in enumerate(encoder.levels_, 1):
        ends = np.repeat(np.arange(len(level.first) - 1), np.diff(level.first))
        grams = [(*grams[i], slow.events[w]) for i, w in zip(ends, level.words)] if n > 1 else grams
        assert {g: c for g, c in zip(grams, level.counts.tolist()) if c} == dict(slow.counts[n])
        assert grams == sorted(grams, key=lambda gram: [slow.events.index(word) for word in gram])
        assert encoder.distinct_[n - 1] == sum(EDGE not in gram for gram in slow.counts[n])


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_bits_do_not_depend_on_threads_or_chunks(threads, monkeypatch):
    corpus = Corpus.from_texts(texts(1, 300))
    whole = trained(corpus, order=4).state()
    monkeypatch.setattr(kernels, "_CHUNK", 50)
    parts = trained(corpus, order=4, threads=threads).state()
    assert whole.keys() == parts.keys() and all(whole[name].tobytes() == parts[name].tobytes() for name in whole)


# Smoothing.


@pytest.mark.parametrize("seed, min_count, types", [(0, 1, 9), (1, 3, 9), (2, 1, 3), (3, 5, 30), (4, 1, 60)])
@every_order
@every_smoothing
def test_a_distribution_is_that_of_the_formulas(smoothing, order, seed, min_count, types):
    corpus = Corpus.from_texts(texts(seed, types=types), min_count=min_count)
    encoder = trained(corpus, order=order, smoothing=smoothing, k=0.3)
    slow = Slow(stretches(corpus), corpus.vocab.words, order, smoothing, 0.3, 0.4)
    text = [word for stretch in stretches(corpus) for word in stretch] + ["w1", "nothing", "w0", "w0", "w0"]
    for at in [*range(0, 25, 3), len(text) - 3, len(text)]:
        context = text[max(0, at - 6) : at]
        ours = encoder._distribution(encoder._contexts(context), len(context))
        theirs = slow.distribution(tuple(word if word in corpus.vocab else UNKNOWN for word in context))
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
        assert encoder.next_word(context).sum() == pytest.approx(1, abs=1e-6)


@every_order
@every_smoothing
def test_the_held_out_text_is_measured_as_it_is_answered(smoothing, order):
    corpus = Corpus.from_texts(texts(7, 60, 20), min_count=2)
    encoder = NGram(NGramOptions(order=order, smoothing=smoothing, held_out=0.3), corpus.vocab)
    last = list(encoder.train(corpus))[-1].metrics
    slow = Slow(stretches(corpus, share=0.3), corpus.vocab.words, order, smoothing, 0.01, 0.4)
    guesses = [slow.distribution((EDGE, *held[:i]))[corpus.vocab.index(word)]
               for held in stretches(corpus, True, 0.3) for i, word in enumerate(held) if word != UNKNOWN]  # fmt: skip
    if min(guesses) > 0:
        assert last["held_out"] == pytest.approx(-np.log(guesses).mean(), rel=1e-9)
    else:
        assert last["impossible"] == pytest.approx(np.mean(np.array(guesses) == 0)) and "held_out" not in last
    assert smoothing == "maximum likelihood" or "held_out" in last
