"""What a run may see: one side of a word, hidden words by whole characters, and which words tell the most."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.corpus.tokenizers import HIDDEN, Tokenization
from core.explore.sense_sight import Sight, Veiled, telling, way
from core.explore.sense_vectors import tokens_at
from core.explore.senses import find
from core.problem import Problem

RIVER, MONEY = (["old", "river"], ["of", "the", "River"]), (["the"], ["lent", "money"])


def seen(sight: Sight, text: str, query: str = "bank", cut: bool = False, **more) -> tuple[tuple[str, ...], list[int]]:
    """The tokens that a run of the corpus's own words is given, and which of them are the word."""
    corpus = Corpus.from_texts([text], **more)
    mode = "text" if "tokenizer" in more else "words"
    row = sight.of(find(corpus, query, mode=mode).frame, corpus.vocab).iloc[0]
    return tokens_at(Veiled(corpus.vocab, cut), row["sentence"], int(row["first"]), int(row["last"]))


def test_one_side_alone_is_seen() -> None:
    text = "The old bank of the river fell."
    assert seen(Sight("left"), text) == (("the", "old", "bank"), [2])
    assert seen(Sight("right"), text) == (("bank", "of", "the", "river", "fell"), [0])
    assert seen(Sight(), text) == (("the", "old", "bank", "of", "the", "river", "fell"), [2])


def test_hidden_words_are_replaced_or_cut_out_wherever_they_stand() -> None:
    sight, text = Sight(hidden=["river", "OLD"]), "River, old bank of the River fell."
    assert seen(sight, text) == ((HIDDEN, HIDDEN, "bank", "of", "the", HIDDEN, "fell"), [2])
    assert seen(sight, text, cut=True) == (("bank", "of", "the", "fell"), [0])


def test_the_word_itself_is_never_hidden() -> None:
    assert seen(Sight(hidden=["bank"]), "A bank is a bank.")[0] == ("a", "bank", "is", "a", HIDDEN)


def test_a_run_that_cuts_into_characters_hides_whole_words() -> None:
    corpus = Corpus.from_texts(["他买了苹果公司的手机。"], tokenizer="chinese", language="zh")
    letters = Corpus.from_texts(["他买了苹果公司的手机。"], tokenizer="characters", language="zh")
    frame = Sight(hidden=["公司", "手机"]).of(find(corpus, "苹果", mode="text").frame, corpus.vocab)
    row = frame.iloc[0]
    words, places = tokens_at(Veiled(letters.vocab, False), row["sentence"], int(row["first"]), int(row["last"]))
    assert words == (*"他买了苹果", HIDDEN, HIDDEN, "的", HIDDEN, HIDDEN, "。") and places == [3, 4]


def test_two_hidden_words_side_by_side_stay_two() -> None:
    assert seen(Sight(hidden=["b", "c"]), "a b c bank")[0] == ("a", HIDDEN, HIDDEN, "bank")


def test_another_side_is_a_problem() -> None:
    with pytest.raises(Problem, match="up is no side"):
        Sight("up")


class Bytes(Vocab):
    """Has a piece for everything."""

    def tokenize(self, text: str) -> list[str]:
        return ["a"] * len(text.encode())


def test_what_stands_for_a_hidden_word() -> None:
    words = Corpus.from_texts(["a bank"]).vocab
    assert way(SimpleNamespace(vocab=words)) == "unknown"
    assert way(SimpleNamespace(vocab=words, hides=True)) == "mask"
    tokenization = Tokenization("pieces", True)
    assert way(SimpleNamespace(vocab=Bytes(["a"], [1], tokenization=tokenization))) == "cut"


def test_the_most_telling_words_come_first_once_each_with_their_group() -> None:
    contexts = [RIVER] * 6 + [MONEY] * 4 + [(["the"], ["fell"])]
    rows = telling(contexts, np.array([0] * 6 + [1] * 4 + [-1]), {"bank"})
    assert [row[:4] for row in rows[:3]] == [["River", 0, 6, 0], ["of", 0, 6, 0], ["old", 0, 6, 0]]
    assert ["lent", 1, 4, 0] in [row[:4] for row in rows] and "the" not in [row[0] for row in rows]
    # bits by hand: log2 of (6.5 / 0.5) / (0.5 / 4.5)
    assert rows[0][4] == pytest.approx(np.log2(13 * 9))


def test_of_one_group_nothing_tells() -> None:
    assert telling([RIVER, MONEY], np.zeros(2, int), set()) == []
