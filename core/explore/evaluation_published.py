"""What was published, or measured here with another program, of the same methods on the same sets.

A figure says with which corpus it was reached: scores of corpora of different sizes do not compare.
"""

from dataclasses import dataclass
from typing import Any

from core.problem import marked

_GLOVE_SIMILARITY = marked("Pennington, Socher & Manning (2014), table 3: 300 dimensions")
_GLOVE_ANALOGIES = marked("Pennington, Socher & Manning (2014), table 2: 300 dimensions")
_GENSIM = marked("gensim 4.4, measured for this project on the first articles of English Wikipedia (2018): 100 "
                 "dimensions, window 5, 5 negatives, 3 epochs")  # fmt: skip


@dataclass(frozen=True)
class Published:
    """value: on the measure of the set; tokens: how many words the corpus had; source: where it stands."""

    set: str
    method: str
    value: float
    tokens: float
    source: str


FIGURES = (
    Published("en-wordsim353", "skip-gram", 0.62, 16.9e6, _GENSIM),
    Published("en-wordsim353", "skip-gram", 0.628, 6e9, _GLOVE_SIMILARITY),
    Published("en-wordsim353", "cbow", 0.572, 6e9, _GLOVE_SIMILARITY),
    Published("en-wordsim353", "glove", 0.658, 6e9, _GLOVE_SIMILARITY),
    Published("en-wordsim353", "svd", 0.353, 6e9, _GLOVE_SIMILARITY),
    Published("en-wordsim353", "svd of logarithms", 0.657, 6e9, _GLOVE_SIMILARITY),
    Published("google", "skip-gram", 0.691, 6e9, _GLOVE_ANALOGIES),
    Published("google", "cbow", 0.657, 6e9, _GLOVE_ANALOGIES),
    Published("google", "glove", 0.717, 6e9, _GLOVE_ANALOGIES),
    Published("google", "svd", 0.073, 6e9, _GLOVE_ANALOGIES),
    Published("google", "svd of logarithms", 0.601, 6e9, _GLOVE_ANALOGIES),
)
GOOGLE = frozenset({"capital-common-countries", "gram1-adjective-to-adverb"})  # sections of Google's set of analogies


def method_of(encoder: str, options: dict[str, Any]) -> str:
    """What a paper would call what a run did: "skip-gram", "cbow", "glove", "svd", "svd of logarithms" (of a matrix of
    co-occurrence); "" for what has no figures here."""
    if encoder == "word2vec":
        return str(options.get("architecture", "skip-gram"))
    if encoder != "glove" or options.get("method") != "svd":
        return "glove" if encoder == "glove" else ""
    return {"raw": "svd", "log": "svd of logarithms"}.get(str(options.get("transform")), "")


def published(set_id: str, sections: set[str], method: str) -> list[Published]:
    """The figures of this method on this set, the smallest corpus first; Google's set is known by its sections."""
    known = "google" if sections >= GOOGLE else set_id
    return sorted((one for one in FIGURES if one.set == known and one.method == method), key=lambda one: one.tokens)
