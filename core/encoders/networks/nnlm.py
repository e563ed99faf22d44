"""The arithmetic of the neural probabilistic language model: its forward and its backward phase, written out.

They are those of the paper (section 3.2), for many words at once. Nearly all of it is the output layer, whose products
are of bfloat16 where the hardware has it, twice as fast; sums, weights and their steps are of float32.

Shapes: B words to guess, n words of context, M numbers of a word, H hidden units, V words of the vocabulary, F features
that the output layer sees: the hidden units and, with direct connections, the n M numbers of the context.
"""

import math
import time
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.encoders.networks.descent import Descent
from core.encoders.networks.transformer import half
from core.problem import Problem, marked

_MEAN, _SQUARE, _LEAST = 0.9, 0.99, 1e-8  # AdamW's, for the rows of C
_ROWS = 32  # the output layer's batches are multiples of this: half-precision code is made anew for each new size


class Slopes(NamedTuple):
    """The mean loss of a batch, in nats, and its gradient: of C (R, M) in the rows (R,) that were read, and of the
    other weights by their names."""

    loss: Tensor
    rows: Tensor
    lookup: Tensor
    others: dict[str, Tensor]


class Network(nn.Module):
    """The paper's C, H, d, [U W] and b, by their names below.

    C has two rows more than the vocabulary: row V is a word outside it, which is read and never guessed; row V + 1 is a
    place before the beginning of the text, and always zero. b begins as the logs of the words' frequencies, (V,).
    """

    def __init__(self, frequencies: np.ndarray, dim: int, context: int, hidden: int, direct: bool):
        super().__init__()
        words, inputs = len(frequencies), context * dim
        self.lookup = nn.Parameter(0.1 * torch.randn(words + 2, dim))
        self.hidden = nn.Parameter(torch.randn(hidden, inputs) / math.sqrt(inputs))
        self.hidden_bias = nn.Parameter(torch.zeros(hidden))
        self.output = nn.Parameter(0.01 * torch.randn(words, hidden + inputs * direct))
        self.output_bias = nn.Parameter(torch.from_numpy(np.log(frequencies)).float())
        self.lookup.data[-1] = 0
        self.direct, self.seconds = direct, 0.0  # of the output layer, in the last step

    def features(self, contexts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Contexts (B, n) -> x (B, n M), a = tanh(d + H x) (B, H), and what the output layer sees of them (B, F)."""
        x = self.lookup[contexts].flatten(1)
        a = torch.tanh(F.linear(x, self.hidden, self.hidden_bias))
        return x, a, torch.cat([a, x], 1) if self.direct else a

    @torch.no_grad()
    def slopes(self, contexts: Tensor, targets: Tensor) -> Slopes:
        """Both phases for the words `targets` (B,) after `contexts` (B, n), int64."""
        x, a, features = self.features(contexts)
        loss, back, others = self._output(features, targets)
        back_a, back_x = back[:, : len(self.hidden)] * (1 - a * a), back[:, len(self.hidden) :]
        others |= {"hidden": back_a.T @ x, "hidden_bias": back_a.sum(0)}
        back_x = back_a @ self.hidden + (back_x if self.direct else 0)
        rows, places = self._read(contexts.flatten())
        lookup = self.lookup.new_zeros(len(rows), self.lookup.shape[1])
        lookup.index_add_(0, places, back_x.view(len(places), -1))
        return Slopes(loss, rows, lookup, others)

    def _output(self, features: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """The output layer, there and back: the loss, and its gradient of the features (B, F), of [U W] and b.

        The gradient of the scores is chances - (1 at the target), of which the second part is kept apart, exactly.
        """
        began, count, share = self.now(), len(targets), 1 / len(targets)
        seen, weights = self._filled(features), self._narrow(self.output)
        chances = self._chances(seen, weights)  # (B and some, V)
        loss = -chances[:count].gather(1, targets[:, None]).to(features).log().mean()
        back = (chances @ weights)[:count].to(features).sub_(self.output[targets]).mul_(share)
        output = (chances.T @ (seen * share)).to(features).index_add_(0, targets, features, alpha=-share)
        each = torch.full_like(features[:, :1], share)
        bias = (self._filled(each).T @ chances)[0].to(features).index_add_(0, targets, each[:, 0], alpha=-1)
        self.seconds = self.now() - began
        return loss, back, {"output": output, "output_bias": bias}

    def _chances(self, seen: Tensor, weights: Tensor) -> Tensor:
        """softmax(b + [U W] features), (B, V), on a processor in the memory of the scores."""
        scores = torch.addmm(self.output_bias.to(seen.dtype), seen, weights.T)
        return torch.softmax(scores, 1, out=None if scores.is_cuda else scores)

    def _filled(self, x: Tensor) -> Tensor:
        """(B, F), narrow, with rows of zeros up to a multiple of _ROWS: they move nothing."""
        return F.pad(self._narrow(x), (0, 0, 0, -len(x) % _ROWS))

    def _narrow(self, x: Tensor) -> Tensor:
        with half(x.device):
            kind = x.device.type
            return x.to(torch.get_autocast_dtype(kind)) if torch.is_autocast_enabled(kind) else x

    def _read(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """The different rows of C among ids (n,), in order (R,), and which of these each id is (n,)."""
        there = torch.zeros(len(self.lookup), dtype=torch.bool, device=ids.device)
        there[ids] = True
        return there.nonzero().flatten(), (there.cumsum(0) - 1)[ids]

    @torch.no_grad()
    def nats(self, contexts: Tensor, targets: Tensor) -> Tensor:
        """(B,): what it costs to guess each word, as precisely as in training."""
        chances = self._chances(self._filled(self.features(contexts)[2]), self._narrow(self.output))
        return -chances[: len(targets)].gather(1, targets[:, None]).flatten().to(self.output).log()

    @torch.no_grad()
    def guess(self, contexts: Tensor) -> Tensor:
        """(B, V), in full precision: how likely each word is."""
        return F.linear(self.features(contexts)[2], self.output, self.output_bias).softmax(1)

    def now(self) -> float:
        """Seconds of a clock; a GPU has done by then what it was given."""
        if self.lookup.is_cuda:
            torch.cuda.synchronize()
        return time.perf_counter()


class Learning(Descent):
    """Descent by the gradient that the network works out itself.

    Of C only the rows move that were read, and what AdamW keeps of them; so a step costs no more where words are many.
    decay draws the weights to zero, not the biases (section 2, R), and of C the rows that move.
    """

    network: Network

    def __init__(self, network: Network, lr: float, steps: int, decay: float):
        super().__init__(network, lr, steps)
        self.decay, self.seconds = decay, 0.0  # of the output layer in the last step, its weights' move included
        drawn = [weight for weight in network.parameters() if weight.ndim > 1]
        biases = [weight for weight in network.parameters() if weight.ndim == 1]
        groups = [{"params": drawn, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]
        self._adamw = torch.optim.AdamW(groups, betas=(_MEAN, _SQUARE), eps=_LEAST, fused=True)

    def learn(self, contexts: Tensor, targets: Tensor) -> float:
        """One step; returns the loss. Raises Problem, the weights unmoved, if it is not a number."""
        slopes = self.network.slopes(contexts, targets)
        loss, rate = slopes.loss.item(), self.lr * self._share()
        if not math.isfinite(loss):
            sentence = marked("At step {step} the loss was no longer a number: choose a learning rate below {lr}.")
            raise Problem(sentence, step=self.done + 1, lr=self.lr)
        began = self.network.now()
        for name, slope in slopes.others.items():
            getattr(self.network, name).grad = slope
        for group in self._adamw.param_groups:
            group["lr"] = rate
        self._adamw.step()
        outer = slopes.others["output"].numel() / sum(slope.numel() for slope in slopes.others.values())
        self.seconds = self.network.seconds + outer * (self.network.now() - began)
        self.done += 1
        self._move(slopes.rows, slopes.lookup, rate)
        return loss

    @torch.no_grad()
    def _move(self, rows: Tensor, slope: Tensor, rate: float) -> None:
        """AdamW, for these rows of C alone."""
        table, kept = self.network.lookup, self._adamw.state[self.network.lookup]
        if not kept:
            kept |= {"exp_avg": torch.zeros_like(table), "exp_avg_sq": torch.zeros_like(table)}
        mean = kept["exp_avg"][rows].lerp_(slope, 1 - _MEAN)
        square = kept["exp_avg_sq"][rows].lerp_(slope * slope, 1 - _SQUARE)
        kept["exp_avg"][rows], kept["exp_avg_sq"][rows] = mean, square
        scale = (square / (1 - _SQUARE**self.done)).sqrt_().add_(_LEAST)
        step = mean.div_(1 - _MEAN**self.done).div_(scale)
        table[rows] = table[rows].mul_(1 - rate * self.decay).sub_(step, alpha=rate)
        table[-1] = 0
