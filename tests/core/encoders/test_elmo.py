"""ELMo: by the equations of an LSTM, by the whole softmax, and by what neither direction may know."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.elmo import ELMo
from core.problem import Problem
from tests.core.encoders.conftest import small, toy_sentences

torch = pytest.importorskip("torch")
WORDS = "the cat sleeps in the house".split()


def trained(corpus: Corpus, **changes) -> ELMo:
    encoder = ELMo(small(ELMo, **changes), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


@pytest.fixture(scope="module")
def elmo(corpus) -> ELMo:
    return trained(corpus, steps=300)


@pytest.fixture(scope="module")
def speller(corpus) -> ELMo:
    return trained(corpus, input="letters", steps=40)


def lstm(weights: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    """(T, D) -> (T, D) by the equations: gates i, f, o and candidate g; c = f c + i g; h = o tanh c."""
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    h = c = np.zeros(x.shape[1])
    found = []
    for row in x:
        z = weights["weight_ih_l0"] @ row + weights["bias_ih_l0"] + weights["weight_hh_l0"] @ h + weights["bias_hh_l0"]
        i, f, g, o = np.split(z, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        found.append(h)
    return np.stack(found)


def test_the_layers_are_those_of_the_equations(elmo):
    ids, stacks = elmo.vocab.encode(WORDS), (elmo.network_.ahead, elmo.network_.back)
    x = elmo.word_vectors()[ids].astype(np.float64)
    expected = []
    for stack, given in zip(stacks, (x, x[::-1])):
        first, second = ({k: v.detach().double().numpy() for k, v in layer.named_parameters()} for layer in stack)
        one = lstm(first, given)
        expected.append([given, one, lstm(second, one) + one])
    found = elmo.context_vectors(WORDS)
    for layer in range(3):
        both = np.concatenate([expected[0][layer], expected[1][layer][::-1]], axis=1)
        np.testing.assert_allclose(found[layer], both, atol=1e-5)


def test_a_direction_does_not_see_what_is_behind_it(elmo):
    width = elmo.options.shape[1]
    other = [*WORDS[:4], "crab", *WORDS[5:]]
    one, two = elmo.context_vectors(WORDS), elmo.context_vectors(other)
    np.testing.assert_array_equal(one[:, :4, :width], two[:, :4, :width])
    np.testing.assert_array_equal(one[:, 5:, width:], two[:, 5:, width:])
    assert np.abs(one - two)[1:, 4:, :width].max() > 1e-3 < np.abs(one - two)[1:, :5, width:].max()


def test_the_loss_is_that_of_both_directions(elmo):
    windows = elmo.vocab.encode("the cat sleeps in the".split())[None].astype(np.int64)
    words, nats = [elmo.vocab.words[i] for i in windows[0]], []
    for place in range(1, 5):
        nats.append(-np.log(elmo.next_word(words[:place])[windows[0, place]]))
        nats.append(-np.log(elmo.previous_word(words[place:])[windows[0, place - 1]]))
    assert elmo.network_.measure(windows, None).item() == pytest.approx(np.mean(nats), rel=0.02)  # in bfloat16


def test_a_sample_that_is_the_whole_vocabulary_gives_the_whole_softmax():
    from core.encoders.networks.elmo import sampled

    draw = torch.Generator().manual_seed(0)
    x, table = torch.randn(6, 4, generator=draw), torch.randn(9, 4, generator=draw)
    bias, targets = torch.randn(9, generator=draw), torch.tensor([0, 3, 3, 8, 1, 5])
    loss, nats = sampled(x, table, bias, targets, torch.arange(9), torch.full((9,), 1 / 9).log())
    whole = torch.nn.functional.cross_entropy(x @ table.T + bias, targets)
    assert loss.item() == pytest.approx(whole.item(), rel=1e-5) == pytest.approx(nats.item(), rel=1e-5)


def test_sampled_nats_are_near_those_of_the_whole_softmax():
    from core.encoders.networks.elmo import sampled

    draw = torch.Generator().manual_seed(1)
    x, table = torch.randn(64, 8, generator=draw) / 3, torch.randn(2000, 8, generator=draw) / 3
    bias, targets = torch.zeros(2000), torch.randint(0, 2000, (64,), generator=draw)
    chances = torch.arange(1, 2001).float().reciprocal() ** 0.5
    chances /= chances.sum()
    drawn = torch.multinomial(chances, 1500, replacement=True, generator=draw)
    whole = torch.nn.functional.cross_entropy(x @ table.T + bias, targets).item()
    assert sampled(x, table, bias, targets, drawn, chances.log())[1].item() == pytest.approx(whole, abs=0.05)


def test_sampling_learns_as_the_whole_softmax_does():
    words = [f"w{i}" for i in range(160)]
    texts = [" ".join(words[(start + i) % 160] for i in range(60)) for start in range(0, 160, 2)]
    corpus = Corpus.from_texts(texts, language="en")
    encoder = ELMo(small(ELMo, samples=32, steps=150), corpus.vocab)
    events = list(encoder.train(corpus))
    assert events[-1].metrics["held_out"] < 0.5 * events[-1].metrics["baseline"]
    assert encoder.next_word(["w10", "w11"]).argmax() == corpus.vocab.index("w12")
    assert encoder.previous_word(["w11", "w12"]).argmax() == corpus.vocab.index("w10")


def test_reading_on_is_the_same_as_reading_anew(elmo):
    guess = elmo.guesser()
    for end in range(1, len(WORDS)):
        np.testing.assert_allclose(guess(WORDS[:end]), elmo.next_word(WORDS[:end]), atol=1e-6)
    np.testing.assert_allclose(guess(["the", "crab"]), elmo.next_word(["the", "crab"]), atol=1e-6)


def test_a_word_never_met_is_spelled(speller):
    vectors = [speller.context_vectors(["the", word])[0, 1] for word in ("cats", "catz", "zebra")]
    assert np.linalg.norm(vectors[0] - vectors[1]) < np.linalg.norm(vectors[0] - vectors[2])
    known = speller.context_vectors(["the", "cat"])[0, 1][: speller.options.shape[1]]
    np.testing.assert_allclose(known, speller.word_vectors()[speller.vocab.index("cat")], rtol=1e-4)


def test_without_letters_all_unknown_words_are_one(elmo):
    one, other = (elmo.context_vectors(["the", word, "sleeps"]) for word in ("zebra", "unicorn"))
    np.testing.assert_array_equal(one, other)


def test_letters_go_on_with_the_same_bits(speller, corpus):
    half = ELMo(small(ELMo, input="letters", steps=40), corpus.vocab)
    training = half.train(corpus)
    for _ in range(15):
        next(training)
    training.close()
    other = ELMo(half.options, corpus.vocab)
    other.restore(half.state())
    for _ in other.train(corpus):
        pass
    for name, array in speller.state().items():
        np.testing.assert_array_equal(array, other.state()[name])


def test_it_may_begin_with_word_vectors(corpus):
    vectors = np.random.default_rng(0).standard_normal((len(corpus.vocab), 32)).astype(np.float32)
    encoder = ELMo(small(ELMo), corpus.vocab)
    encoder.start(vectors)
    next(encoder.train(corpus))
    begun, centred = encoder.word_vectors(), vectors - vectors.mean(0)
    assert np.corrcoef(begun.ravel(), centred.ravel())[0, 1] > 0.95


def test_too_short_a_text_is_a_sentence():
    corpus = Corpus.from_texts(["a short text of eight words is this"], language="en")
    with pytest.raises(Problem, match="smaller context"):
        next(ELMo(ELMo.Options(context=32), corpus.vocab).train(corpus))


@pytest.mark.parametrize("ask", ["next_word", "previous_word", "context_vectors"])
def test_no_words_are_a_sentence(elmo, ask):
    with pytest.raises(Problem, match="no words"):
        getattr(elmo, ask)([])


def test_the_toy_sentences_are_understood(elmo):
    assert toy_sentences(1)[0].split()[0] == "the"
    place = elmo.next_word("the shark swims in the".split())
    assert elmo.vocab.words[int(place.argmax())] == "sea"
