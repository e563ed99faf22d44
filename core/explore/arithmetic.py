"""Arithmetic with words, as people type it: king - man + woman, 2 * (paris − france), 国王－男人＋女人.

    sum     = product { (+ | -) product }
    product = part { (* | / | nothing) part }          at most one part of a product holds words
    part    = number | word | "word" | ( sum ) | (+ | -) part

A word is a run without blanks, signs, brackets or quotation marks, or whatever run without blanks the vocabulary has;
a hyphen is part of a word where the vocabulary says so (`well-known`), else it is a minus. Quotation marks hold any
word at all. Nothing is evaluated but this grammar.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.explore.neighbours import Space
from core.problem import Problem

LONGEST = 500  # characters
DEEPEST = 20  # brackets within brackets
LARGEST = 1e6  # weight
SIGNS = {
    **dict.fromkeys("+＋﹢", "+"), **dict.fromkeys("-－−–‐﹣", "-"), **dict.fromkeys("*×＊✕", "*"),
    **dict.fromkeys("/÷／", "/"), **dict.fromkeys("(（﹙", "("), **dict.fromkeys(")）﹚", ")"),
}  # fmt: skip
QUOTES = {'"': '"', "“": "”", "„": "“”", "「": "」", "『": "』", "＂": "＂", "«": "»", "《": "》"}
NUMBER = re.compile(r"(?:\d+(?:[.．]\d*)?|[.．]\d+)")
Known = Callable[[str], bool]
Form = tuple[float, dict[str, float]]  # a number, and the weight of each word: what a part of the text stands for


@dataclass(frozen=True)
class Term:
    """A word and what it counts; place: the character, counted from 1, where it stands first."""

    word: str
    weight: float
    place: int


@dataclass(frozen=True)
class _Token:
    kind: str  # a sign, "number", "word" or "end"
    text: str
    place: int


def parse(text: str, known: Known) -> list[Term]:
    """The words of an expression and their weights, in the order in which they come first.

    known: whether the vocabulary has a word, which decides what a hyphen is. Words that it lacks are returned too.
    Raises Problem, with the place, for what cannot be read, and where nothing is left (king - king).
    """
    if len(text) > LONGEST:
        raise Problem("This expression is {n} characters long; the limit is {limit}.", n=len(text), limit=LONGEST)
    reader = _Reader(_tokens(text, known))
    if reader.here.kind == "end":
        raise Problem("Type words with + and - between them, as in king - man + woman.")
    number, words = reader.sum(0)
    reader.finish()
    if not words:
        raise Problem("There is no word in {text}: a number alone has no neighbours. Put a word that looks like a "
                      "number in quotation marks.", text=text.strip())  # fmt: skip
    if number:
        raise Problem("A number stands alone in {text}: numbers are weights of words, as in 2 * king.",
                      text=text.strip())  # fmt: skip
    if not any(words.values()):
        raise Problem("Nothing is left of {text}: its words cancel each other out.", text=text.strip())
    return [Term(word, weight, reader.places[word]) for word, weight in words.items() if weight]


def combined(space: Space, terms: Sequence[Term]) -> tuple[np.ndarray, list[int]]:
    """float32 (d,): the sum of the words' directions, each of length one times its weight; and the words' indices.

    Raises Problem for a word that is not in the vocabulary, and for one without a direction.
    """
    total, ids = np.zeros(space.vectors.shape[1]), []
    for term in terms:
        index = space.vocab.get(term.word)
        if index is None:
            near = ", ".join(space.vocab.near(term.word, 3))
            if near:
                raise Problem("{word}, at place {place}, is not in the vocabulary; did you mean {near}?",
                              word=term.word[:80], place=term.place, near=near)  # fmt: skip
            raise Problem("{word}, at place {place}, is not in the vocabulary; try a more frequent word.",
                          word=term.word[:80], place=term.place)  # fmt: skip
        total += term.weight * space.unit(index)
        ids.append(index)
    return total.astype(np.float32), ids


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token]):
        self.tokens, self.at = tokens, 0
        self.places: dict[str, int] = {}

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self, depth: int) -> Form:
        total = self.product(depth)
        while self.here.kind in ("+", "-"):
            sign = 1 if self.take().kind == "+" else -1
            total = _added(total, self.product(depth), sign)
        return total

    def product(self, depth: int) -> Form:
        found = self.part(depth)
        while self.here.kind in ("*", "/", "word", "number", "("):
            sign = self.take() if self.here.kind in ("*", "/") else self.here
            if sign.kind in ("word", "number", "(") and found[1]:
                raise Problem("At place {place}, before {text}, a sign is missing: +, - or *.",
                              place=sign.place, text=sign.text)  # fmt: skip
            other = self.part(depth)
            found = _divided(found, other, sign) if sign.kind == "/" else _multiplied(found, other, sign)
        return found

    def part(self, depth: int) -> Form:
        token, sign = self.take(), 1
        while token.kind in ("+", "-"):
            sign, token = (-sign if token.kind == "-" else sign), self.take()
        if token.kind == "number":
            return sign * _number(token), {}
        if token.kind == "word":
            self.places.setdefault(token.text, token.place)
            return 0.0, {token.text: float(sign)}
        if token.kind == "(":
            number, words = self.bracket(token, depth + 1)
            return sign * number, {word: sign * weight for word, weight in words.items()}
        if token.kind == "end":
            raise Problem("The expression ends at place {place} where a word should stand.", place=token.place)
        raise Problem("At place {place} stands {text} where a word should stand.", place=token.place, text=token.text)

    def bracket(self, opening: _Token, depth: int) -> Form:
        if depth > DEEPEST:
            raise Problem("At place {place} more than {limit} brackets are open.", place=opening.place, limit=DEEPEST)
        inside = self.sum(depth)
        if self.here.kind != ")":
            raise Problem("The bracket that opens at place {place} is not closed.", place=opening.place)
        self.take()
        return inside

    def finish(self) -> None:
        if self.here.kind == ")":
            raise Problem("The bracket that closes at place {place} was not opened.", place=self.here.place)
        assert self.here.kind == "end", self.here


def _added(one: Form, other: Form, sign: int) -> Form:
    words = dict(one[1])
    for word, weight in other[1].items():
        words[word] = words.get(word, 0.0) + sign * weight
    return one[0] + sign * other[0], words


def _multiplied(one: Form, other: Form, sign: _Token) -> Form:
    if one[1] and other[1]:
        raise Problem("At place {place} words are multiplied by words; a word can be multiplied by a number only.",
                      place=sign.place)  # fmt: skip
    (factor, _), (number, words) = (one, other) if other[1] else (other, one)
    return _bounded(factor * number, {word: factor * weight for word, weight in words.items()}, sign)


def _divided(one: Form, other: Form, sign: _Token) -> Form:
    if other[1] or not other[0]:
        raise Problem("At place {place} something is divided by a word or by 0; divide by another number.",
                      place=sign.place)  # fmt: skip
    return _bounded(one[0] / other[0], {word: weight / other[0] for word, weight in one[1].items()}, sign)


def _bounded(number: float, words: dict[str, float], at: _Token) -> Form:
    if not all(abs(each) <= LARGEST for each in (number, *words.values())):
        raise Problem("The weight at place {place} is too large; the limit is {limit}.",
                      place=at.place, limit=f"{LARGEST:,.0f}")  # fmt: skip
    return number, words


def _number(token: _Token) -> float:
    return _bounded(float(token.text.replace("．", ".")), {}, token)[0]


def _tokens(text: str, known: Known) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found, at = _token(text, at, known)
        tokens.append(found)
    return [*tokens, _Token("end", "", len(text) + 1)]


def _token(text: str, at: int, known: Known) -> tuple[_Token, int]:
    """The token that begins here, and where the next may begin."""
    if text[at] in QUOTES:
        return _quoted(text, at)
    run = re.match(r"\S+", text[at:])
    assert run is not None
    whole = run[0]
    number = NUMBER.match(text, at)
    if number and not _goes_on(text, number.end()):
        return _Token("number", number[0], at + 1), number.end()
    if len(whole) > 1 and not all(letter in SIGNS for letter in whole) and known(whole):
        return _Token("word", whole, at + 1), at + len(whole)
    if text[at] in SIGNS:
        return _Token(SIGNS[text[at]], text[at], at + 1), at + 1
    word = _word(whole, known)
    return _Token("word", word, at + 1), at + len(word)


def _goes_on(text: str, at: int) -> bool:
    """Whether what stands here belongs to the run before it: 3d, 2nd."""
    return at < len(text) and not text[at].isspace() and text[at] not in SIGNS and text[at] not in QUOTES


def _quoted(text: str, at: int) -> tuple[_Token, int]:
    closing = QUOTES[text[at]]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closing), None)
    if end is None:
        raise Problem("The quotation mark at place {place} is not closed.", place=at + 1)
    word = text[at + 1 : end].strip()
    if not word:
        raise Problem("There is nothing between the quotation marks at place {place}.", place=at + 1)
    return _Token("word", word, at + 1), end + 1


def _word(run: str, known: Known) -> str:
    """The word that a run without blanks begins with: up to a sign, a hyphen that the vocabulary knows excepted."""
    end = next((i for i, letter in enumerate(run) if i and letter in QUOTES or SIGNS.get(letter, "-") != "-"), len(run))
    parts = re.split(f"([{re.escape('-－−–‐﹣')}])", run[:end])
    for last in range(len(parts), 1, -2):
        joined = "".join(parts[:last])
        if parts[last - 1] and known(joined):
            return joined
    return parts[0]
