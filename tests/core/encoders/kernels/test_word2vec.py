"""Every number of a block beside the formulas and torch's derivatives; the draws, the words kept, the windows."""

import numpy as np
import pytest

from core.encoders.kernels import word2vec as kernels
from tests.core.encoders.kernels.toy import Toy, read_only, torch

# One block, beside the same thing in numpy and torch's own derivatives.


def negative_nats(toy: Toy, vector, outputs):
    """What the negatives cost one prediction: `negative` times the mean over the noise."""
    from torch.nn.functional import softplus

    return toy.negative * softplus(outputs @ vector) @ outputs.new_tensor(toy.noise)


def skip_gram_nats(toy: Toy, inputs, outputs):
    """(sum of nats, sum of weights) over all pairs, a pair d apart with weight (window - d + 1) / window."""
    from torch.nn.functional import softplus

    nats = weights = 0
    for i, word in enumerate(toy.tokens):
        for c in toy.neighbours(i):
            weight = (toy.window - abs(c - i) + 1) / toy.window
            one = softplus(-outputs[toy.tokens[c]] @ inputs[word]) + negative_nats(toy, inputs[word], outputs)
            nats, weights = nats + weight * one, weights + weight
    return nats, weights


def cbow_nats(toy: Toy, means, outputs):
    """The same of predicting each word from the mean of its window; means is (tokens, dim)."""
    from torch.nn.functional import softplus

    nats = [
        softplus(-outputs[word] @ mean) + negative_nats(toy, mean, outputs) for word, mean in zip(toy.tokens, means)
    ]
    return sum(nats), len(nats)


@pytest.mark.parametrize("dim, window", [(5, 1), (16, 3), (50, 2), (100, 5), (130, 9)])
def test_a_skip_gram_block_goes_down_the_slope_of_the_loss(dim, window):
    toy = Toy(dim, window)
    inputs, outputs = toy.before
    skip_gram_nats(toy, inputs, outputs)[0].backward()
    toy.run(kernels.skip_gram)
    for array, before in zip((toy.inputs, toy.outputs), toy.before):
        np.testing.assert_allclose(array, (before - toy.rate * before.grad).detach(), atol=2e-5)


@pytest.mark.parametrize("dim", [5, 16, 100])
def test_a_cbow_block_goes_down_the_slope_and_gives_the_error_to_each_word_undivided(dim):
    toy = Toy(dim, window=1)  # so that every drawn reach is 1
    inputs, outputs = toy.before
    around = [toy.tokens[toy.neighbours(i)] for i in range(len(toy.tokens))]
    means = torch(np.stack([inputs.detach()[words].mean(0) for words in around]))
    cbow_nats(toy, means, outputs)[0].backward()
    moved = inputs.detach().numpy().copy()
    for words, slope in zip(around, means.grad.numpy()):
        np.subtract.at(moved, words, toy.rate * slope)
    toy.run(kernels.cbow)
    np.testing.assert_allclose(toy.inputs, moved, atol=2e-5)
    np.testing.assert_allclose(toy.outputs, (outputs - toy.rate * outputs.grad).detach(), atol=2e-5)


def test_the_measured_loss_is_that_of_the_formula_and_moves_nothing():
    toy = Toy(20)
    nats, weights = skip_gram_nats(toy, *toy.before)
    toy.run(kernels.skip_gram, rate=0)
    assert toy.totals == pytest.approx([nats.item(), weights], rel=1e-4)
    np.testing.assert_array_equal(toy.inputs, toy.before[0].detach().numpy().astype(np.float32))


def test_the_measured_cbow_loss_is_that_of_the_formula():
    toy = Toy(20, window=1)
    inputs = toy.before[0].detach()
    means = [inputs[toy.tokens[toy.neighbours(i)]].mean(0) for i in range(len(toy.tokens))]
    nats, predictions = cbow_nats(toy, means, toy.before[1])
    toy.run(kernels.cbow, rate=0)
    assert toy.totals == pytest.approx([nats.item(), predictions], rel=1e-4)


