"""Sentences as vectors: the paper's weights by hand, the direction that is taken away, stretches of a corpus."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.sif import sentences, stretches, weights, without
from tests.core.explore.conftest import finish

TEXTS = ["The king saw the queen. The queen saw the king.", "A ship sailed. The sea is wide.", "", "zebra"]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(TEXTS, language="en")


@pytest.fixture(scope="module")
def aligned(corpus):
    vectors = np.random.default_rng(0).standard_normal((len(corpus.index), 5)).astype(np.float32) + 1
    vectors[corpus.vocab.index("zebra")] = 0  # a word that the run does not know
    return vectors


def test_weights_by_hand():
    assert weights(np.array([1, 10, 1000]), 1000, 1e-3) == pytest.approx([0.5, 1 / 11, 1 / 1001])
    assert weights(np.array([1, 10]), 1000, None).tolist() == [1, 1] and weights(np.array([0]), 0, 1e-3).tolist() == [1]


def test_stretches_are_sentences(corpus):
    bounds, total = stretches(corpus)
    assert bounds.tolist() == [[0, 5], [5, 10], [10, 13], [13, 17], [17, 18]] and total == 5


def test_long_sentences_are_cut_and_many_are_sampled(corpus):
    bounds, total = stretches(corpus, longest=2)
    assert bounds.tolist()[:3] == [[0, 2], [2, 4], [4, 5]] and total == 3 + 3 + 2 + 2 + 1
    assert (np.diff(bounds) <= 2).all() and bounds[:, 1].max() == 18
    bounds, total = stretches(corpus, 3, 2)
    assert len(bounds) == 3 and total == 11 and bounds[0].tolist() == [0, 2] and bounds[-1].tolist() == [17, 18]


def by_hand(corpus, aligned, a):
    words = corpus.vocab.words
    found = []
    for first, last in stretches(corpus)[0]:
        kinds = corpus.tokens[first:last]
        share = corpus.index.counts / len(corpus.tokens)
        each = [(a / (a + share[kind]) if a else 1) * aligned[kind] for kind in kinds]
        found.append(np.mean(each, axis=0))
    assert len(words) == len(aligned)
    vectors = np.array(found)
    if a:
        common = np.linalg.svd(vectors)[2][0]
        vectors = vectors - np.outer(vectors @ common, common)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


@pytest.mark.parametrize("a", [None, 1e-3])
def test_vectors_by_hand(corpus, aligned, a):
    shares, found = finish(sentences(corpus, aligned, a))
    np.testing.assert_allclose(found.vectors, by_hand(corpus, aligned, a), atol=1e-5)
    assert np.linalg.norm(found.vectors[4]) == 0 and found.total == 5 and shares[-1] == 0.9
    assert (found.share > 0) == (np.linalg.norm(found.common) > 0) == (a is not None)


def test_a_sentence_is_nearest_to_itself(corpus, aligned):
    for a in (None, 1e-3):
        found = finish(sentences(corpus, aligned, a))[1]
        weight = weights(corpus.index.counts, len(corpus.tokens), a)
        kinds = corpus.tokens[10:13]  # A ship sailed
        places, cosines = found.nearest((weight[kinds, None] * aligned[kinds]).mean(axis=0), 2)
        assert places[0] == 2 and cosines[0] == pytest.approx(1, abs=1e-5) and cosines[1] < 1


def test_a_direction_is_taken_away():
    common = np.array([0.6, 0.8])
    assert without(np.array([3.0, 4.0]), common) == pytest.approx([0, 0])
    assert without(np.array([[3.0, 4.0], [4.0, -3.0]]), common) == pytest.approx(np.array([[0, 0], [4, -3]]))
