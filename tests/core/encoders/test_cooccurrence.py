"""Counts of words near words: by hand, by dictionaries, on disk and in memory, and what is kept of them."""

import errno
import tempfile
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.kernels import cells, cooccurrence, spool
from core.encoders.kernels.documents import Rows
from core.problem import Problem
from tests.core.encoders.test_lsa import topics
from tests.steps import ended

TEXTBOOK = ["I like deep learning.", "I like NLP.", "I enjoy flying."]


def counted(corpus: Corpus, window: int, threads: int = 2, **how) -> Rows:
    *_, found = cooccurrence.count(corpus.tokens, corpus.offsets, len(corpus.vocab), window, threads, **how)
    return found


def dense(rows: Rows) -> np.ndarray:
    found = np.zeros((len(rows), len(rows)))
    for i in range(len(rows)):
        columns, values = rows.row(i)
        found[i, columns] = values
    return found


def table(corpus: Corpus, words: str, *how, **more) -> list[list[float]]:
    ids = [corpus.vocab.index(word) for word in words.split()]
    return dense(counted(corpus, *how, **more))[np.ix_(ids, ids)].tolist()


def same(first: Rows, second: Rows) -> bool:
    pairs = ((first.indptr, second.indptr), (first.indices, second.indices), (first.values, second.values))
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


# By hand.


def test_the_textbooks_three_sentences_with_a_window_of_one():
    assert table(Corpus.from_texts(TEXTBOOK), "i like enjoy deep learning nlp flying", 1) == [
        [0, 2, 1, 0, 0, 0, 0],
        [2, 0, 0, 1, 0, 1, 0],
        [1, 0, 0, 0, 0, 0, 1],
        [0, 1, 0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0],
    ]


def test_a_neighbour_counts_one_by_its_distance():
    corpus = Corpus.from_texts(["a b c a"])
    third = round(2**24 / 3) / 2**24
    assert table(corpus, "a b c", 3, nearer=True) == [[2 * np.float32(third), 1.5, 1.5], [1.5, 0, 1], [1.5, 1, 0]]
    assert abs(third - 1 / 3) < 2**-25
    assert table(corpus, "a b c", 2, nearer=True) == [[0, 1.5, 1.5], [1.5, 0, 1], [1.5, 1, 0]]


def test_left_only_is_what_stands_before_a_word():
    corpus = Corpus.from_texts(["a b c", "c a"])
    assert table(corpus, "a b c", 2, both=False, nearer=True) == [[0, 0, 1], [1, 0, 0], [0.5, 1, 0]]


