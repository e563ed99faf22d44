"""The vocabulary: ids, near words, encoding, saving."""

import json

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.corpus.tokenizers import Tokenization
from core.problem import Problem


@pytest.fixture
def vocab() -> Vocab:
    return Corpus.from_texts(["the cat and the dog and the garden saw a Garnet"]).vocab


def test_most_frequent_first_and_ties_in_order_of_appearance(vocab: Vocab) -> None:
    assert vocab.words == ["the", "and", "cat", "dog", "garden", "saw", "a", "garnet"]
    assert vocab.counts.tolist() == [3, 2, 1, 1, 1, 1, 1, 1] and len(vocab) == 8 and vocab.tokens == 11


def test_index_folds_case_as_the_corpus_did(vocab: Vocab) -> None:
    assert vocab.index("The") == 0 and "CAT" in vocab and vocab.get("bird") is None
    kept = Vocab(["Apple", "apple"], [2, 1], lowercase=False)
    assert kept.index("apple") == 1 and "APPLE" not in kept


def test_an_unknown_word_names_near_ones(vocab: Vocab) -> None:
    with pytest.raises(Problem, match="gardn is not in the vocabulary; did you mean garden"):
        vocab.index("gardn")
    assert vocab.near("gardn")[0] == "garden" and vocab.near("") == [] and vocab.near("qqqq") == []


def test_encode_gives_v_for_what_is_not_kept(vocab: Vocab) -> None:
    ids = vocab.encode(["the", "bird", "Dog"])
    assert ids.dtype == np.int32 and ids.tolist() == [0, len(vocab), 3]


def test_saving_and_loading_keeps_everything(tmp_path) -> None:
    vocab = Corpus.from_texts(["a a b\n你 <s> \n"], tokenizer="characters", language="xx").vocab
    vocab.save(tmp_path)
    again = Vocab.load(tmp_path)
    assert vars(again).keys() >= {"words", "counts"} and again.words == vocab.words
    assert again.counts.tolist() == vocab.counts.tolist() and again.counts.dtype == np.int64
    same = ("tokens", "tokenizer", "lowercase", "language", "min_count")
    assert [getattr(again, name) for name in same] == [getattr(vocab, name) for name in same]


def test_a_file_from_before_tokenisation_had_more_to_it_loads(tmp_path) -> None:
    old = {"words": ["the"], "counts": [2], "tokens": 3, "tokenizer": "chinese", "lowercase": False, "language": "zh",
           "min_count": 2}  # fmt: skip
    (tmp_path / "vocab.json").write_text(json.dumps(old))
    vocab = Vocab.load(tmp_path)
    assert vocab.tokenization == Tokenization("chinese", False) and vocab.tokenize("The 书") == ["The", "书"]
    vocab.save(tmp_path)
    assert json.loads((tmp_path / "vocab.json").read_text()) == old


def test_saving_keeps_how_text_is_tokenised(tmp_path) -> None:
    how = Tokenization("chinese", dictionary=("来到北京",), phrases=(("我", "来到北京"),), stop_words=("书",))
    Vocab(["我_来到北京"], [1], tokenization=how).save(tmp_path)
    again = Vocab.load(tmp_path)
    assert again.tokenization == how and again.tokenize("我来到北京，书") == ["我_来到北京"]
