"""What any two words have in common: by hand for a run whose vectors are known, and computed no second time."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.answers.sense_common import common
from core.answers.senses import Source
from core.corpus import Corpus
from core.encoders.base import WordVectors
from core.store import Store
from tests.steps import ended

TEXTS = ["cat dog bird"] * 12
VECTORS = np.array([[1, 0], [0, 2], [0.6, 0.8]], np.float32)  # cosines 0, 0.6 and 0.8


class Counting(WordVectors):
    """A run with one vector a word, which counts how often it is asked."""

    def __init__(self, vocab):
        self.vocab, self.asked = vocab, 0

    def word_vectors(self):
        self.asked += 1
        return VECTORS


@pytest.fixture
def source(tmp_path):
    store = Store(tmp_path)
    corpus = Corpus.from_texts(TEXTS)
    corpora = {name: store.add_corpus(Corpus.from_texts(texts), name).id
               for name, texts in {"long": TEXTS, "short": TEXTS[:11]}.items()}  # fmt: skip
    source = Source(store, "run-001", None, Counting(corpus.vocab))
    yield SimpleNamespace(asked=source, corpora=corpora)
    store.close()


def test_the_mean_cosine_of_three_words_is_computed_once(source):
    for _ in range(2):
        found = ended(common(source.asked, source.corpora["long"]))
        assert found.arrays["trained"] == pytest.approx([1.4 / 3]) and set(found.arrays) == {"trained"}
        assert found.facts["words"] == 3 and source.asked.encoder.asked == 1
    ended(common(source.asked, source.corpora["long"], seed=1))
    assert source.asked.encoder.asked == 2


def test_words_that_are_too_rare_make_no_baseline(source):
    found = ended(common(source.asked, source.corpora["short"]))
    assert not found.arrays and found.facts["words"] == 0
