"""What a corpus is in numbers: how its vocabulary grows, how its words and its lengths are distributed.

All of it reads the tokens once, in chunks, so that memory stays small however long the corpus is.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.corpus import Corpus

CHUNK = 1 << 20  # tokens read at once
LONG = 1 << 16  # lengths below it are counted by value, the few above it are kept one by one
SKEWED = 20  # times the median: where the longest is longer than that, the bins grow
NO_SENTENCES = 200  # tokens: a corpus of one sentence a document, some longer than this, has no sentence ends


@dataclass(frozen=True)
class Growth:
    """How many types the first n tokens hold, and Heaps' law through it.

    tokens, types: int64 (p,), evenly spaced on the logarithmic axis. types = k * tokens ** beta; r2 is the share of the
    variance of log types that the line explains; fitted from `first` tokens on. k, beta and r2 are nan without two
    points to fit.
    """

    tokens: np.ndarray
    types: np.ndarray
    k: float
    beta: float
    r2: float
    first: int

    def law(self, tokens: np.ndarray) -> np.ndarray:
        """float64: the types that the law expects among so many tokens."""
        return self.k * np.asarray(tokens, np.float64) ** self.beta


def growth(corpus: Corpus, points: int = 200) -> Generator[float, None, Growth]:
    """The type-token curve with Heaps' law V = k n^beta (Heaps 1978, p. 206), by least squares on the logarithms.

    The curve is fitted at its `points`, from the thousandth token on (from the tenth in a text under 10,000): the first
    words of a text are nearly all new and follow no law. Yields the share done.
    """
    firsts = yield from _first_places(corpus)
    n = len(corpus.tokens)
    tokens = np.unique(np.geomspace(1, max(n, 1), points).round().astype(np.int64)) if n else np.zeros(0, np.int64)
    types = np.searchsorted(firsts, tokens, "left").astype(np.int64)  # a first place p is among the first p + 1 tokens
    first = 1000 if n >= 10_000 else 10
    fitted = tokens >= first
    beta, log_k, r2 = line(np.log(tokens[fitted]), np.log(types[fitted]))
    return Growth(tokens, types, float(np.exp(log_k)), beta, r2, first)


def _first_places(corpus: Corpus) -> Generator[float, None, np.ndarray]:
    """int64 (types,), sorted: the tokens that are the first of their type."""
    seen, found = np.zeros(corpus.types, bool), []
    for begin, tokens in chunks(corpus.tokens):
        fresh = np.flatnonzero(~seen[tokens])
        new, first = np.unique(tokens[fresh], return_index=True)
        seen[new] = True
        found.append(np.sort(fresh[first]) + begin)
        yield min(1.0, (begin + len(tokens)) / len(corpus.tokens))
    return np.concatenate([*found, np.zeros(0, np.int64)])


def line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """(slope, intercept, R²) of the least-squares line y = intercept + slope * x; nan with fewer than two x."""
    if len(np.unique(x)) < 2:
        return np.nan, np.nan, np.nan
    across, up = x - x.mean(), y - y.mean()
    slope = float(across @ up / (across @ across))
    rest = up - slope * across
    r2 = 1 - float(rest @ rest / (up @ up)) if up.any() else 1.0
    return slope, float(y.mean() - slope * x.mean()), r2


@dataclass(frozen=True)
class Zipf:
    """The exponent s of counts ~ rank^-s among the ranks 1..ranks, its standard error, the count that the law expects
    at rank 1, and R²: how much of the variance of log counts the law explains, at ranks evenly spaced in logs."""

    s: float
    error: float
    first: float
    ranks: int
    r2: float

    def law(self, ranks: np.ndarray) -> np.ndarray:
        """float64: the count that the law expects at these ranks."""
        return self.first * np.asarray(ranks, np.float64) ** -self.s


def zipf_fit(counts: np.ndarray, most_ranks: int = 5000, least_count: int = 5) -> Zipf:
    """The exponent of Zipf's law by maximum likelihood over ranks: the s under which the observed mean of log rank is
    expected, where a token is of rank r with probability r^-s / (1^-s + … + R^-s).

    counts: of all types, most frequent first. R is the number of words that occur `least_count` times or more, at most
    `most_ranks`: beyond some thousand ranks natural text falls faster (Montemurro 2001), and rare words form steps. The
    counts order the ranks, which flatters the fit a little (Piantadosi 2014). The likelihood is that of a power law
    (Clauset, Shalizi & Newman 2009, eq. 3.5) on a bounded range. s is nan with fewer than two ranks.
    """
    counts = np.asarray(counts, np.float64)
    ranks = min(int(np.searchsorted(-counts, -least_count, "right")), most_ranks)
    if ranks < 2:
        return Zipf(np.nan, np.nan, np.nan, ranks, np.nan)
    used, logs = counts[:ranks], np.log(np.arange(1, ranks + 1))
    mean = float(used @ logs / used.sum())
    low, high = -10.0, 50.0  # the expected mean of log rank falls as s grows
    for _ in range(80):
        s = (low + high) / 2
        shares = _shares(logs, s)
        low, high = (s, high) if shares @ logs > mean else (low, s)
    variance = float(shares @ logs**2 - (shares @ logs) ** 2)
    first = float(used.sum() * shares[0])
    places = np.unique(np.geomspace(1, ranks, 200).round().astype(np.int64)) - 1
    up, rest = np.log(used[places]), np.log(used[places] / first) + s * logs[places]
    spread = float(((up - up.mean()) ** 2).sum())
    r2 = 1 - float(rest @ rest) / spread if spread else np.nan
    return Zipf(s, 1 / np.sqrt(variance * used.sum()) if variance > 0 else np.nan, first, ranks, r2)


def _shares(logs: np.ndarray, s: float) -> np.ndarray:
    """float64 (R,): the probability of each rank under the exponent s."""
    weights = np.exp(-s * logs - np.max(-s * logs))
    return weights / weights.sum()


@dataclass(frozen=True)
class Lengths:
    """How long documents or sentences are, in tokens: how many there are (those without a token too), the shortest, the
    median, the mean, the longest; and a histogram: counts[i] have a length in [edges[i], edges[i + 1]).

    edges: float64 (b + 1,), counts: int64 (b,); `logarithmic`: the bins grow by a constant factor (lengths of 0 are
    then in no bin). `without_ends`: no sentence ends were found in the text, so these sentences mean nothing.
    """

    n: int
    least: int
    median: float
    mean: float
    most: int
    edges: np.ndarray
    counts: np.ndarray
    logarithmic: bool
    without_ends: bool = False


def lengths(corpus: Corpus, bins: int = 40) -> dict[str, Lengths]:
    """The lengths of "documents" and of "sentences"."""
    documents = _measured(corpus.offsets, int(corpus.offsets[-1]), bins)
    sentences = _measured(corpus.sentences, int(corpus.offsets[-1]), bins)
    filled = documents.n - _empty(corpus.offsets)
    without = sentences.n <= filled and sentences.most > NO_SENTENCES
    return {"documents": documents, "sentences": Lengths(**{**vars(sentences), "without_ends": without})}


def _empty(offsets: np.ndarray) -> int:
    return sum(int((np.diff(part) == 0).sum()) for _, part in chunks(offsets, overlap=1))


def _measured(places: np.ndarray, end: int, bins: int) -> Lengths:
    """Lengths between places int64 (n,); a last stretch goes to the end, if there is one."""
    few, n = np.zeros(LONG, np.int64), 0
    long: list[np.ndarray] = []
    for _, part in chunks(places, overlap=1):
        n += _count(np.diff(part), few, long)
    if len(places) and int(places[-1]) < end:
        n += _count(np.array([end - int(places[-1])]), few, long)
    small = np.flatnonzero(few)
    many, times = np.unique(np.concatenate([*long, np.zeros(0, np.int64)]), return_counts=True)
    values, counts = np.concatenate([small, many]), np.concatenate([few[small], times])
    if not n:
        return Lengths(0, 0, np.nan, np.nan, 0, np.array([0.0, 1.0]), np.zeros(1, np.int64), False)
    below = np.cumsum(counts)
    middle = values[np.searchsorted(below, [(n + 1) // 2, n // 2 + 1])].mean()
    least, most = int(values[0]), int(values[-1])
    logarithmic = most > SKEWED * max(middle, 1)
    edges = _log_edges(least, most, bins) if logarithmic else _edges(least, most, bins)
    histogram = np.histogram(values, edges, weights=counts)[0].round().astype(np.int64)
    mean = float(values @ counts / n)
    return Lengths(n, least, float(middle), mean, most, edges, histogram, bool(logarithmic))


def _count(found: np.ndarray, few: np.ndarray, long: list[np.ndarray]) -> int:
    """Add lengths to the counts by value, or to the list of long ones; how many they were."""
    few += np.bincount(found[found < LONG], minlength=LONG)
    long.append(found[found >= LONG])
    return len(found)


def _edges(least: int, most: int, bins: int) -> np.ndarray:
    """Bins of one whole width, 1, 2 or 5 times a power of ten, at most `bins` + 1 of them, over least..most."""
    power = 10 ** np.arange(12)
    width = next(step for step in np.outer(power, [1, 2, 5]).ravel() if step * bins >= most - least + 1)
    return np.arange(least // width * width, most + width + 1, width, dtype=np.float64)


def _log_edges(least: int, most: int, bins: int) -> np.ndarray:
    """Bins that grow by one factor, their edges whole numbers, over max(least, 1)..most. Where lengths are short, that
    factor is 2: a smaller one could not be kept in whole numbers, and bins of uneven width draw peaks that are not."""
    if least < 100:
        low = int(np.log2(max(least, 1)))
        return 2.0 ** np.arange(low, int(np.log2(most)) + 2)
    return np.unique(np.geomspace(least, most + 1, bins + 1).round())


@dataclass(frozen=True)
class Richness:
    """tokens and types; `hapaxes`: types that occur once; `standardised`: the mean, over stretches of `window` tokens
    in the order of the text, of the share of a stretch's tokens that are different (nan in a text shorter than one)."""

    tokens: int
    types: int
    hapaxes: int
    standardised: float
    window: int


