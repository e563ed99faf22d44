"""The block that GPT and BERT share: against torch's own layers, by other ways, and its loss by hand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from core.encoders.networks import bert, gpt
from core.encoders.networks.rows import Rows
from core.encoders.networks.transformer import Block, Look, Past, at, attend, nats, start, streams_at, weights


def block(width: int = 32, heads: int = 4, **how) -> tuple[Block, torch.Tensor]:
    torch.manual_seed(3)
    return Block(width, heads, **how), torch.randn(2, 9, width)


def future(tokens: int) -> torch.Tensor:
    return nn.Transformer.generate_square_subsequent_mask(tokens)


def torch_layer(mine: Block) -> nn.TransformerEncoderLayer:
    """torch's own layer with this block's weights."""
    width, gelu = mine.join.in_features, nn.GELU()
    how = {"batch_first": True, "norm_first": mine.pre_norm}
    layer = nn.TransformerEncoderLayer(width, mine.heads, 4 * width, 0.0, gelu, **how)
    pairs = {"self_attn.in_proj_": mine.query_key_value, "self_attn.out_proj.": mine.join, "linear1.": mine.mlp[0],
             "linear2.": mine.mlp[2], "norm1.": mine.norm_attention, "norm2.": mine.norm_mlp}  # fmt: skip
    layer.load_state_dict(
        {name + part: getattr(each, part) for name, each in pairs.items() for part in ("weight", "bias")}
    )
    return layer


@pytest.mark.parametrize("pre_norm", [True, False])
def test_a_block_is_torchs_transformer_layer(pre_norm):
    mine, x = block(pre_norm=pre_norm)
    theirs = torch_layer(mine)
    torch.testing.assert_close(mine(x), theirs(x), atol=1e-5, rtol=0)
    torch.testing.assert_close(mine(x, future(9)), theirs(x, src_mask=future(9), is_causal=True), atol=1e-5, rtol=0)


def test_attention_is_torchs_scaled_dot_product_attention():
    mine, x = block()
    query, key, value = mine._split(x)
    for mask in (None, future(9), torch.zeros(2, 1, 1, 9).index_fill(3, torch.tensor([7, 8]), -torch.inf)):
        theirs = F.scaled_dot_product_attention(query, key, value, mask)
        torch.testing.assert_close(attend(query, key, value, mask), theirs, atol=1e-5, rtol=0)
        torch.testing.assert_close(weights(query, key, mask) @ value, theirs, atol=1e-5, rtol=0)


def test_looking_computes_what_training_computes():
    mine, x = block()
    look = Look()
    torch.testing.assert_close(mine(x, future(9), look=look), mine(x, future(9)), atol=1e-5, rtol=0)
    torch.testing.assert_close(look.attention.sum(-1), torch.ones(2, 4, 9))
    torch.testing.assert_close(look.attention, weights(look.query, look.key, future(9)))


def test_a_silent_head_gives_nothing_and_the_others_what_they_gave():
    mine, x = block()
    loud, quiet = Look(), Look(off=(1,))
    mine(x, look=loud)
    after = mine(x, look=quiet)
    with torch.no_grad():
        mine.join.weight[:, 8:16] = 0  # what head 1 writes
    torch.testing.assert_close(mine(x), after, atol=1e-5, rtol=0)
    torch.testing.assert_close(loud.attention, quiet.attention)


def test_some_places_alone_are_those_of_the_whole():
    mine, x = block()
    places = torch.tensor([[0, 3, 3], [8, 1, 0]])
    for mask in (None, torch.zeros(2, 1, 1, 9).index_fill(3, torch.tensor([7]), -torch.inf)):
        torch.testing.assert_close(mine(x, mask, places), at(mine(x, mask), places), atol=1e-5, rtol=0)


def test_token_by_token_is_the_whole_at_once():
    mine, x = block()
    past, whole = Past(), mine(x, future(9))
    parts = [mine(x[:, a:b], future(b)[a:], past=past) for a, b in ((0, 4), (4, 5), (5, 9))]
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=0)
    assert past.tokens == 9


@pytest.mark.parametrize("kind", [bert, gpt])
def test_streams_in_some_places_are_those_of_looking_at_the_whole(kind):
    torch.manual_seed(4)
    network, ids = kind.Network(20, 16, 9, 3, 2), np.random.default_rng(0).integers(0, 20, (2, 9))
    rows = Rows.looked_at(ids, np.zeros_like(ids), np.array([9, 7]))
    places = np.array([[6, 6], [2, 5]])
    whole = network.look(rows)[0][:, torch.arange(2)[:, None], torch.from_numpy(places)]
    torch.testing.assert_close(streams_at(network, rows, places), whole, atol=1e-5, rtol=0)


def test_the_loss_and_its_slopes_are_those_of_cross_entropy(monkeypatch):
    monkeypatch.setattr("core.encoders.networks.transformer._SCORES", 100)  # three rows at a time
    torch.manual_seed(1)
    slopes, losses, targets = [], [], torch.randint(0, 30, (13,))
    given = [torch.randn(13, 8), torch.randn(32, 8), torch.randn(30)]
    for loss in (
        lambda x, table, bias, true: nats(x, table, bias, true, 30),
        lambda x, table, bias, true: F.cross_entropy(F.linear(x, table[:30], bias), true),
    ):
        x, table, bias = (each.clone().requires_grad_() for each in given)
        losses.append(3 * loss(x, table, bias, targets))
        losses[-1].backward()
        slopes.append([x.grad, table.grad, bias.grad])
    torch.testing.assert_close(*losses)
    torch.testing.assert_close(*slopes)


def test_the_loss_is_the_same_where_nothing_is_learned():
    torch.manual_seed(1)
    x, table, targets = torch.randn(13, 8), torch.randn(30, 8), torch.randint(0, 30, (13,))
    with torch.no_grad():
        torch.testing.assert_close(nats(x, table, None, targets, 30), F.cross_entropy(x @ table.T, targets))
    assert nats(x[:0], table, None, targets[:0], 30) == 0


@pytest.mark.parametrize("dim", [5, 8, 20])
def test_vectors_to_begin_with_keep_their_shape_and_take_the_scale_of_the_place(dim):
    torch.manual_seed(2)
    embedding, draw = nn.Parameter(torch.randn(33, 8) * 0.3), np.random.default_rng(0)
    vectors = draw.normal(size=(30, min(dim, 8))) @ draw.normal(size=(min(dim, 8), dim)) + 7
    long, rest = embedding[:30].square().sum(1).mean().item(), embedding[30:].clone()
    start(embedding, vectors.astype(np.float32))
    assert embedding[:30].square().sum(1).mean().item() == pytest.approx(long, rel=1e-4)
    assert torch.equal(embedding[30:], rest)
    far = torch.pdist(torch.tensor(vectors, dtype=torch.float32)), torch.pdist(embedding[:30].detach())
    torch.testing.assert_close(far[0] / far[0].mean(), far[1] / far[1].mean(), atol=1e-3, rtol=1e-3)
