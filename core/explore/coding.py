"""How many bits a text takes when a language model writes it down: comparable between any vocabularies.

Perplexity is of a token, so it compares only what cuts text into the same tokens. The log2 of a text's probability,
divided by its characters, compares everything (Shannon 1951, Prediction and entropy of printed English). A word outside
the vocabulary is paid for, not dropped: first that it is one, then its letters.
"""

import hashlib
import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np

from core.corpus import Vocab
from core.corpus.tokenizers import CONTINUES

NextWord = Callable[[Sequence[str]], np.ndarray]  # the words before -> float (V,), sums to 1


@dataclass(frozen=True)
class Coding:
    """Bits of each of n tokens, float64 (n,): by the model, by how frequent words are, and all words alike; unknown
    bool (n,); model is infinite where a word was held impossible."""

    model: np.ndarray
    frequency: np.ndarray
    uniform: np.ndarray
    unknown: np.ndarray
    chances: np.ndarray  # what the model gave the known words, NaN for others and for a first that it cannot guess
    shares: np.ndarray  # how frequent the known words are, NaN for others


def perplexity(chances: np.ndarray) -> float:
    """Of the known tokens but the first, which not every model guesses; infinite, or NaN where there is none."""
    some = chances[1:][~np.isnan(chances[1:])]
    if not len(some):
        return math.nan
    return math.inf if (some <= 0).any() else float(np.exp(-np.log(some).mean()))


def code(next_word: NextWord, vocab: Vocab, text: str, begins: bool = True) -> Generator[float, None, Coding]:
    """Write a text down word by word; yields the share done.

    A known word costs log2 1/p + log2 1/(1 - u), an unknown one log2 1/u and its letters and their end, each of them
    one of all the letters of the text and the end: u is the share of unknown words where the vocabulary was made, with
    one of either more. begins: whether the model guesses a first word; else that costs what its frequency says.
    """
    words, counts = vocab.tokenize(text), np.asarray(vocab.counts, np.float64)
    ids = vocab.encode(words).astype(np.int64)
    unknown = ids >= len(vocab)
    aside = (max(0.0, vocab.tokens - counts.sum()) + 1) / (max(vocab.tokens, counts.sum()) + 2)
    letters = math.log2(len(set(text.lower())) + 1)
    spelt = np.array([len(word.removeprefix(CONTINUES)) + 1 for word in words]) * letters - math.log2(aside)
    known, share = -math.log2(1 - aside), counts / max(counts.sum(), 1)
    chances = np.full(len(ids), np.nan)
    for place, index in enumerate(ids.tolist()):
        if not unknown[place] and (place or begins):
            chances[place] = next_word(words[:place])[index]
        yield (place + 1) / len(ids)
    frequent = np.where(unknown, 0.0, share[np.minimum(ids, len(vocab) - 1)])
    with np.errstate(divide="ignore"):
        model, frequency = -np.log2(np.where(np.isnan(chances), frequent, chances)), -np.log2(frequent)
    each = (model, frequency, math.log2(len(vocab)))
    model, frequency, uniform = (np.where(unknown, spelt, bits + known) for bits in each)
    return Coding(model, frequency, uniform, unknown, chances, np.where(unknown, np.nan, frequent))


def same_words(vocab: Vocab) -> str:
    """A short name that two vocabularies share if and only if they hold the same words, cut in the same way."""
    text = "\n".join([vocab.tokenizer, str(vocab.lowercase), *vocab.words])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
