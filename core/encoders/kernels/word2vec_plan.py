"""What the options of word2vec come to on a vocabulary, before anything is compiled: which words are kept, how many
negatives a block shares, how large a step may be, how long it will take, and what cannot be."""

import math
from typing import Any

import numpy as np

from core.problem import Problem

MOST_FULL = 20_000  # words of a full softmax, of which a core then reads some 6,000 a second
_SWING = 2.0  # see step


def check_vocabulary(options: Any, words: int) -> None:
    """Raises Problem for a vocabulary with nothing to guess, or too much of it."""
    if words < 2:
        raise Problem("The vocabulary holds one word; word2vec needs two: lower the min count or take more text.")
    if options.output == "full" and words > MOST_FULL:
        raise Problem(
            "A full softmax scores every word at each guess, and is for vocabularies of up to {most} words; this one "
            "has {words}: choose negative sampling or hierarchical softmax, or raise the min count.",
            most=MOST_FULL,
            words=words,
        )


def output_rows(options: Any, words: int) -> int:
    """How many vectors a guess is scored with: one a word, or one an inner node of the tree."""
    return words - 1 if options.output == "hierarchical" else words


def check_state(state: dict[str, np.ndarray], options: Any, words: int) -> None:
    """Raises Problem if a state is of another vocabulary, number of dimensions, output, or parts of words."""
    shape = words, options.dim
    if state["input"].shape != shape:
        raise Problem(
            "This run holds {words} words in {dim} dimensions and cannot go on with {V} in {asked}.",
            **dict(zip(("words", "dim"), state["input"].shape)),
            **dict(zip(("V", "asked"), shape)),
        )
    rows, parts = len(state.get("output", ())) or output_rows(options, words), len(state.get("ngrams", ()))
    if (rows, parts) != (output_rows(options, words), options.buckets if options.subwords else 0):
        raise Problem("This run was trained with another output or other parts of words: start a new one.")


def keep(counts: np.ndarray, sample: float) -> np.ndarray:
    """uint32 (V,): how often a word is kept, of 2**32 - 1 times; (sqrt(f / sample) + 1) sample / f, f its share."""
    if not sample:
        return np.full(len(counts), 0xFFFFFFFF, np.uint32)
    ratio = sample * counts.sum() / counts
    return (np.minimum(np.sqrt(ratio) + ratio, 1.0) * 0xFFFFFFFF).astype(np.uint32)


def kept_counts(counts: np.ndarray, sample: float) -> np.ndarray:
    """float64 (V,): how often each word is expected to be kept."""
    return counts * (keep(counts, sample) / 0xFFFFFFFF)


def entropy(weights: np.ndarray) -> float:
    """Nats, of guessing words that occur in proportion to these by how frequent they are."""
    share = weights[weights > 0] / weights.sum()
    return float(-(share * np.log(share)).sum())


def shared(options: Any) -> int:
    """How many negatives a block shares: a word meets as many as in the papers, in CBOW thrice as many."""
    met = (options.window + 1) * options.negative if options.architecture == "skip-gram" else 3 * options.negative
    return max(16, min(256, -(-met // 4) * 4))


def step(options: Any, counts: np.ndarray) -> int:
    """How many inputs of a block, at most 32, are learned from at once.

    Their gradients are taken at the same vectors, so the sum that falls upon one vector must stay small, or it swings
    ever wider: that of the most frequent word of a small vocabulary, or of any negative at a high rate.
    """
    kept, noise, drawn = kept_counts(counts, options.sample), counts**0.75, 0.0
    often = kept.max() / kept.sum()
    if options.output == "negative":
        often = (1 + options.negative) * max(often, noise.max() / noise.sum())
        drawn = options.negative / shared(options) if options.architecture == "skip-gram" else 0
    return int(max(1, min(32, _SWING / (options.lr * (options.window + 1) * max(often, drawn)))))


def turns(counts: np.ndarray, kept: np.ndarray) -> float:
    """About how many turns the path of a kept word has: a word with a share f has some -log2 f."""
    return float(1 + (kept * np.log2(counts.sum() / counts)).sum() / kept.sum())


def seconds(options: Any, counts: np.ndarray) -> float:
    """For one kept word on one thread; fitted to timings on a server core with AVX-512."""
    vectors, reach, skip_gram = width(options.dim) / 16, 2 * options.window + 4, options.architecture == "skip-gram"
    if options.output == "hierarchical":
        length = turns(counts, kept_counts(counts, options.sample))
        turn, product = (20, options.window + 2) if skip_gram else (12, 2.85)
        return 1e-9 * (80 + length * (turn + vectors * product))
    nanoseconds = 85 * vectors if options.subwords else 0.0
    if options.output == "full":
        nanoseconds += 60 + 1.1 * vectors * len(counts)
    elif skip_gram:
        nanoseconds += 52 + vectors * (0.86 * shared(options) + 1.27 * reach) + 0.7 * shared(options)
    else:
        nanoseconds += 45 + vectors * (0.9 * shared(options) + 0.5 * reach + 15)
    return nanoseconds * 1e-9 * 32 / step(options, counts)


def memory(options: Any, words: int) -> int:
    """Bytes: both matrices, one copy of them for saving, and the tables."""
    inputs = words + (options.buckets if options.subwords else 0)
    numbers = (inputs + output_rows(options, words)) * (width(options.dim) + options.dim) + 3 * words
    if options.subwords:
        numbers += words * (25 + width(options.dim))  # the parts of words, and the vectors composed of them
    if options.output == "hierarchical":
        numbers += round(words * math.log2(words) * (3.5 + options.threads))  # the paths, and each thread's own
    if options.output == "full":
        numbers += 32 * words * options.threads
    return 4 * numbers


def width(dim: int) -> int:
    """The numbers of a row in the kernels: dim filled up to whole vectors."""
    return -(-dim // 16) * 16
