"""Measures of senses: vectors made by hand whose numbers are known, scikit-learn as an oracle, what chance scores."""

import time

import numpy as np
import pytest
from sklearn import metrics

from core.explore import senses_measures as measures

RIVER, MONEY = [1.0, 0.0], [0.0, 1.0]
SENSES = np.array([0, 0, 0, 1, 1])


def drawn(n: int, d: int, k: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors around k centres that overlap, and their senses."""
    random = np.random.default_rng(seed)
    senses = np.sort(random.integers(0, k, n))
    return (random.normal(size=(k, d))[senses] + 2 * random.normal(size=(n, d))).astype(np.float32), senses


def plainly(vectors: np.ndarray, senses: np.ndarray, apart: np.ndarray) -> list[float]:
    """Credits without ties, one occurrence after the other."""
    found = []
    for vector, sense, group in zip(vectors.astype(float), senses, apart):
        seen = apart != group
        centres = [vectors[seen & (senses == each)].mean(axis=0, dtype=float) for each in range(senses.max() + 1)]
        cosines = [vector @ centre / np.linalg.norm(vector) / np.linalg.norm(centre) for centre in centres]
        found.append(float(np.argmax(cosines) == sense))
    return found


def test_senses_are_numbered_from_the_most_frequent():
    names, codes = measures.coded(["b", "a", "a", "c", "b", "a"])
    assert names == ["a", "b", "c"] and codes.tolist() == [1, 0, 0, 2, 1, 0]


def test_the_nearest_centroid_by_hand():
    vectors = np.array([RIVER, RIVER, MONEY, MONEY, MONEY])  # the third stands with the other sense
    assert measures.credits(vectors, SENSES).tolist() == [1, 1, 0, 1, 1]
    found = measures.recall(measures.credits(vectors, SENSES), SENSES, measures.resamples(SENSES))
    assert found.value[0] == pytest.approx((2 / 3 + 1) / 2) and found.accuracy[0] == pytest.approx(4 / 5)
    assert found.low[0] <= found.value[0] <= found.high[0] and found.by_sense[:, 0].tolist() == [2 / 3, 1]


@pytest.mark.parametrize("noise", [0.0, 1e-7, 1e-6])
@pytest.mark.parametrize("k", [2, 3, 7])
def test_vectors_that_are_all_alike_score_exactly_chance(k, noise):
    random, senses = np.random.default_rng(1), np.arange(70) % k
    senses[:20] = 0
    alike = np.tile(random.normal(size=50), (70, 1)) * (1 + noise * random.normal(size=(70, 50)))
    for apart in (None, np.arange(70) // 2):
        assert measures.credits(alike.astype(np.float32), senses, apart) == pytest.approx(1 / k, abs=0)
    found = measures.recall(measures.few_shot(alike, senses), senses, measures.resamples(senses, 50))
    assert found.value[0] == pytest.approx(1 / k, abs=1e-12) and found.high[0] == pytest.approx(1 / k, abs=1e-12)
    assert measures.silhouettes(alike, senses) == pytest.approx(0, abs=0)
    assert (measures.grouped(alike.astype(np.float32), k) == 0).all()


def test_words_of_two_forms_with_a_vector_each_score_what_forms_tell():
    """Bank is the river in one case of two; the vector of a form is the same wherever it stands, but for rounding."""
    forms, senses = np.array([0, 1, 0, 1, 0, 1, 0, 1]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    vectors = np.eye(2)[forms] + 1e-9 * np.random.default_rng(0).normal(size=(8, 2))
    assert np.nanmean(measures.credits(vectors, senses, np.arange(8) // 2)) == 0.5


@pytest.mark.parametrize("documents", [100, 30])
def test_centroids_see_nothing_of_the_document_they_judge(documents):
    vectors, senses = drawn(100, 8, 3)
    apart = np.random.default_rng(2).integers(0, 30, 100) if documents == 30 else np.arange(100)
    expected = plainly(vectors, senses, apart)
    assert measures.credits(vectors, senses, None if documents == 100 else apart).tolist() == expected


def test_what_cannot_be_judged_is_no_number():
    vectors = np.eye(4, dtype=np.float32)
    assert np.isnan(measures.credits(vectors, np.array([0, 0, 0, 1]))).tolist() == [False, False, False, True]
    assert np.isnan(measures.credits(vectors, np.zeros(4, int))).all()
    assert np.isnan(measures.credits(vectors, np.array([0, 0, 1, 1]), np.array([5, 5, 6, 7]))).tolist() == [
        True, True, False, False]  # fmt: skip
    assert np.isnan(measures.few_shot(vectors, np.array([0, 0, 0, 1]))).all()


def test_a_few_examples_do_where_senses_are_apart():
    vectors, senses = np.repeat(np.eye(3), [10, 5, 4], axis=0), np.repeat([0, 1, 2], [10, 5, 4])
    found = measures.few_shot(vectors, senses, shots=3, trials=40)
    assert (found == 1).all() and (measures.few_shot(vectors, senses) == measures.few_shot(vectors, senses)).all()
    assert np.isnan(measures.few_shot(vectors, senses, shots=4)).tolist() == [False] * 15 + [True] * 4


def test_samples_keep_the_size_of_each_sense_and_differences_have_intervals():
    times = measures.resamples(SENSES, 30)
    assert (times[:, :3].sum(axis=1) == 3).all() and (times[:, 3:].sum(axis=1) == 2).all()
    one = measures.recall(np.array([[1, 1], [0, 1], [1, 1], [1, 1], [0, 1]], float), SENSES, times)
    assert one.over(1, one, 1) == (0, 0, 0)
    difference, low, high = one.over(1, one, 0)
    assert difference == pytest.approx(1 - (2 / 3 + 1 / 2) / 2) and low <= difference <= high and low >= 0


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    random, covered = np.random.default_rng(3), 0
    senses = np.repeat([0, 1], 60)
    for trial in range(100):
        given = (random.random(120) < np.where(senses == 0, 0.8, 0.6)).astype(float)
        found = measures.recall(given, senses, measures.resamples(senses, 200, trial))
        covered += found.low[0] <= 0.7 <= found.high[0]
    assert 88 <= covered <= 100


def test_silhouettes_as_in_scikit_learn():
    vectors, senses = drawn(80, 5, 4)
    assert measures.silhouettes(vectors, senses) == pytest.approx(
        metrics.silhouette_samples(vectors, senses, metric="cosine"), abs=1e-6
    )


@pytest.mark.parametrize("seed", range(4))
def test_agreement_of_groupings_as_in_scikit_learn(seed):
    first, second = np.random.default_rng(seed).integers(0, 4, (2, 50))
    assert measures.adjusted_rand(first, second) == pytest.approx(metrics.adjusted_rand_score(first, second))
    assert measures.adjusted_rand(first, first) == 1 and measures.adjusted_rand(first, 0 * first) == pytest.approx(0)


def test_self_similarity_and_what_any_two_words_have_by_hand():
    vectors = np.array([[1, 0], [1, 0], [0, 2]])
    assert measures.self_similarity(vectors) == pytest.approx(1 / 3)
    assert measures.anisotropy(np.array([[1, 0], [1, 1], [0, 2]]), np.array([7, 7, 9])) == pytest.approx(0.5**0.5 / 2)
    assert np.isnan(measures.self_similarity(vectors[:1])) and np.isnan(measures.anisotropy(vectors, np.zeros(3)))


def test_self_similarity_less_what_any_two_words_have():
    """Three occurrences: cosines 1, 0.6, 0.6; two other words at right angles to each other and 0.8 to a third."""
    vectors, others = np.array([[1, 0], [2, 0], [0.6, 0.8]]), np.array([[1, 0], [0, 3], [0.6, 0.8]])
    common = measures.anisotropy(others, np.arange(3))
    assert common == pytest.approx((0 + 0.6 + 0.8) / 3)
    assert measures.adjusted(vectors, common) == pytest.approx((1 + 0.6 + 0.6) / 3 - 1.4 / 3)
    assert measures.adjusted(np.ones((4, 2)), 0.0) == pytest.approx(1) and np.isnan(measures.adjusted(vectors, np.nan))


def test_groups_are_found_by_direction():
    vectors = np.array([[1, 0], [3, 0.1], [0, 1], [0.1, 9], [0, 2]])
    assert measures.adjusted_rand(measures.grouped(vectors, 2), np.array([0, 0, 1, 1, 1])) == 1


def test_two_thousand_occurrences_through_seven_layers_take_seconds():
    vectors, senses = drawn(2000, 384, 5)
    began = time.process_time()
    given = np.stack(
        [np.stack([measures.credits(vectors, senses), measures.few_shot(vectors, senses)], axis=1)], axis=2
    )
    measures.recall(given.reshape(2000, -1), senses, measures.resamples(senses))
    measures.silhouettes(vectors, senses)
    assert time.process_time() - began < 4  # a layer; a fraction of it on a quiet machine
