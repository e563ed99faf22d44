"""What any two words have in common in a run: the baseline of self-similarity, the same whichever word is looked at."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers import cache
from core.answers.cache import Answer, Asked
from core.answers.corpora import opened
from core.answers.senses import Source
from core.encoders.base import ContextVectors, Encoder, WordVectors
from core.explore.graph import within
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

WORDS, EACH = 50, 1  # drawn from the corpus, and occurrences of each


def common(source: Source, corpus_id: str, seed: int = 0) -> Generator[Any, None, Answer]:
    """Arrays trained, and untrained where there is such a network, float64 (S,): the mean cosine of different words in
    each layer, see `core.explore.sense_ranking.common`. Facts: words, how many of them the run knows; with fewer than
    2 there is no array. Computed once for a run, a corpus and a seed, then from the cache."""
    asked = Asked("sense_common", source.run, source.moment, {"corpus_id": corpus_id, "seed": seed})
    path = cache.place(source.store.home, asked)
    found = cache.read(path)
    if found is None:
        found = yield from _computed(source, corpus_id, seed)
        cache.write(path, found)
    return found


def _computed(source: Source, corpus_id: str, seed: int) -> Generator[Any, None, Answer]:
    yield marked("Reading other words")
    drawn = _drawn(source, corpus_id, seed)
    if drawn is None:
        return Answer({}, {"words": 0})
    encoder, words = source.encoder, 0
    arrays: dict[str, np.ndarray] = {}
    fresh = encoder.untrained(seed) if isinstance(encoder, ContextVectors) and hasattr(encoder, "untrained") else None
    for number, (name, each) in enumerate([("trained", encoder), ("untrained", fresh)]):
        if each is not None:
            cosines, known = yield from within(_cosines(each, encoder, *drawn), number / 2, number / 2 + 0.5)
            words = known if name == "trained" else words
            arrays |= {} if cosines is None else {name: cosines}
    return Answer(arrays, {"words": words})


def _drawn(source: Source, corpus_id: str, seed: int) -> "tuple[pd.DataFrame, np.ndarray] | None":
    """Occurrences of words drawn as `core.explore.sense_ranking` draws them; None where the corpus has too few."""
    from core.corpus.stop_words import LISTS, stop_words
    from core.explore.sense_ranking import candidates, occurrences

    corpus = opened(source.store, corpus_id)
    language = corpus.facts["language"]
    try:
        words = candidates(corpus, WORDS, {*stop_words(language)} if language in LISTS else set(), seed)
    except Problem:
        return None
    return occurrences(corpus, words, EACH, seed)


def _cosines(
    encoder: Any, own: Encoder, frame: "pd.DataFrame", whose: np.ndarray
) -> Generator[float, None, tuple[np.ndarray | None, int]]:
    """The mean cosines float64 (S,) of the words that the run knows, and how many those are; None for fewer than 2."""
    from core.explore.sense_ranking import common
    from core.explore.sense_vectors import occurrence_vectors, static_vectors

    try:
        if isinstance(encoder, ContextVectors):
            vectors, known, _unread = yield from occurrence_vectors(encoder, own.vocab, frame)
        else:
            assert isinstance(encoder, WordVectors)
            vectors, known, _unread = static_vectors(encoder, own.vocab, frame)
    except Problem:  # it knows none of them
        return None, 0
    words = len(np.unique(whose[known]))
    return (common(vectors[known], whose[known]), words) if words > 1 else (None, words)
