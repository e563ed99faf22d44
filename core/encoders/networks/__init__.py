"""The arithmetic of the papers that need torch."""

import ctypes
import os
from functools import cache

os.environ.setdefault(
    "OMP_WAIT_POLICY", "PASSIVE"
)  # read when torch loads: else waiting threads spin on a busy machine

_TRIM, _PAD, _MAPPED = -1, -2, -3  # names of glibc's mallopt
_MOST = 2**31 - 1


def use_threads(count: int) -> None:
    """How many processor cores torch uses from now on in this process, which is going to learn."""
    import torch

    torch.set_num_threads(count)
    _keep_memory()


def few_kernels() -> None:
    """Before the first step: of the kernels that torch makes for each shape of its arrays, few are kept.

    Where nearly every batch has shapes of its own, as sentences of all lengths have, the usual 1,024 would take 1 GB.
    """
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
        os.environ.setdefault(name, "64")


@cache
def _keep_memory() -> None:
    """Where the C library is glibc: memory that one step gives back is kept for the next.

    Else every large array is fetched from the system anew, page by page, for a tenth of the whole time.
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if change is not None:
        for name, value in ((_TRIM, _MOST), (_MAPPED, _MOST), (_PAD, 1 << 26)):
            change(name, value)
