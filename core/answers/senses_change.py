"""One word in two corpora by one run: how far its uses lie apart, both in one picture, and what is typical of each."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np

from core.answers.corpora import Steps, plain
from core.answers.senses import Source, held, occurrences
from core.explore.graph import within
from core.problem import Problem, marked


def sense_change(
    source: Source, word: Mapping[str, Any], other: Mapping[str, Any], documents: bool = False, seed: int = 0
) -> Steps:
    """Arrays xy float32 (n + m, S, 2), those of `word` first, in frames that both share, not numbers without a token;
    explained (S,). Facts: first and second (how many have a vector), unread (of how many the word was never learned),
    deals, layers: a row a layer with apd, prt, cosine, excess, first_within, second_within and, of each of
    `core.explore.sense_change.MEASURES`, _mean, _low, _high, _p.

    word, other: the arguments of `core.answers.senses.occurrences`. documents: whether whole ones are dealt out.
    """
    from core.explore.sense_change import DEALS, changed
    from core.explore.sense_layout import frames

    vectors, second, known, unread = yield from _both(source, word, other)
    yield marked("Dealing the corpora out anew")
    whose = None
    if documents:
        whose = np.concatenate(
            [occurrences(source.store, **each).frame["document"].to_numpy() for each in (word, other)]
        )
    found = yield from within(
        changed(vectors[known], second[known], None if whose is None else whose[known], DEALS, seed), 0.0, 0.9
    )
    yield marked("Laying out the layers")
    laid = frames(vectors[known])
    xy = laid.places(vectors)
    xy[~known] = np.nan
    facts = {"unread": unread, "first": int((known & ~second).sum()), "second": int((known & second).sum()),
             "layers": _rows(found), "deals": DEALS}  # fmt: skip
    return {"xy": xy, "explained": laid.explained.astype(np.float32)}, plain(facts)


def _both(
    source: Source, word: Mapping[str, Any], other: Mapping[str, Any]
) -> Generator[Any, None, tuple[np.ndarray, np.ndarray, np.ndarray, int]]:
    """The vectors of both, whose they are, whether each is known, and of how many the word was never learned."""
    first = yield from held(source, **word)
    later = yield from held(source, **other)
    vectors, known = (np.concatenate([each.arrays[name] for each in (first, later)]) for name in ("vectors", "known"))
    second = np.repeat([False, True], [len(first.arrays["known"]), len(later.arrays["known"])])
    return vectors, second, known, sum(int(each.facts["unread"]) for each in (first, later))


def _rows(found: Any) -> list[dict[str, float]]:
    from core.explore.sense_change import MEASURES

    real = found.measures
    columns = {"apd": real.apd, "prt": real.prt, "cosine": real.cosine, "excess": real.excess,
               "first_within": real.first, "second_within": real.second}  # fmt: skip
    for name in MEASURES:
        columns |= {f"{name}_{part}": values for part, values in zip(("mean", "low", "high", "p"), found.chance(name))}
    return [{name: float(values[layer]) for name, values in columns.items()} for layer in range(len(real.apd))]


def sense_typical(source: Source, word: Mapping[str, Any], other: Mapping[str, Any], layer: int) -> Steps:
    """Array typical float32 (n + m,), see `core.explore.sense_change.typical`; not a number without a token."""
    from core.explore.sense_change import typical

    vectors, second, known, _unread = yield from _both(source, word, other)
    if not 0 <= layer < vectors.shape[1]:
        raise Problem("There is no layer {layer}; the last is {last}.", layer=layer, last=vectors.shape[1] - 1)
    yield marked("Comparing the groups")
    near = np.full(len(known), np.nan, np.float32)
    near[known] = typical(vectors[known, layer], second[known])
    return {"typical": near}, {}
