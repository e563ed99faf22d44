"""What two or more spaces agree about, by hand and by sets."""

from itertools import combinations

import numpy as np
import pytest

from core.corpus import Vocab
from core.explore import Space
from core.explore.agreement import agreement, common, mean_shared
from core.problem import Problem
from tests.core.explore.conftest import finish

ONE = Vocab(["the", "cat", "dog", "sun", "rare"], [9, 5, 4, 3, 1])
OTHER = Vocab(["the", "dog", "moon", "cat", "sun"], [9, 8, 7, 6, 5])


def test_common_words_in_the_order_of_the_first():
    assert common([ONE, OTHER], 10).tolist() == [[0, 1, 2, 3], [0, 3, 1, 4]]
    assert common([ONE, OTHER], 2).tolist() == [[0, 1], [0, 3]]
    assert common([ONE, Vocab(["x"], [1])], 10).shape == (2, 0)


def test_a_space_agrees_with_itself_and_with_itself_turned(grouped):
    points, _ = grouped
    turned = points @ np.linalg.qr(np.random.default_rng(0).standard_normal((20, 20)))[0].astype(np.float32)
    ids = np.stack([np.arange(400)] * 2)
    shares, found = finish(agreement([points, 2 * turned], ids, 10))
    assert found.shared.mean() > 9.99 and found.jaccard.mean() > 0.999 and shares[-1] == 1


def test_three_spaces_by_sets(grouped):
    random = np.random.default_rng(2)
    spaces = [grouped[0] + scale * random.standard_normal((400, 20)).astype(np.float32) for scale in (0, 1, 2)]
    order = random.permutation(400)
    spaces[2] = spaces[2][order]
    ids = np.stack([np.arange(400), np.arange(400), np.argsort(order)])
    found = finish(agreement(spaces, ids, 10))[1]
    words = [str(i) for i in range(400)]
    names = [words, words, [str(i) for i in order]]
    for word in (0, 7, 399):
        near = [{*Space(space, name).neighbours(str(word), 10)["word"]} for space, name in zip(spaces, names)]
        assert [{*map(str, row[word])} for row in found.near] == near
        pairs = [(len(a & b), len(a & b) / len(a | b)) for a, b in combinations(near, 2)]
        assert [found.shared[word], found.jaccard[word]] == pytest.approx(np.mean(pairs, axis=0).tolist())


def test_strangers_share_what_chance_gives():
    spaces = [np.random.default_rng(seed).standard_normal((300, 10)).astype(np.float32) for seed in (0, 1)]
    found = finish(agreement(spaces, np.stack([np.arange(300)] * 2), 10))[1]
    assert found.chance == pytest.approx(100 / 299) and found.shared.mean() == pytest.approx(found.chance, abs=0.1)


def test_too_little_to_compare_is_said(grouped):
    points, ids = grouped[0], np.stack([np.arange(2)] * 2)
    with pytest.raises(Problem, match="2 words in common"):
        finish(agreement([points, points], ids))
    for count in (1, 7):
        with pytest.raises(Problem, match=f"not {count}"):
            finish(agreement([points] * count, np.zeros((count, 9), np.int64)))


def test_lists_that_people_see():
    assert mean_shared([["a", "b"], ["a", "b"]]) == 2 and mean_shared([["a"], ["b"]]) == 0
    assert mean_shared([["a", "b"]]) == 2 and mean_shared([]) == 0
