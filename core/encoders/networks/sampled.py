"""The softmax over a sample of the words, for a vocabulary so large that the whole one would take most of the time.

Jean, Cho, Memisevic and Bengio (2015), On using very large target vocabulary for neural machine translation.

Shapes: n words to guess, D width, S sampled words, V words of the vocabulary.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def sampled(
    x: Tensor, table: Tensor, bias: Tensor, targets: Tensor, drawn: Tensor, logs: Tensor
) -> tuple[Tensor, Tensor]:
    """The softmax of each true word (n,) among it and the words drawn (S,), and the nats that this makes likely.

    logs (V,): the logarithm of each word's chance to be drawn, by which its score is corrected (Jean et al., eq. 8); a
    true word among those drawn counts once. Nats: the sum over all words estimated by importance, from those drawn.
    """
    wide = logs[drawn] + np.log(len(drawn))
    some = (F.linear(x, table[drawn]) + bias[drawn]).float() - wide  # (n, S)
    true = ((x.float() * table[targets]).sum(-1) + bias[targets])[:, None]  # (n, 1)
    guess = (some.detach().logsumexp(1) - true.detach()[:, 0]).mean()
    some = some.masked_fill(drawn == targets[:, None], -torch.inf)
    own = true - (logs[targets] + np.log(len(drawn)))[:, None]
    return (torch.cat([own, some], 1).logsumexp(1) - own[:, 0]).mean(), guess
