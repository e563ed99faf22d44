"""Documents as counts of terms: a sparse matrix by rows, counted from a corpus or from texts at hand, by threads.

Memory: 8 bytes for each pair of a document and one of its terms; from texts, 4 bytes a token more while they are read.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.corpus import Vocab
from core.corpus.characters import classes
from core.corpus.corpus import kept
from core.corpus.passes import ranked
from core.corpus.tables import Block, Table, join, new_table
from core.corpus.tokenise import cutting
from core.corpus.tokenizers import Tokenization
from core.corpus.writing import sayable
from core.problem import Problem

_CHUNK = 1 << 20  # tokens that a thread counts at a time, and bytes of text that it reads at a time
_FEW = 20_000  # characters that are sooner read in Python


@dataclass(frozen=True)
class Rows:
    """A sparse matrix: row i has values[j] in column indices[j] for j from indptr[i] to indptr[i + 1].

    indptr: int64 (n + 1,). indices: int32 (entries,), no column twice in a row. values: (entries,), int32 or float32.
    """

    indptr: np.ndarray
    indices: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @classmethod
    def none(cls) -> "Rows":
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))

    @classmethod
    def joined(cls, parts: "Sequence[Rows]") -> "Rows":
        """All rows of the parts, one part under the other."""
        filled = [part for part in parts if len(part)]
        if len(filled) <= 1:
            return (filled or parts)[0]
        lengths = [np.zeros(1, np.int64), *(np.diff(part.indptr) for part in parts)]
        return cls(np.cumsum(np.concatenate(lengths)), np.concatenate([part.indices for part in parts]),
                   np.concatenate([part.values for part in parts]))  # fmt: skip

    def take(self, rows: np.ndarray) -> "Rows":
        """These rows, int64 (m,), in this order."""
        begins, lengths = self.indptr[rows], np.diff(self.indptr)[rows]
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        places = np.repeat(begins - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Rows(indptr, self.indices[places], self.values[places])

    def blocks(self, entries: int = 1 << 21) -> "Iterator[tuple[int, Rows]]":
        """The rows in parts of about so many entries: (the part's first row, the part)."""
        marks = np.searchsorted(self.indptr, np.arange(entries, len(self.indices), entries))
        edges = np.unique(np.concatenate([[0], marks, [len(self)]])).tolist()
        for first, last in zip(edges, edges[1:]):
            begin, end = int(self.indptr[first]), int(self.indptr[last])
            yield first, Rows(self.indptr[first : last + 1] - begin, self.indices[begin:end], self.values[begin:end])

    def row(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """(indices, values) of one row."""
        begin, end = self.indptr[i], self.indptr[i + 1]
        return self.indices[begin:end], self.values[begin:end]


def over_rows(n: int, threads: int, work: Callable[[int, int], Any]) -> list[Any]:
    """work(first, last) over slices of 0..n, a few a thread; the results in order."""
    pieces = min(n, 4 * threads) if n >= 256 else 1
    cuts = [n * i // pieces for i in range(pieces + 1)]
    if threads == 1 or pieces == 1:
        return [work(first, last) for first, last in zip(cuts, cuts[1:])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, cuts, cuts[1:]))


def count(tokens: np.ndarray, offsets: np.ndarray, words: int, first: int = 0, threads: int = 2) -> Iterator[Rows]:
    """The documents from the `first` on as rows, some million tokens at a time. An id >= words is no term."""
    offsets = np.ascontiguousarray(offsets)
    marks = np.arange(int(offsets[first]) + _CHUNK, int(offsets[-1]), _CHUNK)
    inner = np.unique(np.searchsorted(offsets, marks))
    edges = np.concatenate([[first], inner[(inner > first) & (inner < len(offsets) - 1)], [len(offsets) - 1]])
    with ThreadPoolExecutor(threads) as pool:
        for place in range(0, len(edges) - 1, 2 * threads):
            some = edges[place : place + 2 * threads + 1].tolist()
            yield Rows.joined(
                [*pool.map(lambda a, b: _Counter(words).count(tokens, offsets[a : b + 1]), some, some[1:])]
            )


class _Counter:
    """One thread's memory to count in. ids: the term of each token's id; without it the token is the term."""

    def __init__(self, words: int, ids: np.ndarray | None = None):
        self.words, self.ids = words, np.zeros(0, np.int32) if ids is None else np.ascontiguousarray(ids, np.int32)
        self._places = np.zeros(words, np.int32)

    def count(self, tokens: np.ndarray, offsets: np.ndarray) -> Rows:
        """The documents between these offsets, int64 (n + 1,), as rows."""
        indices, counts = (np.empty(int(offsets[-1] - offsets[0]), np.int32) for _ in range(2))
        indptr = self.into(tokens, offsets, indices, counts)
        return Rows(indptr, indices[: indptr[-1]].copy(), counts[: indptr[-1]].copy())

    def into(self, tokens: np.ndarray, offsets: np.ndarray, indices: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """The same, written from the beginning of these; returns indptr."""
        from core.encoders.kernels import terms

        begin, end, n = int(offsets[0]), int(offsets[-1]), len(offsets) - 1
        indptr = np.empty(n + 1, np.int64)
        terms.count(tokens[begin:end], self.ids, offsets - begin, n, self.words, self._places, indptr, indices, counts)
        return indptr


# From texts at hand.


def read(texts: Sequence[str], *, lowercase: bool, min_count: int, language: str | None, threads: int
         ) -> tuple[Vocab, Rows]:  # fmt: skip
    """The vocabulary and the counts of texts, as a corpus of them would have them, without one on disk.

    Raises Problem if there are no words, or none min_count times.
    """
    how = Tokenization("words", lowercase)
    tables, blocks = _tokenised(texts, how, threads)
    ids = join(tables)
    words, size = tables[0].words(lowercase), tables[0].used
    if not size:
        raise Problem("These texts hold no words: give some with words in them.")
    counts, firsts = tables[0].counts[:size], tables[0].firsts[:size]
    if len(set(words)) < size:  # words that differ in case alone
        known: dict[str, int] = {}
        same = np.fromiter((known.setdefault(word, len(known)) for word in words), np.int64, size)
        words, counts, every = list(known), np.bincount(same, counts).astype(np.int64), firsts
        firsts = np.full(len(words), np.iinfo(np.int64).max)
        np.minimum.at(firsts, same, every)
        ids = [same[each] for each in ids]
    by_place = np.argsort(firsts, kind="stable")
    order, _ = ranked(counts[by_place])
    order = by_place[order]
    rank = np.empty(len(words), np.int32)
    rank[order] = np.arange(len(words), dtype=np.int32)
    most = kept(counts[order], min_count)
    vocab = Vocab([words[i] for i in order[:most].tolist()], counts[order[:most]], tokens=int(counts.sum()),
                  language=language, min_count=min_count, tokenization=how)  # fmt: skip
    return vocab, _rows(blocks, [rank[each] for each in ids], most, threads)


def encode(texts: Sequence[str], vocab: Vocab, threads: int = 2) -> Rows:
    """The counts of texts by a vocabulary that is known."""
    how = vocab.tokenization
    if how.phrases or how.pieces or sum(map(len, texts)) < _FEW:
        found = [vocab.encode(vocab.tokenize(text)) for text in texts]
        offsets = np.concatenate([[0], np.cumsum([len(each) for each in found])]).astype(np.int64)
        tokens = np.concatenate([np.zeros(0, np.int32), *found])
        return _Counter(len(vocab)).count(tokens, offsets)
    tables, blocks = _tokenised(texts, how, threads)
    ids = [vocab.encode(table.words(how.lowercase)[: table.used]) for table in tables]
    return _rows(blocks, ids, len(vocab), threads)


_Blocks = list[list[tuple[np.ndarray, np.ndarray]]]  # of each thread: (tokens, tokens of each document) of its blocks


def _tokenised(texts: Sequence[str], how: Tokenization, threads: int) -> tuple[list[Any], _Blocks]:
    """A table of words a thread, and the blocks that each read: each thread a stretch of the texts, in order."""
    tables, ends = [new_table(how) for _ in range(threads)], np.cumsum([len(text) for text in texts])
    edges = np.searchsorted(ends, np.arange(0, int(ends[-1]) if len(ends) else 0, _CHUNK), "left").tolist()
    edges = [*dict.fromkeys([0, *edges]), len(texts)]
    spans = [(a, b) for a, b in zip(edges, edges[1:]) if a < b]
    table = cutting(how)

    def work(number: int) -> list[tuple[np.ndarray, np.ndarray]]:
        own = spans[len(spans) * number // threads : len(spans) * (number + 1) // threads]
        return [_block(texts[a:b], 4 * int(ends[a - 1] if a else 0), tables[number], table) for a, b in own]

    classes()  # made once, not by each thread
    with ThreadPoolExecutor(threads) as pool:
        return tables, list(pool.map(work, range(threads)))


def _block(texts: Sequence[str], base: int, table: Table, cuts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(tokens int32, tokens of each document) of some texts together, or of a long one in parts cut between words."""
    from core.corpus.kernels import safe_cut

    whole = "".join(texts)
    if whole.isascii():
        text, lengths = np.frombuffer(bytearray(whole, "ascii"), np.uint8), [len(each) for each in texts]
    else:
        data = [sayable(each).encode() for each in texts]
        text, lengths = np.frombuffer(bytearray(b"".join(data)), np.uint8), [len(each) for each in data]
    ends = np.cumsum(lengths)
    if len(texts) > 1 or len(text) <= _CHUNK:
        result = table.tokenise(Block(base, text, ends, False, False), 1)
        return result.tokens, result.in_document
    tokens, begin = [], 0
    while begin < len(text):
        part = text[begin : begin + _CHUNK]
        cut = len(part) if begin + len(part) == len(text) else int(safe_cut(part, cuts))
        block = Block(base + begin, part[:cut], np.array([cut]), begin > 0, begin + cut < len(text))
        tokens.append(table.tokenise(block, 1).tokens)
        begin += cut
    joined = np.concatenate(tokens)
    return joined, np.array([len(joined)])


def _rows(blocks: _Blocks, ids: list[np.ndarray], words: int, threads: int) -> Rows:
    """Count blocks of tokens that have their table's ids; ids: the term of each, by thread; a term >= words is none.

    The threads write into two arrays of an entry for every token, each from where its tokens begin, and their parts
    are then moved together.
    """
    begins = np.cumsum([0, *(sum(len(tokens) for tokens, _ in several) for several in blocks)]).tolist()
    indices, counts = np.empty(begins[-1], np.int32), np.empty(begins[-1], np.int32)

    def work(number: int) -> list[np.ndarray]:
        at, lengths, own = begins[number], [np.zeros(0, np.int64)], ids[number].astype(np.int32)
        alone = len(own) > 0 and own.max() < words and np.bincount(own).max() == 1 and len(own) <= words
        counter = _Counter(words) if alone else _Counter(words, own)  # each a term of its own: renamed when counted
        for tokens, inside in blocks[number]:
            indptr = counter.into(tokens, np.concatenate([[0], np.cumsum(inside)]), indices[at:], counts[at:])
            end = at + int(indptr[-1])
            if alone:
                indices[at:end] = own[indices[at:end]]
            lengths.append(np.diff(indptr))
            at = end
        return lengths

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, range(threads)))
    indptr = np.concatenate(
        [np.zeros(1, np.int64), np.cumsum(np.concatenate([part for each in found for part in each]))]
    )
    at = 0
    for begin, each in zip(begins, found):
        size = int(sum(part.sum() for part in each))
        for array in (indices, counts):
            array[at : at + size] = array[begin : begin + size]
        at += size
    return Rows(indptr, indices[:at], counts[:at])
