"""CoVe: by the equations of its layers and its attention, by what padding may not change, by what it learns to copy."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.cove import CoVe
from core.problem import Problem
from tests.core.encoders.conftest import small, toy_sentences
from tests.core.encoders.plain_cove import by_our_names, copied

torch = pytest.importorskip("torch")
WORDS = "the cat sleeps in the house".split()


def trained(corpus: Corpus, **changes) -> CoVe:
    encoder = CoVe(small(CoVe, **changes), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


@pytest.fixture(scope="module")
def copies() -> Corpus:
    """Words in any order, whose translation is the same words."""
    draw = np.random.default_rng(0)
    texts = [" ".join(draw.choice("red blue green gray pink".split(), draw.integers(2, 6))) for _ in range(400)]
    return Corpus.from_texts(texts, translations=texts, language="en")


@pytest.fixture(scope="module")
def cove(copies) -> CoVe:
    return trained(copies, steps=250, batch=16, dropout=0.0)


@pytest.fixture(scope="module")
def network():
    from core.encoders.networks.cove import Network

    torch.manual_seed(0)
    return Network(9, 7, 8, 2)


def batch(network, sources, targets):
    """Pairs of ids as `networks.cove.Pairs`."""
    from core.encoders.networks.cove import BEGIN, END

    wide = max(map(len, targets)) + 1
    source = np.array([[*ids, *[9] * (max(map(len, sources)) - len(ids))] for ids in sources])
    given = np.array([[7 + BEGIN, *ids, *[0] * (wide - 1 - len(ids))] for ids in targets])
    wanted = np.array([[*ids, 7 + END, *[-1] * (wide - 1 - len(ids))] for ids in targets])
    return source, np.array(list(map(len, sources))), given, wanted


def mask(lengths):
    return torch.arange(int(lengths.max())) < lengths[:, None]


def test_the_encoder_is_a_stack_of_torchs_own_layers(network):
    """Weights copied into one nn.LSTM of two layers, which reads sentences of different lengths packed."""
    one = torch.nn.LSTM(8, 4, num_layers=2, bidirectional=True, batch_first=True)
    for place, layer in enumerate(network.reading):
        for name, weight in layer.named_parameters():
            getattr(one, name.replace("_l0", f"_l{place}")).data.copy_(weight)
    x, lengths = torch.randn(3, 6, 8), torch.tensor([4, 6, 2])
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    expected, (said, kept) = one(packed)
    found, states = network.read(x, lengths)
    expected, inside = torch.nn.utils.rnn.pad_packed_sequence(expected, batch_first=True)[0], mask(lengths)
    torch.testing.assert_close(found[-1][inside], expected[inside])
    for place, state in enumerate(states):
        rows = slice(2 * place, 2 * place + 2)
        torch.testing.assert_close(state, tuple(torch.cat([*each[rows]], -1) for each in (said, kept)))


def test_a_cell_is_that_of_the_equations(network):
    """Gates i, f, o and candidate g; c = f c + i g; h = o tanh c."""
    cell, x, (h, c) = network.writing[1], torch.randn(1, 8), torch.randn(2, 1, 8)
    z = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    i, f, g, o = z.chunk(4, -1)
    kept = f.sigmoid() * c + i.sigmoid() * g.tanh()
    torch.testing.assert_close(cell(x, (h, c)), (o.sigmoid() * kept.tanh(), kept))


def test_attention_by_hand(network):
    """softmax(H (W1 h + b1)), and tanh(W2 [what was taken; h] + b2)."""
    memory, states = torch.randn(1, 3, 8), [(torch.zeros(1, 8), torch.zeros(1, 8))] * 2
    word, before = torch.randn(1, 8), torch.randn(1, 8)
    mixed, after, looks = network.step(word, before, states, memory, None)
    h = after[-1][0][0].detach().numpy()
    w1, b1, w2, b2 = (p.detach().numpy() for layer in (network.ask, network.join) for p in layer.parameters())
    scores = np.exp(memory[0].numpy() @ (w1 @ h + b1))
    np.testing.assert_allclose(looks.detach()[0], scores / scores.sum(), rtol=1e-5)
    taken = scores / scores.sum() @ memory[0].numpy()
    np.testing.assert_allclose(mixed.detach()[0], np.tanh(w2 @ np.concatenate([taken, h]) + b2), rtol=1e-4)


def test_padding_changes_nothing(network):
    pairs = [([1, 2], [3]), ([4, 5, 6, 7, 8], [1, 2, 3, 4]), ([9, 0, 3], [6, 5])]
    alone = [network.measure(batch(network, [a], [b])).item() * (len(b) + 1) for a, b in pairs]
    together = network.measure(batch(network, *map(list, zip(*pairs)))).item()
    assert together == pytest.approx(sum(alone) / sum(len(b) + 1 for _, b in pairs), rel=1e-5)


def test_a_word_is_guessed_from_those_before_it_alone(network):
    source, lengths, given, wanted = batch(network, [[1, 2, 3]], [[1, 2, 3, 4]])
    other = given.copy()
    other[0, 3:] = 5
    (one, _), (two, _) = (network.both((source, lengths, each, wanted)) for each in (given, other))
    torch.testing.assert_close(one[:3], two[:3], rtol=0, atol=0)
    assert (one[3:] - two[3:]).abs().max() > 1e-3


@pytest.mark.parametrize("layers", [1, 3])
def test_the_slope_is_that_of_torchs_own_layers_step_by_step(monkeypatch, layers):
    """All of it is worked out by hand, and held to autograd through nn.LSTM, nn.LSTMCell and cross-entropy."""
    from core.encoders.networks import transformer
    from core.encoders.networks.cove import Network

    monkeypatch.setattr(transformer, "_BFLOAT16", False)
    torch.manual_seed(1)
    network = Network(9, 7, 8, layers)
    pairs = batch(network, [[1, 2], [3, 4, 5, 9, 0], [6]], [[1, 2, 3, 6], [4], [5, 5]])
    loss, plain = network.loss(pairs, np.zeros(0, np.int64), np.ones(8, np.float32), 0.0)[0], copied(network)
    expected = plain(pairs)
    torch.testing.assert_close(loss, expected)
    loss.backward()
    expected.backward()
    for one, other in zip(network.parameters(), by_our_names(network, plain)):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-6)


def test_half_precision_is_near_the_full_one(network):
    if not torch.cpu.get_capabilities().get("avx512_bf16"):
        pytest.skip("this processor has no bfloat16")
    pairs = batch(network, [[1, 2], [3, 4, 5]], [[1, 2, 3], [4]])
    found = torch.autograd.grad(
        network.loss(pairs, np.zeros(0, np.int64), np.ones(8, np.float32), 0.0)[0], network.ask.weight
    )
    expected = torch.autograd.grad((plain := copied(network))(pairs), plain.ask.weight)
    assert (found[0] - expected[0]).norm() < 0.05 * expected[0].norm()


def test_dropout_leaves_out_its_share_and_keeps_the_mean():
    from core.encoders.networks.cove import dropped

    torch.manual_seed(0)
    x = dropped(torch.ones(1000, 101), 0.2)
    assert (x == 0).float().mean() == pytest.approx(0.2, abs=0.005) and set(x.unique().tolist()) == {0.0, 1.25}
    assert dropped(x, 0.0) is x and x.mean() == pytest.approx(1, abs=0.01)


def test_a_copy_is_learned(cove):
    for sentence in ("red blue", "pink gray green red", "blue blue red pink green"):
        told = cove.translate(sentence)
        assert told["text"] == sentence and told["unknown"] == []
        assert told["attention"].argmax(1).tolist() == list(range(len(told["words"])))
        assert np.exp(told["logs"]).min() > 0.5


def test_the_logs_are_those_of_the_words_under_teacher_forcing(cove):
    told = cove.translate("red pink blue")
    ids = cove.target_.encode(told["words"]).astype(np.int64)
    V = len(cove.target_)
    pairs = (
        cove.vocab.encode(told["source"])[None].astype(np.int64),
        np.array([3]),
        np.array([[V + 2, *ids]]),
        np.array([[*ids, V]]),
    )
    x, targets = cove.network_.both(pairs)
    logs = (x @ cove.network_.output[: V + 1].T + cove.network_.bias).log_softmax(-1)
    np.testing.assert_allclose(told["logs"], logs[range(3), targets[:3]].detach(), atol=1e-4)


def test_a_beam_finds_no_worse_a_translation_than_greed(cove):
    from core.encoders.networks.cove import translate

    ids = cove.vocab.encode("green green pink red".split()).astype(np.int64)
    one, four = (translate(cove.network_, ids, beams, 20) for beams in (1, 4))
    assert np.mean(four["logs"]) >= np.mean(one["logs"]) - 1e-6 and len(translate(cove.network_, ids, 4, 2)["ids"]) <= 2


def test_words_never_learned_are_named_and_read_as_one(cove):
    one, other = cove.translate("red zebra blue"), cove.translate("red unicorn blue")
    assert one["unknown"] == ["zebra"] and other["unknown"] == ["unicorn"] and one["words"] == other["words"]


def test_a_word_has_another_vector_in_another_sentence(cove):
    one, two = (cove.context_vectors(["red", word])[:, 0] for word in ("blue", "pink"))
    np.testing.assert_array_equal(one[0], two[0])
    assert np.abs(one - two)[1:].max() > 1e-3


def test_the_words_of_the_translation_travel_with_the_state():
    texts = ["我 爱 猫", "你 爱 狗"] * 40
    corpus = Corpus.from_texts(["i love cats", "you love dogs"] * 40, translations=texts, language="en")
    encoder = trained(corpus, steps=60)
    other = CoVe(encoder.options, corpus.vocab)
    other.restore(encoder.state(training=False))
    assert other.target_.words == encoder.target_.words and other.target_.tokenizer == "chinese"
    assert other.translate("i love cats")["text"] == encoder.translate("i love cats")["text"] == "我爱猫"


def test_a_large_vocabulary_is_learned_from_a_sample_of_it():
    words = [f"w{i}" for i in range(160)]
    texts = [" ".join(words[(start + i) % 160] for i in range(4)) for start in range(160)] * 3
    encoder = CoVe(
        small(CoVe, samples=32, steps=150, batch=16), (corpus := Corpus.from_texts(texts, translations=texts)).vocab
    )
    events = list(encoder.train(corpus))
    assert events[-1].metrics["held_out"] < 0.8 * events[-1].metrics["baseline"]


def test_without_translations_it_says_what_to_bring(copies):
    plain = Corpus.from_texts(toy_sentences(40), language="en")
    for ask in (
        lambda: next(CoVe(CoVe.Options(), plain.vocab).train(plain)),
        lambda: CoVe.estimate(CoVe.Options(), plain),
    ):
        with pytest.raises(Problem, match="translation column"):
            ask()


def refused(corpus: Corpus, said: str, **options) -> None:
    """Before the start, and by the training itself."""
    for ask in (
        lambda: CoVe.estimate(CoVe.Options(**options), corpus),
        lambda: next(CoVe(CoVe.Options(**options), corpus.vocab).train(corpus)),
    ):
        with pytest.raises(Problem, match=said):
            ask()


def test_too_few_pairs_are_a_sentence(copies):
    refused(copies, "392 pairs .* smaller batch", batch=512)


@pytest.mark.parametrize("texts, other, said", [
    (["red blue"], ["red blue"], "Of 1 pairs of sentences, 1 have"),
    (["red blue"] * 300, ["red", *[""] * 299], "Of 300 pairs of sentences, 1 have .* fill empty translations"),
    (["red blue"] * 300, ["red " * 60] * 300, "Of 300 pairs of sentences, 0 have 1 to 40 .* allow longer"),
])  # fmt: skip
def test_pairs_of_which_none_can_be_used_are_a_sentence(texts, other, said):
    refused(Corpus.from_texts(texts, translations=other), said, batch=1)


def test_translations_that_are_all_empty_are_a_sentence():
    with pytest.raises(Problem, match="translation is empty"):
        Corpus.from_texts(["red blue"] * 3, translations=[""] * 3)


@pytest.mark.parametrize("sentence, said", [("", "has 0"), ("red " * 101, "has 101")])
def test_no_words_or_too_many_are_a_sentence(cove, sentence, said):
    with pytest.raises(Problem, match=said):
        cove.translate(sentence)


def test_an_odd_width_is_a_sentence():
    with pytest.raises(Problem, match="even"):
        CoVe.Options(width=33)


def test_it_may_begin_with_word_vectors(copies):
    vectors = np.random.default_rng(0).standard_normal((len(copies.vocab), 32)).astype(np.float32)
    encoder = CoVe(small(CoVe, lr=1e-5), copies.vocab)
    encoder.start(vectors)
    next(encoder.train(copies))
    centred = vectors - vectors.mean(0)
    assert np.corrcoef(encoder.word_vectors().ravel(), centred.ravel())[0, 1] > 0.95
