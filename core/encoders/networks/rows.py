"""What BERT reads in one step: pairs of segments out of the text, and which of their words are hidden.

Devlin, Chang, Lee and Toutanova (2018), BERT: section 3.1 and appendix A.1. A pair is cut where a sentence begins, so
that the first segment ends with a whole sentence; half of the seconds are in truth from elsewhere. Nothing here needs
more than numpy, and every draw comes from the generator that is given.

Shapes: B rows, T tokens of the longest, R words hidden in a row at most, V words of the vocabulary.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

UNKNOWN, PADDING, BEGIN, END, MASK = range(5)  # ids V + these: the special symbols behind the vocabulary
SPECIALS = ("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class Rows:
    """ids and segments int64 (B, T), lengths int64 (B,): what is behind a row's length is padding.

    To learn from: places int64 (B, 1 + R), first that of [CLS], then those to guess; targets int64 (B, R), the words
    there, -1 for none; follows int64 (B,): 1 where the second segment follows the first, 0 where not, -1: not asked.
    """

    ids: np.ndarray
    segments: np.ndarray
    lengths: np.ndarray
    places: np.ndarray
    targets: np.ndarray
    follows: np.ndarray

    @classmethod
    def looked_at(cls, ids: np.ndarray, segments: np.ndarray, lengths: np.ndarray) -> "Rows":
        """Rows with nothing to guess."""
        none = np.zeros((len(ids), 0), np.int64)
        return cls(ids, segments, lengths, none, none, np.full(len(ids), -1))


@dataclass(frozen=True)
class Spans:
    """Where the segments of each row stand in the text: first and second int64 (B, 2), the second empty if there is
    none; follows as in `Rows`."""

    first: np.ndarray
    second: np.ndarray
    follows: np.ndarray


class Text:
    """Tokens to draw rows from: `ranges` int64 (k, 2) of them in order, none across two documents.

    tokens int (n,), every word outside the vocabulary as V; pairs: the places where a sentence begins behind another
    one of its range; sentences: all places in the ranges where a sentence or a range begins.
    """

    def __init__(self, tokens: np.ndarray, ranges: np.ndarray, sentences: np.ndarray, offsets: np.ndarray):
        self.tokens, self.ranges = tokens, np.asarray(ranges, np.int64)
        place = np.searchsorted(self.ranges[:, 0], sentences, "right") - 1
        inside = (place >= 0) & (sentences < self.ranges[np.maximum(place, 0), 1])
        self.pairs = np.asarray(sentences[inside & (sentences > self.ranges[np.maximum(place, 0), 0])], np.int64)
        self.sentences = np.union1d(self.pairs, self.ranges[:, 0])
        self._offsets, self._ends = offsets, np.cumsum(self.ranges[:, 1] - self.ranges[:, 0])

    def range_of(self, places: np.ndarray) -> np.ndarray:
        """int64 (n, 2): the range that each place is in."""
        found: np.ndarray = self.ranges[np.searchsorted(self.ranges[:, 0], places, "right") - 1]
        return found

    def windows(self, draw: np.random.Generator, count: int, room: int) -> Spans:
        """`count` single segments of up to `room` tokens, each from one range, longer ranges more often."""
        at = draw.integers(0, self._ends[-1], count)
        place = np.searchsorted(self._ends, at, "right")
        first, last = self.ranges[place].T
        begin = np.clip(first + at - (self._ends[place] - (last - first)), first, np.maximum(first, last - room))
        spans = np.stack([begin, np.minimum(begin + room, last)], 1)
        return Spans(spans, np.zeros_like(spans), np.full(count, -1))

    def pairs_of(self, draw: np.random.Generator, count: int, room: int) -> Spans:
        """`count` pairs of up to `room` tokens together; half of the seconds, by lot, begin elsewhere.

        Elsewhere: in another document if there is one, else where any other sentence begins.
        """
        cut = self.pairs[draw.integers(0, len(self.pairs), count)]
        follows = draw.integers(0, 2, count)
        begins = np.where(follows == 1, cut, self._elsewhere(draw, cut))
        lengths = draw.integers(1, max(2, room), count)  # of the first, as far as there is text
        begin = np.maximum(self.range_of(cut - 1)[:, 0], cut - lengths)
        after = self.sentences[np.searchsorted(self.sentences, begin)]
        begin = np.where(after < cut, after, begin)
        second = np.stack([begins, np.minimum(begins + room - (cut - begin), self.range_of(begins)[:, 1])], 1)
        return Spans(np.stack([begin, cut], 1), second, follows)

    def _elsewhere(self, draw: np.random.Generator, cut: np.ndarray) -> np.ndarray:
        """Where a sentence begins in another document than each of these places (of one document: another sentence)."""
        found, home = self.sentences[draw.integers(0, len(self.sentences), len(cut))], self._document(cut)
        several = self._document(self.sentences[:1]) != self._document(self.sentences[-1:])
        for _ in range(64):
            wrong = (self._document(found) == home) if several else (found == cut)
            if not wrong.any():
                break
            found[wrong] = self.sentences[draw.integers(0, len(self.sentences), int(wrong.sum()))]
        return found

    def _document(self, places: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._offsets, places, "right")


def laid(tokens: np.ndarray, spans: Spans, words: int) -> tuple[Rows, np.ndarray]:
    """Rows with nothing to guess, [CLS] first [SEP] second [SEP] or [CLS] first [SEP], and the token of the text that
    stands in each place, int64 (B, T), -1 where a special symbol does."""
    pair = bool(spans.follows[0] >= 0)
    middles = 1 + spans.first[:, 1] - spans.first[:, 0]
    lengths = middles + 1 + (spans.second[:, 1] - spans.second[:, 0] + 1 if pair else 0)
    source = np.full((len(lengths), int(lengths.max())), -1, np.int64)
    ids, segments = np.full_like(source, words + PADDING), np.zeros_like(source)
    for row, (first, second, middle, length) in enumerate(zip(spans.first, spans.second, middles, lengths)):
        source[row, 1:middle] = np.arange(*first)
        if pair:
            source[row, middle + 1 : length - 1] = np.arange(*second)
            segments[row, middle + 1 : length] = 1
        ids[row, [0, middle, length - 1]] = words + BEGIN, words + END, words + END
    ids[source >= 0] = tokens[source[source >= 0]]
    return Rows.looked_at(ids, segments, lengths), source


def hidden(rows: Rows, groups: np.ndarray | None, draw: np.random.Generator, words: int, options: Any) -> Rows:
    """The rows with words hidden by the 80/10/10 rule, its shares taken from options.

    options: `chosen`, the share of the words that are to be guessed; of those, `masked` become [MASK] and `replaced`
    another word. groups int64 (B, T): tokens of one number are chosen together; None: each for itself.
    """
    order, counts = _order(rows.ids < words, groups, draw, options.chosen)
    most = int(counts.max(initial=1))
    places, real = order[:, :most], np.arange(most) < counts[:, None]
    targets = np.where(real, np.take_along_axis(rows.ids, places, 1), -1)
    lot, other = draw.random(places.shape), draw.integers(0, words, places.shape)
    shown = np.where(lot < options.masked + options.replaced, other, targets)
    shown = np.where(lot < options.masked, words + MASK, shown)
    ids, row = rows.ids.copy(), np.arange(len(places))[:, None] + np.zeros_like(places)
    ids[row[real], places[real]] = shown[real]
    places = np.concatenate([np.zeros((len(ids), 1), np.int64), np.where(real, places, 0)], 1)
    return replace(rows, ids=ids, places=places, targets=targets)


def _order(
    known: np.ndarray, groups: np.ndarray | None, draw: np.random.Generator, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens in the order of their choice (B, T), and how many of each row are chosen (B,): at least one known token.

    Of groups only whole ones are chosen: those that fit into the share, the first in any case.
    """
    lot = draw.random(known.shape)
    if groups is not None:
        lot = np.take_along_axis(lot, groups, 1)
    lot = np.where(known, lot, 2.0)
    order, total = np.argsort(lot, axis=1, kind="stable"), known.sum(1)
    counts = np.minimum(np.maximum(1, np.rint(share * total)).astype(np.int64), total)
    if groups is None:
        return order, counts
    sorted_lot = np.take_along_axis(lot, order, 1)
    for row, count in enumerate(counts):
        edges = np.flatnonzero(np.diff(sorted_lot[row, : total[row]], append=3.0)) + 1  # where a group ends
        fitting = edges[edges <= count]
        counts[row] = fitting[-1] if len(fitting) else edges[0] if len(edges) else 0
    return order, counts
