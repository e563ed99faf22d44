"""From words to the pieces that a network sees, and from what it says of pieces back to words.

A word that the vocabulary does not hold whole is cut into its pieces. The vector of a word is the mean over its pieces;
its attention the mean over those that look and the sum over those that are looked at (Clark, Khandelwal, Levy and
Manning 2019, What does BERT look at?, section 4.1). Special symbols are left out, and the rows sum to 1 again.

Shapes: P pieces, T words, L layers, H heads, D width.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from core.corpus import Vocab
from core.corpus.tokenizers import CONTINUES


def cut(vocab: Vocab, words: Sequence[str], most: int) -> list[np.ndarray]:
    """int64 (p,) of each word: the ids of its pieces, `most` of a very long one; V for what the vocabulary lacks."""
    return [_pieces(vocab, word)[:most] for word in words]


def _pieces(vocab: Vocab, word: str) -> np.ndarray:
    known = vocab.get(word)
    if known is not None or vocab.tokenizer != "pieces":
        return np.array([len(vocab) if known is None else known], np.int64)
    ids = vocab.encode(vocab.tokenize(word)).astype(np.int64)
    return ids if len(ids) else np.array([len(vocab)], np.int64)


def words_of(vocab: Vocab, text: str) -> list[list[str]]:
    """The words of a text, each as its pieces."""
    tokens = vocab.tokenize(text)
    found: list[list[str]] = []
    for token, begins in zip(tokens, vocab.word_starts(tokens)):
        if begins or not found:
            found.append([])
        found[-1].append(token)
    return found


def joined(word: list[str]) -> str:
    """A word out of its pieces."""
    return word[0] + "".join(piece.removeprefix(CONTINUES) for piece in word[1:])


def windows(lengths: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Words first to last of each window: as many as have no more than `room` pieces together."""
    first, used = 0, 0
    for place, length in enumerate(lengths):
        if used + length > room and place > first:
            yield first, place
            first, used = place, 0
        used += length
    yield first, len(lengths)


def around(lengths: Sequence[int], place: int, room: int, ahead: bool) -> tuple[int, int]:
    """Words first to last around a word, of no more than `room` pieces: those before it, and with `ahead` behind it.

    Of two sides that are both too long, each gets about half.
    """
    first, last, used = place, place + 1, lengths[place]
    while True:
        before = first > 0 and used + lengths[first - 1] <= room
        behind = ahead and last < len(lengths) and used + lengths[last] <= room
        if not before and not behind:
            return first, last
        if before and (not behind or place - first <= last - 1 - place):
            first -= 1
            used += lengths[first]
        else:
            used += lengths[last]
            last += 1


def spread(spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Pieces first to last of n words as places int64 (n, P) of the longest, and what share of its word each one has,
    float32 (n, P); a shorter word has its first piece again, with no share."""
    first, last = np.array(spans).T[:, :, None]
    places = first + np.arange((last - first).max())
    inside = places < last
    return np.where(inside, places, first), (inside / inside.sum(1, keepdims=True)).astype(np.float32)


def of_words(vectors: np.ndarray, word: np.ndarray, count: int) -> np.ndarray:
    """(..., P, D) -> (..., T, D): the mean over the pieces of each word; word int64 (P,): whose a piece is, or -1."""
    share = _membership(word, count)
    return (share / share.sum(1, keepdims=True) @ vectors).astype(np.float32)


def between_words(attention: np.ndarray, word: np.ndarray, count: int) -> np.ndarray:
    """(..., P, P) -> (..., T, T), rows sum to 1; a word that looks at special symbols alone looks at itself."""
    share = _membership(word, count)
    found = (share / share.sum(1, keepdims=True)) @ attention @ share.T
    total = found.sum(-1, keepdims=True)
    return np.where(total > 1e-9, found / np.maximum(total, 1e-9), np.eye(count)).astype(np.float32)


def _membership(word: np.ndarray, count: int) -> np.ndarray:
    """float32 (T, P): 1 where a piece is a word's."""
    return (np.arange(count)[:, None] == word).astype(np.float32)
