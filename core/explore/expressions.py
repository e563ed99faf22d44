"""Arithmetic with words, `king - man + 0.5 * woman`, read without running anything: words, their weights, nothing else.

king - man + woman      words with + and - between them; the signs − – ＋ － too
2 * king, king * 2      a word with a factor; also 2 king, and × for *
1984 - 1945             a number by itself is a word
well-known              a hyphen inside a word belongs to it where the vocabulary has the word, else it is a minus
"+", "2"                in quotation marks, a word that would be read as something else
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from core.corpus import Vocab
from core.problem import Problem

LONGEST = 400  # characters
MOST = 24  # words
LARGEST = 1000.0  # a factor

_PLUS, _MINUS, _TIMES = "+＋", "-−–－", "*×·∗"
_SIGNS = re.escape(_PLUS + _MINUS)
_NO_WORD = re.escape(_PLUS + _MINUS.replace("-", "") + _TIMES)
_PART = re.compile(
    rf'\s*(?:"(?P<quoted>[^"]+)"|“(?P<curly>[^”]+)”|(?P<sign>[{_SIGNS}])|(?P<times>[{re.escape(_TIMES)}])'
    rf'|(?P<word>[^\s"“”{_NO_WORD}]+))'
)


@dataclass(frozen=True)
class _Part:
    """A piece of what was typed: kind "sign", "number" or "word"; value of a number or a sign."""

    kind: str
    text: str
    value: float = 1.0


def parse(text: str, vocab: Vocab) -> list[tuple[float, str]]:
    """The words of a sum with their weights, in the order typed; a word that comes twice comes twice.

    Words are as the vocabulary writes them. Raises Problem for an unknown word (with near ones), for a sum that is no
    sum, and for one that is too long.
    """
    if len(text) > LONGEST:
        raise Problem("This sum is {n} characters long; the limit is {limit}.", n=len(text), limit=LONGEST)
    if not text.strip():
        raise Problem("Type words with + and - between them, such as king - man + woman.")
    terms = list(_terms(_parts(text, vocab)))
    if len(terms) > MOST:
        raise Problem("This sum has {n} words; the limit is {limit}.", n=len(terms), limit=MOST)
    return [(weight, vocab.words[vocab.index(word)]) for weight, word in terms]


def _parts(text: str, vocab: Vocab) -> Iterator[_Part]:
    """What was typed, in pieces; a * between a factor and its word says nothing more and is left out."""
    place = 0
    while text[place:].strip():
        found = _PART.match(text, place)
        if found is None:
            raise Problem("{text} cannot be read: close the quotation mark.", text=text[place:].strip()[:80])
        place = found.end()
        kind, piece = str(found.lastgroup), found.group(str(found.lastgroup))
        if kind in ("quoted", "curly"):
            yield _Part("word", piece)
        elif kind == "sign":
            yield _Part("sign", piece, -1.0 if piece in _MINUS else 1.0)
        elif kind == "word":
            yield from _word(piece, vocab)


def _word(piece: str, vocab: Vocab) -> Iterator[_Part]:
    """A run of letters: a number, a word, or, where the vocabulary has it only in parts, what its hyphens part."""
    if re.fullmatch(r"[0-9]*\.?[0-9]+", piece, re.ASCII):
        yield _Part("number", piece, float(piece))
    elif "-" not in piece or vocab.get(piece) is not None:
        yield _Part("word", piece)
    else:
        for i, word in enumerate(piece.split("-")):
            if i:
                yield _Part("sign", "-", -1.0)
            if word:
                yield from _word(word, vocab)


def _terms(parts: Iterator[_Part]) -> Iterator[tuple[float, str]]:
    """(weight, word) of each term: signs, then a word with factors before or after it."""
    sign, last, term = 1.0, "", list[_Part]()
    for part in parts:
        if part.kind != "sign":
            term.append(part)
        elif term:
            yield _term(sign, term)
            sign, last, term = part.value, part.text, []
        else:
            sign, last = sign * part.value, part.text
    if not term:
        raise Problem("A word is missing after {sign}.", sign=last)
    yield _term(sign, term)


def _term(sign: float, term: list[_Part]) -> tuple[float, str]:
    words = [part.text for part in term if part.kind == "word"]
    if len(words) > 1 or (not words and len(term) > 1):
        raise Problem("{text}: put + or - between two words.", text=" ".join(part.text for part in term)[:80])
    if not words:
        return sign, term[0].text
    factor = prod(part.value for part in term)
    if factor > LARGEST:
        raise Problem("{number} is too large a factor; the limit is {limit}.", number=f"{factor:g}", limit=int(LARGEST))
    return sign * factor, words[0]
