"""What could stand in a word's place, sense by sense: a masked-word model names senses better than their contexts do.

Amrami & Goldberg (2018), Word sense induction with neural biLM and symmetric patterns, sort senses by such substitutes;
here they are evidence for senses that are sorted already.
"""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.encoders.base import MaskedWord
from core.explore.sense_vectors import tokens_at
from core.problem import Problem

EACH = 20  # occurrences of a sense that are hidden
SHOWN = 8


def substitutes(
    encoder: MaskedWord, vocab: Vocab, frame: pd.DataFrame, groups: np.ndarray, each: int = EACH, seed: int = 0
) -> Generator[float, None, list[list[list[Any]]]]:
    """Yields the share done; returns of each sense up to eight [word, probability, times as likely as in the others].

    frame, groups: see `core.explore.senses` and `sense_groups`. Probabilities are means over up to `each` occurrences
    of a sense, drawn at random; words are sorted by probability times the log of how much likelier they are here.
    Raises Problem where no occurrence is one token of the run.
    """
    kinds = range(int(groups.max(initial=-1)) + 1)
    drawn = [np.random.default_rng((seed, kind)).permutation(np.flatnonzero(groups == kind))[:each] for kind in kinds]
    total, done = sum(map(len, drawn)), 0
    sums, counts = np.zeros((len(drawn), len(vocab))), np.zeros(len(drawn))
    for kind, rows in enumerate(drawn):
        for sentence, first, last in frame[["sentence", "first", "last"]].iloc[rows].itertuples(index=False):
            words, places = tokens_at(vocab, sentence, first, last)
            if len(places) == 1:
                sums[kind] += encoder.masked_word(words, places[0])
                counts[kind] += 1
            done += 1
            yield done / total
    if not counts.any():
        raise Problem("None of these occurrences is one token of this run, so it cannot hide them: choose another run.")
    own = {word for form in frame["form"].unique() for word in (vocab.get(form),) if word is not None}
    return _listed(sums / np.maximum(counts, 1)[:, None], vocab.words, own)


def _listed(shares: np.ndarray, words: Sequence[str], own: set[int]) -> list[list[list[Any]]]:
    """shares: float64 (k, V); own: ids that are left out, and what holds no letter."""
    found = []
    for kind in range(len(shares)):
        others = np.delete(shares, kind, axis=0)
        ratio = shares[kind] / np.maximum(others.mean(axis=0) if len(others) else shares.mean(axis=1)[0], 1e-9)
        weights = shares[kind] * np.log(np.maximum(ratio, 1e-9))
        order = [i for i in np.argsort(-weights)[: 4 * SHOWN].tolist()
                 if i not in own and weights[i] > 0 and words[i].isalpha()]  # fmt: skip
        found.append([[words[i], float(shares[kind, i]), float(ratio[i])] for i in order[:SHOWN]])
    return found
