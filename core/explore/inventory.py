"""What documents a corpus holds: their languages, which of them repeat each other, and what their columns say."""

import hashlib
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.corpus.language import detect
from core.corpus.roles import year_of
from core.explore.overview import CHUNK, chunks, distinct

MANY = 30  # documents: with fewer, languages are told of passages spread over the whole text
PASSAGE = 2000  # characters, about; enough to tell a language
SHINGLE = 8  # tokens
BANDS, ROWS = 10, 4  # of a signature: two documents are compared if all rows of one band agree
FAR = 0.25  # four standard deviations of what a signature of 40 says of a resemblance


@dataclass(frozen=True)
class Languages:
    """How many of n samples, "documents" or "passages", are in each language (code, or "unknown"), most first."""

    counts: dict[str, int]
    n: int
    unit: Literal["documents", "passages"]


def languages(corpus: Corpus, sample: int = 300) -> Languages:
    """The language mix, told from the heads of up to `sample` documents, evenly spaced; of a corpus of few documents,
    from as many passages, evenly spaced over the whole text."""
    bounds = np.load(corpus.folder / "bounds.npy", mmap_mode="r")
    filled = np.flatnonzero(np.diff(bounds)) if len(bounds) <= 1_000_000 else np.arange(len(bounds) - 1)
    if len(filled) >= MANY:
        places = [int(bounds[i]) for i in _spaced(filled, sample)]
        ends = [int(bounds[i + 1]) for i in _spaced(filled, sample)]
    else:
        parts = min(sample, max(1, int(bounds[-1]) // PASSAGE))
        places = np.linspace(0, int(bounds[-1]), parts, endpoint=False).astype(np.int64).tolist()
        ends = [int(bounds[-1])] * len(places)
    counts = Counter(detect(text) for text in _texts(corpus, places, ends) if text.strip())
    unit: Literal["documents", "passages"] = "documents" if len(filled) >= MANY else "passages"
    return Languages(dict(counts.most_common()), counts.total(), unit)


def _spaced(items: np.ndarray, most: int) -> np.ndarray:
    return items if len(items) <= most else items[np.linspace(0, len(items) - 1, most).round().astype(np.int64)]


def _texts(corpus: Corpus, places: list[int], ends: list[int]) -> Iterator[str]:
    """At most a passage of text from each byte on; a character cut at either end is left out."""
    with open(corpus.folder / "text.utf8", "rb") as file:
        for place, end in zip(places, ends):
            file.seek(place)
            yield file.read(min(PASSAGE, end - place)).decode("utf-8", "ignore")


@dataclass(frozen=True)
class Duplicates:
    """Documents that repeat another, of n; `empty` ones, without a character, are counted apart.

    exact: int64 (n,), the first document with the same text, itself if it is the first or empty. near: int64 (n,), the
    same for documents that share most shingles (or are the same); a document too short for shingles is its own.
    """

    n: int
    empty: int
    exact: np.ndarray
    near: np.ndarray

    @property
    def repeated(self) -> int:
        """Documents that are the same as an earlier one."""
        return int((self.exact != np.arange(self.n)).sum())

    @property
    def nearly(self) -> int:
        """Documents that are not the same as an earlier one but nearly so."""
        places = np.arange(self.n)
        return int(((self.exact == places) & (self.near != places)).sum())

    def groups(self, most: int = 50) -> pd.DataFrame:
        """The largest groups: document (the first one), documents (how many), same (of them with exactly its text)."""
        first, sizes = np.unique(self.near, return_counts=True)
        order = np.argsort(-sizes, kind="stable")
        chosen = first[order][sizes[order] > 1][:most]
        same = [int((self.exact == i).sum()) for i in chosen]
        return pd.DataFrame({"document": chosen, "documents": np.sort(sizes)[::-1][: len(chosen)], "same": same})


def duplicates(corpus: Corpus, alike: float = 0.8) -> Generator[float, None, Duplicates]:
    """Which documents repeat others, exactly or nearly. Yields the share done.

    Nearly: the sets of their 8-token shingles have a Jaccard index of at least `alike` (Broder 1997). Candidates are
    found by MinHash in bands (a pair at 0.8 with probability 0.995), and each is then measured exactly against the
    first of its bucket.
    """
    bounds = np.load(corpus.folder / "bounds.npy", mmap_mode="r")
    n = len(bounds) - 1
    marks = np.zeros(n, np.uint64)
    with open(corpus.folder / "text.utf8", "rb") as file:
        for begin, part in chunks(bounds, 1 << 14, overlap=1):
            for i, (place, end) in enumerate(zip(part[:-1].tolist(), part[1:].tolist()), begin):
                marks[i] = _mark(file, end - place)
            yield 0.3 * min(1.0, (begin + len(part)) / n)
    empty = np.diff(bounds) == 0
    marks[empty] = np.arange(n, dtype=np.uint64)[empty]  # each its own: an empty document repeats none
    _, first, group = np.unique(marks, return_index=True, return_inverse=True)
    exact = np.asarray(first[group], np.int64)
    exact[empty] = np.flatnonzero(empty)
    near = yield from _near(corpus, exact, alike)
    return Duplicates(n, int(empty.sum()), exact, near)


def _mark(file: Any, size: int) -> int:
    """A 64-bit digest of the next `size` bytes."""
    digest = hashlib.blake2b(digest_size=8)
    while size:
        block = file.read(min(size, 1 << 20))
        digest.update(block)
        size -= len(block)
    return int.from_bytes(digest.digest(), "little")


def _near(corpus: Corpus, exact: np.ndarray, alike: float) -> Generator[float, None, np.ndarray]:
    """int64 (n,): the first document that each is nearly the same as."""
    offsets = np.asarray(corpus.offsets)
    asked = np.flatnonzero((exact == np.arange(len(exact))) & (np.diff(offsets) >= SHINGLE))
    if len(asked) < 2:
        return exact
    signatures = yield from _signatures(corpus, offsets, asked)
    leader = np.arange(len(exact))
    for band in range(BANDS):
        keys = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS]).view(f"V{4 * ROWS}").ravel()
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        heads = first[group]
        later = np.flatnonzero(heads != np.arange(len(asked)))
        agreed = (signatures[later] == signatures[heads[later]]).mean(axis=1)
        for done, this in enumerate(later[agreed >= alike - FAR]):
            if done % 1000 == 999:
                yield 0.7 + 0.3 * band / BANDS
            head, one, other = int(asked[heads[this]]), _found(leader, asked[heads[this]]), _found(leader, asked[this])
            if one != other and jaccard(corpus, head, int(asked[this])) >= alike:
                leader[max(one, other)] = min(one, other)
        yield 0.7 + 0.3 * (band + 1) / BANDS
    return np.array([_found(leader, i) for i in exact.tolist()], np.int64)


