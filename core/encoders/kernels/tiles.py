"""Products of small float32 matrices for numba kernels: tiles of four rows held in registers as LLVM vectors.

A BLAS call costs as much as a product of 32 x 112 x 32, and its threads fight with ours; numba's own loops keep one sum
at a time. These intrinsics are inlined where they are used and compile to AVX-512, AVX2 or NEON as the machine has it.
Widths are multiples of 16 (`aligned` makes such matrices), counts of rows multiples of 4; nothing is checked.
numba's cache looks at the file of the cached kernel alone: after a change here, change that file too.
"""

from typing import Any

import numba.extending
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

LANES = 16
intrinsic: Any = numba.extending.intrinsic  # its own type hides that callers leave the first argument out

_FAST = ("fast",)
_INT = ir.IntType(32)
_VECTOR = ir.VectorType(ir.FloatType(), LANES)
_ZERO = ir.Constant(_VECTOR, [ir.Constant(ir.FloatType(), 0.0)] * LANES)
_INDEX = types.intp


class _Matrix:
    """A C-ordered float32 or int32 array inside generated code; offsets count elements from its beginning."""

    def __init__(self, context, builder, kind, value):
        array = context.make_array(kind)(context, builder, value)
        self.data, self.builder = array.data, builder
        self.width = cgutils.unpack_tuple(builder, array.shape, kind.ndim)[-1]

    def row(self, index):
        return self.builder.mul(index, self.width)

    def one(self, offset):
        return self.builder.load(self.builder.gep(self.data, [offset]))

    def load(self, offset):
        return self.builder.load(self._at(offset, _VECTOR), align=4)

    def store(self, vector, offset):
        self.builder.store(vector, self._at(offset, vector.type), align=4)

    def _at(self, offset, kind):
        return self.builder.bitcast(self.builder.gep(self.data, [offset]), kind.as_pointer())


def _shuffle(builder, x, y, lanes):
    lanes = list(lanes)
    mask = ir.Constant(ir.VectorType(_INT, len(lanes)), [ir.Constant(_INT, lane) for lane in lanes])
    return builder.shuffle_vector(x, y, mask)


def _splat(builder, number):
    empty = ir.Constant(_VECTOR, ir.Undefined)
    return _shuffle(builder, builder.insert_element(empty, number, _INT(0)), empty, [0] * LANES)


def _multiply_add(builder, x, y, place):
    """*place += x * y."""
    total = builder.fadd(builder.fmul(x, y, flags=_FAST), builder.load(place), flags=_FAST)
    builder.store(total, place)


def _fold(builder, x, y):
    """Sums of neighbouring lanes of x, then of y (of x alone: half as many lanes)."""
    count = x.type.count * (1 if y is x else 2)
    even, odd = (_shuffle(builder, x, y, range(first, count, 2)) for first in (0, 1))
    return builder.fadd(even, odd, flags=_FAST)


def _zeros(builder, count):
    places = [cgutils.alloca_once(builder, _VECTOR) for _ in range(count)]
    for place in places:
        builder.store(_ZERO, place)
    return places


def _columns(builder, width, body):
    """Emit body(column, vectors) over a row of `width` floats: four vectors at a time, then two, then one."""
    index = width.type
    whole = builder.and_(width, index(-4 * LANES))
    with cgutils.for_range_slice(builder, index(0), whole, index(4 * LANES)) as (column, _):
        body(column, 4)
    for vectors in (2, 1):
        end = builder.add(whole, index(vectors * LANES))
        room = builder.icmp_unsigned("<=", end, width)
        with builder.if_then(room):
            body(whole, vectors)
        whole = builder.select(room, end, whole)


@intrinsic
def power_of_two(typing, x):  # noqa: ARG001
    """2 to the x, a whole number from -126 to 127 as float32."""

    def generate(context, builder, signature, args):  # noqa: ARG001
        whole = builder.add(builder.fptosi(args[0], _INT), _INT(127))
        return builder.bitcast(builder.shl(whole, _INT(23)), ir.FloatType())

    return types.float32(types.float32), generate


