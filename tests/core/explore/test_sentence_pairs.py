"""Pairs of sentences: every kind is what it says it is."""

import pytest

from core.corpus import Corpus
from core.explore.sentence_pairs import sentence_pairs


def story(name: str, count: int = 12) -> str:
    return " ".join(f"The {name} went on to place number {i} today." for i in range(count))


@pytest.fixture(scope="module")
def pairs():
    return sentence_pairs(Corpus.from_texts([story(name) for name in ("king", "queen", "tailor")]), 10, 3)


def number(sentence: str) -> int:
    return int(sentence.split()[7])


def test_the_second_follows_the_first_and_reversed_it_does_not(pairs):
    assert len(pairs["follows"]) == 10
    assert all(a.split()[1] == b.split()[1] and number(b) == number(a) + 1 for a, b in pairs["follows"])
    assert pairs["swapped"] == [(b, a) for a, b in pairs["follows"]]


def test_the_others_are_of_the_same_and_of_another_document(pairs):
    assert all(a.split()[1] == b.split()[1] and abs(number(a) - number(b)) > 2 for a, b in pairs["document"])
    assert all(a.split()[1] != b.split()[1] for a, b in pairs["elsewhere"])


def test_sentences_are_as_they_are_written():
    text = ' He said: "Come in, good man!"  “No, I will not come in,” she cried loudly.\nAnd then they all went home. '
    found = sentence_pairs(Corpus.from_texts([text]), 9)
    assert sorted(found) == ["follows", "swapped"]
    assert {a for a, _b in found["follows"]} == {
        'He said: "Come in, good man!"',
        "“No, I will not come in,” she cried loudly.",
    }


def test_the_same_seed_draws_the_same_pairs():
    corpus = Corpus.from_texts([story("king", 60)])
    assert sentence_pairs(corpus, 5, 1) == sentence_pairs(corpus, 5, 1) != sentence_pairs(corpus, 5, 2)


@pytest.mark.parametrize("texts", [["One sentence of several words alone."], ["Short. Too short.", "No. Yes."]])
def test_without_two_sentences_there_are_none(texts):
    assert sentence_pairs(Corpus.from_texts(texts), 5) == {}
