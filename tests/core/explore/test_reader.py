"""A document to read: nothing of it is lost, and every word is where the corpus says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.explore import reader
from core.explore.query import parse
from core.explore.reader import find_in, read
from core.problem import Problem
from tests.core.corpus.reference import random_text


def pages(corpus: Corpus, document: int, size: int) -> list[reader.Page]:
    """All pages of a document, one after the other."""
    made = [read(corpus, document, 0, size)]
    while made[-1].last < made[-1].length:
        made.append(read(corpus, document, made[-1].last, made[-1].last + size))
    return made


def test_a_worked_example():
    corpus = Corpus.from_texts(["x", "“The cat,” the\nman"])
    runs = read(corpus, 1, weights={"THE": 2.0, "cat": -1.0, "none": 9.0}).runs
    assert runs["text"].tolist() == ["“", "The", " ", "cat", ",” ", "the", "\n", "man"]
    assert runs["start"].tolist() == [0, 1, 4, 5, 8, 11, 14, 15] and runs["position"].tolist() == [
        -1,
        1,
        -1,
        2,
        -1,
        3,
        -1,
        4,
    ]
    assert runs["weight"].fillna(0).tolist() == [0, 2, 0, -1, 0, 2, 0, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.sampled_from(["words", "characters", "chinese"]), st.booleans())
def test_the_runs_are_the_text(seed, size, tokenizer, lowercase):
    corpus = Corpus.from_texts(["one 王", random_text(seed, 60), "end"], tokenizer=tokenizer, lowercase=lowercase)
    made = pages(corpus, 1, size)
    assert "".join(text for page in made for text in page.runs["text"]) == corpus.documents[1]
    tokens = [int(p) for page in made for p in page.runs["position"] if p >= 0]
    assert tokens == list(range(corpus.offsets[1], corpus.offsets[2]))
    starts = [int(s) for page in made for s, p in zip(page.runs["start"], page.runs["position"]) if p >= 0]
    assert starts == corpus.starts[corpus.offsets[1] : corpus.offsets[2]].tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["words", "chinese"]), st.booleans())
def test_a_word_reads_as_it_is_counted(seed, tokenizer, lowercase):
    corpus = Corpus.from_texts([random_text(seed, 60), "end"], tokenizer=tokenizer, lowercase=lowercase)
    runs = read(corpus, 0).runs
    words = runs[runs["type"] >= 0]
    for text, kind in zip(words["text"], words["type"]):
        assert "".join(corpus.vocab.tokenize(text)) == corpus.index.word(kind)


def test_weights_of_the_vocabulary_alone():
    corpus = Corpus.from_texts(["b a b c"], min_count=2)
    runs = read(corpus, 0, weights=np.array([0.5])).runs
    assert runs[runs["type"] >= 0]["weight"].fillna(-1).tolist() == [0.5, -1, 0.5, -1]


def test_a_page_is_of_limited_length_and_ends_with_a_word():
    corpus = Corpus.from_texts(["ab " * 20_000, "x" * 100_000])
    page = read(corpus, 0)
    assert (page.first, page.last, page.length) == (0, 20_000, 60_000) and read(corpus, 0, 0, 19).last == 20
    assert read(corpus, 0, 5, 1 << 40).last == 20_006
    assert read(corpus, 0, 59_999).runs["text"].tolist() == [" "] and len(read(corpus, 0, 70_000).runs) == 0
    assert "".join(text for page in pages(corpus, 1, 10**6) for text in page.runs["text"]) == "x" * 100_000


def test_a_query_in_a_document():
    corpus = Corpus.from_texts(["the cat", "A cat, the Cat\nsat. Cats"])
    found = find_in(corpus, 1, "cat")
    assert found.total == 2 and found.table["begin"].tolist() == [2, 11] and found.table["end"].tolist() == [5, 14]
    assert find_in(corpus, 1, "cat sat").table[["begin", "end", "length"]].values.tolist() == [[11, 18, 2]]
    text = find_in(corpus, 1, parse(corpus, "at", "text"), first=5)
    assert text.total == 4 and text.table["begin"].tolist() == [12, 16, 21]
    assert len(find_in(corpus, 1, "cat", limit=1).table) == 1 and find_in(corpus, 0, "sat").total == 0


@pytest.mark.parametrize("ask", [lambda c: read(c, 2), lambda c: read(c, -1), lambda c: find_in(c, 9, "a")])
def test_a_document_that_there_is_not(ask):
    with pytest.raises(Problem, match="There is no document"):
        ask(Corpus.from_texts(["a", "b"]))


def test_an_empty_document():
    page = read(Corpus.from_texts(["", "a"]), 0)
    assert (page.last, page.length, len(page.runs)) == (0, 0, 0)


JOINED = "New York, the new\nYork. He saw New-York walking in the rain; walking, raining. " * 30


@pytest.mark.parametrize(
    "settings, shown",
    [
        ({"phrases": True, "phrase_threshold": 1.0}, {"new_york": {"New York", "New-York"}}),
        ({"stop_words": "the in new"}, {"walking": {"walking"}, "york": {"York"}}),
    ],
)
def test_how_other_tokens_stand_in_the_text(tmp_path, settings, shown):
    (tmp_path / "a.txt").write_text(JOINED)
    corpus = Corpus.from_files(tmp_path / "a.txt", **settings)
    runs = pd.concat([page.runs for page in pages(corpus, 0, 500)])
    assert "".join(runs["text"]) == JOINED
    for word, spellings in shown.items():
        kind = corpus.index.find(word)
        assert kind is not None
        assert set(runs.loc[runs["type"] == kind, "text"]) == spellings


def test_pieces_of_words_in_the_text(tmp_path):
    stems = [a + b + c for a in "bdfgklmprst" for b in "aeiou" for c in "bdgklmnprt"]
    text = ", ".join(stem + ending for stem in stems for ending in ("ING", "ed"))
    (tmp_path / "a.txt").write_text(text)
    corpus = Corpus.from_files(tmp_path / "a.txt", tokenizer="pieces", pieces_size=150)
    runs = read(corpus, 0).runs
    assert "".join(runs["text"]) == text[: len("".join(runs["text"]))]
    kinds = [corpus.index.word(kind) for kind in runs["type"] if kind >= 0]
    assert [text.lower() for text in runs[runs["type"] >= 0]["text"]] == [kind.removeprefix("##") for kind in kinds]
    assert "##bing" in kinds and find_in(corpus, 0, "baking").total == 1
