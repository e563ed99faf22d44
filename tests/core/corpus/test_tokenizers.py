"""The tokenisers for short texts, which must agree with those for a whole corpus."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from core.corpus import Corpus, Vocab, passes, tokenise
from core.corpus.chinese import chinese, dictionary_words
from core.corpus.tokenizers import TOKENIZERS, Tokenization, tokenize
from core.problem import Problem
from tests.core.corpus import reference
from tests.core.corpus.making import made

SETTINGS: list[dict[str, Any]] = [
    *({"tokenizer": name} for name in TOKENIZERS),
    *({"tokenizer": "pieces", "pieces": name, "pieces_size": 150} for name in ("wordpiece", "unigram")),
    {"phrases": True, "phrase_threshold": 0.5},
    {"stop_words": "The we’re 我 ', is"},
    {"phrases": True, "phrase_threshold": 0.5, "stop_words": "york of"},
    {"tokenizer": "chinese", "dictionary": "京 清华\n来到北京 3 n\nNew York\nC++", "stop_words": "我 hello"},
    {"tokenizer": "chinese", "dictionary": "北京 清", "phrases": True, "phrase_threshold": 0.5},
    {"tokenizer": "characters", "stop_words": "e ， '"},
    {"tokenizer": "pieces", "pieces_size": 150, "stop_words": "say the"},
]
TEXTS = [
    "Don’t say “naïve” cafe\u0301s, İSTANBUL! ΟΔΟΣ 3.5. We’re in C++. ",
    "我来到北京 清华大学 hello\r\n world。我是New York人。",
    "",
    "New York is big. Is New York? “The York of new York!” says Mr. York.\nNew York\n\n" * 9,
    *(reference.random_text(seed, 500) for seed in range(6)),
    "\n. \u0301 ' ’’ a\u200d \u200db",
]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: "-".join(map(str, settings.values()))[:60])
@pytest.mark.parametrize("lowercase", [True, False])
def test_a_vocabulary_tokenises_as_the_corpus_did(settings: dict[str, Any], lowercase: bool) -> None:
    corpus = made(TEXTS, lowercase=lowercase, **settings)
    words = corpus.vocab.words
    for text, first, last in zip(corpus.documents, corpus.offsets, corpus.offsets[1:]):
        tokens = [words[i] for i in corpus.tokens[first:last]]
        assert corpus.vocab.tokenize(text) == tokens
        assert corpus.vocab.spans(text) == list(zip(tokens, corpus.starts[first:last].tolist()))
    assert np.bincount(corpus.tokens).tolist() == corpus.vocab.counts.tolist() and 0 in corpus.sentences


@pytest.mark.parametrize("settings", SETTINGS[:4] + SETTINGS[7:9], ids=str)
def test_small_blocks_and_parts_change_nothing(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text * 5 for text in TEXTS]
    whole = made(texts, **settings)
    monkeypatch.setattr(tokenise, "BLOCK", 1500)
    monkeypatch.setattr(passes, "PART", 11)
    cut = made(texts, **settings)
    assert cut.vocab.words == whole.vocab.words
    for name in ("tokens", "starts", "offsets", "sentences"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name))


def test_all_of_a_tokenisation_comes_back_from_json() -> None:
    for settings in SETTINGS:
        how = made(TEXTS, **settings).vocab.tokenization
        assert Tokenization.from_dict(json.loads(json.dumps(how.to_dict()))) == how


def test_stop_words_are_dropped_in_every_spelling() -> None:
    corpus = made(["The cat. the DON’T dog", "THE the", "the end"], stop_words="the don't")
    assert corpus.vocab.words == ["cat", "dog", "end"] and corpus.starts.tolist() == [4, 19, 4]
    assert corpus.offsets.tolist() == [0, 2, 2, 3] and corpus.sentences.tolist() == [0, 1, 2]


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "pieces"])
def test_nothing_but_stop_words_is_a_problem(tokenizer: str) -> None:
    with pytest.raises(Problem, match="Nothing is left but stop words"):
        made(["the the of"], tokenizer=tokenizer, stop_words="of The")


def test_words_of_a_dictionary_stay_whole() -> None:
    plain = Tokenization("chinese").tokenize("林黛玉与贾宝玉在大观园，C++和New York")
    kept = Tokenization("chinese", dictionary=("林黛玉与贾", "黛玉", "New York", "观园")).spans(
        "林黛玉与贾宝玉在大观园，C++和New York"
    )
    assert "林黛玉与贾" not in plain and [word for word, _ in kept][0] == "林黛玉与贾"
    assert ("观园", 9) in kept and ("new york", 16) in kept


def test_the_longest_word_of_a_dictionary_wins() -> None:
    how = Tokenization("chinese", dictionary=("北京", "北京大学", "学生"))
    assert how.tokenize("北京大学生在北京") == ["北京大学", "生", "在", "北京"]


def test_a_dictionary_is_read_in_jiebas_form_too() -> None:
    assert dictionary_words(" 云计算 5 n\n\n李小福 2\nNew York\r\n云计算\n") == ("云计算", "李小福", "New York")


def test_words_by_example() -> None:
    text = "Don't e-mail l’eau: 3.5 x² 'quoted' rock'n'roll"
    assert tokenize(text, "words", True) == [
        "don't", "e", "mail", "l'eau", "3", "5", "x²", "quoted", "rock'n'roll"
    ]  # fmt: skip


def test_chinese_words_keep_their_places_and_drop_punctuation() -> None:
    text = "我来到北京，清华大学。"
    found = chinese(text)
    assert [word for word, _ in found] == ["我", "来到", "北京", "清华大学"]
    assert all(text[start:].startswith(word) for word, start in found)


def test_characters_join_white_space() -> None:
    assert tokenize("A  b\t\n c", "characters", False) == ["A", " ", "b", "\n", "c"]


def test_an_unknown_tokeniser_is_a_problem() -> None:
    with pytest.raises(Problem, match="choose one of words, chinese, characters"):
        Vocab(["a"], [1], tokenizer="pieces of eight")


def test_opening_and_tokenising_needs_nothing_heavy(tmp_path) -> None:
    Corpus.from_texts(["the cat sat"], folder=tmp_path / "c", labels=["x"])
    code = (
        "import sys; from core.corpus import Corpus; import core.corpus.reading, core.corpus.preview; "
        f"c = Corpus.open({str(tmp_path / 'c')!r}); assert c.vocab.tokenize('The cat') == ['the', 'cat']; c.split(); "
        "print(*{'numba', 'rjieba', 'tokenizers', 'pandas', 'pyarrow', 'charset_normalizer', 'torch'}"
        " & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_many_chinese_documents_are_numbered_together(monkeypatch) -> None:
    """A pass over all types for each document would take the square of their number."""
    from core.corpus.tables import ChineseTable

    calls, number = [], ChineseTable._words
    monkeypatch.setattr(ChineseTable, "_words", lambda *given: calls.append(1) or number(*given))
    texts = ["猫喜欢鱼。", "", "狗喜欢猫！狗也喜欢鱼。"] * 200
    corpus = Corpus.from_texts(texts, tokenizer="chinese")
    assert len(calls) == 1 and np.diff(corpus.offsets).tolist() == [3, 0, 7] * 200
    starts = corpus.starts[:10].tolist()
    assert [texts[0][i] for i in starts[:3]] == ["猫", "喜", "鱼"] and starts[3] == 0
    assert corpus.sentences[:4].tolist() == [0, 3, 6, 10]
