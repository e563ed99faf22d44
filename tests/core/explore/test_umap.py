import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core.explore.graph import nearest, prepared
from core.explore.umap import curve, fuzzy_graph, umap
from tests.core.explore.conftest import finish

pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")  # umap-learn says that it found no Tensorflow


def test_the_fuzzy_graph_equals_umap_learns(grouped):
    from umap.umap_ import fuzzy_simplicial_set

    _, (indices, distances) = finish(nearest(prepared(grouped[0], "cosine"), 14, "cosine"))
    own, zero = np.arange(400)[:, None], np.zeros((400, 1), np.float32)
    oracle, _, _ = fuzzy_simplicial_set(
        grouped[0], 15, np.random.RandomState(0), "cosine",
        knn_indices=np.hstack([own, indices]), knn_dists=np.hstack([zero, distances]),
    )  # fmt: skip
    starts, others, weights = fuzzy_graph(indices, distances, epochs=10**9)
    oracle.sort_indices()
    assert (starts == oracle.indptr).all() and (others == oracle.indices).all()
    np.testing.assert_allclose(weights, oracle.data, atol=2e-4)


@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.9])
def test_the_curve_equals_umap_learns(min_dist):
    from umap.umap_ import find_ab_params

    np.testing.assert_allclose(curve(min_dist), find_ab_params(1.0, min_dist), rtol=1e-3)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_neighbourhoods_survive(grouped, dimensions):
    _, xy = finish(umap(grouped[0], dimensions))
    assert xy.shape == (400, dimensions) and xy.dtype == np.float32
    assert trustworthiness(grouped[0], xy, n_neighbors=15, metric="cosine") > 0.93


def test_bits_repeat_for_a_seed(grouped):
    (_, first), (_, again), (_, other) = (finish(umap(grouped[0], epochs=60, seed=seed)) for seed in (3, 3, 4))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_pictures_and_shares_come_early(grouped):
    events, xy = finish(umap(grouped[0], epochs=50))
    shares = [event for event in events if isinstance(event, float)]
    pictures = [event["xy"] for event in events if isinstance(event, dict)]
    assert isinstance(events[1], dict) and len(pictures) == 11 and (pictures[-1] == xy).all()
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1)


def test_twins_and_zeros_are_placed():
    _, xy = finish(
        umap(np.repeat(np.eye(4, dtype=np.float32), 5, axis=0) * np.arange(20)[:, None], neighbours=6, epochs=30)
    )
    assert np.isfinite(xy).all()
