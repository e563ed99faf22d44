"""Text on disk -> tokens on disk, block by block: bounded memory, two cores, the same result for any number of threads.

Each thread has its own table of words. Blocks are written in order with their thread's ids; at the end the tables are
folded (case, apostrophes, composed letters) and joined, and one pass over the tokens gives every type its final id.
Further passes cut words into pieces, join phrases and drop stop words.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.corpus.blocks import Blocks, Team
from core.corpus.characters import LETTER, MARK, classes
from core.corpus.files import ArrayFile
from core.corpus.passes import ranked, read_types, rewrite, write_types
from core.corpus.phrases import find_phrases, join_phrases
from core.corpus.ranking import rank_types
from core.corpus.settings import ReadSettings
from core.corpus.tables import Block, Result, Table, new_table
from core.corpus.tokenizers import Tokenization
from core.problem import Problem

BLOCK = 1 << 20  # bytes of text that one thread tokenises at a time
_INNER = "+#&._%-"  # beside letters, what jieba takes for a part of a word


class Tokenising:
    """Tokenises the text of a corpus folder block by block, while it is being written or afterwards."""

    def __init__(self, folder: Path, settings: ReadSettings, threads: int = 2):
        """Raises Problem for settings that do not go together."""
        self._folder, self._settings, self._how = folder, settings, Tokenization.of(settings)
        self._threads, self._tables = threads, list[Table]()
        self._size = BLOCK // 8 if self._how.tokenizer == "chinese" else BLOCK  # slower: keep the events coming
        self._used: list[tuple[int, int]] = []  # the table and the tokens of every block
        self._files = ExitStack()

    def _begin(self) -> None:
        """Make the tables, the threads and the files, when there is something to do."""
        self._tables = [new_table(self._how) for _ in range(self._threads)]
        self._writer = self._files.enter_context(closing(_Writer(self._folder)))
        self._team = self._files.enter_context(closing(Team(self._tables)))
        self._blocks = self._files.enter_context(closing(Blocks(self._folder, self._size, cutting(self._how))))

    @property
    def begun(self) -> int:
        """The bytes of text that a thread has or had at hand."""
        return self._blocks.base if self._tables else 0

    def go_on(self, end: int, newlines_needed: int) -> None:
        """Tokenise the text that has been written up to byte `end`, but for less than a block."""
        if not self._tables:
            self._begin()
        for block in self._blocks.upto(end):
            self._team.begin(block, newlines_needed)
            for done in self._team.done(most=len(self._tables) + 2):
                self._add(*done)

    def finish(self, end: int, newlines_needed: int) -> Iterator[int]:
        """Tokenise the rest and write everything; yields the bytes done. Raises Problem if only stop words are left."""
        if not self._tables:
            self._begin()
        for block in self._blocks.upto(end, last=True):
            self._team.begin(block, newlines_needed)
            for done in self._team.done(most=len(self._tables)):
                yield self._add(*done)
        for done in self._team.done(most=0):
            yield self._add(*done)
        self.close()
        rank_types(self._folder, self._tables, self._how.lowercase, self._used)
        self._tables.clear()
        for learned in _passes(self._folder, self._how, self._settings, newlines_needed):
            yield end
            self._how = learned
        self._how.save(self._folder)

    def _add(self, block: Block, number: int, result: Result) -> int:
        self._used.append((number, len(result.tokens)))
        self._writer.add(block, result)
        return block.base + len(block.text)

    def close(self) -> None:
        """End the threads' work and the files."""
        self._files.close()


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


class _Writer:
    """Appends the blocks' results, carrying over what a document cut in two needs."""

    def __init__(self, folder: Path):
        kinds = {"tokens": np.int32, "starts": np.uint32, "offsets": np.int64, "sentences": np.int64}
        self._files = ExitStack()
        self.tokens, self.starts, self.offsets, self.sentences = (
            self._files.enter_context(closing(ArrayFile(folder / f"{name}.npy", kind))) for name, kind in kinds.items()
        )
        self.characters = 0  # of the document that goes on, in the blocks before

    def add(self, block: Block, result: Result) -> None:
        if not self.offsets.length:
            self.offsets.append(np.zeros(1, np.int64))
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
