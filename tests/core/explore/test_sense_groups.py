"""Groups of occurrences and the evidence for them, on vectors and words made by hand."""

import numpy as np
import pytest

from core.explore.sense_groups import characteristic, cluster, likeness, separation, shares, sharpness

DRAW = np.random.default_rng(0)
TWO = np.concatenate(
    [[1, 0, 0, 0] + 0.1 * DRAW.standard_normal((30, 4)), [0, 1, 0, 0] + 0.1 * DRAW.standard_normal((20, 4))]
)
TRUTH = np.repeat([0, 1], [30, 20])


@pytest.mark.parametrize("method", ["kmeans", "agglomerative", "hdbscan"])
def test_two_clouds_are_found_the_larger_one_first(method: str) -> None:
    groups = cluster(TWO, method)
    inside = groups >= 0
    assert inside.mean() > 0.8 and (groups == TRUTH)[inside].all()


def test_the_number_of_groups_can_be_asked_for() -> None:
    assert set(cluster(TWO, "kmeans", 3).tolist()) == {0, 1, 2}


def test_vectors_all_alike_are_one_group_and_not_apart() -> None:
    alike = np.ones((20, 3))
    assert not cluster(alike).any()
    assert np.isnan(separation(alike[:, None], cluster(alike))).all()


def test_separation_is_high_where_the_groups_are_apart_and_zero_where_all_are_alike() -> None:
    layers = np.stack([np.ones_like(TWO), TWO], axis=1)
    same, apart = separation(layers, TRUTH)
    assert same == 0 and apart > 0.9


def test_an_occurrence_is_left_out_of_its_own_mean() -> None:
    found = likeness(np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([0, 0, 1]))
    assert found[0, 0] == pytest.approx(0) and found[0, 1] == pytest.approx(np.sqrt(0.5))


def test_shares_sum_to_one_and_are_as_sharp_as_the_occurrences_say() -> None:
    cosines = likeness(TWO, TRUTH)
    found = shares(cosines, sharpness(cosines, TRUTH))
    assert found.sum(axis=1) == pytest.approx(1)
    own = found[np.arange(50), TRUTH].mean()  # told apart without an error, and yet no share is 1
    assert own == pytest.approx((30 * 31 / 32 + 20 * 21 / 22) / 50, abs=0.01)


def test_groups_that_cannot_be_told_apart_have_even_shares() -> None:
    cosines = np.array([[0.9, 0.5], [0.5, 0.9]] * 10)
    assert shares(cosines, sharpness(cosines, np.repeat([0, 1], 10)))[0, 0] < 0.61


def test_a_group_is_named_by_what_stands_beside_it_alone() -> None:
    contexts = [(["the", "river"], ["flows"])] * 5 + [(["the", "money"], ["lends"])] * 5
    river, money = characteristic(contexts, np.repeat([0, 1], 5), {"the"})
    assert [row[0] for row in river["words"]] == ["flows", "river"] and river["words"][0][1:3] == [5, 0]
    assert [row[0] for row in money["left"]] == ["money"] and [row[0] for row in money["right"]] == ["lends"]
