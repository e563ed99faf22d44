"""One word in two corpora: the measures by hand and pair by pair, and what they are when nothing differs."""

import numpy as np
import pytest

from core.explore.sense_change import Change, changed, typical
from core.problem import Problem


def ended(steps) -> Change:
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def made(vectors, second, **more) -> Change:
    return ended(changed(np.asarray(vectors, float)[:, None], np.asarray(second, bool), **more))


RIGHT, UP = [1.0, 0.0], [0.0, 2.0]
APART = [RIGHT] * 3 + [UP] * 3, [0, 0, 0, 1, 1, 1]


def test_two_corpora_at_right_angles_by_hand():
    found = made([[1, 0]] * 3 + [[0, 2]] * 2 + [[2, 0]], [0, 0, 0, 1, 1, 1]).measures
    # pairs between: 3 of 9 alike; within the second: 1 of 3 alike; prototypes [1, 0] and [2/3, 4/3]
    assert found.apd[0] == pytest.approx(2 / 3) and found.first[0] == pytest.approx(0)
    assert found.second[0] == pytest.approx(2 / 3) and found.cosine[0] == pytest.approx(1 / np.sqrt(5))
    assert found.prt[0] == pytest.approx(np.sqrt(5)) and found.excess[0] == pytest.approx(2 / 3 - 1 / 3)


def test_every_layer_is_as_pair_by_pair():
    draw = np.random.default_rng(0)
    vectors, second = draw.normal(size=(11, 2, 5)), np.arange(11) > 6
    found = ended(changed(vectors, second, deals=5)).measures
    for layer in range(2):
        rows = vectors[:, layer] / np.linalg.norm(vectors[:, layer], axis=1, keepdims=True)
        apart = 1 - rows @ rows.T
        mine = apart[:7, :7][np.triu_indices(7, 1)]
        assert found.apd[layer] == pytest.approx(apart[:7, 7:].mean()) and found.first[layer] == pytest.approx(
            mine.mean()
        )


def test_a_difference_is_beyond_every_deal_and_none_lies_in_the_middle():
    far = made(*APART, deals=399)
    # of the 20 ways to deal out six, two are as the corpora are
    assert far.chance("apd")[3][0] == pytest.approx(0.1, abs=0.04)
    draw = np.random.default_rng(1)
    same = made(draw.normal(size=(60, 8)) + 1, np.arange(60) % 2, deals=399)
    for name in ("apd", "prt", "excess"):
        mean, low, high, p = (part[0] for part in same.chance(name))
        assert low < mean < high and p > 0.05


def test_the_same_seed_deals_the_same():
    one, other = (made(np.random.default_rng(2).normal(size=(20, 4)), np.arange(20) > 9, seed=3) for _ in range(2))
    assert np.array_equal(one.dealt.apd, other.dealt.apd)


def test_documents_are_dealt_out_whole():
    """Two documents a corpus say one thing each again and again: no deal of documents mixes within one."""
    vectors = np.repeat(np.eye(6), 10, axis=0)
    second, documents = np.repeat([0, 0, 0, 1, 1, 1], 10), np.repeat([0, 1, 2, 0, 1, 2], 10)
    single, whole = made(vectors, second, deals=199), made(vectors, second, documents=documents, deals=199)
    assert single.chance("excess")[3][0] < 0.05 and whole.chance("excess")[3][0] == 1
    assert np.ptp(whole.dealt.apd) < 1e-12


def test_too_few_are_a_problem():
    with pytest.raises(Problem, match="has 2 of these"):
        made([RIGHT] * 5, [0, 0, 0, 1, 1])
    with pytest.raises(Problem, match="stands in 1 documents"):
        made(*APART, documents=np.array([0, 1, 2, 0, 0, 0]))


def test_the_most_typical_lie_by_their_own_corpus():
    found = typical(np.array([[1, 0], [1, 0.1], [0.1, 1], [0, 1], [0, 1], [1, 0]]), np.array([0, 0, 0, 1, 1, 1]) == 1)
    assert found[0] > 0 > found[2] and found[3] > 0 > found[5]
