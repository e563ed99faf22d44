"""A learned mix of layers: a planted layer is found, nothing is learned from nothing, no document is split."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from core.explore import layer_mix
from core.explore.senses_measures import credits, recall, resamples
from core.problem import Problem

SENSES = np.repeat([0, 1], [60, 40])
DOCUMENTS = np.arange(100) // 2


def planted(layer: int, seed: int = 0, noise: float = 1.0) -> np.ndarray:
    """Five layers of noise (100, 5, 32), one of which says the sense too."""
    draw = np.random.default_rng(seed)
    vectors = draw.normal(size=(100, 5, 32))
    vectors[:, layer] = np.random.default_rng(9).normal(size=(2, 32))[SENSES] + noise * draw.normal(size=(100, 32))
    return vectors


def judged(found: layer_mix.Mix) -> float:
    """The mean recall, each by the weights learned without its fold."""
    given = np.empty(100)
    for fold in range(len(found.weights)):
        mine = found.fold == fold
        given[mine] = credits(found.vectors(fold), SENSES)[mine]
    return float(recall(given, SENSES, resamples(SENSES, 2)).value[0])


@pytest.mark.parametrize("layer", [0, 2, 4])
def test_the_weight_goes_to_the_layer_that_has_the_senses(layer):
    found = layer_mix.mix(planted(layer), SENSES, DOCUMENTS)
    assert found.weights.sum(axis=1) == pytest.approx(1) and found.mean[layer] > 0.7
    assert abs(found.centre - layer) < 0.8
    assert judged(found) == credits(planted(layer)[:, layer], SENSES).mean() == 1


def test_where_all_is_constant_it_scores_exactly_chance_and_no_layer_is_preferred():
    vectors = np.tile(np.random.default_rng(0).normal(size=(1, 5, 32)), (100, 1, 1))
    found = layer_mix.mix(vectors, SENSES, DOCUMENTS)
    assert judged(found) == pytest.approx(0.5, abs=0)
    assert found.weights == pytest.approx(0.2, abs=1e-3)
    flat = layer_mix.mix(np.ones((100, 5, 32)), SENSES, DOCUMENTS)
    assert judged(flat) == 0.5 and flat.mean == pytest.approx(0.2)


def test_noise_in_every_layer_is_not_learned_by_heart():
    """Weights that had seen whom they judge would find five layers of noise good for something."""
    scores = [judged(layer_mix.mix(planted(0, seed, 50.0), SENSES, DOCUMENTS, seed)) for seed in range(12)]
    assert np.mean(scores) == pytest.approx(0.5, abs=0.05)


def test_the_same_twice_and_other_folds_with_another_seed():
    first, again, other = (layer_mix.mix(planted(1, noise=2.0), SENSES, DOCUMENTS, seed) for seed in (0, 0, 1))
    assert np.array_equal(first.weights, again.weights) and np.array_equal(first.gamma, again.gamma)
    assert not np.array_equal(first.fold, other.fold)


def test_no_document_is_in_two_folds_and_every_fold_has_every_sense():
    draw = np.random.default_rng(1)
    documents = draw.permutation(np.repeat(np.arange(50), 2))
    fold = layer_mix.folds(SENSES, documents)
    assert all(len(set(fold[documents == each])) == 1 for each in range(50)) and set(fold) == set(range(5))
    assert all(set(SENSES[layer_mix.folds(SENSES, DOCUMENTS) == each]) == {0, 1} for each in range(5))


def test_the_weights_of_a_fold_do_not_know_it():
    """Vectors and senses of the fold that is judged may be anything: its weights stay."""
    vectors, found = planted(2, noise=1.0), layer_mix.mix(planted(2, noise=1.0), SENSES, DOCUMENTS)
    other = vectors.copy()
    other[found.fold == 0] = np.random.default_rng(5).normal(size=other[found.fold == 0].shape)
    again = layer_mix.mix(other, SENSES, DOCUMENTS)
    assert np.array_equal(again.weights[0], found.weights[0]) and not np.array_equal(again.weights, found.weights)


def test_layers_are_normalised_and_their_size_counts_for_nothing():
    rows = layer_mix.normalised(np.array([[1.0, 3.0], [5.0, 5.0]]))
    assert rows.tolist() == [[-1, 1], [0, 0]]
    vectors = planted(3, noise=1.0)
    found, sized = (
        layer_mix.mix(each, SENSES, DOCUMENTS) for each in (vectors, vectors * [[[1], [9], [1], [0.1], [4]]])
    )
    assert sized.weights == pytest.approx(found.weights, abs=1e-4)


def test_one_document_is_parted_by_occurrence_and_two_are_too_few():
    assert not layer_mix.mix(planted(0), SENSES, np.zeros(100, int)).by_document
    assert layer_mix.mix(planted(0), SENSES, DOCUMENTS).by_document
    with pytest.raises(Problem, match="2"):
        layer_mix.mix(planted(0), SENSES, np.arange(100) % 2)
    with pytest.raises(Problem, match="Too few documents"):
        layer_mix.mix(planted(0), SENSES, np.arange(100) // 20)


def test_the_gradient_is_that_of_the_loss():
    layers = layer_mix.normalised(planted(1, noise=1.0))
    task = layer_mix._task(layers, SENSES, layer_mix.folds(SENSES, DOCUMENTS), 0)
    draw = np.random.default_rng(3)
    for _ in range(3):
        point = np.append(draw.normal(size=5), draw.uniform(0, 3))
        assert check_grad(lambda p: task.loss(p)[0], lambda p: task.loss(p)[1], point) < 1e-5
