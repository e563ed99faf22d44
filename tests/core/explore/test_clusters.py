import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.explore.clusters import clusters
from core.problem import Problem

WORDS = [f"w{i}" for i in range(400)]


def test_planted_groups_are_found_and_named_by_their_own_words(grouped):
    points, groups = grouped
    labels, names = clusters(points, WORDS, 8)
    assert adjusted_rand_score(groups, labels) > 0.95 and labels.dtype == np.int32
    for label, name in enumerate(names):
        assert {labels[WORDS.index(word)] for word in name.split(", ")} == {label}


def test_the_largest_is_first_and_the_seed_repeats(grouped):
    labels, names = clusters(grouped[0], WORDS, 5, seed=2)
    assert (np.diff(np.bincount(labels)) <= 0).all()
    again = clusters(grouped[0], WORDS, 5, seed=2)
    assert (labels == again[0]).all() and names == again[1]


def test_twins_make_fewer_clusters():
    labels, names = clusters(np.repeat(np.eye(3), 4, axis=0), list("abcdefghijkl"), 6)
    assert len(names) == 3 == len(set(labels.tolist()))


def test_a_count_that_cannot_be_is_a_sentence(grouped):
    with pytest.raises(Problem, match="2 to 400 groups"):
        clusters(grouped[0], WORDS, 401)
