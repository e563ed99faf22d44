"""The live picture: still but for meaning, and right about its neighbours."""

import json

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.jobs.snapshot import Snapshots, default_probe, largest, project
from tests.core.jobs.conftest import Counting, CountingOptions


def cloud(words=300, width=20, seed=0):
    """Vectors of three directions that matter and many that do not."""
    random = np.random.default_rng(seed)
    scale = np.array([5, 3, 2] + [0.3] * (width - 3), np.float32)
    return random.standard_normal((words, width), np.float32) * scale


def encoder_of(vectors, words=None):
    encoder = Counting(CountingOptions(), Vocab(words or [f"w{i}" for i in range(len(vectors))], [1] * len(vectors)))
    encoder.vectors_ = vectors
    return encoder


def facts(arrays):
    return json.loads(arrays["facts"].tobytes())


def test_a_map_is_the_pca_of_directions():
    from sklearn.decomposition import PCA

    vectors = cloud()
    xy, basis = project(vectors, None)
    expected = PCA(2).fit_transform(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    for ours, theirs in zip(xy.T, expected.T):
        assert abs(np.corrcoef(ours, theirs)[0, 1]) == pytest.approx(1, abs=1e-4)
    assert xy.dtype == np.float32 and (xy**2).sum(1).mean() == pytest.approx(1, abs=1e-4)


def test_a_turned_basis_is_turned_back():
    vectors = cloud()
    xy, basis = project(vectors, None)
    quarter = np.array([[0, -1], [1, 0]], np.float32)
    for turned in (basis @ quarter, -basis, basis[:, ::-1]):
        again, found = project(vectors, turned)
        assert np.allclose(found, turned, atol=1e-3) and not np.allclose(again, xy, atol=0.1)


def test_only_what_learns_moves():
    vectors = cloud()
    before, basis = project(vectors, None)
    vectors[7] = -vectors[7]
    after, _ = project(vectors, basis)
    moved = np.linalg.norm(after - before, axis=1)
    assert moved.argmax() == 7 and np.delete(moved, 7).max() < 0.1


@pytest.mark.parametrize("shape", [(1, 5), (2, 1), (50, 2), (400, 700)])
def test_any_shape_has_a_map(shape):
    vectors = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    xy, basis = project(vectors, None)
    assert xy.shape == (shape[0], 2) and np.isfinite(xy).all()
    again, _ = project(vectors, basis)
    assert np.allclose(again, xy, atol=1e-3)


def test_vectors_that_are_all_zero_have_a_map():
    assert (project(np.zeros((5, 3), np.float32), None)[0] == 0).all()


def test_neighbours_are_those_of_the_cosine():
    vectors = cloud()
    probe = facts(Snapshots(encoder_of(vectors), {"words": ["w5"], "sentence": ""}).take(3))["probes"][0]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit[5]
    best = np.argsort(-cosines)[1:9]
    assert probe["kind"] == "neighbours" and probe["words"] == [f"w{i}" for i in best]
    assert probe["cosines"] == pytest.approx(cosines[best], abs=1e-3)


def test_an_unknown_word_names_near_ones():
    words = ["king", "kind", "queen"]
    probe = facts(Snapshots(encoder_of(cloud(3), words), {"words": ["kings"], "sentence": ""}).take(3))["probes"][0]
    assert probe == {"kind": "unknown", "word": "kings", "near": ["king", "kind"]}


def test_what_follows_a_sentence():
    arrays = Snapshots(encoder_of(cloud(20)), {"words": [], "sentence": "w1 w2"}).take(3)
    probe = facts(arrays)["probes"][0]
    assert probe["kind"] == "next" and probe["context"] == "w1 w2" and len(probe["words"]) == 8
    assert probe["probabilities"] == [0.05] * 8 and facts(arrays)["step"] == 3
    assert arrays["ids"].dtype == np.int32 and len(facts(arrays)["words"]) == len(arrays["xy"]) == 20


def test_a_picture_is_small():
    vectors = cloud(30_000, 100)
    arrays = Snapshots(encoder_of(vectors), {"words": ["w29999"] * 12, "sentence": ""}).take(1)
    assert len(arrays["xy"]) == 5000 and sum(array.nbytes for array in arrays.values()) < 400_000


@pytest.mark.parametrize(
    ("values", "k", "best"), [([3, 9, 5], 2, [1, 2]), ([1.0], 8, [0]), ([], 3, []), ([2, 1], 0, [])]
)
def test_the_largest(values, k, best):
    assert largest(np.array(values, np.float32), k) == best


def corpus_of(words, **settings):
    """A corpus in which the i-th word occurs less often than the one before."""
    text = " ".join(" ".join([word] * (len(words) + 1 - i)) for i, word in enumerate(words))
    return Corpus.from_texts([text + "."], **settings)


def test_probe_words_come_after_the_function_words():
    names = ["".join(chr(97 + int(digit)) for digit in f"{i:03d}") + "xyz" for i in range(150)]
    probe = default_probe(corpus_of(["of"] + names))
    assert len(set(probe["words"])) == 3 and all(names.index(word) >= 49 for word in probe["words"])


@pytest.mark.parametrize("words", [["a"], ["a", "b"], ["1", "2"], ["wolf", "bear"]])
def test_a_small_corpus_has_probe_words_too(words):
    found = default_probe(corpus_of(words))["words"]
    assert found and set(found) <= set(words)


def test_chinese_probe_words_have_two_characters():
    corpus = Corpus.from_texts(["我们 都 喜欢 北京 的 天气 和 食物"] * 9, tokenizer="chinese", language="zh")
    probe = default_probe(corpus)
    assert probe["words"] and all(len(word) >= 2 for word in probe["words"])


def test_the_opening_is_the_corpus_s_own_text():
    text = "Alice met the White Rabbit in the garden. She ran after him as fast as she could."
    assert default_probe(Corpus.from_texts([text]))["sentence"] == "She ran after him as fast"
    assert default_probe(Corpus.from_texts([text], tokenizer="characters"))["sentence"] in text


def test_a_huge_document_is_not_read_for_one_sentence(monkeypatch):
    monkeypatch.setattr("core.jobs.snapshot._HUGE", 10)
    text = "Alice met the White Rabbit in the garden. She ran after him as fast as she could."
    assert default_probe(Corpus.from_texts([text]))["sentence"] == "she ran after him as fast"
