"""Hidden words: which can be, how they are ranked, and where they are in an edited sentence."""

import numpy as np

from core.corpus import Corpus, Vocab
from core.explore.masking import before_after, places, same_place, standing


def test_every_word_is_a_place_as_it_is_written():
    found = places(Vocab(["the", "king"], [2, 1]), "The King's crown.")
    assert [(place.word, place.written) for place in found] == [
        ("the", "The"),
        ("king's", "King's"),
        ("crown", "crown"),
    ]


def test_the_pieces_of_a_word_are_one_place():
    corpus = Corpus.from_texts(["low lower lowest newer newest"] * 9, tokenizer="pieces", pieces_size=100)
    first, second = places(corpus.vocab, "Lownewestlow new")
    assert first.word == "lownewestlow" and first.written == "Lownewestlow" and len(first.pieces) > 1
    assert "".join(piece.removeprefix("##") for piece in first.pieces) == first.word and second.written == "new"


def test_characters_are_places_too():
    vocab = Corpus.from_texts(["国王爱女儿"], tokenizer="characters").vocab
    assert [place.written for place in places(vocab, "国王")] == ["国", "王"]


def test_the_same_place_in_an_edited_sentence():
    words = "he sat on the bank of the river".split()
    assert same_place(words, "yesterday he sat on the bank of the river".split(), 4) == 5
    assert same_place(words, "he sat on the shore of the river".split(), 4) == 4
    assert same_place(words, "he sat on the of the river".split(), 4) is None
    assert [same_place(words, words, i) for i in range(len(words))] == list(range(len(words)))


def test_rank_and_probability_of_the_true_word():
    assert standing(np.array([0.2, 0.5, 0.3]), 2) == (2, 0.3)
    assert standing(np.full(4, 0.25), 3) == (1, 0.25)


def test_before_and_after_hold_the_best_of_both():
    table = before_after(np.array([0.7, 0.2, 0.1, 0]), np.array([0.1, 0.1, 0, 0.8]), ["a", "b", "c", "d"], 2)
    assert table["word"].tolist() == ["d", "a", "b"] and table["index"].tolist() == [3, 0, 1]
    assert table["before"].tolist() == [0, 0.7, 0.2] and table["after"].tolist() == [0.8, 0.1, 0.1]
