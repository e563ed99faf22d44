"""The arithmetic of CoVe: a sentence read from both ends, and a decoder that looks back at it while it translates.

McCann, Bradbury, Xiong and Socher (2017), section 3: a biLSTM encoder; an LSTM decoder fed with the word before and
with what it last looked at; attention softmax(H (W1 h + b1)). Luong, Pham and Manning (2015), Effective approaches to
attention-based neural machine translation: the same attention ("general", eq. 8), tanh(Wc [c; h]) (eq. 5) and input
feeding (section 3.3).

Shapes: B batch, T words of a sentence, U of a translation, D width, L layers, V words that can be guessed.
"""

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.encoders.networks import few_kernels, unrolled
from core.encoders.networks.sampled import sampled
from core.encoders.networks.transformer import half, nats

few_kernels()

END, UNKNOWN, BEGIN = range(3)  # rows behind the words of the translation's table; the end alone can be guessed
State = tuple[Tensor, Tensor]  # of one layer: what it says and what it keeps, (B, D) each


class Network(nn.Module):
    """embedding (words + 1, D): the sentence's words, last what stands for others. output (others + 3, D): those of the
    translation and its three symbols, which are read and guessed by the same table."""

    def __init__(self, words: int, others: int, width: int, layers: int):
        super().__init__()
        self.others = others
        self.embedding, self.output = (
            nn.Parameter(torch.randn(rows, width) / width**0.5) for rows in (words + 1, others + 3)
        )
        self.bias = nn.Parameter(torch.zeros(others + 1))
        self.reading = nn.ModuleList(
            nn.LSTM(width, width // 2, batch_first=True, bidirectional=True) for _ in range(layers)
        )
        self.writing = nn.ModuleList(nn.LSTMCell(width * (1 if place else 2), width) for place in range(layers))
        self.ask, self.join = nn.Linear(width, width), nn.Linear(2 * width, width)

    def read(self, x: Tensor, lengths: Tensor, rate: float = 0.0) -> tuple[list[Tensor], list[State]]:
        """(B, T, D), lengths int64 (B,) -> what each layer says, (B, T, D), and its states when it has read all.

        What stands behind a sentence's length changes nothing in it, and nothing there is of meaning.
        """
        found, states = [], []
        for layer in self.reading:
            x, state = unrolled.both(dropped(x, rate), lengths.to(x.device), layer)
            found.append(x)
            states.append(state)
        return found, states

    def step(
        self, word: Tensor, mixed: Tensor, states: list[State], memory: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, list[State], Tensor]:
        """One word of the translation (B, D), after `mixed` (B, D) and states -> mixed, states, attention (B, T).

        memory (B, T, D): the sentence as the top layer read it; mask: 0, or -inf behind its end.
        """
        x, after = torch.cat([word, mixed], -1), []
        for cell, state in zip(self.writing, states):
            after.append(cell(x, state))
            x = after[-1][0]
        scores = (memory @ self.ask(x)[:, :, None])[:, :, 0]
        looks = (scores if mask is None else scores + mask).softmax(-1)
        taken = (looks[:, None] @ memory)[:, 0]
        return self.join(torch.cat([taken, x], -1)).tanh(), after, looks

    def write(self, given: Tensor, memory: Tensor, states: list[State], lengths: Tensor, rate: float = 0.0) -> Tensor:
        """Words given (B, U), the true ones before each -> (B, U, D), from which the next one is guessed: all steps of
        `step` at once, with what does not change from one to the next taken out of them."""
        wide, cells, weights = memory.shape[-1], cast(list[nn.LSTMCell], list(self.writing)), []
        words = dropped(F.embedding(given, self.output), rate).transpose(0, 1)
        sums = F.linear(words, cells[0].weight_ih[:, :wide], cells[0].bias_ih + cells[0].bias_hh)
        for cell in cells:
            weights.append((torch.cat([cell.weight_ih[:, -wide:], cell.weight_hh], 1), cell.bias_ih + cell.bias_hh))
        inside = torch.arange(memory.shape[1], device=memory.device) < lengths[:, None]
        logs = (memory @ self.ask.bias).float().masked_fill(~inside, -torch.inf)[:, :, None]
        keys, values = memory @ self.ask.weight, F.linear(memory, self.join.weight[:, :wide], self.join.bias)
        found = unrolled.write(sums, keys, logs, values, self.join.weight[:, wide:], states, weights)
        return dropped(found.transpose(0, 1), rate)

    def both(self, pairs: "Pairs", rate: float = 0.0) -> tuple[Tensor, Tensor]:
        """(n, D), and the words to be guessed from it (n,), of a batch of pairs; others are no targets."""
        source, lengths, given, wanted = (torch.from_numpy(part).to(self.bias.device) for part in pairs)
        layers, states = self.read(F.embedding(source, self.embedding), lengths, rate)
        found = self.write(given, layers[-1], states, lengths, rate)
        return found[wanted >= 0], wanted[wanted >= 0]

    def loss(self, pairs: "Pairs", drawn: np.ndarray, chances: np.ndarray, rate: float) -> tuple[Tensor, Tensor]:
        """What to go down, and mean nats to guess a word.

        drawn int64 (S,): words drawn by `chances` float32 (V,), with which alone each true word is compared; of none
        drawn, the softmax is over the whole vocabulary. rate: the share of numbers left out by chance.
        """
        with half(self.bias.device):
            x, targets = self.both(pairs, rate)
            if len(drawn):
                words, logs = torch.from_numpy(drawn).to(x.device), torch.from_numpy(chances).log().to(x.device)
                return sampled(x, self.output, self.bias, targets, words, logs)
            loss = nats(x, self.output, self.bias, targets, len(self.bias))
        return loss, loss.detach()

    @torch.no_grad()
    def measure(self, pairs: "Pairs") -> Tensor:
        """Mean nats over the whole vocabulary."""
        with half(self.bias.device):
            x, targets = self.both(pairs)
            return nats(x, self.output, self.bias, targets, len(self.bias))

    @torch.no_grad()
    def look(self, ids: Tensor) -> Tensor:
        """(B, T) of sentences of one length -> (L + 1, B, T, D), in full precision; layer 0 is the embedding."""
        x = F.embedding(ids, self.embedding)
        lengths = torch.full((len(ids),), ids.shape[1])
        return torch.stack([x, *self.read(x, lengths)[0]])


Pairs = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""A batch, int64: source (B, T), its lengths (B,), given (B, U): BEGIN and the translation, and wanted (B, U): the
translation and END, -1 for what is no target."""


def dropped(x: Tensor, rate: float) -> Tensor:
    """Dropout, by 16 random bits a number: torch's own takes three times as long on a processor."""
    if not rate:
        return x
    words = torch.empty(x.numel() // 4 + 1, dtype=torch.int64, device=x.device).random_(-(2**63), None)
    lot = words.view(torch.int16)[: x.numel()].view(x.shape)  # those of at least `cut` stay
    cut = int(rate * 2**16) - 2**15
    return x * (lot.float() - (cut - 1)).clamp_(0, 1).mul_(1 / (1 - rate))


@torch.no_grad()
def translate(network: Network, ids: np.ndarray, beams: int, most: int) -> dict[str, Any]:
    """The translation of a sentence (T,) whose mean logarithm of probability is the largest found by a beam search.

    At least one word, at most `most`: ids list (U,), logs list (U,), attention float32 (U, T).
    """
    source = torch.from_numpy(ids)[None].to(network.bias.device)
    layers, states = network.read(F.embedding(source, network.embedding), torch.tensor([len(ids)]))
    alive: list[_Found] = [([], [], [])]
    ended: list[_Found] = []
    last, mixed = [network.others + BEGIN], torch.zeros_like(layers[-1][:, 0])
    for place in range(most):
        memory = layers[-1].expand(len(alive), -1, -1)
        mixed, states, looks = network.step(network.output[last], mixed, states, memory, None)
        logs = F.linear(mixed, network.output[: len(network.bias)], network.bias).log_softmax(-1)
        if place == 0:
            logs[:, network.others + END] = -torch.inf
        chosen = _best(logs + torch.tensor([[sum(found[1])] for found in alive], device=logs.device), 2 * beams)
        grown = []
        for row, word in chosen:
            words, before, seen = alive[row]
            longer = [*words, word], [*before, logs[row, word].item()], [*seen, looks[row]]
            if word == network.others + END:
                ended.append(longer)
            else:
                grown.append((row, longer))
        rows, alive = [row for row, _ in grown[:beams]], [found for _, found in grown[:beams]]
        if len(ended) >= beams or place == most - 1 or not alive:
            break
        last, mixed = [found[0][-1] for found in alive], mixed[rows]
        states = [(said[rows], kept[rows]) for said, kept in states]
    words, found, seen = max(ended or alive, key=lambda each: sum(each[1]) / len(each[1]))
    count = len(words) - (words[-1] == network.others + END)
    return {"ids": words[:count], "logs": found[:count], "attention": torch.stack(seen[:count]).cpu().numpy()}


_Found = tuple[list[int], list[float], list[Tensor]]


def _best(scores: Tensor, count: int) -> list[tuple[int, int]]:
    """The rows and columns of the largest finite scores, the largest first."""
    values, places = scores.flatten().topk(min(count, scores.numel()))
    return [divmod(place, scores.shape[1]) for place in places[values > -torch.inf].tolist()]
