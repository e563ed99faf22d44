"""NNLM by hand with tiny numbers, against autograd and torch's own AdamW, and at its limits."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.corpus import Corpus, Vocab
from core.encoders.networks import transformer
from core.encoders.networks.nnlm import Learning, Network
from core.encoders.nnlm import NNLM, _Text
from core.problem import Problem
from tests.core.encoders.conftest import small
from tests.core.encoders.test_contract import same, trained

WORDS = ["the", "cat", "sat"]
C = [[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]]  # V = 3 words of M = 2 numbers
H = [[1.0, 0.0, 2.0, 0.0], [0.0, -1.0, 0.0, 0.5]]  # 2 hidden units that see n = 2 words
d, b = [0.1, -0.2], [0.3, 0.0, -0.1]
U = [[1.0, 0.0], [0.0, 1.0], [-1.0, 2.0]]
W = [[0.5, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, -1.0], [0.0, 0.0, 2.0, 0.0]]


@pytest.fixture(scope="module")
def model(letters) -> NNLM:
    """Trained on abcdabcd…"""
    return trained(NNLM, letters, context=3, batch=64)


@pytest.fixture
def full_precision(monkeypatch):
    monkeypatch.setattr(transformer, "_BFLOAT16", False)


def by_hand(direct: bool) -> NNLM:
    """An encoder with the weights above."""
    encoder = NNLM(NNLM.Options(context=2, dim=2, hidden=2, direct=direct), Vocab(WORDS, [3, 2, 1]))
    zeros, output = [[0.0, 0.0]] * 2, np.hstack([U, W]) if direct else U
    weights = {"lookup": C + zeros, "hidden": H, "hidden_bias": d, "output": output, "output_bias": b}
    encoder.restore({"step": np.array([0]), **{name: np.array(w, np.float32) for name, w in weights.items()}})
    return encoder


def network(direct: bool = False) -> Network:
    """17 words of 4 numbers, 3 words of context, 5 hidden units; its weights are not small."""
    torch.manual_seed(1)
    made = Network(np.arange(1, 18) / 153, 4, 3, 5, direct)
    for weight in made.parameters():
        weight.data += 0.5 * torch.randn_like(weight)
    made.lookup.data[-1] = 0
    return made


def batch(size: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(2)
    return torch.randint(0, 19, (size, 3), generator=draw), torch.randint(0, 17, (size,), generator=draw)


def loss_of(made: Network, contexts: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The formula of the paper, for autograd."""
    x = F.embedding(contexts, made.lookup).flatten(1)
    a = torch.tanh(made.hidden_bias + x @ made.hidden.T)
    y = made.output_bias + (torch.cat([a, x], 1) if made.direct else a) @ made.output.T
    return F.cross_entropy(y, targets)


def after(made: Network, **changes) -> Learning:
    return Learning(made, **({"lr": 0.1, "steps": 1, "decay": 0.0} | changes))


# The paper's equations.


def test_a_probability_by_hand():
    """After "the cat": x = (.1, .2, -.3, .4); tanh(d + H x) = tanh(-.4, -.2) = (-.379949, -.197375); the scores are
    b + U tanh = (-.079949, -.197375, -.114801)."""
    scores = np.array([0.3 - 0.379949, -0.197375, -0.1 + 0.379949 - 2 * 0.197375])
    assert scores == pytest.approx([-0.079949, -0.197375, -0.114801], abs=1e-6)
    expected = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(by_hand(direct=False).next_word(["the", "cat"]), expected, atol=1e-6)


def test_direct_connections_add_their_part_by_hand():
    """W x = (.5 * .1, .2 - .4, 2 * -.3) = (.05, -.2, -.6)."""
    scores = np.array([-0.079949 + 0.05, -0.197375 - 0.2, -0.114801 - 0.6])
    expected = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(by_hand(direct=True).next_word(["the", "cat"]), expected, atol=1e-6)


