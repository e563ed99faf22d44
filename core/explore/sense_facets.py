"""Occurrences narrowed to values of their facets, and how many occurrences each value has.

A filter maps facets to what is kept: "form", "left", "right", "label" and "column:NAME" to texts ("" stands for none),
"capital" to True and False, "document" to numbers, "place" to the least and the greatest, 0 to 1, of the word's place
in its sentence. An occurrence stays if it has one of the values of every facet that is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.explore.matches import Hits
from core.explore.sense_rows import placed
from core.problem import Problem

Keep = Mapping[str, Sequence[Any]]

OF_ROWS = ("form", "capital", "left", "right", "label", "place")  # what the text around an occurrence says
BESIDE = ("left", "right")  # of words, the tokens say these, however many there are
COLUMN = "column:"
MOST_READ = 30_000  # occurrences of which the text around is read to filter by it
MOST_VALUES = 300  # of a facet that are listed


def narrowed(corpus: Corpus, hits: Hits, keep: Keep) -> Hits:
    """The hits that a filter keeps. Raises Problem for a filter that this corpus has not, and for more than 30,000
    occurrences where their text has to be read."""
    read = _read(hits)
    for facet, values in keep.items():
        if facet not in OF_ROWS:
            hits = hits.chosen(_of_documents(corpus, facet, values)[hits.documents])
        elif facet not in read:
            wanted = [-1 if value == "" else corpus.index.find(str(value)) for value in values]
            hits = hits.chosen(np.isin(_beside(corpus, hits, facet), [each for each in wanted if each is not None]))
    told = {facet: values for facet, values in keep.items() if facet in read}
    if not told or not len(hits):
        return hits
    if len(hits) > MOST_READ:
        raise Problem("{n} occurrences are too many to filter by their text, {most} are the limit: filter by document, "
                      "by a column or by a neighbour first, or look for a rarer form.",
                      n=len(hits), most=MOST_READ)  # fmt: skip
    frame, _columns = placed(corpus, hits)
    mask = np.ones(len(hits), bool)
    for facet, values in told.items():
        mask &= _kept(frame, facet, values)
    return hits.chosen(mask)


def _read(hits: Hits) -> tuple[str, ...]:
    """The facets for which the text around has to be read: of a string inside words, the neighbours too."""
    return OF_ROWS if hits.characters is not None else tuple(facet for facet in OF_ROWS if facet not in BESIDE)


def _beside(corpus: Corpus, hits: Hits, facet: str) -> np.ndarray:
    """int64 (n,): the type on one side of each hit of a query of words; -1 at an edge of its sentence."""
    tokens, sentences = np.asarray(corpus.tokens), np.append(np.asarray(corpus.sentences), len(corpus.tokens))
    here = corpus.sentence_of(hits.first)
    low, high = (corpus.offsets[hits.documents + i].astype(np.int64) for i in (0, 1))
    place = hits.first - 1 if facet == "left" else hits.after
    inside = (place >= np.maximum(sentences[here], low)) & (place < np.minimum(sentences[here + 1], high))
    return np.where(inside, tokens.take(np.where(inside, place, 0)).astype(np.int64), -1)


def _of_documents(corpus: Corpus, facet: str, values: Sequence[Any]) -> np.ndarray:
    """bool (documents,): those whose number, or value in a column, is among these."""
    if facet == "document":
        return np.isin(np.arange(len(corpus.documents)), [int(value) for value in values])
    name = facet.removeprefix(COLUMN)
    if not facet.startswith(COLUMN) or name not in corpus.table:
        raise Problem("{facet} is no facet of this corpus: take that filter off.", facet=name[:60])
    return _text(corpus.table[name]).isin([str(value) for value in values]).to_numpy()


def _kept(frame: pd.DataFrame, facet: str, values: Sequence[Any]) -> np.ndarray:
    if facet == "place":
        low, high = (float(value) for value in values)
        return frame["place"].between(low, high).to_numpy()
    return frame[facet].isin([*values]).to_numpy()


def _text(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str)


def counted(corpus: Corpus, hits: Hits, keep: Keep) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of each facet its values, the most frequent first, and how many occurrences have them that all *other* filters
    keep: "values", "counts", and "distinct", of which 300 are listed at most; of "place" ten counts, tenth by tenth.

    Facets for which the text is read are left out where there are more than 30,000 occurrences to read.
    """
    read = _read(hits)
    for facet in ("document", *(f"{COLUMN}{name}" for name in corpus.table.columns)):
        rest = {other: values for other, values in keep.items() if other != facet}
        documents = narrowed(corpus, hits, rest).documents
        values = documents if facet == "document" else _text(corpus.table[facet.removeprefix(COLUMN)]).iloc[documents]
        yield facet, _listed(pd.Series(np.asarray(values)))
    for facet in (facet for facet in BESIDE if facet not in read):
        rest = {other: values for other, values in keep.items() if other != facet}
        types, whose = np.unique(_beside(corpus, narrowed(corpus, hits, rest), facet), return_inverse=True)
        words = np.array([corpus.index.word(int(each)) if each >= 0 else "" for each in types], object)
        yield facet, _listed(pd.Series(words[whose], dtype=object))
    outer = narrowed(corpus, hits, {facet: values for facet, values in keep.items() if facet not in read})
    if len(outer) > MOST_READ:
        return
    frame, _columns = placed(corpus, outer)
    masks = {facet: _kept(frame, facet, values) for facet, values in keep.items() if facet in read}
    for facet in read:
        others = [mask for other, mask in masks.items() if other != facet]
        column = frame[facet][np.logical_and.reduce(others) if others else slice(None)]
        if facet == "place":
            tenths = np.minimum(9, (10 * column.to_numpy()).astype(int))
            yield facet, {"values": [], "counts": np.bincount(tenths, minlength=10).tolist(), "distinct": 10}
        elif facet != "label" or (frame["label"] != "").any():
            yield facet, _listed(column)


def _listed(column: pd.Series) -> dict[str, Any]:
    counts = column.value_counts()
    order = sorted(range(len(counts)), key=lambda i: (-counts.iloc[i], str(counts.index[i])))[:MOST_VALUES]
    return {"values": [counts.index[i] for i in order], "counts": [int(counts.iloc[i]) for i in order],
            "distinct": len(counts)}  # fmt: skip
