import numpy as np
import pytest

from core.explore.sparse import Sparse, word_counts
from core.problem import Problem

TOKENS, OFFSETS = np.array([0, 1, 0, 3, 2, 2], np.int32), np.array([0, 3, 3, 6])


def test_words_are_counted_document_by_document():
    counts = word_counts(TOKENS, OFFSETS, 4)
    assert counts.scipy().toarray().tolist() == [[2, 1, 0, 0], [0, 0, 0, 0], [0, 0, 2, 1]]
    assert counts.document_frequency().tolist() == [1, 1, 1, 1] and counts.column_sums().tolist() == [2, 1, 2, 1]


def test_types_beyond_the_width_are_left_out():
    assert word_counts(TOKENS, OFFSETS, 2).scipy().toarray().tolist() == [[2, 1], [0, 0], [0, 0]]


def test_rows_are_taken_in_their_order():
    dense = np.random.default_rng(0).integers(0, 3, (9, 5))
    matrix = Sparse.of(dense)
    assert (matrix.rows(np.array([7, 0, 7])).scipy().toarray() == dense[[7, 0, 7]]).all()
    assert (matrix.rows(dense[:, 0] > 0).scipy().toarray() == dense[dense[:, 0] > 0]).all()
    assert len(matrix.rows(np.zeros(0, np.int64))) == 0


def test_no_documents_are_a_sentence():
    with pytest.raises(Problem, match="no documents"):
        word_counts(TOKENS[:0], OFFSETS[:1], 4)
