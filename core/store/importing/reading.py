"""Files of vectors into a folder: vectors.npy and vocab.json as a run has them, and facts.json."""

import json
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np

from core.corpus import Vocab
from core.corpus.characters import fold
from core.corpus.language import detect
from core.problem import Problem, marked
from core.store.files import room
from core.store.importing import pairs
from core.store.importing.binary import read_binary
from core.store.importing.settings import PAIRS, ImportSettings
from core.store.importing.stream import Stream
from core.store.importing.text import read_glove, read_word2vec
from core.store.importing.writer import Writer

Named = Sequence[tuple[Path, str]]
Step = tuple[str, int, int]
"""What is being done, and how far: (phase, done, total) in bytes of the files."""
_LOOKED = 50_000  # words that tell the language and the case
_ROWS = 4096


def read(files: Named, folder: Path, settings: ImportSettings) -> Iterator[Step]:
    """Read (path, name) files. Raises Problem for what is no such file, with its line."""
    streams = [Stream(path, name) for path, name in files]
    total = sum(stream.stored for stream in streams)
    writer = Writer(folder, streams[0].name if streams else "")
    try:
        yield marked("Reading vectors"), 0, total
        if settings.format in PAIRS:
            counts = yield from _pair(streams, writer, total, folder)
        else:
            counts = None
            yield from _single(streams, writer, total, settings.format)
        if not writer.words:
            raise Problem("{name} holds no vector.", name=writer.name)
        writer.finish(len(writer.words))
    finally:
        writer.close()
    yield marked("Sorting words"), total, total
    words, vocab_counts = writer.words, _ranked(len(writer.words))
    if counts is not None:
        words, vocab_counts = _by_count(folder, words, np.asarray(counts, np.int64))
    _keep(folder, words, vocab_counts, writer.width, counts is not None, settings)


def _single(streams: list[Stream], writer: Writer, total: int, kind: str) -> Iterator[Step]:
    if len(streams) != 1:
        raise Problem("This format needs one file; {found} came.", found=len(streams))
    readers = {"word2vec": read_word2vec, "binary": read_binary, "glove": read_glove}
    for done in readers[kind](streams[0], writer):
        yield marked("Reading vectors"), min(done, total), total


def _pair(streams: list[Stream], writer: Writer, total: int, folder: Path) -> Generator[Step, None, list[int] | None]:
    """Yields steps; returns the counts, or None."""
    first, second = pairs.sorted_pair(streams)
    writer.name = second.name
    counts, _ = pairs.read_words(second, writer)
    table = first.head(8).startswith(pairs.NPY)
    steps = pairs.read_npy(first, writer, folder) if table else pairs.read_rows(first, writer)
    for done in steps:
        yield marked("Reading vectors"), min(done + second.stored, total), total
    return counts


def _ranked(words: int) -> np.ndarray:
    """int64 (words,): what stands for counts where only the order is known, V / rank (Zipf's law), rounded up."""
    return -(-words // np.arange(1, words + 1, dtype=np.int64))


def _by_count(folder: Path, words: list[str], counts: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Words and rows in the order of their counts, the most frequent first; as they are if they stand so."""
    if (np.diff(counts) <= 0).all():
        return words, counts
    order = np.argsort(-counts, kind="stable")
    path, beside = folder / "vectors.npy", folder / "sorted.npy"
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    with room(folder, array.nbytes):
        target = np.lib.format.open_memmap(beside, "w+", np.float32, array.shape)
        for begin in range(0, len(order), _ROWS):
            target[begin : begin + _ROWS] = array[order[begin : begin + _ROWS]]
        target.flush()
    os.replace(beside, path)
    return [words[i] for i in order.tolist()], counts[order]


def _keep(
    folder: Path, words: list[str], counts: np.ndarray, width: int, counted: bool, settings: ImportSettings
) -> None:
    """Write vocab.json and facts.json."""
    some = words[:_LOOKED]
    language = detect(" ".join(some[:2000]))
    lowercase = all(word == fold(word, True) for word in some)
    vocab = Vocab(words, counts, tokenizer="chinese" if language == "zh" else "words", lowercase=lowercase,
                  language=None if language == "unknown" else language)  # fmt: skip
    facts = {"words": len(words), "width": width, "counts": "file" if counted else "rank", "format": settings.format}
    with room(folder, 60 * len(words)):
        vocab.save(folder)
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
