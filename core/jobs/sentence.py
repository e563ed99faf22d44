"""What an encoder makes of the probe's sentence while it trains, by what it can answer."""

import re
from typing import Any

import numpy as np

from core.corpus import Vocab
from core.corpus.tokenizers import CONTINUES
from core.encoders.base import Attention, Encoder, MaskedWord, NextWord, Translation
from core.explore.sampling import generate
from core.problem import Problem

_SHOWN = 8  # words of a guess
_WRITTEN, _LETTERS = 24, 120  # words that are written, or characters
_LOOKED = 16  # words whose attention is drawn: a picture stays small
_BLANK = re.compile(r"\[mask\]|_{2,}", re.IGNORECASE)  # what stands for the word to guess


def told(
    encoder: Encoder, sentence: str, step: int, reference: str = ""
) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """Probes as a snapshot has them, and as `attention`, if there is any, float16 (L, H, T, T).

    reference: the translation of the sentence that the corpus has, if any.
    """
    vocab, asked = encoder.vocab, isinstance(encoder, NextWord | MaskedWord | Attention | Translation)
    if not asked or not sentence.strip():
        return [], {}
    words, place = blanked(vocab, sentence)
    if not words:
        return [{"kind": "unknown", "word": sentence, "near": []}], {}
    probes, arrays = [], {}
    if isinstance(encoder, Translation):
        try:
            found = encoder.translate(sentence)
            arrays["attention"] = found["attention"][None, None].astype(np.float16)
            answer = {name: found[name] for name in ("source", "words", "text", "unknown")}
            probes.append({"kind": "translated", **answer, "reference": reference})
        except Problem:  # more words than are translated
            pass
    if isinstance(encoder, NextWord):
        probes += [_next(encoder, vocab, words, sentence), _written(encoder, vocab, words, sentence, step)]
    if isinstance(encoder, MaskedWord):
        probes.append(_masked(encoder, vocab, words, place))
    if isinstance(encoder, Attention):
        looked = words[:_LOOKED]
        try:
            arrays["attention"] = encoder.attention(looked).astype(np.float16)
            probes.append({"kind": "attention", "words": looked})
        except Problem:  # more pieces than the model looks at: nothing is drawn
            pass
    return probes, arrays


def blanked(vocab: Vocab, sentence: str) -> tuple[list[str], int]:
    """The words of a sentence, and which of them is to be guessed: the blank in it, else its longest known word."""
    blank = _BLANK.search(sentence)
    if blank:
        before, after = (vocab.tokenize(part) for part in (sentence[: blank.start()], sentence[blank.end() :]))
        return [*before, blank[0], *after], len(before)
    words = vocab.tokenize(sentence)
    inside = range(len(words) - (len(words) > 2))  # not the last one, which has no words on both sides
    known = [i for i in inside if words[i] in vocab] or list(inside)
    return words, max(known, key=lambda i: (any(map(str.isalnum, words[i])), len(words[i].strip()), i), default=0)


def _guess(chances: np.ndarray, vocab: Vocab) -> dict[str, Any]:
    """The most probable words."""
    best = np.argsort(-chances, kind="stable")[:_SHOWN]
    return {"words": [vocab.words[i] for i in best], "probabilities": [round(float(chances[i]), 5) for i in best]}


def _next(encoder: NextWord, vocab: Vocab, words: list[str], sentence: str) -> dict[str, Any]:
    """What the encoder expects after this sentence."""
    return {"kind": "next", "context": sentence, **_guess(encoder.next_word(words), vocab)}


def _written(encoder: NextWord, vocab: Vocab, words: list[str], sentence: str, step: int) -> dict[str, Any]:
    """How it goes on, each word drawn; other draws at every step."""
    length = _LETTERS if vocab.tokenizer == "characters" else _WRITTEN
    written = list(generate(encoder.guesser(), vocab.words, words, length, step, top_p=0.95))
    return {"kind": "written", "context": sentence, "text": _text(vocab, written)}


def _masked(encoder: MaskedWord, vocab: Vocab, words: list[str], place: int) -> dict[str, Any]:
    """What the encoder would fill into the sentence in this place."""
    before, after = _text(vocab, words[:place]), _text(vocab, words[place + 1 :])
    return {"kind": "masked", "before": before, "after": after, **_guess(encoder.masked_word(words, place), vocab)}


def _text(vocab: Vocab, words: list[str]) -> str:
    """Tokens as running text."""
    return (" " if vocab.tokenizer in ("words", "pieces") else "").join(words).replace(" " + CONTINUES, "")
