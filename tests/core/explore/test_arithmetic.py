"""Expressions of words: what they mean, where they are wrong, and that nothing at all makes the parser fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.explore.arithmetic import DEEPEST, LONGEST, parse
from core.problem import Problem

WORDS = {
    "king",
    "queen",
    "man",
    "woman",
    "well-known",
    "well",
    "known",
    "c++",
    "国王",
    "男人",
    "女人",
    "-",
    "rock'n'roll",
}


def read(text, words=WORDS):
    return {term.word: term.weight for term in parse(text, words.__contains__)}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("king", {"king": 1}),
        ("king - man + woman", {"king": 1, "man": -1, "woman": 1}),
        ("king-man+woman", {"king": 1, "man": -1, "woman": 1}),
        ("king − man ＋ woman", {"king": 1, "man": -1, "woman": 1}),
        ("国王－男人＋女人", {"国王": 1, "男人": -1, "女人": 1}),
        ("国王-男人+女人", {"国王": 1, "男人": -1, "女人": 1}),
        ("２＊（国王－男人）", {"国王": 2, "男人": -2}),
        ("2 * (king - man) / 4", {"king": 0.5, "man": -0.5}),
        ("0.5king + 2 queen", {"0.5king": 1, "queen": 2}),
        (".5 king", {"king": 0.5}),
        ("2(king)", {"king": 2}),
        ("- - king", {"king": 1}),
        ("-(king - 2*man)", {"king": -1, "man": 2}),
        ("king + king - man", {"king": 2, "man": -1}),
        ("(king + queen) ÷ 2", {"king": 0.5, "queen": 0.5}),
        ("king + man - man", {"king": 1}),
        ("well-known - man", {"well-known": 1, "man": -1}),
        ("well-known-man", {"well-known": 1, "man": -1}),
        ("man-well-known", {"man": 1, "well-known": -1}),
        ("well - known", {"well": 1, "known": -1}),
        ("king-size", {"king": 1, "size": -1}),
        ("c++ + man", {"c++": 1, "man": 1}),
        ("rock'n'roll-man", {"rock'n'roll": 1, "man": -1}),
        ('"3" + "a + b" - "-"', {"3": 1, "a + b": 1, "-": -1}),
        ("“king”-「man」", {"king": 1, "man": -1}),
        ("zebra", {"zebra": 1}),
        ("3d - 2", None),
    ],
)
def test_what_is_typed_is_what_is_meant(text, meaning):
    if meaning is None:
        with pytest.raises(Problem):
            read(text)
    else:
        assert read(text) == pytest.approx(meaning)


def test_a_word_knows_its_place():
    assert [(term.word, term.place) for term in parse("king - (man + woman)", WORDS.__contains__)] == [
        ("king", 1), ("man", 9), ("woman", 15)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type words"),
        (" \u3000", "Type words"),
        ("king -", "ends at place 7"),
        ("king + * man", r"At place 8 stands \* where a word"),
        ("()", r"At place 2 stands \)"),
        ("(king - man", "bracket that opens at place 1 is not closed"),
        ("king)", "bracket that closes at place 5 was not opened"),
        ("king queen", "At place 6, before queen, a sign is missing"),
        ("(king)(queen)", r"At place 7, before \(, a sign is missing"),
        ("king * queen", "At place 6 words are multiplied by words"),
        ("king / queen", "At place 6 something is divided"),
        ("king / 0", "At place 6 something is divided"),
        ("king / (1 - 1)", "At place 6 something is divided"),
        ('king - "man', "quotation mark at place 8 is not closed"),
        ('king - " "', "nothing between the quotation marks at place 8"),
        ("2 + 3", "There is no word"),
        ("king + 2", "A number stands alone"),
        ("king - king", "Nothing is left"),
        ("0 * king", "Nothing is left"),
        ("9999999 * king", "weight at place 1 is too large"),
        ("1000000 * 1000000 king", "weight at place 9 is too large"),
        ("9" * 400 + " king", "weight at place 1"),
        ("king / 0.0000001 / 0.1", "weight at place 6 is too large"),
        ("(" * (DEEPEST + 1) + "king" + ")" * (DEEPEST + 1), f"At place {DEEPEST + 1} more than {DEEPEST} brackets"),
        ("(" * LONGEST, "At place 21"),
        ("-" * LONGEST, "ends at place 501"),
        ("x" * (LONGEST + 1), "501 characters long"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_its_place(text, sentence):
    with pytest.raises(Problem, match=sentence):
        read(text)


PIECES = ["king", "man", "well-known", "c++", "国王", "-", "−", "＋", "*", "/", "(", ")", "（", "）", '"', "「", "」",
          " ", "2", "0", ".", "1e9", "٣", "²", "\u200b", "\x00", "’", "<b>", "{x}", "%"]  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@settings(max_examples=400, deadline=None)
def test_anything_is_read_or_refused_with_a_sentence(text):
    try:
        terms = parse(text, WORDS.__contains__)
    except Problem as problem:
        assert str(problem).strip()
        return
    assert terms and all(term.word and term.weight and abs(term.weight) <= 1e7 for term in terms)
    assert all(text[term.place - 1 :].lstrip('"“„「『＂«《 ').startswith(term.word[0]) for term in terms)


@given(st.dictionaries(st.sampled_from(["king", "queen", "man", "国王"]), st.integers(-999, 999), min_size=1))
def test_a_sum_that_is_written_out_is_read_back(weights):
    wanted = {word: weight for word, weight in weights.items() if weight}
    text = " + ".join(f"({weight}) * {word}" for word, weight in weights.items())
    assert read(text) == wanted if wanted else True
