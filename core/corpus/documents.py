"""The documents of a corpus: texts read from disk when they are asked for, whole or any part of one.

A place in a document is counted in characters, a place in the file in bytes. Anchors, the characters before every
16 kB of the text, turn one into the other by looking at one such block: a document of a gigabyte is never decoded.
"""

import mmap
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np

BLOCK = 1 << 14  # bytes between two anchors
_PART = 256 * BLOCK  # bytes read at a time
_FEW = 1 << 12  # characters for which their bytes are not counted first
_KNOWN = 1 << 16  # documents whose place is remembered


class Documents(Sequence[str]):
    """The documents' texts, each read from disk when it is asked for."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.bounds = np.load(folder / "bounds.npy", mmap_mode="r")  # int64 (documents + 1,), bytes
        with open(folder / "text.utf8", "rb") as file:
            size = int(self.bounds[-1])
            self._text: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self._spans: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        return bytes(self._text[int(self.bounds[place]) : int(self.bounds[place + 1])]).decode()

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def length(self, document: int) -> int:
        """The characters of a document."""
        first, last = self._span(range(len(self))[document])
        return last - first

    def slice(self, document: int, first: int, last: int) -> str:
        """Characters first to last of a document, as str's own slice gives them for places that are not negative.

        Takes time for what it returns and for two blocks of 16 kB, however long the document is.
        """
        before, after = self._span(range(len(self))[document])
        first, last = max(0, first), min(max(0, last), after - before)
        if first >= last:
            return ""
        begin = self._byte(before + first)
        if last - first > _FEW:
            return self.raw(begin, self._byte(before + last)).decode()
        whole = self.raw(begin, begin + 4 * (last - first))  # no character has more than four bytes
        return whole.decode(errors="ignore")[: last - first]

    def _span(self, document: int) -> tuple[int, int]:
        """The characters of the whole text before a document and after it."""
        if document not in self._spans:
            if len(self._spans) >= _KNOWN:
                self._spans.clear()
            first, last = self.characters_before(self.bounds[document : document + 2]).tolist()
            self._spans[document] = first, last
        return self._spans[document]

    def raw(self, first: int, last: int) -> bytes:
        """Bytes first to last of all documents' text together."""
        return bytes(self._text[first:last])

    def characters_before(self, places: np.ndarray) -> np.ndarray:
        """int64 (n,): the characters of the whole text before each of these bytes, int64 (n,), in rising order."""
        places = np.asarray(places, np.int64)
        blocks = np.minimum(places // BLOCK, len(self.anchors) - 2)
        found, within = self.anchors[blocks], places - blocks * BLOCK
        plain = self._plain[blocks]
        found[plain] += within[plain]
        rest = np.flatnonzero(~plain)
        edges = np.flatnonzero(np.diff(blocks[rest], prepend=-1, append=-1))
        for begin, end in zip(edges, edges[1:]):
            several = rest[begin:end]
            counted = np.cumsum(self._begins(int(blocks[several[0]])), dtype=np.int32)
            inside = within[several]
            found[several] += np.where(inside > 0, counted[inside - 1], 0)
        return found

    def _byte(self, character: int) -> int:
        """Where a character of the whole text begins."""
        if character >= self.anchors[-1]:
            return int(self.bounds[-1])
        block = int(np.searchsorted(self.anchors, character, "right")) - 1
        inside = character - int(self.anchors[block])
        return block * BLOCK + (inside if self._plain[block] else int(np.flatnonzero(self._begins(block))[inside]))

    def _begins(self, block: int) -> np.ndarray:
        """bool: for each byte of a block whether a character begins there."""
        return begins(np.frombuffer(self.raw(block * BLOCK, (block + 1) * BLOCK), np.uint8))

    @cached_property
    def anchors(self) -> np.ndarray:
        """int64 (blocks + 1,): the characters before each block of the text, and at the end of all."""
        path = self._folder / "anchors.npy"
        return np.load(path) if path.exists() else anchors(self._folder)

    @cached_property
    def _plain(self) -> np.ndarray:
        """bool (blocks,): every byte of the block is a character, as in English text."""
        sizes = np.full(len(self.anchors) - 1, BLOCK)
        sizes[-1] = int(self.bounds[-1]) - BLOCK * (len(sizes) - 1)
        plain: np.ndarray = np.diff(self.anchors) == sizes
        return plain


def begins(data: np.ndarray) -> np.ndarray:
    """bool (n,): whether a character begins at each byte, uint8 (n,), of UTF-8."""
    return data.view(np.int8) > -65


def anchors(folder: Path) -> np.ndarray:
    """Count the characters of the text in `folder`, as `Documents.anchors`."""
    counts = [0]
    with open(folder / "text.utf8", "rb") as file:
        while len(part := np.fromfile(file, np.uint8, _PART)):
            starts = begins(part)
            counts += [int(np.count_nonzero(starts[i : i + BLOCK])) for i in range(0, len(part), BLOCK)]
    return np.cumsum(counts if len(counts) > 1 else [0, 0], dtype=np.int64)
