"""Where every word stands: the inverted index of a corpus, and what is looked up among all its types.

Files beside the text, made when it is read, or at the first question about a corpus read before there was an index:

index.npy               the positions of all tokens, type by type, each type's in rising order
words.utf8, words.npy   all types one after the other; int64 (types + 1,), the byte where each begins
ranks.npy               int32 (types,), the place of each in alphabetical order, case folded
anchors.npy             see `core.corpus.documents`

Memory to build it: 8 bytes for each of a million tokens or of a twelfth of them, whichever is more (11 MB for 17
million, 113 MB for 170 million), and some 250 bytes a type. The tokens are read about twelve times at most, in turn,
so the time grows with the text alone. Where a text is read a kernel does it; where a missing index is made, numpy,
which takes three times as long and loads nothing: that may be the web process.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.documents import anchors
from core.corpus.files import ArrayFile

FILES = ("anchors.npy", "words.utf8", "words.npy", "ranks.npy", "index.npy")  # the last one is the mark of the whole
_KEYS = 1_000_000  # tokens sorted at a time
_PASSES = 12
_PART = 1 << 20  # tokens read at a time


class Index:
    """The positions of every type's tokens, those below min_count too, and the types themselves."""

    def __init__(self, folder: Path, files: Path | None = None):
        """folder: of the corpus. files: where the index lies if not there; it is then kept in memory."""
        place, mode = (folder, "r") if files is None else (files, None)
        self._positions = np.load(place / "index.npy", mmap_mode=mode)  # type: ignore[arg-type]
        self._offsets = np.load(place / "words.npy", mmap_mode=mode)  # type: ignore[arg-type]
        data = place / "words.utf8"
        self._letters = np.memmap(data, np.uint8, "r") if files is None else np.fromfile(data, np.uint8)
        self.ranks: np.ndarray = np.load(place / "ranks.npy")
        self.counts: np.ndarray = np.load(folder / "counts.npy")
        self._bounds = np.concatenate([[0], np.cumsum(self.counts)])

    def __len__(self) -> int:
        return len(self.counts)

    def positions(self, word: int) -> np.ndarray:
        """int32 (count,), or int64 in a corpus of more than 2^31 tokens: where the type stands, in rising order."""
        return np.asarray(self._positions[self._bounds[word] : self._bounds[word + 1]])

    @cached_property
    def words(self) -> Any:
        """All types, most frequent first: an Arrow array of large strings over the file."""
        import pyarrow as pa

        buffers = pa.py_buffer(self._offsets), pa.py_buffer(self._letters)
        return pa.LargeStringArray.from_buffers(len(self), *buffers)

    def word(self, word: int) -> str:
        """The type with this id."""
        return bytes(self._letters[self._offsets[word] : self._offsets[word + 1]]).decode()

    def find(self, word: str) -> int | None:
        """The id of a type in the form under which it is counted; None if there is none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pc.index(self.words, pa.scalar(word, pa.large_string())).as_py()
        return None if found < 0 else int(found)


def open_index(folder: Path) -> Index:
    """The index of a corpus folder. One that is missing is made: in the folder, or in memory if that cannot be written.

    Two processes that make it at once write the same files, each beside its place, and rename them.
    """
    if not (folder / FILES[-1]).exists():
        try:
            work = Path(tempfile.mkdtemp(prefix=".index-", dir=folder))
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            return _in_memory(folder)
        try:
            for _ in build_index(folder, work, compiled=False):
                pass
            for name in FILES:
                os.replace(work / name, folder / name)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Index(folder)


def _in_memory(folder: Path) -> Index:
    with tempfile.TemporaryDirectory(prefix="semascope-") as work:
        for _ in build_index(folder, Path(work), compiled=False):
            pass
        return Index(folder, Path(work))


def build_index(folder: Path, into: Path | None = None, compiled: bool = True) -> Iterator[int]:
    """Write the index of the corpus in `folder`, there or in another folder; yields the tokens that are filed.

    compiled: by a kernel; else by numpy, with the same result.
    """
    into = folder if into is None else into
    np.save(into / "anchors.npy", anchors(folder))
    _write_types(folder, into)
    yield from _write_positions(folder, into / "index.npy", compiled)


def _write_types(folder: Path, into: Path) -> None:
    import json

    import pyarrow as pa
    import pyarrow.compute as pc

    words = json.loads((folder / "types.json").read_text(encoding="utf-8"))
    _, offsets, letters = pa.array(words, pa.large_string()).buffers()
    np.save(into / "words.npy", np.frombuffer(offsets, np.int64)[: len(words) + 1])
    (into / "words.utf8").write_bytes(letters)
    folded = pa.array([word.casefold() for word in words], pa.large_string())
    ranks = pc.rank(folded, sort_keys="ascending", tiebreaker="dense")
    np.save(into / "ranks.npy", ranks.to_numpy(zero_copy_only=False).astype(np.int32))


def _write_positions(folder: Path, path: Path, compiled: bool) -> Iterator[int]:
    """Sort the tokens' positions by type, some types at a time."""
    counts, tokens = np.load(folder / "counts.npy"), folder / "tokens.npy"
    total, done = int(counts.sum()), 0
    kind = np.dtype(np.int32 if total <= np.iinfo(np.int32).max else np.int64)
    keys = min(total, max(_KEYS, -(-total // _PASSES)))
    room = np.empty(keys * 8 // kind.itemsize, kind) if compiled else np.empty(keys, np.int64)
    out = ArrayFile(path, kind)
    try:
        for first, last in _groups(counts, len(room)):
            if counts[first] > len(room):
                parts: Iterator[np.ndarray] = (here for here, _ in _chosen(tokens, first, last))
            elif compiled:
                parts = _in_parts(_counted(tokens, first, counts[first:last], room))
            else:
                parts = _in_parts(_sorted(tokens, first, last, total, room))
            for part in parts:
                out.append(part)
            done += int(counts[first:last].sum())
            yield done
    finally:
        out.close()


def _in_parts(values: np.ndarray) -> Iterator[np.ndarray]:
    return (values[i : i + _PART] for i in range(0, len(values), _PART))


def _groups(counts: np.ndarray, size: int) -> Iterator[tuple[int, int]]:
    """Ranges of types with at most `size` tokens together; a type with more by itself."""
    ends, first = np.cumsum(counts), 0
    while first < len(counts):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + size, "right")))
        yield first, last
        first = last


def _read(path: Path) -> Iterator[tuple[int, np.ndarray]]:
    """(place of the first, int32) of the tokens, part by part.

    The file is read and not mapped: mapped pages would count as memory of this process.
    """
    with open(path, "rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        place = 0
        while len(part := np.fromfile(file, np.int32, _PART)):
            yield place, part
            place += len(part)


def _counted(path: Path, first: int, counts: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The positions of types first, first + 1, …, by type and then by position, by a counting sort in `room`."""
    from core.corpus.kernels.filing import file_positions

    places = np.cumsum(counts) - counts
    for base, part in _read(path):
        file_positions(part, base, first, places, room)
    return room[: int(counts.sum())]


def _chosen(path: Path, first: int, last: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(positions int64, types int32 counted from first) of the tokens of types first to last, in order of position."""
    for base, part in _read(path):
        part -= np.int32(first)  # one comparison: what lies below turns into a large number
        inside = np.flatnonzero(part.view(np.uint32) < np.uint32(last - first))
        yield inside + base, part[inside]


def _sorted(path: Path, first: int, last: int, total: int, keys: np.ndarray) -> np.ndarray:
    """The same out of numpy's own sort, int64. keys: room to sort in."""
    bits, size = np.int64(total.bit_length()), 0
    for here, kinds in _chosen(path, first, last):
        part = keys[size : size + len(here)]
        part[:] = kinds
        part <<= bits
        part |= here
        size += len(here)
    ready = keys[:size]
    ready.sort()
    ready &= (np.int64(1) << bits) - 1
    return ready
