"""The lists of stop words."""

import unicodedata

import pytest

from core.corpus.stop_words import LISTS, stop_words
from core.corpus.tokenizers import tokenize


def test_the_sizes_are_those_of_closed_classes() -> None:
    sizes = {language: len(stop_words(language)) for language in LISTS}
    assert 170 <= sizes["en"] <= 300 and 150 <= sizes["zh"] <= 300 and all(sizes[name] > 120 for name in LISTS)


@pytest.mark.parametrize("language", LISTS)
def test_each_stands_as_it_is_counted_and_once(language: str) -> None:
    words = stop_words(language)
    assert len(set(words)) == len(words)
    assert all(word == unicodedata.normalize("NFC", word).lower() and not word.isspace() for word in words)


@pytest.mark.parametrize("language", LISTS)
def test_each_is_one_token(language: str) -> None:
    for word in stop_words(language):
        assert tokenize(word, "words", True) == [word]


def test_function_words_are_in_and_words_of_content_are_not() -> None:
    assert {"the", "of", "and", "don't", "themselves"} <= set(stop_words("en"))
    assert {"的", "了", "我们", "因为", "把"} <= set(stop_words("zh"))
    assert not {"time", "good", "said", "man", "people", "new"} & set(stop_words("en"))
    assert not {"中国", "说", "人", "大", "好", "天"} & set(stop_words("zh"))


def test_most_of_running_english_that_is_left_out_is_about_half() -> None:
    tokens = tokenize("It is a truth universally acknowledged, that a single man in possession of a good fortune, "
                      "must be in want of a wife.", "words", True)  # fmt: skip
    left = [token for token in tokens if token not in stop_words("en")]
    assert left == ["truth", "universally", "acknowledged", "single", "man", "possession", "good", "fortune", "want",
                    "wife"]  # fmt: skip


def test_an_unknown_language_has_none() -> None:
    assert stop_words("xx") == [] == stop_words("")
