"""The arithmetic of BERT: transformer blocks that see both sides, a guess at masked words and one at the next sentence.

Shapes: B batch, T tokens, R masked tokens of a row at most, D width, H heads, L layers, V words of the vocabulary.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.encoders.networks.rows import SPECIALS, Rows
from core.encoders.networks.transformer import Block, Look, half, nats, right


class Network(nn.Module):
    """Token, position and segment embeddings, the blocks, the head of masked words and that of the next sentence.

    The embedding has a row for each special symbol behind the vocabulary; they are read and never guessed.
    """

    def __init__(
        self, words: int, width: int, context: int, layers: int, heads: int, pre_norm: bool = True,
        epsilon: float = 1e-5, gelu: str = "none", inner: int = 0,
    ):  # fmt: skip
        super().__init__()
        self.words = words
        self.embedding = nn.Parameter(torch.randn(words + len(SPECIALS), width) / width**0.5)
        self.position, self.segment = (nn.Parameter(torch.randn(n, width) / width**0.5) for n in (context, 2))
        self.norm_embedding = nn.LayerNorm(width, epsilon)
        self.norm = nn.LayerNorm(width, epsilon) if pre_norm else nn.Identity()  # of the last stream
        self.blocks = nn.ModuleList(Block(width, heads, pre_norm, gelu, epsilon, inner) for _ in range(layers))
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(gelu), nn.LayerNorm(width, epsilon))
        self.bias = nn.Parameter(torch.zeros(words))
        self.pool, self.next = nn.Linear(width, width), nn.Linear(width, 2)

    @torch.no_grad()
    def expect(self, counts: np.ndarray) -> None:
        """Begin by guessing by frequency, counts (V,), rather than learn that first: the bias is the log of a share."""
        self.bias.copy_(torch.from_numpy(np.log((counts + 1) / (counts + 1).sum())))

    def begin(self, ids: Tensor, segments: Tensor, placed: bool = True) -> Tensor:
        """(B, T), (B, T) -> (B, T, D): what goes into the first block; without `placed`, no positions."""
        x = F.embedding(ids, self.embedding) + F.embedding(segments, self.segment)
        return self.norm_embedding(x + self.position[: ids.shape[1]] if placed else x)

    def enter(self, rows: Rows, placed: bool = True) -> tuple[Tensor, Tensor | None]:
        """What goes into the first block (B, T, D), and the mask of attention, None if nothing is padding."""
        ids, segments = (torch.from_numpy(x).to(self.embedding.device) for x in (rows.ids, rows.segments))
        return self.begin(ids, segments, placed), padding(rows.lengths, ids)

    def heads_of(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """The last stream of [CLS] (B, D) and of the places to guess (n, D), row by row: of no other is it computed."""
        ids, segments, places = (
            torch.from_numpy(x).to(self.bias.device) for x in (rows.ids, rows.segments, rows.places)
        )
        mask = padding(rows.lengths, ids)
        x = self.begin(ids, segments)
        for block in self.blocks[:-1]:
            x = block(x, mask)
        x = self.norm(self.blocks[-1](x, mask, places))  # (B, 1 + R, D)
        return x[:, 0], x[:, 1:][torch.from_numpy(rows.targets >= 0).to(x.device)]

    def losses(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """Mean nats to guess a masked word, and to tell whether the second segment follows; 0 where none is asked."""
        with half(self.bias.device):
            first, guessed = self.heads_of(rows)
            masked = nats(self.transform(guessed), self.embedding, self.bias, _asked(rows.targets, first), self.words)
            asked = torch.from_numpy(rows.follows >= 0)
            if not asked.any():
                return masked, masked * 0
            scores = self.next(self.pool(first).tanh()).float()
            return masked, F.cross_entropy(scores, torch.from_numpy(rows.follows).to(scores.device), ignore_index=-1)

    @torch.no_grad()
    def look(self, rows: Rows, off: Sequence[tuple[int, int]] = (), placed: bool = True) -> tuple[Tensor, list[Look]]:
        """Streams (L + 1, B, T, D), the first the token embedding alone, and what each block did; in full precision.

        off: (layer, head) of the heads that are to be silent. placed: whether it is told where each token stands.
        """
        ids = torch.from_numpy(rows.ids).to(self.embedding.device)
        x, mask = self.enter(rows, placed)
        streams, looks = [F.embedding(ids, self.embedding)], []
        for layer, block in enumerate(self.blocks):
            looks.append(Look(tuple(head for there, head in off if there == layer)))
            x = block(x, mask, look=looks[-1])
            streams.append(x)
        return torch.stack([*streams[:-1], self.norm(x)]), looks

    def scores_at(self, stream: Tensor) -> Tensor:
        """(..., D) of the last stream -> (..., V): what softmax makes the probability of each word there."""
        return F.linear(self.transform(stream), self.embedding[: self.words], self.bias)

    @torch.no_grad()
    def words_at(self, stream: Tensor) -> Tensor:
        """(n, D) of the last stream -> (n, V): the probability of each word there."""
        return self.scores_at(stream).softmax(-1)

    @torch.no_grad()
    def follows(self, stream: Tensor) -> Tensor:
        """(n, D) of the last stream at [CLS] -> (n,): the probability that the second segment follows the first."""
        return self.next(self.pool(stream).tanh()).softmax(-1)[:, 1]

    @torch.no_grad()
    def measure(self, rows: Rows) -> dict[str, float]:
        """Losses in nats and the shares of right guesses: of masked words, and of next sentences if they are asked."""
        with half(self.bias.device):
            first, guessed = self.heads_of(rows)
            asked = self.transform(guessed), self.embedding, self.bias, _asked(rows.targets, first), self.words
            found = {"held_out": nats(*asked).item(), "masked_accuracy": right(*asked)}
            if (rows.follows >= 0).any():
                scores, follows = self.next(self.pool(first).tanh()).float(), _asked(rows.follows, first)
                found["next_sentence_loss"] = F.cross_entropy(scores, follows).item()
                found["next_sentence_accuracy"] = float((scores.argmax(-1) == follows).float().mean())
        return found


def _asked(targets: np.ndarray, like: Tensor) -> Tensor:
    return torch.from_numpy(targets[targets >= 0]).to(like.device)


def padding(lengths: np.ndarray, ids: Tensor) -> Tensor | None:
    """(B, 1, 1, T): -inf over what is padding; None if nothing is."""
    if (lengths == ids.shape[1]).all():
        return None
    behind = torch.arange(ids.shape[1]) >= torch.from_numpy(lengths)[:, None]
    return torch.zeros(behind.shape).masked_fill(behind, -torch.inf)[:, None, None].to(ids.device)
