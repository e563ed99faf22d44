"""Positions of tokens, dealt to their types: the counting sort behind the inverted index."""

from numba import int32, int64, njit, void

from core.corpus.kernels.text import COMPILED


@njit([void(int32[::1], int64, int64, int64[::1], kind[::1]) for kind in (int32, int64)], **COMPILED)
def file_positions(tokens, base, first, places, out):
    """Write the position of each token of types first, first + 1, … where the next one of its type belongs.

    tokens: a part of the corpus, from token `base`. places: where in `out` that is, for each of these types; changed.
    """
    for i in range(len(tokens)):
        kind = tokens[i] - first
        if 0 <= kind < len(places):
            out[places[kind]] = base + i
            places[kind] += 1
