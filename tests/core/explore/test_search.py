import time

import pytest

from core.explore import search
from core.problem import Problem

WORDS = ["the", "then", "a.b", "Other", "王", "女王", "aaab"]


@pytest.mark.parametrize(
    "text, mode, found",
    [
        ("the", "prefix", [0, 1]),
        ("THE", "contains", [0, 1, 3]),
        ("a.b", "contains", [2]),
        ("a.b", "regex", [2, 6]),
        ("^.?王$", "regex", [4, 5]),
        ("", "regex", []),
    ],
)
def test_modes(text, mode, found):
    assert search(WORDS, text, mode).tolist() == found


def test_the_limit_keeps_the_most_frequent():
    assert search(["x"] * 50, "x", limit=3).tolist() == [0, 1, 2]


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "a{5000}", "a" * 201])
def test_patterns_that_cannot_be_read(pattern):
    with pytest.raises(Problem):
        search(WORDS, pattern, "regex")


def test_a_catastrophic_pattern_takes_linear_time():
    begin = time.process_time()
    assert search(["a" * 5000 + "!"] * 20, "(a+)+$", "regex").size == 0
    assert time.process_time() - begin < 2


def test_unknown_mode():
    with pytest.raises(Problem, match="prefix, contains, regex"):
        search(WORDS, "a", "sql")
