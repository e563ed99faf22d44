"""Pairs as skip-gram meets them: by hand, against plain loops, and with frequent words skipped."""

import math
from itertools import product

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore import counting
from core.explore.concordance import lines_at
from core.explore.counting import Text, agreement, blocks, kept_share, near_each_other, pairs
from tests.core.explore.conftest import finish

RANDOM = np.random.default_rng(11)


def text(*documents, words=None):
    tokens, ends = np.concatenate(documents), np.cumsum([0, *map(len, documents)])
    counts = np.bincount(tokens, minlength=words or 0)[: words or None]
    return Text(tokens.astype(np.int32), np.stack([ends[:-1], ends[1:]], 1), counts)


def met(found):
    return {(int(a), int(b)): (int(n), float(w)) for a, b, n, w in zip(*found[:4])}


def loops(documents, words, window):
    """times and weights of all pairs, the slow way."""
    times, weights = np.zeros((words, words)), np.zeros((words, words))
    for document in documents:
        kept = [word for word in document if word < words]
        for i, j in product(range(len(kept)), repeat=2):
            if 0 < abs(i - j) <= window:
                times[kept[i], kept[j]] += 1
                weights[kept[i], kept[j]] += (window - abs(i - j) + 1) / window
    return times, weights


def test_three_words_by_hand():
    found = met(finish(pairs(text([0, 1, 2]), 2, 0, 1, draws=1))[1])
    assert found == {(0, 1): (1, 1), (1, 0): (1, 1), (1, 2): (1, 1), (2, 1): (1, 1), (0, 2): (1, 0.5), (2, 0): (1, 0.5)}


def test_a_window_ends_with_its_document_and_skips_words_that_are_not_learned():
    found = met(finish(pairs(text([0, 9, 1], [2, 9, 9], words=3), 1, 0, 1, draws=1))[1])
    assert found == {(0, 1): (1, 1), (1, 0): (1, 1)}


def test_pairs_and_pmi_are_those_of_plain_loops(monkeypatch):
    documents = [RANDOM.integers(14, size=size) ** 2 // 14 for size in (60, 1, 90, 40)]
    monkeypatch.setattr(counting, "BLOCK", 70)
    whole = text(*documents)
    times, weights = loops(documents, len(whole.counts), 4)
    found = finish(pairs(whole, 4, 0, 3, draws=2))[1]
    assert set(zip(found.first.tolist(), found.second.tolist())) == set(zip(*np.nonzero(times >= 3)))
    np.testing.assert_array_equal(found.times, times[found.first, found.second])
    np.testing.assert_allclose(found.weight, weights[found.first, found.second], rtol=1e-5)
    sums = weights.sum(axis=1)
    chance = sums[found.first] * sums[found.second] / weights.sum()
    np.testing.assert_allclose(found.pmi, np.log(found.weight / chance), rtol=1e-5)
    noise = whole.counts**0.75 / (whole.counts**0.75).sum()
    expected = np.log(found.weight / (sums[found.first] * noise[found.second]))
    np.testing.assert_allclose(found.pmi_noise, expected, rtol=1e-5)


def test_frequent_words_are_met_as_rarely_as_they_are_kept():
    tokens = RANDOM.choice(4, p=[0.7, 0.1, 0.1, 0.1], size=40_000)
    whole = text(tokens)
    keep = kept_share(whole.counts, 0.05)
    assert keep[0] == pytest.approx(math.sqrt(0.05 / 0.7) + 0.05 / 0.7, rel=0.02) and keep[1] == 1
    found = met(finish(pairs(whole, 1, 0.05, 1, draws=4))[1])
    kept = whole.counts * keep
    assert found[1, 0][1] == pytest.approx(2 * kept[1] * kept[0] / kept.sum(), rel=0.05)
    assert found[1, 0][0] > 1.4 * found[1, 0][1]


def test_the_pairs_of_the_same_seed_are_the_same_and_not_more_than_asked():
    whole = text(RANDOM.integers(30, size=3000))
    one, other = (finish(pairs(whole, 3, 0.01, 2, most=50, seed=4))[1] for _ in range(2))
    assert len(one.first) == 50 and all(np.array_equal(a, b) for a, b in zip(one, other))


def test_few_rows_where_the_vocabulary_is_large(monkeypatch):
    monkeypatch.setattr(counting, "CELLS", 90)
    found = finish(pairs(text(RANDOM.integers(30, size=3000)), 2, 0, 1))[1]
    assert found.rows == 3 and len(set(found.first.tolist())) == 3


def test_long_ranges_come_in_blocks():
    whole = text(np.arange(25) % 5, np.arange(3))
    parts = list(blocks(whole, 10))
    assert [len(ids) for ids, _ in parts] == [10, 10, 8]
    assert [len(np.unique(piece)) for _, piece in parts] == [1, 1, 2]


def test_agreement():
    pmi = np.array([0.0, 1, 2, 3])
    told = agreement(2 * pmi - 1.5, pmi)
    assert told["pearson"] == pytest.approx(1) and told["gap"] == pytest.approx(0)
    assert agreement(np.ones(3), np.arange(3))["pearson"] is None and agreement(pmi[:0], pmi[:0])["gap"] is None


DOCUMENTS = ["the king saw rare1 the queen and the king", "queen king", "the king", "rare2 rare3 queen"]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(DOCUMENTS, language="en", min_count=2)


def test_where_two_words_stand_near_each_other_and_what_stands_between(corpus):
    king, queen = corpus.vocab.index("king"), corpus.vocab.index("queen")
    begin, size = near_each_other(corpus, king, queen, 1)
    assert lines_at(corpus, begin, size, 1)["node"].tolist() == ["queen king"]
    begin, size = near_each_other(corpus, queen, king, 2)  # saw, rare1 and "and" are not known
    nodes = ["king saw rare1 the queen", "queen and the king", "queen king"]
    assert lines_at(corpus, begin, size, 1)["node"].tolist() == nodes


def test_places_are_as_many_as_pairs_were_counted(corpus):
    train = np.stack([corpus.offsets[:-1], corpus.offsets[1:]], 1)
    found = met(finish(pairs(Text(corpus.tokens, train, corpus.vocab.counts), 3, 0, 1, draws=1))[1])
    for (first, second), (times, _) in found.items():
        begin, _ = near_each_other(corpus, first, second, 3)
        assert len(begin) == (times if first != second else times // 2)


def test_a_word_near_itself_is_met_once_for_each_two(corpus):
    the = corpus.vocab.index("the")
    begin, size = near_each_other(corpus, the, the, 2)
    assert lines_at(corpus, begin, size, 1)["node"].tolist() == ["the queen and the", "the king saw rare1 the"][::-1]
