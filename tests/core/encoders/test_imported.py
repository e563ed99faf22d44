"""Vectors from elsewhere: an encoder that answers, and says that it cannot learn."""

import numpy as np
import pytest

from core.corpus import Vocab
from core.encoders import BROUGHT, ENCODERS, encoder_named
from core.problem import Problem

Imported = BROUGHT["imported"]


def test_it_is_found_by_its_name_and_offered_nowhere():
    assert encoder_named("imported") is Imported and encoder_named("word2vec") is ENCODERS["word2vec"]
    assert not BROUGHT.keys() & ENCODERS.keys() and Imported.capabilities() == ("WordVectors",)
    assert Imported.title and 1948 <= Imported.year < 2100 and "word2vec" in Imported.paper


def test_it_answers_with_what_it_was_given(corpus):
    vectors = np.eye(3, 2, dtype=np.float32)
    encoder = Imported(Imported.Options(format="npy"), Vocab(["a", "b", "c"], [3, 2, 1]))
    encoder.restore({"vectors": vectors})
    assert encoder.word_vectors() is vectors and encoder.state(training=False)["vectors"] is vectors


def test_it_says_that_it_does_not_learn(corpus):
    encoder = Imported(Imported.Options(), corpus.vocab)
    for action in (lambda: encoder.train(corpus), lambda: Imported.estimate(encoder.options, corpus)):
        with pytest.raises(Problem, match="train an encoder on a corpus"):
            action()


def test_every_option_is_declared_whole():
    for field in Imported.Options.fields().values():
        assert field.title and field.help.endswith(".")
