"""One-hot: equal distances, an identity that takes no room, documents as sums."""

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.encoders import onehot
from core.encoders.onehot import OneHot, OneHotOptions
from core.problem import Problem

VOCAB = Vocab(["the", "cat", "dog", "sleeps"], [4, 2, 2, 1])


def test_every_two_words_are_as_far_apart_as_any():
    found = OneHot(OneHotOptions(), VOCAB).distances(["cat", "dog", "the", "cat"])
    near = {(i, i) for i in range(4)} | {(0, 3), (3, 0)}
    for i in range(4):
        for j in range(4):
            assert found[i, j] == (0 if (i, j) in near else np.float32(np.sqrt(2)))


def test_the_distances_are_those_of_the_vectors():
    encoder = OneHot(OneHotOptions(), VOCAB)
    vectors = encoder.word_vectors()
    between = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    np.testing.assert_allclose(encoder.distances(VOCAB.words), between, rtol=1e-6)


def test_word_vectors_are_the_identity_without_its_room():
    vectors = OneHot(OneHotOptions(), VOCAB).word_vectors()
    assert np.array_equal(vectors, np.eye(4, dtype=np.float32)) and not vectors.flags.writeable
    many = Vocab([str(i) for i in range(300_000)], range(300_000, 0, -1))
    wide = OneHot(OneHotOptions(), many).word_vectors()
    assert wide.shape == (300_000, 300_000) and wide[123_456].sum() == wide[123_456, 123_456] == 1
    assert wide[-1, -1] == wide[0, 0] == 1 and wide[0, -1] == wide[-1, 0] == 0
    assert wide.base is not None and wide.nbytes > 1e11  # which no machine of ours has


def test_a_run_of_it_holds_no_vectors_to_save():
    assert OneHot.capabilities() == ("DocVectors", "TermWeights", "Distances")
    encoder = OneHot(OneHotOptions(), VOCAB)
    assert [event.step for event in encoder.train(Corpus.from_texts(["the cat"]))] == [4]
    assert sum(array.nbytes for array in encoder.state().values()) < 100


@pytest.mark.parametrize("document, expected", [("counts", [2, 1, 0, 1]), ("present", [1, 1, 0, 1])])
def test_a_document_is_the_sum_of_its_words(document, expected):
    encoder = OneHot(OneHotOptions(document=document), VOCAB)
    assert encoder.doc_vectors(["", "The cat, the unheard: sleeps"]).tolist() == [[0, 0, 0, 0], expected]
    assert encoder.term_weights("the cat the sleeps").tolist() == expected


def test_what_does_not_fit_or_is_not_known_is_a_problem(monkeypatch):
    encoder = OneHot(OneHotOptions(), VOCAB)
    with pytest.raises(Problem, match="cot is not in the vocabulary; did you mean cat"):
        encoder.distances(["the", "cot"])
    with pytest.raises(Problem, match="holds 3 words and cannot go on with 4"):
        encoder.restore({"words": np.array([3])})
    monkeypatch.setattr(onehot, "DENSE", 7)
    with pytest.raises(Problem, match="2 documents x 4 words take 0 MB"):
        encoder.doc_vectors(["the", "cat"])
