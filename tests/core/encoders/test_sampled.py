"""The sampled softmax against its equation, written out and left to autograd."""

import numpy as np
import torch

from core.encoders.networks.sampled import sampled


def plainly(x, table, bias, targets, drawn, logs):
    """Jean et al. (2015), eq. 8: every score less the logarithm of how often its word is expected among those drawn."""
    wide = logs + np.log(len(drawn))
    some = x @ table[drawn].T + bias[drawn] - wide[drawn]
    true = (x * table[targets]).sum(1) + bias[targets]
    guess = (some.logsumexp(1) - true).mean()
    others = some.masked_fill(drawn == targets[:, None], -torch.inf)
    own = true - wide[targets]
    return (torch.cat([own[:, None], others], 1).logsumexp(1) - own).mean(), guess


def test_the_loss_and_its_slopes_are_those_of_the_equation(monkeypatch):
    monkeypatch.setattr("core.encoders.networks.sampled._ROWS", 5)
    torch.manual_seed(1)
    targets, drawn, logs = torch.randint(0, 30, (13,)), torch.randint(0, 30, (7,)), torch.randn(30).log_softmax(0)
    given, found = [torch.randn(13, 8), torch.randn(31, 8), torch.randn(30)], []
    for loss in (sampled, plainly):
        asked = [each.clone().requires_grad_() for each in given]
        down, guess = loss(*asked, targets, drawn, logs)
        (3 * down).backward()
        found.append([down.detach(), guess.detach(), *(each.grad for each in asked)])
    torch.testing.assert_close(*found)


def test_scores_far_apart_are_finite_numbers():
    x, table, bias = torch.full((2, 1), 1e3), torch.tensor([[1.0], [-1.0], [0.5]]), torch.zeros(3)
    for targets in (torch.tensor([0, 0]), torch.tensor([1, 1])):
        loss, guess = sampled(x, table, bias, targets, torch.tensor([2, 2]), torch.full((3,), 1 / 3).log())
        assert torch.isfinite(loss) and torch.isfinite(guess)
