"""Text on disk -> tokens on disk, block by block: bounded memory, two cores, the same result for any number of threads.

Each thread has its own table of words. Blocks are written in order with their thread's ids; at the end the tables are
folded (case, apostrophes, composed letters) and joined, and one pass over the tokens gives every type its final id.
Further passes cut words into pieces, join phrases and drop stop words.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from core.corpus.characters import LETTER, MARK, classes
from core.corpus.files import ArrayFile
from core.corpus.passes import ranked, read_types, rewrite, write_types
from core.corpus.phrases import find_phrases, join_phrases
from core.corpus.settings import ReadSettings
from core.corpus.tables import Block, Result, Table, join, new_table
from core.corpus.tokenizers import Tokenization
from core.problem import Problem

BLOCK = 1 << 20  # bytes of text that one thread tokenises at a time
_INNER = "+#&._%-"  # beside letters, what jieba takes for a part of a word


def tokenise(folder: Path, settings: ReadSettings, newlines_needed: int, threads: int = 2) -> Iterator[int]:
    """Write tokens, starts, offsets, sentences and types for the text in `folder`; yields the bytes done.

    Writes tokenizer.json too where the settings ask for more than a tokeniser and the folding of case. Raises Problem
    for settings that do not go together, and if nothing but stop words is left.
    """
    how = Tokenization.of(settings)
    yield from _tokenise(folder, how, newlines_needed, threads)
    size = (folder / "text.utf8").stat().st_size
    for learned in _passes(folder, how, settings, newlines_needed):
        yield size
        how = learned
    how.save(folder)


def _tokenise(folder: Path, how: Tokenization, newlines_needed: int, threads: int) -> Iterator[int]:
    tables = [new_table(how) for _ in range(threads)]
    size = BLOCK // 8 if how.tokenizer == "chinese" else BLOCK  # its tables are slower: keep the events coming
    used: list[tuple[int, int]] = []  # the table and the tokens of every block
    writer = _Writer(folder)
    try:
        for block, number, result in _in_order(blocks(folder, size, cutting(how)), tables, newlines_needed):
            used.append((number, len(result.tokens)))
            writer.add(block, result)
            yield block.base + len(block.text)
    finally:
        writer.close()
    _finish(folder, tables, how, used)


def _passes(folder: Path, how: Tokenization, settings: ReadSettings, newlines: int) -> Iterator[Tokenization]:
    """Pieces, phrases and stop words; yields the tokenisation as far as it is known."""
    if not len(np.load(folder / "counts.npy", mmap_mode="r")):
        return
    stopped = frozenset(how.stop_words)
    if how.tokenizer == "pieces":
        from core.corpus.cutting import cut_words, learn_pieces

        how = replace(how, pieces=learn_pieces(folder, settings, stopped))
        for _ in cut_words(folder, how):
            yield how
    if settings.phrases:
        pairs = np.zeros(0, np.uint64)
        for event in find_phrases(folder, settings.phrase_threshold, stopped):
            pairs = event if isinstance(event, np.ndarray) else pairs
            yield how
        for joined in join_phrases(folder, pairs):
            if isinstance(joined, list):
                how = replace(how, phrases=tuple(joined), newlines=newlines)
            yield how
    if stopped and how.tokenizer != "pieces":
        for _ in drop_words(folder, stopped):
            yield how
    yield how


def drop_words(folder: Path, stopped: frozenset[str]) -> Iterator[int]:
    """Write the corpus without these words; yields the tokens done. Raises Problem if none is left."""
    from core.corpus.kernels import expand

    words, counts = read_types(folder)
    counts[[i for i, word in enumerate(words) if word in stopped]] = 0
    check_left(counts)
    order, ids = ranked(counts)
    ends = np.concatenate([[0], np.cumsum(counts > 0)])
    kept, places = ids[counts > 0], np.zeros(len(order), np.uint32)
    yield from rewrite(folder, lambda tokens, starts, _firsts, _follows: expand(tokens, starts, ends, kept, places))
    write_types(folder, words, counts, order)


def check_left(counts: np.ndarray) -> None:
    if not counts.any():
        raise Problem("Nothing is left but stop words: take some off the list of stop words.")


def cutting(how: Tokenization) -> np.ndarray:
    """The classes by which a text is cut into blocks: within no word of the Chinese segmenter either."""
    if how.tokenizer != "chinese":
        return classes()
    table = classes().copy()
    codes = [ord(character) for character in {*_INNER, *"".join(how.dictionary)}]
    table[[code for code in codes if table[code] != LETTER]] = MARK
    return table


def blocks(folder: Path, size: int, table: np.ndarray) -> Iterator[Block]:
    """The text in blocks that end with a document, or within one at a safe place by this table of classes."""
    from core.corpus.kernels import safe_cut

    bounds = np.load(folder / "bounds.npy", mmap_mode="r")
    base, document, begun = 0, 0, False
    with open(folder / "text.utf8", "rb") as file:
        while document < len(bounds) - 1:
            file.seek(base)
            text = np.fromfile(file, np.uint8, size)
            last = int(np.searchsorted(bounds, base + len(text), "right")) - 1  # the last document that ends in here
            whole = int(bounds[last]) - base if last > document else 0
            cut = whole if whole > size // 2 or whole == len(text) else int(safe_cut(text, table))
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


def _finish(folder: Path, tables: list[Table], how: Tokenization, used: list[tuple[int, int]]) -> None:
    """Write the types, most frequent first, and give every token its final id; used: as in `_tokenise`."""
    ids = join(tables)
    words, size = tables[0].words(how.lowercase), tables[0].used
    counts, firsts = tables[0].counts[:size], tables[0].firsts[:size]
    if len(set(words)) < size:  # words that differ in case alone, ...
        words, same = _twins(words)
        counts = np.bincount(same, counts).astype(np.int64)  # exact up to 2**53
        firsts, every = np.full(len(words), np.iinfo(np.int64).max), firsts
        np.minimum.at(firsts, same, every)
        ids = [same[table] for table in ids]
    by_place = np.argsort(firsts, kind="stable")
    order, rank_by_place = ranked(counts[by_place])
    order, rank = by_place[order], np.empty(len(by_place), np.int32)
    rank[by_place] = rank_by_place
    half = len(used) // 2
    with ThreadPoolExecutor(2) as pool:
        final = [rank[table] for table in ids]
        work = [pool.submit(_renumber, folder / "tokens.npy", used[:begin], used[begin:end], final)
                for begin, end in ((0, half), (half, len(used)))]  # fmt: skip
        write_types(folder, words, counts, order)
        for part in work:
            part.result()


def _twins(words: list[str]) -> tuple[list[str], np.ndarray]:
    """(every word once; int64 the place there of each)."""
    known: dict[str, int] = {}
    same = np.fromiter((known.setdefault(word, len(known)) for word in words), np.int64, len(words))
    return list(known), same


def _renumber(path: Path, before: list[tuple[int, int]], used: list[tuple[int, int]], ids: list[np.ndarray]) -> None:
    """Give the tokens of these blocks their final ids, in place; before: the blocks that come before them."""
    with open(path, "r+b") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        file.seek(4 * sum(length for _, length in before), 1)
        for table, length in used:
            place = file.tell()
            block = np.frombuffer(file.read(4 * length), np.int32)
            file.seek(place)
            file.write(ids[table][block].data)
