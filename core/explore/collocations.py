"""Which words keep company: around one word, and side by side anywhere.

One observation is a pair of tokens that stand within the window of each other, in the same document (or sentence). Of T
such pairs in the corpus, R have the node on one side, C have the word on the other, O have both; E = R C / T is what
chance would give. Scores:

- PMI, log2(O / E) (Church & Hanks 1990, eq. 2): how many times more than chance, in powers of two; high for rare words.
- log-likelihood, 2 sum O_ij ln(O_ij / E_ij) over the four cells (Dunning 1993, section 5): how sure; high for frequent
  words. Negative here where the pair is rarer than chance. 3.84 is the 5 % point of one test, but the pairs of a window
  overlap and many words are tested: read it as an order.
- t, (O - E) / sqrt(O) (Church, Gale, Hanks & Hindle 1991, eq. 4): how sure, gentler to function words.
- logDice, 14 + log2(2 O / (f(node) + f(word))) (Rychlý 2008, section 3): how exclusive, whatever the corpus' size; 14
  when two words only stand together. A wide window may count a word twice for one node, and so pass 14.
"""

from collections.abc import Generator
from typing import Literal

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.overview import CHUNK, chunks, distinct, type_counts, type_words
from core.problem import Problem

Within = Literal["document", "sentence"]
Score = Literal["log_dice", "log_likelihood", "pmi", "t", "count"]
WIDEST = 10  # tokens to each side
KEYS = 1 << 23  # pairs held in memory at once


def scores(both: np.ndarray, first: np.ndarray, second: np.ndarray, total: float) -> dict[str, np.ndarray]:
    """float64 (n,) each: expected, pmi, log_likelihood and t of n pairs; see the top of the file for the formulas.

    both: O, how often the pair occurs, at least 1; first: R, second: C, its sides; total: T.
    """
    observed, rows, columns = (np.asarray(values, np.float64) for values in (both, first, second))
    expected = rows * columns / total
    likelihood = np.zeros_like(expected)
    for cell, row, column in (
        (observed, rows, columns),
        (rows - observed, rows, total - columns),
        (columns - observed, total - rows, columns),
        (total - rows - columns + observed, total - rows, total - columns),
    ):
        filled = cell > 0
        likelihood[filled] += 2 * cell[filled] * np.log(cell[filled] * total / (row * column)[filled])
    return {
        "expected": expected,
        "pmi": np.log2(observed / expected),
        "log_likelihood": np.where(observed < expected, -likelihood, likelihood),
        "t": (observed - expected) / np.sqrt(observed),
    }


