"""Sentences of a corpus, drawn by lot, that a transformer is asked about: of the held-out part first."""

from dataclasses import dataclass

import numpy as np

from core.corpus import Corpus

FEWEST = 4  # tokens of a sentence: shorter ones show next to nothing of where heads look


@dataclass(frozen=True)
class Sample:
    """texts: sentences in the order of the text; held_out: how many of them no run of this corpus learned from."""

    texts: list[str]
    held_out: int


def sentences(corpus: Corpus, count: int, seed: int = 0) -> Sample:
    """At most `count` sentences of at least four tokens, by lot: held-out ones, and others if these are too few."""
    begins, ends = _edges(corpus)
    long = np.flatnonzero(ends - begins >= FEWEST)
    _train, held = corpus.split()
    place = np.searchsorted(held[:, 0], begins[long], "right") - 1
    inside = (place >= 0) & (ends[long] <= held[np.maximum(place, 0), 1]) if len(held) else np.zeros(len(long), bool)
    draw = np.random.default_rng(seed)
    first, rest = draw.permutation(long[inside]), draw.permutation(long[~inside])
    chosen = np.concatenate([first, rest])[:count]
    return Sample([_text(corpus, begins[i], ends[i]) for i in np.sort(chosen)], min(count, len(first)))


def _edges(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """int64 (s,) each: the first token of every sentence and the one behind its last; none runs over a document."""
    begins = np.union1d(np.asarray(corpus.sentences, np.int64), np.asarray(corpus.offsets[:-1], np.int64))
    return begins, np.append(begins[1:], len(corpus.tokens))


def _text(corpus: Corpus, begin: int, end: int) -> str:
    """The characters from a token on to where the next sentence, or the document, ends."""
    document = int(corpus.document_of(np.array([begin]))[0])
    last = int(corpus.offsets[document + 1])
    to = int(corpus.starts[end]) if end < last else corpus.documents.length(document)
    return corpus.documents.slice(document, int(corpus.starts[begin]), to).strip()