def _signatures(corpus: Corpus, offsets: np.ndarray, asked: np.ndarray) -> Generator[float, None, np.ndarray]:
    """uint32 (asked, BANDS * ROWS): the MinHash signatures of these documents."""
    from core.explore.kernels.counting import minhash

    random = np.random.default_rng(0)
    seeds = random.integers(0, 2**32, BANDS * ROWS, dtype=np.uint32) | np.uint32(1)
    signatures = np.full((len(asked), len(seeds)), np.iinfo(np.uint32).max, np.uint32)
    since = 0
    for row, document in enumerate(asked.tolist()):
        for hashes in _shingles(corpus, int(offsets[document]), int(offsets[document + 1])):
            minhash(hashes, seeds, signatures[row])
            since += len(hashes)
            if since >= CHUNK:
                since = 0
                yield 0.3 + 0.4 * row / len(asked)
    return signatures


def _shingles(corpus: Corpus, begin: int, end: int) -> Iterator[np.ndarray]:
    """uint64: the hashes of a document's shingles, in parts."""
    from core.explore.kernels.counting import shingles

    for _, tokens in chunks(corpus.tokens[begin:end], overlap=SHINGLE - 1):
        hashes = np.zeros(len(tokens) - SHINGLE + 1, np.uint64)
        shingles(np.ascontiguousarray(tokens), SHINGLE, hashes)
        yield hashes


def jaccard(corpus: Corpus, one: int, other: int) -> float:
    """The share of two documents' different 8-token shingles that both have (Broder 1997: resemblance)."""
    ends = [(int(corpus.offsets[i]), int(corpus.offsets[i + 1])) for i in (one, other)]
    sets = [distinct(np.concatenate([*_shingles(corpus, *pair), np.zeros(0, np.uint64)])) for pair in ends]
    sizes, union = sum(map(len, sets)), len(distinct(np.concatenate(sets)))
    return (sizes - union) / union if union else 0.0


def _found(leader: np.ndarray, i: int) -> int:
    while leader[i] != i:
        leader[i] = i = leader[leader[i]]
    return int(i)


Kind = Literal["empty", "number", "date", "category", "text"]
_NUMBER = re.compile(r"\s*[-+]?[\d ,]*\.?\d+(e[-+]?\d+)?\s*", re.IGNORECASE)


def columns(corpus: Corpus, values: int = 8) -> pd.DataFrame:
    """One row a column of the corpus' table: column, roles (such as "label"), kind, filled (cells with something in
    them), different (values), first and last (years, for a date), and frequent: up to `values` pairs (value, count).
    """
    roles: dict[str, list[str]] = {}
    for role, name in corpus.roles.items():
        roles.setdefault(name, []).append(role)
    rows = [_column(str(name), corpus.table[name], roles.get(str(name), []), values) for name in corpus.table.columns]
    names = ["column", "roles", "kind", "filled", "different", "first", "last", "frequent"]
    return pd.DataFrame(rows, columns=names)


def _column(name: str, cells: pd.Series, roles: list[str], values: int) -> dict[str, Any]:
    text = cells.dropna().astype(str)
    text = text[text.str.strip() != ""]
    found = text.value_counts()
    kind = _kind(found, len(text), roles)
    dated = [year for year in map(year_of, found.index) if year is not None] if kind == "date" else []
    first, last = (min(dated), max(dated)) if dated else (np.nan, np.nan)
    frequent = [(str(value), int(count)) for value, count in found.iloc[:values].items()]
    return {
        "column": name, "roles": roles, "kind": kind, "filled": len(text), "different": len(found),
        "first": first, "last": last, "frequent": frequent,
    }  # fmt: skip


def _kind(found: pd.Series, filled: int, roles: list[str]) -> Kind:
    """What a column holds; found: its different values with their counts."""
    if not filled or "date" in roles:
        return "date" if filled else "empty"
    sample = [str(value) for value in found.index[:1000]]
    if not all(map(str.isdigit, sample)) and np.mean([year_of(value) is not None for value in sample]) >= 0.95:
        return "date"
    if not roles and np.mean([_NUMBER.fullmatch(value) is not None for value in sample]) >= 0.95:
        return "number"
    return "category" if len(found) <= max(1, min(200, filled // 2)) else "text"
