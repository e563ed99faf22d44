"""What Predict asks beyond a single guess: hidden words, many pairs, the bits of a text, how far back a model looks."""

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.store import Store

LONGEST = 5000  # tokens of a text whose bits are counted
MOST_PAIRS, MOST_CONTEXTS = 400, 100
Answered = tuple[dict[str, np.ndarray], dict[str, Any]]


def hidden_word(encoder: Any, tokens: Sequence[str], i: int) -> Generator[Any, None, Answered]:
    """`masked_word`, as "answer"; facts first and last: the words that were looked at, first to the one before last."""
    yield marked("Filling the gap")
    first, last = encoder.window(tokens, i)
    return {"answer": encoder.masked_word(tokens, i)}, {"first": first, "last": last, "words": len(tokens)}


def judged(encoder: Any, pairs: Sequence[Sequence[str]]) -> Generator[Any, None, Answered]:
    """`next_sentence` of each pair, as "answer", float (n,)."""
    if not 0 < len(pairs) <= MOST_PAIRS:
        raise Problem("1 to {most} pairs are judged at a time; not {count}.", most=MOST_PAIRS, count=len(pairs))
    yield marked("Judging the pairs")
    found = []
    for first, second in pairs:
        found.append(encoder.next_sentence(first, second))
        yield len(found) / len(pairs)
    return {"answer": np.array(found)}, {}


def coded(encoder: Any, text: str) -> Generator[Any, None, Answered]:
    """The bits that a text takes; see `core.explore.coding`. Arrays model, frequency, uniform: bits of each token, and
    unknown. Facts: perplexity and frequency_perplexity, that of guessing by frequency (None: infinite, or nothing is
    known); impossible, the words held so; words of the vocabulary, and vocabulary, a name that is the same for the same
    one; spelled, the letters that tokens are made of; begins, whether it guesses a first word."""
    from core.explore.coding import code, perplexity, same_words
    from core.explore.surprise import begins

    vocab, count = encoder.vocab, len(encoder.vocab.tokenize(text))
    if not 0 < count <= LONGEST:
        raise Problem("A text of 1 to {most} words is read; this one has {count}.", most=LONGEST, count=count)
    yield marked("Reading the text")
    first = begins(encoder.next_word)
    found = yield from code(encoder.guesser(), vocab, text, first)
    arrays = {name: getattr(found, name) for name in ("model", "frequency", "uniform", "unknown")}
    spelled = sum(len(token.removeprefix("##")) for token in vocab.tokenize(text))
    both = {"perplexity": perplexity(found.chances), "frequency_perplexity": perplexity(found.shares)}
    return arrays, {name: value if np.isfinite(value) else None for name, value in both.items()} | {
        "impossible": int((found.chances == 0).sum()), "words": len(vocab), "vocabulary": same_words(vocab),
        "spelled": spelled, "begins": first,
    }  # fmt: skip


def looked_back(encoder: Any, texts: Sequence[str], draws: int = 2, seed: int = 0) -> Generator[Any, None, Answered]:
    """How far back the encoder looks, in one context out of each text that is long enough; see `core.explore.reach`.
    Arrays bits and moved, float32 (contexts, places back)."""
    from core.explore.reach import LENGTH, reach

    if not 0 < len(texts) <= MOST_CONTEXTS:
        raise Problem("1 to {most} stretches are read; not {count}.", most=MOST_CONTEXTS, count=len(texts))
    if len(encoder.vocab) < 2:
        raise Problem("The vocabulary holds one word, so no word can be replaced: choose another run.")
    cut = [encoder.vocab.tokenize(text)[:LENGTH] for text in texts]
    contexts = [words for words in cut if len(words) == LENGTH] or [words for words in cut if words]
    if not contexts:
        raise Problem("There is no word in these texts: choose another corpus.")
    yield marked("Replacing words")
    ids = [encoder.vocab.encode(words) for words in contexts]
    return (yield from reach(encoder.next_word, encoder.vocab.words, contexts, ids, draws, seed)), {}


def sentence_pairs(store: "Store", corpus_id: str, count: int = 1, seed: int = 0) -> Steps:
    """Pairs of sentences of each kind, lists of two texts; see `core.explore.sentence_pairs`."""
    from core.explore.sentence_pairs import sentence_pairs as drawn

    yield marked("Looking for sentences")
    return {}, {"pairs": drawn(opened(store, corpus_id), count, seed)}


def passages(store: "Store", corpus_id: str, count: int = 1, characters: int = 1000, number: int = 0) -> Steps:
    """Stretches of the corpus's held-out text, "texts"; see `core.explore.passages`. With one stretch, also "alone":
    its words with single blanks."""
    from core.explore.passages import passages as found
    from core.explore.passages import words_alone

    yield marked("Looking for held-out text")
    corpus = opened(store, corpus_id)
    texts = found(corpus, count, characters, number)
    return {}, {"texts": texts, "alone": [words_alone(corpus.vocab, text) for text in texts]}


# name -> the capability that it needs, and the function of the encoder
OVER: dict[str, tuple[str, Callable[..., Generator[Any, None, Answered]]]] = {
    "hidden_word": ("MaskedWord", hidden_word),
    "judged": ("NextSentence", judged),
    "coded": ("NextWord", coded),
    "looked_back": ("NextWord", looked_back),
}
