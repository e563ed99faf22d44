"""The softmax over a sample of the words, for a vocabulary so large that the whole one would take most of the time.

Jean, Cho, Memisevic and Bengio (2015), On using very large target vocabulary for neural machine translation.

Shapes: n words to guess, D width, S sampled words, V words of the vocabulary.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor

_ROWS = 512  # words guessed at once: their scores stay in the processor's cache


def sampled(
    x: Tensor, table: Tensor, bias: Tensor, targets: Tensor, drawn: Tensor, logs: Tensor
) -> tuple[Tensor, Tensor]:
    """The softmax of each true word (n,) among it and the words drawn (S,), and the nats that this makes likely.

    logs (V,): the logarithm of each word's chance to be drawn, by which its score is corrected (Jean et al., eq. 8); a
    true word among those drawn counts once. Nats: the sum over all words estimated by importance, from those drawn.
    """
    loss, guess = _Sampled.apply(  # type: ignore[no-untyped-call]
        x, table, bias, targets, drawn, logs + np.log(len(drawn))
    )
    return loss, guess


class _Sampled(torch.autograd.Function):
    """`sampled`, forward and backward at once, a part of the rows at a time. wide (V,): what scores are lowered by."""

    @staticmethod
    def forward(
        context: Any, x: Tensor, table: Tensor, bias: Tensor, targets: Tensor, drawn: Tensor, wide: Tensor
    ) -> tuple[Tensor, Tensor]:
        kind, n = x.device.type, len(x)
        narrow = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype
        rows, own, some = x.to(narrow), table[targets], table[drawn].to(narrow)
        slope_x, slope_own, sums = torch.empty_like(rows), own.new_empty(n), own.new_zeros(2)
        slope_table, slope_some = own.new_zeros(n + len(drawn), own.shape[1]), own.new_zeros(len(drawn))
        for first in range(0, n, _ROWS):
            part = slice(first, first + _ROWS)
            scores = (rows[part] @ some.T).float().add_(bias[drawn] - wide[drawn])  # (m, S)
            true = (x[part] * own[part]).sum(1) + bias[targets[part]]
            mine = true - wide[targets[part]]
            slope, own_slope, nats = _compared(scores, mine, true, drawn == targets[part, None])
            sums += nats
            slope_some += slope.sum(0)
            slope, slope_own[part] = slope.to(narrow), own_slope
            slope_x[part] = torch.addcmul(slope @ some, own_slope[:, None], own[part])
            slope_table[n:] += slope.T @ rows[part]
            torch.mul(own_slope[:, None], x[part], out=slope_table[:n][part])
        context.save_for_backward(targets, drawn, slope_x.to(x.dtype), slope_table, torch.cat([slope_own, slope_some]))
        context.sizes = len(table), len(bias)
        loss, guess = sums / n
        context.mark_non_differentiable(guess)
        return loss, guess

    @staticmethod
    def backward(context: Any, *above: Tensor) -> Any:
        targets, drawn, slope_x, slope_table, slope_bias = context.saved_tensors
        which, (rows, words) = torch.cat([targets, drawn]), context.sizes
        share = above[0] / len(targets)
        table = torch.ops.aten.embedding_dense_backward(slope_table * share, which, rows, -1, False)
        bias = slope_bias.new_zeros(words).index_add_(0, which, slope_bias * share)
        return slope_x * share, table, bias, None, None, None


def _compared(scores: Tensor, own: Tensor, true: Tensor, same: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Slopes by the scores (m, S), in their place, and by the true words' own scores (m,); the sums of the nats of the
    loss and of the estimate, for which `true` is own without its correction. same bool (m, S): drawn is the true word.
    """
    top = torch.maximum(scores.amax(1), own)
    powers, right = scores.sub_(top[:, None]).exp_(), (own - top).exp()
    guess = powers.sum(1).clamp_min(1e-30).log() + top - true
    powers.masked_fill_(same, 0)
    whole = powers.sum(1) + right
    nats = torch.stack([(whole.log() + top - own).sum(), guess.sum()])
    return powers.div_(whole[:, None]), right / whole - 1, nats
