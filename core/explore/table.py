"""What a person selected on a map, as a table and as files that other programs read."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd


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


def vectors_tsv(indices: Sequence[int] | np.ndarray, words: Sequence[str], vectors: np.ndarray) -> bytes:
    """One line a word: the word, then its vector's numbers, with tabs between (quoted where a word holds one)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for i in np.asarray(indices, np.int64):
        writer.writerow([words[i], *(np.format_float_positional(value, trim="-") for value in vectors[i])])
    return out.getvalue().encode("utf-8")
