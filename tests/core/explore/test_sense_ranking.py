"""Words by how many-sided they are: the one with two clouds stands first, and words are drawn as is said."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.sense_ranking import candidates, common, occurrences, ranking
from core.problem import Problem

TEXTS = ["the cat saw the dog and the bird"] * 14


def test_a_word_with_two_clouds_is_wider_than_words_as_frequent() -> None:
    draw = np.random.default_rng(0)
    eye = np.eye(8)
    one, other = (eye[i] + 0.05 * draw.standard_normal((20, 8)) for i in (0, 1))
    two = np.concatenate([eye[2], eye[3]]).reshape(2, 8).repeat(10, axis=0) + 0.05 * draw.standard_normal((20, 8))
    found = ranking(
        np.concatenate([one, two, other]), np.repeat([0, 1, 2], 20), ["a", "two", "b"], np.array([30, 29, 28])
    )
    assert found["word"][0] == "two" and found["wider"][0] > 0.3 > found["wider"][1] and found["silhouette"][0] > 0.8


def test_candidates_are_words_that_occur_often_and_are_no_grammar() -> None:
    corpus = Corpus.from_texts(TEXTS)
    assert sorted(candidates(corpus, 9, {"the", "and"})) == ["bird", "cat", "dog", "saw"]
    assert len(candidates(corpus, 3, {"the", "and"})) == 3
    with pytest.raises(Problem, match="Fewer than 3"):
        candidates(Corpus.from_texts(["a b c"]), 9, set())


def test_every_word_gives_as_many_occurrences() -> None:
    frame, whose = occurrences(Corpus.from_texts(TEXTS), ["cat", "dog"], 5)
    assert len(frame) == 10 and whose.tolist() == [0] * 5 + [1] * 5


def test_the_baseline_of_each_layer_and_the_adjusted_similarity_of_a_word() -> None:
    """One layer in which words are one direction, one in which they are apart; a word is alike by what is left."""
    apart = np.repeat(np.eye(3), 2, axis=0)
    whose = np.repeat([0, 1, 2], 2)
    assert common(np.stack([np.ones((6, 3)), apart], axis=1), whose) == pytest.approx([1, 0])
    tilted = apart + 1
    shared = common(tilted[:, None], whose)[0]
    assert shared == pytest.approx((2 + 2 + 1) / 6)
    found = ranking(tilted, whose, ["a", "b", "c"], np.array([3, 2, 1]))
    assert found["similarity"].to_numpy() == pytest.approx(1 - shared)
