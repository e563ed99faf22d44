"""Documents on a map: sparse vectors are made short and keep their nearness; who has no direction has no place."""

import numpy as np
import pytest

from core.explore.document_map import DocumentMapOptions, chosen_documents, document_map, most_alike, reduced
from core.explore.sparse import Sparse
from core.problem import Problem
from tests.core.explore.conftest import finish


def two_kinds(n=40, width=60, seed=0):
    """Documents of two kinds with words of their own: the first half of the rows, and the second."""
    rng = np.random.default_rng(seed)
    dense = np.zeros((n, width), np.float32)
    dense[: n // 2, : width // 2] = rng.poisson(1.0, (n // 2, width // 2))
    dense[n // 2 :, width // 2 :] = rng.poisson(1.0, (n - n // 2, width - width // 2))
    return dense


def test_reduction_is_the_singular_value_decomposition():
    dense = two_kinds()
    short, share = reduced(Sparse.of(dense), 2)
    left, singular, _ = np.linalg.svd(dense.astype(np.float64), full_matrices=False)
    assert np.allclose(np.abs(short), np.abs(left[:, :2] * singular[:2]), atol=1e-3)
    assert share == pytest.approx((singular[:2] ** 2).sum() / (singular**2).sum(), rel=1e-5)


@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
def test_two_kinds_lie_apart_and_empty_documents_nowhere(method):
    dense = two_kinds()
    dense[[3, 25]] = 0
    options = DocumentMapOptions(method=method, neighbours=5, perplexity=5)
    steps, (arrays, facts) = finish(document_map(Sparse.of(dense), options))
    rows, xy = arrays["rows"], arrays["xy"]
    assert (facts["documents"], facts["empty"], facts["dimensions"], facts["reduced"]) == (40, 2, 60, 37)
    assert len(rows) == len(xy) == 38 and not {3, 25} & set(rows.tolist())
    a, b = xy[rows < 20], xy[rows >= 20]
    apart = np.linalg.norm(a.mean(axis=0) - b.mean(axis=0))
    assert apart > a.std(axis=0).max() and apart > b.std(axis=0).max()
    assert all("rows" in step for step in steps if isinstance(step, dict))


def test_dense_vectors_are_taken_as_they_are():
    vectors = np.random.default_rng(1).standard_normal((30, 7))
    _, (arrays, facts) = finish(document_map(vectors, DocumentMapOptions(method="pca")))
    assert facts["reduced"] is None and facts["dimensions"] == 7 and arrays["rows"].tolist() == list(range(30))


def test_a_sample_is_drawn_by_the_seed_and_keeps_the_order():
    vectors = np.ones((500, 2))
    first, again, other = (chosen_documents(vectors, 50, seed).rows for seed in (0, 0, 1))
    assert len(first) == 50 and np.array_equal(first, again) and not np.array_equal(first, other)
    assert (np.diff(first) > 0).all() and first.max() > 400


def test_too_few_documents_are_a_sentence():
    dense = two_kinds(12)
    dense[4:] = 0
    with pytest.raises(Problem, match="at least 10 documents with known words; there are 4"):
        finish(document_map(Sparse.of(dense), DocumentMapOptions()))


def test_sparse_and_dense_have_the_same_nearest():
    dense = two_kinds(seed=3)
    near, cosines = most_alike(Sparse.of(dense), 5, 6)
    same, equal = most_alike(dense, 5, 6)
    unit = dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)
    exact = unit @ unit[5]
    exact[5] = -1
    assert near.tolist() == same.tolist() == np.argsort(-exact, kind="stable")[:6].tolist()
    assert np.allclose(cosines, np.sort(exact)[::-1][:6], atol=1e-6) and np.allclose(cosines, equal, atol=1e-6)


def test_a_document_without_a_word_has_no_nearest():
    with pytest.raises(Problem, match="No word of this document is known"):
        most_alike(np.zeros((3, 2)), 1)
