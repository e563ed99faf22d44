"""A text on disk in blocks, and the threads that tokenise them: each with its own table, the results in order."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from core.corpus.tables import Block, Result, Table


class Blocks:
    """Cuts text.utf8, also while it is being written, where a document ends or within one at a safe place."""

    def __init__(self, folder: Path, size: int, table: np.ndarray):
        """size: bytes of a block, at most. table: the classes of characters that tell a safe place."""
        self.base, self._size, self._table, self._begun = 0, size, table, False
        self._text = open(folder / "text.utf8", "rb", buffering=0)  # noqa: SIM115
        self._bounds = open(folder / "bounds.npy", "rb", buffering=0)  # noqa: SIM115
        np.lib.format.read_magic(self._bounds)
        np.lib.format.read_array_header_1_0(self._bounds)
        self._bounds.seek(8, 1)  # the first document begins at byte 0
        self._ends = np.zeros(0, np.int64)  # of the documents that end behind the last block

    def close(self) -> None:
        self._text.close()
        self._bounds.close()

    def upto(self, end: int, last: bool = False) -> Iterator[Block]:
        """Whole blocks up to byte `end` of what has been written; if this is all there is, the rest too."""
        new = np.frombuffer(self._bounds.read(), np.int64)
        self._ends = np.concatenate([self._ends, new])
        while end - self.base >= self._size or (last and (self.base < end or len(self._ends))):
            yield self._next(min(self._size, end - self.base))

    def _next(self, size: int) -> Block:
        from core.corpus.kernels import safe_cut

        base, text = self.base, np.empty(size, np.uint8)
        self._text.seek(base)
        read = self._text.readinto(text.data)
        assert read == size
        ends = self._ends[: np.searchsorted(self._ends, base + size, "right")] - base
        whole = int(ends[-1]) if len(ends) else 0
        cut = whole if whole > self._size // 2 or whole == size else int(safe_cut(text, self._table))
        ends = ends[: np.searchsorted(ends, cut, "right")]
        self._ends = self._ends[len(ends) :]
        goes_on = not len(ends) or cut > int(ends[-1])
        begun, self._begun, self.base = self._begun, goes_on, base + cut
        return Block(base, text[:cut], np.append(ends, cut) if goes_on else ends, begun, goes_on)


class Team:
    """Threads at work on blocks, a table each."""

    def __init__(self, tables: list[Table]):
        self._tables, self._pool = tables, ThreadPoolExecutor(len(tables))
        self._free: SimpleQueue[int] = SimpleQueue()
        for number in range(len(tables)):
            self._free.put(number)
        self._waiting: deque[tuple[Block, Future[tuple[int, Result]]]] = deque()

    def begin(self, block: Block, newlines_needed: int) -> None:
        self._waiting.append((block, self._pool.submit(self._run, block, newlines_needed)))

    def done(self, most: int) -> Iterator[tuple[Block, int, Result]]:
        """The blocks begun first, each with its table's number and its result, until at most `most` are left."""
        while len(self._waiting) > most:
            block, future = self._waiting.popleft()
            yield block, *future.result()

    def close(self) -> None:
        for _, future in self._waiting:
            future.cancel()
        self._pool.shutdown()

    def _run(self, block: Block, newlines_needed: int) -> tuple[int, Result]:
        number = self._free.get()
        try:
            return number, self._tables[number].tokenise(block, newlines_needed)
        finally:
            self._free.put(number)
