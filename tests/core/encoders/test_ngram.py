"""N-grams: counts and smoothings against dictionaries and by hand, the held-out text, what a person can put right."""

from collections import Counter

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.kernels import ngram as kernels
from core.encoders.kernels.ngram_smoothing import METHODS, Smoothing
from core.encoders.ngram import NGram, NGramOptions
from core.problem import Problem

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


def test_kneser_ney_by_hand():
    """Three texts: a b c / a b d / b c; # is the edge, V + 2 = 6 symbols.

    Pairs: #a 2, ab 2, bc 2, c# 2, bd 1, d# 1, #b 1. None was counted three times: discounts 0.5, 1, 1.5.
    Different symbols before a: 1, b: 2 (a #), c: 1, d: 1, #: 2 (c d), in all 7. Freed: (3 * 0.5 + 2 * 1) / 7 = 1/2,
    so P(a) = P(c) = P(d) = 0.5/7 + 1/12 = 13/84, P(b) = P(#) = 1/7 + 1/12 = 19/84, P(unknown) = 7/84.
    After b: c 2, d 1; freed (1 + 0.5) / 3 = 1/2. P(c) = 1/3 + 13/168 = 69/168, P(d) = 0.5/3 + 13/168 = 41/168,
    P(a) = 13/168, P(b) = 19/168; the words together have 142/168."""
    corpus = Corpus.from_texts(["a b c", "a b d", "b c"])
    encoder = trained(corpus, order=2, held_out=0)
    after = dict(zip(corpus.vocab.words, encoder.next_word(["b"]) * 142))
    assert after == pytest.approx({"a": 13, "b": 19, "c": 69, "d": 41}, rel=1e-6)
    alone = dict(zip(corpus.vocab.words, encoder.next_word([]) * 58))
    assert alone == pytest.approx({"a": 13, "b": 19, "c": 13, "d": 13}, rel=1e-6)


def test_discounts_by_hand():
    """Y = 10 / (10 + 2 * 4) = 5/9; D1 = 1 - 2Y 4/10, D2 = 2 - 3Y 3/4, D3 = 3 - 4Y 2/3. Katz: 6 n6 / n1 = 1/4."""
    kneser_ney = Smoothing("Kneser-Ney", 9, 1, 1).cuts(np.array([0, 10, 4, 3, 2, 9, 9]))
    np.testing.assert_allclose(kneser_ney, [0, 5 / 9, 3 / 4, *[41 / 27] * 4])
    katz = Smoothing("Katz back-off", 9, 1, 1).cuts(np.array([0, 120, 40, 24, 13, 10, 5]))
    ratios = (np.array([2 * 40 / 120, 3 * 24 / 80, 4 * 13 / 72, 5 * 10 / 52, 6 * 5 / 50]) - 1 / 4) / (3 / 4)
    np.testing.assert_allclose(katz, [0, *(np.arange(1, 6) * (1 - ratios)), 0], atol=1e-12)


def test_maximum_likelihood_is_counted_by_hand():
    corpus = Corpus.from_texts(["a b c", "a b d", "a b c e"])
    encoder = trained(corpus, order=3, smoothing="maximum likelihood", held_out=0)
    after = dict(zip(corpus.vocab.words, encoder.next_word(["a", "b"])))
    assert after == pytest.approx({"a": 0, "b": 0, "c": 2 / 3, "d": 1 / 3, "e": 0})
    assert encoder.next_word(["zebra", "b"])[corpus.vocab.index("c")] == pytest.approx(2 / 3)  # b alone was seen
    assert encoder.next_word(["e"]) == pytest.approx(encoder.next_word([]))  # no word ever followed e


# The held-out text.


def test_the_share_never_seen_is_that_of_a_set():
    corpus = Corpus.from_texts(texts(11, 80, 25), min_count=2)
    encoder = trained(corpus, order=4, held_out=0.2)
    table = encoder.unseen()
    for n, unseen in zip(table["order"], table["unseen"]):
        grams = [
            {(i, tuple(text[i : i + n])) for i in range(len(text) - n + 1)} for text in stretches(corpus, True, 0.2)
        ]
        known = {tuple(t[i : i + n]) for t in stretches(corpus, share=0.2) for i in range(len(t) - n + 1)}
        held = [gram for some in grams for _, gram in some]
        assert unseen == pytest.approx(np.mean([gram not in known for gram in held])) and 0 <= unseen <= 1
    assert table["possible"].tolist() == [len(corpus.vocab) ** n for n in (1, 2, 3, 4)]


def test_the_baseline_guesses_by_frequency():
    corpus = Corpus.from_texts(texts(3, 100), min_count=2)
    last = list(NGram(NGramOptions(held_out=0.1), corpus.vocab).train(corpus))[-1].metrics
    often = Counter(word for text in stretches(corpus, share=0.1) for word in text if word != UNKNOWN)
    total = sum(often.values()) + len(corpus.vocab)
    held = [word for text in stretches(corpus, True, 0.1) for word in text if word != UNKNOWN]
    assert last["baseline"] == pytest.approx(-np.mean([np.log((often[word] + 1) / total) for word in held]))


# Answers.


