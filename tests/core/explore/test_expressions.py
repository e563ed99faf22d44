"""Arithmetic with words: what is a sum, what is a hyphen, what is refused; nothing typed is ever run."""

import pytest

from core.corpus import Vocab
from core.explore.expressions import parse
from core.problem import Problem

WORDS = ["king", "man", "woman", "queen", "well-known", "2", "1984", "国王", "男人", "-", "+", "<b>", "a*b", "jean"]
VOCAB = Vocab(WORDS, range(len(WORDS), 0, -1))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("- man + King", [(-1, "man"), (1, "king")]),
        ("king-man", [(1, "king"), (-1, "man")]),
        ("king- man", [(1, "king"), (-1, "man")]),
        ("well-known - man", [(1, "well-known"), (-1, "man")]),
        ("0.5 * king + .25queen + queen", None),
        ("0.5*king - man × 3", [(0.5, "king"), (-3, "man")]),
        ("2 king − 3 man", [(2, "king"), (-3, "man")]),
        ("国王 － 男人＋woman", [(1, "国王"), (-1, "男人"), (1, "woman")]),
        ("king + king", [(1, "king"), (1, "king")]),
        ("king - - man", [(1, "king"), (1, "man")]),
        ("1984 - 2", [(1, "1984"), (-1, "2")]),
        ('"-" + "+" - "a*b"', [(1, "-"), (1, "+"), (-1, "a*b")]),
        ("<b> - man", [(1, "<b>"), (-1, "man")]),
        ("king", [(1, "king")]),
    ],
)
def test_what_is_typed_is_what_is_meant(text, terms):
    if terms is None:
        with pytest.raises(Problem, match=".25queen is not in the vocabulary"):
            parse(text, VOCAB)
    else:
        assert parse(text, VOCAB) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type words with"),
        ("   ", "Type words with"),
        ("king -", "A word is missing after -"),
        ("+", "A word is missing after \\+"),
        ("king man", "king man: put \\+ or - between"),
        ("2 3", "2 3: put"),
        ('"king', "close the quotation mark"),
        ("quen - man", "quen is not in the vocabulary; did you mean queen"),
        ("king - maan", "did you mean man"),
        ("99999 king", "too large a factor; the limit is 1000"),
        ("king + " * 30 + "man", "31 words; the limit is 24"),
        ("k" * 500, "500 characters long; the limit is 400"),
        ("__import__('os').system('x')", "is not in the vocabulary"),
        ("9**9**9", "9 9 9: put"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(text, said):
    with pytest.raises(Problem, match=said):
        parse(text, VOCAB)
