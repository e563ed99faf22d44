"""The compiled arithmetic of reading: tokenisers (`words`, `characters`) and what runs over their tokens (`passes`)."""

from core.corpus.kernels.characters import characters, safe_cut
from core.corpus.kernels.lookup import filed, look_up, merge
from core.corpus.kernels.passes import expand, join, listed, pair_keys, renumber
from core.corpus.kernels.words import words

__all__ = [
    "characters",
    "expand",
    "filed",
    "join",
    "listed",
    "look_up",
    "merge",
    "pair_keys",
    "renumber",
    "safe_cut",
    "warm",
    "words",
]


def warm() -> None:
    """Compile everything, or load it from numba's cache: importing has done it."""
    from core.corpus.kernels import filing, unigram

    assert unigram.expected.signatures and filing.file_positions.signatures
    assert all(
        kernel.signatures
        for kernel in (words, look_up, merge, characters, safe_cut, expand, join, listed, pair_keys, renumber)
    )
