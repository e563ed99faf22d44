"""Counting n-grams of every order by sorting, compiled and in threads.

The text is a ring of n symbols (int32): the words of each stretch after an edge, which begins it and ends the one
before. The slots of order k are its places sorted by the k symbols that begin there, `places` (int32) with `fresh`
(bool) where these differ from the slot before. Order k + 1 comes from order k by one counting sort: the places, in
their order, go one step to the left, each into the bucket of the symbol there. So equal symbols stand together, and in
a bucket what follows them is sorted already. A bucket's next place begins another (k + 1)-gram exactly if it comes
from another k-gram than its last one did; and the k-gram has then one more different symbol to its left, which is what
Kneser-Ney counts. No key is ever built and no two symbols are compared; an order costs a gather and a scatter.

No n-gram goes over an edge; an edge may be its first symbol or its last. Working memory: 18 bytes a symbol.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import boolean, int32, int64, njit, types, void

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_TOKENS = types.Array(int32, 1, "C", readonly=True)
_RANGES = types.Array(int64, 2, "C", readonly=True)
_CHUNK = 1 << 19  # slots of one call, a few milliseconds


@njit(int64(_TOKENS, _RANGES, int64, int32[::1], int64[::1], int64), **_COMPILED)
def lay(tokens, ranges, words, text, cursor, most):
    """Lay an edge and the tokens of each range into text, unknown ones (>= words) as `words`, the edge as words + 1.

    cursor: the range, the tokens of it that are laid, the place in text; at most `most` symbols are laid in this call.
    Returns the place."""
    row, inside, at = cursor
    end = min(len(text), at + most)
    while at < end:
        if inside == 0:
            text[at] = words + 1
            at += 1
        begin, length = ranges[row, 0], ranges[row, 1] - ranges[row, 0]
        take = min(length - inside, end - at)
        for i in range(take):
            text[at + i] = min(int64(tokens[begin + inside + i]), words)
        at, inside = at + take, inside + take
        if inside == length:
            row, inside = row + 1, 0
    cursor[0], cursor[1], cursor[2] = row, inside, at
    return at


@njit(void(int32[::1], int32[::1], int64, int64, int32[::1], int32[:, ::1]), **_COMPILED)
def look_left(text, places, begin, end, lefts, table):
    """lefts[i] = the symbol before places[i]; table[symbol, 0] counts them."""
    last = len(text) - 1
    for i in range(begin, end):
        place = places[i]
        symbol = text[place - 1 if place > 0 else last]
        lefts[i] = symbol
        table[symbol, 0] += 1


@njit(int64(int32[::1], boolean[::1], int32[::1], int64, int64, int64, int32[:, ::1], int32, int32[::1], boolean[::1],
            int32[::1]), **_COMPILED)  # fmt: skip
def go_left(places, fresh, lefts, begin, end, group, table, size, to, to_fresh, different):
    """Sort slots of order k into those of order k + 1, see above; returns the number of the last k-gram.

    table (symbols, 2): the next slot of each bucket, and the k-gram that its last place came from. different (k-grams,)
    counts the symbols to the left of each."""
    for i in range(begin, end):
        group += fresh[i]
        symbol, place = lefts[i], places[i]
        slot = table[symbol, 0]
        table[symbol, 0] = slot + 1
        to[slot] = place - 1 if place > 0 else size - 1
        if table[symbol, 1] != group:
            table[symbol, 1] = group
            to_fresh[slot] = True
            different[group] += 1
    return group


@njit(int64(int32[::1], int32[::1], int64, int64, int64[:, ::1]), **_COMPILED)
def cut_parents(counts, words, edge, most, cuts):
    """Fill cuts (c, 2) with (parent, slot) where a block of at least `most` slots begins; how many there are."""
    slot, began, count = 0, -most, 0
    for parent in range(len(counts)):
        if slot - began >= most and count < len(cuts):
            cuts[count, 0], cuts[count, 1] = parent, slot
            began, count = slot, count + 1
        slot += 0 if words[parent] == edge else counts[parent]
    return count


@njit(void(int32[::1], int32[::1], boolean[::1], int64, int32[::1], int32[::1], int64, int64, int64, int64, int64,
           int32[::1], int32[::1], int32[::1]), **_COMPILED)  # fmt: skip
def file_children(text, places, fresh, order, above, above_words, edge, begin, end, slot, child, first, words, counts):
    """The n-grams of an order below their parents begin..end of the order above: first child, last symbol, count."""
    for parent in range(begin, end):
        first[parent] = child
        for i in range(slot, slot + (0 if above_words[parent] == edge else above[parent])):
            if fresh[i]:
                place = places[i] + order - 1
                words[child] = text[place if place < len(text) else place % len(text)]
                counts[child] = 0
                child += 1
            counts[child - 1] += 1
            slot += 1


@njit(void(types.Array(int32, 1, "C", readonly=True), int64[::1]), **_COMPILED)
def tally(counts, often):
    """often[c] += how many n-grams were counted c times; more than its last place allows are left out."""
    for i in range(len(counts)):
        if counts[i] < len(often):
            often[counts[i]] += 1


def laid(tokens: np.ndarray, ranges: np.ndarray, words: int, text: np.ndarray) -> Iterator[int]:
    """Fill text with an edge and the tokens of each range, int64 (k, 2); yields how much is laid."""
    cursor, done = np.zeros(3, np.int64), 0
    while done < len(text):
        done = lay(np.asarray(tokens), ranges, words, text, cursor, 2 * _CHUNK)
        yield done


def tallied(counts: np.ndarray) -> np.ndarray:
    """int64 (7,): how many n-grams were counted 0, 1, …, 6 times."""
    often = np.zeros(7, np.int64)
    tally(counts, often)
    return often


class Level(NamedTuple):
    """The m n-grams of one order, sorted by their symbols; their contexts are the n-grams of the order above."""

    words: np.ndarray  # int32 (m,) the last symbol of each
    first: np.ndarray  # int32 (contexts + 1,) where those of each context begin
    counts: np.ndarray  # int32 (m,)


class Counting:
    """Counts the n-grams of a text: after each order, `levels` is a whole model of that order.

    With `different`, the counts of all orders but the highest are the numbers of different symbols to the left
    (Kneser and Ney 1995); those of an n-gram that begins with an edge stay as they are. raw: how often each symbol
    occurs, int32 (words + 2,). tallies: of each order, how many n-grams were counted 0, 1, …, 6 times, int64 (7,).
    distinct: how many different n-grams without an edge.
    """

    def __init__(self, text: np.ndarray, words: int, different: bool, pool: ThreadPoolExecutor, threads: int):
        self.levels: list[Level] = []
        self.tallies: list[np.ndarray] = []
        self.distinct: list[int] = []
        self._text, self._edge, self._different = text, words + 1, different
        self._pool, self._threads, self._symbols = pool, threads, words + 2
        size = len(text)
        self._places, self._to = np.arange(1, size + 1, dtype=np.int32), np.empty(size, np.int32)
        self._fresh, self._to_fresh = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self._lefts, self._slots, self._edges = (
            np.empty(size, np.int32),
            size,
            0,
        )  # _edges: the slots of the last bucket
        self.raw = np.zeros(0, np.int32)

    def next_order(self) -> Iterator[float]:
        """Count one order more; yields the share done every few milliseconds."""
        order, size = len(self.levels) + 1, self._slots
        if order > 2:  # what follows an edge has no symbol to its left within its stretch
            size -= self._edges
        cuts = self._cut(size) if order > 1 else [0, size]
        tables = [np.zeros((self._symbols, 2), np.int32) for _ in cuts[1:]]
        for share in self._in_threads(cuts, lambda part, begin, end: look_left(
                self._text, self._places, begin, end, self._lefts, tables[part])):  # fmt: skip
            yield 0.25 * share
        counts = self._begin_buckets(tables)
        self._to_fresh[:] = False
        groups = [int(np.count_nonzero(self._fresh[:cut])) - 1 for cut in cuts[:-1]] if order > 1 else [0]
        different = np.zeros(max(1, int(np.count_nonzero(self._fresh[: self._slots]))), np.int32)

        def sort(part: int, begin: int, end: int) -> None:
            groups[part] = go_left(self._places, self._fresh, self._lefts, begin, end, groups[part], tables[part],
                                   len(self._text), self._to, self._to_fresh, different)  # fmt: skip

        for share in self._in_threads(cuts, sort):
            yield 0.25 + 0.5 * share
        self._places, self._to = self._to, self._places
        self._fresh, self._to_fresh = self._to_fresh, self._fresh
        self._slots, self._edges = size, int(counts[self._edge])
        if order == 1:
            words, first = np.arange(self._symbols, dtype=np.int32), np.array([0, self._symbols], np.int32)
            self.raw, self.levels, self.tallies = counts, [Level(words, first, counts)], [tallied(counts)]
            self.distinct = [int(np.count_nonzero(counts[: self._edge]))]
        else:
            yield from self._file(order, different)

    def _cut(self, size: int) -> list[int]:
        """Slots where the threads' parts begin, each with a fresh k-gram, and the end."""
        cuts = [0]
        for thread in range(1, self._threads):
            at = max(cuts[-1], size * thread // self._threads)
            ahead = np.flatnonzero(self._fresh[at : min(size, at + _CHUNK)])
            if len(ahead) and at + ahead[0] > cuts[-1]:
                cuts.append(int(at + ahead[0]))
        return [*cuts, size]

    def _begin_buckets(self, tables: list[np.ndarray]) -> Any:
        """Turn the threads' counts into their first slots in every bucket; returns the counts together."""
        counts = np.stack([table[:, 0] for table in tables]).sum(axis=0, dtype=np.int32)
        slot = np.cumsum(counts, dtype=np.int64) - counts
        for table in tables:
            here = table[:, 0].copy()
            table[:, 0], table[:, 1] = slot, -1
            slot += here
        return counts

    def _file(self, order: int, different: np.ndarray) -> Iterator[float]:
        """Make the level of this order, and give the one above its final counts."""
        above = self.levels[-1]
        edge = self._edge if order > 2 else -1  # the symbol after which nothing follows; alone, it begins a stretch
        cuts = np.empty((2 + self._slots // _CHUNK, 2), np.int64)
        cuts = cuts[: cut_parents(above.counts, above.words, edge, _CHUNK, cuts)]
        yield 0.75
        ends = np.append(cuts[1:], [[len(above.words), self._slots]], axis=0)
        inside = [np.count_nonzero(self._fresh[begin:end]) for begin, end in zip(cuts[:, 1], ends[:, 1])]
        children = np.append(0, np.cumsum(inside))
        first, words, counts = (np.empty(int(n), np.int32) for n in (len(above.words) + 1, children[-1], children[-1]))
        first[-1] = children[-1]
        yield 0.76

        def work(_: int, begin: int, end: int) -> None:
            for i in range(begin, end):
                file_children(self._text, self._places, self._fresh, order, above.counts, above.words, edge,
                              cuts[i, 0], ends[i, 0], cuts[i, 1], children[i], first, words, counts)  # fmt: skip

        parts = [len(cuts) * i // self._threads for i in range(self._threads + 1)]
        for share in self._in_threads(parts, work, chunk=1):
            yield 0.76 + 0.22 * share
        free = self._edge  # from here on n-grams of the order above begin with an edge
        for level in self.levels[1:]:
            free = int(level.first[free])
        if self._different:
            above = above._replace(counts=self._final(above, order - 1, different, free))
            self.tallies[-1] = tallied(above.counts)
            yield 0.98
        self.levels = [*self.levels[:-1], above, Level(words, first, counts)]
        self.tallies = [*self.tallies, tallied(counts)]
        self.distinct = [*self.distinct, int(np.count_nonzero(words[: first[free]] != self._edge))]

    def _final(self, above: Level, order: int, different: np.ndarray, free: int) -> np.ndarray:
        """The counts of the order above by different symbols to the left."""
        if order > 1:
            return np.concatenate([different[:free], above.counts[free:]])
        final = np.zeros_like(above.counts)
        final[self.raw > 0] = different
        return final

    def _in_threads(
        self, cuts: list[int], work: Callable[[int, int, int], None], chunk: int = _CHUNK
    ) -> Iterator[float]:
        """Run work(part, begin, end) over every part, chunk by chunk, the parts side by side; yields the share done."""
        longest = max(end - begin for begin, end in zip(cuts, cuts[1:]))
        for done in range(0, longest, chunk):
            spans = [(part, begin + done, min(end, begin + done + chunk))
                     for part, (begin, end) in enumerate(zip(cuts, cuts[1:])) if begin + done < end]  # fmt: skip
            for future in [self._pool.submit(work, *span) for span in spans]:
                future.result()
            yield min(1.0, (done + chunk) / longest)
