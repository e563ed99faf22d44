"""When all blocks are tokenised: the types, most frequent first, and every token's final id."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from core.corpus.passes import write_types
from core.corpus.tables import PieceTable, Table, WordTable, join

Used = list[tuple[int, int]]  # the table and the tokens of every block


def rank_types(folder: Path, tables: list[Table], lowercase: bool, used: Used) -> None:
    """Join the tables, write the types and their counts, and give every token in `folder` its final id."""
    ids, first = join(tables), tables[0]
    counts, places = first.counts[: first.used], first.firsts[: first.used]
    spelt: WordTable | list[str]
    if isinstance(first, WordTable) and not isinstance(first, PieceTable):
        spelt, same = first.folded(lowercase)
    else:
        spelt, same = _once(first.words(lowercase))
    if same is not None:  # words that differ in case alone, ...
        types = spelt.used if isinstance(spelt, WordTable) else len(spelt)
        counts = np.bincount(same, counts).astype(np.int64)  # exact up to 2**53
        every, places = places, np.full(types, np.iinfo(np.int64).max)
        np.minimum.at(places, same, every)
        ids = [same[table] for table in ids]
    order, rank = _ranked(counts, places)
    half, tokens = len(used) // 2, folder / "tokens.npy"
    first_id = _behind_header(tokens)  # not by the threads: Python 3.11 cannot parse a header in two at a time
    with ThreadPoolExecutor(2) as pool:
        final = [rank[table] for table in ids]
        work = [pool.submit(_renumber, tokens, first_id, used[:begin], used[begin:end], final)
                for begin, end in ((0, half), (half, len(used)))]  # fmt: skip
        if isinstance(spelt, WordTable):
            (folder / "types.json").write_bytes(spelt.as_json(order))
            np.save(folder / "counts.npy", counts[order])
        else:
            write_types(folder, spelt, counts, order)
        for part in work:
            part.result()


def _once(words: list[str]) -> tuple[list[str], np.ndarray | None]:
    """(every word once; int64 the place there of each, None if each is its own)."""
    if len(set(words)) == len(words):
        return words, None
    known: dict[str, int] = {}
    same = np.fromiter((known.setdefault(word, len(known)) for word in words), np.int64, len(words))
    return list(known), same


def _ranked(counts: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the types that occur, most frequent first, then as they come in the text; int32 the new id of every type)."""
    ids = np.empty(len(counts), np.int64)
    ids[np.argsort(places)] = np.arange(len(counts))
    order = np.argsort(ids - counts * len(counts))[: np.count_nonzero(counts)]
    rank = np.full(len(counts), -1, np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return order, rank


def _behind_header(path: Path) -> int:
    """The byte at which the numbers of an array's file begin."""
    with open(path, "rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        return file.tell()


def _renumber(path: Path, place: int, before: Used, used: Used, ids: list[np.ndarray]) -> None:
    """Give the tokens of these blocks their final ids, in place; before: the blocks that come before them.

    place: the byte of the file at which the first block of all begins.
    """
    from core.corpus.kernels import renumber

    room = np.empty(max((length for _, length in used), default=0), np.int32)
    with open(path, "r+b", buffering=0) as file:
        place += 4 * sum(length for _, length in before)
        for table, length in used:
            block = room[:length]
            file.seek(place)
            file.readinto(block.data)
            renumber(block, ids[table])
            file.seek(place)
            place += file.write(block.data)
