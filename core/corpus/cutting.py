"""A corpus of words -> one of pieces: every different word is cut once, then the tokens are written anew."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from core.corpus.characters import fold
from core.corpus.passes import ranked, read_types, rewrite, write_types
from core.corpus.pieces import learn, model, places_in
from core.corpus.settings import ReadSettings
from core.corpus.tokenizers import Tokenization
from core.problem import Problem

_TOGETHER = 50_000  # words that are cut at a time


def learn_pieces(folder: Path, settings: ReadSettings, stopped: frozenset[str]) -> str:
    """Learn pieces from the words of a corpus folder; the model as JSON. Raises Problem if only stop words are left."""
    words, counts = read_types(folder)
    known: dict[str, int] = {}
    for word, count in zip(fold("\n".join(words), settings.lowercase).split("\n"), counts.tolist()):
        if word not in stopped:
            known[word] = known.get(word, 0) + count
    if not known:
        raise Problem("Nothing is left but stop words: take some off the list of stop words.")
    return learn(settings.pieces, settings.pieces_size, list(known), np.fromiter(known.values(), np.int64))


def cut_words(folder: Path, how: Tokenization) -> Iterator[int]:
    """Write the corpus in pieces; yields the tokens done."""
    from core.corpus.kernels import expand

    words, counts = read_types(folder)
    known: dict[str, int] = {}
    lengths, ids, places = _cut(words, how, known)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    often = np.bincount(ids, np.repeat(counts, lengths), len(known)).astype(np.int64)
    order, rank = ranked(often)
    pieces = rank[ids]
    yield from rewrite(folder, lambda tokens, starts, _firsts, _follows: expand(tokens, starts, ends, pieces, places))
    write_types(folder, list(known), often, order)


def _cut(words: list[str], how: Tokenization, known: dict[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(pieces of every word, int64; their ids in `known`, int32; their places in the word as it is spelt, uint32)."""
    lengths, ids, places = np.zeros(len(words), np.int64), [], []
    learned, stopped, left = model(how.pieces), frozenset(how.stop_words), iter(words)
    for begin in range(0, len(words), _TOGETHER):
        spelt = list(islice(left, _TOGETHER))
        folded = fold("\n".join(spelt), how.lowercase).split("\n")
        part_ids: list[int] = []
        part_places: list[int] = []
        for number, pieces in enumerate(learned.cut(folded)):
            if folded[number] not in stopped:
                lengths[begin + number] = len(pieces)
                part_ids += [known.setdefault(piece, len(known)) for piece, _ in pieces]
                at = [place for _, place in pieces]
                part_places += places_in(spelt[number], folded[number], at, how.lowercase)
        ids.append(np.array(part_ids, np.int32))
        places.append(np.array(part_places, np.uint32))
    return lengths, np.concatenate(ids), np.concatenate(places)
