"""Documents × terms as three arrays: what of each row is not zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.problem import Problem


@dataclass(frozen=True)
class Sparse:
    """A matrix (n, width): row i has values[indptr[i]:indptr[i + 1]] in the columns indices[…], and zeros elsewhere.

    indptr: int64 (n + 1,); indices: int32 (nonzero,), no column twice in a row; values: float (nonzero,).
    """

    indptr: np.ndarray
    indices: np.ndarray
    values: np.ndarray
    width: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @classmethod
    def of(cls, matrix: Any) -> "Sparse":
        """From a matrix of scipy's, in any format, or a dense array."""
        from scipy.sparse import csr_array

        rows = csr_array(matrix, copy=True)
        rows.sum_duplicates()
        return cls(rows.indptr.astype(np.int64), rows.indices.astype(np.int32), rows.data, rows.shape[1])

    def scipy(self) -> Any:
        """As scipy's csr_array; the arrays are shared."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.indices, self.indptr), shape=(len(self), self.width))

    def rows(self, chosen: np.ndarray) -> "Sparse":
        """Some rows, in this order. chosen: int (m,) or bool (n,)."""
        which = np.flatnonzero(chosen) if np.asarray(chosen).dtype == bool else np.asarray(chosen, np.int64)
        lengths = np.diff(self.indptr)[which]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.indptr[which] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Sparse(indptr, self.indices[places], self.values[places], self.width)

    def row_of(self) -> np.ndarray:
        """int64 (nonzero,): the row of each value."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))

    def document_frequency(self) -> np.ndarray:
        """int64 (width,): in how many rows each column is not zero."""
        return np.bincount(self.indices[self.values != 0], minlength=self.width).astype(np.int64)

    def column_sums(self) -> np.ndarray:
        """float64 (width,)."""
        return np.bincount(self.indices, self.values, self.width)


def word_counts(tokens: np.ndarray, offsets: np.ndarray, width: int) -> Sparse:
    """How often each of the first `width` types occurs in each document, as float32 counts (documents, width).

    tokens: int32 (n,), ids; those of `width` and above are left out. offsets: int64 (documents + 1,), in tokens; both
    as a corpus has them. Raises Problem if there are no documents.
    """
    from scipy.sparse import csr_array

    offsets, tokens = np.asarray(offsets, np.int64), np.asarray(tokens)
    if len(offsets) < 2:
        raise Problem("There are no documents here; choose another corpus.")
    kept = tokens < width
    indptr = np.concatenate([[0], np.cumsum(kept)])[offsets]
    indices = tokens[kept].astype(np.int32)
    rows = csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(offsets) - 1, width))
    rows.sum_duplicates()
    return Sparse(rows.indptr.astype(np.int64), rows.indices.astype(np.int32), rows.data, width)
