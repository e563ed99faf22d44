"""The vector of each occurrence in every layer of an encoder, each different window read once, short ones first."""

from collections.abc import Generator, Sequence

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.encoders.base import ContextVectors, WordVectors
from core.problem import Problem

Vectors = tuple[np.ndarray, np.ndarray, np.ndarray]


def tokens_at(vocab: Vocab, sentence: str, first: int, last: int) -> tuple[tuple[str, ...], list[int]]:
    """The sentence as the run cuts it, and which of its tokens share a character with first..last."""
    spans = vocab.spans(sentence)
    ends = [*(place for _, place in spans[1:]), len(sentence)]
    inside = [
        i
        for i, ((word, place), end) in enumerate(zip(spans, ends))
        if place < last and min(end, place + max(1, len(word.removeprefix("##")))) > first
    ]
    return tuple(word for word, _ in spans), inside


def parts(vocab: Vocab, sentence: str, places: Sequence[int], other: Vocab) -> list[tuple[str, list[int]]]:
    """A sentence in the words of another vocabulary's tokenisation: of each its text and the run's tokens in it. The
    tokens at `places` are a part of their own, and so is each between two words, a mark for example."""
    spans, words = vocab.spans(sentence), other.spans(sentence)
    over = np.searchsorted(np.array([place for _, place in words]), [place for _, place in spans], "right") - 1
    found: dict[tuple[int, int], list[int]] = {}
    for i, ((token, place), word) in enumerate(zip(spans, over.tolist())):
        inside = word >= 0 and (place < words[word][1] + len(words[word][0]) or not token.strip())
        found.setdefault((-1, -1) if i in places else (word, -1 if inside else i), []).append(i)
    ends = [place + len(token.removeprefix("##")) for token, place in spans]
    return [(sentence[spans[each[0]][1] : ends[each[-1]]], each) for each in found.values()]


def occurrence_vectors(encoder: ContextVectors, vocab: Vocab, frame: pd.DataFrame) -> Generator[float, None, Vectors]:
    """Yields the share done; returns float32 (n, L + 1, d); bool (n,), whether the run has a token there; and bool
    (n,), whether that is a word it never learned, of which it sees the context alone.

    frame: with sentence, first, last (see `core.explore.senses`). A string of several tokens has their mean.
    """
    asked: dict[tuple[tuple[str, ...], int], int] = {}
    uses: list[list[int]] = []
    unread = np.zeros(len(frame), bool)
    for i, (sentence, first, last) in enumerate(frame[["sentence", "first", "last"]].itertuples(index=False)):
        words, places = tokens_at(vocab, sentence, first, last)
        unread[i] = bool(places) and all(vocab.get(words[place]) is None for place in places)
        uses.append([asked.setdefault((words, place), len(asked)) for place in places])
    known = np.array([bool(each) for each in uses])
    if not known.any():
        raise Problem("This run has no token in any of these places: choose another run or another word.")
    windows = list(asked)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i][0]))
    found = yield from encoder.occurrence_vectors(
        [windows[i][0] for i in order], [windows[i][1] for i in order]
    )  # fmt: skip
    rows = np.empty_like(found)
    rows[order] = found
    vectors = np.zeros((len(uses), *found.shape[1:]), np.float32)
    for i, several in enumerate(uses):
        if several:
            vectors[i] = rows[several].mean(axis=0)
    return vectors, known, unread


def static_vectors(encoder: WordVectors, vocab: Vocab, frame: pd.DataFrame) -> Vectors:
    """The same of a run that has one vector a word, in one layer: (n, 1, d). Known is False for unknown words."""
    table = np.asarray(encoder.word_vectors(), np.float32)
    vectors, known = np.zeros((len(frame), 1, table.shape[1]), np.float32), np.zeros(len(frame), bool)
    ids: dict[str, list[int]] = {}
    for i, (sentence, first, last, form) in enumerate(
        frame[["sentence", "first", "last", "form"]].itertuples(index=False)
    ):
        if form not in ids:
            own = vocab.get(form)
            ids[form] = [own] if own is not None else _ids(vocab, vocab.tokenize(form))
        rows = ids[form] or _ids(vocab, _covering(vocab, sentence, first, last))
        if rows:
            vectors[i, 0], known[i] = table[rows].mean(axis=0), True
    if not known.any():
        form = str(frame["form"].iloc[0])
        raise Problem("{word} is not among the words of this run: choose another run or another word.", word=form[:80])
    return vectors, known, ~known


def _covering(vocab: Vocab, sentence: str, first: int, last: int) -> list[str]:
    words, places = tokens_at(vocab, sentence, first, last)
    return [words[place] for place in places]


def _ids(vocab: Vocab, words: Sequence[str]) -> list[int]:
    found = [vocab.get(word) for word in words]
    return [word for word in found if word is not None] if None not in found else []
