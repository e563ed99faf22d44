"""Reading UTF-8 and telling sentences apart: small functions that the tokenisers' kernels are made of.

numba's cache looks at the file of the cached kernel alone: after a change here, change those files too.
"""

from typing import Any

import numba.extending
import numpy as np
from llvmlite import ir
from numba import njit, types

from core.corpus.characters import BLANK, CLOSER, JOINER, NEWLINE, STOP, WIDE_STOP

COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_SIX, _LOW_SIX = np.uint32(6), np.uint32(0x3F)
INLINE: Any = {**COMPILED, "forceinline": True}  # a call that is not would count its arrays' references
_intrinsic: Any = numba.extending.intrinsic  # its own type hides that callers leave the first argument out
_EIGHT, _BYTES = ir.IntType(64), ir.VectorType(ir.IntType(8), 64)

# Where a text stands between two sentences. From FRESH_QUOTED on, the next word begins one; in FRESH_QUOTED only
# if it is not in lower case: "What?" he said.
WITHIN, STOPPED, QUOTED, FRESH_QUOTED, FRESH, FIRST = range(6)


@njit(**COMPILED, inline="always")
def code_point(text, i):
    """The code point that begins at byte i of valid UTF-8, and its length in bytes."""
    a = np.uint32(text[i])
    if a < 0x80:
        return a, 1
    b = np.uint32(text[i + 1]) & _LOW_SIX
    if a < 0xE0:
        return (a & np.uint32(0x1F)) << _SIX | b, 2
    b = b << _SIX | (np.uint32(text[i + 2]) & _LOW_SIX)
    if a < 0xF0:
        return (a & np.uint32(0x0F)) << np.uint32(12) | b, 3
    return (a & np.uint32(0x07)) << np.uint32(18) | b << _SIX | (np.uint32(text[i + 3]) & _LOW_SIX), 4


@njit(**COMPILED)
def between(state, kind, newlines, newlines_needed):
    """The state after a character that is not part of a word."""
    if kind == WIDE_STOP:
        return max(state, FRESH)
    if kind == STOP:
        return max(state, STOPPED)
    if kind == NEWLINE:
        return max(state, FRESH) if state > WITHIN or newlines >= newlines_needed else state
    if state == STOPPED or state == QUOTED:
        if kind == BLANK:
            return FRESH if state == STOPPED else FRESH_QUOTED
        return QUOTED if kind == CLOSER or kind == JOINER else WITHIN
    return state


@_intrinsic
def load(typing, text, i):  # noqa: ARG001
    """The eight bytes text[i:i+8] as one number, the first byte lowest; not checked."""

    def generate(context, builder, signature, args):
        array = context.make_array(signature.args[0])(context, builder, args[0])
        place = builder.bitcast(builder.gep(array.data, [args[1]]), _EIGHT.as_pointer())
        return builder.load(place, align=1)

    return types.uint64(text, types.intp), generate


def _bits(told):
    """An intrinsic of (text, i): the bits of the 64 bytes text[i:i+64] for which `told` holds, the first one lowest."""

    def bits(typing, text, i):  # noqa: ARG001
        def generate(context, builder, signature, args):
            array = context.make_array(signature.args[0])(context, builder, args[0])
            place = builder.bitcast(builder.gep(array.data, [args[1]]), _BYTES.as_pointer())
            return builder.bitcast(told(builder, builder.load(place, align=1)), _EIGHT)

        return types.uint64(text, types.intp), generate

    return _intrinsic(bits)


def _each(byte):
    return ir.Constant(_BYTES, [byte] * 64)


def _is_letter(builder, loaded):
    small = builder.sub(builder.or_(loaded, _each(32)), _each(97))
    letter = builder.icmp_unsigned("<", small, _each(26))
    return builder.or_(letter, builder.icmp_unsigned("<", builder.sub(loaded, _each(48)), _each(10)))


letters64 = _bits(_is_letter)  # letters and digits of ASCII
blanks64 = _bits(lambda builder, loaded: builder.icmp_unsigned("==", loaded, _each(32)))


@_intrinsic
def prefetch(typing, array, i):  # noqa: ARG001
    """Ask for array[i], which is soon needed, to be brought near; not checked."""

    def generate(context, builder, signature, args):
        data = builder.gep(context.make_array(signature.args[0])(context, builder, args[0]).data, [args[1]])
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [ir.PointerType(), number, number, number])
        call = builder.module.declare_intrinsic("llvm.prefetch", [ir.PointerType()], kind)
        builder.call(call, [data, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@_intrinsic
def ones(typing, number):  # noqa: ARG001
    """How many bits of a uint64 are 1."""

    def generate(_context, builder, _signature, args):
        return builder.ctpop(args[0])

    return types.int64(types.uint64), generate


@_intrinsic
def trailing_zeros(typing, number):  # noqa: ARG001
    """How many of the lowest bits of a uint64 are 0; 64 if all are."""

    def generate(_context, builder, _signature, args):
        return builder.cttz(args[0], ir.IntType(1)(0))

    return types.int64(types.uint64), generate


@njit(**COMPILED)
def eight(text, i, end):
    """The bytes text[i:i+8] as one number, the first byte lowest; 0 for those from `end` on."""
    if i + 8 <= len(text):
        loaded = load(text, i)
        return loaded if end - i >= 8 else loaded & ((np.uint64(1) << np.uint64(8 * max(end - i, 0))) - np.uint64(1))
    loaded = np.uint64(0)
    for k in range(min(end, len(text)) - i):
        loaded |= np.uint64(text[i + k]) << np.uint64(8 * k)
    return loaded


@njit(**COMPILED)
def ascii_letters(bytes8):
    """How many of eight bytes, from the first on, are letters or digits of ASCII: range tests on all at once."""
    high = np.uint64(0x8080808080808080)
    low = bytes8 & ~high
    letter = low | np.uint64(0x2020202020202020)
    letter = (letter + np.uint64(0x1F1F1F1F1F1F1F1F)) & ~(letter + np.uint64(0x0505050505050505))
    digit = (low + np.uint64(0x5050505050505050)) & ~(low + np.uint64(0x4646464646464646))
    others = ~((letter | digit) & ~bytes8) & high
    return trailing_zeros(others) >> 3
