"""What Predict asks, of encoders that are made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.answers import predicting
from core.corpus import Corpus, Vocab
from core.encoders.base import MaskedWord
from core.problem import Problem
from tests.core.explore.conftest import finish


class Even(MaskedWord):
    """All words alike, wherever they stand."""

    vocab = Vocab(["a", "b"], [2, 2])

    def next_word(self, context):
        return np.full(2, 0.5)

    def guesser(self):
        return self.next_word

    def masked_word(self, tokens, i):
        return np.array([0.25, 0.75])

    def next_sentence(self, first, second):
        return 0.9 if first < second else 0.1


def answered(steps):
    return finish(steps)[1]


def test_a_hidden_word_says_which_words_were_read():
    arrays, facts = answered(predicting.hidden_word(Even(), ["a", "x", "b"], 1))
    assert arrays["answer"].tolist() == [0.25, 0.75] and facts == {"first": 0, "last": 3, "words": 3}


def test_many_pairs_are_judged():
    arrays, _ = answered(predicting.judged(Even(), [("a", "b"), ("b", "a")]))
    assert arrays["answer"].tolist() == [0.9, 0.1]
    with pytest.raises(Problem, match="1 to 400 pairs"):
        answered(predicting.judged(Even(), []))


def test_the_bits_of_a_text():
    arrays, facts = answered(predicting.coded(Even(), "a b x"))
    assert len(arrays["model"]) == 3 and arrays["unknown"].tolist() == [False, False, True]
    assert facts["perplexity"] == pytest.approx(2) and facts["frequency_perplexity"] == pytest.approx(2)
    assert facts["begins"] and facts["spelled"] == 3 and facts["impossible"] == 0
    with pytest.raises(Problem, match="A text of 1 to 5000"):
        answered(predicting.coded(Even(), " "))


def test_how_far_back_of_texts_that_are_long_enough():
    long = "a b " * 30
    arrays, _ = answered(predicting.looked_back(Even(), ["a b", long, long]))
    assert arrays["bits"].shape == arrays["moved"].shape == (2, 40) and (arrays["bits"] == 0).all()
    arrays, _ = answered(predicting.looked_back(Even(), ["a b"]))
    assert arrays["bits"].shape == (1, 40) and np.isnan(arrays["bits"][0, 2:]).all()
    for texts in ([], ["..."]):
        with pytest.raises(Problem):
            answered(predicting.looked_back(Even(), texts))


def test_pairs_and_passages_of_a_corpus(monkeypatch):
    text = " ".join(f"The king of number {i} was old." for i in range(400))
    corpus = Corpus.from_texts([text, text.replace("king", "queen")])
    monkeypatch.setattr(predicting, "opened", lambda store, name: corpus)
    pairs = answered(predicting.sentence_pairs(SimpleNamespace(), "c", 2))[1]["pairs"]
    assert [len(some) for some in pairs.values()] == [2, 2, 2, 2]
    facts = answered(predicting.passages(SimpleNamespace(), "c", 1, 80))[1]
    assert len(facts["texts"]) == 1 and facts["alone"][0] == facts["texts"][0].lower().replace(".", "")
