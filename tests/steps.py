"""What tests do with work that goes on in steps."""

from collections.abc import Iterator
from typing import Any


def ended(steps: Iterator[Any]) -> Any:
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
