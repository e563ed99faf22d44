"""Is one classifier better than another on the same held-out documents, or was it chance?

Two are compared document by document: by the exact McNemar test of the documents that only one of them gets right
(McNemar 1947; Holm 1979 for several comparisons at once), and by a bootstrap over documents.
"""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.explore.classify import Result, macro_f1

CELLS = 1 << 22  # of draws × kinds of documents that are held at once


def compare(
    results: Sequence[Result], reference: int | None = None, draws: int = 1000, seed: int = 0
) -> Generator[float, None, pd.DataFrame]:
    """Every other result against one, by default the most accurate. Yields the share done.

    Returns columns features, method; both_right, only_this, only_reference, neither: documents; accuracy and macro_f1
    over all held-out documents, of this less the reference, each also with _low and _high; p, p_holm.

    p: of the exact McNemar test, that documents which only one of the two gets right are as often the one's as the
    other's; p_holm: for all comparisons at once (Holm 1979). Intervals: 95 %, of a bootstrap over documents.
    """
    if reference is None:
        reference = int(np.argmax([np.trace(result.confusion) for result in results]))
    base, rows = results[reference], []
    for i, result in enumerate(results):
        if i != reference:
            rows.append({"features": result.features, "method": result.method, **_against(result, base, draws, seed)})
        yield (i + 1) / len(results)
    table = pd.DataFrame(rows)
    if len(table):
        table["p_holm"] = holm(table["p"].to_numpy())
    return table


def _against(one: Result, base: Result, draws: int, seed: int) -> dict[str, Any]:
    targets = base.sample.targets
    right, other = one.predicted == targets, base.predicted == targets
    only, only_base = int((right & ~other).sum()), int((other & ~right).sum())
    table: dict[str, Any] = {"both_right": int((right & other).sum()), "only_this": only, "only_reference": only_base,
             "neither": int((~right & ~other).sum())}  # fmt: skip
    drawn = _bootstrap(one, base, draws, seed)
    for name, whole, values in zip(("accuracy", "macro_f1"), _differences(one, base), drawn):
        low, high = np.percentile(values, [2.5, 97.5])
        table |= {name: whole, f"{name}_low": float(low), f"{name}_high": float(high)}
    return {**table, "p": mcnemar(only, only_base)}


def _differences(one: Result, base: Result) -> tuple[float, float]:
    """Accuracy and macro-F1 over all held-out documents, of one less those of the other."""
    accuracy = float(np.trace(one.confusion) - np.trace(base.confusion)) / len(base.predicted)
    return accuracy, float(macro_f1(one.confusion) - macro_f1(base.confusion))


def _bootstrap(one: Result, base: Result, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """float64 (draws,) twice: differences in accuracy and macro-F1 when documents are drawn with replacement.

    Documents with the same class and the same two answers are alike, so what is drawn is how many of each kind come.
    """
    k, random, parts = len(base.sample.classes), np.random.default_rng(seed), []
    answers = np.stack([base.sample.targets, one.predicted, base.predicted])
    kinds, number = np.unique(answers, axis=1, return_counts=True)
    right = (kinds[1] == kinds[0]).astype(np.int64) - (kinds[2] == kinds[0])
    step = max(1, CELLS // len(number))
    for begin in range(0, draws, step):
        drawn = random.multinomial(number.sum(), number / number.sum(), min(step, draws - begin))  # (draws, kinds)
        f1 = [_drawn_f1(drawn.astype(np.float64), kinds[0], named, k) for named in kinds[1:]]
        parts.append((drawn @ right / number.sum(), f1[0] - f1[1]))
    accuracy, difference = (np.concatenate(part) for part in zip(*parts))
    return accuracy, difference


def _drawn_f1(drawn: np.ndarray, true: np.ndarray, named: np.ndarray, k: int) -> np.ndarray:
    """float64 (draws,): macro-F1, as `macro_f1` has it, of kinds of documents drawn so often, float (draws, kinds)."""
    classes = np.arange(k)
    is_so, is_named = true[:, None] == classes, named[:, None] == classes
    right, of_both = drawn @ (is_so & is_named), drawn @ (is_so.astype(np.int64) + is_named)
    each = np.divide(2 * right, of_both, out=np.zeros(right.shape), where=of_both > 0)
    return each.sum(axis=1) / np.maximum((of_both > 0).sum(axis=1), 1)


def mcnemar(one: int, other: int) -> float:
    """p of one : other discordant pairs when both are equally likely, two-sided and exact (McNemar 1947)."""
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(one, other), one + other, 0.5))) if one + other else 1.0


def holm(p: np.ndarray) -> np.ndarray:
    """float64 (n,): p-values for all n tests at once (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return adjusted