def test_a_chain_tells_the_order_of_every_step():
    corpus = Corpus.from_texts(["a b c", "a b d", "b c"])
    chain = trained(corpus, order=3, held_out=0).chain("a b c zebra d".split())
    assert chain["word"].tolist() == "a b c zebra d".split() and chain["known"].tolist() == [1, 1, 1, 0, 1]
    assert chain["order"].tolist() == [1, 2, 3, 0, 1]
    assert chain["count"][2] == 1 and chain["of"][2] == 2  # a b c once, a b twice
    assert np.isnan(chain["probability"]).tolist() == [False, False, False, True, False]


@every_smoothing
def test_a_chain_has_the_probabilities_of_next_word(smoothing):
    corpus = Corpus.from_texts(texts(5))
    encoder, words = trained(corpus, smoothing=smoothing), texts(6)[3].split()
    expected = [encoder.next_word(words[:i])[corpus.vocab.index(word)] for i, word in enumerate(words)]
    np.testing.assert_allclose(encoder.chain(words)["probability"], expected, rtol=1e-6)
    assert encoder.chain([])["order"].tolist() == []


def test_unseen_words_before_are_passed_over_and_far_ones_do_not_matter():
    corpus = Corpus.from_texts(texts(5))
    encoder = trained(corpus)
    assert encoder.next_word(["zebra"]).tolist() == encoder.next_word([]).tolist()
    assert encoder.next_word(["zebra", "w1"]).tolist() == encoder.next_word(["w1"]).tolist()
    assert encoder.next_word(["w3", "w0", "w1"]).tolist() == encoder.next_word(["w7", "w0", "w1"]).tolist()


# States.


def test_a_run_broken_off_answers_with_the_orders_counted_so_far():
    corpus = Corpus.from_texts(texts(2))
    encoder, reached = NGram(NGramOptions(order=4), corpus.vocab), []
    for _ in encoder.train(corpus):
        other = NGram(NGramOptions(order=4), corpus.vocab)
        other.restore(encoder.state())
        if other.levels_:
            reached.append(len(other.levels_))
            fewer = trained(corpus, order=reached[-1])
            assert other.next_word(["w0", "w1", "w2"]).tolist() == fewer.next_word(["w0", "w1", "w2"]).tolist()
    assert set(reached) == {1, 2, 3, 4}


@pytest.mark.parametrize("first, then", [("Katz back-off", "add-k"), ("Kneser-Ney", "add-k"), ("add-k", "Kneser-Ney")])
def test_a_run_goes_on_with_other_options_as_if_begun_with_them(first, then):
    corpus = Corpus.from_texts(texts(2))
    begun = trained(corpus, smoothing=first)
    changed, fresh = trained(corpus, begun.state(), smoothing=then), trained(corpus, smoothing=then)
    assert all(changed.state()[name].tobytes() == array.tobytes() for name, array in fresh.state().items())
    assert changed.next_word(["w1"]).tolist() == fresh.next_word(["w1"]).tolist()
    longer = trained(corpus, begun.state(), smoothing=first, order=5, held_out=0.2)
    fresh = trained(corpus, smoothing=first, order=5, held_out=0.2)
    assert longer.next_word(["w1"]).tolist() == fresh.next_word(["w1"]).tolist()


def test_a_state_stays_as_it_was_while_counting_goes_on():
    corpus = Corpus.from_texts(texts(2))
    encoder, states = NGram(NGramOptions(order=3), corpus.vocab), []
    for _ in encoder.train(corpus):
        kept = encoder.state()
        states.append((kept, {name: array.copy() for name, array in kept.items()}))
    assert len(states) > 3
    for kept, copied in states:
        assert all(array.tobytes() == copied[name].tobytes() for name, array in kept.items())


# What a person can put right, and small texts.


def test_an_order_larger_than_the_text_is_a_sentence():
    corpus = Corpus.from_texts(["a b c", "a b d", "b c"])
    with pytest.raises(Problem, match="has 3 words, too few for n-grams of order 4"):
        trained(corpus, order=4, held_out=0)
    assert trained(corpus, order=3, held_out=0).levels_


def test_before_the_first_order_all_words_are_equal_and_a_chain_is_a_sentence():
    encoder = NGram(NGramOptions(), Corpus.from_texts(["a b c a"]).vocab)
    assert encoder.next_word(["a"]).tolist() == pytest.approx([1 / 3] * 3)
    with pytest.raises(Problem, match="Nothing is counted yet"):
        encoder.chain(["a"])


def test_a_state_of_another_vocabulary_is_a_sentence():
    one, other = Corpus.from_texts(["a b c a"]), Corpus.from_texts(["a b c d e"])
    with pytest.raises(Problem, match="counted 3 words and cannot go on with 5"):
        NGram(NGramOptions(), other.vocab).restore(trained(one, order=2).state())


@every_smoothing
@pytest.mark.parametrize("text", [["a"], ["a"] * 5, ["a a a a a a a a"], ["a b"], ["a b c d e f g h i j"] * 3])
def test_small_texts_answer_or_say_why(smoothing, text):
    corpus = Corpus.from_texts(text)
    for order in (1, 2, 6):
        try:
            encoder = trained(corpus, smoothing=smoothing, order=order)
        except Problem as problem:
            assert "choose a lower order" in str(problem)
            continue
        for context in ([], ["a"], ["zebra", "a"], ["a"] * 9):
            assert encoder.next_word(context).sum() == pytest.approx(1, abs=1e-6)
