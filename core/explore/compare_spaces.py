"""Two spaces on one map: laid upon each other, drawn on one basis, and how far each word has moved between them."""

from collections.abc import Generator
from typing import Any, Literal, NamedTuple

import numpy as np

from core.explore.graph import Step
from core.explore.procrustes import Fit, directions, drift, fit, narrowed, usual_drift, widened
from core.explore.projection import LEAST, ProjectionOptions, project
from core.options import Options, option
from core.problem import Problem, marked

MOST_COMMON = 20_000  # words of both that are laid upon each other and measured, the most frequent ones
Answered = tuple[dict[str, np.ndarray], dict[str, Any]]


class Side(NamedTuple):
    """A space: vectors float (V, d), its V words, and counts (V,), how often each occurs."""

    vectors: np.ndarray
    words: list[str]
    counts: np.ndarray


class CompareOptions(Options):
    """What a person chooses before two spaces are compared."""

    method: Literal["pca", "umap"] = option(
        "pca", "Method", "PCA keeps the widest directions of both spaces together; UMAP keeps neighbourhoods."
    )
    words: int = option(
        1000, "Words", "How many of the most frequent words of both are on the maps.", low=LEAST, high=10_000, step=100
    )
    anchors: int = option(
        10_000, "Anchors",
        "How many of the most frequent words of both are laid upon each other; the other words follow.",
        low=LEAST, high=MOST_COMMON, step=1000,
    )  # fmt: skip
    neighbours: int = option(
        15, "Neighbours (UMAP)",
        "How many words count as a word's neighbourhood: few show detail, many the large picture.",
        low=2, high=200, step=1,
    )  # fmt: skip
    seed: int = option(0, "Seed", "The same seed gives the same map.", low=0, high=2**31 - 1, step=1, advanced=True)


def common(first: Side, second: Side, most: int = MOST_COMMON) -> np.ndarray:
    """int64 (c, 2): the row of each word that both have, in the first and in the second; frequent in both first."""
    places = {word: row for row, word in enumerate(second.words)}
    pairs = [(row, places[word]) for row, word in enumerate(first.words) if word in places]
    rows = np.array(pairs, np.int64).reshape(-1, 2)
    return rows[np.argsort(rows.sum(axis=1), kind="stable")[:most]]


def compare(first: Side, second: Side, options: CompareOptions) -> Generator[Step, None, Answered]:
    """Lay the first space upon the second, measure every word both have, and draw the first `options.words` of them.

    Arrays: rows int64 (c, 2), see `common`; drift float32 (c,), 1 - cosine after the turn; usual float32 (c,), the
    median drift of words so frequent; before and after float32 (n, 2), the places of the first n words on one basis.
    Facts: common, n, anchors, residual, cosine, held_out, shuffled (see `Fit`), dimensions (of both), explained, kept
    and chance (see `project`). Raises Problem where both have too few words in common.
    """
    yield marked("Laying the spaces upon each other")
    rows = common(first, second)
    if len(rows) < LEAST:
        raise Problem(
            "These two have {n} words in common; {least} are needed. Choose two runs of one language and tokeniser.",
            n=len(rows), least=LEAST,
        )  # fmt: skip
    one, other = (narrowed(directions(side.vectors[rows[:, i]])) for i, side in enumerate((first, second)))
    one, other = widened(one, other)
    anchors = np.arange(min(options.anchors, len(rows)))
    laid = fit(one, other, anchors, options.seed)
    one = one @ laid.rotation
    moved = drift(one, other)
    usual = usual_drift(moved, -rows.sum(axis=1))
    n = min(options.words, len(rows))
    xy, told = yield from _drawn(one[:n], other[:n], options)
    arrays = {"rows": rows, "drift": moved.astype(np.float32), "usual": usual.astype(np.float32),
              "before": xy[:n], "after": xy[n:]}  # fmt: skip
    return arrays, _facts(laid, rows, n, (first, second), told)


def _drawn(one: np.ndarray, other: np.ndarray, options: CompareOptions) -> Generator[Step, None, Any]:
    """Both spaces' rows on one map, (2 n, 2), the first one's first; and what the map's facts are."""
    both = np.concatenate([one, other]).astype(np.float32)
    how = ProjectionOptions(
        method=options.method, words=len(both), neighbours=options.neighbours, seed=options.seed, metric="cosine"
    )
    steps = project(both, how)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            arrays, facts = end.value
            return arrays["xy"], facts
        if isinstance(step, dict):
            xy = step["xy"]
            yield {"before": xy[: len(one)], "after": xy[len(one) :]}
        else:
            yield step


def _facts(laid: Fit, rows: np.ndarray, n: int, sides: tuple[Side, Side], told: dict[str, Any]) -> dict[str, Any]:
    return {
        "common": len(rows), "n": n, "anchors": laid.anchors, "residual": laid.residual, "cosine": laid.cosine,
        "held_out": laid.held_out, "shuffled": laid.shuffled,
        "dimensions": [side.vectors.shape[1] for side in sides],
        "explained": told["explained"], "kept": told["kept"], "chance": told["chance"], "k": told["k"],
    }  # fmt: skip
