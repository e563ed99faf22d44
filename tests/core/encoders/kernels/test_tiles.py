"""Products of tiles beside numpy's."""

import numpy as np
import pytest

from core.encoders.kernels import tiles


def matrix(rows: int, width: int, seed: int = 0) -> np.ndarray:
    """Random numbers, laid for the kernels."""
    made = tiles.aligned(rows, width)
    made[:] = np.random.default_rng(seed).normal(size=(rows, width))
    return made


@pytest.mark.parametrize("width", [16, 32, 48, 64, 112, 128, 240])
def test_products_of_tiles_are_those_of_numpy(width):
    factors, m, target = matrix(8, 16), matrix(16, width, 1), matrix(10, width, 2)
    ids, before = np.array([3, 3, 0, 9, 9, 9, 1, 2], np.int32), target.copy()
    add(target, ids, factors, m)
    np.add.at(before, ids, factors @ m)
    np.testing.assert_allclose(target, before, atol=1e-4)


def _compiled(function):
    from numba import njit

    return njit(function)


@_compiled
def add(target, ids, factors, m):
    for r in range(0, len(ids), 4):
        tiles.add_products(target, ids, r, factors, r * 16, 16, 1, m, 0, 16)


@_compiled
def take(source, ids, rows, columns):
    tiles.take_rows(source, ids, 0, rows, columns, 0)


@_compiled
def four(x, y, out):
    tiles.four_products(x, 1, y, 2, out, 4)


def test_taking_rows_gives_them_and_their_transpose():
    source, ids = matrix(30, 48), np.arange(29, 13, -1).astype(np.int32)
    rows, columns = tiles.aligned(16, 48), tiles.aligned(48, 16)
    take(source, ids, rows, columns)
    np.testing.assert_array_equal(rows, source[ids])
    np.testing.assert_array_equal(columns, source[ids].T)


@pytest.mark.parametrize("width", [16, 48, 112])
def test_four_products_at_once_are_those_of_numpy(width):
    x, y, out = matrix(3, width), matrix(6, width, 1), tiles.aligned(1, 16)
    four(x, y, out)
    np.testing.assert_allclose(out[0, 4:8], y[2:6] @ x[1], atol=1e-4)
    assert not out[0, :4].any() and not out[0, 8:].any()


def test_rows_begin_on_a_cache_line_and_are_filled_up_with_zeros():
    made = tiles.aligned(7, 100)
    assert made.shape == (7, 112) and made.dtype == np.float32 and made.flags.c_contiguous and not made.any()
    assert made.ctypes.data % 64 == 0