def by_hand(texts, window, words, weight) -> dict[tuple[str, str], float]:
    """Left of each word, by dictionaries; others than `words` leave no gap."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for text in texts:
        kept = [word for word in text.split() if word in words]
        for i, word in enumerate(kept):
            for d in range(1, min(window, i) + 1):
                found[word, kept[i - d]] += weight(d)
    return found


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("window, min_count, nearer", [(1, 1, False), (3, 5, True), (50, 2, True)])
def test_any_text_is_counted_as_by_dictionaries(window, min_count, nearer, small, monkeypatch):
    if small:
        for name, size in {"_PART": 7, "_MET": 50, "_CELLS": 20}.items():
            monkeypatch.setattr(cooccurrence, name, size)
    texts = ["", *topics(40), "", "la la la", ""]
    corpus = Corpus.from_texts(texts, min_count=min_count)
    names = corpus.vocab.words
    expected = by_hand(texts, window, set(names), lambda d: 1 / d if nearer else 1)
    left = dense(counted(corpus, window, both=False, nearer=nearer))
    found = {(names[i], names[j]): left[i, j] for i, j in np.argwhere(left)}
    assert found == pytest.approx(dict(expected), rel=1e-6)
    both = dense(counted(corpus, window, nearer=nearer))
    np.testing.assert_array_equal(both, both.T)
    np.testing.assert_allclose(both, left + left.T, rtol=1e-6)


# On disk, in threads.


@pytest.mark.parametrize("memory", [0, 5_000, 100_000])
@pytest.mark.parametrize("threads", [1, 3])
def test_counts_on_disk_are_those_in_memory_to_the_bit(memory, threads, monkeypatch):
    monkeypatch.setattr(cooccurrence, "_MET", 500)
    corpus = Corpus.from_texts(topics(60))
    whole = counted(corpus, 8, nearer=True)
    spilled = counted(corpus, 8, threads, nearer=True, memory=memory)
    assert same(whole, spilled) and whole.values.flags.writeable
    assert spilled.values.flags.writeable == (memory == 100_000)  # a file's are read-only


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    corpus = Corpus.from_texts(topics(60))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(counted(corpus, 8, memory=0).indices) and not list(tmp_path.iterdir())
    steps, threads = (
        cooccurrence.count(corpus.tokens, corpus.offsets, len(corpus.vocab), 8, 2),
        threading.active_count(),
    )
    next(steps)
    steps.close()
    assert threading.active_count() == threads


def test_a_full_disk_is_a_sentence(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool.os, "posix_fallocate", full)
    with pytest.raises(Problem, match="There is no room for 8 MB of counts in"):
        spool.room(1_000_000, np.float64, 100)
    growing = spool.Spool(np.int32, 0)
    growing.append(np.zeros(3, np.int32))
    monkeypatch.setattr(growing, "_file", type("Full", (), {"write": full})())
    with pytest.raises(Problem, match="There is no room for 1 MB of counts in"):
        growing.append(np.zeros(3, np.int32))


def test_a_failing_disk_is_no_users_problem(monkeypatch):
    def failing(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(spool.os, "posix_fallocate", failing)
    with pytest.raises(OSError, match="Input/output"):
        spool.room(1_000_001, np.float64, 100)


def test_work_that_takes_long_is_heard_of_all_the_while():
    gate, heard = threading.Event(), []
    with ThreadPoolExecutor(2) as pool:
        for found in cooccurrence.in_order(pool, lambda i: i if i else gate.wait(60) and i, [(0,), (1,), (2,)], 4):
            heard.append(found)
            if len(heard) == 3:
                gate.set()
    assert heard[:3] == [None] * 3 and [found for found in heard if found is not None] == [0, 1, 2]


# What is kept of a matrix.


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("most, entries", [(10**6, 10**6), (300, 10**6), (300, 100), (300, 7), (1, 50)])
def test_the_cells_among_the_most_frequent_words_are_kept(most, entries, symmetric, monkeypatch):
    blocks = Rows.blocks
    monkeypatch.setattr(Rows, "blocks", lambda self: blocks(self, entries))
    corpus = Corpus.from_texts(topics(60))
    rows = counted(corpus, 4, both=symmetric, nearer=True)
    whole, kept = dense(rows), ended(cells.kept(rows, symmetric, most))
    K = len(kept.rows)
    np.testing.assert_array_equal(dense(kept.rows), whole[:K, :K])
    assert np.count_nonzero(whole[:K, :K]) <= most < np.count_nonzero(whole[: K + 1, : K + 1]) or K == len(rows)
    np.testing.assert_allclose(kept.sums, [whole.sum(1), whole.sum(0)], rtol=1e-6)
    again = cells.Cells.of(kept.arrays())
    assert again.facts() == kept.facts() and again.cells == np.count_nonzero(whole)


def test_transforms_by_hand():
    corpus = Corpus.from_texts(["a b a b a", "b c"])  # a·b 4 times, b·c once, each from both sides: N = 10
    kept = ended(cells.kept(counted(corpus, 1), True))
    ids = np.array([corpus.vocab.index(word) for word in "abc"])
    counts = kept.among(ids)
    assert counts.tolist() == [[0, 4, 0], [4, 0, 1], [0, 1, 0]] and kept.total == 10
    make = lambda kind: kept.transformed(kind, counts, ids[:, None], ids)  # noqa: E731
    np.testing.assert_allclose(make("log"), np.log([[1, 5, 1], [5, 1, 2], [1, 2, 1]]), rtol=1e-6)
    np.testing.assert_allclose(make("ppmi")[1], np.log([4 * 10 / (5 * 4), 1, 1 * 10 / (5 * 1)]), rtol=1e-6)
    best = kept.strongest(int(ids[1]), 5, "count")
    assert best["ids"].tolist() == [ids[0], ids[2]] and best["counts"].tolist() == [4, 1]


def test_a_transformed_matrix_is_numpys():
    corpus = Corpus.from_texts(topics(60))
    rows = counted(corpus, 4, nearer=True)
    kept, whole = ended(cells.kept(rows, True)), dense(rows)
    pmi = whole * whole.sum() / np.outer(whole.sum(0), whole.sum(1))
    for kind, expected in (("raw", whole), ("log", np.log1p(whole)), ("ppmi", np.log(np.maximum(pmi, 1)))):
        for limit in (0, np.inf):
            found = ended(kept.weighed(rows, kind, limit))
            np.testing.assert_allclose(dense(found), expected, rtol=1e-4, atol=1e-6)


def test_pairs_by_chance_are_those_of_drawing():
    counts = np.array([400, 300, 200, 50, 30, 20])
    share = counts / counts.sum()
    for met in (1, 30, 2000):
        expected = (1 - (1 - np.outer(share, share)) ** met).sum()
        assert cells.different_pairs(counts, met) == pytest.approx(expected, rel=0.05)
