"""How far apart the senses of a word are, in numbers: each with its interval, and none that chance alone would give.

The judge is the nearest centroid by cosine (Loureiro et al. 2021, Analysis and evaluation of language models for word
sense disambiguation): an occurrence is given the sense whose other occurrences have the nearest mean. It never sees the
occurrence that it judges, nor, if asked, any other of its document. Where k senses are equally near, each is given 1/k:
vectors that are all alike score exactly chance, whatever rounding does to them. Of a word's senses the rare ones count
as much as the common ones (the mean of the senses' recalls): a common sense alone makes any pooled figure look good.

n occurrences, d width, k senses; senses: int (n,), 0..k-1, each a number of some occurrence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAME = 1e-6  # cosines that differ by less are equal: as much as rounding in float32 may do
DRAWS, TRIALS = 1000, 50  # of the bootstrap; of choosing a few occurrences as examples
SPAN = (2.5, 97.5)  # percentiles of a 95 % interval


def coded(labels: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The senses by name, the most frequent first (equal ones as they come), and int64 (n,): the sense of each."""
    names, first, inverse, counts = np.unique(
        np.asarray(labels, object).astype(str), return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -counts))
    return [str(names[i]) for i in order], np.argsort(order)[inverse].astype(np.int64)


def unit(vectors: np.ndarray) -> np.ndarray:
    """float64 (…, d): of length 1; a vector of zeros stays."""
    rows = np.asarray(vectors, np.float64)
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def credits(vectors: np.ndarray, senses: np.ndarray, apart: np.ndarray | None = None) -> np.ndarray:
    """float64 (n,): 1 where the nearest centroid is the own sense's, 1/k where k are equally near, 0 where another is.

    vectors: float (n, d). apart: int (n,), occurrences with the same number are not seen when one of them is judged
    (documents); without it an occurrence is not seen when it is judged itself. Not a number where nothing of the own
    sense is left to be seen, or no other sense.
    """
    cosines, counts = _held_out(np.asarray(vectors, np.float64), senses, apart)
    own = np.arange(len(senses)), senses
    cosines[counts == 0] = -np.inf
    near = cosines >= cosines.max(axis=1, keepdims=True) - SAME
    found = near[own] / near.sum(axis=1)
    found[(counts[own] == 0) | ((counts > 0).sum(axis=1) < 2)] = np.nan
    return found


