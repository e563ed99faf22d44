"""How far back a model looks: exactly nothing beyond its window, exact numbers for models made by hand."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.explore.reach import jensen_shannon, reach, replacements, total_variation
from tests.core.explore.conftest import finish

WORDS = [f"w{i}" for i in range(20)]


def looked(next_word, words, context, vocab=None, **more):
    ids = np.array([words.index(word) for word in context])
    return finish(reach(next_word, words, [context], [ids], **more))[1]


def test_the_two_distances():
    same, other = np.array([0.5, 0.5, 0]), np.array([0, 0, 1.0])
    assert jensen_shannon(same, same) == total_variation(same, same) == 0
    assert jensen_shannon(same, other) == total_variation(same, other) == 1
    half = np.array([0.5, 0, 0.5])
    assert total_variation(same, half) == 0.5 and jensen_shannon(same, half) == pytest.approx(0.5)


def test_a_model_that_copies_the_third_word_back_looks_there_alone():
    def next_word(context):
        return np.eye(20)[WORDS.index(context[-3])]

    found = looked(next_word, WORDS, [WORDS[i] for i in (4, 1, 7, 7, 9, 0)], draws=3, farthest=8)
    assert found["bits"][0].tolist()[:6] == found["moved"][0].tolist()[:6] == [0, 0, 1, 0, 0, 0]
    assert np.isnan(found["bits"][0, 6:]).all()


def test_a_word_is_replaced_by_others_as_frequent():
    drawn = replacements(50, 1000, 4, (0, 1, 2))
    assert len(set(drawn)) == 4 and all(40 <= rank <= 60 and rank != 50 for rank in drawn)
    assert drawn == replacements(50, 1000, 4, (0, 1, 2)) != replacements(50, 1000, 4, (1, 1, 2))
    assert replacements(0, 2, 3, (0,)) == [1, 1, 1] and 900 > min(replacements(1000, 1000, 5, (0,))) >= 800


@pytest.fixture(scope="module")
def corpus():
    draw = np.random.default_rng(0)
    return Corpus.from_texts([" ".join(f"v{i}" for i in draw.zipf(1.3, 1500) if i < 40) for _ in range(2)])


@pytest.mark.parametrize(
    ("name", "options", "window"),
    [("ngram", {"order": 3}, 2), ("nnlm", {"context": 4, "dim": 4, "hidden": 4, "epochs": 1, "threads": 1}, 4)],
)
def test_nothing_moves_beyond_the_window(corpus, name, options, window):
    encoder = ENCODERS[name](ENCODERS[name].Options(**options), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    ids = corpus.tokens[:12]
    found = finish(reach(encoder.next_word, corpus.vocab.words, [[corpus.vocab.words[i] for i in ids]], [ids]))[1]
    assert (found["bits"][0, :window] > 0).all() and (found["bits"][0, window:12] == 0).all()
    assert (found["moved"][0, window:12] == 0).all()
