"""What a run makes of every occurrence of a word: its vectors, which other questions about the word are built upon.

Each function takes a `Source` and JSON. `held` is how they come by the vectors: computed once, then from the cache.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.answers import cache
from core.answers.cache import Answer, Asked
from core.answers.corpora import Answered, opened
from core.encoders.base import ContextVectors, Encoder, WordVectors
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

    from core.explore.sense_facets import Keep
    from core.explore.sense_vectors import Vectors
    from core.explore.senses import Occurrences
    from core.store import Store

Steps = Generator[Any, None, Answered]


@dataclass(frozen=True)
class Source:
    """The run (at a moment, or at its end) that a question is asked of, its encoder, and the store it lies in."""

    store: "Store"
    run: str
    moment: int | None
    encoder: Encoder


def occurrences(
    store: "Store", corpus_id: str, query: str, mode: str = "words", limit: int = 2000, seed: int = 0,
    keep: "Keep | None" = None, sight: Mapping[str, Any] | None = None,
) -> "Occurrences":  # fmt: skip
    """The occurrences that all questions about a word are about; see `core.explore.senses.find`.

    sight: the fields of `core.explore.sense_sight.Sight`, what a run is to see of them; the sentences here are whole.
    """
    from core.explore.senses import find

    del sight
    return find(opened(store, corpus_id), query, limit, seed, mode=mode, keep=keep)


def read(
    source: Source, encoder: Any, frame: "pd.DataFrame", word: Mapping[str, Any]
) -> Generator[Any, None, "Vectors"]:
    """`core.explore.sense_vectors.occurrence_vectors` of what the word's sight lets an encoder see, which has the
    vocabulary of the run's own."""
    from core.explore.sense_sight import Sight, Veiled, way
    from core.explore.sense_vectors import occurrence_vectors

    vocab = source.encoder.vocab
    if word.get("sight"):
        frame = Sight(**word["sight"]).of(frame, opened(source.store, word["corpus_id"]).vocab)
        vocab = Veiled(vocab, way(source.encoder) == "cut")
    return (yield from occurrence_vectors(encoder, vocab, frame))


def senses(source: Source, **word: Any) -> Steps:
    """Arrays vectors float32 (n, L + 1, d), known bool (n,): whether the run has a token there. Facts: total, n, kind,
    unread (how many are words that the run never learned), hides (see `core.explore.sense_sight.way`).

    word: the arguments of `occurrences`, whose rows these are. kind: "contextual", or "static": one layer, the word's
    one vector again and again.
    """
    from core.explore.sense_sight import way
    from core.explore.sense_vectors import static_vectors

    yield marked("Looking up")
    found = occurrences(source.store, **word)
    encoder, vocab = source.encoder, source.encoder.vocab
    if isinstance(encoder, ContextVectors):
        yield marked("Reading the sentences")
        vectors, known, unread = yield from read(source, encoder, found.frame, word)
        kind = "contextual"
    elif isinstance(encoder, WordVectors):
        (vectors, known, unread), kind = static_vectors(encoder, vocab, found.frame), "static"
    else:
        raise Problem("{title} has no vectors of words; choose another run.", title=encoder.title)
    facts = {"total": found.total, "n": len(found), "kind": kind, "unread": int(unread.sum()), "hides": way(encoder)}
    return {"vectors": vectors, "known": known}, facts


def held(source: Source, **word: Any) -> Generator[Any, None, Answer]:
    """The answer of `senses` with these arguments, from the cache if it was given before; else it is kept there."""
    asked = {"mode": "words", "limit": 2000, "seed": 0} | {name: value for name, value in word.items() if value}
    path = cache.place(source.store.home, Asked("senses", source.run, source.moment, asked))
    found = cache.read(path)
    if found is None:
        found = Answer(*(yield from senses(source, **asked)))
        cache.write(path, found)
    return found
