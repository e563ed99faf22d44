"""Held-out stretches: nothing that an encoder has learned from."""

import pytest

from core.corpus import Corpus, Vocab
from core.explore.passages import passages, words_alone


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(
        [" ".join(f"Word{chr(97 + d)}{i // 26}{chr(97 + i % 26)}." for i in range(800)) for d in range(4)]
    )


def test_they_are_held_out_and_as_long_as_asked(corpus):
    held = {corpus.vocab.words[i] for first, last in corpus.split()[1] for i in corpus.tokens[first:last]}
    found = passages(corpus, 3, 60)
    assert len(found) == 3 and all(40 <= len(text) <= 75 for text in found)
    assert {word for text in found for word in corpus.vocab.tokenize(text)} <= held


def test_another_number_is_another_stretch_and_the_same_one_is_the_same(corpus):
    first, second = passages(corpus, 1, 60, 0), passages(corpus, 1, 60, 1)
    assert first != second and first == passages(corpus, 1, 60, 0)


def test_a_text_too_small_to_hold_anything_out_has_none():
    assert passages(Corpus.from_texts(["one two three"]), 2, 100) == []


def test_words_alone_have_single_blanks():
    assert words_alone(Vocab(["the"], [1]), "The  king's son,\nsaid: NO!") == "the king's son said no"
    assert words_alone(Vocab(["t"], [1], tokenizer="characters"), "The  king's son. ") == "the king's son"
    assert words_alone(Vocab(["国"], [1], tokenizer="chinese", language="zh"), "国王，\n 女儿。") == "国王女儿"
