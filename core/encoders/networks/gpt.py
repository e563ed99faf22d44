"""The arithmetic of GPT: a stack of causal transformer blocks over token and position embeddings.

Shapes: B batch, T tokens, D width, H heads, L layers, V words of the vocabulary.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.encoders.networks.rows import Rows
from core.encoders.networks.transformer import Block, Look, Past, half, nats


class Network(nn.Module):
    """Token and learned position embeddings, the blocks, and an output tied to the token embedding.

    The embedding has one row more than the vocabulary: a word outside it is read as that row, and never guessed.
    """

    def __init__(
        self, words: int, width: int, context: int, layers: int, heads: int, pre_norm: bool = True, gelu: str = "none",
        epsilon: float = 1e-5, inner: int = 0,
    ):  # fmt: skip
        super().__init__()
        self.embedding, self.position = (nn.Parameter(torch.randn(n, width) / width**0.5) for n in (words + 1, context))
        self.blocks = nn.ModuleList(Block(width, heads, pre_norm, gelu, epsilon, inner) for _ in range(layers))
        self.norm = nn.LayerNorm(width, epsilon) if pre_norm else nn.Identity()

    def begin(self, ids: Tensor, before: int = 0) -> Tensor:
        """(B, T) -> (B, T, D): what goes into the first block, for tokens that stand behind `before` others."""
        return F.embedding(ids, self.embedding) + self.position[before : before + ids.shape[1]]

    def enter(self, rows: Rows, placed: bool = True) -> tuple[Tensor, Tensor]:
        """What goes into the first block (B, T, D), and the mask of attention; without `placed`, no positions."""
        ids = torch.from_numpy(rows.ids).to(self.embedding.device)
        return self.begin(ids) if placed else F.embedding(ids, self.embedding), causal(ids.shape[1], ids)

    def scores_at(self, stream: Tensor) -> Tensor:
        """(..., D) of the last stream -> (..., V): what softmax makes the probability of each word to come next."""
        return F.linear(stream, self.embedding[:-1])

    def words_after(self, stream: Tensor) -> Tensor:
        """(..., D) of the last stream -> (..., V): the probability of each word to come next."""
        return self.scores_at(stream).softmax(-1)

    def loss(self, ids: np.ndarray, starts: np.ndarray, length: int) -> Tensor:
        """Mean nats to guess each next token in the windows of `length` that begin at `starts`; V is not guessed."""
        windows = torch.from_numpy(ids[starts[:, None] + np.arange(length + 1)].astype(np.int64))  # (B, T + 1)
        windows = windows.to(self.embedding.device)
        x, mask, targets = self.begin(windows[:, :-1]), causal(length, windows), windows[:, 1:].flatten()
        with half(windows.device):
            for block in self.blocks:
                x = block(x, mask)
            x, words = self.norm(x).flatten(0, 1), len(self.embedding) - 1
            if not bool((known := targets < words).all()):
                x, targets = x[known], targets[known]
            return nats(x, self.embedding, None, targets, words)

    measure = torch.no_grad()(loss)

    @torch.no_grad()
    def look(self, rows: Rows, off: Sequence[tuple[int, int]] = (), placed: bool = True) -> tuple[Tensor, list[Look]]:
        """Streams (L + 1, B, T, D), the first the token embedding alone, and what each block did; in full precision.

        Texts may be filled up behind, where none looks. off: (layer, head) of the heads that are to be silent. placed:
        whether the network is told where each token stands.
        """
        ids = torch.from_numpy(rows.ids).to(self.embedding.device)
        x, mask = self.enter(rows, placed)
        streams, looks = [F.embedding(ids, self.embedding)], []
        for layer, block in enumerate(self.blocks):
            looks.append(Look(tuple(head for there, head in off if there == layer)))
            x = block(x, mask, look=looks[-1])
            streams.append(x)
        return torch.stack([*streams[:-1], self.norm(x)]), looks

    @torch.no_grad()
    def follow(self, ids: np.ndarray, past: list[Past]) -> Tensor:
        """int64 (n,) -> (V,): the probability of each word after these tokens and those that `past` is of.

        past: one for each layer, new ones at the start of a text; they take these tokens up.
        """
        before = past[0].tokens
        x = self.begin(torch.from_numpy(ids)[None].to(self.embedding.device), before)
        mask = causal(before + len(ids), x)[before:]
        for block, each in zip(self.blocks, past):
            x = block(x, mask, past=each)
        return self.words_after(self.norm(x)[0, -1])


def causal(tokens: int, like: Tensor) -> Tensor:
    """(T, T): -inf where a token would look at one behind it."""
    return torch.full((tokens, tokens), -torch.inf, device=like.device).triu(1)
