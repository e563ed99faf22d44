"""The Huffman tree of a vocabulary, whose leaves are words and whose inner nodes are turns to the left or the right.

Huffman (1952), A method for the construction of minimum-redundancy codes: the two rarest nodes are joined until one is
left, so a frequent word is few turns from the root. Ties fall as in the authors' program: of two equally rare nodes a
joined one comes before a word, and an older one before a newer one.
"""

from functools import cached_property
from typing import Any

import numpy as np

_BESIDE = 4  # words that are named of what hangs beside a path


class Huffman:
    """The tree of words with these counts, int (V,), the largest first.

    Inner nodes are numbered from the root, 0, to the one that was joined first, V - 2. The path of word i takes
    nodes[starts[i] : starts[i + 1]] from the root on, at each of which it turns as codes says: to 0 or to 1.
    """

    starts: np.ndarray  # int64 (V + 1,)
    nodes: np.ndarray  # int32 (turns of all words,)
    codes: np.ndarray  # int8, likewise
    children: np.ndarray  # int32 (V - 1, 2): of each inner node; a word i is written -1 - i
    counts: np.ndarray  # int64 (V - 1,): of all words below each inner node

    def __init__(self, counts: np.ndarray):
        self.words = np.asarray(counts, np.int64)
        joined, children = _joined(self.words.tolist())
        size = len(joined)
        self.counts = np.array(joined[::-1], np.int64)
        self.children = np.array(children[::-1], np.int32).reshape(size, 2)
        self.starts, self.nodes, self.codes = _paths(self.children, len(self.words))

    @cached_property
    def lengths(self) -> np.ndarray:
        """int64 (V,): the turns from the root to each word."""
        return np.diff(self.starts)

    def turns(self, word: int) -> tuple[np.ndarray, np.ndarray]:
        """(nodes, codes) of a word's path, from the root on."""
        path = slice(self.starts[word], self.starts[word + 1])
        return self.nodes[path], self.codes[path]

    def padded(self, multiple: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(starts (V,), nodes, labels) for the kernels: each path repeats its last node until its length is a multiple;
        labels float32 are 1 where it turns to 0, else 0."""
        room = -(-self.lengths // multiple) * multiple
        starts = np.cumsum(room) - room
        place = np.repeat(self.starts[:-1], room) + np.minimum(
            np.arange(room.sum()) - np.repeat(starts, room), np.repeat(self.lengths - 1, room)
        )
        return starts, self.nodes[place], (1 - self.codes[place]).astype(np.float32)

    def below(self, node: int, most: int) -> list[int]:
        """The most frequent words below a node, at most so many; a word is written -1 - i, and is below itself."""
        open_: list[int] = [node]
        found: list[int] = []
        while open_ and len(found) < most:
            open_.sort(key=self._weight)
            here = open_.pop()
            if here < 0:
                found.append(-1 - here)
            else:
                open_ += self.children[here].tolist()
        return found

    @cached_property
    def sizes(self) -> np.ndarray:
        """int64 (V - 1,): how many words hang below each inner node."""
        sizes = [0] * len(self.children)
        for node in range(len(sizes) - 1, -1, -1):
            sizes[node] = sum(1 if child < 0 else sizes[child] for child in self.children[node].tolist())
        return np.array(sizes)

    def described(self, word: int) -> dict[str, Any]:
        """A word's path and what hangs beside it: see `core.encoders.base.Paths`."""
        nodes, codes = self.turns(word)
        taken, passed = self.children[nodes, codes], self.children[nodes, 1 - codes]
        beside = np.full((len(nodes), _BESIDE), -1, np.int32)
        for row, node in enumerate(passed.tolist()):
            found = self.below(node, _BESIDE)
            beside[row, : len(found)] = found
        counts, kept = self.counts[nodes], np.array([self._weight(node) for node in taken.tolist()])
        hanging = np.where(passed < 0, 1, self.sizes[np.maximum(passed, 0)])
        return {"codes": codes, "nodes": nodes, "counts": counts, "shares": (kept / counts).astype(np.float32),
                "beside": beside, "hanging": hanging}  # fmt: skip

    def _weight(self, node: int) -> int:
        return int(self.words[-1 - node] if node < 0 else self.counts[node])


def _joined(counts: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """(counts, children) of the inner nodes in the order of joining, the root last; a child joined nth is V - 2 - n.

    Words are taken from the end, joined nodes from the beginning: both then come in rising order of their counts.
    """
    joined: list[int] = []
    children: list[tuple[int, int]] = []
    word, node, last = len(counts) - 1, 0, len(counts) - 2
    for _ in range(len(counts) - 1):
        pair, total = [], 0
        for _side in range(2):
            if word >= 0 and (node == len(joined) or counts[word] < joined[node]):
                pair.append(-1 - word)
                total += counts[word]
                word -= 1
            else:
                pair.append(last - node)
                total += joined[node]
                node += 1
        joined.append(total)
        children.append((pair[0], pair[1]))
    return joined, children


def _paths(children: np.ndarray, words: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(starts, nodes, codes) of the class: all words climb to the root at once, their paths filled from the end."""
    flat, size = children.ravel(), len(children)
    parents, sides = np.full(size + words, -1, np.int32), np.zeros(size + words, np.int8)  # of nodes, then of words
    place = np.where(flat < 0, size - 1 - flat, flat)
    parents[place], sides[place] = np.arange(2 * size) // 2, np.arange(2 * size) % 2
    here: np.ndarray = np.arange(size, size + words)
    climbing, steps = np.arange(words), []
    lengths = np.zeros(words, np.int64)
    while len(climbing):
        steps.append((climbing, parents[here], sides[here]))
        lengths[climbing] += 1
        here = parents[here]
        below = here > 0
        here, climbing = here[below], climbing[below]
    starts = np.append(0, np.cumsum(lengths))
    nodes, codes = np.zeros(starts[-1], np.int32), np.zeros(starts[-1], np.int8)
    for turn, (some, above, side) in enumerate(steps):
        place = starts[some + 1] - 1 - turn
        nodes[place], codes[place] = above, side
    return starts, nodes, codes
