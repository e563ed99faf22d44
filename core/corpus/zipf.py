"""How often words occur: the rank-frequency curve of G. K. Zipf (1935), and the most frequent words."""

import numpy as np

from core.corpus.vocab import Vocab


def rank_frequency(counts: np.ndarray, points: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """(ranks from 1, counts), int64, at most `points` of them, evenly spaced on a logarithmic scale of ranks.

    counts: of all types, most frequent first (`np.load(corpus.folder / "counts.npy")`, or `vocab.counts`).
    """
    if not len(counts):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    ranks = np.unique(np.geomspace(1, len(counts), points).round().astype(np.int64))
    return ranks, np.asarray(counts, np.int64)[ranks - 1]


def most_frequent(vocab: Vocab, k: int = 20) -> list[tuple[str, int, float]]:
    """The k most frequent words: (word, count, share of all tokens)."""
    return [(word, int(count), int(count) / vocab.tokens) for word, count in zip(vocab.words[:k], vocab.counts)]


def out_of_vocabulary(vocab: Vocab) -> float:
    """The share of all tokens that are words below min_count."""
    return 1 - int(vocab.counts.sum()) / vocab.tokens if vocab.tokens else 0.0
