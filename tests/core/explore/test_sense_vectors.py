"""The vectors of occurrences: each window read once, strings of several tokens averaged, one vector if static."""

from collections.abc import Generator, Sequence

import numpy as np
import pandas as pd
import pytest

from core.corpus import Corpus
from core.explore.sense_vectors import occurrence_vectors, parts, static_vectors, tokens_at
from core.explore.senses import find
from core.problem import Problem


class Reader:
    """Says of a token its place in the sentence and the sentence's length."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], int]] = []

    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        self.asked = [(tuple(words), place) for words, place in zip(sentences, positions)]
        yield 1.0
        return np.array([[[place, len(words)]] for words, place in self.asked], np.float32)


class Table:
    def word_vectors(self) -> np.ndarray:
        return np.arange(20, dtype=np.float32).reshape(10, 2)


def _done(steps: Generator[float, None, tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_equal_windows_are_read_once_and_short_ones_first() -> None:
    corpus = Corpus.from_texts(["The bank by the bridge fell.", "A bank.", "A bank."])
    reader = Reader()
    vectors, known, unread = _done(occurrence_vectors(reader, corpus.vocab, find(corpus, "bank").frame))
    assert [len(words) for words, _ in reader.asked] == [2, 6]
    assert vectors[:, 0].tolist() == [[1, 6], [1, 2], [1, 2]] and known.all() and not unread.any()


def test_a_string_of_several_tokens_has_their_mean() -> None:
    corpus = Corpus.from_texts(["我吃苹果。"], tokenizer="characters", language="zh")
    vectors, *_ = _done(occurrence_vectors(Reader(), corpus.vocab, find(corpus, "苹果", mode="text").frame))
    assert vectors[0, 0].tolist() == [2.5, 5]


def test_a_word_that_was_never_learned_is_said() -> None:
    corpus, other = Corpus.from_texts(["a bank fell"]), Corpus.from_texts(["a wall fell"])
    _, known, unread = _done(occurrence_vectors(Reader(), other.vocab, find(corpus, "bank").frame))
    assert known.all() and unread.all()


def test_the_tokens_that_share_a_character_are_those_meant() -> None:
    vocab = Corpus.from_texts(["old riverbanks flood"]).vocab
    assert tokens_at(vocab, "old riverbanks flood", 9, 13) == (("old", "riverbanks", "flood"), [1])


def test_letters_are_put_together_to_the_words_of_another_tokenisation() -> None:
    letters = Corpus.from_texts(["Mac吃苹果。"], tokenizer="characters", language="zh").vocab
    words = Corpus.from_texts(["Mac吃苹果。"], tokenizer="chinese", language="zh").vocab
    found = parts(letters, "Mac吃苹果。", [4, 5], words)
    assert found == [("Mac", [0, 1, 2]), ("吃", [3]), ("苹果", [4, 5]), ("。", [6])]
    assert parts(words, "Mac吃苹果", [2], letters) == [("Mac", [0]), ("吃", [1]), ("苹果", [2])]


def test_a_static_run_has_one_vector_again_and_again() -> None:
    corpus = Corpus.from_texts(["a bank fell", "the Bank lent"])
    vectors, known, _ = static_vectors(Table(), corpus.vocab, find(corpus, "bank").frame)
    assert vectors.shape == (2, 1, 2) and known.all() and (vectors[0] == vectors[1]).all()


def test_a_word_that_a_static_run_lacks_is_a_problem() -> None:
    corpus, other = Corpus.from_texts(["a bank fell"]), Corpus.from_texts(["nothing here"])
    with pytest.raises(Problem, match="not among the words"):
        static_vectors(Table(), other.vocab, find(corpus, "bank").frame)
    assert isinstance(find(corpus, "bank").frame, pd.DataFrame)
