import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.explore.heatmap import blocks, modularity, spread, telling
from core.explore.sparse import Sparse
from core.problem import Problem


def planted(seed: int = 0, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """30 documents × 36 terms in three blocks, in no order, and the documents' groups."""
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(np.arange(30) % 3), random.permutation(np.arange(36) % 3)
    return (random.random((30, 36)) * np.where(rows[:, None] == columns, 1, noise)), rows


def test_planted_blocks_are_found_and_stand_together():
    values, groups = planted()
    found = blocks(Sparse.of(values))
    assert adjusted_rand_score(groups[found.documents], found.document_groups) == 1 and found.modularity > 0.4
    assert [len(bound) for bound in found.bounds] == [2, 2]
    assert found.values == pytest.approx(values[np.ix_(found.documents, found.terms)].astype(np.float32))


def test_no_groups_where_there_are_none():
    found = blocks(Sparse.of(np.random.default_rng(0).random((20, 20))))
    assert not found.document_groups.any() and [len(bound) for bound in found.bounds] == [0, 0]
    assert sorted(found.documents) == list(range(20))


def test_an_order_along_a_line_is_found_again():
    place = np.arange(25)
    band = np.exp(-(((place[:, None] - place) / 3) ** 2))
    shuffled = np.random.default_rng(1).permutation(25)
    found = blocks(Sparse.of(band[shuffled]))
    steps = np.abs(np.diff(shuffled[found.documents]))
    assert np.median(steps) <= 2 and steps.mean() < 3


def test_the_same_picture_every_time():
    values, _ = planted(noise=0.5)
    one, other = blocks(Sparse.of(values)), blocks(Sparse.of(values))
    assert np.array_equal(one.documents, other.documents) and np.array_equal(one.terms, other.terms)


def test_at_most_sixty_are_shown_spread_over_the_labels():
    random = np.random.default_rng(0)
    weights = Sparse.of(random.random((300, 200)) * (random.random((300, 200)) < 0.2))
    found = blocks(weights, labels=["x"] * 20 + ["y"] * 280, most_documents=500, most_terms=500)
    assert found.values.shape == (60, 60)
    assert (spread(300, ["x"] * 150 + ["y"] * 150, 10) < 150).sum() == 5 and len(spread(3, None, 10)) == 3


def test_terms_in_all_documents_or_in_one_come_last():
    weights = Sparse.of(np.array([[9.0, 4, 1, 0, 0], [0, 4, 1, 2, 0], [0, 4, 0, 2, 0]]))
    assert telling(weights, 5).tolist() == [3, 2, 1, 0]


def test_chosen_documents_without_weights_are_left_out():
    found = blocks(Sparse.of(np.array([[1.0, 0, 2], [0, 0, 0], [0, np.nan, 3]])), np.array([0, 1, 2]))
    assert sorted(found.documents) == [0, 2] and 1 not in found.terms
    one = blocks(Sparse.of(np.array([[1.0, 2]])))
    assert one.values.shape == (1, 2) and one.modularity == 0


def test_nothing_to_show_is_a_sentence():
    with pytest.raises(Problem, match="no term with a weight"):
        blocks(Sparse.of(np.zeros((3, 4))))


def test_modularity_by_hand():
    values = np.array([[2.0, 0], [0, 2]])
    assert modularity(values, np.array([0, 1]), np.array([0, 1])) == 0.5
    assert modularity(np.ones((2, 2)), np.array([0, 1]), np.array([0, 1])) == 0
