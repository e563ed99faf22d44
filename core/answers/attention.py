"""What can be asked of the attention of any transformer over many texts: what each head does on average."""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np

from core.problem import Problem, marked

MOST_TEXTS = 1000
COMPARED = 300  # pieces whose looks are compared head by head
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


def _enough(texts: Sequence[str]) -> None:
    if not 0 < len(texts) <= MOST_TEXTS:
        raise Problem("1 to {most} sentences are asked about; not {count}.", most=MOST_TEXTS, count=len(texts))


# name -> the capability that it needs, and the function of the encoder
OVER = {"head_statistics": ("Reading", head_statistics)}
