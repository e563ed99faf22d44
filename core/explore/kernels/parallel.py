"""Rows split over threads.

Every kernel here releases the GIL and writes its own rows only, so the bits do not depend on the number of threads.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

THREADS = min(2, os.cpu_count() or 1)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="rows")


def rows(n: int, kernel: Callable[..., None], *arguments: object) -> None:
    """Run `kernel(begin, end, *arguments)` over slices of 0..n, a few a thread, and wait for all of them."""
    pieces = 4 * THREADS if n >= 256 else 1
    cuts = [n * i // pieces for i in range(pieces + 1)]
    for future in [_pool().submit(kernel, begin, end, *arguments) for begin, end in zip(cuts, cuts[1:])]:
        future.result()
