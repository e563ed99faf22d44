"""What each smoothing says of the words after a context: whole distributions, in numpy.

Scores are float64 (V + 2,): the words, the unknown symbol, the edge. `Smoothing.step` goes from a context to one that
is a word longer; kernels/ngram_scores.py does the same for one symbol of very many contexts.
"""

from typing import NamedTuple

import numpy as np

METHODS = LIKELIHOOD, ADD, STUPID, KATZ, KNESER_NEY = (
    "maximum likelihood", "add-k", "stupid back-off", "Katz back-off", "Kneser-Ney",
)  # fmt: skip
COUNTS = 7  # discounts are told for the counts 0 to 6; that of 6 is that of all above


class Smoothing(NamedTuple):
    """method: one of METHODS; words: V; k: what add-k adds; alpha: what stupid back-off multiplies by."""

    method: str
    words: int
    k: float
    alpha: float

    def cuts(self, often: np.ndarray) -> np.ndarray:
        """float64 (7,): what is taken from a count of 0, 1, …, 6 or more; often[c] n-grams of the order were counted c
        times.

        Kneser-Ney: D1, D2, D3+ (Chen and Goodman 1999, eq. 26), or 0.5, 1 and 1.5 where there are too few n-grams to
        tell. Katz: what Good and Turing take from counts up to 5 (Katz 1987, eq. 11-15), or a half likewise."""
        cuts, r = np.zeros(COUNTS), np.arange(1, 6)
        with np.errstate(all="ignore"):
            if self.method == KNESER_NEY:
                r = r[:3]
                found = r - (r + 1) * often[1] / (often[1] + 2 * often[2]) * often[2:5] / often[1:4]
                told = bool(((found > 0) & (found < r)).all())
                cuts[1:] = np.append(found, [found[2]] * 3) if told else [0.5, 1, 1.5, 1.5, 1.5, 1.5]
            elif self.method == KATZ:
                beyond = 6 * often[6] / often[1]
                found = r - ((r + 1) * often[2:7] / often[1:6] - r * beyond) / (1 - beyond)
                cuts[1:6] = found if ((found > 0) & (found < r)).all() else 0.5
        return cuts

    def root(self, counts: np.ndarray, cut: np.ndarray) -> tuple[np.ndarray, float]:
        """The scores of all symbols after no context, and their unit; counts (V + 2,)."""
        seen = np.flatnonzero(counts)
        return self.step(np.full(len(counts), 1 / len(counts)), seen, counts[seen], cut)

    def step(
        self, lower: np.ndarray, words: np.ndarray, counts: np.ndarray, cut: np.ndarray
    ) -> tuple[np.ndarray, float]:
        """The scores after a context in which symbols `words`, sorted, have these counts; and the unit.

        A counted symbol has (count - cut) * unit of its own. The rest is shared out as in `lower`, the scores after the
        shorter context: among all symbols (Kneser-Ney), or among those that were not counted here (back-off); or
        equally among all (add-k); or there is none. A unit below 0 says that nothing is cut."""
        taken = cut[np.minimum(counts, COUNTS - 1)]
        total, freed = float(counts.sum()), float(taken.sum())
        if self.method == LIKELIHOOD:
            if words[0] >= self.words:
                return lower, 1.0
            lower = np.zeros(len(lower))
        elif self.method == ADD:
            freed, lower = self.k * len(lower), np.full(len(lower), 1 / len(lower))
            total += freed
        elif self.method == KATZ:
            if len(words) == len(lower):  # no symbol is left to back off to
                return _placed(np.zeros(len(lower)), words, counts / total), -1 / total
            if not freed:
                total, freed = total + 1, 1.0
            freed /= 1 - float(lower[words].sum())
        elif self.method == STUPID:
            freed = self.alpha * total
        scores, own = lower * (freed / total), (counts - taken) / total
        backs_off = self.method in (STUPID, KATZ)
        return _placed(scores, words, own if backs_off else scores[words] + own), 1 / total


def _placed(scores: np.ndarray, words: np.ndarray, values: np.ndarray) -> np.ndarray:
    scores[words] = values
    return scores
