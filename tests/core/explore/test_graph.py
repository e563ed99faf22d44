import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from core.explore import graph
from core.explore.graph import nearest, prepared
from core.problem import Problem
from tests.core.explore.conftest import finish


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_as_scikit_learn_in_blocks(grouped, metric, monkeypatch):
    points, _ = grouped
    monkeypatch.setattr(graph, "SCORES", 400 * 37)
    shares, (indices, distances) = finish(nearest(prepared(points, metric), 12, metric))
    expected, places = NearestNeighbors(n_neighbors=12, metric=metric).fit(points).kneighbors()
    assert (indices == places).mean() > 0.999
    np.testing.assert_allclose(distances, expected, atol=1e-5)
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) == 11


def test_some_rows_only(grouped):
    ready = prepared(grouped[0], "cosine")
    _, (everything, _) = finish(nearest(ready, 5, "cosine"))
    _, (some, _) = finish(nearest(ready, 5, "cosine", np.array([7, 300])))
    assert (some == everything[[7, 300]]).all()


def test_k_is_cut_to_all_the_others():
    _, (indices, _) = finish(nearest(np.eye(4, dtype=np.float32), 15, "euclidean"))
    assert sorted(indices[2].tolist()) == [0, 1, 3]


def test_what_is_not_finite_or_unknown_is_a_sentence():
    with pytest.raises(Problem, match="not finite"):
        prepared(np.array([[1.0, np.nan]]), "cosine")
    with pytest.raises(Problem, match="cosine, euclidean"):
        prepared(np.eye(2), "dot")
