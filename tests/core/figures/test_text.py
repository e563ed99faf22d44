import html
import re

import pytest

from core.figures.text import plain, shown

HOSTILE = [
    "<s>",
    "</s>",
    "<b>x</b>",
    "<a href='x'>y</a>",
    "<img onerror=z>",
    "&amp;",
    "$x^2$",
    "%{x}",
    "%%{y}",
    "a_b*c",
    "词",
]


@pytest.mark.parametrize("word", HOSTILE)
def test_plain_text_has_no_markup_and_reads_as_the_word(word):
    escaped = plain(word)
    assert not re.search(r"[<>$]|%\{|&(?!amp;|lt;|gt;|#36;|#123;)", escaped)
    assert html.unescape(escaped) == word


def test_long_words_are_cut_for_display_before_they_are_escaped():
    assert plain("<" * 100, longest=10) == "&lt;" * 9 + "…"


def test_invisible_characters_become_visible():
    assert shown("a\nb\u202ec") == "a↵b\ufffdc" and shown("") == shown(" ") == "␣"