def log_dice(both: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (n,): Rychlý's logDice of pairs that occur `both` times, of words that occur first and second times."""
    ends = np.asarray(first, np.float64) + np.asarray(second, np.float64)
    return 14 + np.log2(2 * np.asarray(both, np.float64) / ends)


def collocations(
    corpus: Corpus,
    positions: np.ndarray,
    *,
    length: int | np.ndarray = 1,
    left: int = 5,
    right: int = 5,
    within: Within = "document",
    min_count: int = 2,
    min_frequency: int = 1,
    sort: Score = "log_dice",
    most: int = 1000,
) -> Generator[float, None, pd.DataFrame]:
    """The words that stand up to `left` tokens before or `right` after a node. Yields the share done.

    positions: int64 (n,), the token that each occurrence of the node begins with; length: its tokens, one number or
    (n,). Never across documents, nor with within="sentence" across sentences; left=0, right=1 is the next word only.
    Kept are words that stand there min_count times and occur min_frequency times in the corpus.
    Returns columns word, id, count (left + right), left, right, frequency (in the corpus), expected, pmi,
    log_likelihood, t, log_dice: the `most` best by `sort`. Raises Problem for a window of no or of too many words.
    """
    _check(left, right)
    positions = np.asarray(positions, np.int64)
    lengths = np.broadcast_to(np.asarray(length, np.int64), positions.shape)
    stretches = stretches_of(corpus, within)
    before, after, pairs = np.zeros(corpus.types, np.int64), np.zeros(corpus.types, np.int64), 0
    for begin, part in chunks(positions, CHUNK // 8):
        first, last = part, part + lengths[begin : begin + len(part)] - 1
        place = np.searchsorted(stretches, part, "right")
        low, high = stretches[place - 1], stretches[place]
        for distance in range(1, left + 1):
            near = first[first - distance >= low] - distance
            before += np.bincount(corpus.tokens[near], minlength=corpus.types)
            pairs += len(near)
        for distance in range(1, right + 1):
            near = last[last + distance < high] + distance
            after += np.bincount(corpus.tokens[near], minlength=corpus.types)
            pairs += len(near)
        yield 0.6 * (begin + len(part)) / len(positions)
    counts, both = type_counts(corpus), before + after
    found = np.flatnonzero((both >= max(min_count, 1)) & (counts >= min_frequency))
    sides = yield from _sides(corpus, stretches, left, right)
    values = scores(both[found], np.full(len(found), pairs), sides[found], int(sides.sum()))
    values["log_dice"] = log_dice(both[found], np.full(len(found), len(positions)), counts[found])
    chosen = _best({"count": both[found], **values}[sort], most)
    found, values = found[chosen], {name: column[chosen] for name, column in values.items()}
    columns = {"word": type_words(corpus, found), "id": found, "count": both[found]}
    columns |= {"left": before[found], "right": after[found], "frequency": counts[found]}
    return pd.DataFrame(columns | values)


def _check(left: int, right: int) -> None:
    if not (0 <= left <= WIDEST and 0 <= right <= WIDEST and left + right):
        raise Problem(
            "A window reaches 0 to {widest} words to the left and to the right, and at least 1 in all; not {left} and "
            "{right}.",
            widest=WIDEST,
            left=left,
            right=right,
        )


def _best(values: np.ndarray, most: int) -> np.ndarray:
    """The places of the highest values, the highest first; equal ones in order, so the more frequent word first."""
    return np.argsort(-values, kind="stable")[:most]


def stretches_of(corpus: Corpus, within: Within) -> np.ndarray:
    """int64 (s + 1,): where each document (or sentence) begins, and the end of the last; empty ones are left out."""
    offsets = np.asarray(corpus.offsets)
    if within == "document":
        return distinct(offsets)
    return distinct(np.concatenate([corpus.sentences, offsets]))


def _sides(corpus: Corpus, stretches: np.ndarray, left: int, right: int) -> Generator[float, None, np.ndarray]:
    """C, int64 (types,): in how many pairs each type is the neighbour: of each of its tokens, the tokens that have it
    in their window, fewer at the two ends of a document than left + right. They sum to T, all pairs."""
    from core.explore.kernels.counting import neighbours

    sides = np.zeros(corpus.types, np.int64)
    for begin, tokens in chunks(corpus.tokens, 1 << 22):
        place = int(np.searchsorted(stretches, begin, "right")) - 1
        neighbours(np.ascontiguousarray(tokens), begin, stretches, place, left, right, sides)
        yield 0.6 + 0.4 * (begin + len(tokens)) / len(corpus.tokens)
    return sides


def pairs(
    corpus: Corpus,
    *,
    within: Within = "sentence",
    min_count: int = 5,
    sort: Score = "log_likelihood",
    most: int = 1000,
) -> Generator[float, None, pd.DataFrame]:
    """The strongest pairs of words side by side anywhere in the corpus. Yields the share done.

    Returns first, second, first_id, second_id, count, expected, pmi, log_likelihood, t, log_dice: the `most` best
    by `sort` of those that occur min_count times. The tokens are read once for every eight million, each time for other
    first words, so that memory stays small.
    """
    counts, stretches = type_counts(corpus), stretches_of(corpus, within)
    types, total = corpus.types, int(np.maximum(np.diff(stretches) - 1, 0).sum())
    ends = np.bincount(corpus.tokens[stretches[1:] - 1], minlength=types) if len(stretches) > 1 else 0
    starts = np.bincount(corpus.tokens[stretches[:-1]], minlength=types) if len(stretches) > 1 else 0
    frequent = int(np.searchsorted(-counts, -min_count, "right"))  # ids below it can be in a pair that is kept
    groups, found = _groups(counts[:frequent]), []
    for number, (low, high) in enumerate(groups):
        keys = yield from _keys(corpus, stretches, low, high, frequent, (number / len(groups), 1 / len(groups)))
        kept, times = _counted(keys, min_count)
        first, second = kept // frequent, kept % frequent
        values = scores(times, (counts - ends)[first], (counts - starts)[second], total)
        values["log_dice"] = log_dice(times, counts[first], counts[second])
        table = pd.DataFrame({"first_id": first, "second_id": second, "count": times, **values})
        found.append(table.iloc[_best(table[sort].to_numpy(), most)])
    columns = ["first_id", "second_id", "count", "expected", "pmi", "log_likelihood", "t", "log_dice"]
    best = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    best = best.iloc[_best(best[sort].to_numpy(np.float64), most)].reset_index(drop=True)
    best.insert(0, "second", type_words(corpus, best["second_id"].to_numpy(np.int64)))
    best.insert(0, "first", type_words(corpus, best["first_id"].to_numpy(np.int64)))
    return best


def _groups(counts: np.ndarray) -> list[tuple[int, int]]:
    """Ranges of ids, each of words that occur KEYS times together, or of a single word that occurs more often."""
    below, cuts = np.cumsum(counts), [0]
    while cuts[-1] < len(counts):
        done = int(below[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(below, done + KEYS, "right"))))
    return list(zip(cuts, cuts[1:]))


def _keys(
    corpus: Corpus, stretches: np.ndarray, low: int, high: int, frequent: int, share: tuple[float, float]
) -> Generator[float, None, np.ndarray]:
    """int64: first * frequent + second, of every pair side by side whose first word has an id in low..high."""
    keys = []
    for begin, tokens in chunks(corpus.tokens, overlap=1):
        whole = np.ones(len(tokens) - 1, bool)
        inside = slice(*np.searchsorted(stretches, [begin + 1, begin + len(tokens)]))
        whole[stretches[inside] - begin - 1] = False  # the second word begins a new stretch
        first, second = tokens[:-1], tokens[1:]
        whole &= (first >= low) & (first < high) & (second < frequent)
        keys.append(first[whole].astype(np.int64) * frequent + second[whole])
        yield share[0] + share[1] * 0.9 * min(1.0, (begin + len(tokens)) / len(corpus.tokens))
    return np.concatenate([*keys, np.zeros(0, np.int64)])


def _counted(keys: np.ndarray, min_count: int) -> tuple[np.ndarray, np.ndarray]:
    """The different keys that occur min_count times, ascending, and how often each does."""
    keys.sort()
    edges = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1], [True]])) if len(keys) else np.zeros(1, int)
    times = np.diff(edges)
    kept = times >= max(min_count, 1)
    return keys[edges[:-1][kept]], times[kept]
