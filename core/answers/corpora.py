"""What can be asked of a corpus: its numbers, a word in its contexts, what goes with it, where it is used, what is key.

Each function takes the store and JSON, and answers with arrays and facts; tables travel as facts, a list a column.
"""

from collections.abc import Generator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.corpus import Corpus
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

    from core.store import Store

Answered = tuple[dict[str, np.ndarray], dict[str, Any]]
Steps = Generator[Any, None, Answered]
MOST_LINES = 20_000  # of a download


def opened(store: "Store", corpus_id: str) -> Corpus:
    """The corpus, kept open from question to question: what is read off it is kept with it. Problem if it is gone."""
    row = store.corpus_row(corpus_id)
    if row is None or row.state != "ready":
        return store.corpus(corpus_id)
    return _kept(store.corpus_folder(corpus_id))


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Corpus:
    return Corpus.open(folder)


def overview(store: "Store", corpus_id: str) -> Steps:
    """Growth, lengths and languages, duplicates, columns and richness; see `core.explore.overview` and `inventory`."""
    from core.explore import inventory
    from core.explore import overview as numbers

    corpus = opened(store, corpus_id)
    yield marked("Counting new words")
    growth = yield from _part(numbers.growth(corpus), 0.0, 0.3)
    richness = yield from _part(numbers.richness(corpus), 0.3, 0.5)
    zipf = numbers.zipf_fit(numbers.type_counts(corpus))
    yield marked("Measuring documents")
    lengths = numbers.lengths(corpus)
    languages = inventory.languages(corpus)
    yield marked("Looking for duplicates")
    twins = yield from _part(inventory.duplicates(corpus), 0.5, 1.0)
    arrays = {"tokens": growth.tokens, "types": growth.types}
    for unit, measured in lengths.items():
        arrays |= {f"{unit}_edges": measured.edges, f"{unit}_counts": measured.counts}
    facts = {
        "growth": _scalars(growth), "zipf": _scalars(zipf), "richness": _scalars(richness),
        "lengths": {unit: _scalars(measured) for unit, measured in lengths.items()},
        "languages": asdict(languages),
        "duplicates": {"n": twins.n, "empty": twins.empty, "repeated": twins.repeated, "nearly": twins.nearly,
                       "groups": table(twins.groups())},
        "columns": inventory.columns(corpus).to_dict("records"),
    }  # fmt: skip
    return arrays, plain(facts)


def concordance(store: "Store", corpus_id: str, query: str, mode: str = "words", **how: Any) -> Steps:
    """A page of lines; see `core.explore.concordance.concordance`. left_runs and right_runs: [text, type or -1], …

    only: (column, value), the documents to look in; all of them without it.
    """
    from core.explore import concordance as lines
    from core.explore.query import parse

    corpus = opened(store, corpus_id)
    yield marked("Looking up")
    how |= {"within": _within(corpus, how.pop("only", ()))}
    found = lines.concordance(corpus, parse(corpus, query, mode), **how)
    window, rows = int(how.get("window", 8)), found.lines.to_dict("records")
    for row in rows:
        low, high = (int(place) for place in corpus.offsets[row["document"] : row["document"] + 2])
        first, after = int(row["position"]), int(row["position"] + row["length"])
        row["left_runs"] = _runs(corpus, row["left"], max(low, first - window), first)
        row["right_runs"] = _runs(corpus, row["right"], after, min(high, after + window))
    return {}, plain({"hits": found.hits, "documents": found.documents, "lines": rows})


def _within(corpus: Corpus, only: Sequence[str]) -> np.ndarray | None:
    """int64: the documents with this value in this column; None for all."""
    if not only:
        return None
    column, value = only
    if column not in corpus.table.columns:
        known = ", ".join(map(str, corpus.table.columns)) or "-"
        raise Problem("There is no column {name}; there are: {known}.", name=column[:80], known=known)
    return np.flatnonzero((corpus.table[column].fillna("").astype(str) == value).to_numpy())


def _runs(corpus: Corpus, text: str, first: int, last: int) -> list[tuple[str, int]]:
    """A text cut into the tokens first..last that it was made of, and what stands between them."""
    folded = text.lower() if corpus.facts["lowercase"] else text
    if len(folded) != len(text):
        folded = text
    runs, done = [], 0
    for token in corpus.tokens[first:last].tolist():
        word = corpus.index.word(token)
        begin = folded.find(word, done)
        if begin < 0:
            continue
        runs += [(text[done:begin], -1), (text[begin : begin + len(word)], token)]
        done = begin + len(word)
    return [run for run in [*runs, (text[done:], -1)] if run[0]]


def all_lines(store: "Store", corpus_id: str, query: str, mode: str = "words", **how: Any) -> Steps:
    """Every line up to MOST_LINES, for a file."""
    import pandas as pd

    from core.explore import concordance as lines
    from core.explore.query import parse

    corpus = opened(store, corpus_id)
    yield marked("Looking up")
    parts = []
    how |= {"within": _within(corpus, how.pop("only", ()))}
    for part in lines.all_lines(corpus, parse(corpus, query, mode), **how, limit=MOST_LINES):
        parts.append(part)
        yield len(parts) * 2000 / MOST_LINES
    return {}, {"table": table(pd.concat(parts, ignore_index=True))}


