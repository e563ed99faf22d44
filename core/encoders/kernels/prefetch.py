"""Ask for what is needed soon: a hint to the processor that a kernel gives where it reads memory in no order.

numba's cache looks at the file of the cached kernel alone: after a change here, change that file too.
"""

from typing import Any

import numba.extending
from llvmlite import ir
from numba import types
from numba.core import cgutils

intrinsic: Any = numba.extending.intrinsic  # its own type hides that callers leave the first argument out


@intrinsic
def prefetch(typing, array, index):  # noqa: ARG001
    """Bring array[index] of a C-ordered array near, without waiting; nothing is checked, and any index is allowed."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        number, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        place = builder.bitcast(builder.gep(data, [args[1]]), pointer)
        builder.call(function, [place, number(0), number(3), number(1)])  # to read, into every cache, data
        return context.get_dummy_value()

    return types.void(array, types.intp), generate
