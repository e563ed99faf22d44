import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from core.corpus import Vocab
from core.explore import Space, neighbours, similarity_to
from core.problem import Problem

WORDS = [f"w{i}" for i in range(400)]


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_as_scikit_learn(grouped, metric):
    points, _ = grouped
    distances, indices = (
        NearestNeighbors(n_neighbors=8, metric=metric).fit(points.astype(float)).kneighbors(points[5:6])
    )
    found = neighbours(points, WORDS, "w5", 7, metric)
    assert list(found["index"]) == list(indices[0, 1:])
    expected = 1 - distances[0, 1:] if metric == "cosine" else distances[0, 1:]
    np.testing.assert_allclose(found.score, expected, rtol=1e-4)


def test_dot_product_by_brute_force(grouped):
    points, _ = grouped
    products = points @ points[9]
    products[9] = -np.inf
    found = neighbours(points, WORDS, 9, 5, "dot")
    assert list(found["index"]) == list(np.argsort(-products)[:5])
    assert list(found["rank"]) == [1, 2, 3, 4, 5] and list(found.word) == [WORDS[i] for i in found["index"]]


def test_a_vector_leaves_no_word_out(grouped):
    points, _ = grouped
    found = neighbours(points, WORDS, points[3] * 2, 1)
    assert found.word[0] == "w3" and found.score[0] == pytest.approx(1, abs=1e-6)


def test_euclidean_distances_do_not_cancel():
    points = (1000 + np.arange(6)[:, None] * np.float32(0.01) * np.ones(4, np.float32)).astype(np.float32)
    found = neighbours(points, list("abcdef"), "a", 5, "euclidean")
    assert list(found.word) == list("bcdef")
    np.testing.assert_allclose(found.score, 0.02 * np.arange(1, 6), rtol=0.01)


def test_equal_scores_keep_the_order_of_frequency():
    points = np.ones((50, 3), np.float32)
    assert list(neighbours(points, WORDS[:50], 10, 4)["index"]) == [0, 1, 2, 3]


def test_memory_mapped_vectors_of_a_vocabulary(grouped, tmp_path):
    points, _ = grouped
    np.save(tmp_path / "v.npy", points)
    vocab = Vocab(["Ant", *WORDS[1:]], np.arange(400, 0, -1), lowercase=False)
    found = Space(np.load(tmp_path / "v.npy", mmap_mode="r"), vocab).neighbours("Ant", 3)
    assert list(found["count"]) == [400 - i for i in found["index"]]


def test_similarity_to_every_word(grouped):
    points, _ = grouped
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    similarity = similarity_to(points, 4)
    assert similarity.dtype == np.float32
    np.testing.assert_allclose(similarity, unit @ unit[4], atol=1e-6)


def test_k_beyond_the_words_gives_them_all(grouped):
    points, _ = grouped
    assert len(neighbours(points[:5], WORDS[:5], "w0", 99)) == 4
    assert neighbours(points[:1], WORDS[:1], "w0", 3).empty


def test_an_unknown_word_names_near_ones(grouped):
    points, _ = grouped
    with pytest.raises(Problem, match="did you mean .*w39"):
        neighbours(points, WORDS, "w39x")


def test_vectors_without_direction_are_a_sentence(grouped):
    points = grouped[0].copy()
    points[2], points[3] = 0, np.nan
    with pytest.raises(Problem, match="w2 is all zeros"):
        neighbours(points, WORDS, "w2")
    assert 3 not in neighbours(points, WORDS, "w0", 390)["index"][:380].tolist()


def test_wrong_metric_and_wrong_width(grouped):
    points, _ = grouped
    with pytest.raises(Problem, match="cosine, euclidean, dot"):
        neighbours(points, WORDS, 0, metric="manhattan")
    with pytest.raises(Problem, match="3 numbers"):
        neighbours(points, WORDS, np.ones(3))
