"""One word in two corpora: how far its uses lie apart, by the standard measures of lexical semantic change.

Kutuzov and Giulianelli (2020), UiO-UvA at SemEval-2020 Task 1: Contextualised embeddings for lexical semantic change
detection: APD is the average pairwise cosine distance between the occurrences of one corpus and those of the other; PRT
compares the prototypes, the means of each corpus's vectors, and is 1 / their cosine. Two random halves of one corpus
differ too, so each number stands beside what it is when the corpora are dealt out anew: to single occurrences, or to
whole documents, which keeps together what one text says again and again.

n occurrences of both corpora, S layers, d width, R deals; second: bool (n,), whether one is of the second corpus.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from core.explore.sense_groups import likeness
from core.explore.senses_measures import SPAN, unit
from core.problem import Problem, marked

DEALS = 999
FEWEST = 3  # occurrences of each corpus, and documents of each that can be dealt out
MEASURES = ("apd", "prt", "excess")


@dataclass(frozen=True)
class Measures:
    """float64 (…) each. first, second: the mean cosine distance of two occurrences within a corpus; apd: between them;
    cosine: of the two prototypes."""

    apd: np.ndarray
    first: np.ndarray
    second: np.ndarray
    cosine: np.ndarray

    @property
    def prt(self) -> np.ndarray:
        """1 / the cosine of the prototypes: 1 where they are alike, more the less they are, 1,000 at right angles and
        beyond."""
        found: np.ndarray = 1 / np.maximum(self.cosine, 1e-3)
        return found

    @property
    def excess(self) -> np.ndarray:
        """How much farther two occurrences lie apart between the corpora than within them: 0 for one kind of use."""
        found: np.ndarray = self.apd - (self.first + self.second) / 2
        return found


@dataclass(frozen=True)
class Change:
    """What is measured, float64 (S,) each, and the same of R deals, (S, R) each."""

    measures: Measures
    dealt: Measures

    def chance(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Of one of MEASURES, float64 (S,) each: the mean of the deals, the ends of the middle 95 %, and p, the share
        of deals that lie as high as what is measured, which counts as one of them."""
        real, dealt = getattr(self.measures, name), getattr(self.dealt, name)
        low, high = np.percentile(dealt, SPAN, axis=1)
        p = (1 + (dealt >= real[:, None] - 1e-12).sum(axis=1)) / (1 + dealt.shape[1])
        return dealt.mean(axis=1), low, high, p


def changed(
    vectors: np.ndarray, second: np.ndarray, documents: np.ndarray | None = None, deals: int = DEALS, seed: int = 0
) -> Generator[float, None, Change]:
    """Yields the share done, layer by layer. vectors: float (n, S, d); documents: int (n,), which are dealt out whole;
    without, single occurrences are.

    Raises Problem where a corpus has fewer than 3 occurrences, or documents if they are dealt out.
    """
    corpora = second.astype(bool)
    blocks = np.arange(len(corpora))
    _enough(corpora, blocks, marked("One of the two corpora has {n} of these occurrences; {least} are needed in each: "
                                    "choose a more frequent word."))  # fmt: skip
    if documents is not None:
        blocks = np.unique([corpora, documents], axis=1, return_inverse=True)[1].ravel()
        _enough(corpora, blocks, marked("In one of the two corpora the word stands in {n} documents; {least} are "
                                        "needed in each to deal them out: deal out single occurrences."))  # fmt: skip
    rows = np.vstack([corpora[None], _dealt(corpora, blocks, deals, seed)])
    found = []
    for layer in range(vectors.shape[1]):
        found.append(_measured(np.asarray(vectors[:, layer], np.float64), rows))
        yield (layer + 1) / vectors.shape[1]
    parts = {name: np.stack([getattr(each, name) for each in found]) for name in ("apd", "first", "second", "cosine")}
    return Change(*(Measures(**{name: part[:, of] for name, part in parts.items()}) for of in (0, slice(1, None))))


def _enough(second: np.ndarray, blocks: np.ndarray, sentence: str) -> None:
    fewest = min(len(np.unique(blocks[second == corpus])) for corpus in (False, True))
    if fewest < FEWEST:
        raise Problem(sentence, n=fewest, least=FEWEST)


def _dealt(second: np.ndarray, blocks: np.ndarray, deals: int, seed: int) -> np.ndarray:
    """bool (R, n): as many blocks for the second corpus as it has, drawn anew."""
    draw = np.random.default_rng(seed)
    mine = np.zeros(int(blocks.max()) + 1, bool)
    mine[blocks] = second
    return np.stack([draw.permutation(mine)[blocks] for _ in range(deals)])


def _measured(vectors: np.ndarray, second: np.ndarray) -> Measures:
    """One layer's vectors (n, d) under many deals, bool (R, n). The mean cosine of pairs is a product of sums of unit
    vectors: no pair is looked at."""
    rows, deals = unit(vectors), second.astype(np.float64)
    counts = np.stack([len(rows) - deals.sum(axis=1), deals.sum(axis=1)])[..., None]  # (2, R, 1)
    sums, means = (np.stack([each.sum(axis=0) - (part := deals @ each), part]) for each in (rows, vectors))  # (2, R, d)
    own = (rows**2).sum(axis=1)
    selves = np.stack([own.sum() - deals @ own, deals @ own])  # (2, R)
    n = counts[..., 0]
    pairs = np.einsum("krd,krd->kr", sums, sums) - selves
    within = 1 - np.divide(pairs, n * (n - 1), out=np.ones_like(pairs), where=n > 1)
    between = 1 - np.einsum("rd,rd->r", *(sums / counts))
    between, within = (np.round(part, 12) + 0.0 for part in (between, within))  # alike is 0, not nearly
    return Measures(between, within[0], within[1], np.einsum("rd,rd->r", *unit(means)))


def typical(vectors: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (n,): how much nearer, in cosines, each of one layer's vectors (n, d) is to the mean of the others of its
    own corpus than to the mean of the other corpus."""
    groups = second.astype(np.int64)
    near = likeness(vectors, groups)
    at = np.arange(len(groups))
    found: np.ndarray = near[at, groups] - near[at, 1 - groups]
    return found
