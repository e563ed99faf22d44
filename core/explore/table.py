"""What a person selected on a map, as a table and as files that other programs read."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(
    indices: Sequence[int] | np.ndarray,
    words: Sequence[str],
    counts: np.ndarray | None = None,
    clusters: Sequence[str] | None = None,
    xy: np.ndarray | None = None,
) -> pd.DataFrame:
    """The words at indices: columns word, rank (1 is the most frequent), and what is given of count, cluster, x, y, z.

    clusters: the name of each word's cluster; xy: float (n, 2 or 3); both reach as far as the map does.
    """
    chosen = np.asarray(indices, np.int64)
    columns: dict[str, object] = {"word": [words[i] for i in chosen], "rank": chosen + 1}
    if counts is not None:
        columns["count"] = np.asarray(counts)[chosen]
    if clusters is not None:
        columns["cluster"] = [clusters[i] for i in chosen]
    if xy is not None:
        columns |= {name: xy[chosen, axis] for axis, name in zip(range(xy.shape[1]), "xyz")}
    return pd.DataFrame(columns)


def to_csv_safe(frame: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark, so that spreadsheets read every script.

    A text that a spreadsheet would take for a formula (it begins with = + - @) gets an apostrophe before it; numbers
    and all other words are kept as they are.
    """
    safe = frame.rename(columns=_inert)
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(column):
            safe.isetitem(place, [_inert(value) for value in column])
    return safe.to_csv(index=False).encode("utf-8-sig")


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def vectors_tsv(indices: Sequence[int] | np.ndarray, words: Sequence[str], vectors: np.ndarray) -> bytes:
    """One line a word: the word, then its vector's numbers, with tabs between (quoted where a word holds one)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for i in np.asarray(indices, np.int64):
        writer.writerow([words[i], *(np.format_float_positional(value, trim="-") for value in vectors[i])])
    return out.getvalue().encode("utf-8")
