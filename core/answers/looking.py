"""What is drawn of a transformer's attention over one text: all heads at once in few bytes, and one head in full."""

import weakref
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from core.problem import Problem, marked

EXACT = 250_000  # weights that are sent as they are
MOST_BYTES = 3_500_000  # of all heads, a byte a weight
SMALL = 48  # rows and columns of a head in a grid of maps that are too large to be sent whole
Answered = tuple[dict[str, np.ndarray], dict[str, Any]]
_last: tuple[Any, tuple, dict[str, np.ndarray]] | None = None  # the text that was read last, for its other heads


def looked(
    encoder: Any, first: str, second: str | None = None, begin: int = 0, whole: bool = False, specials: bool = True,
    renormalise: bool = False, pair: str = "all", most: int = MOST_BYTES,
) -> Generator[Any, None, Answered]:  # fmt: skip
    """All heads, layer means and the mean of all, over a text; see `core.explore.attention` for the choices.

    Arrays: rows (R,) and columns (C,), of the units; maps (M, R C); step float32 (M, R), where they are rounded.
    Facts: names, special, segment of the units; layers, heads, causal, window; kind: "exact" (maps float32), "rounded"
    (maps uint8, times the step of their row) or "small" (as rounded, but the largest weight of every block, `shape`).
    most: bytes that the maps may take.
    """
    from core.explore import attention as ways

    yield marked("Reading the text")
    reading = _read(encoder, (first, second, begin))
    found, rows, columns = _chosen(reading, whole, specials, pair)
    maps = ways.with_means(
        ways.part(ways.between_units(reading["attention"], found.of), rows, columns, renormalise)
    )  # (M, R, C)
    facts = {
        "names": found.names, "special": found.special.tolist(), "segment": found.segment.tolist(),
        "layers": reading["attention"].shape[0], "heads": reading["attention"].shape[1],
        "causal": ways.causal(reading["attention"]), "window": reading["window"].tolist(),
    }  # fmt: skip
    arrays, kind = _packed(maps, most)
    facts |= {"kind": kind, "shape": [int(size) for size in arrays["maps"].shape[1:]]}
    arrays["maps"] = arrays["maps"].reshape(len(maps), -1)
    return {"rows": rows.astype(np.int32), "columns": columns.astype(np.int32), **arrays}, facts


def one_head(
    encoder: Any, first: str, second: str | None = None, begin: int = 0, whole: bool = False, specials: bool = True,
    renormalise: bool = False, pair: str = "all", layer: int = -1, head: int = -1, parts: bool = False,
) -> Generator[Any, None, Answered]:  # fmt: skip
    """One head in full: weights float32 (R, C). head -1: the mean of its layer; layer -1: the mean of all.

    parts: also query, key and value, float32 (P, d / H), of the pieces, whose names are the facts' `pieces`, and
    attention float32 (P, P) between them.
    """
    from core.explore import attention as ways

    yield marked("Reading the text")
    reading = _read(encoder, (first, second, begin), parts)
    attention = reading["attention"]
    layers, heads = attention.shape[:2]
    if not (-1 <= layer < layers and -1 <= head < heads):
        raise Problem("There is no head {head} in layer {layer}: both are counted from 0.", head=head, layer=layer)
    some = attention if layer < 0 else attention[layer : layer + 1]
    one = some.mean((0, 1)) if head < 0 else some[0, head]
    found, rows, columns = _chosen(reading, whole, specials, pair)
    arrays = {"weights": ways.part(ways.between_units(one, found.of), rows, columns, renormalise)}
    if not parts or layer < 0 or head < 0:
        return arrays, {}
    arrays |= {name: reading[name][layer, head] for name in ("query", "key", "value")}
    return arrays | {"attention": one}, {"pieces": reading["pieces"].tolist()}


def _chosen(reading: dict[str, np.ndarray], whole: bool, specials: bool, pair: str) -> tuple[Any, Any, Any]:
    """Units, and which of them look and are looked at. Raises Problem where none are left."""
    from core.explore import attention as ways

    found = ways.units(reading["pieces"].tolist(), reading["word"], reading["segment"], whole)
    rows, columns = ways.shown(found, specials, pair)
    if not len(rows) or not len(columns):
        raise Problem("Nothing is left to look at: show the special symbols, or both sentences.")
    return found, rows, columns


def _packed(maps: np.ndarray, most: int) -> tuple[dict[str, np.ndarray], str]:
    from core.explore import attention as ways

    if maps.size <= min(EXACT, most // 4):
        return {"maps": maps.astype(np.float32)}, "exact"
    size = min(SMALL, max(4, int((most / len(maps)) ** 0.5)))
    kind, sent = ("rounded", maps) if maps.size <= most else ("small", ways.small(maps, size))
    numbers, step = ways.rounded(sent)
    return {"maps": numbers, "step": step}, kind


def _read(encoder: Any, text: tuple[str, str | None, int], parts: bool = False) -> dict[str, np.ndarray]:
    """What the encoder makes of a text. The last one is kept: its heads are asked for one after another."""
    global _last
    last = _last
    if last is not None and last[0]() is encoder and last[1] == text and (not parts or "query" in last[2]):
        return last[2]
    first, second, begin = text
    reading = encoder.read(first, second, begin=begin, parts=parts)
    kept = ("pieces", "word", "segment", "window", "attention", "query", "key", "value")
    reading = {name: reading[name] for name in kept if name in reading}
    _last = weakref.ref(encoder), text, reading
    return reading


OVER: dict[str, tuple[str, Callable[..., Generator[Any, None, Any]]]] = {  # as in `core.answers.language`
    "looked": ("Reading", looked),
    "one_head": ("Reading", one_head),
}
