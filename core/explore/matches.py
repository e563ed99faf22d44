"""Where a query is found in a corpus: tokens for a query of words, characters of documents for one of the raw text."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from core.corpus import Corpus
from core.explore import raw_text
from core.explore.query import Pattern, Query, parse


class Hits:
    """n matches in the order of the text.

    first: int64 (n,), the first token that begins within the match; lengths: int64 (n,), how many do.
    documents: int64 (n,). characters: int64 (n, 2), begin and end in the document, of a search in the raw text; for
    one of words None: they are the words' own.
    """

    def __init__(
        self,
        corpus: Corpus,
        first: np.ndarray,
        lengths: np.ndarray,
        documents: np.ndarray | None = None,
        characters: np.ndarray | None = None,
    ):
        self.corpus, self.first, self.lengths, self.characters = corpus, first, lengths, characters
        if documents is not None:
            self.documents = documents

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def documents(self) -> np.ndarray:
        return self.corpus.document_of(self.first)

    @property
    def after(self) -> np.ndarray:
        """int64 (n,): the first token that begins after the match."""
        return self.first + self.lengths

    def documents_total(self) -> int:
        """How many documents have a match."""
        if self.characters is None and len(self) > len(self.corpus.offsets):
            before = np.searchsorted(self.first, self.corpus.offsets)
            return int(np.count_nonzero(np.diff(before)))
        return int(np.count_nonzero(np.diff(self.documents, prepend=-1)))

    def chosen(self, which: np.ndarray) -> "Hits":
        """Some of the matches: a mask or their places."""
        characters = None if self.characters is None else self.characters[which]
        return Hits(self.corpus, self.first[which], self.lengths[which], self.documents[which], characters)


def positions(
    corpus: Corpus, query: str | Query, within: Sequence[int] | np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(positions, lengths), int64 (n,) each: the token where each match begins, ascending, and how many it takes up.

    query: as a person types it (words), or from `parse`. within: documents to look in. Words below min_count are found
    too. A match in the raw text takes up every token that it shares a character with, or else the one before it.
    """
    hits = find(corpus, query, within)
    if hits.characters is None:
        return hits.first, hits.lengths
    offsets = corpus.offsets
    hits = hits.chosen(offsets[hits.documents + 1] > offsets[hits.documents])
    low = offsets[hits.documents]
    assert hits.characters is not None
    exact = hits.first < offsets[hits.documents + 1]
    exact[exact] = corpus.starts[hits.first[exact]] == hits.characters[exact, 0]
    first = np.where(exact, hits.first, np.maximum(hits.first - 1, low))
    return first, np.maximum(hits.after - first, 1)


def find(corpus: Corpus, query: str | Query, within: Sequence[int] | np.ndarray | None = None) -> Hits:
    """All matches of a query. Raises Problem as `parse` does."""
    query = parse(corpus, query) if isinstance(query, str) else query
    hits = _in_text(corpus, query) if query.mode == "text" else _in_words(corpus, query)
    if within is None:
        return hits
    inside = np.zeros(len(corpus.documents), bool)
    inside[np.asarray(within, np.int64)] = True
    return hits.chosen(inside[hits.documents])


def _in_words(corpus: Corpus, query: Query) -> Hits:
    first = _places(corpus, query.patterns[0])
    lengths = np.broadcast_to(np.int64(len(query.patterns[0])), len(first))
    if len(query.patterns) > 1:
        several = [first, *(_places(corpus, pattern) for pattern in query.patterns[1:])]
        every = np.concatenate([np.full(len(some), len(p)) for some, p in zip(several, query.patterns)])
        first = np.concatenate(several)
        order = np.lexsort((-every, first))  # of two matches at one place the longer
        order = order[np.diff(first[order], prepend=-1) > 0]
        first, lengths = first[order], every[order]
    return Hits(corpus, first, lengths)


def _places(corpus: Corpus, pattern: Pattern) -> np.ndarray:
    """int64: where a pattern begins, ascending. The rarest of its words is looked up, the others are compared."""
    index, tokens = corpus.index, np.asarray(corpus.tokens)
    sizes = {i: int(index.counts[slot].sum()) for i, slot in enumerate(pattern) if slot is not None}
    rarest, *others = sorted(sizes, key=sizes.__getitem__)
    found = _of_types(corpus, pattern[rarest]) - rarest
    if len(pattern) == 1:
        return found
    found = found[(found >= 0) & (found + len(pattern) <= len(tokens))]
    for place in others:
        found = found[_fits(tokens.take(found + place), pattern[place], len(index))]
    same: np.ndarray = corpus.document_of(found) == corpus.document_of(found + len(pattern) - 1)
    return found[same]


def _of_types(corpus: Corpus, slot: np.ndarray | None) -> np.ndarray:
    assert slot is not None
    if len(slot) == 1:
        return corpus.index.positions(int(slot[0])).astype(np.int64)
    found = np.concatenate([corpus.index.positions(word) for word in slot.tolist()])
    found.sort()
    return found.astype(np.int64)


def _fits(tokens: np.ndarray, slot: np.ndarray | None, types: int) -> np.ndarray:
    assert slot is not None
    if len(slot) == 1:
        return np.asarray(tokens == slot[0])
    known = np.zeros(types, bool)
    known[slot] = True
    return known.take(tokens)


def _in_text(corpus: Corpus, query: Query) -> Hits:
    places = raw_text.places(corpus, query)
    documents = np.searchsorted(corpus.documents.bounds, places[:, 0], "right") - 1
    before = corpus.documents.characters_before(np.asarray(corpus.documents.bounds)[documents])
    characters = np.stack([corpus.documents.characters_before(side) - before for side in places.T], axis=1)
    first, after = (tokens_before(corpus, documents, side) for side in characters.T)
    return Hits(corpus, first, after - first, documents, characters)


def tokens_before(corpus: Corpus, documents: np.ndarray, characters: np.ndarray) -> np.ndarray:
    """int64 (n,): the first token of each document that begins at or after a character of it, or the document's end.

    A binary search in all documents at once.
    """
    low, high = corpus.offsets[documents].astype(np.int64), corpus.offsets[documents + 1].astype(np.int64)
    starts = np.asarray(corpus.starts)
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) // 2
        below = starts.take(middle) < characters[open_]
        low[open_] = np.where(below, middle + 1, low[open_])
        high[open_] = np.where(below, high[open_], middle)
    return low
