"""The arithmetic of GPT: a stack of causal transformer blocks over token and position embeddings.

Attention is an explicit product and softmax: what a page shows is the very array that the model computed, and on a
processor it is faster than the fused kernel at these lengths.

Shapes: B batch, T tokens, D width, H heads, L layers, V words of the vocabulary.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

_BFLOAT16 = bool(torch.cpu.get_capabilities().get("avx512_bf16"))  # elsewhere it is emulated, and slower than float32


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)): the norms stand in front, as from GPT-2 on, and train steadily."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads, self.norm_attention, self.norm_mlp = heads, nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU("tanh"), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, D) -> (B, T, D), and how each token looked at the others, (B, H, T, T)."""
        batch, tokens, width = x.shape
        split = self.query_key_value(self.norm_attention(x)).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # (B, H, T, D / H) each
        scores = query @ key.transpose(-2, -1) * (width // self.heads) ** -0.5  # (B, H, T, T)
        attention = (scores + torch.full_like(scores[0, 0], -torch.inf).triu(1)).softmax(-1, dtype=scores.dtype)
        x = x + self.join((attention @ value).transpose(1, 2).reshape(x.shape))  # (B, T, D)
        return x + self.mlp(self.norm_mlp(x)), attention


class Network(nn.Module):
    """Token and learned position embeddings, the blocks, and an output tied to the token embedding.

    The embedding has one row more than the vocabulary: a word outside it is read as that row, and never guessed.
    """

    def __init__(self, words: int, width: int, context: int, layers: int, heads: int):
        super().__init__()
        self.embedding, self.position = (nn.Parameter(torch.randn(n, width) / width**0.5) for n in (words + 1, context))
        self.blocks, self.norm = nn.ModuleList(Block(width, heads) for _ in range(layers)), nn.LayerNorm(width)

    def forward(self, ids: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """(B, T) -> L + 1 streams (B, T, D), the first the bare token embedding, and L attentions (B, H, T, T)."""
        streams, attentions = [F.embedding(ids, self.embedding)], list[Tensor]()
        x = streams[0] + self.position[: ids.shape[1]]
        for block in self.blocks:
            x, attention = block(x)
            streams, attentions = [*streams, x], [*attentions, attention]
        return streams, attentions

    def logits(self, stream: Tensor) -> Tensor:
        """(..., D) of the last stream -> (..., V): how much each word is expected next."""
        return F.linear(self.norm(stream), self.embedding[:-1])

    def loss(self, ids: np.ndarray, starts: np.ndarray, length: int) -> Tensor:
        """Mean nats to guess each next token in the windows of `length` that begin at `starts`; V is not guessed."""
        windows = torch.from_numpy(ids[starts[:, None] + np.arange(length + 1)].astype(np.int64))  # (B, T + 1)
        with torch.autocast("cpu", torch.bfloat16, enabled=_BFLOAT16):
            logits = self.logits(self(windows[:, :-1])[0][-1]).flatten(0, 1).float()  # (B T, V)
        targets, words = windows[:, 1:].flatten(), logits.shape[1]
        nats = F.cross_entropy(logits, targets, ignore_index=words, reduction="sum")
        return nats / (targets < words).sum().clamp(min=1)

    measure = torch.no_grad()(loss)

    @torch.no_grad()
    def look(self, texts: list[np.ndarray]) -> tuple[list[Tensor], list[Tensor]]:
        """`forward` for texts of any length up to the context; short ones are filled up behind, where none looks."""
        return self(nn.utils.rnn.pad_sequence([torch.tensor(text) for text in texts], batch_first=True))
