"""The identities of rollout and flow, a flow by hand, and Spearman against scipy's."""

import numpy as np
import pytest
import scipy.stats

from core.explore.attention_flow import Profile, difference, flow, interval, joined, ranks, rollout, spearman


def attention(layers=3, heads=2, n=5, causal=False):
    scores = np.random.default_rng(4).random((layers, heads, n, n)) ** 3
    scores = np.tril(scores) if causal else scores
    return scores / scores.sum(-1, keepdims=True)


@pytest.mark.parametrize("causal", [False, True])
def test_half_of_what_is_looked_at_and_half_of_what_passes_by(causal):
    weights = attention(causal=causal)
    layers = joined(weights)
    np.testing.assert_allclose(layers, 0.5 * weights.mean(1) + 0.5 * np.eye(5))
    np.testing.assert_allclose(rollout(layers).sum(-1), 1)
    np.testing.assert_allclose(rollout(layers)[0], layers[0])
    np.testing.assert_allclose(rollout(layers)[2], layers[2] @ layers[1] @ layers[0])


def test_in_the_first_layer_flow_is_rollout():
    layers = joined(attention())
    for place in range(5):
        np.testing.assert_allclose(flow(layers, place, 0), rollout(layers)[0, place], atol=1e-6)


def test_flow_is_as_wide_as_the_narrowest_pipes():
    """Two pieces: the pipes that end at a piece, or those that begin at the source, are what limits it."""
    layers = np.array([[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.2, 0.8]]])
    np.testing.assert_allclose(flow(layers, 0, 1), [0.5 + 0.4, 0.1 + 0.5], atol=1e-6)
    np.testing.assert_allclose(flow(layers, 1, 1), [0.2 + 0.4, 0.1 + 0.6], atol=1e-6)


def test_spearman_is_that_of_scipy_and_unknown_where_nothing_varies():
    one, other = np.array([3.0, 1, 1, 2, 9]), np.array([0.1, 0.2, 0.2, 0.3, 0.9])
    assert spearman(one, other) == pytest.approx(scipy.stats.spearmanr(one, other).statistic)
    assert ranks(one).tolist() == [4, 1.5, 1.5, 3, 5]
    assert np.isnan(spearman(one, np.ones(5))) and np.isnan(spearman(one[:2], other[:2]))


def test_a_mean_and_its_interval():
    mean, low, high, count = interval(np.array([1.0, 3.0, np.nan]))
    assert (mean, count) == (2, 2) and high - mean == pytest.approx(1.96) and low == pytest.approx(0.04)
    assert interval(np.array([np.nan]))[3] == 0


def test_the_change_a_guess_weighs_texts_by_their_guesses():
    one, other = np.array([[3.0, 1], [8.0, 4]]), np.array([[1.0, 1], [8.0, 4]])
    change, spread = difference(one, other)
    assert change == pytest.approx(2 / 5)
    residual = np.array([2 - 0.4, 0 - 1.6])
    assert spread == pytest.approx(1.96 * np.sqrt(2 * (residual**2).sum()) / 5) and np.isnan(
        difference(one[:1], other[:1])[1]
    )


def test_how_far_heads_look_by_hand():
    profile = Profile(1)
    profile.add(np.array([[[1.0, 0], [0.25, 0.75]]]))
    assert profile.mean().tolist() == [[0.25, 0.875, 0.0]]
