"""The one held-out split: blocks of text chosen by a fixed hash of their place, the same for every encoder."""

import numpy as np

from core.problem import Problem

_LONGEST, _SHORTEST = 2000, 10  # tokens of a block


def split(offsets: np.ndarray, sentences: np.ndarray, held_out: float) -> tuple[np.ndarray, np.ndarray]:
    """Token ranges (train, held), int64 (k, 2) each, in order, none across two documents.

    A block is a document, or a part of one that begins with a sentence where there is one. Blocks are taken in the
    order of their hash until `held_out` of the tokens are held; the blocks of a small corpus are smaller, so that
    the share is kept.
    """
    if not 0 <= held_out <= 0.5:
        raise Problem("The held-out share must be from 0 to 0.5; it was {given}.", given=held_out)
    tokens = int(offsets[-1])
    size = int(np.clip(tokens * held_out / 4, _SHORTEST, _LONGEST))
    blocks, document = _blocks(offsets, sentences, size)
    lengths = blocks[:, 1] - blocks[:, 0]
    order = np.argsort(_hash(np.arange(len(blocks), dtype=np.uint64)), kind="stable")
    before = np.cumsum(lengths[order]) - lengths[order]
    held = np.zeros(len(blocks), bool)
    held[order[:-1]] = before[:-1] < tokens * held_out
    return _joined(blocks[~held], document[~held]), _joined(blocks[held], document[held])


def _blocks(offsets: np.ndarray, sentences: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Ranges of at most about 1.5 size tokens, and the document of each."""
    offsets, starts = np.asarray(offsets), []
    for document in np.flatnonzero(np.diff(offsets) > 1.5 * size):
        starts.append(_cuts(int(offsets[document]), int(offsets[document + 1]), sentences, size))
    edges = np.unique(np.concatenate([offsets, *starts]))
    blocks = np.stack([edges[:-1], edges[1:]], 1).astype(np.int64)
    return blocks, np.searchsorted(offsets, blocks[:, 0], "right") - 1


def _cuts(first: int, last: int, sentences: np.ndarray, size: int) -> np.ndarray:
    """Where to cut one long document: at the sentence nearest to every size-th token, else at that token."""
    targets = np.arange(first + size, last - size // 2, size)
    if not len(targets):
        return targets
    after = np.minimum(np.searchsorted(sentences, targets), len(sentences) - 1)
    choices = np.stack([sentences[np.maximum(after - 1, 0)], sentences[after]])
    nearest = choices[np.argmin(np.abs(choices - targets), 0), np.arange(len(targets))]
    return np.where(np.abs(nearest - targets) <= size // 4, nearest, targets)


def _hash(index: np.ndarray) -> np.ndarray:
    """splitmix64: a fixed, well mixed uint64 of each block's index."""
    with np.errstate(over="ignore"):
        z = (index + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _joined(blocks: np.ndarray, document: np.ndarray) -> np.ndarray:
    """Neighbouring ranges of one document as one."""
    if len(blocks) < 2:
        return blocks.reshape(-1, 2)
    apart = (blocks[1:, 0] != blocks[:-1, 1]) | (document[1:] != document[:-1])
    first, last = np.append(True, apart), np.append(apart, True)
    return np.stack([blocks[first, 0], blocks[last, 1]], 1)
