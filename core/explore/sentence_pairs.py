"""Pairs of sentences out of a corpus, by how they belong together: what next sentence prediction is asked about."""

import re

import numpy as np

from core.corpus import Corpus

KINDS = ("follows", "swapped", "document", "elsewhere")
SHORTEST, LONGEST = 4, 60  # tokens of a sentence
_NEXT = re.compile(r"\s+[\"'“‘«(\[—–-]+$")  # signs that open the sentence after this one
_OPENING = re.compile(r"[\"'“‘«(\[]*$")


def sentence_pairs(corpus: Corpus, count: int, seed: int = 0) -> dict[str, list[tuple[str, str]]]:
    """Up to `count` pairs of each kind, {} where no two sentences of fitting length follow each other.

    follows: the second follows the first; swapped: the first of such a pair comes second; document: the second stands
    elsewhere in the same document; elsewhere: in another document (left out where there is none). Pairs are drawn by
    the seed out of text that no encoder learns from, or out of all text where that has too few.
    """
    bounds = _sentences(corpus)
    held = _inside(bounds, corpus.split()[1])
    neighbours = _neighbours(bounds)
    among = neighbours[held[neighbours] & held[np.minimum(neighbours + 1, len(bounds) - 1)]]
    among = among if len(among) >= min(count, 20) else neighbours
    if not len(among):
        return {}
    draw = np.random.default_rng((seed, len(bounds)))
    firsts = draw.permutation(among)[:count]
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for first in firsts.tolist():
        near, far = _others(bounds, first, draw)
        one, two = _text(corpus, bounds[first]), _text(corpus, bounds[first + 1])
        found["follows"].append((one, two))
        found["swapped"].append((two, one))
        found["document"] += [(one, _text(corpus, bounds[near]))] if near is not None else []
        found["elsewhere"] += [(one, _text(corpus, bounds[far]))] if far is not None else []
    return {kind: pairs for kind, pairs in found.items() if pairs}


def _sentences(corpus: Corpus) -> np.ndarray:
    """int64 (s, 3): first token, last token + 1 and document of each sentence."""
    first = np.unique(np.concatenate([np.asarray(corpus.sentences, np.int64), corpus.offsets[:-1]]))
    first = first[first < corpus.offsets[-1]]
    return np.stack([first, np.append(first[1:], corpus.offsets[-1]), corpus.document_of(first)], 1)


def _fitting(bounds: np.ndarray) -> np.ndarray:
    lengths = bounds[:, 1] - bounds[:, 0]
    found: np.ndarray = (lengths >= SHORTEST) & (lengths <= LONGEST)
    return found


def _neighbours(bounds: np.ndarray) -> np.ndarray:
    """The sentences that one of the same document follows, both of fitting length."""
    fits = _fitting(bounds)
    return np.flatnonzero(fits[:-1] & fits[1:] & (bounds[:-1, 2] == bounds[1:, 2]))


def _inside(bounds: np.ndarray, ranges: np.ndarray) -> np.ndarray:
    """Which sentences lie within one of these ranges of tokens."""
    if not len(ranges):
        return np.zeros(len(bounds), bool)
    at = np.searchsorted(ranges[:, 0], bounds[:, 0], "right") - 1
    found: np.ndarray = (at >= 0) & (bounds[:, 1] <= ranges[np.maximum(at, 0), 1])
    return found


def _others(bounds: np.ndarray, first: int, draw: np.random.Generator) -> tuple[int | None, int | None]:
    """A sentence of the same document that is no neighbour of this one, and one of another document."""
    fits, same = _fitting(bounds), bounds[:, 2] == bounds[first, 2]
    apart = np.abs(np.arange(len(bounds)) - first) > 2
    return _one(np.flatnonzero(fits & same & apart), draw), _one(np.flatnonzero(fits & ~same), draw)


def _one(some: np.ndarray, draw: np.random.Generator) -> int | None:
    return int(some[draw.integers(len(some))]) if len(some) else None


def _text(corpus: Corpus, bounds: np.ndarray) -> str:
    """A sentence as it is written, its blanks single."""
    first, last, document = map(int, bounds)
    ends = last >= int(corpus.offsets[document + 1])
    end = corpus.documents.length(document) if ends else int(corpus.starts[last])
    begin = int(corpus.starts[first])
    ahead = _OPENING.search(corpus.documents.slice(document, max(0, begin - 3), begin))
    text = corpus.documents.slice(document, begin - (len(ahead[0]) if ahead else 0), end)
    return " ".join(_NEXT.sub("", text.rstrip()).split())
