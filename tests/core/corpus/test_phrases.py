"""Phrases: the paper's score by hand, gensim's Phrases as an oracle, joined alike in a corpus and in a sentence."""

import random

import numpy as np
import pytest
from gensim.models.phrases import Phrases

from core.corpus import Corpus, passes, phrases
from core.corpus.phrases import score
from core.problem import Problem
from tests.core.corpus.making import made


def corpus(texts: list[str], threshold: float = 1.0, **settings: object) -> Corpus:
    return made(texts, phrases=True, phrase_threshold=threshold, **settings)


def sentences(seed: int, count: int = 400) -> list[list[str]]:
    """Sentences of words wa to wp, of which some like each other's company."""
    chance, found = random.Random(seed), []
    for _ in range(count):
        words = []
        for _ in range(chance.randint(1, 12)):
            word = chance.choice("abcdefghijklmnop")
            words += [word, chr(ord(word) + 1)] if word in "acg" and chance.random() < 0.7 else [word]
        found.append(["w" + word for word in words])
    return found


def test_the_score_by_hand() -> None:
    """new york 8 times, new 10 times, york 8 times, of 100 words: (8 - 5) / (10 * 8) * 100 = 3.75."""
    assert score(np.array([8]), np.array([10]), np.array([8]), 100).tolist() == [3.75]
    text = "new york. " * 8 + "new. " * 2 + "x. " * 82
    assert "new_york" in corpus([text], 3.74).vocab and "new_york" not in corpus([text], 3.75).vocab


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threshold", [0.3, 1.0, 2.0])
def test_gensim_joins_the_same(seed: int, threshold: float) -> None:
    """gensim's own score has the number of its entries for the number of tokens: its threshold is scaled to ours."""
    given = sentences(seed)
    oracle = Phrases(given, min_count=phrases.DISCOUNT, threshold=1.0, delimiter="_")
    oracle.threshold = threshold * len(oracle.vocab) / oracle.corpus_word_count
    found = corpus([". ".join(" ".join(words) for words in given).upper()], threshold)
    ours = [found.vocab.words[i] for i in found.tokens]
    assert ours == [word for words in given for word in oracle[words]] and any("_" in word for word in ours)


def test_no_phrase_reaches_over_the_end_of_a_sentence() -> None:
    found = corpus(["He saw New York. He saw Mr. York. " * 20 + "All is new. York is old."], 0.5)
    assert found.vocab.tokenize("It is new. York") == ["it", "is", "new", "york"]
    assert found.vocab.tokenize("New York, Mr. York") == ["new_york", "mr_york"]


def test_from_left_to_right_and_only_two_words() -> None:
    found = corpus(["a b c. " * 50 + "x. y. z. " * 100], 1.0)
    assert found.vocab.tokenize("a b c") == ["a_b", "c"] and found.vocab.tokenize("b c b c") == ["b_c", "b_c"]
    assert "b" not in found.vocab and found.vocab.counts[found.vocab.index("a_b")] == 50


@pytest.mark.parametrize("tokenizer", ["words", "chinese"])
def test_parts_change_nothing(tokenizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [". ".join(" ".join(words) for words in sentences(seed)) for seed in range(3)] + ["", "清华大学。" * 30]
    whole = corpus(texts, 0.5, tokenizer=tokenizer)
    monkeypatch.setattr(passes, "PART", 7)
    monkeypatch.setattr(phrases, "_TOGETHER", 100)
    parts = corpus(texts, 0.5, tokenizer=tokenizer)
    assert parts.vocab.words == whole.vocab.words and any("_" in word for word in whole.vocab.words)
    for name in ("tokens", "starts", "offsets", "sentences"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_no_phrase_has_a_stop_word_in_it_nor_reaches_over_one() -> None:
    found = corpus(["bank of america. " * 50 + "x. y. " * 200], 0.5, stop_words="of")
    assert found.vocab.tokenize("Bank of America") == ["bank", "america"] and "of" not in found.vocab


def test_text_without_phrases_stays_as_it_is() -> None:
    found = corpus(["the cat sat on the mat"])
    assert found.vocab.words == ["the", "cat", "sat", "on", "mat"] and found.vocab.tokenization.plain


@pytest.mark.parametrize("tokenizer", ["characters", "pieces"])
def test_only_words_make_phrases(tokenizer: str) -> None:
    with pytest.raises(Problem, match="choose the tokeniser words or chinese"):
        corpus(["a b"], tokenizer=tokenizer)
