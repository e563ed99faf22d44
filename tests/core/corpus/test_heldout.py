"""The held-out split."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.heldout import split
from core.problem import Problem


def ranges(lengths: list[int], share: float, sentences: list[int] | None = None) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return split(offsets, np.array(offsets[:-1] if sentences is None else sentences, np.int64), share)


@pytest.mark.parametrize("lengths", [[100], [30, 70], [1] * 150, [50_000], [3000] * 40, [10] * 30_000, [0, 500, 0]])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_the_two_parts_are_all_the_text_and_near_the_share(lengths: list[int], share: float) -> None:
    train, held = ranges(lengths, share)
    both = np.concatenate([train, held])
    both = both[np.argsort(both[:, 0])]
    total = sum(lengths)
    assert both[0, 0] == 0 and both[-1, 1] == total and np.array_equal(both[1:, 0], both[:-1, 1])
    tokens = int((held[:, 1] - held[:, 0]).sum())
    assert 0 < tokens < total and tokens <= total * share + max(15, min(3000, total * share))
    assert train.dtype == held.dtype == np.int64 and (np.diff(held[:, 0]) > 0).all()


def test_no_range_crosses_two_documents() -> None:
    offsets = np.cumsum([0] + [700, 5000, 20] * 100)
    for part in split(offsets, offsets[:-1], 0.1):
        assert (
            np.searchsorted(offsets, part[:, 0], "right") > np.searchsorted(offsets, part[:, 1] - 1, "right") - 1
        ).all()
        assert (np.searchsorted(offsets, part[:, 0], "right") == np.searchsorted(offsets, part[:, 1], "left")).all()


def test_long_documents_are_cut_at_sentences() -> None:
    sentences = list(range(0, 400_000, 17))
    train, held = ranges([400_000], 0.02, sentences)
    assert set(held.ravel()) - {400_000} <= set(sentences) and len(held) >= 3


def test_the_split_is_always_the_same() -> None:
    corpus = Corpus.from_texts([f"word{i} " * 30 for i in range(50)])
    first, second = corpus.split(), Corpus.open(corpus.folder, 2).split()
    assert all(np.array_equal(a, b) for a, b in zip(first, second))
    assert corpus.split(0.02)[1].tolist() != corpus.split(0.2)[1].tolist()


def test_little_text_keeps_something_to_train_on() -> None:
    train, held = ranges([5], 0.02)
    assert train.tolist() == [[0, 5]] and held.shape == (0, 2)


@pytest.mark.parametrize("share", [-0.1, 0.9])
def test_a_share_out_of_bounds_is_a_problem(share: float) -> None:
    with pytest.raises(Problem, match="from 0 to 0.5"):
        ranges([100], share)
