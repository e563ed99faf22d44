"""Occurrences as what can be compared: their places, neighbours and labels, worked by hand; and a fair sample."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.senses import find, sampled
from core.problem import Problem


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    texts = ["We sat. The Bank of the river, steep, gave way.", "A bank lends.", "Riverbanks flood."]
    return Corpus.from_texts(texts, labels=["river", "money", "river"], tokenizer="words", lowercase=True)


def test_an_occurrence_knows_its_sentence_its_form_and_its_neighbours(corpus: Corpus) -> None:
    first, second = find(corpus, "bank").frame.to_dict("records")
    assert first["sentence"] == "The Bank of the river, steep, gave way."
    assert (first["first"], first["last"], first["form"], first["capital"]) == (4, 8, "Bank", True)
    assert (first["left"], first["right"], first["label"]) == ("the", "of", "river")
    assert (second["document"], second["begin"], second["right"], second["label"]) == (1, 2, "lends", "money")


def test_a_string_is_found_inside_longer_words(corpus: Corpus) -> None:
    last = find(corpus, "bank", mode="text").frame.iloc[-1]
    assert (last["form"], last["left"], last["right"], last["begin"]) == ("bank", "river", "s", 5)


def test_an_absent_word_is_a_problem(corpus: Corpus) -> None:
    with pytest.raises(Problem, match="does not occur"):
        find(corpus, "zebra")
    with pytest.raises(Problem, match="not 0"):
        find(corpus, "bank", 0)


def test_a_sample_is_drawn_by_the_square_root_of_each_pattern() -> None:
    strata = np.repeat([0, 1, 2], [6400, 100, 1])
    chosen = sampled(strata, 90, seed=3)
    assert np.array_equal(chosen, np.unique(chosen)) and np.array_equal(chosen, sampled(strata, 90, seed=3))
    counts = np.bincount(strata[chosen])
    assert abs(counts[0] - 80) <= 2 and abs(counts[1] - 10) <= 2


def test_all_are_taken_where_they_are_few() -> None:
    assert sampled(np.zeros(5, int), 5).tolist() == [0, 1, 2, 3, 4]
