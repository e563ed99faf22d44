"""A transformer with parts of it silenced, and the gradient of one guess: for those who ask why it guesses so.

Works on the networks of GPT and BERT alike, by their `enter`, `blocks`, `norm` and `scores_at`.
Shapes: B batch, T tokens, D width, L layers, P places.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.encoders.networks.rows import Rows
from core.encoders.networks.transformer import Look


def through(network: Any, x: Tensor, mask: Tensor | None, off: Sequence[tuple[int, int]] = ()) -> Tensor:
    """(B, T, D) that goes into the first block -> the last stream, (B, T, D), these heads (layer, head) silent."""
    for layer, block in enumerate(network.blocks):
        silent = tuple(head for there, head in off if there == layer)
        x = block(x, mask, look=Look(silent) if silent else None)
    last: Tensor = network.norm(x)
    return last


@torch.no_grad()
def chances(
    network: Any, rows: Rows, places: np.ndarray, words: np.ndarray, off: Sequence[tuple[int, int]] = (),
    placed: bool = True,
) -> np.ndarray:  # fmt: skip
    """float64 (P,): the logarithm of the probability of each of these words; places int (P, 2): a row and a token."""
    x, mask = network.enter(rows, placed)
    stream = through(network, x, mask, off)
    row, token = (torch.from_numpy(np.ascontiguousarray(each)).to(stream.device) for each in places.T)
    found = network.scores_at(stream[row, token]).log_softmax(-1)
    wanted = torch.from_numpy(np.asarray(words, np.int64))[:, None].to(stream.device)
    return np.asarray(found.gather(1, wanted)[:, 0].double().cpu().numpy())


@torch.no_grad()
def layers(network: Any, streams: Tensor, k: int) -> tuple[np.ndarray, np.ndarray]:
    """(L + 1, T, D), the last one normed -> int32 and float32 (L + 1, T, k): the likeliest words at each layer."""
    ids, found = [], []
    for layer, stream in enumerate(streams):
        last = layer == len(streams) - 1
        best = network.scores_at(stream if last else network.norm(stream)).softmax(-1).topk(k)
        ids.append(best.indices.cpu().numpy().astype(np.int32))
        found.append(best.values.cpu().numpy().astype(np.float32))
    return np.stack(ids), np.stack(found)


def slopes(network: Any, rows: Rows, place: int, word: int) -> np.ndarray:
    """float32 (T,): the length of the gradient of ln p(word at this token of the first row) by each token's input."""
    with torch.enable_grad():
        x, mask = network.enter(rows)
        x = x.detach().requires_grad_()
        guess = network.scores_at(through(network, x, mask)[0, place]).log_softmax(-1)[word]
        (slope,) = torch.autograd.grad(guess, x)
    return np.asarray(slope[0].norm(dim=-1).cpu().numpy(), np.float32)
