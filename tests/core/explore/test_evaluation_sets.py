"""Test sets in the formats that people have them in."""

from pathlib import Path

import pytest

from core.explore.evaluation_published import FIGURES, GOOGLE, method_of, published
from core.explore.evaluation_sets import read_set
from core.problem import Problem

SETS = Path(__file__).parents[3] / "assets" / "evaluation"
PAIRS = [("tiger", "cat"), ("book", "paper"), ("New York", "city")]


@pytest.mark.parametrize("text", [
    "tiger\tcat\t7.35\nbook\tpaper\t7.46\nNew York\tcity\t6\n",
    "# remark\nWord 1,Word 2,Human (mean)\ntiger,cat,7.35\nbook,paper,7.46\nNew York,city,6\n",
    '\ufeffword1;word2;score\r\ntiger;cat;7.35\r\nbook;paper;7.46\r\n"New York";city;6\r\n',
    "word1\tword2\tPOS\tSimLex999\tconc\ntiger\tcat\tN\t7.35\t1\nbook\tpaper\tN\t7,46\t2\nNew York\tcity\tN\t6\t3\n",
])  # fmt: skip
def test_pairs_with_a_score(text):
    found = read_set(text)
    assert (found.kind, found.rows, found.scores, found.wrong) == ("similarity", PAIRS, [7.35, 7.46, 6.0], [])


def test_pairs_with_blanks_and_a_line_that_is_none():
    found = read_set("tiger cat 7.35\nlonely\nbook paper 7.46 1 2 3\n")
    assert found.rows == PAIRS[:2] and found.wrong == [2]


def test_analogies_in_sections():
    found = read_set(
        ": capitals\nAthens Greece Oslo Norway\nfour words are too few no\n: family\nking\tqueen\tman\twoman\n"
    )
    assert found.kind == "analogies" and found.rows == [
        ("Athens", "Greece", "Oslo", "Norway"),
        ("king", "queen", "man", "woman"),
    ]
    assert found.groups == ["capitals", "family"] and found.wrong == [3]


@pytest.mark.parametrize("text", [
    "word,category\ndog,animal\nrose,plant\ncat,animal\n", ",category,word\n0,animal,dog\n1,plant,rose\n2,animal,cat\n",
    "dog\tanimal\nrose\tplant\ncat\tanimal\n", "animal\tdog\nplant\trose\nanimal\tcat\nanimal\tdog\n",
])  # fmt: skip
def test_categories_in_columns(text):
    found = read_set(text)
    assert found.kind == "categories" and found.rows == [("dog",), ("rose",), ("cat",)]
    assert found.groups == ["animal", "plant", "animal"]


def test_categories_as_lists():
    found = read_set("动物：狗 猫、马\nplants: rose, oak\n")
    assert found.rows == [("狗",), ("猫",), ("马",), ("rose",), ("oak",)] and found.groups[3:] == ["plants", "plants"]


@pytest.mark.parametrize(("text", "says"), [
    ("", "it is empty"), ("# only a remark", "it is empty"), ("tiger cat 7\n", "has 1 questions that can be read"),
    ("dog,animal\ncat,animal\n", "of one kind"), ("x" * (8 << 20) + "y", "the limit is"),
])  # fmt: skip
def test_what_is_no_test_set_is_a_sentence(text, says):
    with pytest.raises(Problem, match=says):
        read_set(text)


def test_a_kind_that_is_chosen_holds():
    assert read_set("a b c 1\nd e f 2\n", "analogies").rows == [("a", "b", "c", "1"), ("d", "e", "f", "2")]
    assert read_set("a b c 1\nd e f 2\n").kind == "similarity"


@pytest.mark.parametrize(("name", "kind", "rows", "groups"), [
    ("en-wordsim353.tsv", "similarity", 353, 0), ("en-wordsim353-sim.tsv", "similarity", 203, 0),
    ("en-wordsim353-rel.tsv", "similarity", 252, 0), ("en-analogies.txt", "analogies", 396, 11),
    ("zh-analogies.txt", "analogies", 288, 8), ("en-categories.csv", "categories", 96, 8),
    ("zh-categories.csv", "categories", 96, 8),
])  # fmt: skip
def test_the_sets_that_ship_are_whole(name, kind, rows, groups):
    found = read_set((SETS / name).read_text(encoding="utf-8"))
    assert (found.kind, len(found.rows), len({*found.groups}), found.wrong) == (kind, rows, groups, [])
    assert len({*found.rows}) == rows or kind == "similarity"
    assert kind != "analogies" or all(len({*row}) == 4 for row in found.rows)


def test_figures_are_found_by_set_and_method():
    assert method_of("word2vec", {"architecture": "cbow"}) == "cbow" and method_of("lsa", {}) == ""
    assert method_of("glove", {}) == "glove"
    assert method_of("glove", {"method": "svd", "transform": "log"}) == "svd of logarithms"
    [small, large] = published("en-wordsim353", set(), "skip-gram")
    assert small.tokens < large.tokens and large.value == 0.628 and published("zh-analogies", set(), "cbow") == []
    assert [one.value for one in published("own", {*GOOGLE, "more"}, "glove")] == [0.717]
    assert all(0 < one.value < 1 and one.source for one in FIGURES)
