"""Descent: the learning rate's course, and a state that comes back whole."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from core.encoders.networks.descent import Descent
from core.problem import Problem
from tests.core.encoders.test_contract import same


def descent(steps: int = 200, width: int = 3) -> Descent:
    torch.manual_seed(0)
    return Descent(nn.Linear(width, 1), 0.1, steps)


def go_down(learner: Descent, steps: int) -> list[float]:
    """Learn to double numbers."""
    losses = []
    for _ in range(steps):
        x = torch.from_numpy(np.random.default_rng(learner.done).normal(size=(8, 3)).astype(np.float32))
        losses.append(learner.step(((learner.network(x) - 2 * x.sum(1, keepdim=True)) ** 2).mean()))
    return losses


def test_the_loss_goes_down():
    losses = go_down(descent(), 200)
    assert losses[-1] < 0.01 * losses[0]


def test_the_rate_rises_in_a_line_and_falls_to_a_tenth():
    learner, shares = descent(1000), []
    for learner.done in range(1000):
        shares.append(learner._share())
    assert shares[:100] == pytest.approx([(i + 1) / 100 for i in range(100)])
    assert shares[100:] == sorted(shares[100:], reverse=True) and shares[-1] == pytest.approx(0.1, abs=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 9])
def test_a_short_course_has_a_rate_too(steps):
    assert all(math.isfinite(loss) for loss in go_down(descent(steps), steps))


@pytest.mark.parametrize("factor", [1e3, 1e-3])
def test_a_gradient_is_cut_to_length_1_and_a_shorter_one_left(factor):
    learner, x = descent(), torch.ones(4, 3)
    learner.step(factor * learner.network(x).sum())
    slopes = torch.cat([weight.grad.flatten() for weight in learner.network.parameters()])
    whole = factor * torch.cat([torch.full((3,), 4.0), torch.full((1,), 4.0)]).norm().item()
    assert slopes.norm().item() == pytest.approx(min(1, whole), rel=1e-4)


def test_the_moments_come_back_bit_for_bit():
    whole, half, other = descent(), descent(), descent()
    go_down(whole, 60)
    go_down(half, 30)
    other.restore(half.state(training=True))
    go_down(other, 30)
    assert same(whole.state(True), other.state(True))


def test_a_state_is_a_copy():
    learner = descent()
    before = learner.state(True)
    copies = {name: array.copy() for name, array in before.items()}
    go_down(learner, 1)
    assert same(before, copies)


def test_a_state_may_be_read_only():
    learner, state = descent(), descent().state(False)
    for array in state.values():
        array.flags.writeable = False
    learner.restore(state)
    assert go_down(learner, 1)


def test_other_sizes_are_a_problem():
    with pytest.raises(Problem, match="goes on with the sizes"):
        descent(width=4).restore(descent(width=3).state(True))
