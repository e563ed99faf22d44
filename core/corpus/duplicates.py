"""Documents whose text has come before, told by a hash of it."""

import hashlib

import numpy as np


class Duplicates:
    """Takes documents piece by piece and says of each whether the same text has come before.

    The same: but for white space and case. A text is remembered by 64 bits of its hash, 16 to 32 bytes a document in
    memory: among ten million documents, one is wrongly taken for another with a chance of 1 in 360,000.
    """

    def __init__(self) -> None:
        self._slots = np.zeros(1 << 12, np.uint64)
        self._used = 0
        self._hash = hashlib.blake2b(digest_size=8)

    def add(self, piece: str) -> None:
        """A piece of the document's text."""
        self._hash.update("".join(piece.split()).casefold().encode("utf-8", "surrogatepass"))

    def end(self) -> bool:
        """The document ends here: has the same text come before?"""
        key = max(1, int.from_bytes(self._hash.digest(), "little"))  # 0 marks a free slot
        self._hash = hashlib.blake2b(digest_size=8)
        if 2 * self._used >= len(self._slots):
            self._grow()
        place = self._place(key)
        known = bool(self._slots[place])
        self._slots[place] = key
        self._used += not known
        return known

    def _place(self, key: int) -> int:
        """The slot that holds this key, or the free one where it belongs."""
        slots, last = self._slots, len(self._slots) - 1
        place = key & last
        while slots[place] and int(slots[place]) != key:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        keys = self._slots[self._slots != 0]
        self._slots = np.zeros(2 * len(self._slots), np.uint64)
        for key in keys.tolist():
            self._slots[self._place(key)] = key
