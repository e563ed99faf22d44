"""Vectors on their way onto the disk: rows are appended to a .npy whose first bytes are written last."""

from pathlib import Path

import numpy as np

from core.problem import Problem
from core.store.files import room

_HEADER = 128  # bytes
_MAGIC = b"\x93NUMPY\x01\x00"


class Writer:
    """vectors.npy in a folder, float32 (n, width). words: those so far. Raises DiskFull where there is no room."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder, name
        self.words: list[str] = []
        self.width = 0
        self._lines: dict[str, int] = {}
        self._file = open(folder / "vectors.npy", "wb")  # noqa: SIM115
        self._file.write(bytes(_HEADER))

    def begin(self, width: int) -> None:
        self.width = width

    def add(self, words: list[str], vectors: np.ndarray, first: int) -> None:
        """Append rows. first: the line (or number) of the first word. Raises Problem for a word that is there."""
        for number, word in enumerate(words, first):
            before = self._lines.setdefault(word, number)
            if before != number:
                raise self._twice(word, before, number)
        self.words += words
        self.rows(vectors)

    def rows(self, vectors: np.ndarray) -> None:
        """Append rows without their words."""
        with room(self.folder, vectors.nbytes):
            self._file.write(np.ascontiguousarray(vectors, "<f4").data)

    def _twice(self, word: str, before: int, number: int) -> Problem:
        return Problem("{word} stands on line {line} of {name} and on line {before} before: a word has one vector.",
                       word=word[:80], line=number, name=self.name, before=before)  # fmt: skip

    def finish(self, rows: int) -> None:
        """Write the header; the file is then whole."""
        shape = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {self.width}), }}".encode()
        header = _MAGIC + (_HEADER - 10).to_bytes(2, "little") + shape.ljust(_HEADER - 11) + b"\n"
        self._file.seek(0)
        self._file.write(header)
        with room(self.folder, 0):
            self._file.close()

    def close(self) -> None:
        self._file.close()