def test_a_missing_word_is_a_vector_of_zeros():
    """After "cat" alone: d + H (0, 0, -.3, .4) = (-.5, 0); after nothing: d."""
    for context, hidden in ((["cat"], [-0.5, 0.0]), ([], d)):
        scores = np.array(b) + np.array(U) @ np.tanh(hidden)
        expected = np.exp(scores) / np.exp(scores).sum()
        np.testing.assert_allclose(by_hand(direct=False).next_word(context), expected, atol=1e-6)


def test_word_vectors_are_the_rows_of_c():
    np.testing.assert_array_equal(by_hand(direct=False).word_vectors(), np.array(C, np.float32))


@pytest.mark.parametrize("direct", [False, True])
def test_the_backward_phase_is_autograds(full_precision, direct):
    made, (contexts, targets) = network(direct), batch()
    loss = loss_of(made, contexts, targets)
    loss.backward()
    slopes = made.slopes(contexts, targets)
    assert slopes.loss.item() == pytest.approx(loss.item(), rel=1e-6)
    lookup = torch.zeros_like(made.lookup).index_copy_(0, slopes.rows, slopes.lookup)
    for name, slope in {**slopes.others, "lookup": lookup}.items():
        torch.testing.assert_close(slope, getattr(made, name).grad, atol=1e-6, rtol=1e-5)
    assert slopes.rows.tolist() == sorted(set(contexts.flatten().tolist()))


def test_a_slope_is_how_the_loss_changes(full_precision):
    made, (contexts, targets) = network().double(), batch()
    slopes, step = made.slopes(contexts, targets), 1e-5
    for name, place in (("hidden", (2, 7)), ("output", (4, 1)), ("output_bias", (3,))):
        weight, losses = getattr(made, name).data, []
        for sign in (1, -1):
            weight[place] += sign * step
            losses.append(made.nats(contexts, targets).mean().item())
            weight[place] -= sign * step
        assert (losses[0] - losses[1]) / (2 * step) == pytest.approx(slopes.others[name][place].item(), rel=1e-5)


def test_half_precision_changes_the_slopes_by_little(monkeypatch):
    monkeypatch.setattr(transformer, "_BFLOAT16", True)
    half = network().slopes(*batch())
    monkeypatch.setattr(transformer, "_BFLOAT16", False)
    whole = network().slopes(*batch())
    assert half.loss.item() == pytest.approx(whole.loss.item(), rel=0.01) and half.loss != whole.loss
    for name, slope in whole.others.items():
        torch.testing.assert_close(half.others[name], slope, atol=0.02 * slope.abs().max().item(), rtol=0.02)


# Steps.


def test_a_step_is_torchs_adamw_where_every_row_is_read(full_precision):
    made, plain, (contexts, targets) = network(), network(), batch(60)
    assert set(contexts.flatten().tolist()) == set(range(19))
    drawn = [weight for weight in plain.parameters() if weight.ndim > 1]
    groups = [{"params": drawn, "weight_decay": 0.3},
              {"params": [plain.hidden_bias, plain.output_bias], "weight_decay": 0.0}]  # fmt: skip
    learner, adamw = after(made, steps=5, decay=0.3), torch.optim.AdamW(groups, betas=(0.9, 0.99))
    for _ in range(5):
        for group in adamw.param_groups:
            group["lr"] = 0.1 * learner._share()
        adamw.zero_grad()
        loss_of(plain, contexts, targets).backward()
        plain.lookup.grad[-1] = 0
        adamw.step()
        learner.learn(contexts, targets)
    for name, weight in made.named_parameters():
        torch.testing.assert_close(weight.data, getattr(plain, name).data, atol=1e-4, rtol=1e-3)


def test_only_the_rows_that_were_read_move():
    made, before = network(), network()
    after(made, decay=0.3).learn(torch.tensor([[2, 5, 18]]), torch.tensor([1]))
    moved = (made.lookup != before.lookup).any(1).nonzero().flatten().tolist()
    assert moved == [2, 5] and not made.lookup[-1].any()