def test_shared_negatives_cost_in_expectation_what_the_papers_single_ones_do():
    toy, nats = Toy(20), []
    for seed in range(1, 2001):
        toy.seed, toy.totals[:] = np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64), 0
        toy.run(kernels.skip_gram, rate=0)
        nats.append(toy.totals[0])
    toy.noise = np.arange(1.0, toy.words + 1) / np.arange(1.0, toy.words + 1).sum()
    assert np.mean(nats) == pytest.approx(skip_gram_nats(toy, *toy.before)[0].item(), rel=0.005)


@pytest.mark.parametrize("step", [1, 5, 16])
def test_a_smaller_step_meets_each_pair_once_all_the_same(step):
    toy = Toy(20)
    toy.step = step
    toy.run(kernels.skip_gram, rate=0)
    assert toy.totals[1] == pytest.approx(skip_gram_nats(toy, *toy.before)[1], rel=1e-6)


def test_the_loss_has_no_logarithm_of_zero_with_many_far_negatives():
    scores, mass = np.full((96, kernels.T), 9, np.float32), np.ones(kernels.T, np.float32)
    assert kernels.negative_loss(scores, mass) == pytest.approx(96 * kernels.T * 9, rel=0.03)


def test_sigmoid_is_within_a_ten_thousandth_everywhere():
    x = np.linspace(-30, 30, 2001).astype(np.float32)
    found = [kernels.sigmoid(value) for value in x]
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-x.astype(float))), atol=1e-4)


# Tables and windows.


def test_a_negative_is_drawn_in_proportion_to_its_count_to_the_power_of_three_quarters():
    counts = np.array([1000, 300, 40, 7, 5])
    chance, other = kernels.alias_table(counts**0.75)
    stays = chance / 0xFFFFFFFF
    share = stays + [(1 - stays)[other == word].sum() for word in range(5)]
    np.testing.assert_allclose(share / 5, counts**0.75 / (counts**0.75).sum(), atol=1e-8)


def test_draws_follow_their_table():
    ids = np.zeros(200_000, np.int32)
    kernels.draw(*kernels.alias_table(np.array([4.0, 3.0, 2.0, 1.0])), np.uint64(1), ids)
    np.testing.assert_allclose(np.bincount(ids) / len(ids), [0.4, 0.3, 0.2, 0.1], atol=0.005)


def test_subsampling_keeps_that_share_and_drops_words_outside_the_vocabulary():
    tokens = read_only(np.tile([0, 1, 2], 20_000))
    pieces, keep = np.array([[0, 60_000]]), np.array([0.25 * 2**32, 2**32 - 1], np.uint32)
    block = kernels.prepare(60_000, 16, 2, 4)
    count, _ = kernels.keep_words(tokens, pieces, keep, 2, np.uint64(9), block)
    kept = np.bincount(block.words[2 : 2 + count])
    assert kept.tolist()[1:] == [20_000] and abs(kept[0] - 5000) < 250


def test_a_window_ends_at_its_reach_and_at_its_piece():
    block = kernels.prepare(40, 16, 2, 4)
    block.low[:], block.high[:] = (
        np.repeat([0, 3], [3, len(block.low) - 3]),
        np.repeat([3, 40], [3, len(block.low) - 3]),
    )
    kernels.windows(0, 2, np.full(kernels.T, 2), np.array([1, 2, 0, 2, 1] + 11 * [0], np.float32), block)
    assert block.near[:5, :5].tolist() == [
        [0, 0, 0, 2, 1], [0, 2, 0, 2, 0], [1, 2, 0, 0, 0], [0, 0, 0, 2, 1], [0, 2, 0, 2, 1],
    ]  # fmt: skip
    assert block.mass[:5].tolist() == [3, 4, 3, 3, 5] and not block.near[:, 5:].any()
