"""Passes over a corpus folder: its tokens written anew, in bounded memory, with documents and sentences in step."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from core.corpus.files import ArrayFile

PART = 1 << 20  # tokens at a time
_WORDS = 50_000  # written at a time
_ESCAPED = re.compile(r'["\\\x00-\x1f]')  # what JSON cannot say as it is
# (tokens int32 (n,), starts uint32 (n,), firsts bool (n + 1,), token that follows or -1)
#   -> (new tokens, new starts, how many new tokens come before each old one: int64 (n + 1,))
Change = Callable[[np.ndarray, np.ndarray, np.ndarray, int], tuple[np.ndarray, np.ndarray, np.ndarray]]


def parts(folder: Path) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """The tokens in parts: (tokens int32 (n,), firsts bool (n + 1,), the token that follows or -1).

    firsts: which tokens begin a sentence or a document, that which follows (or the end) included.
    """
    tokens, offsets, sentences = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("tokens", "offsets", "sentences")
    )
    for begin in range(0, len(tokens), PART):
        end = min(begin + PART, len(tokens))
        firsts = np.zeros(end - begin + 1, np.bool_)
        for places in (offsets, sentences):
            firsts[_within(places, begin, end + 1) - begin] = True
        yield np.array(tokens[begin:end]), firsts, int(tokens[end]) if end < len(tokens) else -1


def rewrite(folder: Path, change: Change) -> Iterator[int]:
    """Write tokens, starts, offsets and sentences anew; yields the old tokens done."""
    starts, offsets, sentences = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("starts", "offsets", "sentences")
    )
    kinds = {"tokens": np.int32, "starts": np.uint32, "offsets": np.int64, "sentences": np.int64}
    files = {name: ArrayFile(folder / f"{name}.new", kind) for name, kind in kinds.items()}
    begin = base = 0
    last = -1  # the token where the last sentence begins: one that lost all its tokens is none
    with closing(files["tokens"]), closing(files["starts"]), closing(files["offsets"]), closing(files["sentences"]):
        for tokens, firsts, follows in parts(folder):
            end = begin + len(tokens)
            new, places, before = change(tokens, np.array(starts[begin:end]), firsts, follows)
            files["tokens"].append(new)
            files["starts"].append(places)
            files["offsets"].append(base + before[_within(offsets, begin, end) - begin])
            begun = np.unique(base + before[_within(sentences, begin, end) - begin])
            begun = begun[(begun > last) & (begun < base + before[-1])] if follows < 0 else begun[begun > last]
            files["sentences"].append(begun)
            last = int(begun[-1]) if len(begun) else last
            begin, base = end, base + int(before[-1])
            yield begin
        files["offsets"].append(np.full(len(offsets) - files["offsets"].length, base, np.int64))
    for name in kinds:
        os.replace(folder / f"{name}.new", folder / f"{name}.npy")


def _within(places: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Those of the sorted places that are in [begin, end)."""
    first, last = np.searchsorted(places, [begin, end])
    return np.asarray(places[first:last])


def renumber(folder: Path, ids: np.ndarray) -> None:
    """Give every token another id, in place."""
    tokens = np.load(folder / "tokens.npy", mmap_mode="r+")
    for begin in range(0, len(tokens), PART):
        tokens[begin : begin + PART] = ids[tokens[begin : begin + PART]]
    tokens.flush()


def ranked(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the types that occur, most frequent first and in their order where equal; the new id of every type)."""
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    ids = np.full(len(counts), -1, np.int32)
    ids[order] = np.arange(len(order), dtype=np.int32)
    return order, ids


def write_types(folder: Path, words: list[str], counts: np.ndarray, order: np.ndarray) -> None:
    """types.json and counts.npy: these types in this order."""
    with open(folder / "types.json", "w", encoding="utf-8") as file:
        for i in range(0, len(order), _WORDS):  # the whole in one string takes much memory
            chosen = [words[k] for k in order[i : i + _WORDS].tolist()]
            part = '", "'.join(chosen)
            escaped = json.dumps(chosen, ensure_ascii=False)[2:-2] if _ESCAPED.search("".join(chosen)) else part
            file.write(("[" if i == 0 else ", ") + f'"{escaped}"')
        file.write("]" if len(order) else "[]")
    np.save(folder / "counts.npy", counts[order])


def read_types(folder: Path) -> tuple[list[str], np.ndarray]:
    """(the types, int64 their counts)."""
    return json.loads((folder / "types.json").read_text(encoding="utf-8")), np.load(folder / "counts.npy")
