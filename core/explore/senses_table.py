"""Encoders, their layers and the baselines beside each other: one table, all judged with the same samples."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.explore import senses_baselines as baselines
from core.explore.layer_mix import Mix, mix
from core.explore.senses_baselines import Around
from core.explore.senses_measures import (
    SPAN,
    Recall,
    adjusted,
    adjusted_rand,
    credits,
    few_shot,
    grouped,
    recall,
    resamples,
    self_similarity,
    silhouettes,
)
from core.problem import Problem

SPREAD = ("documents", "three_shot")  # measures with an interval beside the recall, by leaving out documents, by three
COLUMNS = (
    "name",
    "kind",
    "layer",
    "n",
    "judged",
    "recall",
    "low",
    "high",
    "accuracy",
    *(f"{measure}{end}" for measure in SPREAD for end in ("", "_low", "_high")),
    "silhouette",
    "rand",
    "alike",
    "common",
    "adjusted",
)
TO_BEAT = ("near", "sentence", "static near", "static", "untrained")  # by MARGIN, by what reads contexts
MARGIN = 0.05
LEAST = 2  # occurrences of a sense


class Judge:
    """Judges vectors of the same occurrences by the same samples. senses: int (n,); apart: int (n,), the documents.

    Raises Problem where there are not two senses with two occurrences each.
    """

    def __init__(self, senses: np.ndarray, apart: np.ndarray, seed: int = 0):
        if (np.bincount(senses) >= LEAST).sum() < 2:
            sentence = "At least two senses with {least} occurrences each are needed; label more of them."
            raise Problem(sentence, least=LEAST)
        self.senses, self.apart, self.seed = senses, apart, seed
        self.times = resamples(senses, seed=seed)
        self.rows: list[dict[str, Any]] = []
        self.drawn: list[np.ndarray] = []

    def recall(self, given: np.ndarray) -> Recall:
        """The recalls of credits (n,) or (n, r)."""
        return recall(given, self.senses, self.times)

    def add(
        self, name: str, vectors: np.ndarray, kind: str = "run", common: np.ndarray | None = None
    ) -> Generator[float, None, None]:
        """Rows for vectors float (n, L, d), one a layer; yields the share done. common: float (L,), the mean cosine of
        different words, which the self-similarity is adjusted by."""
        for layer in range(vectors.shape[1]):
            self._row(name, kind, layer, vectors[:, layer], np.nan if common is None else float(common[layer]))
            yield (layer + 1) / vectors.shape[1]

    def add_mix(self, name: str, vectors: np.ndarray) -> Mix:
        """A row for the learned mix of the layers of vectors float (n, L, d), each occurrence judged with the weights
        that were learned without its fold. Raises Problem where there is too little to learn them from."""
        found = mix(vectors, self.senses, self.apart, self.seed)
        given, near = np.full((len(vectors), 2), np.nan), np.empty(len(vectors))
        for fold in np.unique(found.fold):
            mine, rows = found.fold == fold, found.vectors(fold)
            given[mine] = np.stack([credits(rows, self.senses), credits(rows, self.senses, self.apart)], axis=1)[mine]
            near[mine] = silhouettes(rows, self.senses)[mine]
        recalls = self.recall(given)
        self._keep({"name": name, "kind": "mix", "layer": -1, **_spread(recalls, SPREAD[:1]),
                    "silhouette": float(near.mean())}, recalls)  # fmt: skip
        return found

    def add_baseline(self, name: str, vectors: np.ndarray) -> None:
        """A row for vectors float (n, m); of no width: all alike."""
        self._row(name, "baseline", -1, vectors if vectors.shape[1] else np.ones((len(vectors), 1), np.float32))

    def add_credits(self, name: str, given: np.ndarray) -> None:
        """A row for what is no vector: credits float (n,), of all its measures only the recall."""
        found = self.recall(given)
        self._keep({"name": name, "kind": "baseline", "layer": -1}, found)

    def add_shuffled(self, vectors: np.ndarray) -> None:
        """A row for vectors float (n, d) with the labels dealt out anew: the mean of the deals, and within which 95 %
        of them lie."""
        found = baselines.shuffled(vectors, self.senses, seed=self.seed)
        low, high = np.percentile(found, SPAN)
        self.rows.append({"name": "shuffled", "kind": "control", "layer": -1, "n": len(self.senses),
                          "judged": len(self.senses), "recall": found.mean(), "low": low, "high": high})  # fmt: skip
        self.drawn.append(np.full(len(self.times), found.mean()))

    def by_sense(self, vectors: np.ndarray) -> np.ndarray:
        """float64 (k,): the recall of each sense with vectors float (n, d)."""
        return self.recall(credits(vectors, self.senses)).by_sense[:, 0]

    def _row(self, name: str, kind: str, layer: int, vectors: np.ndarray, common: float = np.nan) -> None:
        senses = self.senses
        found = self.recall(np.stack([
            credits(vectors, senses), credits(vectors, senses, self.apart), few_shot(vectors, senses, seed=self.seed)
        ], axis=1))  # fmt: skip
        row: dict[str, object] = {"name": name, "kind": kind, "layer": layer, **_spread(found, SPREAD)}
        row |= {"silhouette": float(silhouettes(vectors, senses).mean()), "alike": self_similarity(vectors),
                "rand": adjusted_rand(grouped(vectors, int(senses.max()) + 1, self.seed), senses),
                "common": common, "adjusted": adjusted(vectors, common)}  # fmt: skip
        self._keep(row, found)

    def _keep(self, row: dict[str, object], found: Recall) -> None:
        own = {"n": len(self.senses), "judged": int(found.judged[0]), "recall": found.value[0], "low": found.low[0],
               "high": found.high[0], "accuracy": found.accuracy[0]}  # fmt: skip
        self.rows.append(row | own)
        self.drawn.append(found.drawn[:, 0])

    def table(self) -> pd.DataFrame:
        """All rows; a measure that something does not have is not a number."""
        return pd.DataFrame(self.rows).reindex(columns=list(COLUMNS))

    def verdict(self, name: str) -> dict[str, object] | None:
        """The best layer of a run against the best of the baselines: layer, recall, baseline (its name), over, low and
        high, how much it lies above with its 95 % interval; bar: the same four against the best of TO_BEAT alone,
        if there is one. None without a baseline or a layer that was judged."""
        table = self.table()
        mine = table[(table["name"] == name) & (table["kind"] == "run")]["recall"].dropna()
        others = table[table["kind"] == "baseline"]["recall"].dropna()
        if not len(mine) or not len(others):
            return None
        best = int(mine.idxmax())
        lower = others[table["name"][others.index].isin(TO_BEAT)]
        return {"name": name, "layer": int(table["layer"][best]), "recall": float(mine.max()),
                **self._above(best, int(others.idxmax())),
                "bar": self._above(best, int(lower.idxmax())) if len(lower) else None}  # fmt: skip

    def _above(self, best: int, other: int) -> dict[str, object]:
        low, high = np.nanpercentile(self.drawn[best] - self.drawn[other], SPAN)
        ours, theirs = (self.rows[place]["recall"] for place in (best, other))
        return {"baseline": self.rows[other]["name"], "over": float(ours) - float(theirs), "low": float(low),
                "high": float(high)}  # fmt: skip


def _spread(found: Recall, measures: Sequence[str]) -> dict[str, object]:
    """The measures that were judged after the recall, each with its interval."""
    return {f"{measure}{end}": values[place] for place, measure in enumerate(measures, 1)
            for end, values in (("", found.value), ("_low", found.low), ("_high", found.high))}  # fmt: skip


def add_baselines(judge: Judge, around: Around, more: Mapping[str, np.ndarray]) -> Generator[float, None, None]:
    """The baselines' rows; more: name → float (n, d), others of them. Yields the share done."""
    judge.add_credits("chance", baselines.chance(judge.senses))
    judge.add_credits("frequent", baselines.most_frequent(judge.senses))
    found = {**baselines.representations(around), **more}
    for number, (name, vectors) in enumerate(found.items()):
        judge.add_baseline(name, vectors)
        yield (number + 1) / len(found)