@intrinsic
def take_rows(typing, source, ids, at, rows, columns, i):  # noqa: ARG001
    """rows[i:i+16] = source[ids[at:at+16]], and columns[:, i:i+16] = their transpose."""

    def generate(context, builder, signature, args):
        source, ids, rows, columns = (_Matrix(context, builder, signature.args[n], args[n]) for n in (0, 1, 3, 4))
        at, i, index = args[2], args[5], args[5].type
        places = [source.row(builder.zext(ids.one(builder.add(at, index(r))), index)) for r in range(LANES)]
        with cgutils.for_range_slice(builder, index(0), source.width, index(LANES)) as (k, _):
            vectors = [source.load(builder.add(place, k)) for place in places]
            for r, vector in enumerate(vectors):
                rows.store(vector, builder.add(rows.row(builder.add(i, index(r))), k))
            for _round in range(4):  # each interleaves row r with row r + 8; after four of them rows are columns
                vectors = [
                    _shuffle(builder, vectors[r // 2], vectors[r // 2 + 8], _interleaved(r % 2)) for r in range(LANES)
                ]
            for r, vector in enumerate(vectors):
                columns.store(vector, builder.add(columns.row(builder.add(k, index(r))), i))
        return context.get_dummy_value()

    return types.void(source, ids, _INDEX, rows, columns, _INDEX), generate


def _interleaved(half):
    return [8 * half + lane // 2 + LANES * (lane % 2) for lane in range(LANES)]


@intrinsic
def four_products(typing, x, i, y, j, out, at):  # noqa: ARG001
    """out.flat[at:at+4] = y[j:j+4] @ x[i]."""

    def generate(context, builder, signature, args):
        x, y, out = (_Matrix(context, builder, signature.args[n], args[n]) for n in (0, 2, 4))
        i, j, at, index = args[1], args[3], args[5], args[1].type
        sums, ours = _zeros(builder, 4), x.row(i)
        theirs = [y.row(builder.add(j, index(q))) for q in range(4)]

        def body(column, vectors):
            for c in range(vectors):
                k = builder.add(column, index(c * LANES))
                vector = x.load(builder.add(ours, k))
                for q in range(4):
                    _multiply_add(builder, vector, y.load(builder.add(theirs[q], k)), sums[q])

        _columns(builder, x.width, body)
        a, b, c, d = (builder.load(place) for place in sums)
        total = _fold(builder, _fold(builder, a, b), _fold(builder, c, d))  # four lanes for each of the four
        total = _fold(builder, total, total)
        out.store(_fold(builder, total, total), at)
        return context.get_dummy_value()

    return types.void(x, _INDEX, y, _INDEX, out, _INDEX), generate


def _picked(columns):
    """An intrinsic: out.flat[at + r * down + q] = x[ids[i + r]] @ y[j + q] for r below 4 and q below `columns`."""

    @intrinsic
    def products(typing, x, ids, i, y, j, out, at, down):  # noqa: ARG001
        def generate(context, builder, signature, args):
            x, ids, y, out = (_Matrix(context, builder, signature.args[n], args[n]) for n in (0, 1, 3, 5))
            i, j, at, down, index = args[2], args[4], args[6], args[7], args[2].type
            sums = _zeros(builder, 4 * columns)
            ours = [x.row(builder.zext(ids.one(builder.add(i, index(r))), index)) for r in range(4)]
            theirs = [y.row(builder.add(j, index(q))) for q in range(columns)]

            def body(column, vectors):
                for c in range(vectors):
                    k = builder.add(column, index(c * LANES))
                    some = [y.load(builder.add(place, k)) for place in theirs]
                    for r in range(4):
                        vector = x.load(builder.add(ours[r], k))
                        for q in range(columns):
                            _multiply_add(builder, vector, some[q], sums[columns * r + q])

            _columns(builder, x.width, body)
            totals = [builder.load(place) for place in sums]
            while len(totals) > 1:
                totals = [_fold(builder, *pair) for pair in zip(totals[::2], totals[1::2])]
            [total] = totals
            while total.type.count > 4 * columns:
                total = _fold(builder, total, total)
            if columns == 1:
                out.store(total, at)
                return context.get_dummy_value()
            for r in range(4):
                part = _shuffle(builder, total, total, range(columns * r, columns * (r + 1)))
                out.store(part, builder.add(at, builder.mul(down, index(r))))
            return context.get_dummy_value()

        return types.void(x, ids, _INDEX, y, _INDEX, out, _INDEX, _INDEX), generate

    return products


four_picked = _picked(1)
eight_products = _picked(2)


@intrinsic
def turn_rows(typing, target, ids, at, count, coefficients, x, error):  # noqa: ARG001
    """error[0] = coefficients.flat[:count] @ target[ids[at : at + count]]; then each of these rows grows by its
    coefficient times x[0]."""

    def generate(context, builder, signature, args):
        kinds = signature.args
        target, ids, factors, x, error = (_Matrix(context, builder, kinds[n], args[n]) for n in (0, 1, 4, 5, 6))
        at, count, index = args[2], args[3], args[2].type

        def body(column, vectors):
            tile = _zeros(builder, vectors)
            offsets = [builder.add(column, index(c * LANES)) for c in range(vectors)]
            mine = [x.load(offset) for offset in offsets]
            with cgutils.for_range(builder, count, intp=index) as loop:
                row = target.row(builder.zext(ids.one(builder.add(at, loop.index)), index))
                factor = _splat(builder, factors.one(loop.index))
                for c in range(vectors):
                    place = builder.add(row, offsets[c])
                    vector = target.load(place)
                    _multiply_add(builder, factor, vector, tile[c])
                    target.store(builder.fadd(vector, builder.fmul(factor, mine[c], flags=_FAST), flags=_FAST), place)
            for c in range(vectors):
                error.store(builder.load(tile[c]), offsets[c])

        _columns(builder, x.width, body)
        return context.get_dummy_value()

    return types.void(target, ids, _INDEX, _INDEX, coefficients, x, error), generate


def _sums(rows, add):
    """An intrinsic: rows ids[at + r] of target become (or grow by) a combination of rows of m, picked by number:
    sum over s < count of coefficients.flat[start + r * down + s * along] * m[picks[first + s]]."""

    @intrinsic
    def sums(typing, target, ids, at, coefficients, start, down, along, m, picks, first, count):  # noqa: ARG001
        def generate(context, builder, signature, args):
            kinds = signature.args
            target, ids, factors, m, picks = (_Matrix(context, builder, kinds[n], args[n]) for n in (0, 1, 3, 7, 8))
            at, start, down, along, first, count = (args[n] for n in (2, 4, 5, 6, 9, 10))
            index = at.type
            places = [target.row(builder.zext(ids.one(builder.add(at, index(r))), index)) for r in range(rows)]
            starts = [builder.add(start, builder.mul(down, index(r))) for r in range(rows)]

            def body(column, vectors):
                tile = [_zeros(builder, vectors) for _ in range(rows)]
                with cgutils.for_range(builder, count, intp=index) as loop:
                    pick = builder.zext(picks.one(builder.add(first, loop.index)), index)
                    row = builder.add(m.row(pick), column)
                    theirs = [m.load(builder.add(row, index(c * LANES))) for c in range(vectors)]
                    step = builder.mul(loop.index, along)
                    for r in range(rows):
                        factor = _splat(builder, factors.one(builder.add(starts[r], step)))
                        for c in range(vectors):
                            _multiply_add(builder, factor, theirs[c], tile[r][c])
                for r in range(rows):  # one row after the other: two of them may be the same word
                    for c in range(vectors):
                        offset = builder.add(builder.add(places[r], column), index(c * LANES))
                        total = builder.load(tile[r][c])
                        target.store(builder.fadd(target.load(offset), total, flags=_FAST) if add else total, offset)

            _columns(builder, m.width, body)
            return context.get_dummy_value()

        numbers = [_INDEX] * 3
        return types.void(target, ids, _INDEX, coefficients, *numbers, m, picks, _INDEX, _INDEX), generate

    return sums


put_row = _sums(1, add=False)
add_pair = _sums(2, add=True)


def _products(add):
    """An intrinsic: four rows of `target`, row ids[at + r], become (or grow by) a combination of rows of m:
    sum over s < count of coefficients.flat[start + r * down + s * along] * m[first + s]."""

    @intrinsic
    def products(typing, target, ids, at, coefficients, start, down, along, m, first, count):  # noqa: ARG001
        def generate(context, builder, signature, args):
            target, ids, factors, m = (_Matrix(context, builder, signature.args[n], args[n]) for n in (0, 1, 3, 7))
            at, start, down, along, first, count = (args[n] for n in (2, 4, 5, 6, 8, 9))
            index = at.type
            places = [target.row(builder.zext(ids.one(builder.add(at, index(r))), index)) for r in range(4)]
            starts = [builder.add(start, builder.mul(down, index(r))) for r in range(4)]

            def body(column, vectors):
                tile = [_zeros(builder, vectors) for _ in range(4)]
                with cgutils.for_range(builder, count, intp=index) as loop:
                    row = builder.add(m.row(builder.add(first, loop.index)), column)
                    theirs = [m.load(builder.add(row, index(c * LANES))) for c in range(vectors)]
                    step = builder.mul(loop.index, along)
                    for r in range(4):
                        factor = _splat(builder, factors.one(builder.add(starts[r], step)))
                        for c in range(vectors):
                            _multiply_add(builder, factor, theirs[c], tile[r][c])
                for r in range(4):  # one row after the other: two of them may be the same word
                    for c in range(vectors):
                        offset = builder.add(builder.add(places[r], column), index(c * LANES))
                        total = builder.load(tile[r][c])
                        target.store(builder.fadd(target.load(offset), total, flags=_FAST) if add else total, offset)

            _columns(builder, m.width, body)
            return context.get_dummy_value()

        numbers = [_INDEX] * 3
        return types.void(target, ids, _INDEX, coefficients, *numbers, m, _INDEX, _INDEX), generate

    return products


put_products = _products(add=False)
add_products = _products(add=True)


def aligned(rows: int, width: int) -> np.ndarray:
    """Zeros, float32 (rows, width filled up to a multiple of 16), from a multiple of 64 bytes: whole cache lines."""
    width = -(-width // LANES) * LANES
    buffer = np.zeros(rows * width + LANES, np.float32)
    shift = (-buffer.ctypes.data % 64) // 4
    return buffer[shift : shift + rows * width].reshape((rows, width))
