"""The block that GPT and BERT are made of, and what makes it fast: half precision, places, a loss that keeps no scores.

Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin (2017), Attention is all you need: scaled
dot-product attention (eq. 1), several heads (section 3.2.2), a layer of its own for each token (eq. 2). The norms stand
behind each part as there (post-norm), or in front of it as from GPT-2 on (pre-norm), which trains steadily.

Shapes: B batch, T tokens, R tokens whose outputs are asked for, D width, H heads, V words of the vocabulary.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

_BFLOAT16 = bool(torch.cpu.get_capabilities().get("avx512_bf16"))  # elsewhere it is emulated, and slower than float32
_SCORES = 1 << 22  # numbers of a table of scores that is worked on at once


def device() -> torch.device:
    """Where networks learn: the first GPU that torch knows, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half(where: torch.device) -> AbstractContextManager[Any]:
    """Products in bfloat16 where the hardware multiplies it faster; sums, norms and weights stay in float32."""
    able = torch.cuda.is_bf16_supported() if where.type == "cuda" else _BFLOAT16
    return torch.autocast(where.type, torch.bfloat16, enabled=able)


@dataclass
class Look:
    """What a block did, for those who look: `off` names heads that are to be silent; the rest is written by the block.

    query, key, value (B, H, T, D / H); attention (B, H, T, T), rows sum to 1.
    """

    off: tuple[int, ...] = ()
    query: Any = None
    key: Any = None
    value: Any = None
    attention: Any = None


