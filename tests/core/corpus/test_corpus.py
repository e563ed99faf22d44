"""A corpus on disk."""

import json

import numpy as np
import pytest

from core.corpus import Corpus
from core.problem import Problem

TEXTS = ["The cat sat.", "A dog and the cat ran.", "Nothing"]


def test_a_worked_example() -> None:
    corpus = Corpus.from_texts(TEXTS)
    assert corpus.vocab.words == ["the", "cat", "sat", "a", "dog", "and", "ran", "nothing"]
    assert corpus.tokens.tolist() == [0, 1, 2, 3, 4, 5, 0, 1, 6, 7] and corpus.tokens.dtype == np.int32
    assert corpus.offsets.tolist() == [0, 3, 9, 10] and corpus.offsets.dtype == np.int64
    assert corpus.starts.tolist() == [0, 4, 8, 0, 2, 6, 10, 14, 18, 0] and corpus.starts.dtype == np.uint32
    assert corpus.sentences.tolist() == [0, 3, 9] and corpus.types == 8


def test_documents_are_read_as_they_were_written() -> None:
    texts = ["Ünï 你好 🙂", "", "b\r\nc", "\ufeffd"]
    corpus = Corpus.from_texts(texts)
    assert list(corpus.documents) == texts and corpus.documents[-1] == texts[-1] and corpus.documents[1:3] == texts[1:3]
    with pytest.raises(IndexError):
        corpus.documents[4]


def test_facts_count_what_is_there() -> None:
    facts = Corpus.from_texts(["naïve text"], language="xx").facts
    expected = {"documents": 1, "tokens": 2, "types": 2, "language": "xx", "tokenizer": "words", "lowercase": True,
                "characters": 10, "bytes": 11}  # fmt: skip
    assert expected.items() <= facts.items()


def test_labels_and_table() -> None:
    corpus = Corpus.from_texts(TEXTS, labels=["x", "y", "x"])
    assert corpus.labels == ["x", "y", "x"] and corpus.table["label"].tolist() == corpus.labels
    plain = Corpus.from_texts(TEXTS)
    assert plain.labels is None and len(plain.table) == 3


def test_min_count_is_a_cut() -> None:
    corpus = Corpus.from_texts(TEXTS)
    cut = corpus.cut(2)
    assert cut.vocab.words == ["the", "cat"] and cut.vocab.tokens == 10 and cut.id == corpus.id
    assert (cut.tokens >= len(cut.vocab)).sum() == 6 and len(corpus.vocab) == 8 and cut.vocab.min_count == 2


def test_an_emptied_vocabulary_names_the_min_count_to_use(tmp_path) -> None:
    corpus = Corpus.from_texts(TEXTS)
    with pytest.raises(Problem, match=r"most frequent one occurs 2 times.*at most 2 .*2: 2, 1: 8"):
        corpus.cut(3)
    with pytest.raises(Problem, match="at most 2"):
        Corpus.from_texts(TEXTS, min_count=5, folder=tmp_path / "c")
    assert not list(tmp_path.iterdir())


def test_opening_again_gives_the_same(tmp_path) -> None:
    made = Corpus.from_texts(TEXTS, folder=tmp_path / "c", min_count=2)
    opened = Corpus.open(tmp_path / "c")
    assert opened.id == made.id and opened.vocab.words == made.vocab.words == ["the", "cat"]
    assert len(Corpus.open(tmp_path / "c", 1).vocab) == 8 and isinstance(opened.tokens, np.memmap)


def test_the_id_is_that_of_text_and_tokenisation(tmp_path) -> None:
    same = {Corpus.from_texts(TEXTS).id, Corpus.from_texts(TEXTS, min_count=2).id}
    other = [{"tokenizer": "characters"}, {"lowercase": False}, {"labels": ["a", "b", "c"]}, {"language": "de"}]
    ids = [Corpus.from_texts(TEXTS, **change).id for change in other]
    assert len(same) == 1 and len({*same, *ids, Corpus.from_texts([TEXTS[0] + TEXTS[1], TEXTS[2]]).id}) == 6


def test_a_temporary_corpus_goes_with_its_last_user() -> None:
    corpus = Corpus.from_texts(TEXTS)
    folder, cut = corpus.folder, corpus.cut(2)
    del corpus
    assert folder.exists() and cut.vocab.words
    del cut
    assert not folder.exists()


@pytest.mark.parametrize("texts", [[], [""], [" \n ", ""], ["... !"]])
def test_no_words_is_a_problem(texts: list[str]) -> None:
    with pytest.raises(Problem, match="choose a file with text in it"):
        Corpus.from_texts(texts)


def test_one_text_in_place_of_a_list_is_a_problem() -> None:
    with pytest.raises(Problem, match="put it in a list"):
        Corpus.from_texts("a text")
    with pytest.raises(Problem, match="Text 1 is no string but int"):
        Corpus.from_texts(["a", 5])
    with pytest.raises(Problem, match="3 texts and 1 labels"):
        Corpus.from_texts(TEXTS, labels=["x"])


def test_a_folder_without_a_corpus_is_a_problem(tmp_path) -> None:
    with pytest.raises(Problem, match="holds no corpus"):
        Corpus.open(tmp_path)
    (tmp_path / "corpus.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(Problem, match="another version"):
        Corpus.open(tmp_path)


def test_a_folder_in_use_is_not_written_over(tmp_path) -> None:
    Corpus.from_texts(TEXTS, folder=tmp_path / "c")
    with pytest.raises(Problem, match="exists already"):
        Corpus.from_texts(["other"], folder=tmp_path / "c")
    assert Corpus.open(tmp_path / "c").documents[2] == "Nothing"


def test_lone_surrogates_become_a_mark() -> None:
    corpus = Corpus.from_texts(["a\ud800b \ud83d\ude00 c"])
    assert corpus.documents[0] == "a\ufffdb 😀 c" and corpus.vocab.words == ["a", "b", "c"]
