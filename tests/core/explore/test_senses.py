"""Occurrences as what can be compared: their places, neighbours and labels, worked by hand; and a fair sample."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore import sense_facets
from core.explore.senses import facets, find, sampled
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


def test_facets_say_how_many_occurrences_each_value_has(corpus: Corpus) -> None:
    whole, found = facets(corpus, "bank", mode="text")
    assert whole == 3 and found["form"] == {"values": ["bank", "Bank"], "counts": [2, 1], "distinct": 2}
    assert found["capital"] == {"values": [False, True], "counts": [2, 1], "distinct": 2}
    assert found["document"] == {"values": [0, 1, 2], "counts": [1, 1, 1], "distinct": 3}
    assert found["column:label"] == {"values": ["river", "money"], "counts": [2, 1], "distinct": 2}
    assert found["place"]["counts"] == [0, 2, 1, *[0] * 7]


def test_a_facet_counts_what_the_other_filters_leave(corpus: Corpus) -> None:
    _, found = facets(corpus, "bank", mode="text", keep={"form": ["bank"], "column:label": ["river"]})
    assert found["form"] == {"values": ["Bank", "bank"], "counts": [1, 1], "distinct": 2}
    assert found["column:label"] == {"values": ["money", "river"], "counts": [1, 1], "distinct": 2}
    assert found["right"] == {"values": ["s"], "counts": [1], "distinct": 1}


@pytest.mark.parametrize(
    "keep, documents",
    [
        ({"form": ["Bank"]}, [0]),
        ({"capital": [False]}, [1, 2]),
        ({"left": ["the", "river"]}, [0, 2]),
        ({"right": ["lends"]}, [1]),
        ({"document": [2, 0]}, [0, 2]),
        ({"column:label": ["river"]}, [0, 2]),
        ({"label": ["money"], "form": ["Bank"]}, []),
        ({"place": [0.11, 0.2]}, [1]),
    ],
)
def test_a_filter_keeps_what_has_one_of_the_values_of_every_facet(
    corpus: Corpus, keep: dict[str, list], documents: list[int]
) -> None:
    found = find(corpus, "bank", mode="text", keep=keep)
    assert found.frame["document"].tolist() == documents
    assert (found.total, found.whole, found.documents) == (len(documents), 3, len(documents))


def test_the_sample_is_drawn_from_what_a_filter_leaves() -> None:
    corpus = Corpus.from_texts([f"{word} bank fell" for word in ["a"] * 60 + ["the"] * 30])
    found = find(corpus, "bank", 20, keep={"left": ["the"]})
    assert (len(found), found.total, found.whole) == (20, 30, 90) and {*found.frame["left"]} == {"the"}


def test_a_filter_that_the_corpus_lacks_and_one_of_too_many_are_problems(corpus: Corpus, monkeypatch) -> None:
    with pytest.raises(Problem, match="genre is no facet"):
        find(corpus, "bank", keep={"column:genre": ["novel"]})
    monkeypatch.setattr(sense_facets, "MOST_READ", 1)
    with pytest.raises(Problem, match="2 occurrences are too many"):
        find(corpus, "bank", keep={"form": ["Bank"]})
    assert len(find(corpus, "bank", keep={"form": ["Bank"], "document": [0]})) == 1
    assert "form" not in facets(corpus, "bank")[1]


def test_neighbours_of_any_number_are_facets_and_filters(corpus: Corpus, monkeypatch) -> None:
    texts = ["a bank. The bank fell, bank by bank", "bank", "of the bank of"] * 5
    many = Corpus.from_texts(texts)
    rows = find(many, "bank").frame
    monkeypatch.setattr(sense_facets, "MOST_READ", 1)
    found = facets(many, "bank", keep={"left": ["the"]})[1]
    for side in ("left", "right"):
        counts = (rows if side == "left" else rows[rows["left"] == "the"])[side].value_counts().to_dict()
        assert dict(zip(found[side]["values"], found[side]["counts"])) == counts
    assert "form" not in found and find(many, "bank", keep={"left": ["", "the"], "right": ["fell"]}).total == 5
    assert find(many, "bank", keep={"right": [""]}).frame["right"].unique().tolist() == [""]
    assert find(corpus, "bank", keep={"left": ["zebra"]}).total == 0
