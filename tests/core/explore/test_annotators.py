"""Agreement of people: Krippendorff's own example, a worked kappa, and pairs that are drawn once."""

import numpy as np
import pytest

from core.explore.annotators import alpha, drawn, kappa

NO = np.nan
EXAMPLE = np.array([  # Krippendorff (2011), example C: four observers, twelve units
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
    [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
])  # fmt: skip


def test_alpha_is_that_of_the_published_example() -> None:
    assert alpha(EXAMPLE) == pytest.approx(0.743, abs=5e-4)
    assert alpha(EXAMPLE, ordinal=True) == pytest.approx(0.815, abs=5e-4)


def test_alpha_of_one_rating_throughout_is_one_and_of_no_pair_is_none() -> None:
    assert alpha(np.ones((2, 5))) == 1
    assert np.isnan(alpha(np.array([[1, NO], [NO, 2]]))) and np.isnan(alpha(np.zeros((2, 0))))


def test_kappa_takes_chance_off() -> None:
    first, second = ["a"] * 25 + ["b"] * 25, ["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15
    assert kappa(first, second) == pytest.approx(0.4)  # 0.70 the same, 0.50 by chance
    assert kappa(["a"], ["a"]) == 1 and kappa(["a", "a"], ["b", "b"]) == 0 and np.isnan(kappa([], []))


@pytest.mark.parametrize(("n", "m"), [(0, 0), (1, 0), (2, 1), (5, 10), (2000, 40)])
def test_pairs_are_different_and_the_same_for_a_seed(n: int, m: int) -> None:
    found = drawn(n, 40, 3)
    assert found.shape == (m, 2) and (found[:, 0] != found[:, 1]).all()
    assert len({frozenset(pair) for pair in found.tolist()}) == m
    assert np.array_equal(found, drawn(n, 40, 3))
