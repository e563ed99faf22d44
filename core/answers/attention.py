"""What can be asked of the attention of any transformer: what each head does on average, and whether it explains."""

import gzip
import lzma
import math
import time
import zlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.explore.attention_flow import difference, flow, interval, joined, rollout, spearman
from core.problem import Problem, marked

MOST_TEXTS = 1000
LONGEST_FLOW, SHORT_FLOW = 40, 20  # pieces of one text, and of each of many, whose flow is measured
PROFILED = 60  # texts of which it is measured how far heads look
COMPARED = 300  # pieces whose looks are compared head by head
LONGEST = 32 << 20  # bytes of a file of parsed sentences, unpacked
SAMPLES = Path(__file__).parents[2] / "assets" / "parsing"
Answered = tuple[dict[str, np.ndarray], dict[str, Any]]


def head_statistics(encoder: Any, texts: Sequence[str], seed: int = 0) -> Generator[Any, None, Answered]:
    """See `core.explore.attention_heads`. Arrays: float (L, H) of each measure; xy (L H, 2), the heads laid out by
    Jensen-Shannon distance; divergence (L H, L H). Facts: texts, pieces, even (a head that looks evenly), names (one a
    head, a list a layer), kept, compared."""
    from core.explore.attention_heads import Statistics, divergences, nicknames, placed

    _enough(texts)
    yield marked("Reading the sentences")
    statistics, looks, draw = Statistics(), list[np.ndarray](), np.random.default_rng(seed)
    each = -(-COMPARED // len(texts))
    for number, text in enumerate(texts):
        told = encoder.read(text)
        attention = told["attention"]
        heads, n = attention.shape[:2], attention.shape[-1]
        flat = attention.reshape(-1, n, n)
        statistics.add(flat, told["pieces"].tolist(), told["special"])
        looks += [flat[:, row] for row in draw.choice(n, min(n, each), replace=False)]
        yield 0.6 * (number + 1) / len(texts)
    yield marked("Comparing the heads")
    looks, total = looks[:COMPARED], np.zeros((len(flat), len(flat)))
    for number, divergence in enumerate(divergences(looks)):
        total += divergence
        yield 0.6 + 0.4 * (number + 1) / len(looks)
    xy, kept = placed(total / len(looks))
    table, even = statistics.table()
    names = np.array(nicknames(table)).reshape(heads).tolist()
    arrays = {name: value.reshape(heads) for name, value in table.items()}
    facts = {"texts": len(texts), "pieces": statistics.rows, "even": even, "names": names, "kept": kept,
             "compared": len(looks)}  # fmt: skip
    return arrays | {"xy": xy, "divergence": total / len(looks)}, facts


def explained(encoder: Any, text: str, at: int | None = None) -> Generator[Any, None, Answered]:
    """One guess and the pieces it may be due to; see `core.explore.attention_flow` and `Workings.influence`.

    Arrays: raw, rollout and, of short texts, flow, float64 (L, P), from the piece where it is guessed; blank, slope
    float (P,); compared, special, word (P,). Facts: pieces, place, guess, chance, n (how many pieces are compared),
    spearman: kind -> {"blank", "slope"} -> L numbers or None.
    """
    yield marked("Reading the text")
    told = encoder.influence(text, at)
    kinds = _kinds(told["attention"], told["place"])
    if len(told["blank"]) <= LONGEST_FLOW:
        kinds["flow"] = yield from _flow(told["attention"], told["place"])
    spearman = {kind: _agreement(layers, told) for kind, layers in kinds.items()}
    arrays = kinds | {name: told[name] for name in ("blank", "slope", "compared", "special", "word")}
    facts = {"pieces": told["pieces"].tolist(), "place": told["place"], "guess": told["guess"],
             "chance": told["chance"], "n": int(told["compared"].sum()),
             "spearman": {kind: {name: [_number(x) for x in row] for name, row in each.items()}
                          for kind, each in spearman.items()}}  # fmt: skip
    return arrays, facts


def _kinds(attention: np.ndarray, place: int) -> dict[str, np.ndarray]:
    """The heads' mean and rollout, (L, P) each, of the piece at a place."""
    layers = joined(attention)
    return {"raw": attention.astype(np.float64).mean(1)[:, place], "rollout": rollout(layers)[:, place]}


def _flow(attention: np.ndarray, place: int) -> Generator[Any, None, np.ndarray]:
    yield marked("Measuring the flow")
    layers, found = joined(attention), []
    for layer in range(len(layers)):
        found.append(flow(layers, place, layer))
        yield (layer + 1) / len(layers)
    return np.stack(found)


def _agreement(layers: np.ndarray, told: dict[str, Any]) -> dict[str, list[float]]:
    """Spearman of every layer's weights with what blanking and the gradient say, over the pieces compared."""
    some = told["compared"]
    return {name: [spearman(layer[some], told[name][some]) for layer in layers] for name in ("blank", "slope")}


def explained_over(encoder: Any, texts: Sequence[str]) -> Generator[Any, None, Answered]:
    """`explained` of one guess in each of many texts. Arrays: KIND_NAME float64 (L, 4): the mean Spearman of a layer,
    the ends of its interval, and of how many texts; KIND raw or rollout, and flow where the texts are short; NAME blank
    or slope. Facts: texts, pieces (mean of those compared), flowed."""
    _enough(texts)
    yield marked("Asking why, sentence by sentence")
    found: dict[str, list[list[float]]] = {}
    compared, flowed = 0, 0
    for number, text in enumerate(texts):
        told = encoder.influence(text)
        kinds = _kinds(told["attention"], told["place"])
        if len(told["blank"]) <= SHORT_FLOW:
            layers = joined(told["attention"])
            kinds["flow"] = np.stack([flow(layers, told["place"], layer) for layer in range(len(layers))])
            flowed += 1
        for kind, weights in kinds.items():
            for name, row in _agreement(weights, told).items():
                found.setdefault(f"{kind}_{name}", []).append(row)
        compared += int(told["compared"].sum())
        yield (number + 1) / len(texts)
    arrays = {name: np.array([interval(layer) for layer in np.array(rows).T]) for name, rows in found.items()}
    return arrays, {"texts": len(texts), "pieces": compared / len(texts), "flowed": flowed}


def lesions(encoder: Any, texts: Sequence[str], seed: int = 0) -> Generator[Any, None, Answered]:
    """Each head switched off alone. Arrays: change, low, high float64 (L, H): nats more a guess, the mean over the
    guesses of all texts, with the interval over texts. Facts: loss (of the whole network), guesses, texts."""
    _enough(texts)
    yield marked("Reading with all heads")
    whole = yield from _share(encoder.losses(texts, seed=seed), 0.0, 0.02)
    heads = encoder.read(texts[0])["attention"].shape[:2]
    change, spread = np.zeros(heads), np.zeros(heads)
    yield marked("Switching off head by head")
    for number, (layer, head) in enumerate(np.ndindex(heads)):
        steps = encoder.losses(texts, heads_off=[(layer, head)], seed=seed)
        without = yield from _share(steps, 0.02 + 0.98 * number / change.size, 0.02 + 0.98 * (number + 1) / change.size)
        change[layer, head], spread[layer, head] = difference(without, whole)
    arrays = {"change": change, "low": change - spread, "high": change + spread}
    return arrays, {"loss": _mean(whole), "guesses": int(whole[:, 1].sum()), "texts": len(texts)}


def lesioned(
    encoder: Any, texts: Sequence[str], heads_off: Sequence[tuple[int, int]], seed: int = 0
) -> Generator[Any, None, Answered]:
    """Some heads switched off together. Facts: loss, without (both in nats a guess), change, spread (half of the
    interval over texts), guesses, texts; once: the seconds of one reading."""
    _enough(texts)
    yield marked("Reading with all heads")
    whole = yield from _share(encoder.losses(texts, seed=seed), 0.0, 0.5)
    began = time.monotonic()
    without = yield from _share(encoder.losses(texts, heads_off=heads_off, seed=seed), 0.5, 1.0)
    change, spread = difference(without, whole)
    return {}, {"loss": _mean(whole), "without": _mean(without), "change": change, "spread": _number(spread),
                "guesses": int(whole[:, 1].sum()), "texts": len(texts), "once": time.monotonic() - began}  # fmt: skip


def positions(encoder: Any, texts: Sequence[str], seed: int = 0) -> Generator[Any, None, Answered]:
    """What the positions carry. Facts: cases: normal, unplaced, shuffled, both -> loss, change (from normal) and
    spread; guesses, texts. Arrays placed and unplaced, float64 (L, 2 REACH + 1): the mean attention on pieces so far
    away, from REACH before to REACH behind, over the pieces that have one there."""
    from core.explore.attention_flow import REACH, Profile

    _enough(texts)
    yield marked("Reading with and without positions, in order and shuffled")
    cases: dict[str, dict[str, Any]] = {
        "normal": {}, "unplaced": {"placed": False}, "shuffled": {"shuffled": True},
        "both": {"placed": False, "shuffled": True},
    }  # fmt: skip
    losses = {}
    for number, (name, how) in enumerate(cases.items()):
        steps = encoder.losses(texts, seed=seed, **how)
        losses[name] = yield from _share(steps, 0.15 * number, 0.15 * (number + 1))
    yield marked("Measuring how far the heads look")
    profiles = {"placed": Profile(REACH), "unplaced": Profile(REACH)}
    some = texts[:PROFILED]
    for number, text in enumerate(some):
        for name, profile in profiles.items():
            told = encoder.lens(text, placed=name == "placed", k=1)
            profile.add(told["attention"].mean(1))
        yield 0.6 + 0.4 * (number + 1) / len(some)
    told = {}
    for name, found in losses.items():
        change, spread = difference(found, losses["normal"])
        told[name] = {"loss": _mean(found), "change": change, "spread": _number(spread)}
    guesses = int(losses["normal"][:, 1].sum())
    return {name: profile.mean() for name, profile in profiles.items()}, {"cases": told, "guesses": guesses,
                                                                          "texts": len(texts)}  # fmt: skip


def parser(encoder: Any, path: str = "", name: str = "", sample: str = "") -> Generator[Any, None, Answered]:
    """Which head looks at the syntactic head of words; see `core.explore.attention_parser`. path: of a CoNLL-U file,
    plain or compressed, called `name`; else sample: the language of the one that ships. Facts: rows, a dict each,
    sentences, left_out (too long), unknown: the share of words that the run does not know, relations."""
    from core.encoders.networks.pieces import between_words
    from core.explore.attention_parser import Parsing, read_conllu

    yield marked("Reading the file")
    parsed = read_conllu(_lines(Path(path) if path else SAMPLES / f"{sample}-sample.conllu", name), name or sample)
    parsing, left_out, unknown, words = Parsing(), 0, 0, 0
    yield marked("Reading the sentences")
    for number, each in enumerate(parsed):
        parts = [encoder.vocab.tokenize(word) or [word] for word in each.words]
        whose = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        if len(whose) <= encoder.room and len(each.words) > 1:
            tokens = [piece for part in parts for piece in part]
            unknown += sum(piece not in encoder.vocab for piece in tokens)
            words += len(tokens)
            parsing.add(between_words(encoder.attention(tokens), whose, len(parts)), each)
        else:
            left_out += 1
        yield (number + 1) / len(parsed)
    if not words:
        raise Problem("No sentence of {name} fits into the {context} pieces that this run sees.", name=name or sample,
                      context=encoder.room)  # fmt: skip
    return {}, {"rows": parsing.table(), "sentences": parsing.sentences, "left_out": left_out,
                "unknown": unknown / words, "relations": len(parsing.counts) - 1}  # fmt: skip


def _lines(path: Path, name: str) -> list[str]:
    """The lines of a file, as it is or compressed by gzip or xz. Raises Problem where it is too large or no text."""
    opened: Any = gzip.open if name.endswith(".gz") else lzma.open if name.endswith(".xz") else open
    try:
        with opened(path, "rb") as file:
            data = file.read(LONGEST + 1)
        text = bytes(data).decode("utf-8")
    except (OSError, EOFError, lzma.LZMAError, zlib.error, UnicodeDecodeError) as error:
        raise Problem("{name} is no text in UTF-8, or damaged: bring a CoNLL-U file.", name=name) from error
    if len(data) > LONGEST:
        raise Problem("{name} is larger than {most} MB when unpacked: bring a part of it.", name=name,
                      most=LONGEST >> 20)  # fmt: skip
    return text.split("\n")


def _share(steps: Generator[float, None, np.ndarray], low: float, high: float) -> Generator[float, None, np.ndarray]:
    """These steps as a share of a longer work."""
    while True:
        try:
            yield low + (high - low) * next(steps)
        except StopIteration as end:
            found: np.ndarray = end.value
            return found


def _mean(losses: np.ndarray) -> float:
    """Nats a guess of (n, 2): the nats and the guesses of each text."""
    return float(losses[:, 0].sum() / max(1, losses[:, 1].sum()))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _enough(texts: Sequence[str]) -> None:
    if not 0 < len(texts) <= MOST_TEXTS:
        raise Problem("1 to {most} sentences are asked about; not {count}.", most=MOST_TEXTS, count=len(texts))


# name -> the capability that it needs, and the function of the encoder
OVER: dict[str, tuple[str, Callable[..., Generator[Any, None, Answered]]]] = {
    "head_statistics": ("Reading", head_statistics),
    "guess_explained": ("Workings", explained),
    "explained_over": ("Workings", explained_over),
    "lesions": ("Workings", lesions),
    "lesioned": ("Workings", lesioned),
    "positions": ("Workings", positions),
    "parser": ("Attention", parser),
}