def richness(corpus: Corpus, window: int = 1000) -> Generator[float, None, Richness]:
    """How varied the words are. The plain ratio of types to tokens falls as a text grows; the standardised one (Scott
    2004, WordSmith Tools) does not. A stretch may run over the end of a document. Yields the share done."""
    tokens, different = corpus.tokens, 0
    whole = len(tokens) // window
    step = max(1, CHUNK // window)
    for begin in range(0, whole, step):
        count = min(step, whole - begin)
        rows = np.sort(tokens[begin * window : (begin + count) * window].reshape(count, window), axis=1)
        different += count + int((rows[:, 1:] != rows[:, :-1]).sum())
        yield (begin + count) / whole
    counts = type_counts(corpus)
    hapaxes = len(counts) - int(np.searchsorted(-counts, -1, "left"))
    return Richness(len(tokens), corpus.types, hapaxes, different / (whole * window) if whole else np.nan, window)


def distinct(values: np.ndarray) -> np.ndarray:
    """The different values, ascending: np.unique without its hash table, which takes ten times as long."""
    ordered = np.sort(values, kind="stable")
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def type_counts(corpus: Corpus) -> np.ndarray:
    """int64 (types,): how often each type occurs, most frequent first, those below min_count included."""
    return np.asarray(np.load(corpus.folder / "counts.npy", mmap_mode="r"), np.int64)


def type_words(corpus: Corpus, ids: np.ndarray) -> list[str]:
    """The words of these types, those below min_count included."""
    if len(ids) and int(np.max(ids)) >= len(corpus.vocab):
        corpus = _whole(corpus.folder)
    words = corpus.vocab.words
    return [words[i] for i in np.asarray(ids).tolist()]


@lru_cache(maxsize=2)
def _whole(folder: Path) -> Corpus:
    """The corpus with every type in its vocabulary."""
    return Corpus(folder, min_count=1)


def chunks(array: np.ndarray, size: int = CHUNK, overlap: int = 0) -> Iterator[tuple[int, np.ndarray]]:
    """(begin, part) over a memory-mapped array; with an overlap, a part also holds the first items of the next."""
    for begin in range(0, len(array) - overlap, size):
        yield begin, np.asarray(array[begin : begin + size + overlap])