def _held_out(rows: np.ndarray, senses: np.ndarray, apart: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Cosines float64 (n, k) to the means of those that are seen, 0 without a direction; how many those are (n, k).

    From the sum of each sense what is not seen is taken away: the sum over one (document, sense) pair.
    """
    n, k = len(senses), int(senses.max()) + 1
    sums = np.stack([rows[senses == sense].sum(axis=0) for sense in range(k)])
    dots, squares = rows @ sums.T, np.tile((sums**2).sum(axis=1), (n, 1))
    counts = np.tile(np.bincount(senses, minlength=k), (n, 1))
    group = np.arange(n) if apart is None else np.unique(apart, return_inverse=True)[1]
    pairs, which, sizes = np.unique(group * k + senses, return_inverse=True, return_counts=True)
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    parts = np.add.reduceat(rows[np.argsort(which, kind="stable")], begins, axis=0)
    for sense in range(k):
        place = np.minimum(np.searchsorted(pairs, group * k + sense), len(pairs) - 1)
        mine = np.flatnonzero(pairs[place] == group * k + sense)
        part = parts[place[mine]]
        dots[mine, sense] -= np.einsum("nd,nd->n", rows[mine], part)
        squares[mine, sense] += np.einsum("nd,nd->n", part, part) - 2 * part @ sums[sense]
        counts[mine, sense] -= sizes[place[mine]]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) * np.sqrt(np.maximum(squares, 0))
    return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0), counts


def few_shot(
    vectors: np.ndarray, senses: np.ndarray, shots: int = 3, trials: int = TRIALS, seed: int = 0
) -> np.ndarray:
    """float64 (n,): as `credits`, where each sense is known by so many occurrences only, drawn anew in each trial.

    The mean over the trials in which an occurrence was no example. Senses of so few occurrences are left out of it all.
    """
    draw, rows = np.random.default_rng(seed), unit(vectors)
    sizes = np.bincount(senses)
    kept = np.flatnonzero(sizes > shots)
    found = np.full(len(senses), np.nan)
    if len(kept) < 2:
        return found
    members = [np.flatnonzero(senses == sense) for sense in kept]
    examples = np.stack([each[draw.random((trials, len(each))).argsort(axis=1)[:, :shots]] for each in members], axis=1)
    centres = unit(np.asarray(vectors, np.float64)[examples].mean(axis=2))  # (trials, kept, d)
    seen = np.zeros((trials, len(senses)), bool)
    np.put_along_axis(seen, examples.reshape(trials, -1), True, axis=1)
    for number, each in enumerate(members):
        cosines = np.einsum("md,tkd->tmk", rows[each], centres, optimize=True)
        near = cosines >= cosines.max(axis=2, keepdims=True) - SAME
        credit = np.where(seen[:, each], np.nan, near[:, :, number] / near.sum(axis=2))
        judged = ~seen[:, each]
        total = judged.sum(axis=0)
        found[each] = np.divide(np.nansum(credit, axis=0), total, out=np.full(len(each), np.nan), where=total > 0)
    return found


def resamples(senses: np.ndarray, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """float32 (draws, n): how often each occurrence is in a sample drawn with replacement, as many of each sense.

    The same samples for everything that is compared, so that differences have intervals too (Efron 1979).
    """
    random, times = np.random.default_rng(seed), np.zeros((draws, len(senses)), np.float32)
    for sense in np.unique(senses):
        mine = np.flatnonzero(senses == sense)
        drawn = random.integers(0, len(mine), (draws, len(mine))) + np.arange(draws)[:, None] * len(mine)
        times[:, mine] = np.bincount(drawn.ravel(), minlength=draws * len(mine)).reshape(draws, -1)
    return times


@dataclass(frozen=True)
class Recall:
    """Of r things that were judged: value, low and high float64 (r,), the mean of the senses' recalls with its 95 %
    interval; accuracy (r,), the mean of all occurrences; judged int64 (r,), how many occurrences those are; by_sense
    (k, r), not a number where none of a sense could be judged; drawn (draws, r), the value in each sample."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    accuracy: np.ndarray
    judged: np.ndarray
    by_sense: np.ndarray
    drawn: np.ndarray

    def over(self, mine: int, other: "Recall", theirs: int) -> tuple[float, float, float]:
        """How much one value lies above one of another, both judged with the same samples, and its 95 % interval."""
        low, high = np.percentile(self.drawn[:, mine] - other.drawn[:, theirs], SPAN)
        return float(self.value[mine] - other.value[theirs]), float(low), float(high)


def recall(given: np.ndarray, senses: np.ndarray, times: np.ndarray) -> Recall:
    """given: float64 (n, r), credits of r things; times: float (draws, n), of `resamples`."""
    given = given.reshape(len(senses), -1)
    known = ~np.isnan(given)
    filled = np.where(known, given, 0.0)
    drawn, own = [], []
    for sense in range(int(senses.max()) + 1):
        mine = senses == sense
        weights = np.vstack([np.ones((1, int(mine.sum())), np.float32), times[:, mine]])
        shares = _ratio(weights @ filled[mine], weights @ known[mine].astype(np.float64))
        own.append(shares[0])
        drawn.append(shares[1:])
    value, samples = _mean(np.stack(own)), _mean(np.stack(drawn))
    low, high = np.percentile(samples, SPAN, axis=0)
    accuracy = _ratio(filled.sum(axis=0), known.sum(axis=0).astype(np.float64))
    return Recall(value, low, high, accuracy, known.sum(axis=0), np.stack(own), samples)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean over the first axis of what are numbers."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def silhouettes(vectors: np.ndarray, senses: np.ndarray) -> np.ndarray:
    """float64 (n,): how much nearer each occurrence is to its own sense than to the next one, -1 to 1, by cosine
    (Rousseeuw 1987); 0 for the only one of its sense, and where all are alike."""
    rows, sizes = unit(vectors), np.bincount(senses)
    sums = np.stack([rows[senses == sense].sum(axis=0) for sense in range(len(sizes))])
    own = np.arange(len(rows)), senses
    near = 1 - rows @ sums.T / sizes
    squares = np.einsum("nd,nd->n", rows, rows)
    others = np.maximum(sizes[senses] - 1, 1)
    inside = 1 - ((rows @ sums.T)[own] - squares) / others
    near[own] = np.inf
    outside = near.min(axis=1)
    most = np.maximum(inside, outside)
    found = np.divide(outside - inside, most, out=np.zeros(len(rows)), where=most > SAME)
    return np.where(sizes[senses] > 1, found, 0.0)


def adjusted_rand(first: np.ndarray, second: np.ndarray) -> float:
    """How far two groupings of the same things agree: 1 if they are the same, 0 by chance (Hubert & Arabie 1985)."""
    one, other = (np.unique(each, return_inverse=True)[1] for each in (first, second))
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    together, rows, columns = (float((each * (each - 1)).sum() / 2)
                               for each in (table, table.sum(axis=1), table.sum(axis=0)))  # fmt: skip
    pairs = len(one) * (len(one) - 1) / 2
    expected, most = rows * columns / pairs if pairs else 0.0, (rows + columns) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def grouped(vectors: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """int64 (n,): k-means with so many groups by direction; fewer where there are fewer different directions."""
    from sklearn.cluster import KMeans

    rows = unit(vectors)
    count = min(count, len(np.unique(rows.astype(np.float32), axis=0)))
    if count < 2 or (rows @ unit(rows.sum(axis=0)) > 1 - SAME).all():
        return np.zeros(len(rows), np.int64)
    return KMeans(count, n_init=2, max_iter=60, random_state=seed).fit(rows.astype(np.float32)).labels_.astype(np.int64)


def self_similarity(vectors: np.ndarray) -> float:
    """The mean cosine of two occurrences of one word (Ethayarajh 2019, equation 1); nan for a single one."""
    rows = unit(vectors)
    n = len(rows)
    total = rows.sum(axis=0)
    own = float(np.einsum("nd,nd->", rows, rows))
    return (float(total @ total) - own) / (n * (n - 1)) if n > 1 else np.nan


def anisotropy(vectors: np.ndarray, words: np.ndarray) -> float:
    """The mean cosine of two occurrences of different words, drawn at random: what every cosine has without any
    meaning (Ethayarajh 2019). words: int (m,), the word of each; nan where there is one word only."""
    rows, numbers = unit(vectors), np.unique(words, return_inverse=True)[1]
    sums = np.stack([rows[numbers == word].sum(axis=0) for word in range(numbers.max() + 1)])
    total = sums.sum(axis=0)
    pairs = len(rows) ** 2 - int((np.bincount(numbers) ** 2).sum())
    return (float(total @ total) - float((sums**2).sum())) / pairs if pairs else np.nan


def adjusted(vectors: np.ndarray, common: float) -> float:
    """Self-similarity less what different words have in common (`anisotropy`), as Ethayarajh (2019, section 4.1) reads
    it: 1 where a word is the same everywhere and words share nothing, 0 where its occurrences are as unlike as any."""
    return self_similarity(vectors) - common
