"""Which word comes next: one drawn from a distribution, changed by temperature, top-k and top-p.

Top-p, or nucleus sampling: Holtzman, Buys, Du, Forbes and Choi (2020), The curious case of neural text degeneration.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from core.problem import Problem

NextWord = Callable[[Sequence[str]], np.ndarray]  # the words before -> float (V,), sums to 1

_COLD = 0.001  # a temperature below is 0


def sharpened(probabilities: np.ndarray, *, temperature: float = 1, top_k: int = 0, top_p: float = 1) -> np.ndarray:
    """float64 (V,), sums to 1: what is drawn from, in the order of the three names.

    probabilities: float (V,), not negative, not all 0. temperature: each is raised to 1 / temperature, so that below 1
    the likely get likelier; 0 (below 0.001) leaves only the likeliest. top_k: only the k likeliest (0: all); top_p:
    only the likeliest that together have this share, one at least. Equal ones: the more frequent word first.
    Raises Problem for a value out of bounds.
    """
    _check(temperature, top_k, top_p)
    given = np.asarray(probabilities, np.float64)
    assert given.ndim == 1 and given.min() >= 0 and given.max() > 0
    order = np.argsort(-given, kind="stable")
    if temperature < _COLD:
        top_k, temperature = 1, 1
    kept = given[order] / given.max()
    kept = np.where(kept > 0, np.exp(np.log(np.maximum(kept, 1e-300)) / temperature), 0)
    if top_k:
        kept[top_k:] = 0
    before = np.cumsum(kept) - kept
    kept[1:][before[1:] >= top_p * kept.sum()] = 0
    sharp = np.zeros(len(given))
    sharp[order] = kept / kept.sum()
    return sharp


def draw(
    probabilities: np.ndarray, seed: int, step: int = 0, *, temperature: float = 1, top_k: int = 0, top_p: float = 1
) -> int:
    """The id of a word; the same for the same distribution, seed and step. See `sharpened`."""
    sharp = sharpened(probabilities, temperature=temperature, top_k=top_k, top_p=top_p)
    if seed < 0 or step < 0:
        raise Problem("The seed must be 0 or more; it was {seed}.", seed=min(seed, step))
    at = np.searchsorted(np.cumsum(sharp), np.random.default_rng((seed, step)).random(), "right")
    return int(min(at, np.flatnonzero(sharp)[-1]))  # the sum may end a little below 1


def generate(
    next_word: NextWord,
    words: Sequence[str],
    context: Sequence[str],
    length: int,
    seed: int = 0,
    *,
    temperature: float = 1,
    top_k: int = 0,
    top_p: float = 1,
) -> Iterator[str]:
    """Up to `length` words that go on from the context, each drawn after those before it, itself among them.

    words: what each place of next_word's answer stands for. The nth word depends on the seed, n and the words before.
    """
    _check(temperature, top_k, top_p)
    text = list(context)
    for step in range(length):
        found = next_word(text)
        text.append(words[draw(found, seed, step, temperature=temperature, top_k=top_k, top_p=top_p)])
        yield text[-1]


def _check(temperature: float, top_k: int, top_p: float) -> None:
    if not 0 <= temperature <= 100:
        raise Problem("Temperature must be from 0 to 100; it was {given}.", given=temperature)
    if top_k < 0:
        raise Problem("Top-k must be 0 (all words) or more; it was {given}.", given=top_k)
    if not 0 < top_p <= 1:
        raise Problem("Top-p must be above 0 and at most 1; it was {given}.", given=top_p)
