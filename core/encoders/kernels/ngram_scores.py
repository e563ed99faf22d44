"""The probability of each symbol of a held-out text after those before it, compiled: one order upon the other.

What ngram_smoothing.py says of a whole distribution, said here of one target and of what is needed to make the words of
the vocabulary sum to 1. A column of `scores` (n, 5) belongs to each place of the text: the target; the unknown
symbol; the edge; all symbols together (1, but for stupid back-off); and the `unit` of its context, by which counts are
multiplied, negative where they are not discounted.
"""

from typing import Any

from numba import float64, int32, int64, njit, types, void

_COMPILED: Any = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_INTS = types.Array(int32, 1, "C", readonly=True)
_FLOATS = types.Array(float64, 1, "C", readonly=True)
UNSEEN, OUTSIDE = -1, -2  # of a context: never counted; it would begin before the text
LIKELIHOOD, ADD, STUPID, KATZ, KNESER_NEY = range(5)


@njit(int64(_INTS, int64, int64, int64), **_COMPILED, inline="always")
def find(words, begin, end, word):
    """Where `word` stands among the sorted words[begin:end], else -1."""
    low, high = begin, end
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low if low < end and words[low] == word else -1


@njit(float64(int64, float64, _FLOATS), **_COMPILED, inline="always")
def direct(count, unit, cut):
    """What a counted n-gram has of its own: its count, discounted, by that of its context."""
    if unit < 0:
        return -count * unit
    return (count - cut[min(count, len(cut) - 1)]) * unit


@njit(float64(_INTS, int64, int64, _INTS, _INTS, int64, int64, float64, _FLOATS), **_COMPILED)
def lower_mass(words, begin, end, lower_words, lower_counts, low, lower_end, unit, cut):
    """The sum of the scores that the shorter context gives to the words counted after the longer one."""
    total = 0.0
    for i in range(begin, end):
        low = find(lower_words, low, lower_end, words[i])
        total += direct(lower_counts[low], unit, cut)
    return total


@njit(void(int64, float64, int64, _INTS, int64, int64, _FLOATS, float64[::1]), **_COMPILED)
def settle(method, strength, symbols, counts, begin, end, cut, memo):
    """memo = (unit, back, -): what a context multiplies its counts by, and the scores of the shorter context. For Katz
    `back` is still the mass that is freed. See Smoothing.step."""
    total, freed = 0.0, 0.0
    for i in range(begin, end):
        total += counts[i]
        freed += cut[min(counts[i], len(cut) - 1)]
    if method == KNESER_NEY:
        memo[1], memo[0] = freed / total, 1 / total
    elif method == KATZ:
        if end - begin == symbols:
            memo[1], memo[0] = 0.0, -1 / total
        elif freed == 0:
            memo[1], memo[0] = 1 / (total + 1), 1 / (total + 1)
        else:
            memo[1], memo[0] = freed / total, 1 / total
    elif method == ADD:
        below = strength * symbols
        memo[1], memo[0] = below / (total + below), 1 / (total + below)
    else:
        memo[1], memo[0] = (strength if method == STUPID else 0.0), 1 / total


@njit(void(int64, float64, int64, int32[::1], int32[::1], int32[::1], int32[::1], _INTS, _INTS, _INTS, _FLOATS,
           _INTS, _INTS, _INTS, _FLOATS, float64[:, ::1], int64, int64, float64[:, ::1], int32[::1]),
      **_COMPILED)  # fmt: skip
def one_order(method, strength, words_known, targets, contexts, shorter, rows, words, first, counts, cut, lower_words,
              lower_first, lower_counts, lower_cut, memo, begin, end, scores, found):  # fmt: skip
    """Take the scores of targets[begin:end] from one order to the next.

    contexts and shorter (n,): the context of each as an n-gram of the order above, and without its first symbol;
    rows (n,): the row of memo (different contexts, 3) of each, which begins as zeros.
    found (n,): the n-gram that ends with each target, UNSEEN or OUTSIDE.
    """
    symbols = words_known + 2
    for i in range(begin, end):
        context = contexts[i]
        found[i] = min(context, UNSEEN)
        if context == OUTSIDE:
            continue
        a, b = (first[context], first[context + 1]) if context >= 0 else (0, 0)
        if a < b:
            found[i] = find(words, a, b, targets[i])
        if method == ADD:  # adds to every count, so what it gives to the others is the same for each
            scores[i, 0] = scores[i, 1] = scores[i, 2] = 1 / symbols
        if a == b or (method == LIKELIHOOD and words[a] >= words_known):
            continue
        own, backs_off = memo[rows[i]], method == KATZ or method == STUPID
        if own[0] == 0:
            settle(method, strength, symbols, counts, a, b, cut, own)
            if backs_off:
                own[2] = lower_mass(words, a, b, lower_words, lower_counts, lower_first[shorter[i]],
                                    lower_first[shorter[i] + 1], scores[i, 4], lower_cut)  # fmt: skip
            if method == KATZ and own[1] > 0:
                own[1] /= 1 - own[2]
        unit, back = own[0], own[1]
        if method == STUPID:
            scores[i, 3] = 1 + back * (scores[i, 3] - own[2])
        unknown = find(words, max(a, b - 2), b, words_known)
        edge = b - 1 if words[b - 1] == words_known + 1 else -1
        for column, at in enumerate((int64(found[i]), unknown, int64(edge))):
            below = 0.0 if backs_off and at >= 0 else back * scores[i, column]
            scores[i, column] = below + (direct(counts[at], unit, cut) if at >= 0 else 0.0)
        scores[i, 4] = unit
