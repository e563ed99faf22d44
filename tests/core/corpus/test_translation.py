"""A second column in another language: a corpus of its own, a document for each document."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.preview import preview
from core.corpus.roles import guess_translation
from core.corpus.settings import ReadSettings
from core.problem import Problem

ROWS = "en\tzh\tfrom\nThe cat sleeps.\t猫在睡觉。\ta\nA dog eats.\t\tb\nThe cat eats the fish.\t猫吃鱼。\tc\n"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "pairs.tsv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "pairs.tsv"


@pytest.fixture
def pairs(file, tmp_path) -> Corpus:
    return Corpus.from_files([file], text_column="en", translation_column="zh", folder=tmp_path / "corpus")


def test_the_translation_is_a_corpus_aligned_by_document(pairs):
    other = pairs.translation
    assert list(other.documents) == ["猫在睡觉。", "", "猫吃鱼。"] and len(other.documents) == len(pairs.documents)
    assert np.diff(other.offsets).tolist()[1] == 0 and len(other.offsets) == len(pairs.offsets)
    assert (other.facts["language"], other.facts["tokenizer"]) == ("zh", "chinese")
    assert "猫" in other.vocab and "cat" not in other.vocab and isinstance(other.tokens, np.memmap)
    assert pairs.facts["translation"]["column"] == "zh" and pairs.facts["translation"]["types"] == other.types


def test_a_cut_and_an_opening_keep_it(pairs):
    assert pairs.translation.vocab.counts.min() == 1
    assert pairs.cut(2).translation.vocab.counts.min() == 2
    assert Corpus.open(pairs.folder, 2).translation.vocab.words == pairs.cut(2).translation.vocab.words


def test_it_is_part_of_the_content_address(pairs, file):
    assert Corpus.from_files([file], text_column="en", translation_column="zh").id == pairs.id
    assert Corpus.from_files([file], text_column="en").id != pairs.id
    file.write_text(ROWS.replace("吃鱼", "吃肉"), encoding="utf-8")
    assert Corpus.from_files([file], text_column="en", translation_column="zh").id != pairs.id


def test_texts_at_hand_and_the_life_of_a_temporary_corpus():
    other = Corpus.from_texts(["one cat", "two dogs"], translations=["un chat", "deux chiens"]).translation
    assert other.documents[1] == "deux chiens" and "chat" in other.vocab
    assert Corpus.from_texts(["one cat"]).translation is None
    with pytest.raises(Problem, match="2 texts and 1 translations"):
        Corpus.from_texts(["one", "two"], translations=["un"])


def test_cleaning_takes_both_texts_and_leaves_out_pairs_together(file):
    file.write_text("en\tzh\n<b>A</b> cat\t<i>猫</i>\nA cat\t狗\n", encoding="utf-8")
    asked = {"text_column": "en", "translation_column": "zh", "strip_tags": True, "drop_duplicates": True}
    corpus = Corpus.from_files([file], **asked)
    assert [text.strip() for text in corpus.documents] == ["A cat"]
    assert [text.strip() for text in corpus.translation.documents] == ["猫"]


@pytest.mark.parametrize("column, said", [("fr", "no column fr"), ("empty", "empty is empty")])
def test_a_column_that_is_not_there_or_empty_is_a_sentence(file, column, said):
    file.write_text("en\tzh\tempty\nA cat\t猫\t\n", encoding="utf-8")
    with pytest.raises(Problem, match=said):
        Corpus.from_files([file], text_column="en", translation_column=column)


@pytest.mark.parametrize(
    "columns, text, expected",
    [
        (["en", "zh", "from"], "en", "zh"), (["zh-CN", "en"], "zh-CN", "en"), (["text", "译文"], "text", "译文"),
        (["source", "target"], "source", "target"), (["text", "target"], "text", None), (["text", "en"], "text", None),
    ],
)  # fmt: skip
def test_the_column_is_guessed_by_its_name(columns, text, expected):
    assert guess_translation(columns, text) == expected


def test_a_look_proposes_it(file):
    assert preview([file], ReadSettings())["files"][0]["translation_column"] == "zh"