def test_decay_draws_weights_to_zero_and_spares_biases():
    contexts, targets = batch()
    made, drawn, first = network(), network(), network()
    after(made).learn(contexts, targets)
    after(drawn, decay=2.0).learn(contexts, targets)
    torch.testing.assert_close(drawn.output_bias, made.output_bias)
    torch.testing.assert_close(drawn.hidden, made.hidden - 0.1 * 2.0 * first.hidden)
    torch.testing.assert_close(drawn.lookup, made.lookup - 0.1 * 2.0 * first.lookup)


def test_a_loss_that_is_no_number_stops_before_it_harms(letters, model):
    encoder = NNLM(small(NNLM, context=3, batch=64, steps=200, lr=0.05), letters.vocab)
    encoder.restore(model.state())
    encoder.network_.hidden.data[0, 0] = math.nan
    before = encoder.state()
    with pytest.raises(Problem, match="At step 81 the loss was no longer a number: choose a learning rate below 0.05"):
        next(encoder.train(letters))
    assert same(before, encoder.state())


# What it reads.


def test_windows_stay_in_their_document():
    corpus = Corpus.from_texts(["a b c", "d e", "a d a"])
    text = _Text(corpus, np.array([[0, 3], [3, 5], [5, 8]]))
    contexts, targets = text.windows(np.arange(8), 2)
    names = np.array([*corpus.vocab.words, "?", "|"])
    assert names[targets].tolist() == list("abcdeada")
    assert ["".join(row) for row in names[contexts]] == ["||", "|a", "ab", "||", "|d", "||", "|a", "ad"]


def test_a_word_outside_the_vocabulary_is_read_and_not_guessed():
    corpus = Corpus.from_texts(["a x a b a b"], min_count=2)
    contexts, targets = _Text(corpus, np.array([[0, 6]])).windows(np.arange(6), 1)
    names = np.array([*corpus.vocab.words, "?", "|"])
    assert [f"{before}{word}" for [before], word in zip(names[contexts], names[targets])] == [
        "|a",
        "?a",
        "ab",
        "ba",
        "ab",
    ]


