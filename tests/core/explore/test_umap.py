import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core.explore.graph import nearest, prepared
from core.explore.umap import curve, fuzzy_graph, umap
from tests.core.explore.conftest import finish

MIN_DISTS = (0.0, 0.1, 0.9)
UMAP_LEARN = """
import sys, numpy, umap.umap_ as learn
given = numpy.load(sys.argv[1])
graph, _, _ = learn.fuzzy_simplicial_set(given["points"], 15, numpy.random.RandomState(0), "cosine",
                                         knn_indices=given["indices"], knn_dists=given["distances"])
graph.sort_indices()
curves = [learn.find_ab_params(1.0, least) for least in given["min_dists"]]
numpy.savez(sys.argv[2], starts=graph.indptr, others=graph.indices, weights=graph.data, curves=curves)
"""


@pytest.fixture(scope="module")
def neighbours(grouped):
    """Indices and distances of the 14 nearest of each point."""
    return finish(nearest(prepared(grouped[0], "cosine"), 14, "cosine"))[1]


@pytest.fixture(scope="module")
def learned(grouped, neighbours, tmp_path_factory):
    """What umap-learn makes of them, in a process that does not compile it first: that would take half a minute."""
    folder, own, zero = tmp_path_factory.mktemp("umap"), np.arange(400)[:, None], np.zeros((400, 1), np.float32)
    indices, distances = np.hstack([own, neighbours[0]]), np.hstack([zero, neighbours[1]])
    given = {"points": grouped[0], "indices": indices, "distances": distances, "min_dists": MIN_DISTS}
    np.savez(folder / "given.npz", **given)
    command = [sys.executable, "-c", UMAP_LEARN, str(folder / "given.npz"), str(folder / "made.npz")]
    done = subprocess.run(command, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with np.load(folder / "made.npz") as made:
        return dict(made)


def test_the_fuzzy_graph_equals_umap_learns(neighbours, learned):
    starts, others, weights = fuzzy_graph(*neighbours, epochs=10**9)
    assert (starts == learned["starts"]).all() and (others == learned["others"]).all()
    np.testing.assert_allclose(weights, learned["weights"], atol=2e-4)


@pytest.mark.parametrize("min_dist", MIN_DISTS)
def test_the_curve_equals_umap_learns(learned, min_dist):
    np.testing.assert_allclose(curve(min_dist), learned["curves"][MIN_DISTS.index(min_dist)], rtol=1e-3)


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