def occurrences(store: "Store", corpus_id: str, text: str) -> Steps:
    """How often a text is a word, stands inside longer words, and across them."""
    from core.explore.occurrences import occurrences as counted

    corpus = opened(store, corpus_id)
    yield marked("Looking up")
    return {}, plain(asdict(counted(corpus, text)))


def collocations(store: "Store", corpus_id: str, query: str, mode: str = "words", **how: Any) -> Steps:
    """The words that stand near a query's hits; see `core.explore.collocations`."""
    from core.explore.collocations import collocations as near
    from core.explore.concordance import positions
    from core.explore.query import parse

    corpus = opened(store, corpus_id)
    yield marked("Counting neighbours")
    places, lengths = positions(corpus, parse(corpus, query, mode))
    found = yield from near(corpus, places, length=lengths, **how)
    return {}, {"table": table(found), "hits": len(places)}


def pairs(store: "Store", corpus_id: str, **how: Any) -> Steps:
    """The strongest pairs of words side by side."""
    from core.explore.collocations import pairs as strongest

    yield marked("Counting pairs")
    found = yield from strongest(opened(store, corpus_id), **how)
    return {}, {"table": table(found)}


def trends(
    store: "Store",
    corpus_id: str,
    queries: Sequence[str],
    by: str = "segments",
    segments: int = 20,
    column: str = "",
    mode: str = "words",
) -> Steps:
    """How often each query is met along the corpus, how evenly, and the strips of the first one's barcode."""
    from core.explore import trends as along
    from core.explore.concordance import positions
    from core.explore.query import parse

    corpus = opened(store, corpus_id)
    yield marked("Counting along the corpus")
    found, missing = {}, []
    for query in queries:
        try:
            found[query] = positions(corpus, parse(corpus, query, mode))[0]
        except Problem as problem:
            missing.append(problem.to_dict())
    if not found:
        return {}, {"missing": missing}
    frame = along.trends(corpus, found, by, segments=segments, column=column)  # type: ignore[arg-type]
    yield 0.7
    spread = {query: asdict(along.dispersion(corpus, places)) for query, places in found.items()}
    first = next(iter(found))
    facts = {"table": table(frame), "spread": spread, "missing": missing, "first": first,
             "barcode": table(along.barcode(corpus, found[first])),
             "names": along.document_names(corpus)[:2000]}  # fmt: skip
    return {}, plain(facts)


def keyness(
    store: "Store",
    corpus_id: str,
    other_id: str = "",
    column: str = "",
    values: Sequence[str] = (),
    other_values: Sequence[str] = (),
    min_count: int = 5,
    min_documents: int = 1,
) -> Steps:
    """What marks a corpus against another, or one group of its documents (by a column's values) against another or,
    without other_values, the rest; see `core.explore.keyness`. Both ends of the table, up to 1000 words each."""
    from core.explore import keyness as key

    yield marked("Counting words")
    corpus = opened(store, corpus_id)
    if other_id:
        other = opened(store, other_id)
        key.check_comparable(corpus, other)
        one = yield from _part(key.side(corpus), 0.0, 0.4)
        two = yield from _part(key.side(other), 0.4, 0.8)
    else:
        chosen, rest = _groups(corpus, column, values, other_values)
        one = yield from _part(key.side(corpus, chosen), 0.0, 0.4)
        two = yield from _part(key.side(corpus, rest), 0.4, 0.8)
    found = key.keyness(one, two, min_count=min_count, min_documents=min_documents)
    ends = found if len(found) <= 2000 else found.iloc[[*range(1000), *range(len(found) - 1000, len(found))]]
    facts = {"table": table(ends), "words": len(found), "key": int(found["key"].sum()),
             "tokens": [one.n_tokens, two.n_tokens], "documents": [one.n_documents, two.n_documents]}  # fmt: skip
    return {}, plain(facts)


def _groups(
    corpus: Corpus, column: str, values: Sequence[str], other_values: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """bool (documents,) twice: the documents with one of these values, and those that they are compared with."""
    if column not in corpus.table.columns:
        known = ", ".join(map(str, corpus.table.columns)) or "-"
        raise Problem("There is no column {name}; there are: {known}.", name=column[:80], known=known)
    cells = corpus.table[column].fillna("").astype(str)
    chosen = cells.isin(list(values)).to_numpy()
    rest = cells.isin(list(other_values)).to_numpy() if other_values else ~chosen
    if not chosen.any() or not rest.any():
        raise Problem("One side holds no documents: choose a value that some documents have and others have not.")
    return chosen, rest


def table(frame: "pd.DataFrame") -> dict[str, list[Any]]:
    """A table as JSON: a list a column."""
    return {str(name): plain(frame[name].tolist()) for name in frame.columns}


def _part(steps: Generator[Any, None, Any], begin: float, end: float) -> Generator[Any, None, Any]:
    """A part of a longer work: its share done as the share of the whole."""
    while True:
        try:
            step = next(steps)
        except StopIteration as last:
            return last.value
        yield begin + (end - begin) * step if isinstance(step, float) else step


def _scalars(record: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if not isinstance(value, np.ndarray)}


def plain(value: Any) -> Any:
    """Numbers of numpy as numbers of Python, what is not a number as None."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
