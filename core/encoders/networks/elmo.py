"""The arithmetic of ELMo: two language models of LSTM layers, one reading forward and one backward.

Peters et al. (2018), section 3.1: both directions share the token layer and the softmax, the second layer adds to the
first (section 3.4). Kim, Jernite, Sontag and Rush (2016), Character-aware neural language models: words from letters.

Shapes: B batch, T tokens, D width, L layers, C letters of a word, S sampled words, V words of the vocabulary.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.encoders.networks import few_kernels
from core.encoders.networks.sampled import sampled
from core.encoders.networks.transformer import half, nats

few_kernels()

LETTER = 16  # numbers that stand for one letter
FILTERS = ((1, 16), (2, 32), (3, 48), (4, 48), (5, 48))  # letters that a filter sees, and how many filters
State = tuple[Tensor, Tensor]  # of one LSTM layer: what it says and what it keeps, (1, B, D) each


class Letters(nn.Module):
    """A word from its letters: the strongest answer of each filter, a highway layer, the width of a token."""

    def __init__(self, alphabet: int, width: int):
        super().__init__()
        size = sum(count for _, count in FILTERS)
        self.letters = nn.Embedding(alphabet, LETTER, padding_idx=0)
        self.filters = nn.ModuleList(nn.Conv1d(LETTER, count, seen) for seen, count in FILTERS)
        self.gate, self.change, self.join = nn.Linear(size, size), nn.Linear(size, size), nn.Linear(size, width)

    def forward(self, spelled: Tensor) -> Tensor:
        """(n, C) -> (n, D)."""
        x = self.letters(spelled).transpose(1, 2)  # (n, LETTER, C)
        x = torch.cat([each(x).amax(2) for each in self.filters], 1).relu()
        gate = self.gate(x).sigmoid()
        joined: Tensor = self.join(gate * self.change(x).relu() + (1 - gate) * x)
        return joined


class Network(nn.Module):
    """The token layer, the LSTM layers of both directions, and one softmax for both.

    The embedding has one row more than the vocabulary: a word outside it, which is never guessed. It is the softmax's
    table too. With letters (alphabet > 0) it is that alone, and the token layer spells.
    """

    def __init__(self, words: int, width: int, layers: int, alphabet: int = 0):
        super().__init__()
        self.embedding, self.bias = (
            nn.Parameter(torch.randn(words + 1, width) / width**0.5),
            nn.Parameter(torch.zeros(words)),
        )
        self.letters = Letters(alphabet, width) if alphabet else None
        self.ahead, self.back = (
            nn.ModuleList(nn.LSTM(width, width, batch_first=True) for _ in range(layers)) for _ in range(2)
        )

    def tokens(self, ids: Tensor, spelling: Tensor | None = None) -> Tensor:
        """(B, T) -> (B, T, D): the token layer; spelling (V + 1, C): the letters of each id, each spelled once."""
        if self.letters is None or spelling is None:
            return F.embedding(ids, self.embedding)
        once, back = torch.unique(ids, return_inverse=True)
        return F.embedding(back, self.letters(spelling[once]))

    def layers(self, stack: nn.ModuleList, x: Tensor, before: list[State] | None = None) -> tuple[list[Tensor], list]:
        """(B, T, D) -> what each layer says, (B, T, D), and the states behind the last token.

        From the second on a layer adds to the one below it.
        """
        found, states = [], []
        for place, layer in enumerate(stack):
            y, state = layer(x, before[place] if before else None)
            x = y + x if place else y
            found.append(x)
            states.append(state)
        return found, states

    def both(self, windows: Tensor, spelling: Tensor | None) -> tuple[Tensor, Tensor]:
        """Windows (B, T + 1) -> what the top layers say (n, D), and the words to be guessed from it (n,).

        Forward from all tokens but the last to the next one, backward from all but the first to the one before.
        """
        windows = windows.T.contiguous()  # (T + 1, B), as an LSTM goes through them
        x = self.tokens(windows, spelling).transpose(0, 1)
        ahead = self.layers(self.ahead, x[:, :-1])[0][-1]
        back = self.layers(self.back, x[:, 1:].flip(1))[0][-1]
        found = torch.cat([ahead.transpose(0, 1), back.transpose(0, 1)]).flatten(0, 1)
        targets = torch.cat([windows[1:], windows[:-1].flip(0)]).flatten()
        known = (targets < len(self.bias)).nonzero()[:, 0]
        return F.embedding(known, found), targets[known]

    def loss(
        self, windows: np.ndarray, spelling: Tensor | None, drawn: np.ndarray, chances: np.ndarray
    ) -> tuple[Tensor, Tensor]:
        """What to go down, and mean nats to guess a word, the mean of both directions.

        drawn int64 (S,): words drawn by `chances` float32 (V,), with which alone each true word is compared; the nats
        are then estimated from them. Of none drawn, the softmax is over the whole vocabulary.
        """
        with half(self.embedding.device):
            x, targets = self.both(torch.from_numpy(windows).to(self.embedding.device), spelling)
            if len(drawn):
                words, logs = torch.from_numpy(drawn), torch.from_numpy(chances).log()
                return sampled(x, self.embedding, self.bias, targets, words.to(x.device), logs.to(x.device))
            loss = nats(x, self.embedding, self.bias, targets, len(self.bias))
        return loss, loss.detach()

    @torch.no_grad()
    def measure(self, windows: np.ndarray, spelling: Tensor | None) -> Tensor:
        """Mean nats over the whole vocabulary."""
        with half(self.embedding.device):
            x, targets = self.both(torch.from_numpy(windows).to(self.embedding.device), spelling)
            return nats(x, self.embedding, self.bias, targets, len(self.bias))

    @torch.no_grad()
    def look(self, x: Tensor) -> Tensor:
        """(B, T, D) of the token layer -> (L + 1, B, T, 2 D), forward beside backward, in full precision."""
        ahead, back = (self.layers(*each)[0] for each in ((self.ahead, x), (self.back, x.flip(1))))
        pairs = [(x, x), *((one, other.flip(1)) for one, other in zip(ahead, back))]
        return torch.stack([torch.cat(pair, -1) for pair in pairs])

    @torch.no_grad()
    def follow(self, x: Tensor, before: list[State] | None, *, back: bool = False) -> tuple[Tensor, list[State]]:
        """(1, T, D) of the token layer, after `before` -> (V,): the chances of each word to come next, and the states.

        back: read backward, so that the next word is the one before the text.
        """
        found, states = self.layers(self.back if back else self.ahead, x.flip(1) if back else x, before)
        return F.linear(found[-1][0, -1], self.embedding[:-1], self.bias).softmax(-1), states