def test_every_word_comes_once_before_one_comes_again(corpus):
    train = corpus.split()[0]
    text, other = _Text(corpus, train), _Text(corpus, train)
    steps = len(text) // 32
    first = np.concatenate([text.drawn(5, step, 32) for step in range(steps)])
    assert len(set(first.tolist())) == len(first) > len(text) - 64
    assert other.drawn(5, steps // 2, 32).tolist() == text.drawn(5, steps // 2, 32).tolist()
    epochs = [text.drawn(5, 0, 32).tolist(), text.drawn(5, steps + 1, 32).tolist(), text.drawn(6, 0, 32).tolist()]
    assert len({tuple(epoch) for epoch in epochs}) == 3


@pytest.mark.parametrize("batch", [1, 7, 100, 8192])
def test_a_batch_of_any_size_holds_words_of_the_text(batch):
    corpus = Corpus.from_texts(["a b c d e"] * 7)
    text = _Text(corpus, corpus.split()[0])
    for step in range(20):
        numbers = text.drawn(0, step, batch)
        assert 0 < len(numbers) <= batch and 0 <= numbers.min() <= numbers.max() < len(text)


def test_a_short_text_is_read_over_and_over_and_of_a_long_one_a_part(letters):
    """720 letters, of which 24 are held out."""
    options = small(NNLM, steps=1000, epochs=3, batch=64, context=3)
    total = next(NNLM(options, letters.vocab).train(letters)).total
    assert total == 3 * (696 // 64)
    options = small(NNLM, steps=20, epochs=3, batch=64, context=3)
    assert next(NNLM(options, letters.vocab).train(letters)).total == 20


# Learning and answering.


def test_it_learns_what_follows(model):
    for before, following in ("abc", "d"), ("bcda", "b"), ("cd", "a"):
        assert model.next_word(list(before))[model.vocab.index(following)] > 0.9


def test_what_stands_before_the_context_changes_nothing_at_all(model):
    assert same([model.next_word(list("ddddabc"))], [model.next_word(list("abc"))])
    assert not same([model.next_word(list("dbc"))], [model.next_word(list("abc"))])


def test_the_loss_is_the_mean_of_what_next_word_answers(model):
    text = list("abcdab")
    ids = model.vocab.encode(text).astype(np.int64)
    contexts = np.lib.stride_tricks.sliding_window_view(ids, 3)[:-1]
    nats = [-math.log(model.next_word(text[:i])[ids[i]]) for i in range(3, 6)]
    assert model._nats(contexts.copy(), ids[3:]) == pytest.approx(sum(nats), rel=0.05, abs=0.01)  # bfloat16


def test_words_outside_the_vocabulary_are_one_word_that_is_never_guessed(corpus):
    cut = corpus.cut(min_count=200)
    encoder = trained(NNLM, cut, steps=40)
    first, second = encoder.next_word(["the", "owl"]), encoder.next_word(["the", "Wolpertinger"])
    assert len(cut.vocab) < cut.types and same([first], [second])
    assert first.shape == (len(cut.vocab),) and first.sum() == pytest.approx(1, abs=1e-5)


def test_a_batch_without_a_word_to_guess_is_a_step_that_teaches_nothing():
    corpus = Corpus.from_texts(["a b " + " ".join(f"x{i}" for i in range(60)) + " a b"], min_count=2)
    events = list(NNLM(small(NNLM, steps=30, batch=1, context=2), corpus.vocab).train(corpus))
    assert len(events) == 30 and any("loss" not in event.metrics for event in events)
    assert any("loss" in event.metrics for event in events)


def test_the_shares_of_the_output_layer(letters):
    encoder = NNLM(small(NNLM, steps=51, hidden=10, dim=4, context=3), letters.vocab)
    looked = [event.metrics for event in encoder.train(letters) if "output_share" in event.metrics]
    assert len(looked) == 2 and all(0 < metrics["output_share"] < 1 for metrics in looked)
    assert looked[0]["output_multiplications"] == pytest.approx(4 * 10 / (4 * 10 + 10 * 12))  # V = 4
    assert looked[0]["baseline"] == pytest.approx(math.log(4), rel=1e-3)


def test_direct_connections_go_on_exactly_too(letters):
    events = NNLM(small(NNLM, direct=True, steps=20, context=3), letters.vocab)
    states = [events.state() for _ in events.train(letters)]
    end = trained(NNLM, letters, states[9], direct=True, steps=20, context=3)
    assert states[-1]["output"].shape == (4, 100 + 3 * 16) and same(end.state(), states[-1])


def test_two_threads_repeat_the_bits(letters):
    options = {"threads": 2, "steps": 10, "batch": 256}
    first, second = (trained(NNLM, letters, **options) for _ in range(2))
    assert torch.get_num_threads() == 2 and same(first.state(), second.state())


def test_weights_alone_can_be_trained_on(letters, model):
    encoder = trained(NNLM, letters, model.state(training=False), context=3, batch=64, steps=90)
    assert encoder.descent_.done == 90 and encoder.next_word(list("abc")).max() > 0.9


# At its limits.


def test_a_text_shorter_than_the_context():
    short = Corpus.from_texts(["a b c d e f"])
    with pytest.raises(Problem, match="A window takes 51 of [56] tokens: choose a longer text, or a smaller context."):
        next(NNLM(NNLM.Options(context=50), short.vocab).train(short))


def test_a_vocabulary_of_one_word():
    one = Corpus.from_texts(["a a a a a a a a a a a a b"], min_count=2)
    with pytest.raises(Problem, match="The vocabulary holds one word, so there is nothing to guess"):
        next(NNLM(NNLM.Options(), one.vocab).train(one))


def test_other_sizes_cannot_go_on(letters, model):
    with pytest.raises(Problem, match="goes on with the sizes that it began with"):
        NNLM(small(NNLM, context=3, dim=8), letters.vocab).restore(model.state())


def test_the_estimate_knows_what_costs(corpus):
    cheap, wide, direct = (NNLM.estimate(NNLM.Options(**options), corpus)
                           for options in ({}, {"hidden": 1000}, {"direct": True}))  # fmt: skip
    assert cheap.seconds < direct.seconds and cheap.seconds < wide.seconds and cheap.bytes < direct.bytes
