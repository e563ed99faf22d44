"""A network that has learned nothing is like the trained one in all but its weights."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.explore.senses_published import BERT_BASE, published

OPTIONS = {"steps": 2, "context": 16, "batch": 4, "threads": 1}


@pytest.mark.parametrize("name", ["bert", "gpt", "elmo", "cove"])
def test_an_untrained_network_repeats_by_its_seed_and_is_not_the_trained_one(name):
    texts = ["The river left its bank. The bank lent money."] * 20
    corpus = Corpus.from_texts(texts, translations=texts if name == "cove" else None, language="en")
    kind = ENCODERS[name]
    trained = kind(kind.Options(size="tiny", **OPTIONS), corpus.vocab)
    for _ in trained.train(corpus):
        pass
    words = ["the", "bank"]
    one, same, other = (trained.untrained(seed).context_vectors(words) for seed in (0, 0, 1))
    assert np.array_equal(one, same) and not np.allclose(one, other)
    assert one.shape == trained.context_vectors(words).shape and not np.allclose(one, trained.context_vectors(words))


def test_what_was_published_is_found_by_the_word():
    assert published(" Bank") == published("banks") == BERT_BASE["bank"] == 0.996
    assert published("walrus") is None and len(BERT_BASE) == 20
    assert np.mean([*BERT_BASE.values()]) == pytest.approx(0.940, abs=0.001)
