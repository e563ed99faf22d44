"""What a text of some size can carry, so that nobody trains for minutes on what cannot work."""

from typing import NamedTuple

from core.problem import marked


class Carries(NamedTuple):
    """One use of a text: what it is, whether this text is large enough, what it needs and what there is of it."""

    text: str
    reached: bool
    needed: int
    have: int


_DOCUMENTS = ((marked("TF-IDF tells documents apart from about {needed} documents"), 20),)
_TOKENS = (
    (marked("n-grams guess the next word from about {needed} words"), 50_000),
    (marked("word2vec finds neighbours from about {needed} words"), 200_000),
    (marked("word2vec solves analogies from about {needed} words"), 10_000_000),
    (marked("BERT from nothing: its paper used {needed} words; minutes show only how it begins"), 3_300_000_000),
)


def carries(tokens: int, documents: int) -> list[Carries]:
    """What a corpus of so many tokens and documents can carry, the least demanding first."""
    by_documents = [Carries(text, documents >= needed, needed, documents) for text, needed in _DOCUMENTS]
    return by_documents + [Carries(text, tokens >= needed, needed, tokens) for text, needed in _TOKENS]
