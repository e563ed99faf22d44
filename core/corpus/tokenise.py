"""Text on disk -> tokens on disk, block by block: bounded memory, two cores, the same result for any number of threads.

Each thread has its own table of words. Blocks are written in order with their thread's ids; at the end the tables are
folded (case, apostrophes, composed letters) and joined, and one pass over the tokens gives every type its final id.
"""

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from core.corpus.characters import classes
from core.corpus.files import ArrayFile
from core.corpus.tables import Block, Result, Table, new_table

BLOCK = 1 << 20  # bytes of text that one thread tokenises at a time
_PART = 50_000  # words


def tokenise(folder: Path, tokenizer: str, lowercase: bool, newlines_needed: int, threads: int = 2) -> Iterator[int]:
    """Write tokens, starts, offsets, sentences and types for the text in `folder`; yields the bytes done."""
    tables = [new_table(tokenizer) for _ in range(threads)]
    size = BLOCK // 8 if tokenizer == "chinese" else BLOCK  # its tables are slower: keep the events coming
    used: list[tuple[int, int]] = []  # the table and the tokens of every block
    writer = _Writer(folder)
    try:
        for block, number, result in _in_order(blocks(folder, size), tables, newlines_needed):
            used.append((number, len(result.tokens)))
            writer.add(block, result)
            yield block.base + len(block.text)
    finally:
        writer.close()
    ids = _write_types(folder, tables, lowercase)
    _renumber(folder / "tokens.npy", used, ids)


def blocks(folder: Path, size: int) -> Iterator[Block]:
    """The text in blocks that end with a document, or within one at a safe place."""
    from core.corpus.kernels import safe_cut

    bounds = np.load(folder / "bounds.npy", mmap_mode="r")
    base, document, begun = 0, 0, False
    with open(folder / "text.utf8", "rb") as file:
        while document < len(bounds) - 1:
            file.seek(base)
            text = np.fromfile(file, np.uint8, size)
            last = int(np.searchsorted(bounds, base + len(text), "right")) - 1  # the last document that ends in here
            whole = int(bounds[last]) - base if last > document else 0
            cut = whole if whole > size // 2 or whole == len(text) else int(safe_cut(text, classes()))
            last = int(np.searchsorted(bounds, base + cut, "right")) - 1
            ends = np.asarray(bounds[document + 1 : last + 1]) - base
            partial = bool(base + cut > bounds[last])
            yield Block(base, text[:cut], np.append(ends, cut) if partial else ends, begun, partial)
            base, document, begun = base + cut, last, partial


def _in_order(work: Iterator[Block], tables: list[Table], newlines_needed: int) -> Iterator[tuple[Block, int, Result]]:
    """Each block, its thread's number and its result, in the order of the text; the threads work ahead by a block."""
    free: SimpleQueue[int] = SimpleQueue()
    for number in range(len(tables)):
        free.put(number)

    def run(block: Block) -> tuple[int, Result]:
        number = free.get()
        try:
            return number, tables[number].tokenise(block, newlines_needed)
        finally:
            free.put(number)

    waiting: deque[tuple[Block, Future[tuple[int, Result]]]] = deque()
    with ThreadPoolExecutor(len(tables)) as pool:
        try:
            for block in work:
                waiting.append((block, pool.submit(run, block)))
                if len(waiting) > len(tables):
                    yield _done(*waiting.popleft())
            while waiting:
                yield _done(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _done(block: Block, future: "Future[tuple[int, Result]]") -> tuple[Block, int, Result]:
    number, result = future.result()
    return block, number, result


class _Writer:
    """Appends the blocks' results, carrying over what a document cut in two needs."""

    def __init__(self, folder: Path):
        kinds = {"tokens": np.int32, "starts": np.uint32, "offsets": np.int64, "sentences": np.int64}
        self._files = ExitStack()
        self.tokens, self.starts, self.offsets, self.sentences = (
            self._files.enter_context(closing(ArrayFile(folder / f"{name}.npy", kind))) for name, kind in kinds.items()
        )
        self.offsets.append(np.zeros(1, np.int64))
        self.characters = 0  # of the document that goes on, in the blocks before

    def add(self, block: Block, result: Result) -> None:
        if block.begun:
            result.starts[: result.in_document[0]] += np.uint32(self.characters)
        self.sentences.append(result.sentences + self.tokens.length)
        ends = self.tokens.length + np.cumsum(result.in_document)
        self.offsets.append(ends[:-1] if block.goes_on else ends)
        self.tokens.append(result.tokens)
        self.starts.append(result.starts)
        before = self.characters if block.begun and len(ends) == 1 else 0
        self.characters = before + int(result.characters[-1]) if block.goes_on else 0

    def close(self) -> None:
        self._files.close()


def _write_types(folder: Path, tables: list[Table], lowercase: bool) -> list[np.ndarray]:
    """Join the threads' types, most frequent first; returns the final id of each table's ids."""
    known: dict[str, int] = {}
    joined = []
    for table in tables:
        joined.append(np.fromiter((known.setdefault(word, len(known)) for word in table.words(lowercase)), np.int64))
    counts, firsts = np.zeros(len(known), np.int64), np.full(len(known), np.iinfo(np.int64).max)
    for table, ids in zip(tables, joined):
        np.add.at(counts, ids, table.counts[: len(ids)])
        np.minimum.at(firsts, ids, table.firsts[: len(ids)])
    order = np.lexsort((firsts, -counts))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    _write_words(folder / "types.json", list(known), order)
    np.save(folder / "counts.npy", counts[order])
    return [rank[ids] for ids in joined]


def _write_words(path: Path, words: list[str], order: np.ndarray) -> None:
    """A JSON list of the words in this order, written in parts: the whole in one string takes much memory."""
    with open(path, "w", encoding="utf-8") as file:
        for i in range(0, len(order), _PART):
            part = json.dumps([words[k] for k in order[i : i + _PART].tolist()], ensure_ascii=False)
            file.write(("[" if i == 0 else ", ") + part[1:-1])
        file.write("]" if len(order) else "[]")


def _renumber(path: Path, used: list[tuple[int, int]], ids: list[np.ndarray]) -> None:
    """Give every token its final id, in place."""
    with open(path, "r+b") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        for table, length in used:
            place = file.tell()
            block = np.frombuffer(file.read(4 * length), np.int32)
            file.seek(place)
            file.write(ids[table][block].data)
