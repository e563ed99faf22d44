"""What a person types, as patterns; where they are found, beside a search by hand."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.explore import query as queries
from core.explore import raw_text
from core.explore.matches import find, positions
from core.explore.occurrences import occurrences
from core.explore.query import parse
from core.problem import Problem

CATS = Corpus.from_texts(["The cat sat; the cats saw a Cat-food ad and/or don't.", "New York, new\nYork! a.b 3*4"])
APPLES = Corpus.from_texts(["苹果公司发布了新苹果。", "我吃苹果。他在苹果公司工作", "青苹 果子"], tokenizer="chinese")


def words(corpus: Corpus, query: str) -> list[str]:
    """Every match as its types with blanks between."""
    places, lengths = positions(corpus, query)
    kinds = (corpus.tokens[place : place + length] for place, length in zip(places, lengths))
    return [" ".join(corpus.index.word(int(kind)) for kind in some) for some in kinds]


@pytest.mark.parametrize(
    "text, found",
    [
        ("CAT", ["cat", "cat"]),
        ("cat*", ["cat", "cats", "cat"]),
        ("*at", ["cat", "sat", "cat"]),
        ("c*t", ["cat", "cat"]),
        ("/^s/", ["sat", "saw"]),
        ("/A[tw]$/", ["cat", "sat", "saw", "cat"]),
        ("sat|saw", ["sat", "saw"]),
        ("sat | /^ca.s$/", ["sat", "cats"]),
        ("the cat*", ["the cat", "the cats"]),
        ("cat-food", ["cat food"]),
        ("and/or", ["and or"]),
        ("Don’t", ["don't"]),
        ("new york", ["new york", "new york"]),
        ("the * sat|saw", ["the cat sat", "the cats saw"]),
        ("* york", ["new york", "new york"]),
        ("cat-food|the cat|ad", ["the cat", "cat food ad"]),
        ("a|zebra", ["a", "a"]),
    ],
)
def test_words_are_found_as_typed(text, found):
    assert words(CATS, text) == found


def test_a_phrase_stays_in_its_document():
    corpus = Corpus.from_texts(["one two", "", "three one", "two"])
    assert words(corpus, "one two") == ["one two"] and words(corpus, "* three") == []
    assert words(corpus, "one *") == ["one two"] and positions(corpus, "two")[0].tolist() == [1, 4]


def test_alternatives_of_several_lengths_are_found_once():
    corpus = Corpus.from_texts(["a-b c a b"])
    assert words(corpus, "a|a-b") == ["a b", "a b"] and words(corpus, "a|a-b c") == ["a b c"]


def test_chinese_is_found_as_one_word_and_as_its_words():
    assert "苹果公司" in APPLES.vocab or "公司" in APPLES.vocab
    assert [w.replace(" ", "") for w in words(APPLES, "苹果公司")] == ["苹果公司"] * 2
    assert set(words(APPLES, "苹果*")) <= {"苹果", "苹果公司"} and len(words(APPLES, "苹果*")) == 4
    by_character = Corpus.from_texts(["苹果 汁，苹果汁"], tokenizer="characters")
    assert words(by_character, "苹果汁") == ["苹 果 汁"] and words(by_character, "果 汁") == ["果   汁"]


def test_words_below_min_count_are_found():
    corpus = Corpus.from_texts(["b b b rare a a"], min_count=3)
    assert "rare" not in corpus.vocab and positions(corpus, "rare")[0].tolist() == [3]
    assert positions(corpus, "r*")[0].tolist() == [3] and positions(corpus, "rare a")[1].tolist() == [2]


def test_within_some_documents():
    corpus = Corpus.from_texts(["a b a", "a", "", "b a"])
    places, lengths = positions(corpus, "a", within=[0, 3])
    assert places.tolist() == [0, 2, 5] and lengths.tolist() == [1, 1, 1] and places.dtype == np.int64
    assert positions(corpus, "a", within=[])[0].tolist() == []


@pytest.mark.parametrize(
    "text, mode, said",
    [
        ("", "words", "Type a word"),
        (" \n ", "text", "Type a word"),
        ("|", "words", "Type a word"),
        ("x" * 201, "words", "201 characters"),
        ("catt", "words", "did you mean cat"),
        ("qqqq", "words", "qqqq does not occur"),
        ("the qqqq|qqqr", "words", "qqqq does not occur"),
        ("zz*", "words", "No word of this corpus fits"),
        ("*", "words", "would find every word"),
        ("* *", "words", "would find every word"),
        ("*|cat", "words", "would find every word"),
        ("/(/", "words", "cannot be searched for"),
        ("/(?=a)b/", "text", "cannot be searched for"),
        ("-", "words", "does not occur"),
        (" ".join(["a"] * 25), "words", "25 words; the limit is 20"),
        ("cat", "sql", "choose one of words, text"),
    ],
)
def test_what_cannot_be_searched(text, mode, said):
    with pytest.raises(Problem, match=re.escape(said)):
        parse(CATS, text, mode)


def test_a_pattern_that_fits_too_many_words(monkeypatch):
    monkeypatch.setattr(queries, "MOST_TYPES", 3)
    with pytest.raises(Problem, match="the limit is 3: type more"):
        parse(CATS, "*a*")


def test_too_many_alternatives():
    corpus = Corpus.from_texts(["a-b c-d"])
    with pytest.raises(Problem, match="the limit is 64"):
        parse(corpus, " ".join(["a|a-b"] * 7))


@pytest.mark.parametrize(
    "text, found",
    [("cat", ["cat", "cat", "Cat"]), ("T-f", ["t-f"]), ("NEW york", ["New York", "new\nYork"]), ("3*4", ["3*4"]),
     ("/[ns]aw|\\bad\\b/", ["saw", "ad"]), ("/^New.*$/", ["New York, new"]), ("/x*/", [])],
)  # fmt: skip
def test_the_text_itself(text, found):
    hits = find(CATS, parse(CATS, text, "text"))
    assert hits.characters is not None
    cut = [CATS.documents[d][begin:end] for d, (begin, end) in zip(hits.documents, hits.characters)]
    assert cut == found


def test_a_match_in_the_text_takes_up_the_words_it_touches():
    places, lengths = positions(APPLES, parse(APPLES, "果公", "text"))
    touched = ["".join(APPLES.index.word(int(k)) for k in APPLES.tokens[p : p + n]) for p, n in zip(places, lengths)]
    assert len(touched) == 2 and all("果公" in text for text in touched)
    places, lengths = positions(CATS, parse(CATS, ";", "text"))
    assert CATS.index.word(int(CATS.tokens[places[0]])) == "sat" and lengths.tolist() == [1]


TEXT = st.text("abAé王 .\n", max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=6), st.text("abé王.", min_size=1, max_size=3), st.integers(3, 40))
def test_the_text_is_searched_as_re_does(texts, needle, part):
    corpus = Corpus.from_texts([*texts, "end"])
    expected = [(d, *m.span()) for d, text in enumerate(corpus.documents)
                for m in re.finditer(re.escape(needle), text, re.IGNORECASE)]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_text, "_PART", part)
        patch.setattr(raw_text, "_LOOK", 3)
        hits = find(corpus, parse(corpus, needle, "text"))
    assert hits.characters is not None
    assert [(int(d), int(a), int(b)) for d, (a, b) in zip(hits.documents, hits.characters)] == expected
    assert occurrences(corpus, needle).total == len(expected)


def test_marks_in_the_text_are_only_characters():
    corpus = Corpus.from_texts(["a\ufdd0b\ufdd1a\ufdd2 ab"])
    hits = find(corpus, parse(corpus, "a", "text"))
    assert hits.characters is not None and hits.characters[:, 0].tolist() == [0, 4, 7]


def test_a_string_that_is_found_too_often(monkeypatch):
    monkeypatch.setattr(raw_text, "MOST_PLACES", 2)
    with pytest.raises(Problem, match="more than 2 times"):
        find(CATS, parse(CATS, "a", "text"))


def test_counts_as_a_word_inside_and_across():
    counts = occurrences(Corpus.from_texts(["Cat cats concat catcat; a c at. cat"]), "CAT")
    assert (counts.text, counts.as_word, counts.total, counts.across) == ("cat", 2, 6, 0)
    assert counts.inside[0] == ("catcat", 2) and sorted(counts.inside[1:]) == [("cats", 1), ("concat", 1)]
    assert counts.in_longer == 4 and counts.longer_words == 3
    across = occurrences(Corpus.from_texts(["new york, new  york"]), "new york")
    assert (across.as_word, across.in_longer, across.across) == (0, 0, 2)


def test_chinese_counts_add_up():
    counts = occurrences(APPLES, "苹果")
    joined = list(APPLES.documents)
    assert counts.total == sum(text.count("苹果") for text in joined) == 4
    assert counts.as_word + counts.in_longer + counts.across == 4
    assert counts.as_word == sum(APPLES.index.word(int(k)) == "苹果" for k in APPLES.tokens)


@pytest.mark.parametrize("text, said", [("", "Type a word"), ("x" * 300, "300 characters")])
def test_nothing_to_count(text, said):
    with pytest.raises(Problem, match=said):
        occurrences(CATS, text)


def test_phrases_that_are_one_token_and_stop_words(tmp_path):
    fillers = [f"word{i % 17} New York other{i % 19}. Rain at dawn." for i in range(90)]
    (tmp_path / "a.txt").write_text("\n".join(fillers))
    joined = Corpus.from_files(tmp_path / "a.txt", phrases=True, phrase_threshold=5.0)
    assert joined.index.find("new_york") is not None and joined.index.find("york") is None
    assert len(positions(joined, "New York")[0]) == len(positions(joined, "new_york")[0]) == 90
    stopped = Corpus.from_files(tmp_path / "a.txt", stop_words="at on")
    with pytest.raises(Problem, match="at does not occur"):
        parse(stopped, "rain at dawn")
    assert len(positions(stopped, "rain dawn")[0]) == 90
