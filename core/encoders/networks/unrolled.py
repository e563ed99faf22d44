"""LSTM layers as one piece: all their steps forward, and all the way back, written out.

torch keeps a graph of every step and takes the slope of each weight once a step; here that of a weight is one product
over all steps, which is most of what a small network on a processor can save. Hochreiter and Schmidhuber (1997), Long
short-term memory, in torch's order of the gates: c = f c + i g, h = o tanh c. The attention is that of CoVe's decoder.

Shapes: S steps, B batch, H width of a layer, T words that are looked at, L layers.
"""

from typing import Any

import torch
from torch import Tensor

_SHUT = 1e4  # a sum so far from 0 that its gate is wholly shut or open


class _Cells:
    """The steps of one layer. gates (S, *, 4 H) hold the sums of each step until it is taken; kept and said (*, H)."""

    def __init__(self, gates: Tensor, start: Tensor):
        self.gates, self.start, wide = gates, start, start.shape[-1]
        self.kept, self.shown = (start.new_empty(len(gates), *start.shape) for _ in range(2))
        parts = (gates[..., : 2 * wide], gates[..., 3 * wide :], *gates.split(wide, -1), self.kept, self.shown)
        self.sums = gates.unbind()
        self._steps = list(zip(*(part.unbind() for part in parts)))

    def step(self, s: int, said: Tensor) -> None:
        """Turn the sums of a step into gates, and write what is said after it, (*, H)."""
        first, last, i, f, g, o, kept, shown = self._steps[s]
        first.sigmoid_()
        last.sigmoid_()
        torch.mul(f, self._steps[s - 1][-2] if s else self.start, out=kept).addcmul_(i, g.tanh_())
        torch.mul(o, torch.tanh(kept, out=shown), out=said)

    def turn(self) -> None:
        """Make ready for the way back: slopes (S, *, 4 H), as yet without what comes from above."""
        self.slopes, wide = self.gates * (1 - self.gates), self.start.shape[-1]
        i, f, g, o = self.gates.split(wide, -1)
        parts = self.slopes.split(wide, -1)
        parts[0].mul_(g)
        parts[1][1:].mul_(self.kept[:-1])
        parts[1][0].mul_(self.start)
        torch.mul(i, 1 - g * g, out=parts[2])
        parts[3].mul_(self.shown)
        inner, rise = self.slopes[..., : 3 * wide].unflatten(-1, (3, wide)), o * (1 - self.shown * self.shown)
        self._backs = list(zip(*(each.unbind() for each in (self.slopes, rise, inner, parts[3], f))))

    def back(self, s: int, said: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Slopes of what step s says and keeps, (*, H) -> those of its sums, (*, 4 H), and of what it found kept."""
        slopes, rise, inner, outer, forget = self._backs[s]
        kept = torch.addcmul(kept, said, rise)
        inner.mul_(kept.unsqueeze(-2))
        outer.mul_(said)
        return slopes, kept * forget


class _Both(torch.autograd.Function):
    """sums (2, S, B, 4 H), weight (2, 4 H, H) -> what is said (2, S, B, H), and what is kept at the end (2, B, H)."""

    @staticmethod
    def forward(context: Any, sums: Tensor, weight: Tensor, narrow: torch.dtype) -> tuple[Tensor, Tensor]:
        two, steps, batch, wide = sums.shape
        said = sums.new_zeros(steps + 1, two, batch, wide // 4)
        cells, turned = _Cells(sums.new_empty(steps, two, batch, wide), said[0]), weight.transpose(1, 2).contiguous()
        says = said.unbind()
        for s, sum_ in enumerate(sums.unbind(1)):
            torch.baddbmm(sum_, says[s], turned, out=cells.sums[s])
            cells.step(s, says[s + 1])
        context.cells, context.narrow = cells, narrow
        context.save_for_backward(said, weight)
        return said[1:].transpose(0, 1), cells.kept[-1]

    @staticmethod
    def backward(context: Any, *above: Tensor) -> Any:
        (said, weight), cells = context.saved_tensors, context.cells
        saying, kept = above
        cells.turn()
        says = saying.unbind(1)
        slope = says[-1]
        for s in reversed(range(len(says))):
            slopes, kept = cells.back(s, slope, kept)
            if s:
                slope = torch.baddbmm(says[s - 1], slopes, weight)
        slopes = cells.slopes.transpose(0, 1)
        long, short = (each.flatten(1, 2).to(context.narrow) for each in (slopes, said[:-1].transpose(0, 1)))
        return slopes, (long.transpose(1, 2) @ short).float(), None


def both(x: Tensor, lengths: Tensor, layer: Any) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """A bidirectional nn.LSTM of one layer on x (B, T, D), of which lengths (B,) count -> (B, T, 2 H), and h and c of
    both directions side by side, (B, 2 H) each, when it has read all. What is behind a sentence is of no effect."""
    batch, steps, _ = x.shape
    into, bias, more, weight = (
        torch.stack([getattr(layer, f"{name}_l0"), getattr(layer, f"{name}_l0_reverse")])
        for name in ("weight_ih", "bias_ih", "bias_hh", "weight_hh")
    )
    x = x.transpose(0, 1)
    x = torch.stack([x, x.flip(0)]).flatten(1, 2)  # (2, T B, D): the second direction begins at the end
    sums = torch.baddbmm((bias + more)[:, None], x, into.transpose(1, 2)).unflatten(1, (steps, batch)).float()
    outside = torch.arange(steps, device=x.device)[:, None] >= lengths  # (T, B)
    if outside.any():
        shut = sums.new_tensor([-_SHUT, _SHUT, 0, 0]).repeat_interleave(weight.shape[-1])
        sums = sums + torch.stack([outside, outside.flip(0)]).float()[..., None] * shut
    with torch.autocast(x.device.type, enabled=False):
        said, kept = _Both.apply(sums, weight, _narrow(x))  # type: ignore[no-untyped-call]
    last = torch.cat([said[0, lengths - 1, torch.arange(batch, device=x.device)], said[1, -1]], -1)
    return torch.cat([said[0], said[1].flip(0)], -1).transpose(0, 1), (last, torch.cat([*kept], -1))


class _Writes(torch.autograd.Function):
    """The decoder's steps: see `write`. many: for each layer h and c before, its weights (4 H, 2 H) and its bias."""

    @staticmethod
    def forward(context: Any, sums: Tensor, keys: Tensor, logs: Tensor, values: Tensor, join: Tensor,
                narrow: torch.dtype, *many: Tensor) -> Tensor:  # fmt: skip
        steps, batch, wide = len(sums), sums.shape[1], values.shape[-1]
        states = [many[4 * place : 4 * place + 4] for place in range(len(many) // 4)]
        cells = [_Cells(torch.empty_like(sums), state[1]) for state in states]
        reads = [sums.new_zeros(steps + 1, batch, 2 * wide, dtype=narrow) for _ in states]
        weights, said = [state[2].to(narrow) for state in states], torch.empty_like(states[0][0])
        looks, mixed = sums.new_empty(steps, batch, keys.shape[1], 1), sums.new_empty(steps, batch, wide)
        turned, flipped = [weight.T for weight in weights], join.T
        places = [[(whole, whole[:, :wide], whole[:, wide:]) for whole in read.unbind()] for read in reads]
        for slots, state in zip(places, states):
            slots[0][2].copy_(state[0])
        for s, (sum_, look, mix) in enumerate(zip(sums.unbind(), looks.unbind(), mixed.unbind())):
            for place, cell in enumerate(cells):
                if place:
                    places[place][s][1].copy_(said)
                    sum_ = states[place][3]
                cell.sums[s].copy_(torch.mm(places[place][s][0], turned[place])).add_(sum_)
                cell.step(s, said)
                places[place][s + 1][2].copy_(said)
            torch.softmax(torch.baddbmm(logs, keys, said.unsqueeze(2)), 1, out=look)
            taken = torch.bmm(look.transpose(1, 2), values).squeeze(1)
            places[0][s + 1][1].copy_(torch.tanh(torch.addmm(taken, said, flipped), out=mix))
        context.cells = cells
        context.save_for_backward(keys, values, join, looks, mixed, *reads, *weights)
        return mixed.clone()

    @staticmethod
    def backward(context: Any, *above: Tensor) -> Any:
        keys, values, join, looks, mixed, *rest = context.saved_tensors
        cells, weights = context.cells, rest[len(rest) // 2 :]
        joining, looking = 1 - mixed * mixed, torch.empty_like(looks)  # in turn slopes of tanh's sums and of scores
        for cell in cells:
            cell.turn()
        before = torch.zeros_like(mixed[0])
        saids, kepts = ([torch.zeros_like(before) for _ in cells] for _ in range(2))
        steps = list(zip(above[0].unbind(), joining.unbind(), looks.unbind(), looking.unbind()))
        for s in reversed(range(len(steps))):
            over, joined, look, scored = steps[s]
            joined.mul_(over + before)
            weighed = torch.bmm(values, joined.unsqueeze(2)).mul_(look)
            torch.addcmul(weighed, look, weighed.sum(1, keepdim=True), value=-1, out=scored)
            said = torch.addmm(saids[-1], joined, join)
            said = torch.baddbmm(said.unsqueeze(1), scored.transpose(1, 2), keys).squeeze(1)
            for place in reversed(range(len(cells))):
                slopes, kepts[place] = cells[place].back(s, said, kepts[place])
                below = torch.mm(slopes.to(weights[place].dtype), weights[place]).float()
                before, saids[place] = below.chunk(2, -1)
                said = saids[place - 1] + before if place else before
        return _Writes._whole(context, joining, looking, saids, kepts)

    @staticmethod
    def _whole(context: Any, joining: Tensor, looking: Tensor, saids: list[Tensor], kepts: list[Tensor]) -> Any:
        """The slopes of all that goes in, each one product over all steps."""
        _keys, _values, _join, looks, mixed, *rest = context.saved_tensors
        reads, wide = rest[: len(rest) // 2], mixed.shape[-1]
        top = reads[-1][1:, :, wide:]

        def over(one: Tensor, other: Tensor) -> Tensor:
            return (one.flatten(0, 1).to(other.dtype).T @ other.flatten(0, 1)).float()

        of_keys, of_values = (
            torch.bmm(weights.squeeze(-1).permute(1, 2, 0), each.transpose(0, 1).float())
            for weights, each in ((looking, top), (looks, joining))
        )
        found = [context.cells[0].slopes, of_keys, looking.sum(0), of_values, over(joining, top), None]
        for place, (cell, read) in enumerate(zip(context.cells, reads)):
            bias = cell.slopes.sum((0, 1)) if place else None
            found += [saids[place], kepts[place], over(cell.slopes, read[:-1]), bias]
        return tuple(found)


def write(sums: Tensor, keys: Tensor, logs: Tensor, values: Tensor, join: Tensor, states: Any, weights: Any) -> Tensor:
    """A decoder that looks back at each step -> (S, B, H), tanh(values taken + join h).

    sums (S, B, 4 H): what each step gives to the gates of the first layer besides what was said before; keys and values
    (B, T, H), logs (B, T, 1): attention softmax(keys h + logs). states: h and c of each layer (B, H). weights: of each
    layer (4 H, 2 H), for what is below it (the step before, for the first) beside its own h, and a bias (4 H,).
    """
    many = [each for state, layer in zip(states, weights) for each in (*state, *layer)]
    with torch.autocast(sums.device.type, enabled=False):
        plain = (each.float() for each in (sums, keys, logs, values))
        found: Tensor = _Writes.apply(*plain, join, _narrow(sums), *many)  # type: ignore[no-untyped-call]
    return found


def _narrow(x: Tensor) -> torch.dtype:
    """What long products are made of."""
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else torch.float32
