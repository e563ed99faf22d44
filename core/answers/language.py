"""What can be asked of any encoder that guesses the next word: how a text surprises it, and what it would write."""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np

from core.answers import attention, looking, predicting
from core.encoders.base import Encoder
from core.problem import Problem, marked

LONGEST = 2000  # words of a text to be surprised by
MOST_WRITTEN = 500  # words
Answered = tuple[dict[str, np.ndarray], dict[str, Any]]


def surprise(encoder: Any, words: Sequence[str]) -> Generator[Any, None, Answered]:
    """Every word of a text after all words before it; see `core.explore.surprise.surprise`. The columns as arrays.

    facts: perplexity and nats (None where a word was held impossible), known, unknown; given: 1 if this encoder guesses
    nothing before the first word, which then is not counted.
    """
    from core.explore.surprise import begins, perplexity, rows

    if not 0 < len(words) <= LONGEST:
        raise Problem("A text of 1 to {most} words is read; this one has {count}.", most=LONGEST, count=len(words))
    yield marked("Reading the text")
    found, ids, given = [], encoder.vocab.encode(words), not begins(encoder.next_word)
    if given:
        ids[0] = len(encoder.vocab)
    for row in rows(_guesser(encoder, given), list(words), ids):
        found.append(row)
        yield len(found) / len(words)
    _place, _word, index, probability, surprisal, rank = map(np.array, zip(*found))
    arrays = {"index": index, "probability": probability, "surprisal": surprisal, "rank": rank}
    known = surprisal[~np.isnan(surprisal)]
    total = float(known.sum()) if np.isfinite(known).all() else None
    whole = perplexity(surprisal) if total is not None and len(known) else None
    return arrays, {"perplexity": whole, "nats": total, "known": len(known), "unknown": len(found) - len(known) - given,
                    "given": int(given)}  # fmt: skip


def _guesser(encoder: Any, given: bool) -> Callable[[Sequence[str]], np.ndarray]:
    """The encoder's guesses; before the first word, where that is given, anything will do."""
    nothing, guess = np.full(len(encoder.vocab), 1 / len(encoder.vocab)), encoder.guesser()
    return lambda before: nothing if given and not before else guess(before)


def generated(
    encoder: Any,
    context: Sequence[str],
    length: int = 60,
    seed: int = 0,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
) -> Generator[Any, None, Answered]:
    """What goes on from the context, word by word; see `core.explore.sampling.generate`. facts: words."""
    from core.explore.sampling import generate

    if not 0 < length <= MOST_WRITTEN:
        raise Problem("1 to {most} words are written at a time; not {count}.", most=MOST_WRITTEN, count=length)
    yield marked("Writing")
    words: list[str] = []
    how: dict[str, Any] = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    for word in generate(encoder.guesser(), encoder.vocab.words, list(context), length, seed, **how):
        words.append(word)
        yield len(words) / length
    return {}, {"words": words}


# name -> the capability that it needs, and the function of the encoder
OVER: dict[str, tuple[str, Callable[..., Generator[Any, None, Answered]]]] = {
    "surprise": ("NextWord", surprise),
    "generated": ("NextWord", generated),
    **attention.OVER,
    **looking.OVER,
    **predicting.OVER,
}


def asked_over(encoder: Encoder, method: str) -> Callable[..., Any]:
    """The encoder's own method, or the function over it, of this name."""
    if method not in OVER:
        found: Callable[..., Any] = getattr(encoder, method)
        return found
    function = OVER[method][1]
    return lambda **arguments: function(encoder, **arguments)
