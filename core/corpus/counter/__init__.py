"""Counter-corpora: a corpus derived from another by one honest operation, with the truth kept beside it."""

from collections.abc import Mapping
from typing import Any

from core.corpus.counter.background import AddBackground
from core.corpus.counter.cutting import CutContext
from core.corpus.counter.deriving import check, derive, described, gold
from core.corpus.counter.operation import Operation
from core.corpus.counter.replacing import MergeWords, SplitWord, SwapWords
from core.corpus.counter.shuffles import ShuffleDocuments, ShuffleSentences, ShuffleWords
from core.problem import Problem

__all__ = ["OPERATIONS", "Operation", "check", "chosen", "derive", "described", "gold"]

_ALL: tuple[type[Operation], ...] = (
    ShuffleWords, ShuffleSentences, ShuffleDocuments, MergeWords, SplitWord, SwapWords, CutContext, AddBackground,
)  # fmt: skip
OPERATIONS: dict[str, type[Operation]] = {operation.name: operation for operation in _ALL}


def chosen(name: str, options: Mapping[str, Any]) -> Operation:
    """The operation of this name with these options. Raises Problem for one that is not."""
    if name not in OPERATIONS:
        known = ", ".join(OPERATIONS)
        raise Problem("There is no operation called {name}; there are: {known}.", name=name[:80], known=known)
    return OPERATIONS[name](**options)
