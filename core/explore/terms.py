"""Weights of terms, shown: the arithmetic of one weight, a document's words tinted, a score taken apart by terms."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

STRONGEST = 0.95  # quantile of a page's weights from which words have the full tint

Run = list[Any]  # text, its type or -1, a tint of 0 to 1, and 1 for a hit or 2 for the place looked at


def arithmetic(explained: Mapping[str, Any], narrow: bool = False) -> str:
    """LaTeX lines, with the numbers of `TermRankings.explain`: tf, idf, norm, and the weight that they make.

    narrow: symbols and numbers stand one under the other.
    """
    formulas, worked = explained["formulas"], explained["worked"]
    names = {"tf": r"\mathrm{tf}", "idf": r"\mathrm{idf}", "norm": r"\mathrm{norm}"}
    lines = [_line(name, formulas[part], worked[part], explained[part], narrow) for part, name in names.items()]
    tf, idf, norm = (figures(explained[part]) for part in names)
    return _aligned([*lines, rf"w &= \frac{{{tf} \cdot {idf}}}{{{norm}}} = \mathbf{{{figures(explained['weight'])}}}"])


def group_arithmetic(row: Mapping[str, Any]) -> str:
    """LaTeX lines of one weight of class-based TF-IDF (Grootendorst 2022, equation 3).

    row: count f(t, c), length |c|, total f(t), mean A, share, inverse, weight.
    """
    share = rf"\frac{{{row['count']}}}{{{row['length']}}}"
    inverse = rf"\ln\left(1 + \frac{{{figures(row['mean'])}}}{{{row['total']}}}\right)"
    return _aligned([
        _line(r"\mathrm{tf}", r"\frac{f_{t,c}}{|c|}", share, row["share"]),
        _line(r"\mathrm{idf}", r"\ln\left(1 + \frac{A}{f_t}\right)", inverse, row["inverse"]),
        rf"w &= {figures(row['share'])} \cdot {figures(row['inverse'])} = \mathbf{{{figures(row['weight'])}}}",
    ])  # fmt: skip


def _line(name: str, formula: str, worked: str, value: float, narrow: bool = False) -> str:
    """A quantity in symbols, then with its numbers, then what it comes to; what says the same is said once."""
    steps = [*dict.fromkeys((formula, worked, figures(value)))]
    if narrow and len(steps) == 3:
        steps[:2] = [rf"{steps[0]} \\ &= {steps[1]}"]
    return rf"{name} &= " + " = ".join(steps)


def _aligned(lines: Sequence[str]) -> str:
    return r"\begin{aligned}" + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def figures(value: float) -> str:
    """A number in LaTeX with four figures, of large ones six; whole numbers whole.

    >>> figures(0.0000123456)
    '1.235 \\\\cdot 10^{-5}'
    """
    number = float(value)
    if number.is_integer() and abs(number) < 1e9:
        return str(int(number))
    mantissa, _, exponent = f"{number:.{6 if abs(number) >= 1000 else 4}g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def tinted(runs: Sequence[Sequence[Any]], weights: Mapping[int, float], marked: Sequence[int] = ()) -> list[Run]:
    """Runs of a text with the tint of each word's weight, the strongest twentieth full; marked: types that are hits.

    runs: text and type of each, -1 for what stands between words. Hits have no tint, they have a colour of their own;
    the first hit of the first marked type that is there is the place looked at.
    """
    known = [weights[run[1]] for run in runs if weights.get(run[1], 0) > 0]
    most = float(np.quantile(known, STRONGEST)) if known else 1.0
    kinds = [run[1] for run in runs]
    here = next((kinds.index(kind) for kind in marked if kind >= 0 and kind in kinds), -1)
    result = []
    for place, (text, kind, *_) in enumerate(runs):
        hit = kind >= 0 and kind in marked
        tint = 0.0 if hit else round(min(1.0, max(0.0, weights.get(kind, 0.0) / most)), 3)
        result.append([text, kind, tint, 2 if place == here else int(hit)])
    return result


def spelt(text: str, words: Sequence[tuple[str, int]], ids: Mapping[str, int]) -> list[Run]:
    """A text cut into runs at its tokens. words: each token and where it begins; ids: the types that are known."""
    runs: list[Run] = []
    done = 0
    for word, begin in words:
        if begin > done:
            runs.append([text[done:begin], -1, 0, 0])
        done = max(done, begin) + len(word)
        runs.append([text[begin:done], ids.get(word, -1), 0, 0])
    return [run for run in [*runs, [text[done:], -1, 0, 0]] if run[0]]


def parts(documents: np.ndarray, scores: np.ndarray, given: np.ndarray, words: Sequence[str]) -> pd.DataFrame:
    """Documents found, and what each word of the query gives to the score of each.

    documents: int64 (m,), the best first; scores: float (m,); given: float (m, t). A row a document and word that
    gives something: rank (from 1), document, score, word, part.
    """
    rows, columns = np.nonzero(np.asarray(given).reshape(len(documents), len(words)))
    return pd.DataFrame({
        "rank": rows + 1, "document": documents[rows], "score": scores[rows],
        "word": [words[i] for i in columns.tolist()], "part": np.asarray(given)[rows, columns],
    })  # fmt: skip
