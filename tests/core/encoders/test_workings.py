"""How a guess comes about, against plain arithmetic: the lens, the gradient, blank-out, the losses."""

import numpy as np
import pytest
import torch

from core.corpus import Corpus
from core.encoders.bert import BERT
from core.encoders.gpt import GPT
from core.encoders.networks.rows import SPECIALS
from core.problem import Problem
from tests.core.encoders.conftest import small, toy_sentences
from tests.core.encoders.test_contract import exhausted

TEXT = "the cat sleeps in the house"


@pytest.fixture(scope="module")
def models() -> dict:
    corpus = Corpus.from_texts(toy_sentences(), language="en")
    found = {paper.name: paper(small(paper, steps=60), corpus.vocab) for paper in (GPT, BERT)}
    for encoder in found.values():
        assert list(encoder.train(corpus))
    return found


def test_the_last_layer_of_the_lens_is_what_the_model_guesses(models):
    told = models["gpt"].lens(TEXT, k=3)
    chances = models["gpt"].next_word(TEXT.split())
    assert told["ids"][-1, -1].tolist() == np.argsort(-chances)[:3].tolist()
    np.testing.assert_allclose(told["chances"][-1, -1], np.sort(chances)[::-1][:3], rtol=1e-4)
    hidden = models["bert"].lens(TEXT, at=1)
    masked = models["bert"].masked_word(TEXT.split(), 1)
    assert hidden["pieces"].tolist()[:4] == [SPECIALS[2], "the", "[MASK]", "sleeps"] and hidden["word"][2] == 1
    assert hidden["chances"][-1, 2, 0] == pytest.approx(masked.max(), rel=1e-4)


def test_losses_are_those_of_the_words_one_by_one(models):
    gpt, words = models["gpt"], TEXT.split()
    nats = [-np.log(gpt.next_word(words[:i])[gpt.vocab.index(words[i])]) for i in range(1, len(words))]
    _, found = exhausted(gpt.losses([TEXT, "the sea", TEXT]))
    assert found[0].tolist() == pytest.approx([sum(nats), len(nats)], rel=1e-4) and found[1, 1] == 1
    np.testing.assert_allclose(found[0], found[2], rtol=1e-5)


def test_shuffled_words_are_the_same_hidden_ones(models):
    bert = models["bert"]
    words = bert._words(TEXT)
    one, other = (bert._asked(words, order, np.random.default_rng(5)) for order in (np.arange(6), np.arange(6)[::-1]))
    assert sorted(one[2]) == sorted(other[2]) and sorted(one[0]) == sorted(other[0])
    assert (one[0][one[1]] == bert._blank).all() and one[1].tolist() == (5 - other[1]).tolist()


@pytest.mark.parametrize("name", ["gpt", "bert"])
def test_blank_out_and_the_gradient(models, name):
    """Blank-out by reading the text with the word made unknown; the gradient by a small step along it."""
    from core.encoders.networks import workings

    encoder, words = models[name], TEXT.split()
    told = encoder.influence(TEXT, at=3)
    before = encoder.masked_word(words, 3) if name == "bert" else encoder.next_word(words[:4])
    guess = encoder.vocab.index(told["guess"])
    assert told["chance"] == pytest.approx(before.max(), rel=1e-4) and guess == before.argmax()
    if name == "gpt":
        without = encoder.next_word(["the", "zebu", "sleeps", "in"])
        assert told["blank"][1] == pytest.approx(abs(before[guess] - without[guess]), abs=1e-5)
    shown, place = encoder._hidden(encoder._words(TEXT), 3)
    _, rows, begin = encoder._row(TEXT, shown)
    network = encoder.network_
    x, mask = network.enter(rows)
    slope = torch.autograd.functional.jacobian(
        lambda x: network.scores_at(workings.through(network, x, mask)[0, place + begin]).log_softmax(-1)[guess], x
    )
    np.testing.assert_allclose(told["slope"], slope[0].norm(dim=-1), rtol=1e-3, atol=1e-6)


def test_no_word_and_a_word_that_is_not_there(models):
    for encoder in models.values():
        with pytest.raises(Problem, match="no words"):
            encoder.lens("")
        with pytest.raises(Problem, match="no word 9 among 6"):
            encoder.influence(TEXT, at=9)
        with pytest.raises(Problem, match="no head 9"):
            encoder.lens(TEXT, heads_off=[(0, 9)])
