"""The shape of a space of word vectors: are some words near everything, do all point one way?

Hubness (Radovanović, Nanopoulos & Ivanović 2010): how often each word is among the k nearest of others, and how skewed
that is. Anisotropy: the mean cosine of two words. Isotropy (Mu & Viswanath 2018, equations 5 and 6): the partition
function Z(a), the sum of exp(a · w) over all words, at its smallest over its largest, a being the principal directions;
again after the mean is taken away, and after their "all but the top" too, the first d / 100 principal components.
"""

from collections.abc import Generator
from typing import Any

import numpy as np

from core.corpus import Vocab
from core.explore.graph import within
from core.explore.hubs import hubs

WORDS = 20_000  # the most frequent ones are looked at
NEAREST = 10
WIDEST = 2048  # numbers of a vector whose principal directions are sought
TOP_HUBS = 15
_NUMBERS = 100_000_000  # of vectors that are held at a time

Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def geometry(vectors: np.ndarray, words: Vocab, most: int = WORDS, k: int = NEAREST) -> Generator[float, None, Answer]:
    """Arrays times int32 (n,), how often each of the n most frequent words is one of the k nearest of another, and
    random int32 (n,), the same of directions drawn at random. Facts: n, d, k; skewness, random_skewness; orphans and
    random_orphans, the shares in nobody's list; hubs, words and times; cosine and isotropy, a number each of "raw",
    "centred" and "topped"; top, how many components were taken away. Yields the share done."""
    n = min(most, len(vectors), max(100, _NUMBERS // max(1, vectors.shape[1])))
    some = np.array(vectors[:n], np.float32)
    found = yield from within(hubs(some, k, n), 0.0, 0.45)
    drawn = np.random.default_rng(0).standard_normal(some.shape, np.float32)
    random = yield from within(hubs(drawn, k, n), 0.45, 0.9)
    best = np.argsort(-found.times, kind="stable")[:TOP_HUBS]
    top = max(1, round(some.shape[1] / 100))
    facts: dict[str, Any] = {
        "n": n, "d": some.shape[1], "k": min(k, n - 1), "top": top,
        "skewness": found.skewness, "random_skewness": random.skewness,
        "orphans": _orphans(found.times), "random_orphans": _orphans(random.times),
        "hubs": {"word": [words.words[i] for i in best.tolist()], "times": found.times[best].tolist()},
        "cosine": {}, "isotropy": {},
    }  # fmt: skip
    for name, space in spaces(some, top).items():
        facts["cosine"][name] = mean_cosine(space)
        facts["isotropy"][name] = isotropy(space)
    yield 1.0
    return {"times": found.times, "random": random.times}, facts


def _orphans(times: np.ndarray) -> float:
    return float((times == 0).mean()) if len(times) else 0.0


def spaces(vectors: np.ndarray, top: int) -> dict[str, np.ndarray]:
    """float32 (n, d) each: the vectors, without their mean, and without their `top` first principal components too."""
    centred = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    found = {"raw": vectors, "centred": centred}
    if vectors.shape[1] <= WIDEST:
        _values, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)  # in rising order
        first = directions[:, -top:].astype(np.float32)
        found["topped"] = centred - (centred @ first) @ first.T
    return found


def mean_cosine(vectors: np.ndarray) -> float:
    """The mean cosine of two different rows, over all pairs: from the length of the sum of directions, exact."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    whole, own = unit.sum(axis=0, dtype=np.float64), float(np.einsum("nd,nd->", unit, unit, dtype=np.float64))
    pairs = len(unit) * (len(unit) - 1)
    return (float(whole @ whole) - own) / pairs if pairs else 0.0


def isotropy(vectors: np.ndarray) -> float | None:
    """min Z(a) / max Z(a), 0 to 1, over the eigenvectors a of W'W, both ways: which way one points is arbitrary. None
    for vectors of more than WIDEST numbers."""
    if vectors.shape[1] > WIDEST:
        return None
    exact = vectors.astype(np.float64)
    _values, directions = np.linalg.eigh(exact.T @ exact)
    lows, highs = [], []
    for begin in range(0, directions.shape[1], 64):
        along = exact @ directions[:, begin : begin + 64]  # (n, 64)
        for signed in (along, -along):
            peak = signed.max(axis=0)
            logs = peak + np.log(np.exp(signed - peak).sum(axis=0))
            lows.append(float(logs.min()))
            highs.append(float(logs.max()))
    return float(np.exp(min(lows) - max(highs)))