@dataclass
class Past:
    """The keys and values of the tokens that came before (B, H, T, D / H), so that they need not be computed again."""

    key: Any = None
    value: Any = None

    @property
    def tokens(self) -> int:
        return 0 if self.key is None else int(self.key.shape[2])

    def add(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Take up further tokens; all keys and values."""
        if self.tokens:
            key, value = torch.cat([self.key, key], 2), torch.cat([self.value, value], 2)
        self.key, self.value = key, value
        return key, value


def weights(query: Tensor, key: Tensor, mask: Tensor | None) -> Tensor:
    """softmax(Q K' / sqrt(d)), eq. 1: (B, H, R, T), with 0 where the mask, broadcast to it, is -inf."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-2, -1)
    if mask is not None:
        scores = scores + mask.to(scores.dtype)
    return scores.softmax(-1, dtype=scores.dtype)


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """What each of R tokens takes from T others, (B, H, R, D / H): on a processor the plain products are fastest."""
    if query.is_cuda:
        return F.scaled_dot_product_attention(query, key, value, None if mask is None else mask.to(query.dtype))
    return weights(query, key, mask) @ value


class Block(nn.Module):
    """Attention and a layer of its own for each token, each added to what comes in.

    inner: the width of that layer, 0 for four times the width of the stream.
    """

    def __init__(
        self, width: int, heads: int, pre_norm: bool = True, gelu: str = "none", epsilon: float = 1e-5, inner: int = 0
    ):
        super().__init__()
        inner = inner or 4 * width
        self.heads, self.pre_norm = heads, pre_norm
        self.norm_attention, self.norm_mlp = nn.LayerNorm(width, epsilon), nn.LayerNorm(width, epsilon)
        self.query_key_value, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, inner), nn.GELU(gelu), nn.Linear(inner, width))

    def forward(
        self, x: Tensor, mask: Tensor | None = None, places: Tensor | None = None, look: Look | None = None,
        past: Past | None = None,
    ) -> Tensor:  # fmt: skip
        """(B, T, D) -> (B, T, D), or (B, R, D) for these places (B, R) alone, which costs less.

        mask: 0 or -inf, broadcast to (B, H, R, T). past: of the tokens before, which it then holds with these.
        """
        query, key, value = self._split(self.norm_attention(x) if self.pre_norm else x, places)
        if past is not None:
            key, value = past.add(key, value)
        mixed = attend(query, key, value, mask) if look is None else self._looked(query, key, value, mask, look)
        return self._add(x if places is None else at(x, places), mixed)

    def _split(self, x: Tensor, places: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Query (B, H, R, D / H) of the places, key and value (B, H, T, D / H) of all tokens."""
        if places is None:
            query, key, value = self._heads(self.query_key_value(x), 3)
            return query, key, value
        width, layer = x.shape[-1], self.query_key_value
        (query,) = self._heads(F.linear(at(x, places), layer.weight[:width], layer.bias[:width]), 1)
        key, value = self._heads(F.linear(x, layer.weight[width:], layer.bias[width:]), 2)
        return query, key, value

    def _add(self, x: Tensor, mixed: Tensor) -> Tensor:
        """What came in (B, R, D), with what attention took (B, H, R, D / H), and with the second part."""
        x = x + self.join(mixed.transpose(1, 2).reshape(x.shape))
        if self.pre_norm:
            return x + self.mlp(self.norm_mlp(x))
        x = self.norm_attention(x)
        return self.norm_mlp(x + self.mlp(x))

    def _heads(self, x: Tensor, parts: int) -> tuple[Tensor, ...]:
        """(B, T, parts D) -> parts of (B, H, T, D / H)."""
        batch, tokens, width = x.shape
        return x.view(batch, tokens, parts, self.heads, width // parts // self.heads).permute(2, 0, 3, 1, 4).unbind()

    def _looked(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, look: Look) -> Tensor:
        look.query, look.key, look.value, look.attention = query, key, value, weights(query, key, mask)
        mixed = look.attention @ value
        mixed[:, list(look.off)] = 0
        return mixed


def at(x: Tensor, places: Tensor) -> Tensor:
    """(B, T, D), (B, R) -> (B, R, D): the vectors in these places."""
    return x.gather(1, places[:, :, None].expand(-1, -1, x.shape[2]))


@torch.no_grad()
def streams_at(network: Any, rows: Any, places: np.ndarray) -> Tensor:
    """(L + 1, B, R, D): what `network.look(rows)` has in these places int64 (B, R) of each row, in full precision.

    Nothing is kept of the attention, and of the last block no more is computed than is asked for.
    """
    asked = torch.from_numpy(places).to(network.embedding.device)
    x, mask = network.enter(rows)
    ids = torch.from_numpy(rows.ids).to(asked.device).gather(1, asked)
    found = [F.embedding(ids, network.embedding)]
    for block in network.blocks[:-1]:
        x = block(x, mask)
        found.append(at(x, asked))
    if mask is not None and mask.dim() == 2:  # one for all rows, a line of it for each token
        mask = mask[asked][:, None]
    return torch.stack([*found, network.norm(network.blocks[-1](x, mask, asked))])


class _Nats(torch.autograd.Function):
    """Softmax and cross-entropy of a product, a part of the rows at a time, forward and backward at once.

    So the scores (n, V), which for a large vocabulary are most of the memory of a step, are never kept. The parts'
    losses go into one number: small ones kept between large tables would waste the places of these.
    """

    @staticmethod
    def forward(context: Any, x: Tensor, table: Tensor, bias: Tensor | None, targets: Tensor, words: int) -> Tensor:
        narrow = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else x.dtype
        rows, known = x.to(narrow), table[:words].to(narrow)  # (n, D), (V, D)
        slope_x, slope_table = torch.empty_like(rows), torch.zeros_like(table)
        slope_bias, total = None if bias is None else torch.zeros_like(bias), torch.zeros((), device=x.device)
        for first in range(0, len(rows), _step(words)):
            part = slice(first, first + _step(words))
            wanted = targets[part, None]
            scores = rows[part] @ known.T
            chances = (scores.float() if bias is None else scores + bias).softmax(-1)
            total -= chances.gather(1, wanted).clamp_min(1e-30).log().sum()
            slope = chances.scatter_add_(1, wanted, torch.full_like(wanted, -1, dtype=chances.dtype))
            if slope_bias is not None:
                slope_bias += slope.sum(0)
            slope = slope.to(narrow)
            torch.mm(slope, known, out=slope_x[part])
            slope_table[:words] += slope.T @ rows[part]
        context.save_for_backward(slope_x.to(x.dtype), slope_table, slope_bias)
        return total / len(rows)

    @staticmethod
    def backward(context: Any, *above: Tensor) -> Any:
        share = above[0] / len(context.saved_tensors[0])
        slopes = (None if slope is None else slope * share for slope in context.saved_tensors)
        return *slopes, None, None


def nats(x: Tensor, table: Tensor, bias: Tensor | None, targets: Tensor, words: int) -> Tensor:
    """Mean nats to guess words `targets` (n,) from vectors x (n, D) by a softmax over x table[:V]' + bias; 0 of none.

    table (V + special symbols, D): only its first `words` rows are guessed.
    """
    if not len(targets):
        return x.sum() * 0
    if torch.is_grad_enabled():
        loss: Tensor = _Nats.apply(x, table, bias, targets, words)  # type: ignore[no-untyped-call]
        return loss
    total = torch.zeros((), device=x.device)  # one number, as in _Nats
    for a, b in zip(x.split(_step(words)), targets.split(_step(words))):
        total += F.cross_entropy(F.linear(a, table[:words], bias).float(), b, reduction="sum")
    return total / len(targets)


@torch.no_grad()
def right(x: Tensor, table: Tensor, bias: Tensor | None, targets: Tensor, words: int) -> float:
    """The share of the targets that are the likeliest guess; as `nats`."""
    total = torch.zeros((), dtype=torch.int64, device=x.device)
    for a, b in zip(x.split(_step(words)), targets.split(_step(words))):
        total += (F.linear(a, table[:words], bias).argmax(-1) == b).sum()
    return float(total) / max(1, len(targets))


def _step(words: int) -> int:
    return max(1, _SCORES // words)


def start(embedding: nn.Parameter, vectors: np.ndarray) -> None:
    """Put word vectors (V, d) into the first V rows of an embedding (n, D), centred and as long as those rows were.

    Into fewer dimensions they go by their principal components, into more by a fixed turn that keeps every distance.
    """
    points = torch.from_numpy(vectors - vectors.mean(0)).double()
    width, dim = embedding.shape[1], points.shape[1]
    if dim > width:
        _, directions = torch.linalg.eigh(points.T @ points)  # eigenvalues ascend
        points = points @ directions[:, -width:]
    elif dim < width:
        turn = torch.from_numpy(np.random.default_rng(0).standard_normal((width, dim)))
        points = points @ torch.linalg.qr(turn)[0].T
    rows = embedding.detach()[: len(points)]
    long, short = (each.square().sum(1).mean().sqrt().item() for each in (rows, points))
    rows.copy_(points * (long / max(short, 1e-12)))
